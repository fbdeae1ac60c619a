"""Numbers are consistent, and notes explain exactly what is shown."""

from dataclasses import replace

from bot.insights import wording
from bot.insights.pure.statistics import Change
from bot.insights.wave_results import Enps, PublishedNumber, Score

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
    assert " 7.5 " in wording.score_line(SCORE)
    assert " 15 " in wording.enps_line(ENPS)
    fallen = replace(
        SCORE, before=PublishedNumber(9.5, is_most=True), change=replace(CHANGED, difference=-1)
    )
    assert " 1.0 " in wording.score_line(fallen)


def test_the_note_explains_only_what_is_there() -> None:
    whole = wording.range_note([SCORE], [ENPS])
    assert wording.STEPS in whole
    assert wording.STEPS not in wording.range_note([SCORE], [ENPS], anonymous=False)
    for note in (
        wording.range_note([SCORE, replace(SCORE, change=SAME)]),
        wording.range_note([SCORE], [replace(ENPS, change=SAME)]),
    ):
        assert note.startswith(whole)
        assert wording.NO_CHANGE.capitalize() in note.removeprefix(whole)
