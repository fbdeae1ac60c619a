"""The one thing to know, in plain words: the same in digest, alerts and Home tab."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.insights import wording
from bot.insights.news import Headline, SurveyNews
from bot.insights.participation_wording import participation, too_few
from bot.insights.pure.differences import Finding
from bot.insights.pure.figure_history import IN_PERCENT, RESOLUTIONS
from bot.insights.wave_results import WaveResults
from bot.insights.wording import Write, in_points, in_weeks, one_decimal, share_points
from bot.languages import DayStyle, _, _n, within_sentence, write_day, write_list, write_number
from bot.surveys.pure.names import shown_name

NAME_LIMIT: Final = 80
"""Characters of a name within a sentence."""
ALSO_SHOWN: Final = 2


def one_thing(news: SurveyNews, named: Sequence[Headline], period: str) -> str:
    """Say the one thing to know about a survey as a line of mrkdwn.

    `named` are those of its headlines that the reader may see; `period` says when, such as "this
    week", in the reader's language.
    """
    wave = news.wave
    if named:
        return f"*{headline(named[0], wave.held_on)}*"
    if wave.is_hidden:
        return too_few(wave)
    return " ".join([_nothing_named(news, period), *people_answered(wave)])


def _nothing_named(news: SurveyNews, period: str) -> str:
    """Say how much stands out, without names of groups."""
    wave = news.wave
    if news.headlines:
        return _n(
            "*One group stands out {this_week}.* HR sees which with `/pulse results`.",
            "*{count} groups stand out {this_week}.* HR sees which with `/pulse results`.",
            len(news.headlines),
        ).format(this_week=period)
    if not has_history(news) and not wave.is_company_pulse:
        return _("*These are the first figures of {survey}.*").format(
            survey=short_name(shown_name(wave.survey_name))
        )
    if news.has_changes or wave.is_company_pulse:
        return _("*Nothing stands out {this_week}.*").format(this_week=period)
    return _("*Nothing changed detectably {this_week}.*").format(this_week=period)


def people_answered(wave: WaveResults) -> list[str]:
    """Return a sentence; none for a week of the company pulse."""
    return [] if wave.is_company_pulse else [f"{participation(wave)}."]


def has_history(news: SurveyNews) -> bool:
    """Return True if any of the company's figures has an earlier one to compare with."""
    wave = news.wave
    changes = [each.change for each in (*wave.drivers, *wave.questions)]
    changes += [each.change for each in wave.strains]
    return any([*changes, *(each.change for each in wave.enps)])


def headline(told: Headline, newest: date | None = None) -> str:
    """Say one thing that stands out in a clause, with how sure it is.

    `newest` is the day of the survey's newest wave: what stood out in an earlier one says when, and
    how it is now.
    """
    day, sureness = told.held_on, _(told.found.statement.sureness)
    if newest is None or day == newest:
        return f"{_what_stands_out(told, is_latest=True)} ({sureness})"
    text = _("{what_stood_out} by {day} ({sureness})").format(
        what_stood_out=_what_stands_out(told, is_latest=False),
        day=write_day(day, DayStyle.NO_YEAR),
        sureness=sureness,
    )
    if told.latest is None:
        return text
    return _("{what_stood_out}; the latest is {latest}").format(
        what_stood_out=text, latest=_value_writer(told)(told.latest)
    )


def evidence(told: Headline) -> str:
    """Say how large a difference is likely to be, what else says the same, and what to do next."""
    statement = told.found.statement
    least, most = sorted((abs(statement.low), abs(statement.high)))
    size = wording.range_text(least, min(most, _room(told)), _size_writer(told))
    if statement.cell.measure in {*IN_PERCENT, "enps"}:
        size = in_points(size)
    if statement.weeks:
        likely = (
            _("Most likely up by {size}")
            if statement.difference > 0
            else _("Most likely down by {size}")
        )
    else:
        likely = (
            _("Most likely higher by {size}")
            if statement.difference > 0
            else _("Most likely lower by {size}")
        )
    parts = [likely.format(size=size)]
    if labels := _also(told):
        parts.append(_so_do(statement.finding).format(labels=_listed(labels)))
    return f"{'; '.join(parts)}. {_(statement.next_step)}"


def _so_do(finding: Finding) -> str:
    """Return the clause that names what says the same."""
    if finding is Finding.RISE:
        return _("{labels} rose, too")
    if finding is Finding.FAR_BELOW:
        return _("far below as well: {labels}")
    if finding is Finding.FAR_ABOVE:
        return _("far above as well: {labels}")
    if finding is Finding.THEME:
        return _("more write about {labels}, too")
    return _("{labels} fell, too")


def _room(told: Headline) -> float:
    """Return how far a number can have moved before it meets an end of its range."""
    statement = told.found.statement
    scale = RESOLUTIONS[statement.cell.measure]
    if told.before is None:
        return scale.highest - scale.lowest
    end = scale.lowest if statement.difference < 0 else scale.highest
    return abs(end - told.before)


def short_name(name: str) -> str:
    """Shorten and escape a name to stand within a sentence."""
    return wording.short_text(name, NAME_LIMIT)


def taking_part(share: float) -> str:
    """Write a share of people who answered; never that everybody did."""
    return _("nearly all") if share >= 1 else wording.percent(share)


def in_sentence(label: str) -> str:
    """Shorten and escape a label to stand within a sentence."""
    return short_name(within_sentence(_(label)))


def _what_stands_out(told: Headline, *, is_latest: bool) -> str:
    """Return a clause such as `Support's workload score fell from 6.1 to 4.2 in three weeks`.

    `is_latest` if its number is still the latest.
    """
    statement, before = told.found.statement, told.before
    write = _value_writer(told)
    now = wording.number_text(told.found.value, write)
    if not statement.weeks and before is None:
        return _("{what_stands_out}: {now}").format(what_stands_out=_clause(told), now=now)
    if not statement.weeks:
        return _("{what_stands_out}: {now} against {company}").format(
            what_stands_out=_clause(told), now=now, company=write(before or 0.0)
        )
    if before is not None:
        return _from_to(told, write(before), now)
    size = _size_writer(told)(abs(statement.difference))
    if statement.cell.measure in {*IN_PERCENT, "enps"}:
        size = in_points(size)
    size = _("{size} {in_weeks}").format(size=size, in_weeks=in_weeks(statement.weeks))
    if statement.finding is Finding.THEME:
        return _("{more_write}: {now} of the writers, up {size}").format(
            more_write=_clause(told), now=now, size=size
        )
    changed = _by(told, size)
    if is_latest:
        return _("{what_changed}; the latest is {now}").format(what_changed=changed, now=now)
    return _("{what_changed}; it was {then}").format(what_changed=changed, then=now)


def _from_to(told: Headline, before: str, now: str) -> str:
    """Say what changed, from what to what."""
    statement = told.found.statement
    weeks = in_weeks(statement.weeks)
    if statement.finding is Finding.PARTICIPATION:
        return _("{fewer_answer}: down from {before} to {now} {in_weeks}").format(
            fewer_answer=_clause(told), before=before, now=now, in_weeks=weeks
        )
    if statement.finding is Finding.STRAIN:
        return _("{more_feel_strain}: up from {before} to {now} {in_weeks}").format(
            more_feel_strain=_clause(told), before=before, now=now, in_weeks=weeks
        )
    text = (
        _("{subject} rose from {before} to {now} {in_weeks}")
        if statement.finding is Finding.RISE
        else _("{subject} fell from {before} to {now} {in_weeks}")
    )
    return text.format(subject=_subject(told), before=before, now=now, in_weeks=weeks)


def _by(told: Headline, size: str) -> str:
    """Say what changed, and by how much in how many weeks."""
    finding = told.found.statement.finding
    if finding is Finding.PARTICIPATION:
        return _("{fewer_answer}: down {size}").format(fewer_answer=_clause(told), size=size)
    if finding is Finding.STRAIN:
        return _("{more_feel_strain}: up {size}").format(more_feel_strain=_clause(told), size=size)
    text = (
        _("{subject} rose by {size}") if finding is Finding.RISE else _("{subject} fell by {size}")
    )
    return text.format(subject=_subject(told), size=size)


def _clause(told: Headline) -> str:
    """Return subject and verb, such as `Support's workload score is far below the company's`."""
    statement = told.found.statement
    group = wording.group_text(statement.cell.segment_ref, NAME_LIMIT)
    if statement.finding is Finding.THEME:
        return _("More people write about {theme}").format(theme=in_sentence(told.found.label))
    if statement.finding is Finding.PARTICIPATION:
        if not group:
            return _("Fewer people answer")
        return _("Fewer people in {group} answer").format(group=group)
    if statement.cell.measure == "strain":
        return wording.strained(statement.finding, group, _(told.found.label))
    text = {
        Finding.FALL: _("{subject} fell"),
        Finding.RISE: _("{subject} rose"),
        Finding.FAR_BELOW: _("{subject} is far below the company's"),
        Finding.FAR_ABOVE: _("{subject} is far above the company's"),
    }[statement.finding]
    return text.format(subject=_subject(told))


def _subject(told: Headline) -> str:
    """Name a score, and whose it is, at the beginning of a sentence."""
    cell, label = told.found.statement.cell, told.found.label
    group = wording.group_text(cell.segment_ref, NAME_LIMIT)
    if cell.measure == "question":
        question = wording.label_text(label, NAME_LIMIT)
        if not group:
            return _("The score of “{question}”").format(question=question)
        return _("The score of “{question}” in {group}").format(question=question, group=group)
    if cell.measure == "enps":
        return _whose("eNPS", group) if group else "eNPS"
    driver = in_sentence(label)
    if not group:
        return wording.capitalised(_("{driver} score").format(driver=driver))
    return _whose(_("{driver} score").format(driver=driver), group)


def _whose(score: str, group: str) -> str:
    if group.endswith("s"):
        return _("{group}' {score}").format(group=group, score=score)
    return _("{group}'s {score}").format(group=group, score=score)


def _value_writer(told: Headline) -> Write:
    measure = told.found.statement.cell.measure
    if measure in IN_PERCENT:
        return taking_part if measure == "participation" else wording.percent
    return wording.signed if measure == "enps" else one_decimal


def _size_writer(told: Headline) -> Write:
    """Return how a difference is written, without its unit."""
    measure = told.found.statement.cell.measure
    if measure in IN_PERCENT:
        return share_points
    return write_number if measure == "enps" else one_decimal


def _also(told: Headline) -> Sequence[str]:
    """Name what says the same; a driver's questions say nothing more than the driver."""
    statement = told.found.statement
    labelled = list(zip(statement.also, told.found.also, strict=False))
    names_driver = any(cell.measure == "driver" for cell in (statement.cell, *statement.also))
    return [
        f"“{wording.label_text(label, NAME_LIMIT)}”"
        if cell.measure == "question"
        else in_sentence(label)
        for cell, label in labelled
        if not (names_driver and cell.measure == "question")
    ]


def _listed(names: Sequence[str]) -> str:
    if len(names) > ALSO_SHOWN:
        more = len(names) - ALSO_SHOWN
        names = [*names[:ALSO_SHOWN], _n("{count} more", "{count} more", more)]
    return joined(names)


def joined(names: Sequence[str]) -> str:
    """Join names as in a sentence: `pay, growth and meetings`."""
    return write_list(names)
