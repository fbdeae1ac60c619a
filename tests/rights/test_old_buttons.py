"""An old message gives no rights: each press is checked against the roles of that moment."""

import json
from typing import Any
from urllib.parse import urlencode

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import delete, select

from bot.digest.blocks import POST
from bot.insights.blocks import CHOOSE_WAVE
from bot.insights.by_person_blocks import BY_PERSON
from bot.people.blocks import CHANGE_HR_TEAM
from bot.people.roles import ADMINS_FIELD, ANALYSTS_FIELD
from bot.surveys.blocks import PAUSE
from models import AuditEntry, Delivery, DigestSubscription, RoleGrant, Survey
from sandbox.demo.company import HR_CHANNEL, TEAM_ID, people
from tests.conftest import NOW
from tests.factories import survey
from tests.insights.waves import HELD_ON, everyone, publish, sealed_wave
from tests.journeys.stage import Stage, buttons_of, open_stage, text_of
from tests.journeys.test_bad_input import send
from tests.journeys.test_main_job import FORM, create_survey

MAYA, TOMAS, OTHER = (person.id for person in people()[:3])


async def make_admin(stage: Stage, person: str) -> None:
    async with stage.runtime.sessions.begin() as session:
        grant = {"workspace_id": TEAM_ID, "employee_id": person, "granted_at": NOW}
        session.add(RoleGrant(role="admin", **grant))


async def revoke(stage: Stage, person: str) -> None:
    async with stage.runtime.sessions.begin() as session:
        await session.execute(delete(RoleGrant).where(RoleGrant.employee_id == person))


async def publish_two(stage: Stage) -> None:
    """Publish two waves of a named survey, so that results offer all there is to press."""
    async with stage.runtime.sessions.begin() as session:
        made = survey(workspace_id=TEAM_ID, name="Lunch", anonymous=False, status="ended")
        session.add(made)
        await session.flush()
        for day in (1, 3):
            held_on = HELD_ON.replace(day=day)
            wave = await sealed_wave(
                session, made, {"Design": everyone(1, 2, 3, 4, 5)}, held_on=held_on
            )
            await publish(session, TEAM_ID, wave.id, NOW)


async def state_of(stage: Stage) -> list[Any]:
    """Return everything that an admin could change."""
    async with stage.runtime.sessions.begin() as session:
        surveys = await session.execute(select(Survey.name, Survey.status).order_by(Survey.name))
        grants = await session.execute(
            select(RoleGrant.employee_id, RoleGrant.role).order_by(RoleGrant.employee_id)
        )
        digests = await session.execute(select(DigestSubscription.channel_id))
        posted = await session.execute(select(Delivery.id).where(Delivery.kind == "digest"))
        return [*surveys.all(), *grants.all(), *digests.all(), *posted.all()]


async def refusals(stage: Stage, person: str) -> list[str | None]:
    async with stage.runtime.sessions.begin() as session:
        found = await session.scalars(
            select(AuditEntry.subject).where(
                AuditEntry.action == "refused", AuditEntry.actor_id == person
            )
        )
        return sorted(found, key=str)


async def press_again(
    stage: Stage, person: str, message: dict[str, Any], action_id: str, channel: str = "dm"
) -> str:
    """Press an element of an old message; return what the person reads."""
    (element,) = [each for each in buttons_of(message) if each["action_id"] == action_id][:1]
    options = element.get("options")
    pressed = await stage.sandbox.press(
        person,
        action_id,
        channel=channel,
        message_ts=message["ts"],
        **({"selected": options[1]["value"]} if options else {"value": element.get("value")}),
    )
    assert pressed.ok
    await stage.settled()
    return text_of(stage.sandbox.messages(channel, person)[-1])


async def test_a_former_admins_old_messages_are_refused(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        await make_admin(stage, TOMAS)
        await create_survey(stage)
        await publish_two(stage)
        shown = {}
        for command in ("list", "results lunch", "admins"):
            shown[command] = (await stage.pulse(TOMAS, command)).message
        preview = await stage.sandbox.command(TOMAS, "/digest", "now", HR_CHANNEL)
        await stage.settled()
        digest = preview.message or stage.sandbox.messages(HR_CHANNEL, TOMAS)[-1]
        composed = await stage.compose(TOMAS)
        assert composed.view
        form = {**FORM, "surveys:name": "Replayed"}
        previewed = await stage.sandbox.submit(TOMAS, composed.view["id"], form)
        assert previewed.view

        await revoke(stage, TOMAS)
        before = await state_of(stage)
        for command, action_id in (
            ("list", PAUSE),
            ("results lunch", CHOOSE_WAVE),
            ("results lunch", BY_PERSON),
            ("admins", CHANGE_HR_TEAM),
        ):
            message = shown[command]
            assert message
            said = await press_again(stage, TOMAS, message, action_id)
            assert said.startswith("Only HR"), (action_id, said)
        assert (await press_again(stage, TOMAS, digest, POST, HR_CHANNEL)).startswith("Only HR")
        created = await stage.sandbox.submit(TOMAS, previewed.view["id"], force=True)
        assert "Only HR" in text_of(created.view or {}) + str(created.errors)

        assert await state_of(stage) == before
        assert await refusals(stage, TOMAS) == [
            "answers.view",
            "digest.manage",
            "figures.view",
            "roles.change",
            "surveys.create",
            "surveys.pause",
        ]


async def test_a_forwarded_message_is_worthless_to_others(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        await publish_two(stage)
        results = (await stage.pulse(MAYA, "results")).message
        assert results
        client = AsyncWebClient(stage.sandbox.app.bot_token, stage.sandbox.api_url)
        posted = await client.chat_postMessage(
            channel=OTHER, text="Forwarded", blocks=results["blocks"]
        )
        copy = {"ts": posted["ts"], "blocks": results["blocks"]}

        for action_id in (CHOOSE_WAVE, BY_PERSON):
            said = await press_again(stage, OTHER, copy, action_id)
            assert said.startswith("Only HR"), said

        assert await refusals(stage, OTHER) == ["answers.view", "figures.view"]


async def test_a_form_that_is_sent_again_gives_no_role_back(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        await make_admin(stage, TOMAS)
        await stage.pulse(TOMAS, "admins")
        form = await stage.press(TOMAS, CHANGE_HR_TEAM)
        assert form.view
        chosen = {ADMINS_FIELD: [MAYA, TOMAS], ANALYSTS_FIELD: [OTHER]}
        state = {field: {field: {"selected_users": ids}} for field, ids in chosen.items()}
        submitted = {
            "type": "view_submission",
            "team": {"id": TEAM_ID},
            "user": {"id": TOMAS, "team_id": TEAM_ID},
            "view": {**form.view, "state": {"values": state}},
        }
        assert await send(stage, urlencode({"payload": json.dumps(submitted)})) == 200
        assert len(await state_of(stage)) == 3
        await revoke(stage, TOMAS)
        await revoke(stage, OTHER)

        again = urlencode({"payload": json.dumps({**submitted, "again": True})})
        assert await send(stage, again) == 200

        assert [each[0] for each in await state_of(stage)] == [MAYA]
        assert await refusals(stage, TOMAS) == ["roles.change"]
