"""Block Kit for a person's own data and for erasing it."""

from collections.abc import Sequence
from typing import Final

from bot.blockkit.blocks import Block, View, actions, button, modal, section, sections
from bot.errors import OutdatedError
from bot.languages import _, marked
from bot.rights.record_blocks import RECORD, RECORD_TITLE, STORED

NOTE: Final = "rights:note"
FORGET_FORM: Final = "rights:forget"
RETURN_FORM: Final = "rights:return"

WHAT_YOU_CAN_DO: Final = (
    marked("`/pulse my-data` shows and sends you everything that Attune holds about you"),
    marked("`/pulse forget-me` erases it, and tells you first what that means"),
)
ON_ITS_WAY: Final = marked(
    "What you answered and wrote appears in the window that I opened. A file with the rest will be "
    "in our direct messages in a moment."
)
NOT_SENT: Final = marked(
    "I could not send your data just now. Please try `/pulse my-data` again in a few minutes."
)
YOUR_DATA: Final = marked(
    "Here is everything that Attune holds about you, in JSON, which people and programs can read. "
    "What you answered and wrote is not in it, because Slack keeps files: `/pulse my-data` shows "
    "you that in a window. The file also says what cannot be tied to you, and why. Nobody else was "
    "sent it."
)

WHAT_IS_ERASED: Final = (
    marked(
        "Attune's directory entry of you: name, e-mail, team, department, location, manager, "
        "start date and time zone. Only your Slack id stays, marked “do not contact”, because "
        "without that mark the next sync with Slack would bring the rest back"
    ),
    marked(
        "your answers to surveys that are open now, and the list of surveys that you were asked in "
        "(I keep that for 90 days after each survey anyway)"
    ),
    marked(
        "your answers to the company pulse that wait for others of your team, and which questions "
        "it asked you"
    ),
    marked("your name on answers to surveys that were not anonymous"),
    marked("your conversations with HR under your name, with HR's answers in them"),
    marked("where you said “same for me”, unless it is decided: then I have forgotten it already"),
    marked("if you are new here: who was told of your first day, and the search for your buddy"),
    marked(
        "what Attune knows of the messages it sent you, what you asked colleagues through me, your "
        "roles, and your mentoring profile and ratings"
    ),
    marked("what was in your way and whom you asked, and your place where you helped others"),
    marked("your goals with all you said of them, your learning time, and what you noted of it"),
    marked(
        "questions that you asked with your name, your answers, and answers of yours kept for "
        "others"
    ),
    marked(
        "your Slack id where others have it: as their manager or buddy, in their coffee groups, on "
        "messages to them, as the one who listens, on what you look after or decided for HR, and "
        "among those with whom somebody does not want to be paired"
    ),
)
WHAT_STAYS: Final = (
    marked(
        "Published figures that your answers went into, and comments that HR can read. Nobody can "
        "tell which are yours. Answers to anonymous surveys are deleted when results are "
        "published. Answers to named surveys and comments on them stay, without your name"
    ),
    marked(
        "Your Slack id in the record of who did what with Attune. The record lets everybody check "
        "on HR, so nothing in it may ever be changed"
    ),
    marked(
        "Your Slack id, without your name, on surveys, digests and alerts that you made for your "
        "company, and on surveys that ask the people below you; and on mentoring matches, which "
        "are the other person's, too"
    ),
    marked(
        "Your Slack id among those whom a survey asked, if it has closed and its results are not "
        "out yet: for an hour or so"
    ),
    marked(
        "What you wrote to HR anonymously: nobody can tell that it is yours, Attune included. The "
        "button in our messages withdraws it"
    ),
    marked(
        "Questions that you asked without your name: I can't tell which are yours, and delete all "
        "after 90 days. And a question of yours, without your name, where a colleague's answer to "
        "it is kept for others"
    ),
    marked(
        "What others wrote, even where it names you, and the messages in Slack: they are not mine"
    ),
)
WHAT_STAYS_OF_OWNER: Final = marked(
    "Your Slack id as workspace owner, which Slack tells me again every day"
)
AFTERWARDS: Final = marked(
    "Attune will not write to you any more. If you change your mind later, `/pulse forget-me` "
    "lets you come back."
)


def note_view(title: str, blocks: Sequence[Block]) -> View:
    """Return a modal that only shows something to read."""
    return modal(title, blocks, callback_id=NOTE)


def privacy_home_blocks() -> list[Block]:
    """Return the part of the Home tab about the person's data and the public record."""
    return [
        *sections([f"• {_(line)}" for line in WHAT_YOU_CAN_DO], _("*Your data*")),
        actions(
            [button(_(RECORD_TITLE), RECORD), button(_("What is stored about an answer"), STORED)]
        ),
    ]


def forget_view(*, is_owner: bool) -> View:
    """Return the form that explains erasing; one line more for the workspace's owner."""
    erased = [_("• {line}.").format(line=_(line)) for line in WHAT_IS_ERASED]
    stays = [_("• {line}.").format(line=_(line)) for line in WHAT_STAYS]
    if is_owner:
        stays.append(_("• {line}.").format(line=_(WHAT_STAYS_OF_OWNER)))
    then = [_(AFTERWARDS), _("`/pulse my-data` shows what there is now.")]
    return modal(
        _("Forget me"),
        [
            *sections(erased, _("*What I will erase, at once*")),
            *sections(stays, _("*What stays, and why*")),
            *sections([" ".join(then)], _("*What happens then*")),
        ],
        callback_id=FORGET_FORM,
        submit=_("Erase my data"),
        close=_("Keep it"),
    )


def erasing_view() -> View:
    """Say that erasing is in progress."""
    return modal(
        _("Forget me"),
        [
            section(
                _(
                    "I am erasing your data now. This window says so when it is done, usually "
                    "within a few seconds. If it doesn't, or if you close it, `/pulse forget-me` "
                    "tells you whether it is done and lets you try again."
                )
            )
        ],
        callback_id=NOTE,
    )


def not_forgotten_view() -> View:
    """Say that erasing failed, and what to do."""
    return modal(
        _("Forget me"),
        [
            section(
                _(
                    "I couldn't erase your data just now, and nothing has changed. Please run "
                    "`/pulse forget-me` again in a few minutes."
                )
            )
        ],
        callback_id=NOTE,
    )


def forgotten_view() -> View:
    """Say that erasing is done."""
    return modal(
        _("Forget me"),
        [section(" ".join([_("Done: it is erased."), _(AFTERWARDS)]))],
        callback_id=NOTE,
    )


def return_view() -> View:
    """Return the form for a person who was forgotten and wants to come back."""
    return modal(
        _("Come back"),
        [
            section(
                _(
                    "You asked me to forget you, and I did. I keep your Slack id, marked “do not "
                    "contact”, so that I leave you alone.\n\nWould you like to take part again? "
                    "Then I remove the mark, and your name and time zone come from Slack again "
                    "within a day. What was erased stays erased."
                )
            )
        ],
        callback_id=RETURN_FORM,
        submit=_("Take part again"),
        close=_("Not now"),
    )


def returned_view() -> View:
    """Say that the person takes part again."""
    return modal(
        _("Come back"),
        [
            section(
                _(
                    "Welcome back. Within a day I know you again from Slack's directory, and the "
                    "next survey will ask you too."
                )
            )
        ],
        callback_id=NOTE,
    )


def page_in(value: str) -> int:
    """Return the page from a button's value; raise OutdatedError if it is malformed."""
    if not value.isdecimal():
        raise OutdatedError
    return int(value)
