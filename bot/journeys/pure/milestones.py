"""Who reaches which milestone on which day. Pure.

A journey begins at a date of the person, its anchor: the first day, the last day, or the first day
after a long leave. A milestone is a day of a journey. It comes on the person's first working day
from then on: on no holiday, and not while they are away. Day 1 is the anchor itself.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from bot.attention.pure.calendars import Calendar
from bot.attention.pure.zones import zone_of
from bot.languages import marked

ASK_AT: Final = time(10)
LATEST: Final = timedelta(days=14)
"""How long a milestone can still come if its day was missed, such as after an outage."""
LONGEST_AWAY: Final = timedelta(days=60)
"""How far ahead a working day is looked for."""
CORRECTION: Final = timedelta(days=90)
"""A date that moves by at most this much is corrected; one that moves further begins anew."""


class Journey(StrEnum):
    """The kinds of journey, by the date that begins each."""

    JOINED = "hired_on"
    LEAVING = "leaves_on"
    BACK = "back_on"


@dataclass(frozen=True)
class Milestone:
    """One day of a journey."""

    key: str
    journey: Journey
    after: timedelta
    """How long after the anchor; below zero for before."""
    name: str
    """What people read, such as `Day 30`; the name of its survey."""
    questions: tuple[str, ...] = ()
    """Keys of its prepared questions in the bank; empty for a milestone that asks nothing."""

    @property
    def asks(self) -> bool:
        """True if it asks questions."""
        return bool(self.questions)


def _day(number: int) -> timedelta:
    return timedelta(days=number - 1)


MILESTONES: Final = (
    Milestone("joined_1", Journey.JOINED, _day(1), marked("Welcome", "survey")),
    Milestone(
        "joined_7",
        Journey.JOINED,
        _day(7),
        marked("New here: the first week", "survey"),
        ("onboarding_ready_equipment", "onboarding_early_help", "communication_whom_to_ask"),
    ),
    Milestone(
        "joined_30",
        Journey.JOINED,
        _day(30),
        marked("New here: day 30", "survey"),
        ("onboarding_as_described", "role_know_expected", "manager_available", "belonging_at_ease"),
    ),
    Milestone(
        "joined_60",
        Journey.JOINED,
        _day(60),
        marked("New here: day 60", "survey"),
        ("role_first_things", "manager_useful_feedback", "growth_learned_lately"),
    ),
    Milestone(
        "joined_90",
        Journey.JOINED,
        _day(90),
        marked("New here: day 90", "survey"),
        (
            "onboarding_left_alone",
            "belonging_help_when_stuck",
            "growth_next_step",
            "commitment_plan_to_stay",
            "commitment_suggest_to_friend",
        ),
    ),
    Milestone(
        "leaving_7",
        Journey.LEAVING,
        timedelta(days=-7),
        marked("Before leaving", "survey"),
        (
            "leaving_growth",
            "leaving_led",
            "leaving_workload",
            "leaving_valued",
            "commitment_suggest_to_friend",
        ),
    ),
    Milestone(
        "back_7",
        Journey.BACK,
        _day(7),
        marked("Back from leave: the first week", "survey"),
        ("return_prepared", "return_told_changes", "workload_normal_hours"),
    ),
    Milestone(
        "back_30",
        Journey.BACK,
        _day(30),
        marked("Back from leave: day 30", "survey"),
        ("return_left_out", "role_know_expected", "autonomy_own_day"),
    ),
    Milestone(
        "back_90",
        Journey.BACK,
        _day(90),
        marked("Back from leave: day 90", "survey"),
        ("return_same_chances", "growth_next_step", "wellbeing_energy_left"),
    ),
)
BY_KEY: Final[Mapping[str, Milestone]] = {each.key: each for each in MILESTONES}
PLACES: Final[Mapping[str, int]] = {each.key: place for place, each in enumerate(MILESTONES, 1)}
"""Places in which milestones are listed, by key."""


@dataclass(frozen=True)
class Choice:
    """What HR chose for a milestone."""

    is_on: bool = True
    weekday: int | None = None
    """The weekday on which it comes, 0 for Monday; empty for the next working day."""
    ask_at: time = ASK_AT
    """Local time of the person."""


@dataclass(frozen=True)
class Passed:
    """A milestone that a person has passed."""

    milestone: str
    anchor: date
    """The date that its day was counted from."""
    on: date


@dataclass(frozen=True)
class Step:
    """A milestone of a person's path."""

    milestone: Milestone
    anchor: date
    on: date
    """The local day on which it comes, or came."""
    until: date
    """The first day on which it is too late."""
    is_passed: bool
    """True if the person was greeted or asked."""


def path(
    anchors: Mapping[Journey, date],
    choices: Mapping[str, Choice],
    calendar: Calendar,
    passed: Collection[Passed] = (),
) -> tuple[Step, ...]:
    """Return the milestones of a person in the order of their days.

    `choices` has HR's choice by milestone; one that is missing or switched off is left out, unless
    it is passed. A milestone ends where the next one of its journey begins. Whoever leaves is asked
    no other questions from the milestone before leaving on.
    """
    found = []
    anchors = without_stale(anchors)
    for journey, anchor in anchors.items():
        ours = [each for each in MILESTONES if each.journey is journey]
        for number, milestone in enumerate(ours):
            before = _passed_before(passed, milestone, anchor)
            choice = choices.get(milestone.key, Choice(is_on=False))
            if before:
                found.append(Step(milestone, anchor, before.on, before.on, is_passed=True))
            elif choice.is_on:
                following = ours[number + 1].after if number + 1 < len(ours) else None
                found.append(_to_come(milestone, anchor, following, choice, calendar))
    if Journey.LEAVING in anchors:
        parting = anchors[Journey.LEAVING] + BY_KEY["leaving_7"].after
        found = [
            each
            for each in found
            if each.is_passed or each.on < parting or each.milestone.journey is Journey.LEAVING
        ]
    return tuple(sorted(found, key=lambda step: (step.on, step.milestone.key)))


def without_stale(anchors: Mapping[Journey, date]) -> Mapping[Journey, date]:
    """Leave out a last day before the first one: it is of an earlier employment."""
    first, last = anchors.get(Journey.JOINED), anchors.get(Journey.LEAVING)
    if first is None or last is None or first <= last:
        return anchors
    return {journey: day for journey, day in anchors.items() if journey is not Journey.LEAVING}


def _to_come(
    milestone: Milestone,
    anchor: date,
    following: timedelta | None,
    choice: Choice,
    calendar: Calendar,
) -> Step:
    """Return a step that is not passed; `following` is the day of the next one of its journey."""
    on = working_day(anchor + milestone.after, choice, calendar)
    ends = [on + LATEST]
    if following is not None:
        ends.append(anchor + following)
    if milestone.journey is Journey.LEAVING:
        # On the last day it would be too late to answer in peace.
        ends.append(anchor)
    return Step(milestone, anchor, on, min(ends), is_passed=False)


def due(steps: Sequence[Step], calendar: Calendar, today: date) -> tuple[Step, ...]:
    """Return the steps that come today: their day is reached, not over, and a working day."""
    return tuple(
        step
        for step in steps
        if not step.is_passed
        and step.on <= today < step.until
        and (step.on == today or _is_there(today, ASK_AT, calendar))
    )


def working_day(day: date, choice: Choice, calendar: Calendar) -> date:
    """Return the first day from `day` on that suits: a working day on which the person is there.

    Without one on HR's weekday within two weeks the first working day counts, and without one
    within LONGEST_AWAY `day` itself.
    """
    days = (day + timedelta(days=number) for number in range(LONGEST_AWAY.days))
    first = next((each for each in days if _is_there(each, choice.ask_at, calendar)), day)
    if choice.weekday is None:
        return first
    soon = (first + timedelta(days=number) for number in range(LATEST.days))
    return next(
        (
            each
            for each in soon
            if each.weekday() == choice.weekday and _is_there(each, choice.ask_at, calendar)
        ),
        first,
    )


def _is_there(day: date, at: time, calendar: Calendar) -> bool:
    moment = datetime.combine(day, at, zone_of(calendar.zone)).astimezone(UTC)
    return calendar.works_on(day) and calendar.away_until(moment) is None


def _passed_before(passed: Collection[Passed], milestone: Milestone, anchor: date) -> Passed | None:
    """Return the passing of a milestone, although its date may have been corrected since."""
    return next(
        (
            each
            for each in passed
            if each.milestone == milestone.key and abs(anchor - each.anchor) <= CORRECTION
        ),
        None,
    )
