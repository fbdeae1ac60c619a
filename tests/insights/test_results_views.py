"""HR opens trends, the heat map, its picture and "Who is missing?", through the real bot."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from bot.insights.blocks import CHOOSE_WAVE
from bot.insights.heatmap.blocks import HEAT_MAP, NO_PICTURE, NO_SCOPE, PICTURE, WITHHELD
from bot.insights.missing.blocks import MISSING, NO_RESULTS, WHICH_GROUP
from bot.insights.positions import SHOW
from bot.insights.trends.blocks import TREND
from bot.people.roles import REFUSALS, Role
from models import AuditEntry, RoleGrant, Survey
from sandbox.demo.company import TEAM_ID, people
from tests.conftest import NOW
from tests.factories import question, survey
from tests.insights.waves import HELD_ON, Response, everyone, publish, sealed_wave
from tests.journeys.stage import Stage, buttons_of, open_stage, text_of

MAYA, ANALYST, OTHER = (person.id for person in people()[:3])
Teams = Mapping[str | None, Sequence[Response]]
TEAMS: dict[str | None, list[Response]] = {
    "Design": everyone(4, 5, 4, 5, 4, 5, 4, 5, 4, 5),
    "Sales": everyone(3, 4, 3, 4, 3, 4, 3, 4, 3, 4),
    "Support": everyone(1, 2, 1, 2, 1, 2, 1, 2, 1, 2),
    "Legal": [*everyone(1, 2), None, None, None, None],
}


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url) as stage:
        yield stage


async def published(stage: Stage, rounds: Sequence[Teams], made: Survey | None = None) -> Survey:
    """Publish weekly rounds, the last one on `HELD_ON`."""
    made = made or survey(workspace_id=TEAM_ID)
    async with stage.runtime.sessions.begin() as session:
        session.add(made)
        await session.flush()
        for number, teams in enumerate(rounds):
            day = HELD_ON - timedelta(weeks=len(rounds) - 1 - number)
            # People of a team that is too small have a cohort without a team.
            members = {"team": {name or "Tiny": len(each) for name, each in teams.items()}}
            wave = await sealed_wave(session, made, teams, held_on=day, members=members)
            await publish(session, TEAM_ID, wave.id, NOW + timedelta(minutes=number))
    return made


async def looks(stage: Stage) -> list[str | None]:
    async with stage.runtime.sessions.begin() as session:
        found = await session.scalars(
            select(AuditEntry.actor_id).where(AuditEntry.action == "figures.viewed")
        )
        return list(found)


def element(message: dict[str, Any], action_id: str) -> dict[str, Any]:
    return next(each for each in buttons_of(message) if each["action_id"] == action_id)


def block(message: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(each for each in message["blocks"] if each["type"] == kind)


async def open_trend(stage: Stage, label: str) -> dict[str, Any]:
    await stage.pulse(MAYA, "results")
    menu = element(stage.last(MAYA), TREND)
    (value,) = [each["value"] for each in menu["options"] if each["text"]["text"] == label]
    await stage.press(MAYA, TREND, selected=value)
    return stage.last(MAYA)


async def test_a_trend_shows_the_company_and_the_lowest_teams(stage: Stage) -> None:
    better = {**TEAMS, "Support": everyone(*[4, 5] * 5)}
    await published(stage, [better, better, better, TEAMS])

    shown = await open_trend(stage, "Workload")

    chart = block(shown, "data_visualization")["chart"]
    names = [series["name"] for series in chart["series"]]
    assert names[0] == "Company"
    assert names[1] == "Support"
    (support,) = [each for each in chart["series"] if each["name"] == "Support"]
    values = [point["value"] for point in support["data"]]
    assert len(values) == 4
    assert values[-1] < values[0]
    assert "*Support*" in text_of(shown)
    assert await looks(stage) == [MAYA, MAYA]
    await stage.press(MAYA, SHOW)
    assert "*Teams, the lowest first*" in text_of(stage.last(MAYA))


async def test_a_workspace_without_charts_gets_the_same_numbers_as_text(
    database_url: str,
) -> None:
    async with open_stage(database_url, refuses_blocks=["data_visualization", "data_table"]) as it:
        await published(it, [TEAMS, TEAMS])
        shown = await open_trend(it, "Workload")
        assert "data_visualization" not in {each["type"] for each in shown["blocks"]}
        assert "27 Oct 2026" in text_of(shown)
        await it.press(MAYA, SHOW)
        await it.press(MAYA, HEAT_MAP)
        table = text_of(it.last(MAYA))
        assert "data_table" not in {each["type"] for each in it.last(MAYA)["blocks"]}
        assert "```" in table
        assert "Support" in table


async def test_one_round_has_no_trend_and_no_menu_of_them(stage: Stage) -> None:
    await published(stage, [TEAMS])
    await stage.pulse(MAYA, "results")
    assert TREND not in {each["action_id"] for each in buttons_of(stage.last(MAYA))}


@pytest.mark.parametrize("value", ["", "x", "w:driver", "w:driver:", "w:mood:1", "w:driver:x"])
async def test_an_unknown_trend_is_outdated(stage: Stage, value: str) -> None:
    await published(stage, [TEAMS, TEAMS])
    await stage.pulse(MAYA, "results")
    before = await looks(stage)
    menu = element(stage.last(MAYA), TREND)
    menu["options"][0]["value"] = value or "-"
    await stage.sandbox.press(
        MAYA, TREND, channel="dm", message_ts=stage.last(MAYA)["ts"], selected=value or "-"
    )
    await stage.settled()
    assert await looks(stage) == before


async def test_the_heat_map_has_the_lowest_group_on_top(stage: Stage) -> None:
    questions = [question(0), question(1, driver="growth")]
    both = {
        team: [None if each is None else {0: each[0], 1: 5} for each in answers]
        for team, answers in TEAMS.items()
    }
    await published(stage, [both], survey(*questions, workspace_id=TEAM_ID))
    await stage.pulse(MAYA, "results")

    await stage.press(MAYA, HEAT_MAP)

    rows = [[cell["text"] for cell in row] for row in block(stage.last(MAYA), "data_table")["rows"]]
    assert rows[0] == ["Team", "Workload", "Growth"]
    assert [row[0] for row in rows[1:3]] == ["Company", "Support"]
    assert "Legal" not in {row[0] for row in rows}
    assert rows[2][1].startswith("🟧")
    assert rows[2][2].startswith("🟦")
    assert WITHHELD not in {cell for row in rows[1:3] for cell in row}
    assert await looks(stage) == [MAYA, MAYA]


async def test_the_heat_map_comes_as_a_picture(stage: Stage) -> None:
    await published(stage, [TEAMS])
    await stage.pulse(MAYA, "results")
    await stage.press(MAYA, HEAT_MAP)
    await stage.press(MAYA, PICTURE)

    (sent,) = [each for each in stage.sandbox.messages("dm", MAYA) if each.get("files")]
    file = stage.sandbox.world.files[sent["files"][0]["id"]]
    assert file.content
    assert Image.open(BytesIO(file.content)).format == "PNG"
    assert "Support: lowest Workload" in str(file.alt_text)
    assert "Design + Legal" in str(file.alt_text)
    assert await looks(stage) == [MAYA] * 3


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("app", "says"),
    [
        ({"lacks": ["files.getUploadURLExternal"]}, NO_PICTURE),
        ({"scopes": ["chat:write", "commands", "users:read", "im:write", "im:history"]}, NO_SCOPE),
    ],
)
async def test_where_no_file_can_be_sent_hr_is_told_why(
    database_url: str, app: dict[str, Any], says: str
) -> None:
    async with open_stage(database_url, **app) as stage:
        await published(stage, [TEAMS])
        await stage.pulse(MAYA, "results")
        await stage.press(MAYA, HEAT_MAP)
        heat = stage.last(MAYA)
        await stage.sandbox.press(MAYA, PICTURE, channel="dm", message_ts=heat["ts"])
        await stage.settled()
        assert says in {text_of(each) for each in stage.sandbox.messages("dm", MAYA)}


async def test_who_is_missing_names_every_rule_that_can_have_hidden_a_group(stage: Stage) -> None:
    await published(stage, [{**TEAMS, None: everyone(1, 5)}])
    await stage.pulse(MAYA, "results")

    opened = await stage.press(MAYA, MISSING)

    assert opened.view
    shown = text_of(opened.view)
    assert "Legal" in shown
    assert "*Tiny* (team, 2 invited) is too small" in shown
    assert "*Legal* (team, 6 invited) is shown with others" in shown
    assert "*Sales*" not in shown
    assert await looks(stage) == [MAYA, MAYA]


async def test_why_a_group_is_not_shown(stage: Stage) -> None:
    before = await stage.pulse(MAYA, "results why legal")
    assert before.message
    assert text_of(before.message) == NO_RESULTS
    await published(stage, [TEAMS])

    for typed, says in {
        "why legal": "Legal",
        "why “Legal”": "Legal",
        "WHY design": "is shown",
        "why lunch & <!channel>": "Nobody of a group called",
        "why": WHICH_GROUP,
    }.items():
        told = (await stage.pulse(MAYA, f"results {typed}")).message
        assert told
        assert says in text_of(told), typed
        assert "<!channel>" not in text_of(told)


async def test_others_are_refused_everywhere(stage: Stage) -> None:
    await published(stage, [TEAMS, TEAMS])
    async with stage.runtime.sessions.begin() as session:
        session.add(
            RoleGrant(workspace_id=TEAM_ID, employee_id=ANALYST, role="analyst", granted_at=NOW)
        )
    outcome = await stage.pulse(ANALYST, "results")
    assert outcome.message
    trend = element(outcome.message, TREND)["options"][0]["value"]
    async with stage.runtime.sessions.begin() as session:
        await session.delete(await session.get_one(RoleGrant, (TEAM_ID, ANALYST, "analyst")))
    ts = stage.last(ANALYST)["ts"]
    for action, choice in ((TREND, {"selected": trend}), (HEAT_MAP, {}), (MISSING, {})):
        await stage.sandbox.press(ANALYST, action, channel="dm", message_ts=ts, **choice)
        await stage.settled()
        assert text_of(stage.last(ANALYST)) == REFUSALS[Role.ANALYST]
    refused = await stage.pulse(OTHER, "results why legal")
    assert refused.message
    assert text_of(refused.message) == REFUSALS[Role.ANALYST]
    assert await looks(stage) == [ANALYST]


async def test_an_earlier_round_has_its_own_heat_map(stage: Stage) -> None:
    await published(stage, [{"Design": TEAMS["Support"]}, TEAMS])
    await stage.pulse(MAYA, "results")
    menu = element(stage.last(MAYA), CHOOSE_WAVE)
    await stage.press(MAYA, CHOOSE_WAVE, selected=menu["options"][1]["value"])
    assert HEAT_MAP not in {each["action_id"] for each in buttons_of(stage.last(MAYA))}


async def test_the_company_pulse_says_when_it_shows_a_team(stage: Stage) -> None:
    pulse = await published(stage, [TEAMS], survey(workspace_id=TEAM_ID, name="Company pulse"))
    async with stage.runtime.sessions.begin() as session:
        (await session.get_one(Survey, (TEAM_ID, pulse.id))).cadence = "standing"
    alone = (await stage.pulse(MAYA, "results why Design")).message
    await stage.pulse(MAYA, "results")
    opened = (await stage.press(MAYA, MISSING)).view
    for shown in (alone, opened):
        assert shown
        assert "*Company pulse* shows a team's figure about a topic once" in text_of(shown)

    await published(stage, [TEAMS], survey(workspace_id=TEAM_ID, id="weekly"))
    told = (await stage.pulse(MAYA, "results why Design")).message

    assert told
    assert "*Design* (team, 10 invited) is shown" in text_of(told)
