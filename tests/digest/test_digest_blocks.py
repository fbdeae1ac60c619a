"""The digest in Block Kit: the one thing first, twelve lines at most, within Slack's limits."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from bot.blockkit.blocks import Message
from bot.digest.alert_blocks import alert_message
from bot.digest.alerts import Alert
from bot.digest.blocks import LINES, digest_message, digest_preview, read_post_button
from bot.digest.service import Digest, NextSurvey
from bot.errors import OutdatedError
from bot.insights.headlines import headline
from bot.insights.pure.change import CellChange
from bot.insights.wave_results import RunningWave
from sandbox.blockkit import validate_blocks
from tests.golden.cases._waves import FALLEN_IN_DESIGN, GROWTH, NEWS, WAVE, WORKLOAD, news_of
from tests.golden.cases.digest import CASES
from tests.insights.test_insights_blocks import AMPERSANDS, NASTY, huge

MONDAY = datetime(2026, 11, 9, 8, 0, tzinfo=UTC)
RUNNING = RunningWave("w1", "Weekly pulse", MONDAY, 41, 5, 15)
COMING = NextSurvey("Onboarding <3", date(2026, 12, 1), time(10))
DIGESTS = [name for name in CASES if name.startswith(("digest", "story"))]
ALERTS = ["alert", "alert-one", "alert-hostile", "alert-participation"]
ALERT_LINES = 4


def digest(**changes: Any) -> Digest:
    fields: dict[str, Any] = {"wave_ids": ("w1",), "news": (NEWS,), "running": (), "coming": None}
    return Digest(**{**fields, **changes})


def lines_of(message: Message) -> list[str]:
    """Return the lines of mrkdwn, without heading and small print."""
    texts = [block["text"]["text"] for block in message.blocks if block["type"] == "section"]
    return "\n".join(texts).split("\n")


def shown(name: str) -> Message:
    case = CASES[name]()
    assert isinstance(case, Message)
    return case


@pytest.mark.parametrize("name", DIGESTS)
def test_every_digest_has_at_most_twelve_lines_and_begins_with_the_notification(name: str) -> None:
    message = shown(name)
    first, *_ = lines_of(message)

    assert len(lines_of(message)) <= LINES
    assert message.text.endswith(first.replace("*", ""))


@pytest.mark.parametrize("name", ALERTS)
def test_every_alert_has_at_most_four_lines(name: str) -> None:
    assert len(lines_of(shown(name))) <= ALERT_LINES


def test_the_first_line_is_the_one_thing_to_know() -> None:
    (first, *_) = lines_of(digest_message(digest()))
    assert first == f"*{headline(NEWS.headlines[0])}*"
    assert first.startswith("*Design's workload score fell from 6.9 to 5.1 in three weeks (")


def test_a_quiet_week_says_so_and_how_many_answered() -> None:
    still = replace(WORKLOAD, change=CellChange(0.2, 1.2, 1))
    wave = replace(WAVE, stands_out=(), drivers=(still,), enps=(), themes=())
    (first, *rest) = lines_of(digest_message(digest(news=(news_of(wave),))))

    assert first == (
        "*Nothing changed detectably this week.* At least 30 of 41 invited people answered."
    )
    assert "A change of 1.2 or more would have shown." in rest
    assert not {"▲", "▼"} & set("".join(rest))


def test_arrows_stand_only_where_a_change_is_detectable() -> None:
    wave = replace(WAVE, drivers=(WORKLOAD, GROWTH), enps=())
    text = "\n".join(lines_of(digest_message(digest(news=(replace(NEWS, wave=wave),)))))

    assert "Workload *6.0* · Growth *7.0* ▲ 1.5" in text
    assert "Nothing else changed detectably; 1.2 or more would have shown." in text


def test_what_would_have_shown_names_enps_if_all_drivers_changed() -> None:
    still = replace(WAVE.enps[0], change=CellChange(1.0, 26.0, 1))
    wave = replace(WAVE, drivers=(GROWTH,), enps=(still,))
    text = "\n".join(lines_of(digest_message(digest(news=(replace(NEWS, wave=wave),)))))

    assert "Nothing else changed detectably; 26 points of eNPS or more would have shown." in text


def test_groups_are_named_unless_hr_left_them_out() -> None:
    named, unnamed = (
        str(digest_message(digest(names_groups=names)).blocks) for names in (True, False)
    )
    assert "Design" in named
    assert "Design" not in unnamed
    only_a_group = replace(NEWS, headlines=NEWS.headlines[:1])
    message = digest_message(digest(news=(only_a_group,), names_groups=False))
    assert lines_of(message)[0].startswith("*One group stands out this week.* HR sees which")
    assert "Design" not in message.text


def test_a_survey_beside_the_first_has_one_line() -> None:
    other = replace(NEWS, wave=replace(WAVE, survey_name="Settling in"))
    quiet = replace(news_of(replace(WAVE, stands_out=(), themes=())), quotes=())
    lines = lines_of(digest_message(digest(news=(quiet, other))))

    (line,) = [line for line in lines if "Settling in" in line]
    assert line.startswith("*Settling in*: At least 30 of 41")
    assert "Design's workload score fell" in line


@pytest.mark.parametrize("text", [NASTY, AMPERSANDS, "Same name to begin with"])
def test_any_number_of_anything_fits(text: str) -> None:
    running = tuple(replace(RUNNING, survey_name=text[:120]) for _ in range(40))
    found = replace(FALLEN_IN_DESIGN, label=text, also=(text,) * 9)
    wave = replace(huge(text), survey_name=text[:120], stands_out=(found,) * 3)
    news = replace(news_of(wave), quotes=(text[:140], text[:140]))
    everything = digest(news=(news,) * 40, running=running)

    for message in (
        digest_message(everything),
        digest_message(replace(everything, is_monthly=True)),
        digest_preview(everything, MONDAY, may_post=True),
        digest_message(digest(news=(), running=running)),
        alert_message(Alert(wave, news.headlines)),
    ):
        assert not validate_blocks(message.blocks, "message")
    assert len(lines_of(digest_message(everything))) == LINES


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
