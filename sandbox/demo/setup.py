"""What Maya sets up at Brightwater: two surveys, digest, alerts, and mentoring with its people."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.digest import alerts
from bot.digest import service as digest
from bot.digest.pure.posting_time import Rhythm
from bot.mentoring.profiles import service as profiles
from bot.mentoring.programme import service as programme
from bot.preferences import service as preferences
from bot.preferences.service import Usual
from bot.surveys import service as surveys
from bot.surveys.audience import Audience, AudienceKind
from bot.surveys.drafts import NewQuestion, NewSurvey, Repeating
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.schedule import Cadence
from sandbox.demo.company import (
    HR_CHANNEL,
    NEWCOMERS_CHANNEL,
    OFFERS,
    TEAM_ID,
    WANTS,
    Company,
    DemoPerson,
)

MONDAY, TUESDAY, WEDNESDAY = 0, 1, 2
OPEN_HOURS: Final = 72
"""Both surveys close before the week ends, so that none is open when the digest comes on Monday."""
WEEKLY_QUESTIONS: Final = (
    "workload_normal_hours",
    "wellbeing_energy_left",
    "commitment_suggest_to_friend",
)
ONBOARDING_QUESTIONS: Final = ("onboarding_early_help", "onboarding_left_alone")

WEEKS_BETWEEN_ROUNDS: Final = 4
PAIRS_MEET_WEEKS: Final = 16


async def set_up(session: AsyncSession, company: Company, now: datetime) -> None:
    """Create everything that runs from the start of the company's past."""
    maya = Actor(TEAM_ID, company.people[0].id)
    # Visitors ask one more survey and start a round, whatever the week has had by then.
    await preferences.save_usual(session, maya, Usual(4, time(9), time(17)), now)
    newcomers = {person.id for person in company.newcomers}
    await surveys.create_survey(session, maya, weekly_pulse(), None, now)
    await surveys.create_survey(session, maya, onboarding_check(), newcomers, now)
    await digest.subscribe(session, maya, HR_CHANNEL, Rhythm(MONDAY, time(9)), now)
    await alerts.set_channel(session, maya, HR_CHANNEL, now)
    await set_up_mentoring(session, maya, company.people, now)


def weekly_pulse() -> NewSurvey:
    """Return what everybody is asked on Tuesday mornings."""
    return NewSurvey(
        name="Weekly pulse",
        questions=_from_bank(WEEKLY_QUESTIONS),
        audience=Audience(AudienceKind.EVERYONE),
        when=Repeating(Cadence.WEEKLY, TUESDAY, "1st", time(10)),
        open_hours=OPEN_HOURS,
    )


def onboarding_check() -> NewSurvey:
    """Return what newcomers are asked every other Wednesday."""
    return NewSurvey(
        name="Settling in",
        questions=_from_bank(ONBOARDING_QUESTIONS),
        audience=Audience(AudienceKind.CHANNEL, NEWCOMERS_CHANNEL),
        when=Repeating(Cadence.BIWEEKLY, WEDNESDAY, "1st", time(14)),
        open_hours=OPEN_HOURS,
    )


def _from_bank(keys: Sequence[str]) -> tuple[NewQuestion, ...]:
    bank = load_bank()
    return tuple(NewQuestion.from_bank(bank.get(key)) for key in keys)


async def set_up_mentoring(
    session: AsyncSession, maya: Actor, people: Iterable[DemoPerson], now: datetime
) -> None:
    """Plan a round every few weeks, and fill in the profiles of those who take part."""
    await programme.save_programme(
        session,
        maya,
        programme.DEFAULT_WEIGHTS,
        length_weeks=PAIRS_MEET_WEEKS,
        every_weeks=WEEKS_BETWEEN_ROUNDS,
        coffee_weeks=None,
        now=now,
    )
    for person in people:
        offers = tuple(OFFERS.get(person.handle, ()))
        wants = (WANTS[person.handle],) if person.handle in WANTS else ()
        if offers or wants:
            profile = profiles.Profile(
                offers=offers,
                wants=wants,
                experience_years=now.year - int(person.hired_on[:4]) + 3,
                languages=tuple(sorted({"en", person.place.locale[:2]})),
                capacity=2,
                findable=bool(offers),
            )
            await profiles.save(session, Actor(TEAM_ID, person.id), profile, now)
