"""Numbers are consistent, and notes explain exactly what is shown."""

from dataclasses import replace

import pytest

from bot.insights import group_wording, wording
from bot.insights.participation_wording import hidden_teams
from bot.insights.pure.change import CellChange
from bot.insights.pure.differences import Finding
from bot.insights.pure.figure_history import Cell
from bot.insights.pure.stands_out import Statement
from bot.insights.wave_results import Enps, GroupResults, PublishedNumber, Score, StandsOut

CHANGED = CellChange(-1.8, 0.7, 3)
SAME = CellChange(0.2, 1.2, 1)
SCORE = Score("Workload", 40, PublishedNumber(5.1), 4.2, 6.3, PublishedNumber(0.7), CHANGED)
ENPS = Enps("How likely?", 40, PublishedNumber(10), -18.2, 40.0, CellChange(-20.0, 15.0, 2))
FALL = Statement(
    Finding.FALL,
    Cell("driver", "workload", "team", "Support"),
    (),
    20,
    5.1,
    -1.8,
    -2.5,
    -1.1,
    3,
    "very likely",
    "Ask.",
)
STANDS_OUT = StandsOut(FALL, PublishedNumber(5.1), "Workload", ())


def test_a_change_says_how_large_it_is_and_in_how_many_weeks() -> None:
    assert "down 1.8 in three weeks (1.1 to 2.5)" in wording.score_line(SCORE)
    assert "down 20 in two weeks (5 to 35)" in wording.enps_line(ENPS)
    risen = replace(SCORE, change=CellChange(1.8, 0.7, 13))
    assert "up 1.8 in 13 weeks" in wording.score_line(risen)


def test_no_change_says_what_would_have_shown() -> None:
    text = wording.score_line(replace(SCORE, change=SAME))
    assert "no detectable change (1.2 or more would have shown)" in text


def test_a_group_names_its_largest_change() -> None:
    small = replace(SCORE, label="Growth", change=CellChange(1.0, 0.7, 1))
    group = GroupResults("team", "Support", False, 20, 24, 24, (SCORE, small), None)

    text = group_wording.group_line(group)
    assert "Workload down 1.8 in three weeks" in text
    assert "up 1.0" not in text


@pytest.mark.parametrize(
    ("finding", "cell", "words"),
    [
        (
            Finding.FALL,
            FALL.cell,
            "*Support: Workload fell*: 5.1, down 1.8 in three weeks (1.1 to 2.5)",
        ),
        (Finding.RISE, Cell("driver", "workload", "all", ""), "*Workload rose*: 5.1, up 1.8"),
        (
            Finding.FAR_BELOW,
            FALL.cell,
            "*Support: Workload is far below the company*: 5.1, lower by 1.8",
        ),
        (Finding.FAR_ABOVE, FALL.cell, "is far above the company*: 5.1, higher by 1.8"),
    ],
)
def test_what_stands_out_is_one_plain_line(finding: Finding, cell: Cell, words: str) -> None:
    found = replace(STANDS_OUT, statement=replace(FALL, finding=finding, cell=cell))
    (line,) = wording.stands_out_lines([found])

    assert words in line
    assert line.endswith(". Very likely. Ask.")


def test_shares_that_stand_out_are_written_in_points() -> None:
    share = replace(FALL, value=0.4, difference=-0.3, low=-0.45, high=-0.15)
    people = replace(
        share, finding=Finding.PARTICIPATION, cell=Cell("participation", "", "team", "Sales")
    )
    theme = replace(
        share, finding=Finding.THEME, cell=Cell("theme", "on call", "all", ""), low=0.15, high=0.45
    )
    lines = wording.stands_out_lines(
        [
            StandsOut(people, PublishedNumber(0.4), "", ()),
            StandsOut(theme, PublishedNumber(0.4), "on call", ()),
        ]
    )

    assert "*Fewer people answer in Sales*: 40%, down 30 points in three weeks (15 to" in lines[0]
    assert "*More people write about on call*: 40% of those who wrote, up 30 points" in lines[1]
    assert " in three weeks (15 to 45). " in lines[1]


@pytest.mark.parametrize(
    ("also", "words"),
    [
        (("Growth",), "; so did Growth."),
        (("Growth", "Trust"), "; so did Growth and Trust."),
        (("Growth", "Trust", "Purpose"), "; so did Growth, Trust and 1 more."),
    ],
)
def test_other_labels_that_say_the_same_are_named_briefly(
    also: tuple[str, ...], words: str
) -> None:
    (line,) = wording.stands_out_lines([replace(STANDS_OUT, also=also)])
    assert words in line


def test_the_note_explains_only_what_is_there() -> None:
    whole = wording.range_note([SCORE], [ENPS])
    assert wording.STEPS in whole
    assert wording.STEPS not in wording.range_note([SCORE], [ENPS], anonymous=False)
    assert "several earlier" not in wording.range_note([replace(SCORE, change=None)])
    for note in (
        wording.range_note([SCORE, replace(SCORE, change=SAME)]),
        wording.range_note([SCORE], [replace(ENPS, change=SAME)]),
    ):
        assert note.startswith(whole)
        assert wording.NO_CHANGE.capitalize() in note.removeprefix(whole)


@pytest.mark.parametrize(
    "note",
    [
        "1 team is too small to show alone: it is in the total",
        "1 team is too small to show alone: it is counted in Everyone else",
        "12 teams are too small to show alone: they are in the total",
        "12 teams are too small to show alone: they are counted in Everyone else",
    ],
)
def test_a_stored_note_about_teams_is_said_anew(note: str) -> None:
    assert hidden_teams(note) == f"{note}."
