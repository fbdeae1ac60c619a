"""The preview shows what people get: the same blocks, but for what its buttons do."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest

from bot.pulse.blocks import introduction
from bot.pulse.preview import as_asked
from bot.surveys import blocks, form_fields
from bot.surveys.audience import Audience, AudienceKind
from bot.surveys.drafts import NewQuestion, SurveyPreview
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.scales import Scale
from bot.surveys.pure.schedule import Cadence, Plan
from bot.surveys.survey_rows import SurveySummary
from sandbox.demo.company import people
from tests.conftest import NOW
from tests.journeys.stage import Stage, open_stage

MAYA, AMARA = people()[0].id, people()[3].id
KEYS = [question.key for question in load_bank().questions[:2]]


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url) as stage:
        yield stage


def as_read(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out of blocks what nobody reads."""
    unread = ("block_id", "action_id", "value")
    return [
        {
            name: [
                {key: value for key, value in element.items() if key not in unread}
                for element in content
            ]
            if name == "elements"
            else content
            for name, content in block.items()
            if name not in unread
        }
        for block in shown
    ]


@pytest.mark.parametrize("anonymity", ["anonymous", "named"])
async def test_the_preview_is_the_message_that_people_get(stage: Stage, anonymity: str) -> None:
    opened = await stage.compose(MAYA)
    assert opened.view
    form = {
        form_fields.NAME: "R&D *pulse*",
        form_fields.BANK: KEYS,
        form_fields.WHEN: "now",
        form_fields.ANONYMITY: anonymity,
    }
    previewed = await stage.sandbox.submit(MAYA, opened.view["id"], form)
    assert previewed.view
    preview = previewed.view["blocks"]
    assert (await stage.sandbox.submit(MAYA, previewed.view["id"])).ok
    await stage.at(stage.now)

    blocks = stage.last(AMARA)["blocks"]
    # The first question of all says first what Attune is.
    first = as_read(blocks[len(introduction(5)) :])
    at = next(number for number, block in enumerate(preview) if "Hi, " in str(block))
    assert as_read(preview[at : at + len(first)]) == first
    await stage.press(AMARA, "pulse:answer:4")
    second = as_read(stage.last(AMARA)["blocks"])[1:]
    assert as_read(preview[-len(second) :]) == second


def test_no_button_of_the_preview_is_a_real_one() -> None:
    survey = SurveySummary(
        id="5" * 32,
        name="Weekly pulse",
        status="draft",
        anonymous=True,
        audience=Audience(AudienceKind.EVERYONE),
        plan=Plan(Cadence.ONCE, NOW.date(), None),
        open_hours=72,
        next_open_at=NOW,
        next_on=NOW.date(),
    )
    questions = tuple(
        NewQuestion("What?", scale, options=("Yes", "No") if scale is Scale.CHOICE else ())
        for scale in Scale
    )
    first: datetime = NOW
    drawn = as_asked(SurveyPreview(survey, questions, 9, 5, first, first), "U1")
    rows = [block for block in drawn if block["type"] == "actions"]
    pressed = [element for row in rows for element in row["elements"]]
    ids = [element["action_id"] for element in pressed]
    assert all(each.startswith(f"{blocks.PREVIEW_ANSWER}:") for each in ids)
    assert len(set(ids)) == len(ids)
    assert len({row["block_id"] for row in rows}) == len(rows) == 2 * len(Scale)
    assert {element["value"] for element in pressed} == {"preview"}
