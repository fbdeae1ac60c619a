"""HR filters and searches comments, through the real bot and in the service."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.insights.comment_blocks import NO_MATCH
from bot.insights.comment_filter_fields import FILTER, WORDS, read_filter
from bot.insights.comments import COMMENTS_ON_A_PAGE, CommentFilter, comments_page
from bot.insights.pure.words.themes import Term
from bot.pulse.steps import WHOLE_PULSE
from models import Survey
from sandbox.demo.company import TEAM_ID, people
from tests.conftest import NOW
from tests.factories import WORKSPACE, question, survey, workspace
from tests.insights.waves import everyone, publish, sealed_wave
from tests.journeys.stage import Stage, buttons_of, open_stage, text_of

MAYA = people()[0].id
PEOPLE = everyone(*(1 + number % 5 for number in range(14)))
TEXTS = [
    "Fewer MEETINGS, please",
    *(f"Fine {number}" for number in range(11)),
    "Es gibt einfach zu viele Besprechungen bei uns.",
]
LATER = [f"Straße {number}" for number in range(10)]


async def store(session: AsyncSession, workspace_id: str) -> Survey:
    made = survey(question(0), question(1, driver="growth"), workspace_id=workspace_id)
    session.add(made)
    await session.flush()
    both = [{0: each[0], 1: 4} for each in PEOPLE if each]
    written = [("Design", 0, text) for text in TEXTS]
    written += [("Design", WHOLE_PULSE, text) for text in LATER]
    wave = await sealed_wave(session, made, {"Design": both}, written)
    await publish(session, workspace_id, wave.id, NOW)
    return made


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url) as stage:
        async with stage.runtime.sessions.begin() as session:
            await store(session, TEAM_ID)
        yield stage


def menu(view: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in buttons_of(view) if each["action_id"] == f"{FILTER}:{name}")


async def test_hr_filters_and_searches(stage: Stage) -> None:
    opened = (await stage.pulse(MAYA, "comments")).view
    assert opened
    assert "23 comments." in text_of(opened)
    value = menu(opened, "question")["options"][1]["value"]

    chosen = await stage.sandbox.press(
        MAYA, f"{FILTER}:question", view_id=opened["id"], selected=value
    )
    assert chosen.view
    assert "found" in text_of(chosen.view)
    searched = await stage.sandbox.submit(MAYA, opened["id"], {WORDS: "  meetings FEWER "})

    assert searched.view
    assert "1 comment found." in text_of(searched.view)
    assert "Fewer MEETINGS, please" in text_of(searched.view)
    nothing = await stage.sandbox.submit(MAYA, opened["id"], {WORDS: "unicorn"})
    assert nothing.view
    assert NO_MATCH in text_of(nothing.view)


async def test_pages_keep_the_filter(stage: Stage) -> None:
    opened = (await stage.pulse(MAYA, "comments")).view
    assert opened
    found = await stage.sandbox.submit(MAYA, opened["id"], {WORDS: "fine"})
    assert found.view
    assert "11 comments found." in text_of(found.view)

    turned = await stage.sandbox.press(MAYA, "insights:comments:1", view_id=opened["id"])

    assert turned.view
    assert "11 comments found." in text_of(turned.view)
    assert "Fewer" not in text_of(turned.view)
    assert text_of(turned.view).count("Fine") == 11 - COMMENTS_ON_A_PAGE


@pytest.mark.parametrize(
    ("chosen", "count"),
    [
        (CommentFilter(), 23),
        (CommentFilter(position=0), 13),
        (CommentFilter(position=WHOLE_PULSE), 10),
        (CommentFilter(position=7), 0),
        (CommentFilter(month="2026-11"), 23),
        (CommentFilter(month="2026-10"), 0),
        (CommentFilter(theme="meetings"), 2),
        (CommentFilter(theme="meetings", position=WHOLE_PULSE), 0),
        (CommentFilter(words="STRASSE"), 10),
        (CommentFilter(words="strasse 7"), 1),
        (CommentFilter(words="%"), 0),
        (CommentFilter(words="   "), 23),
    ],
)
async def test_filters_narrow(session: AsyncSession, chosen: CommentFilter, count: int) -> None:
    session.add(workspace())
    await session.flush()
    made = await store(session, WORKSPACE)
    found = await comments_page(session, WORKSPACE, made.id, 0, chosen)
    assert found.count == count
    assert len(found.comments) == min(count, COMMENTS_ON_A_PAGE)
    assert found.months == ("2026-11",)
    assert [position for position, _ in found.questions] == [0, WHOLE_PULSE]


def test_a_theme_includes_the_words_that_hr_added() -> None:
    chosen = CommentFilter(theme="tools")
    assert not chosen.matches("The badge reader is broken.")
    assert chosen.matches("The badge reader is broken.", [Term("tools", "badge reader*")])


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"values": {}},
        {"values": {FILTER: {f"{FILTER}:question": {"selected_option": {"value": "x"}}}}},
        {"values": {FILTER: {f"{FILTER}:theme": {"selected_option": {"value": "none"}}}}},
        {"values": {FILTER: {f"{FILTER}:month": {"selected_option": None}}}},
        {"values": {WORDS: {WORDS: {"value": None}}}},
    ],
)
def test_what_is_not_ours_counts_as_no_choice(state: dict[str, Any]) -> None:
    assert read_filter({"state": state}) == CommentFilter()
