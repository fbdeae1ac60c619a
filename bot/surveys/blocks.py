"""Blocks of questions and of the list of surveys; words that the previews share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.blockkit.blocks import (
    Block,
    Message,
    View,
    actions,
    button,
    confirmation,
    context,
    modal,
    section,
)
from bot.blockkit.text import escape, local_time, shorten
from bot.languages import _, _n, marked, plural, write_day, write_number, write_weekday
from bot.surveys.audience_words import audience_words
from bot.surveys.drafts import SurveyPreview
from bot.surveys.pure.names import shown_name
from bot.surveys.pure.scales import AGREE_LABELS, VALUE_RANGES, Scale
from bot.surveys.pure.schedule import Cadence, ordinal, when_asked
from bot.surveys.service import SurveyChange
from bot.surveys.survey_rows import Ending, SurveySummary

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
LIST_TITLE: Final = marked("Surveys")
NO_SURVEYS: Final = marked("There are no surveys yet. `/pulse new` makes the first one.")
SURVEYS_SHOWN: Final = 20
"""Each takes two blocks, and a message holds fifty."""

ORDINAL_WORDS: Final = {
    "1st": marked("first"),
    "2nd": marked("second"),
    "3rd": marked("third"),
    "4th": marked("fourth"),
    "last": marked("last"),
}
FURTHER: Final = marked(
    "`/pulse list` shows all surveys, and lets you change, copy, pause or end them."
)


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


def created_view(survey: SurveySummary, *, is_saved: bool = False) -> View:
    """Confirm that the survey exists, or with `is_saved` that it is changed, and what happens next.

    Closing it closes the form too.
    """
    is_change = is_saved or survey.replaces is not None
    said = [_("*{name}* is changed.") if is_change else _("*{name}* is created.")]
    said[0] = said[0].format(name=escape(shown_name(survey.name)))
    said.append(_open_wave(survey))
    said.append(_("It is paused.") if survey.status == "paused" else _next_wave(survey))
    view = modal(
        _("Survey changed") if is_change else _("Survey created"),
        [section(" ".join(part for part in said if part)), section(_(FURTHER))],
        callback_id=PREVIEW,
    )
    return {**view, "clear_on_close": True}


def list_blocks(surveys: Sequence[SurveySummary], said: str | None = None) -> list[Block]:
    """List surveys with a button for each possible change; `said` reports the last change."""
    blocks = [section(said)] if said else []
    if not surveys:
        return [*blocks, section(_(NO_SURVEYS))]
    for survey in surveys[:SURVEYS_SHOWN]:
        blocks += _listed(survey)
    hidden = len(surveys) - SURVEYS_SHOWN
    if hidden > 0:
        blocks.append(
            context(
                _n(
                    "And {count} more survey. `/pulse pause NAME`, `/pulse resume NAME` and "
                    "`/pulse end NAME` work for these too.",
                    "And {count} more surveys. `/pulse pause NAME`, `/pulse resume NAME` and "
                    "`/pulse end NAME` work for these too.",
                    hidden,
                )
            )
        )
    return blocks


def list_view(surveys: Sequence[SurveySummary]) -> View:
    """Show the list in a window, for a press where no message can be answered."""
    return modal(_(LIST_TITLE), list_blocks(surveys), callback_id=LIST)


def changed_text(change: SurveyChange) -> str:
    """Describe a survey's status after a change, and what it means."""
    survey = change.survey
    if change.unchanged:
        said = [_(_ALREADY[survey.status])]
    elif survey.status == "paused":
        said = [_("*{name}* is paused: no new wave opens until you resume it.")]
        if survey.open_until:
            runs_on = _("Its open wave runs on until {moment}.")
            said.append(runs_on.format(moment=local_time(survey.open_until)))
    elif survey.status == "ended":
        said = [_("*{name}* has ended: no new wave opens.")]
        if survey.questions_a_week:
            said.append(_("Answers that still wait for others of a team are deleted unread."))
        if survey.ending:
            said.append(_ending(survey.ending))
    else:
        said = [_("*{name}* is running."), _next_wave(survey)]
    said[0] = said[0].format(name=escape(shown_name(survey.name)))
    return " ".join(each for each in said if each)


_ALREADY: Final = {
    "paused": marked("*{name}* is already paused."),
    "active": marked("*{name}* is already running."),
    "ended": marked("*{name}* has already ended."),
}


def ask_before_ending(survey: SurveySummary) -> Message:
    """Ask for confirmation after an admin typed the name of a survey with an open wave."""
    text = _("*{name}* is open until {moment}.").format(
        name=escape(shown_name(survey.name)), moment=_moment(survey.open_until)
    )
    if survey.ending:
        text += f" {_if_ended_now(survey.ending)}"
    return Message(text, [section(text), actions([_end_button(survey)])])


def _if_ended_now(ending: Ending) -> str:
    if not ending.is_early and not ending.at_once:
        text = _("If you end it now: its open wave closes as planned, {moment}.")
        return text.format(moment=local_time(ending.closes_at))
    if ending.at_once:
        closes = _(
            "If you end it now: its open wave closes within a minute, and the answers given count."
        )
    else:
        closes = _(
            "If you end it now: its open wave closes {moment}, when everybody has had a day to "
            "answer."
        ).format(moment=local_time(ending.closes_at))
    return f"{closes} {_needed(ending)}".rstrip()


def _ending(ending: Ending) -> str:
    """Say when an ended survey's open wave closes, and how many answers its results need.

    It never says how many people have answered.
    """
    if not ending.is_early and not ending.at_once:
        text = _("Its open wave closes as planned, {moment}.")
        return text.format(moment=local_time(ending.closes_at))
    if ending.at_once:
        closes = _("Its open wave closes within a minute, and the answers given count.")
    else:
        closes = _("Its open wave closes {moment}, when everybody has had a day to answer.")
        closes = closes.format(moment=local_time(ending.closes_at))
    return f"{closes} {_needed(ending)}".rstrip()


def _needed(ending: Ending) -> str:
    if ending.needed is None:
        return ""
    return _(
        "If fewer than {needed} of {people} have answered by then, no figures will be shown."
    ).format(needed=write_number(ending.needed), people=plural(ending.invited, "person", "people"))


def when_words(survey: SurveySummary) -> str:
    """Say when a survey is asked, without a capital."""
    plan = survey.plan
    if plan.ask_at is None:
        return _("once, now")
    rule = _(_RULES[plan.cadence]).format(
        at=_("at {time} in each person's own zone").format(time=f"{plan.ask_at:%H:%M}"),
        day=day_words(plan.starts_on),
        weekday=write_weekday(plan.starts_on.weekday()),
        which=_(ORDINAL_WORDS[ordinal(plan.starts_on)]),
        questions=plural(survey.questions_a_week or 1, "question"),
    )
    if plan.working_in:
        rule = _("{when}, or on the next working day").format(when=rule)
    if plan.ends_on:
        return _("{when}, until {day}").format(when=rule, day=day_words(plan.ends_on))
    return rule


_RULES: Final = {
    Cadence.ONCE: marked("once, on {day} {at}"),
    Cadence.DAILY: marked("every day {at}"),
    Cadence.WEEKLY: marked("every {weekday} {at}"),
    Cadence.BIWEEKLY: marked("every second {weekday} {at}"),
    Cadence.MONTHLY: marked("the {which} {weekday} of each month {at}"),
    Cadence.QUARTERLY: marked("the {which} {weekday} of every third month {at}"),
    Cadence.STANDING: marked("every {weekday} {at}, up to {questions} for each person"),
}


def opening(preview: SurveyPreview) -> str:
    """Say when the first wave opens, as the rest of a sentence about it."""
    if preview.survey.plan.ask_at is None:
        return _("opens as soon as you create the survey")
    first, last = local_time(preview.first_asked_at), local_time(preview.last_asked_at)
    if first == last:
        return _("opens {moment}").format(moment=first)
    return _("opens {first} for the first zone, {last} for the last").format(first=first, last=last)


GOOD_MOMENTS: Final = marked(
    "each person gets it in their own working hours, not on their public holidays. Whoever is "
    "away, or has had their messages for the week, may not be asked before it closes."
)


def _listed(survey: SurveySummary) -> list[Block]:
    kind = _("anonymous") if survey.anonymous else _("named")
    lines = [
        f"*{escape(shown_name(survey.name))}* · {_status(survey)}",
        f"{audience_words(survey.audience)} · {when_words(survey)} · {kind}",
        _open_wave(survey),
        _next_wave(survey),
    ]
    text = section("\n".join(line for line in lines if line))
    buttons = [button(_("Results"), RESULTS, survey.id)]
    is_ending = survey.is_over or (survey.ending is not None and survey.ending.is_decided)
    if survey.is_composed and survey.status != "ended":
        buttons.append(button(_("Edit"), EDIT, survey.id))
    if survey.is_composed:
        buttons.append(button(_("Duplicate"), DUPLICATE, survey.id))
    if not is_ending:
        if survey.status == "active":
            buttons.append(button(_("Pause"), PAUSE, survey.id))
        elif survey.status == "paused":
            buttons.append(button(_("Resume"), RESUME, survey.id, style="primary"))
        buttons.append(_end_button(survey))
    return [text, actions(buttons)]


def _status(survey: SurveySummary) -> str:
    """Return a survey's status. A survey asked once has ended when its wave opens."""
    if survey.status == "ended" and not survey.is_over:
        if survey.ending and survey.ending.is_decided:
            return _("ended, closes {moment}").format(moment=_moment(survey.open_until))
        return _("running until {moment}").format(moment=_moment(survey.open_until))
    return _(_STATUSES[survey.status])


_STATUSES: Final = {
    "active": marked("active"),
    "paused": marked("paused"),
    "ended": marked("ended"),
}


def _end_button(survey: SurveySummary) -> Block:
    label = _("End")
    happens = _("“{name}” won't be asked any more. This can't be undone.")
    needed = ""
    if survey.open_until and not survey.is_closing:
        label = _("End early")
        happens = _(
            "“{name}” closes as soon as everybody has had a day to answer, and won't be asked "
            "again."
        )
        if survey.ending:
            needed = f" {_needed(survey.ending)}".rstrip()
            if survey.ending.at_once:
                happens = _("“{name}” closes within a minute, and won't be asked again.")
    happens = happens.format(name=shorten(shown_name(survey.name), 80)) + needed
    question = confirmation(_("End this survey?"), happens, yes=_("End it"), no=_("Keep it"))
    return button(label, END, survey.id, confirm=question)


def _open_wave(survey: SurveySummary) -> str:
    if survey.is_closing:
        return _("Its wave is closing now.")
    if survey.open_until is None or survey.status == "ended":
        return ""
    return _("A wave is open until {moment}.").format(moment=_moment(survey.open_until))


def _next_wave(survey: SurveySummary) -> str:
    if survey.next_open_at is None or survey.status != "active":
        return ""
    if survey.plan.ask_at is None:
        return _("Its wave opens now.")
    when = when_asked(survey.next_on, survey.plan.ask_at)
    return _("The next wave opens {when}.").format(when=when)


def _moment(moment: datetime | None) -> str:
    return local_time(moment) if moment else ""


def day_words(day: date) -> str:
    """Write a date, such as 3 November 2026."""
    return write_day(day)


def duration(hours: int) -> str:
    """Return how long a wave stays open, in the words of the form."""
    if hours % 168 == 0:
        return plural(hours // 168, "week")
    return plural(hours // 24, "day") if hours % 24 == 0 else plural(hours, "hour")
