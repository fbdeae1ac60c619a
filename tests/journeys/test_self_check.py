"""The self-check leaves nothing: not in the database, not in the log, not among the numbers."""

import logging
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, make_url, select

from bot.errors import FieldErrors
from bot.journeys.wellbeing import forms
from bot.journeys.wellbeing.pure.self_check import QUESTIONS, Strain, read
from bot.journeys.wellbeing.service import NO_PAGE, PAGE_FIELD, PERSON_FIELD
from models import AuditEntry
from tests.journeys.stage import Stage, text_of

WORN_OUT = {each.key: "0" if each.is_good else "4" for each in QUESTIONS}


async def everything(stage: Stage) -> dict[str, list[str]]:
    """Return every row of every table that is in the database."""
    async with stage.runtime.sessions.begin() as session:
        connection = await session.connection()
        found = MetaData()
        await connection.run_sync(found.reflect)
        return {
            name: sorted(str(tuple(row)) for row in await session.execute(select(table)))
            for name, table in found.tables.items()
        }


def bytes_of(stage: Stage) -> dict[str, bytes]:
    """Return the files of a SQLite database; its shared memory holds locks, and no data."""
    url = make_url(stage.runtime.settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return {}
    file = Path(url.database)
    found = (file.with_name(f"{file.name}{end}") for end in ("", "-wal"))
    return {each.name: each.read_bytes() for each in found if each.exists()}


async def open_check(stage: Stage, user: str) -> dict[str, Any]:
    outcome = await stage.pulse(user, "Check-in")
    assert outcome.view, outcome
    return outcome.view


async def test_nothing_of_it_is_kept(any_stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage = any_stage
    caplog.set_level(logging.DEBUG, logger="bot")
    await stage.sandbox.home("amara")
    await stage.settled()
    home = stage.sandbox.views("amara")["home"]
    before, numbers = await everything(stage), stage.runtime.metrics.page()
    files = bytes_of(stage)
    caplog.clear()
    for _ in range(25):  # more than one step of the numbers
        view = await open_check(stage, "amara")
        shown = await stage.sandbox.submit("amara", view["id"], WORN_OUT)
        assert shown.view
        assert forms.KEPT_NOWHERE in text_of(shown.view)
    opened = await stage.sandbox.press("amara", forms.OPEN, view_id=home["id"])
    assert opened.view
    assert await everything(stage) == before
    assert bytes_of(stage) == files
    assert stage.runtime.metrics.page() == numbers
    assert [each for each in caplog.records if each.name.startswith(("bot", "models"))] == []


def test_all_seven_are_needed() -> None:
    values = {"demands": {"demands": {"selected_option": {"value": "2"}}}}
    with pytest.raises(FieldErrors) as refused:
        forms.reading_in({"state": {"values": values}})
    assert set(refused.value.fields) == {each.key for each in QUESTIONS} - {"demands"}


async def test_hr_names_where_it_leads(stage: Stage) -> None:
    assert forms.HELP not in str(await open_check(stage, "amara"))
    view = await open_check(stage, "maya")
    form = await stage.sandbox.press("maya", forms.HELP, view_id=view["id"])
    assert form.view
    refused = await stage.sandbox.submit("maya", form.view["id"], {PAGE_FIELD: "intranet/help"})
    assert refused.errors == {PAGE_FIELD: NO_PAGE}
    listener = stage.sandbox.world.find_user("maya")
    assert listener
    answers = {PAGE_FIELD: "https://help.example/eap", PERSON_FIELD: listener.id}
    assert (await stage.sandbox.submit("maya", form.view["id"], answers)).ok
    async with stage.runtime.sessions.begin() as session:
        assert "help.changed" in set(await session.scalars(select(AuditEntry.action)))
    view = await open_check(stage, "amara")
    shown = await stage.sandbox.submit("amara", view["id"], WORN_OUT)
    assert shown.view
    assert "https://help.example/eap" in text_of(shown.view)
    assert f"<@{listener.id}>" in text_of(shown.view)


def test_what_the_answers_say() -> None:
    well = {each.key: 4 if each.is_good else 0 for each in QUESTIONS}
    assert read(well).strain is Strain.LITTLE
    assert read(well | {"demands": 3}).strain is Strain.LITTLE
    causes = read(well | {"demands": 3, "role": 1})
    assert (causes.strain, [each.key for each in causes.causes]) == (
        Strain.CAUSES,
        ["demands", "role"],
    )
    assert read(well | {"exhaustion": 3}).strain is Strain.EXHAUSTION


@pytest.mark.parametrize("step", [-1, 5, None])
def test_what_is_no_step_is_refused(step: int | None) -> None:
    answers: dict[str, Any] = {each.key: 1 for each in QUESTIONS}
    with pytest.raises(ValueError, match="demands"):
        read(answers | {"demands": step})
