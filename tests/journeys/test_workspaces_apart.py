"""Nothing that one workspace sends reads, changes or sends anything of another.

People of Alpha run every command, press every button and submit every form that Attune listens to,
with what they could have copied from Beta: ids, values of buttons, metadata of forms. The same
people work in both, so a query that forgets its workspace finds Beta's rows.
"""

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from slack_bolt.app.async_app import AsyncApp
from sqlalchemy import Column, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.app import COMMANDS
from bot.people.blocks import HR_TEAM_FORM
from bot.pulse.handlers import USE_CASES
from bot.rights.blocks import FORGET_FORM
from models import Base, Workspace
from sandbox.outbound.delivery import Parcel
from sandbox.outbound.payloads import interaction, response_url, slash_command
from tests.conftest import NOW
from tests.journeys.crawling import Crawler
from tests.journeys.neighbours import ALPHA, BETA, MARK, Neighbours, open_neighbours, settle_in
from tests.journeys.test_main_job import TEAM, create_survey

Json = dict[str, Any]
HR, EMPLOYEE = "maya", "amara"
LEAST_TABLES = 45
"""Beta has rows in at least so many tables, or the test has become weak."""
STRUCTURED = {"coffee_groups", "mentoring_outcomes"}
"""Tables whose JSON a job reads at once: no made-up row passes for one."""
GROUPS = re.compile(r"\(:\\d\+\)\?|\(:\|\$\)|[\^$()]")
"""What patterns of action ids have beyond their alternatives."""

pytestmark = [
    pytest.mark.filterwarnings("ignore:(BasicAuth|The 'auth' parameter) is deprecated"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@dataclass
class Listened:
    """What Attune told Bolt to listen to."""

    commands: set[tuple[str, str]] = field(
        default_factory=lambda: {
            (name, rest.partition(" ")[0])
            for name, _, rest in (usage.command.partition(" ") for usage in COMMANDS)
        }
    )
    """Each command with each of its first words, also those that only help tells of."""
    actions: set[str] = field(default_factory=lambda: {*USE_CASES, "pulse:answer:4"})
    """Action ids; the pattern of several is an example of each. Answers do not go through Bolt."""
    views: set[str] = field(default_factory=set)

    def note(self, kind: str, name: Any, matchers: Any) -> None:
        """Note one listener."""
        names = GROUPS.sub("", name.pattern).split("|") if isinstance(name, re.Pattern) else [name]
        if kind == "command":
            words = [
                cell.cell_contents for each in matchers or () for cell in each.__closure__ or ()
            ]
            self.commands |= {(name, word) for found in words for word in found}
        else:
            getattr(self, f"{kind}s").update(names)


@pytest.fixture
def listened(monkeypatch: pytest.MonkeyPatch) -> Listened:
    """Note every listener that is registered from now on."""
    found = Listened()

    def noting(kind: str, register: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(app: AsyncApp, name: Any, *rest: Any, **more: Any) -> Any:
            found.note(kind, name, more.get("matchers"))
            return register(app, name, *rest, **more)

        return wrapped

    for kind in ("command", "action", "view"):
        monkeypatch.setattr(AsyncApp, kind, noting(kind, getattr(AsyncApp, kind)))
    return found


async def rows_of(neighbours: Neighbours, workspace_id: str) -> dict[str, list[str]]:
    """Return each row of a workspace as text, by table."""
    found = {}
    async with neighbours.runtime.sessions.begin() as session:
        for table in Base.metadata.sorted_tables:
            column = table.c.id if table.name == Workspace.__tablename__ else None
            column = table.c.get("workspace_id") if column is None else column
            if column is not None:
                rows = await session.execute(select(table).where(column == workspace_id))
                found[table.name] = sorted(map(repr, rows))
    return found


async def ids_of(neighbours: Neighbours, workspace_id: str) -> list[str]:
    """Return an id of each table of a workspace, and a few more."""
    found: set[str] = set()
    async with neighbours.runtime.sessions.begin() as session:
        for table in Base.metadata.sorted_tables:
            if {"workspace_id", "id"} <= set(table.c.keys()):
                of_table = select(table.c.id).where(table.c.workspace_id == workspace_id)
                found |= {str(each) for each in await session.scalars(of_table.limit(3))}
    return sorted(found)


async def populate(neighbours: Neighbours, listened: Listened) -> None:
    """Let Beta's people use all there is, so that it has rows to protect."""
    await create_survey(neighbours.beta, TEAM)
    await neighbours.beta.at(NOW)
    for person in (HR, EMPLOYEE):
        crawler = Crawler(neighbours.beta, person, f"{MARK} text", {FORGET_FORM, HR_TEAM_FORM})
        for command in sorted(listened.commands):
            await crawler.command(*command)
        await crawler.look_around()
    await neighbours.beta.at(NOW)
    await fill_empty_tables(neighbours)
    await neighbours.beta.at(NOW)


async def fill_empty_tables(neighbours: Neighbours) -> None:
    """Give Beta a row in each table that nobody's use has reached, of people who also attack."""
    world = neighbours.beta.sandbox.world
    people = [user.id for name in (HR, EMPLOYEE) if (user := world.find_user(name))]
    filled = await rows_of(neighbours, BETA)
    for table in Base.metadata.sorted_tables:
        if filled.get(table.name) == [] and table.name not in STRUCTURED:
            for owner in people:
                with suppress(IntegrityError):
                    async with neighbours.runtime.sessions.begin() as session:
                        row = {
                            column.name: await value_for(session, column, owner)
                            for column in table.columns
                            if column.name == "workspace_id" or column.default is None
                        }
                        await session.execute(insert(table).values(**row))


async def value_for(  # noqa: PLR0911 (one return for each kind of column)
    session: AsyncSession, column: Column[Any], owner: str
) -> Any:
    """Return something that a column takes: a key of Beta's, a person, an allowed word, a text."""
    table = column.table
    if column.name == "workspace_id":
        return BETA
    for key in column.foreign_keys:
        of_beta = key.column.table.c
        return await session.scalar(select(key.column).where(of_beta.workspace_id == BETA).limit(1))
    for check in table.constraints:
        words = re.search(rf"\b{column.name} IN \('(\w+)'", str(getattr(check, "sqltext", "")))
        if words:
            return words[1]
    kind = getattr(column.type, "impl_instance", column.type).python_type
    if column.nullable and not column.name.endswith("_id"):
        return None
    if column.name == "tz":
        return "Europe/Berlin"
    if kind is str:
        if column.name.endswith("_id"):
            return owner
        return f"{table.name}{owner[-4:]}"[:32] if column.primary_key else f"{MARK} row"
    simple = {bool: False, int: 1, float: 1.0, dict: {}, list: [], date: NOW.date(), time: time(9)}
    return NOW if kind is datetime else simple.get(kind)


def copied(neighbours: Neighbours) -> list[Json]:
    """Return what people of Beta pressed and submitted, without the texts that they read."""
    sent = neighbours.beta.sandbox.engine.log.find(direction="to_app")
    texts = [json.dumps(each.arguments).replace(MARK, "copied") for each in sent]
    return [json.loads(text) for text in texts if '"actions"' in text or '"view"' in text]


@dataclass
class Attacker:
    """Builds requests of Alpha with what was copied from Beta."""

    neighbours: Neighbours
    payloads: list[Json]
    ids: list[str]
    random: Random

    def parcels(self, listened: Listened) -> Iterator[Parcel]:
        """Yield one request for each listener."""
        for name, word in sorted(listened.commands):
            text = f"{word} {self.random.choice([*self.ids, ''])}".strip()
            yield Parcel("slash_commands", f"command:{name}", self._command(name, text))
        for action_id in sorted(listened.actions):
            yield Parcel("interactive", "interaction:block_actions", self._press(action_id))
        for callback_id in sorted(listened.views):
            yield Parcel("interactive", "interaction:view_submission", self._form(callback_id))

    @property
    def _engine(self) -> Any:
        return self.neighbours.alpha.sandbox.engine

    def _somebody(self) -> Any:
        return self._engine.world.find_user(self.random.choice([HR, EMPLOYEE]))

    def _channel(self, user: Any) -> Any:
        world = self._engine.world
        return world.direct_channel([world.app().bot_user_id, user.id])[0]

    def _command(self, name: str, text: str) -> Json:
        user = self._somebody()
        return slash_command(self._engine, user, self._channel(user), name, text)

    def _press(self, action_id: str) -> Json:
        user = self._somebody()
        seen = [
            each
            for each in self.payloads
            if each.get("actions") and each["actions"][0]["action_id"].startswith(action_id)
        ]
        made: Json = {
            "container": {"type": "message", "message_ts": "1.1", "channel_id": "D1"},
            "actions": [{"action_id": action_id, "type": "button", "value": self._id()}],
        }
        made["actions"][0]["block_id"] = self._id()
        payload = self.random.choice(seen) if seen and self.random.random() < 0.7 else made
        url = response_url(self._engine, "actions", user, self._channel(user))
        return {**payload, **interaction(self._engine, user, "block_actions"), "response_url": url}

    def _form(self, callback_id: str) -> Json:
        user = (
            self._somebody() if callback_id != FORGET_FORM else self._engine.world.find_user("kofi")
        )
        seen = [
            each["view"]
            for each in self.payloads
            if each.get("view") and each["view"]["callback_id"] == callback_id
        ]
        made = {"type": "modal", "id": "V1", "hash": "1", "blocks": [], "state": {"values": {}}}
        view = dict(self.random.choice(seen)) if seen else made | {"callback_id": callback_id}
        if not seen or self.random.random() < 0.3:
            view["private_metadata"] = self.random.choice([self._id(), json.dumps(self._id())])
        view |= {"team_id": ALPHA, "app_installed_team_id": ALPHA}
        return interaction(self._engine, user, "view_submission") | {"view": view}

    def _id(self) -> str:
        return self.random.choice(self.ids)


@contextmanager
def opened(runner: asyncio.Runner, database_url: str) -> Iterator[Neighbours]:
    context = open_neighbours(database_url)
    try:
        yield runner.run(context.__aenter__())
    finally:
        runner.run(context.__aexit__(None, None, None))


async def attack(neighbours: Neighbours, attacker: Attacker, listened: Listened) -> None:
    alpha, beta = (stage.sandbox.engine for stage in neighbours.both)
    before, calls = await rows_of(neighbours, BETA), len(beta.log.find())
    since = alpha.log.find()[-1].number
    for parcel in attacker.parcels(listened):
        reply = await alpha.delivery.send(parcel)
        assert reply.status, (parcel, reply)
    await neighbours.settled()
    await neighbours.alpha.at(NOW)
    assert await rows_of(neighbours, BETA) == before
    assert len(beta.log.find()) == calls, beta.log.find()[calls:]
    told = [each for each in alpha.log.find(since=since) if MARK in repr(each)]
    assert not told, told[0]


def test_nothing_crosses_from_one_workspace_to_another(
    database_url: str, listened: Listened
) -> None:
    with asyncio.Runner() as runner, opened(runner, database_url) as neighbours:
        runner.run(settle_in(neighbours))
        runner.run(populate(neighbours, listened))
        filled = [name for name, rows in runner.run(rows_of(neighbours, BETA)).items() if rows]
        assert len(filled) >= LEAST_TABLES, filled
        ids, payloads = runner.run(ids_of(neighbours, BETA)), copied(neighbours)

        @settings(max_examples=2, phases=[Phase.generate])
        @given(st.randoms(use_true_random=False))
        def nothing_crosses(random: Random) -> None:
            attacker = Attacker(neighbours, payloads, ids, random)
            runner.run(attack(neighbours, attacker, listened))

        nothing_crosses()
