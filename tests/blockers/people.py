"""A small company for tests of blockers: who asks, who helps, and the jobs without Slack."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockers import service, settling
from bot.blockers.pure.kinds import BlockerKind
from bot.blockers.service import BlockerView, Report
from bot.runtime import Runtime
from models import Blocker, Delivery
from models.database import new_key
from scheduler import blockers as jobs
from tests.conftest import NOW
from tests.factories import WORKSPACE, company

ASKER, HELPER, OTHER, THIRD = (f"UDESI{number:03}" for number in range(4))
JOBS: Sequence[Any] = (jobs.settle_blockers, jobs.ask_weekly)


def actor(person: str) -> Actor:
    return Actor(WORKSPACE, person)


async def design_team(session: AsyncSession, size: int = 8) -> None:
    await company(session, {"Design": size})


async def reported(session: AsyncSession, now: datetime = NOW, **changes: Any) -> BlockerView:
    """Let the asker report something."""
    fields: dict[str, Any] = {"kind": BlockerKind.ACCESS, "text": "No login.", "topic": ""}
    written = Report(**{**fields, **changes})
    return await service.report(session, actor(ASKER), new_key(), written, now)


async def asked(session: AsyncSession, helper: str = HELPER, now: datetime = NOW) -> BlockerView:
    """Let the asker ask somebody about something new."""
    blocker = await reported(session, now)
    view, _ = await service.ask(session, actor(ASKER), blocker.id, helper, now)
    return view


async def stored(session: AsyncSession, blocker: BlockerView) -> Blocker:
    return await session.get_one(Blocker, (WORKSPACE, blocker.id), populate_existing=True)


async def written_to(session: AsyncSession, person: str) -> list[tuple[str, Any]]:
    """Return kind and news of what was queued for somebody, in order of time."""
    rows = await session.scalars(
        select(Delivery)
        .where(Delivery.recipient == person)
        .order_by(Delivery.due_at, Delivery.kind)
    )
    return [(row.kind, row.detail.get("news")) for row in rows]


async def run_jobs(runtime: Runtime, now: datetime) -> None:
    """Run the jobs until nothing is due; helpers are introduced without a group DM."""
    done = True
    while done:
        done = False
        for job in JOBS:
            done = bool(await job(runtime, now)) or done
        async with runtime.sessions.begin() as session:
            for unit in await settling.to_introduce(session):
                done = await settling.introduce(session, *unit, None, now) or done
