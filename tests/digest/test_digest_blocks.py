"""The digest in Block Kit, within Slack's limits."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.blockkit.blocks import Block
from bot.digest.blocks import (
    digest_message,
    preview,
    read_post_button,
    state,
    subscribed,
)
from bot.digest.service import Digest, NextSurvey, Subscription
from bot.errors import OutdatedError
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
        text = str(blocks)
        assert "At least 30 of 41 invited people answered; it closed" in text
        assert "no detectable change (5.5 last time)" in text
        assert "up 1.5 from 5.5 last time" in text
        assert "*eNPS +10*" in text
    assert message.plain
    assert not charts(message.plain)
    assert message.plain == [block for block in message.blocks if block != chart]


def test_a_quiet_week_is_short_and_says_what_comes_next() -> None:
    quiet = digest(waves=())

    assert "HR can start one with `/pulse new`" in str(digest_message(quiet).blocks)
    planned = str(digest_message(replace(quiet, coming=COMING)).blocks)
    assert (
        "Next, *Onboarding &lt;3* opens Tuesday 1 December at 10:00, in each person's own time."
        in planned
    )
    running = str(digest_message(replace(quiet, running=(RUNNING,), coming=COMING)).blocks)
    assert "What is open now comes in a later digest." in running
    assert "At least 15 of 41 people have answered so far." in running
    assert digest_message(quiet).text == "Pulse digest: no new results."


def test_too_few_answers_are_explained_without_figures() -> None:
    message = digest_message(digest(waves=(wave(answered=None, drivers=(), enps=(), groups=()),)))

    assert not charts(message.blocks)
    assert "Fewer than 5 of 41 invited people answered, so there are no figures." in str(
        message.blocks
    )


@pytest.mark.parametrize("text", [NASTY, AMPERSANDS, "Same name to begin with"])
def test_any_number_of_anything_fits(text: str) -> None:
    running = tuple(replace(RUNNING, survey_name=text[:120]) for _ in range(40))
    shown = replace(huge(text), survey_name=text[:120])
    everything = digest(waves=(shown,) * 40, running=running)

    message = digest_message(everything)
    shown_to_one = preview(everything, MONDAY, may_post=True)

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
    with_button = preview(digest(), MONDAY, may_post=True)
    without = preview(digest(), MONDAY, may_post=False)

    assert "Only you can see this preview" in str(without.blocks)
    (row,) = [block for block in with_button.blocks if block["type"] == "actions"]
    assert read_post_button(row["elements"][0]["value"]) == MONDAY
    assert not [block for block in without.blocks if block["type"] == "actions"]


@pytest.mark.parametrize("value", ["", "yes", "2026-11-09T08:00:00"])
def test_a_button_of_an_older_release_is_outdated(value: str) -> None:
    with pytest.raises(OutdatedError):
        read_post_button(value)


def test_a_subscription_is_confirmed_in_words() -> None:
    monday = Subscription("C1", 0, time(9, 0), "Europe/Berlin", MONDAY)

    first = subscribed(monday, None, MONDAY - timedelta(days=2))
    assert "every Monday at 09:00 (Europe/Berlin). The first comes <!date^" in first
    assert "everyone in this channel will see it" in first
    assert "The next comes <!date^" in state(monday)
    assert "`/digest here weekly monday 09:00`" in state(None)


def test_a_digest_that_is_moved_says_what_it_replaces_and_why_it_waits() -> None:
    monday = Subscription("C1", 0, time(9, 0), "Europe/Berlin", MONDAY)
    in_a_week = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    friday = Subscription("C1", 4, time(9, 0), "Europe/Berlin", in_a_week)
    soon = replace(friday, next_at=in_a_week - timedelta(days=7))
    monday_noon = MONDAY + timedelta(hours=4)

    waits = subscribed(friday, monday, monday_noon)
    moved = subscribed(soon, monday, monday_noon)
    same = subscribed(soon, soon, monday_noon)

    replaced = "This replaces the earlier time, every Monday at 09:00 (Europe/Berlin)."
    assert f"{replaced} This week's is out already, so the next comes <!date^" in waits
    assert f"{replaced} The next comes <!date^" in moved
    assert "replaces" not in same


@pytest.mark.parametrize("drivers", [(WORKLOAD,), (WORKLOAD, GROWTH)])
def test_a_chart_of_one_or_two_bars_is_left_to_the_lines(drivers: tuple[Score, ...]) -> None:
    message = digest_message(digest(waves=(wave(drivers=drivers),)))

    assert not charts(message.blocks)
    assert "*Workload*" in str(message.blocks)


def test_a_named_survey_says_how_many_answered_and_where_to_read_them() -> None:
    named = wave(anonymous=False, named=3, invited=6, answered=None, drivers=(), enps=(), groups=())

    text = str(digest_message(digest(waves=(named,))).blocks)

    assert (
        "3 of 6 invited people answered (50%). Figures need 5 answers. HR admins can read these 3 "
        "by person: `/pulse results` has a button for that."
    ) in text
    assert "*Weekly pulse* (answered with names)" in text
    assert "point to a person" not in text
