"""The year before the company's weeks: who joins or leaves is asked at milestones, nothing else.

A milestone's answers wait for those of others: with two newcomers a month, its first figures take
half a year.
"""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from bot.journeys import blocks as journeys
from sandbox.demo.acts import Act
from sandbox.demo.company import MAYA, Company
from sandbox.demo.players import Players
from scheduler.insights import publish_waves
from scheduler.pulse import close_waves, open_waves
from scheduler.schedule import SCHEDULE

YEAR: Final = timedelta(weeks=52)
LOOKS_EVERY: Final = timedelta(weeks=4)
"""Milestones are looked for so seldom then, to be quick: some come two weeks late."""
YEAR_JOBS: Final = tuple(
    entry for entry in SCHEDULE if entry.job in (open_waves, close_waves, publish_waves)
)


def departures(company: Company, story_began: datetime) -> list[Act]:
    """Return the days after people's last, in the order of time since the story's first Monday."""
    acts = []
    for person in company.left:
        last_day = datetime.fromisoformat(person.leaves_on).replace(tzinfo=UTC)
        gone = last_day + timedelta(days=1) - story_began
        acts.append(Act(gone, partial(Players.let_go, person=person)))
    return acts


async def start_journeys(players: Players) -> None:
    """Switch on all milestones, as HR does."""
    view = await players.command(MAYA, "/journey", "")
    await players.press(MAYA, journeys.START, view)
    await players.close_forms(MAYA)
