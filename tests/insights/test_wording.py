"""Numbers are consistent, and notes explain exactly what is shown."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.insights import wording
from bot.insights.pure.statistics import Change
from bot.insights.wave_results import Enps, GroupResults, PublishedNumber, RunningWave, Score

CHANGED = Change(7.5, 6.0, 9.0, detectable=True)
SAME = Change(0.2, -0.8, 1.2, detectable=False)
SCORE = Score(
    "Workload",
    40,
    PublishedNumber(8.5),
    8.2,
    9.3,
    PublishedNumber(0.7),
    PublishedNumber(1.0),
    CHANGED,
)
ENPS = Enps("How likely?", 40, PublishedNumber(10), -18.2, 40.0, PublishedNumber(-5), CHANGED)


def test_a_change_is_the_difference_of_the_numbers_that_are_shown() -> None:
    assert wording.score_line(SCORE).endswith("up 7.5 from 1.0 last time")
    assert wording.enps_line(ENPS).endswith("up 15 from −5 last time")
    fallen = replace(
        SCORE, before=PublishedNumber(9.5, is_most=True), change=replace(CHANGED, difference=-1)
    )
    assert wording.score_line(fallen).endswith("down 1.0 from 9.5 or more last time")


def test_the_note_explains_only_what_is_there() -> None:
    whole = (
        "Means go from 0 (bad) to 10 (good); the true one is most likely within the brackets. "
        f"{wording.STEPS}"
    )
    assert wording.range_note([SCORE], [ENPS]) == whole
    assert wording.STEPS not in wording.range_note([SCORE], [ENPS], anonymous=False)
    for note in (
        wording.range_note([SCORE, replace(SCORE, change=SAME)]),
        wording.range_note([SCORE], [replace(ENPS, change=SAME)]),
    ):
        assert note.startswith(whole)
        assert "“No detectable change” means that chance alone could explain" in note


def test_it_is_never_said_that_everybody_answered() -> None:
    assert wording.of_invited(5, 9) == "at least 5 of 9"
    assert wording.of_invited(10, 10) == "nearly all of 10"
    running = RunningWave("w1", "Pulse", datetime(2026, 11, 6, tzinfo=UTC), 10, 5, 10)
    assert wording.running_count(running) == "Nearly all of 10 people have answered so far."


def test_a_group_names_both_ends_once() -> None:
    trust = replace(SCORE, label="Trust")
    team = GroupResults("team", "Design", False, 10, 12, 13, (SCORE, trust), None)
    assert wording.group_line(team) == (
        "*Design* at least 10 of 12 answered (1 more of its people is counted in Everyone else)"
        " · Workload and Trust both 8.5"
    )
    three = replace(team, members=12, scores=(SCORE, trust, trust))
    assert wording.group_line(three).endswith(" answered · all 3 drivers 8.5")
    high = replace(trust, mean=PublishedNumber(9.5, is_most=True))
    apart = wording.group_line(replace(team, scores=(SCORE, high)))
    assert apart.endswith(" · lowest Workload 8.5 (8.2–9.3) · highest Trust 9.5 or more")
    alone = wording.group_line(replace(team, scores=(high,)))
    assert alone.endswith(" · Trust 9.5 or more")
