"""Groups come in the order in which they need HR."""

from collections.abc import Mapping

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.insights import service
from bot.insights.heatmap.blocks import heat_map_message
from bot.insights.heatmap.service import heat_map
from bot.insights.wave_results import GROUPS_ON_A_PAGE, GROUPS_SHOWN
from models import Figure, Survey, Wave
from tests.factories import WORKSPACE
from tests.insights.waves import CLOSED, store_wave

Cells = Mapping[str, Mapping[str, float]]
"""Mean by group and driver."""


def row(wave: Wave, measure: str, ref: str, group: str, **numbers: object) -> Figure:
    segment = numbers.pop("segment", "team" if group else "all")
    cell = {"measure": measure, "measure_ref": ref, "segment": segment, "segment_ref": group}
    rest = {"n": 10, "published_at": CLOSED, **numbers}
    return Figure(workspace_id=WORKSPACE, wave_id=wave.id, **cell, **rest)


async def figures(session: AsyncSession, survey: Survey, cells: Cells, **notes: str) -> Wave:
    """Store a published wave whose groups show only some drivers; "" is the company."""
    wave = await store_wave(session, survey, {}, status="published", key=None)
    for group, means in cells.items():
        note = notes.get(group)
        session.add(row(wave, "participation", "", group, population=12, note=note))
        for driver, mean in means.items():
            known = {"mean": mean, "low": 0.0, "high": 10.0, "error": 0.5}
            session.add(row(wave, "driver", driver, group, note=note, **known))
    await session.flush()
    return wave


async def order(session: AsyncSession, wave: Wave) -> list[str]:
    found = await service.page_of_groups(session, WORKSPACE, wave.id, 0)
    assert found
    return [group.name for group in found.groups]


async def test_who_needs_hr_most_comes_first(session: AsyncSession, weekly: Survey) -> None:
    wave = await figures(
        session,
        weekly,
        {
            "": {"workload": 6.0, "growth": 7.0},
            "Art": {"workload": 8.0, "growth": 8.0},
            "Design": {"workload": 5.0, "growth": 7.0},
            # Growth is high in the whole company, so 6.0 is further below than 5.0 of workload.
            "Sales": {"growth": 5.0},
            "Legal + Ops": {"workload": 1.0},
            "Nothing": {},
            "Everyone else": {"workload": 0.5},
        },
        **{"Legal + Ops": "merged to protect privacy"},
    )
    assert await order(session, wave) == [
        *("Sales", "Design", "Art"),
        *("Everyone else", "Legal + Ops"),
        "Nothing",
    ]


async def test_without_drivers_enps_decides(session: AsyncSession, weekly: Survey) -> None:
    wave = await figures(session, weekly, {"": {}, "Art": {}, "Design": {}})
    for group, score in {"": 10.0, "Art": 20.0, "Design": -30.0}.items():
        session.add(row(wave, "enps", "0", group, score=score, low=-50.0, high=50.0))
    await session.flush()
    assert await order(session, wave) == ["Design", "Art"]


async def test_without_drivers_the_questions_decide(session: AsyncSession, weekly: Survey) -> None:
    wave = await figures(session, weekly, {"": {}, "Art": {}, "Design": {}})
    for group, mean in {"": 6.0, "Art": 7.0, "Design": 3.0}.items():
        known = {"mean": mean, "low": 0.0, "high": 10.0, "error": 0.5}
        session.add(row(wave, "question", "0", group, **known))
    await session.flush()
    assert await order(session, wave) == ["Design", "Art"]
    found = await service.page_of_groups(session, WORKSPACE, wave.id, 0)
    assert found
    assert [each.mean.value for each in found.groups[0].scores] == [3.0]


@pytest.mark.parametrize("count", [GROUPS_ON_A_PAGE + 3])
async def test_pages_continue_the_order(session: AsyncSession, weekly: Survey, count: int) -> None:
    # Names run against the order of the figures.
    cells = {f"Team {count - n:02}": {"workload": 2 + n / 10} for n in range(count)}
    wave = await figures(session, weekly, {"": {"workload": 5.0}, **cells})
    pages = [await service.page_of_groups(session, WORKSPACE, wave.id, page) for page in (0, 1, 9)]
    shown = [[group.name for group in page.groups] for page in pages if page]
    assert shown[0] + shown[1] == list(cells)
    assert shown[2] == shown[1]
    overview = await service.wave_results(session, WORKSPACE, wave.id)
    assert overview
    assert [group.name for group in overview.groups] == list(cells)[:GROUPS_SHOWN]


async def test_the_sides_of_mentoring_are_no_groups(session: AsyncSession, weekly: Survey) -> None:
    wave = await figures(session, weekly, {"": {"workload": 5.0}, "Art": {"workload": 4.0}})
    for side in ("in mentoring", "not in mentoring"):
        session.add(row(wave, "participation", "", side, segment="mentoring", population=12))
    await session.flush()
    assert await order(session, wave) == ["Art"]
    overview = await service.wave_results(session, WORKSPACE, wave.id)
    assert overview
    assert overview.group_counts == {"team": 1}
    heat = await heat_map(session, WORKSPACE, wave.id)
    assert "insights:heat_map:" not in str(heat_map_message(heat).blocks)
