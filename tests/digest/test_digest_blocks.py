"""The digest in Block Kit, within Slack's limits."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from bot.blockkit.blocks import Block
from bot.digest.blocks import (
    digest_message,
    digest_preview,
    read_post_button,
)
from bot.digest.service import Digest, NextSurvey
from bot.errors import OutdatedError
from bot.insights.pure.figure_history import Cell
from bot.insights.wave_results import PublishedNumber, RunningWave, Score
from sandbox.blockkit import validate_blocks
from tests.insights.test_insights_blocks import (
    AMPERSANDS,
    GROWTH,
    NASTY,
    WORKLOAD,
    huge,
    wave,
)
from tests.insights.test_wording import FALL, STANDS_OUT

MONDAY = datetime(2026, 11, 9, 8, 0, tzinfo=UTC)
RUNNING = RunningWave("w1", "Weekly pulse", MONDAY, 41, 5, 15)
COMING = NextSurvey("Onboarding <3", date(2026, 12, 1), time(10))
TRUST = replace(GROWTH, label="Trust", mean=PublishedNumber(8.0))


def digest(**changes: Any) -> Digest:
    fields: dict[str, Any] = {
        "wave_ids": ("w1",),
        "waves": (wave(drivers=(WORKLOAD, GROWTH, TRUST)),),
        "running": (),
        "coming": None,
    }
    return Digest(**{**fields, **changes})


def charts(blocks: list[Block]) -> list[Block]:
    return [block for block in blocks if block["type"] == "data_visualization"]


def test_a_digest_has_a_chart_and_the_same_in_words() -> None:
    message = digest_message(digest())

    (chart,) = charts(message.blocks)
    (series,) = chart["chart"]["series"]
    assert series["data"] == [
        {"label": "Workload", "value": 6.0},
        {"label": "Growth", "value": 7.0},
        {"label": "Trust", "value": 8.0},
    ]
    for blocks in (message.blocks, message.plain or []):
        assert not validate_blocks(blocks, "message")
    assert message.plain
    assert not charts(message.plain)
    assert message.plain == [block for block in message.blocks if block != chart]


@pytest.mark.parametrize("text", [NASTY, AMPERSANDS, "Same name to begin with"])
def test_any_number_of_anything_fits(text: str) -> None:
    running = tuple(replace(RUNNING, survey_name=text[:120]) for _ in range(40))
    shown = replace(huge(text), survey_name=text[:120])
    everything = digest(waves=(shown,) * 40, running=running)

    message = digest_message(everything)
    shown_to_one = digest_preview(everything, MONDAY, may_post=True)

    for blocks in (message.blocks, message.plain, shown_to_one.blocks, shown_to_one.plain):
        assert not validate_blocks(blocks, "message")
    assert len(charts(message.blocks)) == 2
    categories = charts(message.blocks)[0]["chart"]["axis_config"]["categories"]
    assert len(set(categories)) == 20


def test_charts_keep_labels_apart_that_begin_alike() -> None:
    label = "My manager listens to me when"
    scores = tuple(replace(wave().drivers[0], label=f"{label} {n}") for n in range(12))

    (chart,) = charts(digest_message(digest(waves=(wave(drivers=scores),))).blocks)

    assert len(set(chart["chart"]["axis_config"]["categories"])) == 12


def test_only_people_who_may_post_get_the_button() -> None:
    with_button = digest_preview(digest(), MONDAY, may_post=True)
    without = digest_preview(digest(), MONDAY, may_post=False)

    (row,) = [block for block in with_button.blocks if block["type"] == "actions"]
    assert read_post_button(row["elements"][0]["value"]) == MONDAY
    assert not [block for block in without.blocks if block["type"] == "actions"]


@pytest.mark.parametrize("value", ["", "yes", "2026-11-09T08:00:00"])
def test_a_button_of_an_older_release_is_outdated(value: str) -> None:
    with pytest.raises(OutdatedError):
        read_post_button(value)


@pytest.mark.parametrize("drivers", [(WORKLOAD,), (WORKLOAD, GROWTH)])
def test_a_chart_of_one_or_two_bars_is_left_to_the_lines(drivers: tuple[Score, ...]) -> None:
    message = digest_message(digest(waves=(wave(drivers=drivers),)))

    assert not charts(message.blocks)


def test_groups_that_stand_out_are_named_to_hr_only() -> None:
    company = replace(
        STANDS_OUT, statement=replace(FALL, cell=Cell("driver", "workload", "all", ""))
    )
    text = str(digest_message(digest(waves=(wave(stands_out=(company, STANDS_OUT)),))).blocks)

    assert "*Workload fell*: 5.1, down 1.8 in three weeks" in text
    assert "One group stands out. HR sees which" in text
    assert "Support" not in text
    both = str(digest_message(digest(waves=(wave(stands_out=(STANDS_OUT,) * 2),))).blocks)
    assert "2 groups stand out" in both
    assert "stand" not in str(digest_message(digest()).blocks)
