"""A sandbox workspace, a Runtime on it, and deliveries of a kind of the tests' own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message, section
from bot.clock import utc_now
from bot.outbox.kinds import Class, Composing, Kind
from bot.runtime import Runtime, check_and_register, open_runtime
from bot.settings import Settings, load_settings
from models import Delivery
from models.database import Sessions
from sandbox.engine import Options
from sandbox.server import Sandbox
from sandbox.state import Json
from sandbox.workspace import build_world
from tests.conftest import NOW
from tests.factories import WORKSPACE
from tests.unpaced import Unpaced

PEOPLE = tuple(f"U0PERSON{number:02}" for number in range(16))
CHANNEL = "C0PEOPLEOPS"


async def compose_ping(
    _session: AsyncSession, delivery: Delivery, _composing: Composing
) -> Message:
    """Write a message that names its delivery, so that a test can count it."""
    return Message(text=delivery.key, blocks=[section(delivery.key)])


PING = Kind(compose_ping, Class.ASKED)


@dataclass
class Mail:
    """Puts deliveries into the table and reads what became of them and what arrived."""

    sessions: Sessions
    sandbox: Sandbox

    async def put(self, *recipients: str, kind: str = "ping", **changes: Any) -> None:
        """Store a delivery for each recipient, due now."""
        async with self.sessions.begin() as session:
            session.add_all(
                Delivery(
                    **{
                        "workspace_id": WORKSPACE,
                        "key": f"{kind}:{recipient}",
                        "kind": kind,
                        "recipient": recipient,
                        "due_at": NOW,
                        **changes,
                    }
                )
                for recipient in recipients
            )

    async def rows(self) -> dict[str, Delivery]:
        """Return all deliveries by key."""
        async with self.sessions.begin() as session:
            return {row.key: row for row in await session.scalars(select(Delivery))}

    async def statuses(self) -> dict[str, int]:
        """Count deliveries by status."""
        counted: dict[str, int] = {}
        for row in (await self.rows()).values():
            counted[row.status] = counted.get(row.status, 0) + 1
        return counted

    def arrived(self) -> list[str]:
        """Return the texts of all messages in the workspace, sorted."""
        channels = self.sandbox.world.channels.values()
        return sorted(message.text for c in channels for message in c.messages.values())

    def history(self) -> list[Json]:
        """Return the arguments of all look-ups."""
        calls = self.sandbox.engine.log.find("conversations.history")
        return [call.arguments for call in calls]


@dataclass
class WallClock:
    """A wall clock that a test moves on, so that leases run out."""

    shift: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return utc_now() + self.shift

    def advance(self, **by: float) -> None:
        """Move on."""
        self.shift += timedelta(**by)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A workspace of sixteen people and one channel that Attune was invited to."""
    world = build_world(
        {
            "team": {"id": WORKSPACE, "name": "Acme"},
            "users": [{"name": id_.lower(), "id": id_} for id_ in PEOPLE],
            "channels": [{"name": "people-ops", "id": CHANNEL, "members": "all"}],
        }
    )
    world.join_channel(world.channels[CHANNEL], world.app().bot_user_id)
    async with Sandbox(world, Options(rate_limits=None)) as running:
        yield running


@pytest.fixture
def settings(sandbox: Sandbox, database_url: str) -> Settings:
    """Settings that lead to the sandbox and to the test's own database."""
    return load_settings(
        _env_file=None,
        slack_bot_token=sandbox.app.bot_token,
        slack_signing_secret=sandbox.app.signing_secret,
        slack_api_url=sandbox.api_url,
        database_url=database_url,
    )


@pytest.fixture
def wall_clock() -> WallClock:
    """The wall clock of `runtime`."""
    return WallClock()


@pytest.fixture
async def runtime(settings: Settings, wall_clock: WallClock) -> AsyncIterator[Runtime]:
    """A scheduler's Runtime, with the workspace recorded and without a pace."""
    async with open_runtime(settings, clock=lambda: NOW) as opened:
        await check_and_register(opened)
        yield replace(opened, wall_clock=wall_clock, pacing=Unpaced())


@pytest.fixture
def mail(runtime: Runtime, sandbox: Sandbox) -> Mail:
    """The outbox of the workspace."""
    return Mail(runtime.sessions, sandbox)
