"""Goals pressed twice at once, shared with people who can't see them, and in a pair's agenda."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import FieldErrors, UserError
from bot.goals import service
from bot.goals.messages import compose_shared
from bot.goals.views import Draft
from bot.mentoring.pairs.blocks import SHARED_GOALS
from bot.mentoring.pairs.messages import compose_nudge
from bot.outbox.kinds import Composing
from models import Delivery, Employee, Goal, MentoringMeeting, MentoringProfile
from models.database import Sessions
from tests.conftest import NOW
from tests.factories import WORKSPACE, company, match
from tests.mentoring.programmes import actor, person

ANN, BOB, CAT = (person(number) for number in range(3))
DRAFT = Draft("Learn Rust", "A tool runs", date(2027, 2, 1))


async def test_presses_at_once_write_no_fourth_goal(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await company(session, {"Design": 3})

    async def write() -> bool:
        async with sessions.begin() as session:
            try:
                await service.write(session, actor(ANN), None, DRAFT, NOW)
            except UserError:
                return False
            return True

    assert sum(await asyncio.gather(*(write() for _ in range(5)))) == service.MOST_GOALS


async def written(session: AsyncSession) -> Goal:
    await company(session, {"Design": 3})
    await service.write(session, actor(ANN), None, DRAFT, NOW)
    return (await session.scalars(select(Goal))).one()


@pytest.mark.parametrize("why", ["oneself", "unknown", "a guest", "away", "kept apart", "avoided"])
async def test_one_sentence_refuses_all_who_cannot_see_a_goal(
    session: AsyncSession, why: str
) -> None:
    goal = await written(session)
    bob = await session.get_one(Employee, (WORKSPACE, BOB))
    bob.active = why != "a guest"
    bob.away_until = NOW + timedelta(days=9) if why == "away" else None
    never = {"kept apart": (BOB, ANN), "avoided": (ANN, BOB)}.get(why)
    if never:
        profile = MentoringProfile(
            workspace_id=WORKSPACE, employee_id=never[0], never_with=[never[1]], joined_at=NOW
        )
        session.add(profile)
    await session.flush()
    whom = {"oneself": ANN, "unknown": "U0NOBODY"}.get(why, BOB)
    with pytest.raises(FieldErrors) as refused:
        await service.share(session, actor(ANN), goal.id, whom, NOW)
    assert refused.value.fields == {service.PERSON_FIELD: service.CANNOT_SHARE}
    assert goal.shared_with is None


async def test_sharing_again_tells_once_and_taking_back_in_time_tells_nobody(
    session: AsyncSession,
) -> None:
    goal = await written(session)
    for _ in range(2):
        await service.share(session, actor(ANN), goal.id, BOB, NOW)
    (told,) = (await session.scalars(select(Delivery))).all()
    composing = Composing(NOW, None)
    assert await compose_shared(session, told, composing)
    await service.take_back(session, actor(ANN), goal.id)
    assert await compose_shared(session, told, composing) is None


@pytest.mark.parametrize("viewer", [BOB, CAT, None])
async def test_a_pairs_agenda_opens_what_the_mentee_shares_with_the_mentor(
    session: AsyncSession, viewer: str | None
) -> None:
    goal = await written(session)
    if viewer:
        await service.share(session, actor(ANN), goal.id, viewer, NOW)
    pair = match(ANN, mentor_id=BOB, nudges=1, ends_at=NOW + timedelta(weeks=8))
    session.add(pair)
    await session.flush()
    session.add(MentoringMeeting(workspace_id=WORKSPACE, match_id=pair.id, number=1, asked_at=NOW))
    asking = Delivery(
        workspace_id=WORKSPACE, key="k", kind="mentor_nudge", recipient=BOB, due_at=NOW,
        look_at=NOW, status="claimed", detail={"match": pair.id, "number": 1},
    )  # fmt: skip
    message = await compose_nudge(session, asking, Composing(NOW, None))
    assert message
    assert (SHARED_GOALS in str(message.blocks)) == (viewer == BOB)
    assert DRAFT.text not in str(message.blocks), "Slack keeps messages"
