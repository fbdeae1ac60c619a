"""The large company: its make-up, its story, and what sort of people work there."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from statistics import mean

import pytest

from bot.surveys.pure.bank import load_bank
from sandbox.demo.brightwater import (
    BUDDIES,
    REORGANISATION,
    SUPPORT,
    newcomers,
    staff,
    workspace,
)
from sandbox.demo.history import ONBOARDING_QUESTIONS, WEEKLY_QUESTIONS
from sandbox.demo.moods import CompanyStory, comments_about
from sandbox.demo.staff import DemoPerson
from sandbox.demo.temper import Occasion
from sandbox.workspace import build_world

TODAY = date(2026, 11, 9)
BEGAN = datetime(2026, 8, 17, 6, 0, tzinfo=UTC)
PEOPLE = staff(TODAY)
WORKLOAD, _, SUGGEST = (load_bank().get(key).wording for key in WEEKLY_QUESTIONS)
HELP, ALONE = (load_bank().get(key).wording for key in ONBOARDING_QUESTIONS)


def week(number: int) -> datetime:
    return BEGAN + timedelta(weeks=number - 1, days=1)


def average(people: list[DemoPerson], question: str, now: datetime) -> float:
    """The mean answer of some people, from 1 to 5, over a few occasions each."""
    story = CompanyStory(BEGAN)
    occasions = [Occasion(story, person, number) for person in people for number in range(8)]
    return 1 + mean(occasion.choose(question, 5, now) for occasion in occasions)


def test_the_company_has_the_size_that_the_demo_tells() -> None:
    assert len(PEOPLE) == 120
    assert Counter(person.team.name for person in PEOPLE)["Legal"] == 3
    assert len({person.team.name for person in PEOPLE}) == 8
    assert len({person.place.tz for person in PEOPLE}) == 4
    assert len({person.handle for person in PEOPLE}) == 120
    assert staff(TODAY) == PEOPLE, "always the same"


def test_the_workspace_knows_everybody_and_the_newcomers_have_a_channel() -> None:
    world = build_world(workspace(PEOPLE, TODAY))
    new = newcomers(PEOPLE, TODAY)
    channel = world.find_channel("new-here")
    assert channel is not None
    assert {person.id for person in new} <= set(channel.members)
    assert 10 <= len(new) < 30
    assert all(date.fromisoformat(person.hired_on) < TODAY for person in PEOPLE)


def test_support_burns_out_after_the_reorganisation_and_others_do_not() -> None:
    support = [person for person in PEOPLE if person.team.name == SUPPORT]
    sales = [person for person in PEOPLE if person.team.name == "Sales"]
    before, after = week(REORGANISATION - 1), week(REORGANISATION + 4)
    assert average(support, WORKLOAD, before) > 3.4
    assert average(support, WORKLOAD, after) < 2.4
    assert average(support, SUGGEST, after) < average(support, SUGGEST, before) - 1
    assert abs(average(sales, WORKLOAD, after) - average(sales, WORKLOAD, before)) < 0.3


def test_newcomers_settle_in_better_with_a_buddy_whichever_way_they_are_asked() -> None:
    new = newcomers(PEOPLE, TODAY)
    before, after = week(BUDDIES - 1), week(BUDDIES)
    assert average(new, HELP, after) > average(new, HELP, before) + 1
    assert average(new, ALONE, after) < average(new, ALONE, before) - 1


def test_most_people_answer_and_each_occasion_is_the_same_every_time() -> None:
    story = CompanyStory(BEGAN)
    occasions = [Occasion(story, person, 1) for person in PEOPLE]
    again = [Occasion(story, person, 1) for person in PEOPLE]
    assert 0.6 < mean(occasion.answers for occasion in occasions) < 0.95
    assert [o.choose(WORKLOAD, 5, week(1)) for o in occasions] == [
        o.choose(WORKLOAD, 5, week(1)) for o in again
    ]
    assert all(timedelta(0) < o.delay <= timedelta(hours=20) for o in occasions)


def written(question: str, number: int) -> set[str]:
    """What people write about a question in a week."""
    story = CompanyStory(BEGAN)
    return {
        Occasion(story, person, occasion).write(question, week(number))
        for person in PEOPLE[::2]
        for occasion in range(4)
    }


OWN = ("What should we stop doing?", "What should we change first?", "What should we keep?")


@pytest.mark.parametrize(
    "question", [*(q.wording for q in load_bank().questions), "A question of HR's own", *OWN]
)
def test_about_every_question_people_write_many_different_things(question: str) -> None:
    kinds = comments_about(question)
    assert all(len(set(texts)) >= 10 for texts in kinds.values())
    assert written(question, 2) <= {*kinds["good"], *kinds["bad"]}
    assert len(written(question, 10)) >= 10


def test_what_people_write_fits_the_question_and_the_story() -> None:
    topics = [comments_about(question)["good"] for question in (WORKLOAD, SUGGEST, HELP, *OWN)]
    everything = [text for texts in topics for text in texts]
    assert len(everything) == len(set(everything)), "each question has texts of its own"
    assert comments_about(HELP) == comments_about(ALONE)
    shown = f"Hello. @Maya would like to know what should get better.\n*{OWN[0]}*"
    assert comments_about(shown) == comments_about(OWN[0])
    support = next(person for person in PEOPLE if person.team.name == SUPPORT)
    worn_out = Occasion(CompanyStory(BEGAN), support, 1).write(OWN[0], week(10))
    assert worn_out in comments_about(OWN[0])["reorganisation"]
