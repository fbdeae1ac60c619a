"""Comments from the sealed wave to what HR reads, on both databases."""

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import OutdatedError, UserError
from bot.insights.comment_blocks import comments_view
from bot.insights.comments import (
    COMMENTS_ON_A_PAGE,
    CommentsPage,
    ReadableComment,
    comments_page,
    latest_comments,
)
from bot.insights.paging import page_of
from bot.pulse.steps import ANYTHING_TO_ADD, WHOLE_PULSE
from models import OpenAnswer, PublishedComment, Survey
from sandbox.blockkit import validate_blocks
from tests.conftest import NOW
from tests.factories import WORKSPACE, employee, question, survey, workspace
from tests.insights.waves import everyone, publish, sealed_wave

PEOPLE = everyone(*(1 + number % 5 for number in range(14)))


async def published(
    session: AsyncSession, texts: list[str], position: int = 0, *, anonymous: bool = True
) -> Survey:
    session.add(workspace())
    await session.flush()
    session.add(employee("U0ANA", name="Ana Lucía Torres", nick="luci"))
    made = survey(question(0), anonymous=anonymous)
    session.add(made)
    await session.flush()
    written = [("Design", position, text) for text in texts]
    wave = await sealed_wave(session, made, {"Design": PEOPLE}, written, anonymous=anonymous)
    await publish(session, WORKSPACE, wave.id, NOW)
    await session.flush()
    return made


async def test_comments_are_published_masked_and_without_their_origin(
    session: AsyncSession,
) -> None:
    made = await published(session, [f"{n}: ask lucia torres or Luci" for n in range(10)])
    rows = (await session.scalars(select(PublishedComment))).all()
    assert sorted(row.text for row in rows) == [f"{n}: ask [name] or [name]" for n in range(10)]
    assert {row.month for row in rows} == {"2026-11"}
    assert not (await session.scalars(select(OpenAnswer.comment))).all()
    page = await latest_comments(session, WORKSPACE)
    assert page
    assert (page.survey_id, page.count, page.pages) == (made.id, 10, 1)
    assert page.comments[0].question == "My workload is manageable."


async def test_comments_on_the_whole_pulse_stand_under_no_question(session: AsyncSession) -> None:
    texts = [f"{n}: all in all" for n in range(10)]
    await published(session, texts, position=WHOLE_PULSE)
    page = await latest_comments(session, WORKSPACE)
    assert page
    assert {each.question for each in page.comments} == {ANYTHING_TO_ADD}


async def test_too_few_comments_stay_sealed(session: AsyncSession) -> None:
    await published(session, ["a", "b"])
    page = await latest_comments(session, WORKSPACE, "weekly")
    assert page
    assert not page.comments
    assert page.enough == 10


@pytest.mark.parametrize("texts", [[], ["a", "b"]])
async def test_comments_shown_by_person_are_counted_for_a_named_survey(
    session: AsyncSession, texts: list[str]
) -> None:
    made = await published(session, texts, anonymous=False)

    page = await comments_page(session, WORKSPACE, made.id)
    assert (page.count, page.by_person) == (0, len(texts))


async def test_pages_and_names_of_surveys(session: AsyncSession) -> None:
    assert await latest_comments(session, WORKSPACE) is None
    made = await published(session, [str(number) for number in range(COMMENTS_ON_A_PAGE + 2)])
    first = await comments_page(session, WORKSPACE, made.id)
    last = await comments_page(session, WORKSPACE, made.id, 99)
    assert (len(first.comments), len(last.comments), last.page) == (COMMENTS_ON_A_PAGE, 2, 1)
    shown = [each.text for each in (*first.comments, *last.comments)]
    assert sorted(shown) == sorted(str(number) for number in range(COMMENTS_ON_A_PAGE + 2))
    with pytest.raises(UserError):
        await latest_comments(session, WORKSPACE, "no such survey")
    with pytest.raises(OutdatedError):
        await comments_page(session, WORKSPACE, "0" * 32)


@pytest.mark.parametrize(
    "text",
    ["<!channel> *x* & y", "x" * 3100, "\u202eעברית וגם اختبار", "👩‍👩‍👧 🎉", "[name]\n\n> quote"],
)
def test_any_text_fits_and_pings_nobody(text: str) -> None:
    comment = ReadableComment(text, "2026-11", "Q" * 300, "Team & <b> " * 30)
    page = CommentsPage(
        "f" * 32, "S<!here>" * 15, 10, 20, 0, 2, (comment,) * COMMENTS_ON_A_PAGE, None
    )
    blocks = comments_view(page)["blocks"]
    assert validate_blocks(blocks, "modal") == []
    for block in blocks:
        if "<!" in str(block):
            assert block["text"]["type"] == "plain_text"


@pytest.mark.parametrize("value", ["", ":1", "abc", "abc:x"])
def test_a_value_that_is_not_ours_is_outdated(value: str) -> None:
    with pytest.raises(OutdatedError):
        page_of(value)
