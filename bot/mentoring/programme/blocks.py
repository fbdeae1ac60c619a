"""Builds and reads HR's form for mentoring."""

from collections.abc import Mapping
from typing import Any, Final

from bot.blockkit.blocks import (
    Block,
    View,
    actions,
    button,
    confirmation,
    context,
    field_input,
    header,
    modal,
    option,
    section,
    sections,
    select,
)
from bot.blockkit.form_state import FormState
from bot.blockkit.text import escape, local_time, mention, plural, shorten
from bot.errors import FieldErrors
from bot.mentoring import wording
from bot.mentoring.programme.engagement import Difference, Engagement
from bot.mentoring.programme.outcomes import OutcomeFigure, OutcomeMeasure
from bot.mentoring.programme.overview import MissingTopic, Overview, RoundPreview
from bot.mentoring.rounds.pure.matching import Why
from bot.mentoring.rounds.pure.scoring import ScorePart, Weights

ADMIN: Final = "mentoring:admin"
PREVIEW: Final = "mentoring:preview"
START: Final = "mentoring:start"
LENGTH: Final = "mentoring:length"
EVERY: Final = "mentoring:every"
COFFEE_EVERY: Final = "mentoring:coffee_every"
WEIGHT: Final = "mentoring:weight"
"""Prefix of the ids of the weights' fields, such as `mentoring:weight:topics`."""

TITLE: Final = "Mentoring"
NEVER: Final = "0"
PAIRS_SHOWN: Final = 60
TOPICS_SHOWN: Final = 10
LABEL_LENGTH: Final = 120
HIGHEST_WEIGHT: Final = 100

LENGTHS: Final = (6, 8, 12, 16, 26)
ROUND_WEEKS: Final = (1, 2, 4, 8, 13)
COFFEE_WEEKS: Final = (1, 2, 4)
WEIGHT_LABELS: Final[Mapping[ScorePart, str]] = {
    ScorePart.TOPICS: "Topics wanted and offered",
    ScorePart.EXPERIENCE: "Gap in experience",
    ScorePart.HOURS: "Shared working hours",
    ScorePart.LANGUAGE: "A common language",
    ScorePart.TEAM: "Different teams",
    ScorePart.WAITING: "Time waited",
}
WHY_LEFT_OUT: Final[Mapping[Why, str]] = {
    Why.PAUSED_OR_AWAY: "paused or away",
    Why.NO_MENTORS: "nobody mentors at present",
    Why.NOBODY_OFFERS: "nobody offers what they look for",
    Why.NOBODY_FREE: "nobody who offers it is free for them",
    Why.OWN_LINE_OR_REPEAT: "only their own line of managers, or an earlier partner, offers it",
}
ALL_ZERO: Final = "At least one weight has to be more than 0."
NO_NUMBER: Final = f"Please enter a whole number from 0 to {HIGHEST_WEIGHT}."


def admin_view(overview: Overview, said: str = "") -> View:
    """Build the form, with the programme's figures above the settings."""
    blocks: list[Block] = [section(f"*{said}*")] if said else []
    blocks += [
        section(_state(overview)),
        actions([button("Preview a round", PREVIEW), _start_button(overview)]),
        *_missing(overview.missing),
        *_outcomes(overview),
        *_engagement(overview.engagement, overview.k),
        header("Settings"),
        *_setting_fields(overview),
        *(_weight_field(part, overview.programme.weights) for part in ScorePart),
    ]
    return modal(TITLE, blocks, callback_id=ADMIN, submit="Save", close="Close")


def settings_in(view: Mapping[str, Any]) -> tuple[Weights, int, int | None, int | None]:
    """Read weights, length, and the weeks between rounds and coffees; raise FieldErrors."""
    state = FormState(view)
    weights: dict[str, float] = {}
    for part in ScorePart:
        text = state.one(_weight_id(part))
        if not text.isdigit() or int(text) > HIGHEST_WEIGHT:
            raise FieldErrors({_weight_id(part): NO_NUMBER})
        weights[part] = int(text)
    if not any(weights.values()):
        raise FieldErrors({_weight_id(ScorePart.TOPICS): ALL_ZERO})
    return (
        Weights(**weights),
        int(state.one(LENGTH)),
        int(state.one(EVERY)) or None,
        int(state.one(COFFEE_EVERY)) or None,
    )


def saved_view(overview: Overview) -> View:
    """Show the form again after saving."""
    return admin_view(overview, "Saved.")


def computing_view() -> View:
    """Show that a preview is being computed."""
    return modal("Preview", [section("One moment, I am matching everybody…")], callback_id=PREVIEW)


def preview_view(preview: RoundPreview) -> View:
    """Show the proposed matches, and how many people are left and why."""
    lines = [
        f"• {mention(pair.mentee_id)} with {mention(pair.mentor_id)}: {pair.score:.0%}"
        for pair in preview.pairs[:PAIRS_SHOWN]
    ]
    if len(preview.pairs) > PAIRS_SHOWN:
        lines.append(f"And {len(preview.pairs) - PAIRS_SHOWN:,} more.")
    left = [
        f"• {plural(count, 'person', 'people')}: {WHY_LEFT_OUT[why]}"
        for why, count in sorted(preview.left.items(), key=lambda item: -item[1])
    ]
    heading = f"*{plural(len(preview.pairs), 'match', 'matches')}*, the best first"
    blocks = [
        *sections(lines or ["Nobody can be matched right now."], heading),
        *sections(left or ["Nobody."], "*Left without a mentor*"),
        *_missing(preview.missing),
        context("Only a preview: nothing is stored, and nobody is asked."),
    ]
    return modal("Preview", blocks, callback_id=PREVIEW)


def _state(overview: Overview) -> str:
    looking = plural(overview.looking, "person looks", "people look")
    places = plural(overview.free_places, "free place")
    lines = [
        f"{looking} for a mentor. {plural(overview.mentors, 'mentor')} with {places}.",
    ]
    if overview.last_round_at:
        lines.append(f"The last round was {local_time(overview.last_round_at)}.")
    if overview.programme.next_round_at:
        lines.append(f"The next round is {local_time(overview.programme.next_round_at)}.")
    else:
        lines.append("No round is scheduled.")
    return " ".join(lines)


def _start_button(overview: Overview) -> Block:
    return button(
        "Start a round now",
        START,
        style="primary",
        confirm=confirmation(
            "Start a round?",
            f"Mentors get a message and have three working days to answer. "
            f"{plural(overview.looking, 'person waits', 'people wait')}.",
            yes="Start",
            no="Not yet",
        ),
    )


def _missing(missing: tuple[MissingTopic, ...]) -> list[Block]:
    if not missing:
        return []
    lines = [_missing_line(each) for each in missing[:TOPICS_SHOWN]]
    if len(missing) > TOPICS_SHOWN:
        lines.append(f"And {len(missing) - TOPICS_SHOWN} more topics.")
    return sections(lines, "*Where mentors are missing*")


def _missing_line(missing: MissingTopic) -> str:
    waiting = plural(missing.waiting, "person waits", "people wait")
    offering = (
        "nobody offers it"
        if not missing.offered_by
        else f"{plural(missing.offered_by, 'mentor')}, not free"
    )
    return f"• {wording.shown_topics([missing.topic])}: {waiting}, {offering}"


def _outcomes(overview: Overview) -> list[Block]:
    # The exact number of waiting people stands above. HR sees the pool in each preview, so a
    # rounded sum would hide nothing and contradict it.
    lines = [
        f"• {_figure(measure, overview.outcomes.get(measure), overview.k)}"
        for measure in OutcomeMeasure
        if measure is not OutcomeMeasure.WAITING
    ]
    note = (
        f"These are sums of {overview.k} people or more; each changes only when {overview.k} more "
        "people are in it. Only how many look for a mentor, how many mentor, and which topics "
        "lack mentors is exact: a preview shows the matches by name anyway."
    )
    return [*sections(lines, "*How it goes*"), context(note)]


def _figure(measure: OutcomeMeasure, figure: OutcomeFigure | None, k: int) -> str:
    few = f"too few to show (it takes {k} people)"
    if figure is None:
        return f"{_NAMES[measure]}: {few}"
    if measure in (OutcomeMeasure.ACCEPTANCE, OutcomeMeasure.FIT, OutcomeMeasure.HELPED):
        shown = f"{_share(figure.value)} of at least {figure.n - figure.n % k}"
    elif measure is OutcomeMeasure.DAYS:
        shown = plural(round(figure.value), "day")
    else:
        shown = f"{round(figure.value):,}"
    return f"{_NAMES[measure]}: *{shown}* (as of {local_time(figure.published_at, '{date_short}')})"


def _share(share: float) -> str:
    """Write a share in steps of ten per cent, with open ends as in surveys."""
    tens = min(max(round(10 * share), 1), 9)
    beyond = {1: " or less", 9: " or more"}.get(tens, "")
    return f"{10 * tens}%{beyond}"


_NAMES: Final[Mapping[OutcomeMeasure, str]] = {
    OutcomeMeasure.MATCHED: "People who have found a mentor",
    OutcomeMeasure.DAYS: "Median time from looking to being matched",
    OutcomeMeasure.ACCEPTANCE: "Mentors who said yes when asked",
    OutcomeMeasure.MEETINGS: "Meetings held",
    OutcomeMeasure.FIT: "People who say that the two fit well",
    OutcomeMeasure.HELPED: "Say that it helped much or very much",
}


def _engagement(engagement: Engagement | None, k: int) -> list[Block]:
    """Compare how mentees and others answer, or say what a comparison needs."""
    heading = "*How mentees answer surveys, compared with colleagues of the same teams*"
    if engagement is None:
        need = (
            "Not enough to compare yet. It takes an anonymous survey that asks, in at least one "
            f"team, more than {k} people who have a mentor and more than {k} who have none. Teams "
            f"that are too small to stand alone count together. Then at least {k} of either side "
            "have to answer."
        )
        return sections([need], heading)
    survey = escape(shorten(engagement.survey_name, LABEL_LENGTH))
    held_on = f"{engagement.held_on.day} {engagement.held_on:%b %Y}"
    lines = [f"• {_difference(each)}" for each in engagement.differences]
    note = (
        "Mentees' mean less the others', in points of a scale from 0 (bad) to 10 (good), or of "
        "the eNPS. The range in brackets most likely (95 %, for all lines together) holds the "
        "difference; where it includes 0, chance alone could explain it. A comparison is no proof "
        "of what mentoring does: mentees chose to join, and may have differed before."
    )
    return [*sections(lines, f"{heading} ({survey}, {held_on})"), context(note)]


def _difference(difference: Difference) -> str:
    decimals = 0 if difference.is_enps else 1
    points, low, high = (
        _signed(each, decimals) for each in (difference.points, difference.low, difference.high)
    )
    said = "no detectable difference"
    if difference.is_detectable:
        said = f"mentees answer {'higher' if difference.points > 0 else 'lower'}"
    label = escape(shorten(difference.label, LABEL_LENGTH))
    mentees, others = plural(difference.mentees, "mentee"), plural(difference.others, "other")
    answers = f"at least {mentees} and {others}"
    return f"{label}: *{points}* ({low} to {high}), {said} ({answers})"


def _signed(points: float, decimals: int) -> str:
    """Write points with their sign, or without one if they round to 0."""
    shown = f"{abs(points):.{decimals}f}"
    if float(shown) == 0:
        return shown
    return f"{'−' if points < 0 else '+'}{shown}"


def _setting_fields(overview: Overview) -> list[Block]:
    programme = overview.programme
    lengths = sorted({*LENGTHS, programme.length_weeks})
    return [
        _choice(
            "A pair meets for",
            LENGTH,
            {str(n): f"{n} weeks" for n in lengths},
            str(programme.length_weeks),
        ),
        _choice(
            "Rounds",
            EVERY,
            _schedule("When I start one", ROUND_WEEKS, programme.every_weeks),
            str(programme.every_weeks or NEVER),
        ),
        _choice(
            "Coffee pairs",
            COFFEE_EVERY,
            _schedule("None", COFFEE_WEEKS, programme.coffee_weeks),
            str(programme.coffee_weeks or NEVER),
        ),
    ]


def _schedule(never: str, weeks: tuple[int, ...], chosen: int | None) -> dict[str, str]:
    known = sorted({*weeks, *([chosen] if chosen else [])})
    every = {str(n): "Every week" if n == 1 else f"Every {n} weeks" for n in known}
    return {NEVER: never, **every}


def _choice(label: str, field: str, choices: Mapping[str, str], chosen: str) -> Block:
    options = [option(text, value) for value, text in choices.items()]
    initial = next(each for each in options if each["value"] == chosen)
    element = select("static_select", field, options=options, initial_option=initial)
    return field_input(label, element, block_id=field)


def _weight_field(part: ScorePart, weights: Weights) -> Block:
    element: Block = {
        "type": "number_input",
        "action_id": _weight_id(part),
        "is_decimal_allowed": False,
        "min_value": "0",
        "max_value": str(HIGHEST_WEIGHT),
        "initial_value": str(round(getattr(weights, part))),
    }
    return field_input(f"Weight: {WEIGHT_LABELS[part]}", element, block_id=_weight_id(part))


def _weight_id(part: ScorePart) -> str:
    return f"{WEIGHT}:{part.value}"
