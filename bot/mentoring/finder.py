"""Who knows about a topic, of those who agreed to be found; and a question to one of them."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Final

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import UserError
from bot.mentoring import outbox
from bot.mentoring.order import drawn
from bot.mentoring.profiles import is_paused, local_date, require_employee
from bot.mentoring.topics import gathered, same_topic, suggest, topic_name
from bot.people.away import is_away
from bot.slack.actor import Actor
from models import Delivery, Employee, MentoringProfile

MOST_EXPERTS: Final = 5
MOST_QUESTIONS: Final = 5
"""To experts, by one person in a day."""
MOST_SUGGESTIONS: Final = 3

NO_LONGER: Final = (
    "They can't be asked through me any more. `/mentor find` shows who else knows about it."
)
ENOUGH: Final = (
    f"You have asked {MOST_QUESTIONS} people today, so please give them a little time. You can "
    "ask again tomorrow."
)
ASKED_TODAY: Final = "You have asked them today already. Please give them a little time."


@dataclass(frozen=True)
class Expert:
    """Somebody who offers a topic."""

    id: str
    team: str | None
    years: int | None


@dataclass(frozen=True)
class Found:
    """Who offers a topic, at most five; where nobody does, topics nearby that somebody offers."""

    topic: str
    experts: tuple[Expert, ...]
    nearby: tuple[str, ...] = ()


async def find(session: AsyncSession, actor: Actor, text: str, now: datetime) -> Found:
    """Return up to five people who offer a topic; who comes first changes from day to day.

    Everybody is shown the same people, those included with whom one of the two asked never to be
    paired. To hide somebody would tell: a colleague's list has them, and either of the two may be
    shown it. `ask` keeps them apart.
    """
    topic = topic_name(text)
    await require_employee(session, actor)
    rows = (await session.execute(_findable(actor.workspace_id))).all()
    there = [
        (profile, employee)
        for profile, employee in rows
        if employee.id != actor.user_id
        and not is_paused(profile.paused_until, local_date(employee, now))
        and not is_away(employee.away_until, now)
    ]
    name_of = gathered(Counter(chain([topic], *(profile.offers for profile, _ in there))))
    experts = [
        Expert(employee.id, employee.team, profile.experience_years)
        for profile, employee in there
        if name_of[topic] in {name_of[offer] for offer in profile.offers}
    ]
    if experts:
        return Found(topic, tuple(drawn(experts, now.toordinal())[:MOST_EXPERTS]))
    offered = {offer for profile, _ in there for offer in profile.offers}
    near = [*(topic_name(word) for word in text.split()), *(each.name for each in suggest(text))]
    nearby = dict.fromkeys(name for name in near if name in offered)
    return Found(topic, (), tuple(nearby)[:MOST_SUGGESTIONS])


async def check_can_ask(
    session: AsyncSession, actor: Actor, expert_id: str, topic: str, now: datetime
) -> None:
    """Return when the expert can be asked; raise UserError with the reason otherwise."""
    await require_employee(session, actor)
    profile = await session.get(MentoringProfile, (actor.workspace_id, expert_id))
    expert = await session.get(Employee, (actor.workspace_id, expert_id))
    if (
        profile is None
        or expert is None
        or not expert.active
        or not profile.findable
        or not any(same_topic(topic, offer) for offer in profile.offers)
    ):
        raise UserError(NO_LONGER)
    today = f"{actor.user_id}:{now.date().isoformat()}"
    asked = select(func.count()).where(
        Delivery.workspace_id == actor.workspace_id,
        Delivery.asked_by == actor.user_id,
        Delivery.key.startswith(f"{outbox.QUESTION}:{today}:", autoescape=True),
    )
    if (await session.scalar(asked) or 0) >= MOST_QUESTIONS:
        raise UserError(ENOUGH)
    key = outbox.key_of(outbox.QUESTION, today, expert_id)
    same = select(Delivery.id).where(
        Delivery.workspace_id == actor.workspace_id, Delivery.key == key
    )
    if await session.scalar(same):
        raise UserError(ASKED_TODAY)


async def ask(
    session: AsyncSession, actor: Actor, expert_id: str, topic: str, text: str, now: datetime
) -> datetime:
    """Send somebody's question to an expert; return when it will be there.

    The question to an expert who asked never to be paired with the asker is taken like any other,
    but `bot.mentoring.messages` never composes it. Its row ends like that of one which was sent:
    the asker reads it with `/pulse my-data`. An asker who named the expert is free to ask.
    """
    await check_can_ask(session, actor, expert_id, topic, now)
    return await outbox.enqueue(
        session,
        actor.workspace_id,
        outbox.QUESTION,
        expert_id,
        f"{actor.user_id}:{now.date().isoformat()}",
        now,
        asked_by=actor.user_id,
        asker=actor.user_id,
        topic=topic,
        text=text,
    )


def _findable(workspace_id: str) -> Select[MentoringProfile, Employee]:
    return (
        select(MentoringProfile, Employee)
        .join(
            Employee,
            (Employee.workspace_id == MentoringProfile.workspace_id)
            & (Employee.id == MentoringProfile.employee_id),
        )
        .where(
            MentoringProfile.workspace_id == workspace_id,
            MentoringProfile.findable.is_(True),
            Employee.active.is_(True),
        )
        .order_by(Employee.id)
    )
