"""Block Kit for the public record, and for what is stored about an answer."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.blockkit.blocks import Block, actions, button, context, section, sections
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
from bot.surveys.pure.names import shown_name

RECORD: Final = "rights:record"
RECORD_PAGE: Final = "rights:record_page"
"""Prefix of the ids of the two paging buttons."""
STORED: Final = "rights:stored"

RECORD_TITLE: Final = marked("Who looked at figures")
STORED_TITLE: Final = marked("What is stored")
CHANNELS_SHOWN: Final = 20
ACTS_SHOWN: Final = 20
REASON_LIMIT: Final = 600


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
        survey = f"*{wording.short_text(shown_name(look.survey_name), wording.NAME_LIMIT)}*"
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
            "• {day}: {person} moved {count} person between teams with an import",
            "• {day}: {person} moved {count} people between teams with an import",
            act.moved,
        ).format(day=day, person=person)
    survey = f"*{wording.short_text(shown_name(act.survey_name), wording.NAME_LIMIT)}*"
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
