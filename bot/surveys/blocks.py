"""Blocks of questions, of a survey's preview, and of the list of surveys."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from bot.blockkit.blocks import (
    Block,
    Message,
    View,
    actions,
    button,
    confirmation,
    context,
    divider,
    modal,
    section,
)
from bot.blockkit.text import escape, local_time, plural, shorten
from bot.languages import _, marked, write_day
from bot.outbox.sending_speed import sending_minutes
from bot.surveys.audience import AudienceKind
from bot.surveys.audience_words import audience_words
from bot.surveys.drafts import SurveyPreview
from bot.surveys.pure.scales import AGREE_LABELS, VALUE_RANGES, Scale
from bot.surveys.pure.schedule import Cadence, ordinal, when_asked
from bot.surveys.service import SurveyChange
from bot.surveys.survey_rows import Ending, SurveySummary
from bot.surveys.undecided_blocks import asked_again_blocks

PREVIEW: Final = "surveys:preview"
PREVIEW_ANSWER: Final = "surveys:preview_answer"
PAUSE: Final = "surveys:pause"
RESUME: Final = "surveys:resume"
END: Final = "surveys:end"
EDIT: Final = "surveys:edit"
DUPLICATE: Final = "surveys:duplicate"
RESULTS: Final = "surveys:results"
"""The insights slice answers it; this one does not know results."""
NEW: Final = "surveys:new"
LIST: Final = "surveys:list"
LIST_TITLE: Final = "Surveys"
NO_SURVEYS: Final = "There are no surveys yet. `/pulse new` makes the first one."
SURVEYS_SHOWN: Final = 20
"""Each takes two blocks, and a message holds fifty."""

ORDINAL_WORDS: Final = {
    "1st": "first",
    "2nd": "second",
    "3rd": "third",
    "4th": "fourth",
    "last": "last",
}
FURTHER: Final = "`/pulse list` shows all surveys, and lets you change, copy, pause or end them."


@dataclass(frozen=True)
class QuestionView:
    """A question to show; `options` is empty unless the scale is a choice."""

    text: str
    scale: Scale
    options: tuple[str, ...] = ()


ENPS_ENDS = marked("0 means not at all likely, 10 means extremely likely.")
WRITE = marked("Write an answer")


def question_blocks(
    question: QuestionView, *, action_id: str, value_of: Callable[[int], str], block_id: str
) -> list[Block]:
    """Return one question as employees see it: its text, and a button for each answer.

    Buttons of one block need different ids, so the id of each is `action_id`, a colon and the
    answer's number (`pulse:answer:4`); its value is `value_of` that number, at most 2,000
    characters. A free text has a single button, `pulse:answer:text`, with `value_of(0)`.
    `block_id` is that of the row of buttons.
    """
    if question.scale is Scale.TEXT:
        buttons = [button(_(WRITE), f"{action_id}:text", value_of(0))]
    else:
        buttons = [
            button(label, f"{action_id}:{number}", value_of(number), spoken=spoken)
            for number, label, spoken in _answers(question)
        ]
    blocks = [section(f"*{escape(_(question.text))}*"), actions(buttons, block_id)]
    return [*blocks, context(_(ENPS_ENDS))] if question.scale is Scale.ENPS else blocks


def _answers(question: QuestionView) -> list[tuple[int, str, str | None]]:
    """Return number, label and, if the label alone says little, the text for screen readers."""
    if question.scale is Scale.CHOICE:
        return [(number, _(option), None) for number, option in enumerate(question.options)]
    if question.scale is Scale.AGREE:
        return [(number, _(label), None) for number, label in AGREE_LABELS.items()]
    numbers = VALUE_RANGES[question.scale]
    spoken = _("{number} of {most}")
    return [
        (number, str(number), spoken.format(number=number, most=numbers[-1])) for number in numbers
    ]


def preview_view(preview: SurveyPreview, asked: Sequence[Block]) -> View:
    """Show the effect of creating the survey, and its questions as people get them (`asked`)."""
    survey = preview.survey
    one = len(preview.questions) == 1
    shown = "The message that people get" if one else "The messages that people get, in turn"
    blocks: list[Block] = [
        section(f"*{escape(survey.name)}*"),
        section("\n".join(_facts(preview))),
        *asked_again_blocks(preview.undecided),
        divider(),
        section(f"*{shown}*"),
        *asked,
    ]
    if survey.replaces:
        blocks.insert(2, section(GOES_ON))
    return modal(
        "Preview",
        blocks,
        callback_id=PREVIEW,
        submit="Save changes" if survey.replaces else "Create survey",
        close="Back",
        private_metadata=survey.id,
    )


GOES_ON: Final = (
    "It goes on for the present survey, whose results stay. Changes of figures are told from its "
    "second wave on."
)


def created_view(survey: SurveySummary, *, is_saved: bool = False) -> View:
    """Confirm that the survey exists, or with `is_saved` that it is changed, and what happens next.

    Closing it closes the form too.
    """
    is_change = is_saved or survey.replaces is not None
    said = [f"*{escape(survey.name)}* is {'changed' if is_change else 'created'}."]
    said.append(_open_wave(survey))
    said.append("It is paused." if survey.status == "paused" else _next_wave(survey))
    view = modal(
        "Survey changed" if is_change else "Survey created",
        [section(" ".join(part for part in said if part)), section(FURTHER)],
        callback_id=PREVIEW,
    )
    return {**view, "clear_on_close": True}


def list_blocks(surveys: Sequence[SurveySummary], said: str | None = None) -> list[Block]:
    """List surveys with a button for each possible change; `said` reports the last change."""
    blocks = [section(said)] if said else []
    if not surveys:
        return [*blocks, section(NO_SURVEYS)]
    for survey in surveys[:SURVEYS_SHOWN]:
        blocks += _listed(survey)
    hidden = len(surveys) - SURVEYS_SHOWN
    if hidden > 0:
        blocks.append(
            context(
                f"And {plural(hidden, 'more survey')}. `/pulse pause NAME`, `/pulse resume NAME` "
                "and `/pulse end NAME` work for these too."
            )
        )
    return blocks


def list_view(surveys: Sequence[SurveySummary]) -> View:
    """Show the list in a window, for a press where no message can be answered."""
    return modal(LIST_TITLE, list_blocks(surveys), callback_id=LIST)


def changed_text(change: SurveyChange) -> str:
    """Describe a survey's status after a change, and what it means."""
    survey = change.survey
    name = f"*{escape(survey.name)}*"
    if change.unchanged:
        return f"{name} {_ALREADY[survey.status]}"
    if survey.status == "paused":
        runs_on = f"Its open wave runs on until {_moment(survey.open_until)}."
        said = f"{name} is paused: no new wave opens until you resume it."
        return f"{said} {runs_on}" if survey.open_until else said
    if survey.status == "ended":
        said = f"{name} has ended: no new wave opens."
        if survey.questions_a_week:
            said += " Answers that still wait for others of a team are deleted unread."
        return f"{said} {_ending(survey.ending)}" if survey.ending else said
    return f"{name} is running. {_next_wave(survey)}".rstrip()


_ALREADY: Final = {
    "paused": "is already paused.",
    "active": "is already running.",
    "ended": "has already ended.",
}


def ask_before_ending(survey: SurveySummary) -> Message:
    """Ask for confirmation after an admin typed the name of a survey with an open wave."""
    text = f"*{escape(survey.name)}* is open until {_moment(survey.open_until)}."
    if survey.ending:
        ending = _ending(survey.ending)
        text += f" If you end it now: {ending[:1].lower()}{ending[1:]}"
    return Message(text, [section(text), actions([_end_button(survey)])])


def _ending(ending: Ending) -> str:
    """Say when an ended survey's open wave closes, and how many answers its results need.

    It never says how many people have answered.
    """
    if not ending.is_early and not ending.at_once:
        return f"Its open wave closes as planned, {_moment(ending.closes_at)}."
    closes = (
        "Its open wave closes within a minute, and the answers given count."
        if ending.at_once
        else f"Its open wave closes {_moment(ending.closes_at)}, when everybody has had a day to "
        "answer."
    )
    return f"{closes} {_needed(ending)}".rstrip()


def _needed(ending: Ending) -> str:
    if ending.needed is None:
        return ""
    of = f"{ending.needed:,} of {plural(ending.invited, 'person', 'people')}"
    return f"If fewer than {of} have answered by then, no figures will be shown."


def _facts(preview: SurveyPreview) -> list[str]:
    survey = preview.survey
    people = plural(preview.people, "person", "people")
    return [
        f"*Who is asked:* {audience_words(survey.audience)}, {people}{_held(survey)}",
        f"*When:* {_when(survey)}",
        f"*First wave:* {opening(preview)}",
        f"*Closes:* {_duration(survey.open_hours)} after the last person was asked",
        f"*Sending:* {_sending(preview.people)}",
        f"*Good moments:* {GOOD_MOMENTS}",
        f"*Privacy:* {_privacy(preview)}",
    ]


def _held(survey: SurveySummary) -> str:
    """Say that a repeating survey of chosen people asks the same ones for a quarter."""
    is_chosen = survey.audience.kind is not AudienceKind.EVERYONE
    if not (is_chosen and survey.anonymous and survey.plan.cadence is not Cadence.ONCE):
        return ""
    return "; the same people are asked until the quarter ends"


def _when(survey: SurveySummary) -> str:
    plan = survey.plan
    if plan.ask_at is None:
        return "once, now"
    at = f"at {_clock(plan.ask_at)} in each person's own zone"
    day = f"{plan.starts_on:%A}"
    rule = {
        Cadence.ONCE: f"once, on {day_words(plan.starts_on)} {at}",
        Cadence.DAILY: f"every day {at}",
        Cadence.WEEKLY: f"every {day} {at}",
        Cadence.BIWEEKLY: f"every second {day} {at}",
        Cadence.MONTHLY: f"the {ORDINAL_WORDS[ordinal(plan.starts_on)]} {day} of each month {at}",
        Cadence.QUARTERLY: f"the {ORDINAL_WORDS[ordinal(plan.starts_on)]} {day} of every third "
        f"month {at}",
        Cadence.STANDING: f"every {day} {at}, up to "
        f"{plural(survey.questions_a_week or 1, 'question')} for each person",
    }[plan.cadence]
    if plan.working_in:
        rule += ", or on the next working day"
    return f"{rule}, until {day_words(plan.ends_on)}" if plan.ends_on else rule


def opening(preview: SurveyPreview) -> str:
    """Say when the first wave opens, as the rest of a sentence about it."""
    if preview.survey.plan.ask_at is None:
        return "opens as soon as you create the survey"
    first = f"opens {_moment(preview.first_asked_at)}"
    if preview.first_asked_at == preview.last_asked_at:
        return first
    return f"{first} for the first zone, {_moment(preview.last_asked_at)} for the last"


GOOD_MOMENTS: Final = (
    "each person gets it in their own working hours, not on their public holidays. Whoever is "
    "away, or has had their messages for the week, may not be asked before it closes."
)


def _sending(people: int) -> str:
    minutes = sending_minutes(people)
    if minutes <= 1:
        return "takes about a minute"
    taken = plural(minutes, "minute") if minutes < 120 else plural(round(minutes / 60), "hour")
    return f"takes about {taken}, because Slack limits how fast messages go out"


def _privacy(preview: SurveyPreview) -> str:
    if preview.survey.anonymous:
        return (
            f"anonymous. Figures are shown only for groups of more than {preview.min_group_size} "
            f"people of whom at least {preview.min_group_size} answered, and nobody can see who "
            "answered what."
        )
    named = "named. HR can see who answered what, and people are told so before they answer."
    if preview.people <= preview.min_group_size:
        named += (
            f" Figures need more than {preview.min_group_size} people, so expect answers by person "
            "only."
        )
    return named


def _listed(survey: SurveySummary) -> list[Block]:
    kind = "anonymous" if survey.anonymous else "named"
    lines = [
        f"*{escape(survey.name)}* · {_status(survey)}",
        f"{audience_words(survey.audience)} · {_when(survey)} · {kind}",
        _open_wave(survey),
        _next_wave(survey),
    ]
    text = section("\n".join(line for line in lines if line))
    buttons = [button("Results", RESULTS, survey.id)]
    is_ending = survey.is_over or (survey.ending is not None and survey.ending.is_decided)
    if survey.is_composed and survey.status != "ended":
        buttons.append(button("Edit", EDIT, survey.id))
    if survey.is_composed:
        buttons.append(button("Duplicate", DUPLICATE, survey.id))
    if not is_ending:
        if survey.status == "active":
            buttons.append(button("Pause", PAUSE, survey.id))
        elif survey.status == "paused":
            buttons.append(button("Resume", RESUME, survey.id, style="primary"))
        buttons.append(_end_button(survey))
    return [text, actions(buttons)]


def _status(survey: SurveySummary) -> str:
    """Return a survey's status. A survey asked once has ended when its wave opens."""
    if survey.status == "ended" and survey.ending and survey.ending.is_decided:
        return survey.status if survey.is_over else f"ended, closes {_moment(survey.open_until)}"
    if survey.status == "ended" and not survey.is_over:
        return f"running until {_moment(survey.open_until)}"
    return survey.status


def _end_button(survey: SurveySummary) -> Block:
    name = shorten(survey.name, 80)
    if survey.open_until and not survey.is_closing:
        label = "End early"
        needed = f" {_needed(survey.ending)}" if survey.ending else ""
        at_once = survey.ending is not None and survey.ending.at_once
        when = "within a minute" if at_once else "as soon as everybody has had a day to answer"
        happens = f"“{name}” closes {when}, and won't be asked again.{needed}"
    else:
        label = "End"
        happens = f"“{name}” won't be asked any more. This can't be undone."
    question = confirmation("End this survey?", happens, yes="End it", no="Keep it")
    return button(label, END, survey.id, confirm=question)


def _open_wave(survey: SurveySummary) -> str:
    if survey.is_closing:
        return "Its wave is closing now."
    if survey.open_until is None or survey.status == "ended":
        return ""
    return f"A wave is open until {_moment(survey.open_until)}."


def _next_wave(survey: SurveySummary) -> str:
    if survey.next_open_at is None or survey.status != "active":
        return ""
    if survey.plan.ask_at is None:
        return "Its wave opens now."
    return f"The next wave opens {when_asked(survey.next_on, survey.plan.ask_at)}."


def _moment(moment: datetime | None) -> str:
    return local_time(moment, "{date_short_pretty} at {time}") if moment else ""


def day_words(day: date) -> str:
    """Write a date, such as 3 November 2026."""
    return write_day(day)


def _clock(at: time) -> str:
    return f"{at:%H:%M}"


def _duration(hours: int) -> str:
    """Return how long a wave stays open, in the words of the form."""
    if hours % 168 == 0:
        return plural(hours // 168, "week")
    return plural(hours // 24, "day") if hours % 24 == 0 else plural(hours, "hour")
