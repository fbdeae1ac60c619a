"""HR imports its file of people in Slack, through the real bot."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.people.import_wording import UNTIL_RIGHT
from bot.people.importing import IMPORTED
from bot.people.roles import REFUSALS, Role
from bot.people.upload import blocks, handlers
from models import AuditEntry, Employee
from sandbox.demo.company import people
from tests.journeys.stage import Stage, import_directory, open_stage, text_of

MAYA, OTHER = (person.id for person in people()[:2])
FILE = b"email,team\nperson01@brightwater.example,<Moon>\nperson02@brightwater.example,Sun\n"
SLACK_KEEPS = ["chat:write", "commands", "users:read", "im:write", "im:history"]


async def given(stage: Stage, content: bytes) -> dict[str, Any]:
    """Upload a file in the form, and return the window that shows its changes."""
    opened = await stage.pulse(MAYA, "people")
    assert opened.view
    file = stage.sandbox.upload(MAYA, "people.csv", content)
    await stage.sandbox.submit(MAYA, opened.view["id"], {blocks.FILE_FIELD: [file]})
    await stage.settled()
    return window(stage)


def window(stage: Stage) -> dict[str, Any]:
    view: dict[str, Any] = stage.sandbox.views(MAYA)["view"]
    return view


async def teams(stage: Stage) -> set[str | None]:
    async with stage.runtime.sessions.begin() as session:
        return set(await session.scalars(select(Employee.team)))


async def test_hr_sees_what_a_file_changes_and_imports_it(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers, "AFTER_ACK_SECONDS", 0.0)
    async with open_stage(database_url) as stage:
        refused = await stage.pulse(OTHER, "people")
        assert text_of(refused.message or {}) == REFUSALS[Role.ADMIN]

        preview = await given(stage, FILE)
        assert "Changed, 2 people: lines 2 (team), 3 (team)." in text_of(preview)
        assert "Moon" not in {*map(str, await teams(stage))}

        await stage.sandbox.submit(MAYA, preview["id"])
        await stage.settled()

        assert blocks.DONE in text_of(window(stage))
        assert {"<Moon>", "Sun"} <= await teams(stage)
        async with stage.runtime.sessions.begin() as session:
            entries = await session.scalars(
                select(AuditEntry.actor_id).where(AuditEntry.action == IMPORTED)
            )
            assert set(entries) == {None, MAYA}  # the stage's own, and this one
        record = await stage.pulse(OTHER, "record")
        said = f"<@{MAYA}> moved 2 people between teams with an import"
        assert said in text_of(record.message or {})

        again = await given(stage, FILE)
        assert blocks.NOTHING_NEW in text_of(again)
        assert not again.get("submit")
        wrong = await given(stage, FILE + b"person01@brightwater.example,Sun\n")
        assert f"{UNTIL_RIGHT}\nLine 4: the same email is on line 2." in text_of(wrong)
        assert not wrong.get("submit")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_file_that_cannot_be_read_changes_nothing(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers, "AFTER_ACK_SECONDS", 0.0)
    async with open_stage(database_url, scopes=SLACK_KEEPS) as stage:
        assert blocks.NO_SCOPE in text_of(await given(stage, FILE))
        stage.sandbox.app.scopes.add("files:read")
        monkeypatch.setattr(handlers, "LARGEST", 10)
        assert blocks.TOO_LARGE in text_of(await given(stage, FILE))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_import_between_preview_and_press_is_not_overwritten(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers, "AFTER_ACK_SECONDS", 0.0)
    async with open_stage(database_url) as stage:
        preview = await given(stage, FILE.replace(b"Sun", b"<mo\xe2\x80\x8bon>"))
        assert "These look alike: &lt;Moon&gt;, &lt;moon&gt;." in text_of(preview)
        stage.hands["now"] += timedelta(minutes=1)
        await import_directory(stage.runtime)
        before = await teams(stage)

        await stage.sandbox.submit(MAYA, preview["id"])
        await stage.settled()

        assert blocks.OVERTAKEN in text_of(window(stage))
        assert await teams(stage) == before


def test_a_refused_file_is_explained() -> None:
    words = {
        "size": blocks.TOO_LARGE,
        "status 302": blocks.NO_SCOPE,
        "TimeoutError": blocks.NOT_READ,
    }
    assert {word: blocks.why_unreadable(word) for word in words} == words
