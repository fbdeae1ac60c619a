"""Block Kit for the public record, for what is stored about an answer, and for erasing."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.blockkit.blocks import Block, View, actions, button, context, modal, section, sections
from bot.blockkit.text import mention, plural
from bot.errors import OutdatedError
from bot.insights import wording
from bot.insights.export.service import EXPORTED
from bot.pulse.column_meanings import StoredTable
from bot.rights.look_pages import ALL_FIGURES, WRITTEN_TO_HR, Look, LookPage, PageStart
from bot.rights.public_record import (
    PERSON_EXPORTED,
    PERSON_FORGOTTEN,
    RECORD_DAYS,
    EarlyEnd,
    OperatorAct,
    PeopleMoved,
    PublicRecord,
    SurveyMade,
)
from bot.surveys.audience_words import audience_words

RECORD: Final = "rights:record"
RECORD_PAGE: Final = "rights:record_page"
"""Prefix of the ids of the two paging buttons."""
STORED: Final = "rights:stored"
NOTE: Final = "rights:note"
FORGET_FORM: Final = "rights:forget"
RETURN_FORM: Final = "rights:return"

RECORD_TITLE: Final = "Who looked at figures"
STORED_TITLE: Final = "What is stored"
CHANNELS_SHOWN: Final = 20
ACTS_SHOWN: Final = 20
REASON_LIMIT: Final = 600

WHAT_YOU_CAN_DO: Final = (
    "`/pulse my-data` shows and sends you everything that Attune holds about you",
    "`/pulse forget-me` erases it, and tells you first what that means",
)
ON_ITS_WAY: Final = (
    "What you answered and wrote appears in the window that I opened. A file with the rest will be "
    "in our direct messages in a moment."
)
NOT_SENT: Final = (
    "I could not send your data just now. Please try `/pulse my-data` again in a few minutes."
)
YOUR_DATA: Final = (
    "Here is everything that Attune holds about you, in JSON, which people and programs can read. "
    "What you answered and wrote is not in it, because Slack keeps files: `/pulse my-data` shows "
    "you that in a window. The file also says what cannot be tied to you, and why. Nobody else was "
    "sent it."
)

WHAT_IS_ERASED: Final = (
    (
        "Attune's directory entry of you: name, e-mail, team, department, location, manager, "
        "start date and time zone. Only your Slack id stays, marked “do not contact”, because "
        "without that mark the next sync with Slack would bring the rest back"
    ),
    (
        "your answers to surveys that are open now, and the list of surveys that you were asked in "
        "(I keep that for 90 days after each survey anyway)"
    ),
    (
        "your answers to the company pulse that wait for others of your team, and which questions "
        "it asked you"
    ),
    "your name on answers to surveys that were not anonymous",
    "your conversations with HR under your name, with HR's answers in them",
    "where you said “same for me”, unless it is decided: then I have forgotten it already",
    "if you are new here: who was told of your first day, and the search for your buddy",
    (
        "what Attune knows of the messages it sent you, what you asked colleagues through me, your "
        "roles, and your mentoring profile and ratings"
    ),
    "what was in your way and whom you asked, and your place where you helped others",
    "your goals with all you said of them, your learning time, and what you noted of it",
    "questions that you asked with your name, your answers, and answers of yours kept for others",
    (
        "your Slack id where others have it: as their manager or buddy, in their coffee groups, on "
        "messages to them, as the one who listens, on what you look after or decided for HR, and "
        "among those with whom somebody does not want to be paired"
    ),
)
WHAT_STAYS: Final = (
    (
        "Published figures that your answers went into, and comments that HR can read. Nobody can "
        "tell which are yours. Answers to anonymous surveys are deleted when results are "
        "published. Answers to named surveys and comments on them stay, without your name"
    ),
    (
        "Your Slack id in the record of who did what with Attune. The record lets everybody check "
        "on HR, so nothing in it may ever be changed"
    ),
    (
        "Your Slack id, without your name, on surveys, digests and alerts that you made for your "
        "company, and on surveys that ask the people below you; and on mentoring matches, which "
        "are the other person's, too"
    ),
    (
        "Your Slack id among those whom a survey asked, if it has closed and its results are not "
        "out yet: for an hour or so"
    ),
    (
        "What you wrote to HR anonymously: nobody can tell that it is yours, Attune included. The "
        "button in our messages withdraws it"
    ),
    (
        "Questions that you asked without your name: I can't tell which are yours, and delete all "
        "after 90 days. And a question of yours, without your name, where a colleague's answer to "
        "it is kept for others"
    ),
    "What others wrote, even where it names you, and the messages in Slack: they are not mine",
)
WHAT_STAYS_OF_OWNER: Final = (
    "Your Slack id as workspace owner, which Slack tells me again every day"
)
AFTERWARDS: Final = (
    "Attune will not write to you any more. If you change your mind later, `/pulse forget-me` "
    "lets you come back."
)


def record_blocks(record: PublicRecord) -> list[Block]:
    """Return a page of the public record; everybody sees the same."""
    heading = f"*{RECORD_TITLE}* (the last {RECORD_DAYS} days)"
    lines = [_look_line(look) for look in record.page.looks] or ["Nobody has."]
    return [
        *sections(lines, heading),
        context(_refusals(record.refused), _digests(record)),
        *_of_surveys(record.surveys),
        *_by_operator(record.by_operator),
        actions([*_page_turners(record.page), button("What is stored about an answer", STORED)]),
    ]


def stored_blocks(tables: Sequence[StoredTable]) -> list[Block]:
    """Return every column that is stored about an answer, with its meaning."""
    blocks = [
        section(
            "*Exactly what is stored about an answer*\nThese are all columns of all tables that "
            "hold something of it, read from the database just now. None of them is a name, an "
            "e-mail or a time of day; who is asked is kept apart, and not whether they answered. "
            "Only a survey that is not anonymous, and says so, also keeps whose answers they are. "
            "The last two tables are about conversations with HR."
        )
    ]
    for table in tables:
        lines = [f"• `{name}` {meaning}" for name, meaning in table.columns]
        blocks += sections(lines, f"*{table.heading}*")
    return [*blocks, actions([button(RECORD_TITLE, RECORD)])]


def note_view(title: str, blocks: Sequence[Block]) -> View:
    """Return a modal that only shows something to read."""
    return modal(title, blocks, callback_id=NOTE)


def privacy_home_blocks() -> list[Block]:
    """Return the part of the Home tab about the person's data and the public record."""
    return [
        *sections([f"• {line}" for line in WHAT_YOU_CAN_DO], "*Your data*"),
        actions([button(RECORD_TITLE, RECORD), button("What is stored about an answer", STORED)]),
    ]


def forget_view(*, is_owner: bool) -> View:
    """Return the form that explains erasing; one line more for the workspace's owner."""
    stays = [*WHAT_STAYS, WHAT_STAYS_OF_OWNER] if is_owner else WHAT_STAYS
    return modal(
        "Forget me",
        [
            *sections([f"• {line}." for line in WHAT_IS_ERASED], "*What I will erase, at once*"),
            *sections([f"• {line}." for line in stays], "*What stays, and why*"),
            section(f"*What happens then*\n{AFTERWARDS} `/pulse my-data` shows what there is now."),
        ],
        callback_id=FORGET_FORM,
        submit="Erase my data",
        close="Keep it",
    )


def erasing_view() -> View:
    """Say that erasing is in progress."""
    return modal(
        "Forget me",
        [
            section(
                "I am erasing your data now. This window says so when it is done, usually within a "
                "few seconds. If it doesn't, or if you close it, `/pulse forget-me` tells you "
                "whether it is done and lets you try again."
            )
        ],
        callback_id=NOTE,
    )


def not_forgotten_view() -> View:
    """Say that erasing failed, and what to do."""
    return modal(
        "Forget me",
        [
            section(
                "I couldn't erase your data just now, and nothing has changed. Please run "
                "`/pulse forget-me` again in a few minutes."
            )
        ],
        callback_id=NOTE,
    )


def forgotten_view() -> View:
    """Say that erasing is done."""
    return modal("Forget me", [section(f"Done: it is erased. {AFTERWARDS}")], callback_id=NOTE)


def return_view() -> View:
    """Return the form for a person who was forgotten and wants to come back."""
    return modal(
        "Come back",
        [
            section(
                "You asked me to forget you, and I did. I keep your Slack id, marked “do not "
                "contact”, so that I leave you alone.\n\nWould you like to take part again? Then I "
                "remove the mark, and your name and time zone come from Slack again within a day. "
                "What was erased stays erased."
            )
        ],
        callback_id=RETURN_FORM,
        submit="Take part again",
        close="Not now",
    )


def returned_view() -> View:
    """Say that the person takes part again."""
    return modal(
        "Come back",
        [
            section(
                "Welcome back. Within a day I know you again from Slack's directory, and the next "
                "survey will ask you too."
            )
        ],
        callback_id=NOTE,
    )


def page_in(value: str) -> int:
    """Return the page from a button's value; raise OutdatedError if it is malformed."""
    if not value.isdecimal():
        raise OutdatedError
    return int(value)


def start_in(value: str) -> PageStart:
    """Return a page's start from a button's value; raise OutdatedError if it is malformed."""
    day, _, skipped = value.partition(".")
    try:
        return PageStart(date.fromisoformat(day), int(skipped))
    except ValueError:
        raise OutdatedError from None


def _look_line(look: Look) -> str:
    of = " of their own team" if look.as_manager else ""
    where = look.of or "a survey"
    if look.survey_name:
        where = f"*{wording.short_text(look.survey_name, wording.NAME_LIMIT)}*"
    held = f", held {look.held_on.day} {look.held_on:%b %Y}" if look.held_on else ""
    times = f" ({look.times:,} times)" if look.times > 1 else ""
    of_what = "" if look.seen in (WRITTEN_TO_HR, ALL_FIGURES) else f"{of} in {where}{held}"
    day = f"{look.day.day} {look.day:%b}"
    return f"• {day}: {mention(look.person_id)} looked at {look.seen}{of_what}{times}"


def _of_surveys(acts: Sequence[SurveyMade | EarlyEnd | PeopleMoved]) -> list[Block]:
    """List the surveys that HR created or ended early, and its imports."""
    if not acts:
        return []
    lines = [_survey_line(act) for act in acts[:ACTS_SHOWN]]
    if len(acts) > ACTS_SHOWN:
        lines.append(f"And {len(acts) - ACTS_SHOWN} more, earlier.")
    return sections(lines, "*What HR did*")


def _survey_line(act: SurveyMade | EarlyEnd | PeopleMoved) -> str:
    if isinstance(act, PeopleMoved):
        people = plural(act.moved, "person", "people")
        day = f"{act.day.day} {act.day:%b}"
        return (
            f"• {day}: {mention(act.person_id)} imported a file that moved {people} between teams"
        )
    survey = f"*{wording.short_text(act.survey_name, wording.NAME_LIMIT)}*"
    actor = f"• {act.day.day} {act.day:%b}: {mention(act.person_id)}"
    if isinstance(act, SurveyMade):
        people = "" if act.people is None else f", {plural(act.people, 'person', 'people')}"
        made = f"{actor} created {survey} for {audience_words(act.audience)}{people}"
        if not act.undecided:
            return made
        why = wording.short_text(act.despite, REASON_LIMIT)
        return f"{made}, though {act.undecided} waited for a decision: “{why}”"
    if act.at_least is None:
        return f"{actor} ended {survey} early; it closes when everybody has had a day to answer"
    if not act.at_least:
        return f"{actor} ended {survey} early: too few of {act.invited:,} people answered"
    answered = wording.of_invited(act.at_least, act.invited)
    return f"{actor} ended {survey} early: {answered} people answered"


def _by_operator(acts: Sequence[OperatorAct]) -> list[Block]:
    """List the operator's acts, without the people concerned: only they are told."""
    if not acts:
        return [context("The operator of Attune's server exported and erased nobody's data.")]
    lines = [_act_line(act) for act in acts[:ACTS_SHOWN]]
    if len(acts) > ACTS_SHOWN:
        lines.append(f"And {len(acts) - ACTS_SHOWN} more, earlier.")
    hint = "Was it your data? `/pulse my-data` lists all that was done with it."
    return [*sections(lines, "*What the operator of Attune's server did*"), context(hint)]


def _act_line(act: OperatorAct) -> str:
    day = f"{act.day.day} {act.day:%b}"
    times = f" ({act.times:,} times)" if act.times > 1 else ""
    if act.action == PERSON_EXPORTED:
        return f"• {day}: exported what is held about somebody{times}"
    if act.action == PERSON_FORGOTTEN:
        return f"• {day}: erased what is held about somebody{times}"
    if act.action == EXPORTED:
        return f"• {day}: exported all published figures{times}"
    if act.moved is not None:
        people = plural(act.moved, "person", "people")
        return f"• {day}: imported a file that moved {people} between teams{times}"
    return (
        f"• {day}: changed the smallest group that figures are shown for from {act.before} to "
        f"{act.after} people, in surveys asked after that{times}"
    )


def _refusals(refused: int) -> str:
    if not refused:
        return "Nobody else tried to look."
    people = plural(refused, "attempt", "attempts")
    return (
        f"{people} by people without the right to look {'was' if refused == 1 else 'were'} refused."
    )


def _digests(record: PublicRecord) -> str:
    channels = record.digest_channels
    if not channels:
        return "No channel gets a digest or alerts."
    shown = ", ".join(f"<#{channel}>" for channel in channels[:CHANNELS_SHOWN])
    more = len(channels) - CHANNELS_SHOWN
    rest = f" and {plural(more, 'other channel')}" if more > 0 else ""
    text = f"Everybody in {shown}{rest} sees published figures in digests or alerts."
    if record.quotes_comments:
        text += " A digest quotes up to two comments, masked and without their authors."
    return text


def _page_turners(page: LookPage) -> list[Block]:
    return [
        button(
            label,
            f"{RECORD_PAGE}:{label.lower()}",
            f"{start.day.isoformat()}.{start.skipped}",
        )
        for label, start in (("Newer", page.newer), ("Older", page.older))
        if start
    ]
