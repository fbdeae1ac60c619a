"""Numbers agree with each other, and notes explain what is there to explain."""

from dataclasses import replace

from bot.insights import wording
from bot.insights.results import Enps, Number, Score
from bot.insights.statistics import Change

CHANGED = Change(7.5, 6.0, 9.0, detectable=True)
SAME = Change(0.2, -0.8, 1.2, detectable=False)
SCORE = Score("Workload", 40, Number(8.5), 8.2, 9.3, Number(0.7), Number(1.0), CHANGED)
ENPS = Enps("How likely?", 40, Number(10), -18.2, 40.0, Number(-5), CHANGED)


def test_a_change_is_the_difference_of_the_numbers_that_are_shown() -> None:
    assert wording.score_line(SCORE).endswith("up 7.5 from 1.0 last time")
    assert wording.enps_line(ENPS).endswith("up 15 from −5 last time")
    fallen = replace(
        SCORE, before=Number(9.5, is_most=True), change=replace(CHANGED, difference=-1)
    )
    assert wording.score_line(fallen).endswith("down 1.0 from 9.5 or more last time")


def test_the_note_explains_only_what_is_there() -> None:
    whole = (
        "Means go from 0 (bad) to 10 (good); the true one is most likely within the brackets. "
        f"{wording.STEPS}"
    )
    assert wording.range_note([SCORE], [ENPS]) == whole
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
