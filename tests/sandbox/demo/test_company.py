"""The company: its make-up, how its people feel, and what they write."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import mean

import pytest

from bot.surveys.pure.bank import load_bank
from sandbox.demo.acts import ACTS, LOOK
from sandbox.demo.company import CAST, SUPPORT, DemoPerson, brightwater, working_day
from sandbox.demo.moods import (
    BUDDIES,
    HELP,
    HISTORY_WEEKS,
    REORGANISATION,
    Moods,
    Occasion,
    comments_about,
)
from sandbox.demo.setup import ONBOARDING_QUESTIONS, WEEKLY_QUESTIONS
from sandbox.workspace import build_world

TODAY = date(2026, 11, 9)
BEGAN = datetime(2026, 8, 17, 6, 0, tzinfo=UTC)
COMPANY = brightwater(TODAY)
PEOPLE = COMPANY.people
WORKLOAD, _, SUGGEST = (load_bank().get(key).wording for key in WEEKLY_QUESTIONS)
EARLY_HELP, ALONE = (load_bank().get(key).wording for key in ONBOARDING_QUESTIONS)
OWN = ("What should we stop doing?", "What should we change first?", "What should we keep?")


def week(number: int) -> datetime:
    return BEGAN + timedelta(weeks=number - 1, days=1)


def average(people: Sequence[DemoPerson], question: str, now: datetime) -> float:
    """The mean answer of some people, from 1 to 5, over a few occasions each."""
    moods = Moods(BEGAN)
    occasions = [Occasion(moods, person, number) for person in people for number in range(8)]
    return 1 + mean(occasion.choose(question, 5, now) for occasion in occasions)


def team(name: str) -> list[DemoPerson]:
    return [person for person in PEOPLE if person.team.name == name]


def written(question: str, number: int) -> set[str]:
    """What people write about a question in a week."""
    moods = Moods(BEGAN)
    return {
        Occasion(moods, person, occasion).write(question, week(number))
        for person in PEOPLE[::2]
        for occasion in range(4)
    }


def test_the_company_has_the_size_that_the_demo_tells() -> None:
    assert len(PEOPLE) == len({person.handle for person in PEOPLE}) == 120
    assert Counter(person.team.name for person in PEOPLE)["Legal"] == 3
    assert len({person.team.name for person in PEOPLE}) == 8
    assert len({person.place.tz for person in PEOPLE}) == 4
    assert brightwater(TODAY) == COMPANY, "always the same"
    assert {person.team.name for person in COMPANY.coming} == {SUPPORT}
    handles = [person.handle for person in COMPANY.ever]
    assert len(handles) == len(set(handles))
    teams = [COMPANY.find(handle).team.name for handle in CAST]
    assert teams == ["People", "Engineering", "Design", SUPPORT]


def test_the_workspace_knows_everybody_and_the_newcomers_have_a_channel() -> None:
    channel = build_world(COMPANY.workspace()).find_channel("new-here")
    assert channel is not None
    assert {person.id for person in COMPANY.newcomers} <= set(channel.members)
    assert all(date.fromisoformat(person.hired_on) < TODAY for person in PEOPLE)


def test_two_join_in_most_months_and_somebody_leaves_each_quarter() -> None:
    weeks = Counter(
        (TODAY - date.fromisoformat(new.hired_on)).days // 7 for new in COMPANY.newcomers
    )
    assert [weeks[week] for week in range(50, 2, -4)] == [2, 2, 0, 0, 0, 5, 2, 2, 2, 2, 2, 2]
    leaving = [person for person in (*COMPANY.left, *PEOPLE) if person.leaves_on]
    last_days = [date.fromisoformat(person.leaves_on) for person in leaving]
    gaps = [after - before for before, after in pairwise(last_days)]
    assert len(last_days) == 4
    assert all(timedelta(weeks=10) < gap < timedelta(weeks=24) for gap in gaps)
    assert COMPANY.find(leaving[-1].handle) not in COMPANY.newcomers


@pytest.mark.parametrize(("day", "first"), [(9, 9), (13, 13), (14, 16), (15, 16)])
def test_nobody_begins_at_a_weekend(day: int, first: int) -> None:
    assert working_day(date(2026, 11, day)) == date(2026, 11, first)


def test_support_burns_out_after_the_reorganisation_and_others_do_not() -> None:
    before, after = week(REORGANISATION - 1), week(REORGANISATION + 3)
    assert average(team(SUPPORT), WORKLOAD, before) > 3.4
    assert average(team(SUPPORT), WORKLOAD, after) < 2.4
    assert average(team(SUPPORT), SUGGEST, after) < average(team(SUPPORT), SUGGEST, before) - 1
    sales = team("Sales")
    assert abs(average(sales, WORKLOAD, after) - average(sales, WORKLOAD, before)) < 0.3


def test_support_gets_better_once_more_people_have_come_and_others_stay_as_they_are() -> None:
    before, after = week(HELP - 1), week(HELP + 2)
    assert average(team(SUPPORT), WORKLOAD, after) > average(team(SUPPORT), WORKLOAD, before) + 1
    sales = team("Sales")
    assert abs(average(sales, WORKLOAD, after) - average(sales, WORKLOAD, before)) < 0.3


def test_what_people_do_is_in_order_and_over_before_the_last_days_are_played() -> None:
    times = [act.at for act in ACTS]
    assert times == sorted(times)
    assert times[-1] < LOOK <= timedelta(weeks=HISTORY_WEEKS - 1)


def test_newcomers_settle_in_better_with_a_buddy_whichever_way_they_are_asked() -> None:
    before, after = week(BUDDIES - 1), week(BUDDIES)
    new = COMPANY.newcomers
    assert average(new, EARLY_HELP, after) > average(new, EARLY_HELP, before) + 1
    assert average(new, ALONE, after) < average(new, ALONE, before) - 1


def test_most_people_answer_and_each_occasion_is_the_same_every_time() -> None:
    occasions, again = ([Occasion(Moods(BEGAN), each, 1) for each in PEOPLE] for _ in range(2))
    assert 0.6 < mean(occasion.answers for occasion in occasions) < 0.95
    assert all(timedelta(0) < occasion.delay <= timedelta(hours=20) for occasion in occasions)
    assert [occasion.choose(WORKLOAD, 5, week(1)) for occasion in occasions] == [
        occasion.choose(WORKLOAD, 5, week(1)) for occasion in again
    ]


@pytest.mark.parametrize(
    "question", [*(q.wording for q in load_bank().questions), "A question of HR's own", *OWN]
)
def test_people_write_many_different_things_about_every_question(question: str) -> None:
    kinds = comments_about(question)
    assert all(len(set(texts)) >= 10 for texts in kinds.values())
    assert written(question, 2) <= {*kinds["good"], *kinds["bad"]}
    assert len(written(question, 10)) >= 10


def test_comments_fit_the_question_and_the_story() -> None:
    topics = [
        comments_about(question)["good"] for question in (WORKLOAD, SUGGEST, EARLY_HELP, *OWN)
    ]
    everything = [text for texts in topics for text in texts]
    assert len(everything) == len(set(everything)), "each question has texts of its own"
    assert comments_about(EARLY_HELP) == comments_about(ALONE)
    shown = f"Hello. @Maya would like to know what should get better.\n*{OWN[0]}*"
    assert comments_about(shown) == comments_about(OWN[0])
    worn_out = Occasion(Moods(BEGAN), team(SUPPORT)[0], 1).write(OWN[0], week(REORGANISATION + 3))
    assert worn_out in comments_about(OWN[0])["reorganisation"]
