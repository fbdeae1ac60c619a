"""Numbers agree with each other, and notes explain what is there to explain."""

from dataclasses import replace

import pytest

from bot.insights import wording
from bot.insights.results import Enps, Score
from bot.insights.statistics import Change

CHANGED = Change(7.5, 6.0, 9.0, detectable=True)
SAME = Change(0.2, -0.8, 1.2, detectable=False)
SCORE = Score("Workload", 40, 8.76, 8.2, 9.3, 0.7, 1.24, CHANGED)
ENPS = Enps("How likely?", 40, 12.4, -18.2, 40.0, -3.4, CHANGED)


def test_a_change_is_the_difference_of_the_numbers_that_are_shown() -> None:
    assert "8.8 (8.2–9.3)" in wording.score_line(SCORE)
    assert wording.score_line(SCORE).endswith("up 7.6 from 1.2 last time")
    assert wording.enps_line(ENPS).endswith("up 15 from −3 last time")
    fallen = replace(SCORE, before=9.94, change=replace(CHANGED, difference=-1.18))
    assert wording.score_line(fallen).endswith("down 1.1 from 9.9 last time")


@pytest.mark.parametrize(("difference", "word"), [(0.04, "up"), (-0.04, "down")])
def test_a_change_too_small_for_its_decimals_is_no_zero(difference: float, word: str) -> None:
    change = replace(CHANGED, difference=difference)
    line = wording.score_line(replace(SCORE, mean=8.8, before=8.8, change=change))
    assert line.endswith(f"{word} slightly from 8.8 last time")


def test_the_note_explains_only_what_is_there() -> None:
    whole = "Means go from 0 (bad) to 10 (good); the true one is most likely within the brackets."
    assert wording.range_note([SCORE], [ENPS]) == whole
    few = wording.range_note([replace(SCORE, n=7)])
    assert few == f"{whole} They are wide where few answered, here 7 at the fewest."
    for note in (
        wording.range_note([SCORE, replace(SCORE, change=SAME)]),
        wording.range_note([SCORE], [replace(ENPS, change=SAME)]),
    ):
        assert note.startswith(whole)
        assert "“No detectable change” means that chance alone could explain" in note


def test_what_is_left_out_is_in_the_total() -> None:
    assert wording.hidden_note("3 teams have too few answers to be shown alone") == (
        "3 teams have too few answers to be shown alone. They are in the total."
    )
    assert wording.hidden_note("1 team has too few answers to be shown alone").endswith(
        "alone. It is in the total."
    )
