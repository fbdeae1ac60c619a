"""On which days a newcomer's welcome and a leaver's thanks come. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.attention.pure.calendars import Calendar
from bot.journeys.pure.milestones import (
    CORRECTION,
    LATEST,
    Choice,
    Journey,
    Step,
    working_day,
)

FIRST_DAY: Final = "joined_1"
LAST_WEEK: Final = "leaving_7"
TOO_LATE: Final = timedelta(days=7)
"""How long after the first day it still helps to tell how to prepare it."""
LOOKING: Final = timedelta(days=30)
"""How long after the first day a missing buddy is looked for."""
LOOKED_AHEAD: Final = timedelta(days=14)
_LONGEST_HOLIDAY: Final = 14
"""Days."""


@dataclass(frozen=True)
class Occasion:
    """A message that a person on a journey gets once."""

    key: str
    """Its name as a step that the person has passed, and as a kind of message."""
    journey: Journey
    after: timedelta
    """How long after the journey's anchor; below zero for before."""
    rides_on: str
    """The milestone with which HR switches it off."""


MENTOR_OFFER: Final = Occasion("mentor_offer", Journey.JOINED, timedelta(days=2), FIRST_DAY)
COFFEE_OFFER: Final = Occasion("coffee_offer", Journey.JOINED, timedelta(days=7), FIRST_DAY)
LEAVING_THANKS: Final = Occasion("leaving_thanks", Journey.LEAVING, timedelta(days=-7), LAST_WEEK)
OCCASIONS: Final = (MENTOR_OFFER, COFFEE_OFFER, LEAVING_THANKS)


def first_day(steps: Collection[Step]) -> date | None:
    """Return the day on which a person begins, or began; None if they are on no such journey."""
    return next((step.on for step in steps if step.milestone.key == FIRST_DAY), None)


def working_day_before(day: date, calendar: Calendar) -> date:
    """Return the last working day before `day`; the day before if two weeks have none."""
    before = [day - timedelta(days=number) for number in range(1, _LONGEST_HOLIDAY + 1)]
    return next((each for each in before if calendar.works_on(each)), before[0])


def is_to_be_told(starts_on: date, calendar: Calendar, today: date) -> bool:
    """Return True if a helper with this calendar is to be told of a first day now."""
    return working_day_before(starts_on, calendar) <= today < starts_on + TOO_LATE


def is_looked_for(starts_on: date, today: date) -> bool:
    """Return True if a buddy is looked for: the first day is near, or not long past."""
    return starts_on - LOOKED_AHEAD <= today < starts_on + LOOKING


def is_due(
    occasion: Occasion,
    anchors: Mapping[Journey, date],
    passed: Collection[date],
    calendar: Calendar,
    today: date,
) -> bool:
    """Return True if the message of an occasion is due on a local day.

    `passed` are the anchors from which it came before: one that was only corrected since counts.
    Whoever leaves within a week is offered nothing new.
    """
    anchor = anchors.get(occasion.journey)
    if anchor is None or any(abs(anchor - each) <= CORRECTION for each in passed):
        return False
    on = working_day(anchor + occasion.after, Choice(), calendar)
    if occasion.journey is Journey.LEAVING:
        return min(on, anchor) <= today <= anchor
    leaves_on = anchors.get(Journey.LEAVING)
    is_leaving = leaves_on is not None and today >= leaves_on + LEAVING_THANKS.after
    return on <= today < on + LATEST and not is_leaving
