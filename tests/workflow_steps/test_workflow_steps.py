"""Steps in workflows: HR admins alone use them, each execution acts once, and says how it went."""

import json
import shutil
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.__main__ import main
from bot.actor import Actor
from bot.journeys.milestones import NOT_STARTED, start
from bot.people.roles import REFUSALS, Role
from bot.surveys.slack_audience import NOT_IN_CHANNEL
from bot.workflow_steps import service
from bot.workflow_steps.definitions import (
    ADD_TO_IMPROVE,
    ASK_PULSE,
    PERSON,
    START_JOURNEY,
    STEPS,
    SUMMARY,
)
from bot.workflow_steps.execution import NOBODY
from models import AuditEntry, Employee, ProductItem, Survey, Wave
from models.database import Base
from sandbox.demo.company import HR_CHANNEL, MAYA, TEAM_ID, people
from sandbox.outcome import Outcome
from tests.conftest import NOW, ROOT
from tests.journeys.stage import Stage, open_stage, text_of

AMARA = "amara"
FIRST_DAY = NOW.date() + timedelta(days=10)
EVENT = "event:function_executed"


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url, workflow_steps=True) as stage:
        yield stage


@pytest.fixture
def sqlite_file(tmp_path: Path, sqlite_template: Path) -> str:
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path)}"


async def run(stage: Stage, step: str, user: str = MAYA, /, **inputs: Any) -> Outcome:
    outcome = await stage.sandbox.run_step(user, step, inputs)
    await stage.settled()
    return outcome


async def count(stage: Stage, table: type[Base], *where: Any) -> int:
    async with stage.runtime.reading() as session:
        found = select(func.count()).select_from(table).where(*where)
        return int(await session.scalar(found) or 0)


def said(outcome: Outcome) -> str:
    assert outcome.ok, outcome.shown
    assert outcome.message
    return str(outcome.message[SUMMARY])


def id_of(stage: Stage, name: str) -> str:
    found = stage.sandbox.world.find_user(name)
    assert found
    return found.id


async def dates_of(stage: Stage, user: str) -> tuple[date | None, date | None]:
    async with stage.runtime.reading() as session:
        person = await session.get_one(Employee, (TEAM_ID, id_of(stage, user)))
        return person.hired_on, person.back_on


async def start_journeys(stage: Stage) -> None:
    async with stage.runtime.sessions.begin() as session:
        await start(session, Actor(TEAM_ID, id_of(stage, MAYA)), stage.now)


async def test_a_journey_starts_once(stage: Stage) -> None:
    inputs = {"person": id_of(stage, AMARA), "journey": "Back", "date": FIRST_DAY.isoformat()}
    assert (await run(stage, START_JOURNEY, **inputs)).shown == NOT_STARTED
    await start_journeys(stage)
    hired_on, _ = await dates_of(stage, AMARA)

    first = await run(stage, START_JOURNEY, **inputs)
    assert said(first).startswith("They are back on")
    assert await dates_of(stage, AMARA) == (hired_on, FIRST_DAY)

    # Slack repeats the event after HR has corrected the date: the correction stays.
    later = FIRST_DAY + timedelta(days=7)
    await run(stage, START_JOURNEY, **{**inputs, "date": later.isoformat()})
    again = await stage.sandbox.run_step(MAYA, START_JOURNEY, inputs, str(first.note))
    assert said(again) == said(first)
    assert await dates_of(stage, AMARA) == (hired_on, later)
    assert await count(stage, AuditEntry, AuditEntry.action == "journeys.person_changed") == 2


async def test_a_pulse_is_asked_once_and_again(stage: Stage) -> None:
    # The event comes twice, and the first completion's answer is lost.
    stage.sandbox.engine.faults.add(kind="duplicate", method=EVENT, times=1)
    stage.sandbox.engine.faults.add(kind="drop_answer", method="functions.completeSuccess", times=1)
    asked = await run(stage, ASK_PULSE, template="weekly pulse")
    assert said(asked).startswith("*Weekly pulse, ")
    assert f"asks {len(people())} people." in said(asked)
    assert await count(stage, Survey) == 1
    await stage.at(stage.now + timedelta(minutes=5))
    assert await count(stage, Wave) == 1
    assert "Weekly pulse" in text_of(stage.last(AMARA))

    # Asked again by its name a week later, it has that day's name.
    await stage.at(stage.now + timedelta(weeks=1))
    name = said(asked).split("*")[1]
    again = said(await run(stage, ASK_PULSE, survey=name)).split("*")[1]
    assert again != name
    assert again.count(",") == name.count(",") == 1

    # What people said about it waits too long for a decision.
    await stage.at(stage.now + timedelta(weeks=1))
    async with stage.runtime.sessions.begin() as session:
        session.add(late_item("workload", stage.now))
    refused = await run(stage, ASK_PULSE, template="weekly_pulse")
    assert str(refused.shown).startswith("What people said about Workload still waits")
    assert await count(stage, Survey) == 2


def late_item(driver: str, now: datetime) -> ProductItem:
    """Return an item whose decision is late."""
    return ProductItem(
        workspace_id=TEAM_ID,
        problem="Too much to do",
        origin="people",
        state="proposed",
        driver=driver,
        for_everybody=True,
        waiting_since=now - timedelta(days=20),
        decide_by=now - timedelta(days=1),
        created_at=now,
    )


async def test_a_pulse_asks_the_members_of_a_channel(stage: Stage) -> None:
    general = stage.sandbox.world.find_channel("general")
    assert general
    outcome = await run(stage, ASK_PULSE, template="after_event", channel=general.id)
    assert outcome.shown == NOT_IN_CHANNEL or "asks" in said(outcome)
    few = await run(stage, ASK_PULSE, template="enps", channel=HR_CHANNEL)
    assert few.error == "step_failed"
    assert "needs at least 10" in str(few.shown)


async def test_a_proposal_waits_for_hr_with_names_masked(stage: Stage) -> None:
    stage.sandbox.engine.faults.add(kind="duplicate", method=EVENT, times=1)
    link = "https://intranet.example.com/notes?id=7"
    outcome = await run(
        stage, ADD_TO_IMPROVE, problem="Amara Okafor says deploys take a day", link=link
    )
    assert "[name] says deploys take a day" in said(outcome)
    async with stage.runtime.reading() as session:
        item = (await session.scalars(select(ProductItem))).one()
    assert (item.state, item.origin, item.for_everybody) == ("proposed", "hr", False)
    assert item.evidence == {"link": link}


JOURNEY = {"person": "U0NOBODY", "journey": "joined", "date": FIRST_DAY.isoformat()}
WRONG: tuple[tuple[str, dict[str, Any], str], ...] = (
    (START_JOURNEY, {**JOURNEY, "person": ""}, service.NO_PERSON),
    (START_JOURNEY, JOURNEY, "This person is no active member of the workspace."),
    (START_JOURNEY, {**JOURNEY, "journey": "promoted"}, service.NO_JOURNEY),
    (START_JOURNEY, {**JOURNEY, "date": "next Monday"}, service.NO_DATE),
    (START_JOURNEY, {**JOURNEY, "date": 20261203}, service.NO_DATE),
    (START_JOURNEY, {**JOURNEY, "date": "2019-01-01"}, service.TOO_LONG_AGO),
    (ASK_PULSE, {}, service.ONE_OF_BOTH),
    (ASK_PULSE, {"template": "enps", "survey": "Mood"}, service.ONE_OF_BOTH),
    (ASK_PULSE, {"template": "horoscope"}, "I don't know a template called “horoscope”. There are"),
    (ASK_PULSE, {"survey": "Mood"}, "I don't know a survey called “Mood”."),
    (ASK_PULSE, {"template": "enps", "channel": "C0NOWHERE"}, NOT_IN_CHANNEL),
    (ADD_TO_IMPROVE, {"problem": "  "}, "Please say in one sentence what the problem is."),
    (ADD_TO_IMPROVE, {"problem": "Slow", "link": "javascript:alert(1)"}, "The link must be"),
    (ADD_TO_IMPROVE, {"problem": "Slow", "link": "https://a.example/<x|y>"}, "The link must be"),
)


async def test_wrong_inputs_are_explained_and_change_nothing(sqlite_file: str) -> None:
    async with open_stage(sqlite_file, workflow_steps=True) as stage:
        await start_journeys(stage)
        surveys = await count(stage, Survey)
        for step, inputs, sentence in WRONG:
            outcome = await run(stage, step, **inputs)
            assert outcome.error == "step_failed", inputs
            assert str(outcome.shown).startswith(sentence), inputs
        assert await count(stage, Survey) == surveys
        assert await count(stage, ProductItem) == 0


GOOD: dict[str, dict[str, Any]] = {
    START_JOURNEY: JOURNEY,
    ASK_PULSE: {"template": "enps"},
    ADD_TO_IMPROVE: {"problem": "Slow deploys"},
}


async def test_only_hr_admins_use_steps_and_only_slack_says_who_it_is(stage: Stage) -> None:
    for step, inputs in GOOD.items():
        outcome = await run(stage, step, AMARA, **inputs)
        assert outcome.shown == REFUSALS[Role.ADMIN]
    assert await count(stage, AuditEntry, AuditEntry.action == "refused") == len(STEPS)

    # A manifest whose person is chosen by whoever builds the workflow: naming Maya does nothing.
    step = json.loads(json.dumps(STEPS[ADD_TO_IMPROVE]))
    step["input_parameters"][PERSON]["type"] = "slack#/types/user_id"
    stage.sandbox.app.functions = {ADD_TO_IMPROVE: step}
    for named in (id_of(stage, MAYA), {"id": id_of(stage, MAYA)}):
        outcome = await run(stage, ADD_TO_IMPROVE, AMARA, problem="Slow deploys", **{PERSON: named})
        assert outcome.shown == NOBODY
    assert await count(stage, ProductItem) == 0


async def test_steps_are_off_by_default(sqlite_file: str) -> None:
    async with open_stage(sqlite_file) as stage:
        stage.sandbox.app.functions = {name: {**step} for name, step in STEPS.items()}
        outcome = await run(stage, ADD_TO_IMPROVE, problem="Slow deploys")
        assert outcome.error == "step_running"
        assert await count(stage, ProductItem) == 0


def test_the_manifest_is_printed_with_steps_and_without(capsys: pytest.CaptureFixture[str]) -> None:
    kept = json.loads((ROOT / "manifest.json").read_text("utf-8"))
    assert main(["manifest"]) == 0
    assert json.loads(capsys.readouterr().out) == kept
    assert main(["manifest", "--steps"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed.pop("functions") == STEPS
    assert printed["settings"].pop("function_runtime") == "remote"
    assert printed["settings"].pop("org_deploy_enabled")
    del kept["settings"]["org_deploy_enabled"]
    assert printed == kept
