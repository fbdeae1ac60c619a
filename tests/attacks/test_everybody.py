"""Nothing that is shown tells of anybody that they answered, because everybody of a group did."""

import asyncio
import re
import shutil
from pathlib import Path
from tempfile import mkdtemp

import pytest

from bot.insights.pure.comment_release import release_comments
from bot.insights.pure.figures import publishable_segments
from bot.insights.pure.sealed_wave import Responses, SealedComment, SealedWave
from tests.attacks.everybody import (
    COMPANIES,
    Cohort,
    cohorts_of,
    everybody_counts,
    publishing,
    surely_answered,
)
from tests.attacks.organisations import ENPS, PACE, PLACE, WORKLOAD, Organisation, Person
from tests.attacks.world import play
from tests.insights.sealed import all_figures

PUBLISH = publishing(all_figures)
EVERY_ANSWER = {WORKLOAD: 4, PACE: 2, ENPS: 8, PLACE: 0}
COUNTS = re.compile(r"(\d+) of (\d+)")


@pytest.mark.parametrize("name", COMPANIES)
def test_of_nobody_is_it_sure_that_they_answered(name: str) -> None:
    k, sizes = COMPANIES[name]
    found, worlds = surely_answered(cohorts_of(sizes), PUBLISH, k)
    assert worlds > 1
    assert not found


@pytest.mark.parametrize("name", COMPANIES)
def test_where_everybody_counts_some_surely_answered(name: str) -> None:
    k, sizes = COMPANIES[name]
    with everybody_counts():
        found, _ = surely_answered(cohorts_of(sizes), PUBLISH, k)
    assert found, "an attack that never succeeds is none"


def test_nor_if_people_skip_questions() -> None:
    cohorts = [Cohort("A", "P", 5), Cohort("B", "P", 5)]
    assert not surely_answered(cohorts, PUBLISH, 4, skipping=True)[0]


def test_comments_of_a_whole_team_do_not_stand_under_it() -> None:
    some, every = (_teams_of_comments(writers) for writers in (11, 12))
    assert some == {"A", "B"}
    assert every == {None}


def _teams_of_comments(writers: int) -> set[str | None]:
    """Return the teams under which comments of two teams of 12 and 30 stand."""
    written = {0: writers, 1: 20}
    comments = [
        SealedComment(f"{cohort} {number}", cohort, WORKLOAD, "More light, please.")
        for cohort, count in written.items()
        for number in range(count)
    ]
    wave = SealedWave(
        k=5,
        questions=[],
        cohorts={0: {"team": "A"}, 1: {"team": "B"}},
        invited={0: 12, 1: 30},
        asked={0: 12, 1: 30},
        responses=Responses.of([], [(each.cohort,) for each in comments]),
        comments=comments,
    )
    candidates = publishable_segments(wave)
    assert candidates
    return {each.team for each in release_comments(wave, candidates)}


def test_no_page_says_that_everybody_answered(sqlite_template: Path) -> None:
    """Everybody answers everything; every page is read, while it is open and afterwards."""
    sizes = {"Team 0": 5, "Team 1": 6, "Team 2": 10, "Team 3": 14}
    people = [
        Person(f"U{team[-1]}{number:04}", team, "Place 0", (EVERY_ANSWER,))
        for team, size in sizes.items()
        for number in range(size)
    ]
    folder = Path(mkdtemp(prefix="attune-attacks-"))
    try:
        played = Organisation("all take part", tuple(people))
        (wave,) = asyncio.run(play(sqlite_template, folder, played, watch=True, read=True))
    finally:
        shutil.rmtree(folder)
    read = [*wave.texts, *wave.before, *wave.watched]
    counts = {found for text in read for found in COUNTS.findall(text)}
    assert ("30", "35") in counts
    assert not {each for each in counts if each[0] == each[1]}
    assert not [text for text in read if "nearly all" in text.lower()]
    groups = {each.label for each in wave.seen if each.dimension == "team"}
    assert {"Team 1", "Team 2", "Team 3"} - groups == set() or "Everyone else" in groups
    assert "Team 0" not in groups
