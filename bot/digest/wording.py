"""The digest in words: one thing to know, then what stands out, and what the figures are."""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.blockkit.text import escape, local_time
from bot.digest.service import Digest
from bot.insights import wording
from bot.insights.comment_wording import mood_words
from bot.insights.headlines import (
    NAME_LIMIT,
    evidence,
    has_history,
    headline,
    in_sentence,
    joined,
    one_thing,
    people_answered,
    short_name,
    taking_part,
)
from bot.insights.news import Headline, SurveyNews
from bot.insights.pure.change import CellChange
from bot.insights.running_wording import running_line
from bot.insights.wave_results import PublishedNumber, Strain, ThemeResult, WaveResults
from bot.insights.wording import Write, one_decimal, size_in_points
from bot.languages import _, _n, marked, write_number
from bot.surveys.pure.names import shown_name
from bot.surveys.pure.schedule import when_asked

SCORES_SHOWN: Final = 6
THEMES_SHOWN: Final = 3
DATE: Final = "{date}"
SCALE: Final = marked("Scores go from 0 (bad) to 10 (good).")
ARROWS: Final = marked("▲ and ▼ mark changes that chance hardly explains.")
STEPS: Final = marked(
    "Counts and figures come in steps, so that nobody's answer can be worked out."
)


def digest_lines(digest: Digest, limit: int) -> list[str]:
    """Return a digest as lines of mrkdwn: at most `limit`, the one thing to know first."""
    if not digest.news:
        lines = [_nothing(digest), *digest.months]
        return [*lines, *_open_now(digest, limit - len(lines))]
    first, *others = digest.news
    period = _("this month") if digest.is_monthly else _("this week")
    lines = survey_lines(first, period, names_groups=digest.names_groups)
    if not digest.is_monthly:
        lines += _open_now(digest, 1)
    lines += digest.months[: limit - len(lines)]
    return [*lines, *_others(digest, others, limit - len(lines))]


def survey_lines(news: SurveyNews, period: str, *, names_groups: bool = True) -> list[str]:
    """Return at most ten lines of mrkdwn about one survey, the one thing to know first.

    `period` says when, such as "this week", in the reader's language.
    """
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
        parts.append(_(SCALE))
    parts += [each.limits for each in wave.strains[:1] if each.limits]
    if any(_is_detectable(change) for change in _changes(wave)):
        parts.append(_(ARROWS))
    if wave.anonymous and not wave.is_hidden:
        parts.append(_(STEPS))
    more = _("More: `/pulse results` has all figures, `/pulse comments` what people wrote.")
    return [*([" ".join(parts)] if parts else []), more]


def _nothing(digest: Digest) -> str:
    text = _("There are no new results this time.")
    if digest.running:
        return " ".join([text, _("What is open now comes in a later digest.")])
    if digest.coming:
        opens = _("Next, *{survey}* opens {when}.").format(
            survey=short_name(shown_name(digest.coming.name)),
            when=when_asked(digest.coming.held_on, digest.coming.ask_at),
        )
        return f"{text} {opens}"
    return " ".join([text, _("No survey is planned; HR can start one with `/pulse new`.")])


def _named(news: SurveyNews, *, names_groups: bool) -> Sequence[Headline]:
    """Return the headlines that the reader may see."""
    return [each for each in news.headlines if names_groups or not each.is_of_group]


def _about(wave: WaveResults, shares: Sequence[float], *, says_people: bool) -> str:
    """Name the survey, and say how many answered unless the first line did."""
    closed = local_time(wave.closed_at, DATE)
    sentences = [_("{survey} closed {day}.").format(survey=_survey_name(wave), day=closed)]
    if len(shares) > 1:
        trend = " → ".join(taking_part(share) for share in shares)
        sentences.append(_("Taking part, round by round: {shares}.").format(shares=trend))
    elif says_people:
        sentences += people_answered(wave)
    return " ".join(sentences)


def _survey_name(wave: WaveResults) -> str:
    name = f"*{short_name(shown_name(wave.survey_name))}*"
    return name if wave.anonymous else f"{name} {_('(answered with names)')}"


def _scores(wave: WaveResults) -> list[str]:
    """Return eNPS and drivers in one line, lowest first; of many, what changed and the lowest."""
    scores = wave.drivers or wave.questions
    by_change = sorted(scores, key=lambda each: not _is_detectable(each.change))
    shown = by_change[:SCORES_SHOWN]
    parts = [
        *(_strain(each) for each in wave.strains[:1]),
        *(
            _score("eNPS", each.score, each.change, wording.signed, write_number)
            for each in wave.enps[:1]
        ),
        *(
            _score(
                wording.label_text(each.label, NAME_LIMIT),
                each.mean,
                each.change,
                one_decimal,
                one_decimal,
            )
            for each in scores
            if each in shown
        ),
    ]
    if more := len(scores) - len(shown):
        parts.append(_n("{count} more", "{count} more", more))
    return [" · ".join(parts)] if parts else []


def _score(
    label: str,
    number: PublishedNumber,
    change: CellChange | None,
    write: Write,
    write_size: Write,
) -> str:
    text = f"{label} *{wording.number_text(number, write)}*"
    if change is None or not change.detectable:
        return text
    arrow = "▲" if change.difference > 0 else "▼"
    return f"{text} {arrow} {write_size(abs(change.difference))}"


def _strain(strain: Strain) -> str:
    label = wording.capitalised(_(strain.label))
    return _score(label, strain.share, strain.change, wording.percent, size_in_points)


def _caution(news: SurveyNews) -> list[str]:
    """Say in one line why figures are weak, or what did not change and what would have shown."""
    wave = news.wave
    if wave.weakness:
        return [wave.weakness]
    scores = [each.change for each in wave.drivers or wave.questions if each.change]
    enps = [each.change for each in wave.enps[:1] if each.change]
    if not has_history(news):
        return [] if wave.is_company_pulse else [_("Changes show from the next rounds on.")]
    of_scores, of_enps = _largest_margin(scores), _largest_margin(enps)
    if of_scores is None and of_enps is None:
        return []
    if any(_is_detectable(change) for change in (*scores, *enps)):
        text = _("Nothing else changed detectably; {size} or more would have shown.")
        with_enps = _(
            "Nothing else changed detectably; {size} or more would have shown (eNPS: {points})."
        )
    elif news.headlines or news.has_changes:
        text = _(
            "The company as a whole shows no detectable change; {size} or more would have shown."
        )
        with_enps = _(
            "The company as a whole shows no detectable change; {size} or more would have shown "
            "(eNPS: {points})."
        )
    else:
        text = _("A change of {size} or more would have shown.")
        with_enps = _("A change of {size} or more would have shown (eNPS: {points}).")
    points = "" if of_enps is None else wording.in_points(write_number(of_enps))
    if of_scores is None:
        return [text.format(size=_("{points} of eNPS").format(points=points))]
    return [(with_enps if points else text).format(size=one_decimal(of_scores), points=points)]


def _largest_margin(changes: Iterable[CellChange]) -> float | None:
    return max((change.margin for change in changes if not change.detectable), default=None)


def _comments(wave: WaveResults) -> list[str]:
    """Say in one line how the comments sound, and what they are about."""
    mood, parts = wave.mood, []
    if mood:
        parts.append(
            _("at least {comments}, {positive_and_negative} (a rough guess by software)").format(
                comments=write_number(mood.n),
                positive_and_negative=mood_words(mood.positive, mood.negative),
            )
        )
    if wave.themes:
        themes = joined([_theme(each) for each in wave.themes[:THEMES_SHOWN]])
        parts.append(_("most about {themes}").format(themes=themes))
    if not parts:
        return []
    return [_("*Comments*: {what_is_known}.").format(what_is_known="; ".join(parts))]


def _theme(theme: ThemeResult) -> str:
    rises = theme.change is not None and theme.change.low > 0
    return _("{theme} ({people} people)").format(
        theme=f"{in_sentence(theme.label)}{' ▲' if rises else ''}", people=write_number(theme.n)
    )


def _others(digest: Digest, others: Sequence[SurveyNews], room: int) -> list[str]:
    """Return a line for each other survey that there is room for."""
    lines = [_other(digest, news) for news in others]
    if len(lines) <= room:
        return lines
    more = _n(
        "{count} more survey has closed: `/pulse results` shows them.",
        "{count} more surveys have closed: `/pulse results` shows them.",
        len(lines) - room + 1,
    )
    return [*lines[: room - 1], more]


def _other(digest: Digest, news: SurveyNews) -> str:
    wave = news.wave
    told = people_answered(wave)
    named = _named(news, names_groups=digest.names_groups)
    told += [f"{headline(each, wave.held_on)}." for each in named[:1]]
    return _("{survey}: {news}").format(
        survey=_survey_name(wave), news=" ".join(told) or _("nothing stands out.")
    )


def _open_now(digest: Digest, room: int) -> list[str]:
    """Say what is open; what there is no room for is counted in the last line."""
    running = digest.running
    lines = [_("Open now: {survey}").format(survey=running_line(each)) for each in running[:room]]
    if more := len(running) - len(lines):
        said = _n("{count} more survey is open.", "{count} more surveys are open.", more)
        lines[-1] = f"{lines[-1]} {said}"
    return lines


def _changes(wave: WaveResults) -> list[CellChange | None]:
    scores = [each.change for each in wave.drivers or wave.questions]
    themes = [each.change for each in wave.themes[:THEMES_SHOWN]]
    enps, strains = ([each.change for each in some[:1]] for some in (wave.enps, wave.strains))
    return [*scores, *themes, *enps, *strains]


def _is_detectable(change: CellChange | None) -> bool:
    return change is not None and change.detectable
