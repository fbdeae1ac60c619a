"""The digest in words: one thing to know, then what stands out, and what the figures are."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from bot.blockkit.text import escape, local_time, plural
from bot.digest.service import Digest
from bot.insights import wording
from bot.insights.headlines import (
    evidence,
    has_history,
    headline,
    joined,
    one_thing,
    people_answered,
    short_name,
    taking_part,
    within_sentence,
)
from bot.insights.news import Headline, SurveyNews
from bot.insights.pure.change import CellChange
from bot.insights.running_wording import running_line
from bot.insights.strain_wording import POINTS, points
from bot.insights.wave_results import PublishedNumber, Strain, ThemeResult, WaveResults
from bot.surveys.pure.schedule import when_asked

SCORES_SHOWN: Final = 6
THEMES_SHOWN: Final = 3
DATE: Final = "{date}"
SCALE: Final = "Scores go from 0 (bad) to 10 (good)."
ARROWS: Final = "▲ and ▼ mark changes that chance hardly explains."
STEPS: Final = "Counts and figures come in steps, so that nobody's answer can be worked out."


def digest_lines(digest: Digest, limit: int) -> list[str]:
    """Return a digest as lines of mrkdwn: at most `limit`, the one thing to know first."""
    if not digest.news:
        lines = [_nothing(digest), *digest.months]
        return [*lines, *_open_now(digest, limit - len(lines))]
    first, *others = digest.news
    period = "this month" if digest.is_monthly else "this week"
    lines = survey_lines(first, period, names_groups=digest.names_groups)
    if not digest.is_monthly:
        lines += _open_now(digest, 1)
    lines += digest.months[: limit - len(lines)]
    return [*lines, *_others(digest, others, limit - len(lines))]


def survey_lines(news: SurveyNews, period: str, *, names_groups: bool = True) -> list[str]:
    """Return at most ten lines of mrkdwn about one survey, the one thing to know first."""
    named = _named(news, names_groups=names_groups)
    lines = [one_thing(news, named, period)]
    if named:
        lines.append(evidence(named[0]))
    wave = news.wave
    lines += [f"*{headline(each, wave.held_on)}*. {evidence(each)}" for each in named[1:]]
    lines.append(_about(wave, news.shares, says_people=bool(named)))
    if not wave.is_hidden:
        lines += [*_scores(wave), *_caution(news), *_comments(wave)]
        lines += [f"> “{escape(quote)}”" for quote in news.quotes]
    return lines


def notes(wave: WaveResults) -> list[str]:
    """Return how to read a survey's figures, and where there is more."""
    parts = []
    if wave.drivers or wave.questions:
        parts.append(SCALE)
    parts += [each.limits for each in wave.strains[:1] if each.limits]
    if any(_is_detectable(change) for change in _changes(wave)):
        parts.append(ARROWS)
    if wave.anonymous and not wave.is_hidden:
        parts.append(STEPS)
    more = "More: `/pulse results` has all figures, `/pulse comments` what people wrote."
    return [*([" ".join(parts)] if parts else []), more]


def _nothing(digest: Digest) -> str:
    text = "There are no new results this time."
    if digest.running:
        return f"{text} What is open now comes in a later digest."
    if digest.coming:
        when = when_asked(digest.coming.held_on, digest.coming.ask_at)
        return f"{text} Next, *{short_name(digest.coming.name)}* opens {when}."
    return f"{text} No survey is planned; HR can start one with `/pulse new`."


def _named(news: SurveyNews, *, names_groups: bool) -> Sequence[Headline]:
    """Return the headlines that the reader may see."""
    return [each for each in news.headlines if names_groups or not each.is_of_group]


def _about(wave: WaveResults, shares: Sequence[float], *, says_people: bool) -> str:
    """Name the survey, and say how many answered unless the first line did."""
    kept = "" if wave.anonymous else " (answered with names)"
    about = f"*{short_name(wave.survey_name)}*{kept} closed {local_time(wave.closed_at, DATE)}"
    if len(shares) > 1:
        trend = " → ".join(taking_part(share) for share in shares)
        return f"{about}. Taking part, round by round: {trend}."
    return f"{about}.{people_answered(wave)}" if says_people else f"{about}."


def _scores(wave: WaveResults) -> list[str]:
    """Return eNPS and drivers in one line, lowest first; of many, what changed and the lowest."""
    scores = wave.drivers or wave.questions
    by_change = sorted(scores, key=lambda each: not _is_detectable(each.change))
    shown = by_change[:SCORES_SHOWN]
    parts = [
        *(_strain(each) for each in wave.strains[:1]),
        *(_score("eNPS", each.score, each.change, wording.signed, 0) for each in wave.enps[:1]),
        *(
            _score(short_name(each.label), each.mean, each.change, "{:.1f}".format, 1)
            for each in scores
            if each in shown
        ),
    ]
    if more := len(scores) - len(shown):
        parts.append(f"{more} more")
    return [" · ".join(parts)] if parts else []


def _score(
    label: str,
    number: PublishedNumber,
    change: CellChange | None,
    write: Callable[[float], str],
    decimals: int,
) -> str:
    text = f"{label} *{wording.number_text(number, write)}*"
    if change is None or not change.detectable:
        return text
    arrow = "▲" if change.difference > 0 else "▼"
    return f"{text} {arrow} {abs(change.difference):.{decimals}f}"


def _strain(strain: Strain) -> str:
    label, change = wording.capitalised(strain.label), strain.change
    text = f"{label} *{wording.number_text(strain.share, wording.percent)}*"
    if change is None or not change.detectable:
        return text
    arrow = "▲" if change.difference > 0 else "▼"
    return f"{text} {arrow} {points(abs(change.difference))}{POINTS}"


def _caution(news: SurveyNews) -> list[str]:
    """Say in one line why figures are weak, or what did not change and what would have shown."""
    wave = news.wave
    if wave.weakness:
        return [wave.weakness]
    scores = [each.change for each in wave.drivers or wave.questions if each.change]
    enps = [each.change for each in wave.enps[:1] if each.change]
    if not has_history(news):
        return [] if wave.is_company_pulse else ["Changes show from the next rounds on."]
    still = _would_have_shown(scores, "{:.1f}")
    still += _would_have_shown(enps, "{:.0f} points" if still else "{:.0f} points of eNPS")
    if not still:
        return []
    both = f"{still[0]} or more would have shown"
    if len(still) > 1:
        both += f" (eNPS: {still[1]})"
    if any(_is_detectable(change) for change in (*scores, *enps)):
        return [f"Nothing else changed detectably; {both}."]
    if news.headlines or news.has_changes:
        return [f"The company as a whole shows no detectable change; {both}."]
    return [f"A change of {both}."]


def _would_have_shown(changes: Iterable[CellChange], form: str) -> list[str]:
    margins = [change.margin for change in changes if not change.detectable]
    return [form.format(max(margins))] if margins else []


def _comments(wave: WaveResults) -> list[str]:
    """Say in one line how the comments sound, and what they are about."""
    mood, parts = wave.mood, []
    if mood:
        sound = wording.mood_words(mood.positive, mood.negative)
        parts.append(f"at least {mood.n:,}, {sound} (a rough guess by software)")
    if wave.themes:
        themes = [_theme(each) for each in wave.themes[:THEMES_SHOWN]]
        parts.append(f"most about {joined(themes)}")
    return [f"*Comments*: {'; '.join(parts)}."] if parts else []


def _theme(theme: ThemeResult) -> str:
    rises = theme.change is not None and theme.change.low > 0
    return f"{within_sentence(theme.label)}{' ▲' if rises else ''} ({theme.n:,} people)"


def _others(digest: Digest, others: Sequence[SurveyNews], room: int) -> list[str]:
    """Return a line for each other survey that there is room for."""
    lines = [_other(digest, news) for news in others]
    if len(lines) <= room:
        return lines
    more = plural(len(lines) - room + 1, "more survey has", "more surveys have")
    return [*lines[: room - 1], f"{more} closed: `/pulse results` shows them."]


def _other(digest: Digest, news: SurveyNews) -> str:
    wave = news.wave
    kept = "" if wave.anonymous else " (answered with names)"
    first = [
        headline(each, wave.held_on) for each in _named(news, names_groups=digest.names_groups)[:1]
    ]
    told = f" {first[0]}." if first else ""
    text = people_answered(wave) + told or " nothing stands out."
    return f"*{short_name(wave.survey_name)}*{kept}:{text}"


def _open_now(digest: Digest, room: int) -> list[str]:
    """Say what is open; what there is no room for is counted in the last line."""
    running = digest.running
    lines = [f"Open now: {running_line(each)}" for each in running[:room]]
    if more := len(running) - len(lines):
        lines[-1] += f" {plural(more, 'more survey is', 'more surveys are')} open."
    return lines


def _changes(wave: WaveResults) -> list[CellChange | None]:
    scores = [each.change for each in wave.drivers or wave.questions]
    themes = [each.change for each in wave.themes[:THEMES_SHOWN]]
    enps, strains = ([each.change for each in some[:1]] for some in (wave.enps, wave.strains))
    return [*scores, *themes, *enps, *strains]


def _is_detectable(change: CellChange | None) -> bool:
    return change is not None and change.detectable
