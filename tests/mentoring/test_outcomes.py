"""Outcomes are of many people, and tell nothing of one."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from bot.mentoring.outcomes import (
    Measure,
    may_publish,
    may_show_share,
    publish_outcomes,
    published,
)
from models import MentoringFeedback, MentoringMatch, MentoringMeeting
from tests.conftest import NOW
from tests.factories import WORKSPACE
from tests.mentoring.programmes import mentee, person, programme

K = 5


@given(st.lists(st.integers(0, 40), max_size=30))
def test_two_figures_never_differ_by_fewer_than_k_people(counts: list[int]) -> None:
    released: list[int] = []
    for count in counts:
        if may_publish(count, released[-1] if released else None, K):
            released.append(count)
    assert all(count >= K for count in released)
    assert all(abs(later - earlier) >= K for earlier, later in pairwise(released))


@given(st.integers(1, 60), st.data())
def test_a_share_hides_everybody_on_either_side(people: int, data: st.DataObject) -> None:
    yes = data.draw(st.integers(0, people))
    if may_show_share(yes / people, people, K):
        assert yes == 0 or yes >= K
        assert people - yes == 0 or people - yes >= K
        assert people >= 2 * K


async def pairs(session: AsyncSession, first: int, last: int) -> None:
    """Store finished pairs of which each has met once and says that it fits."""
    for number in range(first, last):
        match = MentoringMatch(
            workspace_id=WORKSPACE,
            id=f"{number:032x}",
            mentor_id=person(number),
            mentee_id=person(number + 100),
            status="completed",
            score=0.5,
            reasons=[],
            waiting_since=NOW,
            proposed_at=NOW,
            started_at=NOW,
            closed_at=NOW,
        )
        session.add(match)
        await session.flush()
        key = {"workspace_id": WORKSPACE, "match_id": match.id}
        session.add(MentoringMeeting(**key, number=1, asked_at=NOW, outcome="met"))
        session.add(
            MentoringFeedback(**key, employee_id=match.mentee_id, about="fit", number=0, rating=4)
        )
    await session.flush()


async def test_figures_appear_with_enough_people_and_move_in_steps(session: AsyncSession) -> None:
    await programme(session)
    await pairs(session, 0, 4)
    await publish_outcomes(session, WORKSPACE, NOW)
    assert set(await published(session, WORKSPACE)) == {Measure.MEETINGS}, "eight people met"
    await pairs(session, 4, 5)
    await publish_outcomes(session, WORKSPACE, NOW)
    shown = await published(session, WORKSPACE)
    assert shown[Measure.MATCHED].value == 5
    assert Measure.FIT not in shown, "all five say the same"
    await pairs(session, 5, 9)
    await publish_outcomes(session, WORKSPACE, NOW)
    assert (await published(session, WORKSPACE))[Measure.MATCHED].value == 5
    await pairs(session, 9, 10)
    await publish_outcomes(session, WORKSPACE, NOW)
    shown = await published(session, WORKSPACE)
    assert shown[Measure.MATCHED].value == 10
    assert shown[Measure.FIT].value == 1.0


async def test_how_many_wait_is_taken_back_when_few_do(session: AsyncSession) -> None:
    waiting = [mentee(person(number)) for number in range(6)]
    await programme(session, *waiting)
    assert await publish_outcomes(session, WORKSPACE, NOW)
    assert (await published(session, WORKSPACE))[Measure.WAITING].value == 6
    for profile in waiting[:3]:
        profile.looking_since = None
    await session.flush()
    assert await publish_outcomes(session, WORKSPACE, NOW)
    assert await published(session, WORKSPACE) == {}
    assert not await publish_outcomes(session, WORKSPACE, NOW)
