"""Which comments may be read, and under what heading."""

from collections import Counter

import numpy as np

from bot.insights.pure.comment_release import ReleasedComment, release_comments
from bot.insights.pure.figures import publishable_segments
from bot.insights.pure.sealed_wave import Responses, SealedComment, SealedWave

TEAMS = ("Design", "Sales", "Legal")


def released(counts: dict[tuple[str, int], int], asked: int = 41) -> list[ReleasedComment]:
    """Release comments of three teams (k = 5), with this many per team and question."""
    comments = [
        SealedComment(
            f"{team} {number}", TEAMS.index(team), position, f"{team} {position} {number}"
        )
        for (team, position), count in counts.items()
        for number in range(count)
    ]
    wave = SealedWave(
        k=5,
        questions=[],
        cohorts={number: {"team": team} for number, team in enumerate(TEAMS)},
        invited=dict.fromkeys(range(3), asked),
        asked=dict.fromkeys(range(3), asked),
        responses=Responses(np.repeat(np.arange(3), 25), {}),
        comments=comments,
    )
    candidates = publishable_segments(wave)
    assert candidates
    return release_comments(wave, candidates)


def headings(found: list[ReleasedComment]) -> Counter[tuple[int | None, str | None]]:
    return Counter((each.position, each.team) for each in found)


def test_fewer_than_2k_writers_release_nothing() -> None:
    assert released({("Design", 0): 9}) == []
    # The same nine people wrote about both questions.
    assert released({("Design", 0): 9, ("Design", 1): 9}) == []


def test_2k_writers_release_all_shuffled() -> None:
    found = released({("Design", 0): 4, ("Sales", 0): 3, ("Legal", 0): 3})
    assert headings(found) == {(0, None): 10}
    many = released({("Design", 0): 40, ("Sales", 0): 40})
    written = [f"{team} 0 {number}" for team in ("Design", "Sales") for number in range(40)]
    assert [each.text for each in many] != written
    assert sorted(each.text for each in many) == sorted(written)


def test_a_team_is_named_where_2k_of_it_wrote_and_no_few_remain() -> None:
    found = released({("Design", 0): 12, ("Sales", 0): 11, ("Legal", 0): 10})
    assert headings(found) == {(0, "Design"): 12, (0, "Sales"): 11, (0, "Legal"): 10}
    merged = headings(released({("Design", 0): 12, ("Sales", 0): 11, ("Legal", 0): 9}))
    assert all(count >= 10 for count in merged.values())
    assert (0, "Legal") not in merged


def test_few_comments_on_one_question_hide_among_those_on_another() -> None:
    found = released({("Design", 0): 20, ("Design", 1): 3})
    assert headings(found)[None, None] + headings(found)[None, "Design"] == 23
    both = headings(released({("Design", 0): 20, ("Design", 1): 10}))
    assert {position for position, _ in both} == {0, 1}
    three = headings(
        released({("Design", 0): 20, ("Design", 1): 10, ("Design", 2): 3, ("Sales", 2): 3})
    )
    assert {position for position, _ in three} == {0, None}
