"""Mentoring at Brightwater: who offers and looks for what, and how the past's pairs got on."""

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.mentoring.pairs import service as pairs
from bot.mentoring.pairs.service import About, Met
from bot.mentoring.profiles import service as profiles
from bot.mentoring.profiles.service import Profile
from bot.mentoring.programme import service as programme
from bot.mentoring.proposals import service as proposals
from models import MentoringFeedback, MentoringMatch, MentoringMeeting
from sandbox.demo.brightwater import MENTOR
from sandbox.demo.staff import DemoPerson

WEEKS_BETWEEN_ROUNDS: Final = 4
PAIRS_MEET_WEEKS: Final = 16

OFFERS: Final[Mapping[str, tuple[str, ...]]] = {
    MENTOR: ("Public speaking",),
    "rui": ("Software architecture", "Kubernetes"),
    "chloé": ("Technical leadership", "Code review"),
    "arjun": ("Kubernetes", "Data engineering"),
    "carlos": ("UX design", "User research"),
    "ingrid": ("Giving feedback",),
    "eszter": ("Negotiation",),
    "mila": ("Customer support", "Work and life"),
    "astrid": ("Spreadsheets",),
    "aditi": ("Writing",),
    "kofi": ("Leadership", "Career planning"),
    "ines": ("Management",),
}
WANTS: Final[Mapping[str, str]] = {
    "felix": "Software architecture",
    "sofia": "Leadership",
    "mateus": "Giving feedback",
    "yuki": "Kubernetes",
    "olena": "Technical leadership",
    "beatriz": "Code review",
    "paul": "Data engineering",
    "rita": "UX design",
    "jan": "Career planning",
    "fatima": "Negotiation",
    "kwame": "Leadership",
    "lucia": "Work and life",
    "hassan": "Customer support",
    "tiago": "Management",
    "catarina": "Writing",
    "nia": "Spreadsheets",
    "milan": "Rust",
}
"""Nobody offers Rust, so that HR sees where a mentor is missing."""

YES: Final = 0.85
"""How probable it is that a mentor says yes."""
MET: Final = 0.75
"""The same, that a pair met since it was last asked."""


async def join(
    session: AsyncSession, workspace_id: str, people: Iterable[DemoPerson], now: datetime
) -> None:
    """Let those who like to take part fill in their profiles."""
    for person in people:
        offers = OFFERS.get(person.handle, ())
        wants = (WANTS[person.handle],) if person.handle in WANTS else ()
        if offers or wants:
            profile = Profile(
                offers=offers,
                wants=wants,
                experience_years=now.year - int(person.hired_on[:4]) + 3,
                languages=tuple(sorted({"en", person.place.locale[:2]})),
                capacity=2,
                findable=bool(offers),
            )
            actor = Actor(workspace_id, person.id)
            await profiles.save(session, actor, profile, now)


async def plan_rounds(session: AsyncSession, maya: Actor, now: datetime) -> None:
    """Let Maya hold a round every few weeks."""
    await programme.save_programme(
        session,
        maya,
        programme.DEFAULT_WEIGHTS,
        length_weeks=PAIRS_MEET_WEEKS,
        every_weeks=WEEKS_BETWEEN_ROUNDS,
        coffee_weeks=None,
        now=now,
    )


async def answer_all(session: AsyncSession, workspace_id: str, now: datetime) -> None:
    """Let everybody answer what mentoring has asked them, as the buttons would."""
    matches = await session.scalars(
        select(MentoringMatch)
        .where(
            MentoringMatch.workspace_id == workspace_id,
            MentoringMatch.status.in_(("proposed", "accepted", "active")),
        )
        .order_by(MentoringMatch.mentee_id)
    )
    for match in matches.all():
        mentor, mentee = (Actor(workspace_id, each) for each in (match.mentor_id, match.mentee_id))
        if match.status == "proposed":
            says_yes = _chance(match, "yes").random() < YES
            answer = proposals.accept if says_yes else proposals.decline
            await answer(session, mentor, match.id, now)
        elif match.status == "accepted":
            await proposals.confirm(session, mentee, match.id, now)
        else:
            await _tell_how_it_goes(session, match, (mentor, mentee), now)


async def _tell_how_it_goes(
    session: AsyncSession, match: MentoringMatch, two: Sequence[Actor], now: datetime
) -> None:
    unanswered = await session.scalars(
        select(MentoringMeeting.number).where(
            MentoringMeeting.workspace_id == match.workspace_id,
            MentoringMeeting.match_id == match.id,
            MentoringMeeting.outcome.is_(None),
        )
    )
    for number in unanswered.all():
        chance = _chance(match, f"met {number}")
        met = Met.YES if chance.random() < MET else Met.NOT_YET
        await pairs.answer_meeting(session, two[1], match.id, number, met, now)
        if met is Met.YES:
            for one in two:
                rating = chance.choice((3, 4, 4))
                await pairs.rate(session, one, match.id, About.MEETING, number, rating)
    if match.fit_asked and not await _fit_is_told(session, match):
        chance = _chance(match, "fit")
        for one in two:
            await pairs.rate(session, one, match.id, About.FIT, 0, chance.choice((3, 3, 4)))


async def _fit_is_told(session: AsyncSession, match: MentoringMatch) -> bool:
    found = await session.scalar(
        select(MentoringFeedback.rating)
        .where(
            MentoringFeedback.workspace_id == match.workspace_id,
            MentoringFeedback.match_id == match.id,
            MentoringFeedback.about == About.FIT.value,
        )
        .limit(1)
    )
    return found is not None


def _chance(match: MentoringMatch, what: str) -> random.Random:
    """Draw the same for the same two people, whatever the match's random id."""
    return random.Random(f"{match.mentor_id}:{match.mentee_id}:{what}")
