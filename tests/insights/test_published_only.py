"""What HR sees depends on published rows alone."""

import re
from collections.abc import Sequence
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot.blockkit.blocks import Block, Message
from bot.errors import OutdatedError
from bot.insights import service
from bot.insights.blocks import results_message
from bot.insights.comment_blocks import comments_view
from bot.insights.comments import CommentFilter, comments_page
from bot.insights.handlers import read_part
from bot.insights.heatmap.blocks import heat_map_message
from bot.insights.heatmap.service import HeatMap, heat_map
from bot.insights.manager_blocks import team_message
from bot.insights.managers import team_results
from bot.insights.missing.blocks import missing_view
from bot.insights.missing.service import wave_groups
from bot.insights.positions import PagePosition, ResultsPart
from bot.insights.pure.group_standing import PublishedGroup, Standing, standings
from bot.insights.trends.blocks import trend_message
from bot.insights.trends.service import find_trend, read_trend
from bot.insights.wave_results import Results
from models import Survey
from tests.factories import WORKSPACE
from tests.golden.cases._published import K, Teams, results, trend
from tests.insights.waves import CLOSED, Response, everyone, publish, sealed_wave

PUBLISHED = {
    *("figures", "published_comments", "waves", "surveys", "survey_questions", "theme_terms"),
}
TABLE = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)")
CHANGED = st.integers(0, 9)


def people(values: Sequence[int | None]) -> list[dict[int, int] | None]:
    return [None if each is None else {0: each, 1: 6 - each, 2: 8} for each in values]


answers = st.one_of(st.none(), st.integers(1, 5))
teams = st.fixed_dictionaries(
    {name: st.lists(answers, min_size=3, max_size=12) for name in ("Design", "Sales", "Legal")}
)


def seen(found: Teams, shown: Results) -> list[list[Block]]:
    assert shown.wave
    messages = [results_message(shown)]
    if shown.wave.drivers:
        messages.append(trend_message(trend([found])))
    if shown.wave.drivers and shown.wave.groups:
        messages.append(heat_map_message(HeatMap(shown.wave, "team", 0)))
    return [blocks for each in messages for blocks in (each.blocks, each.plain or [])]


def figures(shown: Results) -> Any:
    wave = shown.wave
    assert wave
    return wave.answered, wave.drivers, wave.enps, wave.groups, wave.mood


@settings(max_examples=40)
@given(answers=teams, team=st.sampled_from(["Design", "Sales", "Legal"]), place=CHANGED)
def test_an_answer_changes_what_hr_sees_only_through_a_figure(
    answers: dict[str, list[int | None]], team: str, place: int
) -> None:
    before = {name: people(values) for name, values in answers.items()}
    changed = list(answers[team])
    place %= len(changed)
    changed[place] = 1 + (changed[place] or 0) % 5
    after = {**before, team: people(changed)}
    first, second = results([before]), results([after])
    if figures(first) == figures(second):
        assert seen(before, first) == seen(after, second)


@settings(max_examples=20)
@given(answers=teams, seed=st.randoms(use_true_random=False))
def test_who_of_a_group_answered_what_changes_nothing(
    answers: dict[str, list[int | None]], seed: Random
) -> None:
    before = {name: people(values) for name, values in answers.items()}
    after = {name: people(seed.sample(values, len(values))) for name, values in answers.items()}
    assert seen(before, results([before])) == seen(after, results([after]))


async def test_no_view_reads_more_than_published_rows(
    session: AsyncSession, weekly: Survey, engine: AsyncEngine
) -> None:
    written = [("Design", 0, f"Fewer meetings {n}") for n in range(11)]
    told: dict[str | None, list[Response]] = {
        "Design": everyone(*[1, 2, 3, 4, 5] * 3),
        "Sales": everyone(*[3, 4] * 4),
    }
    members = {"team": {"Design": 15, "Sales": 8, "Legal": 2}}
    wave = await sealed_wave(session, weekly, told, written, members=members)
    await publish(session, WORKSPACE, wave.id, CLOSED)
    await session.flush()
    wave_id, survey_id = wave.id, weekly.id
    session.expire_all()
    read: set[str] = set()

    def keep(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        read.update(TABLE.findall(statement))

    event.listen(engine.sync_engine, "before_cursor_execute", keep)
    shown: list[Message | dict[str, Any]] = []
    for part in ResultsPart:
        position = PagePosition(wave_id, part)
        if part is not ResultsPart.OVERVIEW:
            shown.append(results_message(await read_part(session, WORKSPACE, position), part))
    overview = await service.wave_results(session, WORKSPACE, wave_id)
    assert overview
    shown.append(heat_map_message(await heat_map(session, WORKSPACE, wave_id)))
    source = await read_trend(session, WORKSPACE, wave_id, "driver", "workload")
    shown.append(trend_message(find_trend(source)))
    shown.append(missing_view(await wave_groups(session, WORKSPACE, wave_id)))
    shown.append(team_message(await team_results(session, WORKSPACE, ["Sales"])))
    for chosen in (CommentFilter(), CommentFilter(words="fewer", theme="meetings")):
        page = await comments_page(session, WORKSPACE, survey_id, 0, chosen)
        assert page.comments
        shown.append(comments_view(page))
    event.remove(engine.sync_engine, "before_cursor_execute", keep)

    numbered = {name for name in read if name.startswith("anon_")}
    assert read - numbered <= PUBLISHED
    assert {"figures", "published_comments"} <= read
    assert len(shown) == len(ResultsPart) - 1 + 6


async def test_a_wave_that_is_not_published_shows_nothing(
    session: AsyncSession, weekly: Survey
) -> None:
    wave = await sealed_wave(session, weekly, {"Design": everyone(*[1, 2, 3, 4, 5] * 2)})
    for view in (
        heat_map(session, WORKSPACE, wave.id),
        read_trend(session, WORKSPACE, wave.id, "driver", "workload"),
        wave_groups(session, WORKSPACE, wave.id),
    ):
        try:
            await view
        except OutdatedError:
            continue
        raise AssertionError("it showed something")


@given(
    invited=st.dictionaries(st.sampled_from("ABCDEF"), st.integers(1, 12), min_size=1),
    cuts=st.lists(st.integers(0, 3), min_size=6, max_size=6),
)
def test_every_group_stands_somewhere(invited: dict[str, int], cuts: list[int]) -> None:
    published = [
        PublishedGroup(" + ".join(values) or "Everyone else", values)
        for number in range(3)
        if (values := [name for name, cut in zip("ABCDEF", cuts, strict=True) if cut == number])
    ]
    found = {each.name: each for each in standings("team", invited, published, K)}
    assert set(found) == set(invited)
    for name, each in found.items():
        groups = [group for group in published if name in group.values]
        if groups:
            alone = groups[0].values == [name]
            assert each.standing is (Standing.ALONE if alone else Standing.TOGETHER)
        else:
            small = invited[name] <= K
            assert each.standing is (Standing.TOO_FEW_INVITED if small else Standing.WITHHELD)
