"""Finds experts among the people who agreed to be found, and asks one of them a question."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final

from sqlalchemy import Select, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.attention import readers
from bot.attention.pure.good_moments import good_moment
from bot.errors import UserError
from bot.languages import _, marked, write_number
from bot.mentoring.enqueue import calendar_of, enqueue, key_of
from bot.mentoring.profiles.offers import PLACES, offer_key
from bot.mentoring.profiles.pure.topics import merge_spellings, same_topic, suggest, topic_name
from bot.mentoring.profiles.queries import is_absent, json_texts, same_offer, same_person
from bot.mentoring.profiles.service import require_employee
from bot.mentoring.rounds.read_pool import OpenTransaction
from models import Delivery, Employee, MentoringOffer, MentoringProfile

MENTOR_QUESTION: Final = "mentor_question"
MOST_EXPERTS: Final = 5
MOST_QUESTIONS: Final = 5
"""Questions that one person can ask in a day."""
MOST_SUGGESTIONS: Final = 3
MOST_COMPARED: Final = 5_000
"""Most topics whose spelling is compared, the most offered first: a second or two in a thread."""

NO_LONGER: Final = marked(
    "They can't be asked through me any more. `/mentor find` shows who else knows about it."
)
ENOUGH: Final = marked(
    "You have asked {number} people today, so please give them a little time. You can ask again "
    "tomorrow."
)
ASKED_TODAY: Final = marked("You have asked them today already. Please give them a little time.")


@dataclass(frozen=True)
class Expert:
    """A person who offers a topic."""

    id: str
    team: str | None
    years: int | None


@dataclass(frozen=True)
class Found:
    """Up to five people who offer a topic; if there are none, similar topics that people offer."""

    topic: str
    experts: tuple[Expert, ...]
    nearby: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """The topic that a person looks for, and what colleagues offer."""

    text: str
    topic: str
    offered: Counter[str]
    """Number of people who offer each topic, as they wrote it."""


@dataclass(frozen=True)
class Meant:
    """The topic that was meant, all its spellings, and similar topics."""

    topic: str
    spellings: tuple[str, ...]
    nearby: tuple[str, ...]


async def find(reading: OpenTransaction, actor: Actor, text: str, now: datetime) -> Found:
    """Return up to five people who offer a topic. Every day, others come first.

    Spellings are compared in a thread, while no transaction is open.

    Everybody sees the same people. This includes people who asked never to be paired with the
    reader: hiding them would reveal it to a reader who compares the list with a colleague's. `ask`
    keeps the two apart.
    """
    async with reading() as session:
        await require_employee(session, actor)
        there = await _findable(session, actor, now)
        wanted = Wanted(text, topic_name(text), await _offered(session, there))
    meant = await asyncio.to_thread(meant_by, wanted)
    async with reading() as session:
        there = await _findable(session, actor, now)
        experts = await _experts(session, there, meant.spellings, now)
    return Found(meant.topic, experts, () if experts else meant.nearby)


async def find_exactly(
    session: AsyncSession, actor: Actor, text: str, now: datetime
) -> tuple[Expert, ...]:
    """Return up to five people who offer exactly this topic, by its usual name.

    Reads a few rows of an index and compares no spellings, so it is quick in a large company;
    `find` finds more. Every day, others come first.
    """
    today = now.date()
    there = (
        select(Employee.id, Employee.team, MentoringProfile.experience_years)
        .select_from(MentoringOffer)
        .join(MentoringProfile, same_offer())
        .join(Employee, same_person())
        .where(
            MentoringOffer.workspace_id == actor.workspace_id,
            MentoringOffer.topic == offer_key(topic_name(text)),
            or_(MentoringProfile.paused_until.is_(None), MentoringProfile.paused_until <= today),
            Employee.id != actor.user_id,
            Employee.active.is_(True),
            ~readers.is_absent(now),
        )
        .order_by(MentoringOffer.place)
        .limit(MOST_EXPERTS)
    )
    first = _turn(now) % PLACES
    rows = [
        row
        for part in (MentoringOffer.place >= first, MentoringOffer.place < first)
        for row in await session.execute(there.where(part))
    ]
    return tuple(Expert(id_, team, years) for id_, team, years in rows[:MOST_EXPERTS])


def meant_by(wanted: Wanted) -> Meant:
    """Compare the wanted topic with the offered ones."""
    name_of = merge_spellings(wanted.offered + Counter([wanted.topic]))
    meant = name_of[wanted.topic]
    spellings = tuple(text for text, name in name_of.items() if name == meant)
    near = [
        *(topic_name(word) for word in wanted.text.split()),
        *(each.name for each in suggest(wanted.text)),
    ]
    nearby = dict.fromkeys(name for name in near if name in wanted.offered)
    return Meant(wanted.topic, spellings, tuple(nearby)[:MOST_SUGGESTIONS])


async def _offered(session: AsyncSession, there: Select[Any]) -> Counter[str]:
    offers = json_texts(session, MentoringProfile.offers)
    times = func.count().label("count")
    rows = await session.execute(
        there.join(offers, true())
        .with_only_columns(offers.c.value, times)
        .group_by(offers.c.value)
        .order_by(times.desc(), offers.c.value)
        .limit(MOST_COMPARED)
    )
    return Counter({row.value: row.count for row in rows})


async def _experts(
    session: AsyncSession, there: Select[Any], spellings: Sequence[str], now: datetime
) -> tuple[Expert, ...]:
    """Return five of the people who offer a topic. Every day, others come first."""
    offers = json_texts(session, MentoringProfile.offers)
    knows = select(offers.c.value).where(offers.c.value.in_(spellings)).correlate(MentoringProfile)
    experts = there.where(knows.exists())
    count = await session.scalar(experts.with_only_columns(func.count())) or 0
    first = _turn(now) % max(count, 1)
    page = experts.with_only_columns(
        Employee.id, Employee.team, MentoringProfile.experience_years
    ).order_by(Employee.id)
    rows = (await session.execute(page.offset(first).limit(MOST_EXPERTS))).all()
    if len(rows) < MOST_EXPERTS and first:
        missing = min(MOST_EXPERTS - len(rows), first)
        rows = [*rows, *(await session.execute(page.limit(missing))).all()]
    return tuple(Expert(id_, team, years) for id_, team, years in rows)


def _turn(now: datetime) -> int:
    """Return a number for the day that is unrelated to the previous day's."""
    return int(blake2b(str(now.toordinal()).encode()).hexdigest(), 16)


async def check_can_ask(
    session: AsyncSession, actor: Actor, expert_id: str, topic: str, now: datetime
) -> None:
    """Raise UserError with the reason if the expert can't be asked."""
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
        raise UserError(_(NO_LONGER))
    today = f"{actor.user_id}:{now.date().isoformat()}"
    asked = select(func.count()).where(
        Delivery.workspace_id == actor.workspace_id,
        Delivery.asked_by == actor.user_id,
        Delivery.key.startswith(f"{MENTOR_QUESTION}:{today}:", autoescape=True),
    )
    if (await session.scalar(asked) or 0) >= MOST_QUESTIONS:
        raise UserError(_(ENOUGH).format(number=write_number(MOST_QUESTIONS)))
    key = key_of(MENTOR_QUESTION, today, expert_id)
    same = select(Delivery.id).where(
        Delivery.workspace_id == actor.workspace_id, Delivery.key == key
    )
    if await session.scalar(same):
        raise UserError(_(ASKED_TODAY))


async def ask(
    session: AsyncSession, actor: Actor, expert_id: str, topic: str, text: str, now: datetime
) -> datetime:
    """Send a question to an expert; return when it will arrive.

    If the expert asked never to be paired with the asker, the question is accepted like any other,
    but `compose_question` never sends it. The asker can read the row with `/pulse my-data`, so it
    looks as if the question had been sent. The reverse does not matter: people may ask an expert
    with whom they never want to be paired.
    """
    await check_can_ask(session, actor, expert_id, topic, now)
    await enqueue(
        session,
        actor.workspace_id,
        MENTOR_QUESTION,
        expert_id,
        f"{actor.user_id}:{now.date().isoformat()}",
        now,
        asked_by=actor.user_id,
        asker=actor.user_id,
        topic=topic,
        text=text,
    )
    return good_moment(await calendar_of(session, actor.workspace_id, expert_id), now)


async def _findable(session: AsyncSession, actor: Actor, now: datetime) -> Select[Any]:
    """Select colleagues who agreed to be found and are not away."""
    return (
        select(Employee.id)
        .join(MentoringProfile, same_person())
        .where(
            Employee.workspace_id == actor.workspace_id,
            Employee.id != actor.user_id,
            Employee.active.is_(True),
            MentoringProfile.findable.is_(True),
            ~await is_absent(session, actor.workspace_id, now),
        )
    )
