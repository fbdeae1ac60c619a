"""HR takes teams from Slack, through the real bot: from user groups, or a field of profiles."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from bot.app import create_app
from bot.people.importing import IMPORTED
from bot.people.pure.team_reading import Source, TeamReading, read_teams
from bot.people.roles import REFUSALS, Role
from bot.people.teams import blocks, slack_reading
from bot.people.upload import handlers
from bot.people.upload.blocks import DONE, SOURCE, UPLOAD_FORM
from bot.rights import retention
from bot.runtime import check_and_register, open_runtime
from bot.server import EVENTS_PATH, create_server
from models import AuditEntry, Employee, RoleGrant
from models import TeamReading as KeptTeam
from sandbox.demo.company import SQUAD_FIELD, TEAM_ID, people
from sandbox.outcome import Outcome
from tests.journeys.stage import Stage, import_directory, open_stage, serving, text_of

OF = {person.handle: person for person in people()}
MAYA, OTHER = OF["maya"].id, OF["amara"].id
IN_TWO = OF["leila"].id
SALES = [person.id for person in people() if person.team.name == "Sales"]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "AFTER_ACK_SECONDS", 0.0)
    monkeypatch.setattr(slack_reading, "SECONDS_BETWEEN", 0.0)


def window(stage: Stage) -> dict[str, Any]:
    view: dict[str, Any] = stage.sandbox.views(MAYA)["view"]
    return view


async def choose(stage: Stage, source: Source) -> dict[str, Any]:
    opened = await stage.pulse(MAYA, "people")
    assert opened.view
    pressed = await stage.sandbox.press(
        MAYA, SOURCE, view_id=opened.view["id"], selected=source.value
    )
    assert pressed.ok, pressed
    await stage.settled()
    return window(stage)


async def submit(stage: Stage, **chosen: Any) -> Outcome:
    outcome = await stage.sandbox.submit(MAYA, window(stage)["id"], chosen)
    await stage.settled()
    return outcome


async def read_groups(stage: Stage, *names: str) -> str:
    """Choose some groups, and return what they would change."""
    await choose(stage, Source.GROUPS)
    ids = [group.id for group in stage.sandbox.world.usergroups.values() if group.name in names]
    assert (await submit(stage, **{blocks.GROUPS_FIELD: ids})).ok
    return text_of(window(stage))


async def teams(stage: Stage) -> dict[str, str | None]:
    async with stage.runtime.reading() as session:
        rows = await session.execute(select(Employee.id, Employee.team))
        return {row.id: row.team for row in rows}


async def kept(stage: Stage) -> int:
    async with stage.runtime.reading() as session:
        return len((await session.scalars(select(KeptTeam.team))).all())


async def test_user_groups_become_teams_as_the_preview_said(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        world = stage.sandbox.world
        outsider = await stage.sandbox.join("olga", team_id="T0ELSEWHERE", is_stranger=True)
        assert outsider.ok
        design = next(each for each in world.usergroups.values() if each.name == "Design")
        design.name = " Design\n& <UX\u202e> "
        design.users += [SALES[0], world.app().bot_user_id, world.find_user("olga").id, "U0GONE"]  # type: ignore[union-attr]
        before = await teams(stage)
        moving = {*design.users} - {IN_TWO}

        preview = await read_groups(stage, design.name, "Support")

        _heading, first, *_rest = preview.split("\n")
        staying = [id_ for id_, team in before.items() if team == "Design" and id_ not in moving]
        assert first == f"Stay in *Design*: <@{staying[0]}>."
        shown = "Design &amp; &lt;UX&gt;"
        assert f"{blocks.IN_SEVERAL}\n• <@{IN_TWO}> is in {shown} and Support." in preview
        assert f"Moving to *{shown}*, 7 people:" in preview
        assert "As before, 11 people." in preview
        assert "keep theirs, 27 people:" in preview
        assert "There will be 7 teams." in preview
        assert "more than 5 people: Design (1), Legal (3), People (4)." in preview
        assert blocks.STAY in preview
        assert await teams(stage) == before

        # Another process confirms it, and Slack is not asked again.
        world.usergroups.clear()
        opening = open_runtime(stage.runtime.settings, clock=lambda: stage.now)
        async with (
            opening as other,
            serving(create_server(other, create_app(other))) as url,
        ):
            await check_and_register(other)
            stage.sandbox.connect(url + EVENTS_PATH)
            assert (await submit(stage)).ok
            await other.followups.finish()
            assert DONE in text_of(window(stage))
        stage.sandbox.connect(stage.url + EVENTS_PATH)

        after = await teams(stage)
        moved = {id_ for id_, team in after.items() if team != before[id_]}
        assert {after[id_] for id_ in moved} == {"Design & <UX>"}
        assert len(moved) == 7
        assert IN_TWO not in moved
        assert SALES[0] in moved
        assert await kept(stage) == 0
        async with stage.runtime.reading() as session:
            entries = await session.scalars(
                select(AuditEntry.detail).where(
                    AuditEntry.action == IMPORTED, AuditEntry.actor_id == MAYA
                )
            )
            assert list(entries) == [{"updated": 18, "unknown": 0, "moved": 7}]
        record = await stage.pulse(OTHER, "record")
        assert f"<@{MAYA}> moved 7 people between teams with an import" in text_of(
            record.message or {}
        )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_was_read_is_refused_once_it_no_longer_counts(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        design = next(each for each in stage.sandbox.world.usergroups.values())
        design.users += SALES
        before = await teams(stage)

        # Somebody else imports.
        await read_groups(stage, design.name)
        await import_directory(stage.runtime)
        assert (await submit(stage)).ok
        assert blocks.OVERTAKEN in text_of(window(stage))

        # Slack is read again.
        await read_groups(stage, design.name)
        older = window(stage)["private_metadata"]
        await read_groups(stage, design.name)
        stage.sandbox.world.views[window(stage)["id"]].content["private_metadata"] = older
        assert (await submit(stage)).ok
        assert blocks.OVERTAKEN in text_of(window(stage))

        # A day passes.
        await read_groups(stage, design.name)
        for hours, left in ((23, 21), (24, 0)):
            async with stage.runtime.sessions.begin() as session:
                later = stage.now + timedelta(hours=hours)
                await retention.drop_old(session, TEAM_ID, 12, later)
            assert await kept(stage) == left
        assert (await submit(stage)).ok
        assert blocks.OVERTAKEN in text_of(window(stage))

        # Maya is no longer HR.
        await read_groups(stage, design.name)
        async with stage.runtime.sessions.begin() as session:
            await session.execute(delete(RoleGrant).where(RoleGrant.employee_id == MAYA))
        assert REFUSALS[Role.ADMIN] in str(await submit(stage))
        assert await teams(stage) == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_field_of_profiles_becomes_teams(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        world, faults = stage.sandbox.world, stage.sandbox.engine.faults
        world.team.profile_fields.append({"id": "Xf0BORN", "label": "Born", "type": "date"})
        await choose(stage, Source.FIELD)
        assert "Born" not in str(window(stage))
        no_number = {"fields": {SQUAD_FIELD["id"]: {"value": "x" * 121, "alt": ""}}}
        world.users[SALES[0]].profile = no_number
        world.users[SALES[1]].profile = {"fields": {}}
        faults.add(kind="429", method="users.profile.get", seconds=0, times=1)
        faults.add(kind="refuse", method="users.profile.get", error="user_not_found", times=1)

        assert (await submit(stage, **{blocks.PROFILE_FIELD: SQUAD_FIELD["id"]})).ok

        preview = text_of(window(stage))
        assert "Moving to *Mobile*, 6 people:" in preview
        assert "Moving to *Web*, 6 people:" in preview
        assert f"so they keep theirs: <@{SALES[0]}>." in preview
        shown = [str(call.arguments["view"]) for call in updates(stage)]
        assert any("Read 40 of 46 profiles." in text for text in shown)
        assert len(stage.sandbox.engine.log.find(method="users.profile.get")) == 47

        assert (await submit(stage)).ok
        assert DONE in text_of(window(stage))
        after = await teams(stage)
        assert sum(team in ("Web", "Mobile") for team in after.values()) == 12
        assert after[SALES[0]] == "Sales"


def updates(stage: Stage) -> list[Any]:
    return stage.sandbox.engine.log.find(method="views.update")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_slack_does_not_allow_is_explained(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        for source, scope in (
            (Source.GROUPS, "usergroups:read"),
            (Source.FIELD, "users.profile:read"),
        ):
            stage.sandbox.app.scopes.discard(scope)
            refused = await choose(stage, source)
            assert blocks.why_not_told(source, "missing_scope") in text_of(refused)
            assert f"`{scope}`" in text_of(refused)
            assert not refused.get("submit")
            stage.sandbox.app.scopes.add(scope)

        # It is taken away while the form is open.
        await choose(stage, Source.FIELD)
        stage.sandbox.app.scopes.discard("users.profile:read")
        await submit(stage, **{blocks.PROFILE_FIELD: SQUAD_FIELD["id"]})
        assert blocks.FIELD_SCOPE in text_of(window(stage))

        stage.sandbox.world.usergroups.clear()
        assert blocks.NO_GROUPS in text_of(await choose(stage, Source.GROUPS))
        assert await kept(stage) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_busy_slack_and_empty_groups_do_not_end_the_choice(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        world, faults = stage.sandbox.world, stage.sandbox.engine.faults
        nameless, design, *_others = world.usergroups.values()
        nameless.name = " \u200b"
        design.users = []
        faults.add(kind="429", method="usergroups.list", seconds=0, times=1)
        form = await choose(stage, Source.GROUPS)
        assert nameless.id not in str(form)
        assert design.id in str(form)
        assert blocks.NOBODY[Source.GROUPS] in await read_groups(stage, design.name)

        # Whoever goes back to the file while Slack lets us wait keeps the form for it.
        opened = await stage.pulse(MAYA, "people")
        faults.add(kind="429", method="usergroups.list", seconds=1, times=1)
        for source in (Source.GROUPS, Source.FILE):
            await stage.sandbox.press(
                MAYA, SOURCE, view_id=(opened.view or {})["id"], selected=source.value
            )
        await stage.settled()
        assert window(stage)["callback_id"] == UPLOAD_FORM

        # Slack fails altogether.
        faults.add(kind="refuse", method="usergroups.list", error="fatal_error", times=9)
        assert blocks.NOT_TOLD in text_of(await choose(stage, Source.GROUPS))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_closed_window_ends_the_reading(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        await choose(stage, Source.FIELD)
        stage.sandbox.engine.faults.add(
            kind="refuse", method="views.update", error="not_found", times=9
        )
        await submit(stage, **{blocks.PROFILE_FIELD: SQUAD_FIELD["id"]})
        asked = stage.sandbox.engine.log.find(method="users.profile.get")
        assert len(asked) == slack_reading.TOLD_EVERY
        assert await kept(stage) == 0


def test_names_of_teams_follow_the_rules_of_the_file() -> None:
    named = [
        *(("A", "Web "), ("A", " Web"), ("B", "Web"), ("B", "App"), ("C", " "), ("D", "x" * 121)),
        *(("E", "\ud83d"), ("F", "y" * 120), ("STRANGER", "Web")),
    ]
    assert read_teams(named, "ABCDEF") == TeamReading(
        {"A": "Web", "F": "y" * 120}, {"B": ["App", "Web"]}, ["D", "E"]
    )
