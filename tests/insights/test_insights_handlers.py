"""HR looks at figures, through the real bot and the sandbox."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select

from bot.insights.blocks import CHOOSE_WAVE, results_message
from bot.insights.by_person_blocks import BY_PERSON
from bot.insights.comment_blocks import COMMENTS
from bot.insights.handlers import NO_COMMENTS_FOR_YOU
from bot.insights.paging import page_of
from bot.insights.positions import SHOW, PagePosition, ResultsPart
from bot.insights.wave_results import Results
from bot.insights.wording import capitalised, of_invited
from bot.people.roles import REFUSALS, Role
from models import AuditEntry, RoleGrant, Survey
from sandbox.demo.company import TEAM_ID, people
from sandbox.outcome import Outcome
from tests.conftest import NOW
from tests.factories import question, survey
from tests.insights.waves import HELD_ON, everyone, publish, sealed_wave
from tests.journeys.stage import Stage, buttons_of, open_stage, text_of

MAYA, ANALYST, OTHER = (person.id for person in people()[:3])
DESIGN = everyone(4, 5, 4, 3, 5, 4)


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url) as stage:
        yield stage


async def published(
    stage: Stage,
    made: Survey,
    teams: Mapping[str | None, Sequence[Any]],
    written: int = 1,
    **changes: Any,
) -> str:
    async with stage.runtime.sessions.begin() as session:
        session.add(made)
        await session.flush()
        comments = [("Design", 0, "Fish & <chips>")] * written
        wave = await sealed_wave(session, made, teams, comments, **changes)
        await publish(session, TEAM_ID, wave.id, NOW)
    return wave.id


async def grant_analyst(stage: Stage) -> None:
    async with stage.runtime.sessions.begin() as session:
        session.add(
            RoleGrant(workspace_id=TEAM_ID, employee_id=ANALYST, role="analyst", granted_at=NOW)
        )


async def audited(stage: Stage) -> list[tuple[str | None, str, str | None]]:
    async with stage.runtime.sessions.begin() as session:
        rows = await session.execute(
            select(AuditEntry.actor_id, AuditEntry.action, AuditEntry.subject)
            .where(AuditEntry.action.in_(("figures.viewed", "answers.viewed", "refused")))
            .order_by(AuditEntry.action)
        )
        return [(row.actor_id, row.action, row.subject) for row in rows]


async def test_an_analyst_sees_figures_and_the_look_is_recorded(stage: Stage) -> None:
    await grant_analyst(stage)
    wave_id = await published(stage, survey(workspace_id=TEAM_ID), {"Design": DESIGN})

    outcome = await stage.pulse(ANALYST, "results weekly")

    assert outcome.ok
    assert outcome.message
    assert capitalised(of_invited(5, 6)) in text_of(outcome.message)
    assert "*Workload*" in text_of(outcome.message)
    assert await audited(stage) == [(ANALYST, "figures.viewed", wave_id)]


@pytest.mark.parametrize("typed", ["R&D pulse", "“r&d  PULSE”", "'R&D'"])
async def test_a_survey_is_named_as_for_the_other_commands(stage: Stage, typed: str) -> None:
    await published(stage, survey(workspace_id=TEAM_ID, name="R&D pulse"), {"Design": DESIGN})
    for command in ("results", "comments"):
        outcome = await stage.pulse(MAYA, f"{command} {typed}")
        shown = outcome.message or outcome.view
        assert shown
        assert "R&amp;D pulse" in text_of(shown).replace("R&D", "R&amp;D")
        assert shown["blocks"]


async def test_others_are_refused_and_the_attempt_is_recorded(stage: Stage) -> None:
    await published(stage, survey(workspace_id=TEAM_ID), {"Design": DESIGN})

    outcome = await stage.pulse(OTHER, "results")

    assert outcome.message
    assert text_of(outcome.message) == REFUSALS[Role.ANALYST]
    assert "Workload" not in text_of(outcome.message)
    assert await audited(stage) == [(OTHER, "refused", "figures.view")]


async def test_before_the_first_results_there_is_a_kind_sentence(stage: Stage) -> None:
    outcome = await stage.pulse(MAYA, "results")
    named = await stage.pulse(MAYA, "results lunch & <!channel>")

    assert outcome.message
    assert results_message(Results(None, (), ())).text in text_of(outcome.message)
    assert named.message
    assert text_of(named.message)
    assert "<!channel>" not in text_of(named.message)


async def test_an_earlier_wave_is_chosen_from_the_menu(stage: Stage) -> None:
    pulse = survey(workspace_id=TEAM_ID)
    await published(stage, pulse, {"Design": [*DESIGN, None]}, held_on=HELD_ON.replace(day=1))
    await published(stage, pulse, {"Design": DESIGN})
    outcome = await stage.pulse(MAYA, "results")
    assert outcome.message
    assert capitalised(of_invited(5, 6)) in text_of(outcome.message)
    (menu,) = [each for each in buttons_of(outcome.message) if each["action_id"] == CHOOSE_WAVE]

    await stage.press(MAYA, CHOOSE_WAVE, selected=menu["options"][1]["value"])

    assert capitalised(of_invited(5, 7)) in text_of(stage.last(MAYA))


async def test_long_lists_are_turned_page_by_page(stage: Stage) -> None:
    questions = [question(number, driver=f"driver{number:02}") for number in range(30)]
    response = {number: 3 + number % 2 for number in range(30)}
    people_answers = [{**response, 0: value} for value in (1, 2, 3, 4, 5, 1, 2, 3, 4, 5)]
    pulse = survey(*questions, workspace_id=TEAM_ID)
    wave_id = await published(stage, pulse, {"Design": people_answers})
    await stage.pulse(MAYA, "results")
    overview = text_of(stage.last(MAYA))

    await stage.press(MAYA, f"{SHOW}:drivers")
    onward, _ = buttons_of(stage.last(MAYA))
    assert PagePosition.decode(onward["value"]) == PagePosition(wave_id, ResultsPart.DRIVERS, 1)
    await stage.press(MAYA, onward["action_id"])
    back, _ = buttons_of(stage.last(MAYA))
    assert PagePosition.decode(back["value"]) == PagePosition(wave_id, ResultsPart.DRIVERS, 0)
    await stage.press(MAYA, SHOW)
    assert text_of(stage.last(MAYA)) == overview


async def test_an_admin_reads_a_named_survey_by_person(stage: Stage) -> None:
    pulse = survey(workspace_id=TEAM_ID, anonymous=False)
    wave_id = await published(stage, pulse, {"Design": [*DESIGN, *DESIGN]})
    await stage.pulse(MAYA, "results")

    opened = await stage.press(MAYA, BY_PERSON)

    assert opened.view
    assert "Strongly agree" in text_of(opened.view)
    turned = await stage.sandbox.press(MAYA, "insights:by_person_page:1", view_id=opened.view["id"])
    assert turned.ok
    last = await stage.sandbox.press(MAYA, "insights:by_person_page:2", view_id=opened.view["id"])
    assert last.view
    assert "Fish & <chips>" in text_of(last.view)
    looks = [each for each in await audited(stage) if each[1] == "answers.viewed"]
    assert looks == [(MAYA, "answers.viewed", wave_id)] * 3


async def test_an_analyst_is_not_offered_answers_by_person(stage: Stage) -> None:
    await grant_analyst(stage)
    await published(stage, survey(workspace_id=TEAM_ID, anonymous=False), {"Design": DESIGN})

    outcome = await stage.pulse(ANALYST, "results")

    assert outcome.message
    assert BY_PERSON not in str(outcome.message)


async def test_only_hr_admins_read_comments_and_an_analysts_attempt_is_recorded(
    stage: Stage,
) -> None:
    await grant_analyst(stage)
    pulse = survey(workspace_id=TEAM_ID)
    await published(stage, pulse, {"Design": [*DESIGN, *DESIGN]}, written=12)

    read = (await stage.pulse(MAYA, "comments")).view
    assert read
    assert "Fish & <chips>" in text_of(read)
    *_menus, turn, _add = buttons_of(read)
    turned = await stage.sandbox.press(MAYA, turn["action_id"], view_id=read["id"])
    assert turned.view
    *_menus, back, _add = buttons_of(turned.view)
    assert page_of(back["value"])[1] == 0
    refused = await stage.pulse(ANALYST, "comments")
    assert refused.view is None
    assert refused.message
    assert text_of(refused.message) == NO_COMMENTS_FOR_YOU
    await old_button(stage, ANALYST, turn)

    assert text_of(stage.last(ANALYST)) == NO_COMMENTS_FOR_YOU
    assert await audited(stage) == [(ANALYST, "refused", "comments.view")] * 2
    results = (await stage.pulse(ANALYST, "results")).message
    assert results
    assert COMMENTS not in str(buttons_of(results))


async def old_button(stage: Stage, user: str, turn: dict[str, Any]) -> Outcome:
    """Press the button of a message that shows comments, as earlier releases sent them."""
    client = AsyncWebClient(stage.sandbox.app.bot_token, stage.sandbox.api_url)
    row = {"type": "actions", "elements": [turn]}
    await client.chat_postMessage(channel=user, text="Copy", blocks=[row])
    return await stage.press(user, turn["action_id"])


async def test_comments_are_read_in_a_modal_and_never_in_a_message(stage: Stage) -> None:
    pulse = survey(workspace_id=TEAM_ID)
    await published(stage, pulse, {"Design": [*DESIGN, *DESIGN]}, written=12)
    read = await stage.pulse(MAYA, "comments")
    assert read.message is None
    assert read.view
    *_menus, turn, _add = buttons_of(read.view)
    opened = await old_button(stage, MAYA, turn)
    assert opened.view
    assert "Fish & <chips>" in text_of(opened.view)
    assert "Fish" not in str(stage.sandbox.messages("dm", MAYA))


async def test_a_revoked_role_is_refused_at_the_press(stage: Stage) -> None:
    await grant_analyst(stage)
    pulse = survey(workspace_id=TEAM_ID)
    await published(stage, pulse, {"Design": DESIGN}, held_on=HELD_ON.replace(day=1))
    await published(stage, pulse, {"Design": DESIGN})
    outcome = await stage.pulse(ANALYST, "results")
    assert outcome.message
    (menu,) = [each for each in buttons_of(outcome.message) if each["action_id"] == CHOOSE_WAVE]
    async with stage.runtime.sessions.begin() as session:
        await session.delete(await session.get_one(RoleGrant, (TEAM_ID, ANALYST, "analyst")))

    await stage.press(ANALYST, CHOOSE_WAVE, selected=menu["options"][1]["value"])

    assert text_of(stage.last(ANALYST)) == REFUSALS[Role.ANALYST]
    assert (ANALYST, "refused", "figures.view") in await audited(stage)
