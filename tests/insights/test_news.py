"""What is new in a survey's waves: with what a number is compared, and how that is said."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.insights.headlines import evidence, headline, joined, taking_part
from bot.insights.news import Headline, survey_news
from bot.insights.pure.differences import Finding
from bot.insights.pure.figure_history import Cell
from bot.insights.wave_results import StandsOut
from models import Figure, PublishedComment, Survey, Wave
from tests.factories import WORKSPACE, company, survey
from tests.golden.cases._waves import FALLEN_IN_DESIGN, WAVE
from tests.insights.waves import CLOSED, HELD_ON, Response, everyone, publish, sealed_wave

CONTENT = everyone(*[4, 5] * 12)
WORN_OUT = everyone(*[1, 2] * 12)
TEAMS: Mapping[str | None, Sequence[Response]] = {"Sales": CONTENT, "Engineering": CONTENT}


async def story(session: AsyncSession, *of_support: Sequence[Response]) -> tuple[Survey, list[str]]:
    """Publish weekly waves with these answers of Support; return their ids, newest first."""
    await company(session, {})
    pulse = survey()
    session.add(pulse)
    await session.flush()
    ids: list[str] = []
    for number, answers in enumerate(of_support):
        on = HELD_ON - timedelta(weeks=len(of_support) - 1 - number)
        wave = await sealed_wave(session, pulse, {**TEAMS, "Support": answers}, held_on=on)
        await publish(session, WORKSPACE, wave.id, CLOSED)
        ids.insert(0, wave.id)
    return pulse, ids


async def number_of(session: AsyncSession, wave_id: str, team: str) -> float:
    segment = "team" if team else "all"
    found = await session.scalar(
        select(Figure.mean).where(
            Figure.wave_id == wave_id,
            Figure.measure == "driver",
            Figure.segment == segment,
            Figure.segment_ref == team,
        )
    )
    assert found is not None
    return float(found)


async def test_a_fall_is_told_from_the_number_before_it_to_the_newest(
    session: AsyncSession,
) -> None:
    _, ids = await story(session, *[CONTENT] * 5, WORN_OUT, WORN_OUT)

    news = await survey_news(session, WORKSPACE, ids[:1], with_quotes=True)

    assert news is not None
    first = news.headlines[0]
    assert first.found.statement.finding is Finding.FALL
    before = [await number_of(session, each, "Support") for each in ids[2:6]]
    assert first.before == pytest.approx(sum(before) / 4)
    now = await number_of(session, ids[0], "Support")
    assert f"fell from {first.before:.1f} to {now:.1f}" in headline(first)
    assert news.has_changes
    assert news.quotes == ()


async def test_a_group_far_from_the_company_is_told_against_the_companys_number(
    session: AsyncSession,
) -> None:
    _, ids = await story(session, WORN_OUT)

    news = await survey_news(session, WORKSPACE, ids, with_quotes=False)

    assert news is not None
    (far,) = news.headlines
    whole = await number_of(session, ids[0], "")
    assert far.before == pytest.approx(whole)
    assert f"against {whole:.1f}" in headline(far)
    assert not news.has_changes


async def test_several_waves_say_the_same_once_and_show_who_took_part(
    session: AsyncSession,
) -> None:
    _, ids = await story(session, *[CONTENT] * 5, WORN_OUT, WORN_OUT)

    news = await survey_news(session, WORKSPACE, ids[:3], with_quotes=False)

    assert news is not None
    about = [(each.found.statement.finding, each.held_on) for each in news.headlines]
    assert about.count((Finding.FALL, HELD_ON)) == 1
    assert len({finding for finding, _ in about}) == len(about)
    assert len(news.shares) == 3


async def test_an_unpublished_wave_has_no_news(session: AsyncSession) -> None:
    _, ids = await story(session, CONTENT)
    await session.execute(update(Wave).values(status="sealed"))

    assert await survey_news(session, WORKSPACE, ids, with_quotes=True) is None


@pytest.mark.parametrize(("anonymous", "quoted"), [(True, 1), (False, 0)])
async def test_a_named_surveys_comments_are_not_quoted(
    session: AsyncSession, anonymous: bool, quoted: int
) -> None:
    pulse, ids = await story(session, CONTENT)
    await session.execute(update(Wave).values(anonymous=anonymous))
    comment = {"text": "There is too much work.", "month": "2026-11", "wave_id": ids[0]}
    session.add(PublishedComment(workspace_id=pulse.workspace_id, **comment))
    await session.flush()

    news = await survey_news(session, WORKSPACE, ids, with_quotes=True)

    assert news is not None
    assert len(news.quotes) == quoted


def told(before: float | None = 6.9, also: tuple[str, ...] = (), **changes: Any) -> Headline:
    """Return a headline of a fall of Design's workload, with changes to its statement."""
    statement = replace(FALLEN_IN_DESIGN.statement, also=(), **changes)
    value = replace(FALLEN_IN_DESIGN.value, value=statement.value)
    found = StandsOut(statement, value, FALLEN_IN_DESIGN.label, also)
    return Headline(found, before, WAVE.held_on)


def test_a_number_that_hides_its_fall_is_told_with_the_size_of_the_fall() -> None:
    assert headline(told(before=None)).startswith(
        "Design's workload score fell by 1.8 in three weeks; the latest is 5.1"
    )


def test_what_stood_out_in_an_earlier_wave_says_when() -> None:
    later = WAVE.held_on + timedelta(weeks=1)
    assert "in three weeks by 3 November (" in headline(told(), later)
    assert "November" not in headline(told(), WAVE.held_on)


def test_what_stood_out_in_an_earlier_wave_is_told_with_the_newest_number() -> None:
    later = WAVE.held_on + timedelta(weeks=1)
    recovered = replace(told(), latest=6.8)
    assert headline(recovered, later).endswith("; the latest is 6.8")
    unknown_before = headline(replace(told(before=None), latest=6.8), later)
    assert "; it was 5.1 by 3 November (" in unknown_before
    assert unknown_before.endswith("; the latest is 6.8")


@pytest.mark.parametrize(
    ("name", "words"),
    [("Sales", "Sales' workload"), ("Design", "Design's workload"), ("", "Workload score")],
)
def test_whose_score_it_is(name: str, words: str) -> None:
    cell = Cell("driver", "workload", "team" if name else "all", name)
    assert headline(told(cell=cell)).startswith(words)


def test_an_interval_ends_where_the_scale_does() -> None:
    wide = told(before=2.0, low=-9.0, high=-0.5, difference=-4.0)
    assert "down by 0.5 to 2.0" in evidence(wide)
    enps = Cell("enps", "2", "team", "Design")
    points = told(before=-20.0, cell=enps, low=-150.0, high=-10.0, difference=-80.0, value=-90.0)
    assert "down by 10 to 80 points" in evidence(points)


def test_a_drivers_questions_are_not_named_beside_it() -> None:
    cells = (Cell("question", "0", "team", "Design"), Cell("driver", "growth", "team", "Design"))
    labels = ("I can plan my week.", "Growth")
    found = replace(
        FALLEN_IN_DESIGN,
        statement=replace(FALLEN_IN_DESIGN.statement, also=cells),
        also=labels,
    )
    assert "; growth fell, too." in evidence(Headline(found, 6.9, WAVE.held_on))
    alone = replace(found.statement, cell=Cell("enps", "2", "all", ""), also=cells[:1])
    only = replace(found, statement=alone, also=labels[:1])
    assert "; “I can plan my week.” fell, too." in evidence(Headline(only, 6.9, WAVE.held_on))


def test_it_is_never_told_that_everybody_took_part() -> None:
    cell = Cell("participation", "", "team", "Design")
    fewer = told(
        1.0,
        finding=Finding.PARTICIPATION,
        cell=cell,
        value=0.4,
        difference=-0.6,
        low=-0.8,
        high=-0.4,
    )
    assert headline(fewer).startswith("Fewer people in Design answer: down from nearly all to 40%")
    assert taking_part(0.8) == "80%"


def test_names_are_joined_as_in_a_sentence() -> None:
    assert joined(["pay"]) == "pay"
    assert joined(["pay", "growth", "trust"]) == "pay, growth and trust"
