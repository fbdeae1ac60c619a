"""Block Kit for the public record, for what is stored about an answer, and for erasing."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.blockkit.blocks import Block, View, actions, button, context, modal, section, sections
from bot.blockkit.text import mention
from bot.errors import OutdatedError
from bot.insights import wording
from bot.insights.export.service import EXPORTED
from bot.languages import DayStyle, _, _n, marked, plural, write_day, write_number
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

RECORD_TITLE: Final = marked("Who looked at figures")
STORED_TITLE: Final = marked("What is stored")
CHANNELS_SHOWN: Final = 20
ACTS_SHOWN: Final = 20
REASON_LIMIT: Final = 600

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


def record_blocks(record: PublicRecord) -> list[Block]:
    """Return a page of the public record; everybody sees the same."""
    heading = _("*{title}* (the last {days} days)").format(title=_(RECORD_TITLE), days=RECORD_DAYS)
    lines = [_look_line(look) for look in record.page.looks] or [_("Nobody has.")]
    return [
        *sections(lines, heading),
        context(_refusals(record.refused), _digests(record)),
        *_of_surveys(record.surveys),
        *_by_operator(record.by_operator),
        actions([*_page_turners(record.page), button(_("What is stored about an answer"), STORED)]),
    ]


def stored_blocks(tables: Sequence[StoredTable]) -> list[Block]:
    """Return every column that is stored about an answer, with its meaning."""
    blocks = [
        section(
            _(
                "*Exactly what is stored about an answer*\nThese are all columns of all tables "
                "that hold something of it, read from the database just now. None of them is a "
                "name, an e-mail or a time of day; who is asked is kept apart, and not whether "
                "they answered. Only a survey that is not anonymous, and says so, also keeps whose "
                "answers they are. The last two tables are about conversations with HR."
            )
        )
    ]
    for table in tables:
        lines = [f"• `{name}` {_(meaning)}" for name, meaning in table.columns]
        blocks += sections(lines, f"*{_(table.heading)}*")
    return [*blocks, actions([button(_(RECORD_TITLE), RECORD)])]


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


def start_in(value: str) -> PageStart:
    """Return a page's start from a button's value; raise OutdatedError if it is malformed."""
    day, _dot, skipped = value.partition(".")
    try:
        return PageStart(date.fromisoformat(day), int(skipped))
    except ValueError:
        raise OutdatedError from None


def _look_line(look: Look) -> str:
    day, person, seen = _day(look.day), mention(look.person_id), _(look.seen)
    if look.seen in (WRITTEN_TO_HR, ALL_FIGURES):
        line = _("• {day}: {person} looked at {seen}").format(day=day, person=person, seen=seen)
    elif look.as_manager:
        line = _("• {day}: {person} looked at {seen} of their own team in {survey}").format(
            day=day, person=person, seen=seen, survey=_looked_into(look)
        )
    else:
        line = _("• {day}: {person} looked at {seen} in {survey}").format(
            day=day, person=person, seen=seen, survey=_looked_into(look)
        )
    return _with_times(line, look.times)


def _looked_into(look: Look) -> str:
    survey = _(look.of) if look.of else _("a survey")
    if look.survey_name:
        survey = f"*{wording.short_text(look.survey_name, wording.NAME_LIMIT)}*"
    if not look.held_on:
        return survey
    held_on = write_day(look.held_on, DayStyle.SHORT)
    return _("{survey}, held {held_on}").format(survey=survey, held_on=held_on)


def _with_times(line: str, times: int) -> str:
    if times <= 1:
        return line
    return _n("{line} ({count} time)", "{line} ({count} times)", times).format(line=line)


def _day(day: date) -> str:
    return write_day(day, DayStyle.SHORT_NO_YEAR)


def _of_surveys(acts: Sequence[SurveyMade | EarlyEnd | PeopleMoved]) -> list[Block]:
    """List the surveys that HR created or ended early, and its imports."""
    if not acts:
        return []
    lines = [_survey_line(act) for act in acts[:ACTS_SHOWN]]
    if len(acts) > ACTS_SHOWN:
        more = len(acts) - ACTS_SHOWN
        lines.append(_("And {more} more, earlier.").format(more=more))
    return sections(lines, _("*What HR did*"))


def _survey_line(act: SurveyMade | EarlyEnd | PeopleMoved) -> str:
    day, person = _day(act.day), mention(act.person_id)
    if isinstance(act, PeopleMoved):
        return _n(
            "• {day}: {person} imported a file that moved {count} person between teams",
            "• {day}: {person} imported a file that moved {count} people between teams",
            act.moved,
        ).format(day=day, person=person)
    survey = f"*{wording.short_text(act.survey_name, wording.NAME_LIMIT)}*"
    if isinstance(act, SurveyMade):
        audience = audience_words(act.audience)
        if act.people is not None:
            people = plural(act.people, "person", "people")
            audience = _("{audience}, {people}").format(audience=audience, people=people)
        made = _("• {day}: {person} created {survey} for {audience}").format(
            day=day, person=person, survey=survey, audience=audience
        )
        if not act.undecided:
            return made
        why = wording.short_text(act.despite, REASON_LIMIT)
        return _("{made}, though {undecided} waited for a decision: “{why}”").format(
            made=made, undecided=act.undecided, why=why
        )
    if act.at_least is None:
        return _(
            "• {day}: {person} ended {survey} early; it closes when everybody has had a day to "
            "answer"
        ).format(day=day, person=person, survey=survey)
    if not act.at_least:
        invited = write_number(act.invited)
        return _(
            "• {day}: {person} ended {survey} early: too few of {invited} people answered"
        ).format(day=day, person=person, survey=survey, invited=invited)
    answered = wording.of_invited(act.at_least, act.invited)
    return _("• {day}: {person} ended {survey} early: {answered} people answered").format(
        day=day, person=person, survey=survey, answered=answered
    )


def _by_operator(acts: Sequence[OperatorAct]) -> list[Block]:
    """List the operator's acts, without the people concerned: only they are told."""
    if not acts:
        return [context(_("The operator of Attune's server exported and erased nobody's data."))]
    lines = [_act_line(act) for act in acts[:ACTS_SHOWN]]
    if len(acts) > ACTS_SHOWN:
        more = len(acts) - ACTS_SHOWN
        lines.append(_("And {more} more, earlier.").format(more=more))
    hint = _("Was it your data? `/pulse my-data` lists all that was done with it.")
    return [*sections(lines, _("*What the operator of Attune's server did*")), context(hint)]


def _act_line(act: OperatorAct) -> str:
    return _with_times(_act(act), act.times)


def _act(act: OperatorAct) -> str:
    day = _day(act.day)
    if act.action == PERSON_EXPORTED:
        return _("• {day}: exported what is held about somebody").format(day=day)
    if act.action == PERSON_FORGOTTEN:
        return _("• {day}: erased what is held about somebody").format(day=day)
    if act.action == EXPORTED:
        return _("• {day}: exported all published figures").format(day=day)
    if act.moved is not None:
        return _n(
            "• {day}: imported a file that moved {count} person between teams",
            "• {day}: imported a file that moved {count} people between teams",
            act.moved,
        ).format(day=day)
    return _(
        "• {day}: changed the smallest group that figures are shown for from {before} to {after} "
        "people, in surveys asked after that"
    ).format(day=day, before=act.before, after=act.after)


def _refusals(refused: int) -> str:
    if not refused:
        return _("Nobody else tried to look.")
    return _n(
        "{count} attempt by people without the right to look was refused.",
        "{count} attempts by people without the right to look were refused.",
        refused,
    )


def _digests(record: PublicRecord) -> str:
    channels = record.digest_channels
    if not channels:
        return _("No channel gets a digest or alerts.")
    shown = ", ".join(f"<#{channel}>" for channel in channels[:CHANNELS_SHOWN])
    more = len(channels) - CHANNELS_SHOWN
    if more > 0:
        shown = _n(
            "{channels} and {count} other channel", "{channels} and {count} other channels", more
        ).format(channels=shown)
    said = [
        _("Everybody in {channels} sees published figures in digests or alerts.").format(
            channels=shown
        )
    ]
    if record.quotes_comments:
        said.append(_("A digest quotes up to two comments, masked and without their authors."))
    return " ".join(said)


def _page_turners(page: LookPage) -> list[Block]:
    return [
        button(
            label,
            f"{RECORD_PAGE}:{label.lower()}",
            f"{start.day.isoformat()}.{start.skipped}",
        )
        for label, start in ((_("Newer"), page.newer), (_("Older"), page.older))
        if start
    ]
