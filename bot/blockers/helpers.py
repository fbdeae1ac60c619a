"""Which colleagues can be asked for help, and which are left in peace."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.attention.readers import is_absent
from bot.errors import UserError
from bot.languages import _, marked
from bot.mentoring.finder import service as finder
from bot.mentoring.rounds.read_pool import OpenTransaction
from models import Blocker, BlockerPreference, BlockerRequest, Employee, MentoringProfile

USUAL_MOST_A_WEEK: Final = 2
WEEK: Final = timedelta(days=7)
EXPERTS_SHOWN: Final = 3
TEAMMATES_SHOWN: Final = 2

YOURSELF: Final = marked("You can't ask yourself; please choose a colleague.")
THE_ASKER: Final = marked("They are the one who asks; please choose somebody else.")
NOT_A_COLLEAGUE: Final = marked(
    "Only colleagues of this workspace can be asked: no guests, apps or people from elsewhere. "
    "Please choose somebody else."
)
ASKED_BEFORE: Final = marked("They were asked about this already. Please choose somebody else.")
NOT_NOW: Final = marked("They can't be asked just now. Please choose somebody else.")


class Because(StrEnum):
    """Why somebody is proposed."""

    TOPIC = "topic"
    TEAM = "team"
    MANAGER = "manager"


@dataclass(frozen=True)
class Candidate:
    """A colleague who could help."""

    id: str
    because: Because
    team: str | None


async def propose(
    reading: OpenTransaction, actor: Actor, blocker_id: str, topic: str, now: datetime
) -> list[Candidate]:
    """Return up to six colleagues: who know about the topic, two of the team, the manager.

    It leaves out people who are away, were asked enough this week, or were asked about this before,
    and those whom the asker never wants to be paired with. Somebody who never wants to be paired
    with the asker stays: a list without them would reveal it. In the team, people who were asked
    least this week come first.
    """
    experts = await _experts(reading, actor, topic, now) if topic else ()
    async with reading() as session:
        asker = await session.get_one(Employee, (actor.workspace_id, actor.user_id))
        apart = await _kept_apart(session, actor) | {actor.user_id}
        named = [each.id for each in experts] + [asker.manager_id or ""]
        free = await _free(session, actor.workspace_id, blocker_id, named, now)
        team = await _teammates(session, asker, blocker_id, apart, now) if asker.team else []
    candidates = {
        each.id: Candidate(
            each.id, Because.MANAGER if each.id == asker.manager_id else Because.TOPIC, each.team
        )
        for each in free
        if each.id not in apart
    }
    leading = [each for each in candidates.values() if each.because is Because.MANAGER]
    knowing = [each for each in candidates.values() if each.because is Because.TOPIC]
    shown = knowing[:EXPERTS_SHOWN]
    known = {each.id for each in (*shown, *leading)}
    of_team = [Candidate(each.id, Because.TEAM, each.team) for each in team if each.id not in known]
    return [*shown, *of_team[:TEAMMATES_SHOWN], *leading]


async def _experts(
    reading: OpenTransaction, actor: Actor, topic: str, now: datetime
) -> Sequence[finder.Expert]:
    """Find who offers the topic; comparing spellings takes longer, so it comes second."""
    async with reading() as session:
        exactly = await finder.find_exactly(session, actor, topic, now)
    return exactly or (await finder.find(reading, actor, topic, now)).experts


async def require_askable(
    session: AsyncSession, blocker: Blocker, helper_id: str, now: datetime
) -> None:
    """Raise UserError if this person can't be asked about a blocker.

    Being away, having been asked enough, and never wanting to be paired give the same sentence.
    Locks the helper's row, so that two who ask at once do not both get the last place.
    """
    workspace_id = blocker.workspace_id
    if helper_id == blocker.asker_id:
        raise UserError(_(THE_ASKER) if blocker.status == "asked" else _(YOURSELF))
    helper = await session.get(
        Employee, (workspace_id, helper_id), with_for_update={"key_share": True}
    )
    if helper is None or not helper.active:
        raise UserError(_(NOT_A_COLLEAGUE))
    if await session.get(BlockerRequest, (workspace_id, blocker.id, helper_id)):
        raise UserError(_(ASKED_BEFORE))
    is_free = await _free(session, workspace_id, blocker.id, [helper_id], now)
    if not is_free or await _are_kept_apart(session, workspace_id, helper_id, blocker.asker_id):
        raise UserError(_(NOT_NOW))


async def _free(
    session: AsyncSession,
    workspace_id: str,
    blocker_id: str,
    people: Collection[str],
    now: datetime,
) -> Sequence[Employee]:
    """Return those of these people who can be asked now, in the order of `people`."""
    found = await session.scalars(
        select(Employee).where(
            Employee.workspace_id == workspace_id,
            Employee.id.in_(people),
            *_can_be_asked(blocker_id, now),
        )
    )
    by_id = {each.id: each for each in found}
    return [by_id[each] for each in people if each in by_id]


async def _teammates(
    session: AsyncSession, asker: Employee, blocker_id: str, apart: Collection[str], now: datetime
) -> Sequence[Employee]:
    rows = await session.scalars(
        select(Employee)
        .where(
            Employee.workspace_id == asker.workspace_id,
            Employee.team == asker.team,
            Employee.id.not_in(apart),
            *_can_be_asked(blocker_id, now),
        )
        .order_by(_asked_since(now - WEEK), Employee.id)
        .limit(EXPERTS_SHOWN + TEAMMATES_SHOWN + 1)
    )
    return rows.all()


def _can_be_asked(blocker_id: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that an employee is there, and was not asked too often or before."""
    most = (
        select(BlockerPreference.most_a_week)
        .where(
            BlockerPreference.workspace_id == Employee.workspace_id,
            BlockerPreference.employee_id == Employee.id,
        )
        .scalar_subquery()
    )
    before = (
        select(BlockerRequest.blocker_id)
        .where(
            BlockerRequest.workspace_id == Employee.workspace_id,
            BlockerRequest.helper_id == Employee.id,
            BlockerRequest.blocker_id == blocker_id,
        )
        .exists()
    )
    return (
        Employee.active.is_(True),
        ~is_absent(now),
        _asked_since(now - WEEK) < func.coalesce(most, USUAL_MOST_A_WEEK),
        ~before,
    )


def _asked_since(moment: datetime) -> ColumnElement[int]:
    """Return how often an employee has been asked for help since a moment."""
    return (
        select(func.count())
        .where(
            and_(
                BlockerRequest.workspace_id == Employee.workspace_id,
                BlockerRequest.helper_id == Employee.id,
                BlockerRequest.asked_at > moment,
            )
        )
        .scalar_subquery()
    )


async def _kept_apart(session: AsyncSession, person: Actor) -> set[str]:
    """Return with whom a person never wants to be paired; the list is theirs to know."""
    profile = await session.get(MentoringProfile, (person.workspace_id, person.user_id))
    return set(profile.never_with) if profile else set()


async def _are_kept_apart(session: AsyncSession, workspace_id: str, one: str, other: str) -> bool:
    """Return True if one of the two never wants to be paired with the other."""
    return other in await _kept_apart(session, Actor(workspace_id, one)) or (
        one in await _kept_apart(session, Actor(workspace_id, other))
    )
