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
from bot.blockkit.text import escape, local_time, mention, shorten
from bot.errors import FieldErrors
from bot.languages import (
    DayStyle,
    _,
    _n,
    _p,
    marked,
    plural,
    write_day,
    write_number,
    write_percent,
    write_signed,
)
from bot.mentoring import wording
from bot.mentoring.programme.engagement import Difference, Engagement
from bot.mentoring.programme.outcomes import OutcomeFigure, OutcomeMeasure
from bot.mentoring.programme.overview import MissingTopic, Overview, RoundPreview
from bot.mentoring.rounds.pure.matching import Why
from bot.mentoring.rounds.pure.scoring import ScorePart, Weights
from bot.surveys.pure.names import shown_name

ADMIN: Final = "mentoring:admin"
PREVIEW: Final = "mentoring:preview"
START: Final = "mentoring:start"
LENGTH: Final = "mentoring:length"
EVERY: Final = "mentoring:every"
COFFEE_EVERY: Final = "mentoring:coffee_every"
WEIGHT: Final = "mentoring:weight"
"""Prefix of the ids of the weights' fields, such as `mentoring:weight:topics`."""

TITLE: Final = marked("Mentoring")
NEVER: Final = "0"
PAIRS_SHOWN: Final = 60
TOPICS_SHOWN: Final = 10
LABEL_LENGTH: Final = 120
HIGHEST_WEIGHT: Final = 100

LENGTHS: Final = (6, 8, 12, 16, 26)
ROUND_WEEKS: Final = (1, 2, 4, 8, 13)
COFFEE_WEEKS: Final = (1, 2, 4)
WEIGHT_LABELS: Final[Mapping[ScorePart, str]] = {
    ScorePart.TOPICS: marked("Topics wanted and offered"),
    ScorePart.EXPERIENCE: marked("Gap in experience"),
    ScorePart.HOURS: marked("Shared working hours"),
    ScorePart.LANGUAGE: marked("A common language"),
    ScorePart.TEAM: marked("Different teams"),
    ScorePart.WAITING: marked("Time waited"),
}
WHY_LEFT_OUT: Final[Mapping[Why, str]] = {
    Why.PAUSED_OR_AWAY: marked("paused or away"),
    Why.NO_MENTORS: marked("nobody mentors at present"),
    Why.NOBODY_OFFERS: marked("nobody offers what they look for"),
    Why.NOBODY_FREE: marked("nobody who offers it is free for them"),
    Why.OWN_LINE_OR_REPEAT: marked(
        "only their own line of managers, or an earlier partner, offers it"
    ),
}
ALL_ZERO: Final = marked("At least one weight has to be more than 0.")
NO_NUMBER: Final = marked("Please enter a whole number from 0 to {most}.")


def no_number() -> str:
    """Say which weights there are."""
    return _(NO_NUMBER).format(most=write_number(HIGHEST_WEIGHT))


def admin_view(overview: Overview, said: str = "") -> View:
    """Build the form, with the programme's figures above the settings."""
    blocks: list[Block] = [section(f"*{said}*")] if said else []
    blocks += [
        section(_state(overview)),
        actions([button(_("Preview a round"), PREVIEW), _start_button(overview)]),
        *_missing(overview.missing),
        *_outcomes(overview),
        *_engagement(overview.engagement, overview.k),
        header(_("Settings")),
        *_setting_fields(overview),
        *(_weight_field(part, overview.programme.weights) for part in ScorePart),
    ]
    return modal(_(TITLE), blocks, callback_id=ADMIN, submit=_("Save"), close=_("Close"))


def settings_in(view: Mapping[str, Any]) -> tuple[Weights, int, int | None, int | None]:
    """Read weights, length, and the weeks between rounds and coffees; raise FieldErrors."""
    state = FormState(view)
    weights: dict[str, float] = {}
    for part in ScorePart:
        text = state.one(_weight_id(part))
        if not text.isdigit() or int(text) > HIGHEST_WEIGHT:
            raise FieldErrors({_weight_id(part): no_number()})
        weights[part] = int(text)
    if not any(weights.values()):
        raise FieldErrors({_weight_id(ScorePart.TOPICS): _(ALL_ZERO)})
    return (
        Weights(**weights),
        int(state.one(LENGTH)),
        int(state.one(EVERY)) or None,
        int(state.one(COFFEE_EVERY)) or None,
    )


def saved_view(overview: Overview) -> View:
    """Show the form again after saving."""
    return admin_view(overview, _("Saved."))


def computing_view() -> View:
    """Show that a preview is being computed."""
    return modal(
        _("Preview"), [section(_("One moment, I am matching everybody…"))], callback_id=PREVIEW
    )


def preview_view(preview: RoundPreview) -> View:
    """Show the proposed matches, and how many people are left and why."""
    lines = [
        _("• {mentee} with {mentor}: {score}").format(
            mentee=mention(pair.mentee_id),
            mentor=mention(pair.mentor_id),
            score=write_percent(pair.score),
        )
        for pair in preview.pairs[:PAIRS_SHOWN]
    ]
    if len(preview.pairs) > PAIRS_SHOWN:
        more = write_number(len(preview.pairs) - PAIRS_SHOWN)
        lines.append(_("And {more} more.").format(more=more))
    left = [
        f"• {plural(count, 'person', 'people')}: {_(WHY_LEFT_OUT[why])}"
        for why, count in sorted(preview.left.items(), key=lambda item: -item[1])
    ]
    heading = _n(
        "*{count} match*, the best first", "*{count} matches*, the best first", len(preview.pairs)
    )
    blocks = [
        *sections(lines or [_("Nobody can be matched right now.")], heading),
        *sections(left or [_("Nobody.")], _("*Left without a mentor*")),
        *_missing(preview.missing),
        context(_("Only a preview: nothing is stored, and nobody is asked.")),
    ]
    return modal(_("Preview"), blocks, callback_id=PREVIEW)


def _state(overview: Overview) -> str:
    lines = [
        _n(
            "{count} person looks for a mentor.",
            "{count} people look for a mentor.",
            overview.looking,
        ),
        _n(
            "{mentors} with {count} free place.",
            "{mentors} with {count} free places.",
            overview.free_places,
        ).format(mentors=plural(overview.mentors, "mentor")),
    ]
    if overview.last_round_at:
        lines.append(
            _("The last round was {time}.").format(time=local_time(overview.last_round_at))
        )
    if overview.programme.next_round_at:
        lines.append(
            _("The next round is {time}.").format(time=local_time(overview.programme.next_round_at))
        )
    else:
        lines.append(_("No round is scheduled."))
    return " ".join(lines)


def _start_button(overview: Overview) -> Block:
    asked = _("Mentors get a message and have three working days to answer.")
    waiting = _n("{count} person waits.", "{count} people wait.", overview.looking)
    return button(
        _("Start a round now"),
        START,
        style="primary",
        confirm=confirmation(
            _("Start a round?"),
            f"{asked} {waiting}",
            yes=_("Start"),
            no=_("Not yet"),
        ),
    )


def _missing(missing: tuple[MissingTopic, ...]) -> list[Block]:
    if not missing:
        return []
    lines = [_missing_line(each) for each in missing[:TOPICS_SHOWN]]
    if len(missing) > TOPICS_SHOWN:
        lines.append(
            _n(
                "And {count} more topic.",
                "And {count} more topics.",
                len(missing) - TOPICS_SHOWN,
            )
        )
    return sections(lines, _("*Where mentors are missing*"))


def _missing_line(missing: MissingTopic) -> str:
    topic = wording.shown_topics([missing.topic])
    waiting = plural(missing.waiting, "person waits", "people wait")
    if not missing.offered_by:
        return _("• {topic}: {people_wait}, nobody offers it").format(
            topic=topic, people_wait=waiting
        )
    return _("• {topic}: {people_wait}, {mentors}, not free").format(
        topic=topic, people_wait=waiting, mentors=plural(missing.offered_by, "mentor")
    )


def _outcomes(overview: Overview) -> list[Block]:
    # The exact number of waiting people stands above. HR sees the pool in each preview, so a
    # rounded sum would hide nothing and contradict it.
    lines = [
        f"• {_figure(measure, overview.outcomes.get(measure), overview.k)}"
        for measure in OutcomeMeasure
        if measure is not OutcomeMeasure.WAITING
    ]
    note = _(
        "These are sums of {k} people or more; each changes only when {k} "
        "more people are in it. Only how many look for a mentor, how many "
        "mentor, and which topics lack mentors is exact: a preview shows the "
        "matches by name anyway."
    ).format(k=overview.k)
    return [*sections(lines, _("*How it goes*")), context(note)]


def _figure(measure: OutcomeMeasure, figure: OutcomeFigure | None, k: int) -> str:
    name = _(_NAMES[measure])
    if figure is None:
        return _("{name}: too few to show (it takes {k} people)").format(name=name, k=k)
    if measure in (OutcomeMeasure.ACCEPTANCE, OutcomeMeasure.FIT, OutcomeMeasure.HELPED):
        shown = _("{share} of at least {people}").format(
            share=_share(figure.value), people=write_number(figure.n - figure.n % k)
        )
    elif measure is OutcomeMeasure.DAYS:
        shown = plural(round(figure.value), "day")
    else:
        shown = write_number(round(figure.value))
    return _("{name}: *{value}* (as of {day})").format(
        name=name, value=shown, day=local_time(figure.published_at, "{date_short}")
    )


def _share(share: float) -> str:
    """Write a share in steps of ten per cent, with open ends as in surveys."""
    tens = min(max(round(10 * share), 1), 9)
    ends = {1: _("{share} or less"), 9: _("{share} or more")}
    return ends.get(tens, "{share}").format(share=write_percent(tens / 10))


_NAMES: Final[Mapping[OutcomeMeasure, str]] = {
    OutcomeMeasure.MATCHED: marked("People who have found a mentor"),
    OutcomeMeasure.DAYS: marked("Median time from looking to being matched"),
    OutcomeMeasure.ACCEPTANCE: marked("Mentors who said yes when asked"),
    OutcomeMeasure.MEETINGS: marked("Meetings held"),
    OutcomeMeasure.FIT: marked("People who say that the two fit well"),
    OutcomeMeasure.HELPED: marked("Say that it helped much or very much"),
}


def _engagement(engagement: Engagement | None, k: int) -> list[Block]:
    """Compare how mentees and others answer, or say what a comparison needs."""
    heading = _("*How mentees answer surveys, compared with colleagues of the same teams*")
    if engagement is None:
        need = _(
            "Not enough to compare yet. It takes an anonymous survey that asks, "
            "in at least one team, more than {k} people who have a mentor and "
            "more than {k} who have none. Teams that are too small to stand alone "
            "count together. Then at least {k} of either side have to answer."
        ).format(k=k)
        return sections([need], heading)
    survey = escape(shorten(shown_name(engagement.survey_name), LABEL_LENGTH))
    held_on = write_day(engagement.held_on, DayStyle.SHORT)
    lines = [f"• {_difference(each)}" for each in engagement.differences]
    note = _(
        "Mentees' mean less the others', in points of a scale from 0 (bad) to 10 (good), or of "
        "the eNPS. The range in brackets most likely (95 %, for all lines together) holds the "
        "difference; where it includes 0, chance alone could explain it. A comparison is no proof "
        "of what mentoring does: mentees chose to join, and may have differed before."
    )
    return [*sections(lines, f"{heading} ({survey}, {held_on})"), context(note)]


def _difference(difference: Difference) -> str:
    decimals = 0 if difference.is_enps else 1
    points, low, high = (
        write_signed(each, decimals)
        for each in (difference.points, difference.low, difference.high)
    )
    said = _("mentees answer higher") if difference.points > 0 else _("mentees answer lower")
    if not difference.is_detectable:
        said = _("no detectable difference")
    label = escape(shorten(_(difference.label), LABEL_LENGTH))
    mentees, others = plural(difference.mentees, "mentee"), plural(difference.others, "other")
    answers = _("at least {mentees} and {others}").format(mentees=mentees, others=others)
    return _("{label}: *{points}* ({low} to {high}), {said} ({answers})").format(
        label=label, points=points, low=low, high=high, said=said, answers=answers
    )


def _setting_fields(overview: Overview) -> list[Block]:
    programme = overview.programme
    lengths = sorted({*LENGTHS, programme.length_weeks})
    return [
        _choice(
            _("A pair meets for"),
            LENGTH,
            {str(n): plural(n, "week") for n in lengths},
            str(programme.length_weeks),
        ),
        _choice(
            _("Rounds"),
            EVERY,
            _schedule(_("When I start one"), ROUND_WEEKS, programme.every_weeks),
            str(programme.every_weeks or NEVER),
        ),
        _choice(
            _("Coffee pairs"),
            COFFEE_EVERY,
            _schedule(_p("coffee pairs", "None"), COFFEE_WEEKS, programme.coffee_weeks),
            str(programme.coffee_weeks or NEVER),
        ),
    ]


def _schedule(never: str, weeks: tuple[int, ...], chosen: int | None) -> dict[str, str]:
    known = sorted({*weeks, *([chosen] if chosen else [])})
    every = {
        str(n): _("Every week") if n == 1 else _("Every {weeks} weeks").format(weeks=n)
        for n in known
    }
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
    return field_input(
        _("Weight: {part}").format(part=_(WEIGHT_LABELS[part])),
        element,
        block_id=_weight_id(part),
    )


def _weight_id(part: ScorePart) -> str:
    return f"{WEIGHT}:{part.value}"
