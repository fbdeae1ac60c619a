"""A small programme for tests: profiles, proposals, and the jobs without Slack."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.attention import planning
from bot.mentoring.messages import KINDS
from bot.mentoring.pairs import introductions
from bot.mentoring.profiles.offers import store_offers
from bot.mentoring.rounds import service as rounds
from bot.mentoring.rounds.pure.matching import Pair
from bot.mentoring.rounds.read_pool import OpenTransaction, RoundTask, read_task
from bot.outbox.kinds import kind_of
from bot.runtime import Runtime, make_runtime
from bot.settings import load_settings
from bot.slack.client import open_http
from models import Delivery, MentoringMatch, MentoringProfile
from models.database import Sessions
from scheduler import mentoring as jobs
from tests.conftest import NOW
from tests.factories import WORKSPACE, company

TOPIC = "Kubernetes"


async def planned(session: AsyncSession, now: datetime) -> dict[str, datetime | None]:
    """Have the planner look at all that waits; return when it looks at it again, by delivery."""
    page = await planning.read_page(session, WORKSPACE, partial(kind_of, KINDS), now)
    await planning.store(session, WORKSPACE, planning.decide(page, now), now)
    rows = await session.scalars(
        select(Delivery)
        .where(Delivery.status == "waiting")
        .execution_options(populate_existing=True)
    )
    return {row.id: row.look_at for row in rows}


def person(number: int) -> str:
    """Name somebody of the design team."""
    return f"UDESI{number:03}"


def actor(employee_id: str) -> Actor:
    return Actor(WORKSPACE, employee_id)


def profile(employee_id: str, **changes: Any) -> MentoringProfile:
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "employee_id": employee_id,
        "offers": [],
        "wants": [],
        "hopes": "",
        "languages": ["en"],
        "capacity": 1,
        "preferred_days": [],
        "never_with": [],
        "joined_at": NOW,
    }
    return MentoringProfile(**{**fields, **changes})


def mentor(employee_id: str, **changes: Any) -> MentoringProfile:
    return profile(employee_id, **{"offers": [TOPIC], "experience_years": 10, **changes})


def mentee(employee_id: str, **changes: Any) -> MentoringProfile:
    return profile(employee_id, **{"wants": [TOPIC], "looking_since": NOW, **changes})


async def programme(session: AsyncSession, *profiles: MentoringProfile, size: int = 8) -> None:
    """Store a company whose design team has `size` people, and these profiles."""
    await company(session, {"Design": size})
    session.add_all(profiles)
    await session.flush()
    for each in profiles:
        await store_offers(session, each)


def within(session: AsyncSession) -> OpenTransaction:
    """Read within a test's transaction."""
    return lambda: nullcontext(session)


async def task_now(session: AsyncSession, now: datetime = NOW) -> RoundTask:
    """Read the pool for a round."""
    return await read_task(within(session), WORKSPACE, now, seed=1)


async def proposed(session: AsyncSession, mentor_id: str, mentee_id: str) -> MentoringMatch:
    """Have a mentor asked, and the message posted."""
    pair = Pair(mentee_id, mentor_id, 0.8, ())
    assert await rounds.propose(session, WORKSPACE, pair, NOW)
    await post_all(session)
    return await open_match(session, mentee_id)


async def open_match(session: AsyncSession, mentee_id: str) -> MentoringMatch:
    found = await session.scalars(
        select(MentoringMatch)
        .where(
            MentoringMatch.mentee_id == mentee_id,
            MentoringMatch.status.in_(("proposed", "accepted", "active")),
        )
        .execution_options(populate_existing=True)
    )
    return found.one()


async def post_all(session: AsyncSession) -> None:
    """Let everything that is due have reached Slack."""
    await session.execute(
        update(Delivery).where(Delivery.status == "waiting").values(status="sent")
    )


async def letters(session: AsyncSession, recipient: str) -> list[tuple[str, Any]]:
    """Return kind and detail of what was written to somebody, in order."""
    rows = await session.scalars(
        select(Delivery).where(Delivery.recipient == recipient).order_by(Delivery.due_at)
    )
    return [(row.kind, row.detail) for row in rows]


@asynccontextmanager
async def runtime_on(sessions: Sessions) -> AsyncIterator[Runtime]:
    """Open a runtime whose Slack is never called."""
    settings = load_settings(_env_file=None, slack_bot_token="xoxb-1", slack_signing_secret="s")
    async with open_http() as http:
        yield make_runtime(settings, sessions, http, lambda: NOW)


JOBS: Sequence[Any] = (
    jobs.hold_rounds,
    jobs.settle_departures,
    jobs.settle_answers,
    jobs.ask_next_mentors,
    jobs.look_after_pairs,
)


async def run_jobs(runtime: Runtime, now: datetime) -> None:
    """Run mentoring's jobs until nothing is due; pairs are introduced without a group DM."""
    done = True
    while done:
        done = False
        for job in JOBS:
            done = bool(await job(runtime, now)) or done
        async with runtime.sessions.begin() as session:
            for workspace_id, match_id in await introductions.pairs_to_introduce(session):
                await introductions.introduce_pair(session, workspace_id, match_id, None, now)
            await post_all(session)
