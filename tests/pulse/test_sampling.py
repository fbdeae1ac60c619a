import random
from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.pulse.pure.sampling import (
    WEEKS_BETWEEN_DRIVER,
    WEEKS_BETWEEN_QUESTION,
    Asked,
    Cell,
    Person,
    Published,
    Rules,
    choose,
)
from tests.pulse.simulated_pulse import (
    PulseCompany,
    adaptive,
    figure_error,
    round_robin,
)

QUESTIONS = {driver: [f"{driver}.{number}" for number in range(3)] for driver in "abcd"}
VAGUE = Published(error=1.5, week=9)
SURE = Published(error=0.3, week=9)


def team(size: int, name: str = "T", weeks_between: int = 1) -> list[Person]:
    return [Person(f"{name}{number:02}", name, weeks_between) for number in range(size)]


def cells(**published: Published) -> dict[Cell, Published]:
    return {Cell(driver, "T"): each for driver, each in published.items()}


def rules(half_width: float = 0.0, budget: int = 2) -> Rules:
    return Rules(figure_error, half_width, budget=budget)


def drivers_of(asked: list[Asked]) -> Counter[str]:
    return Counter(each.driver for each in asked)


@given(
    st.lists(st.sampled_from([1, 2, 4]), min_size=1, max_size=14),
    st.integers(0, 3),
    st.sampled_from([0.0, 1.5, 3.0]),
    st.integers(0, 2**32),
)
def test_nobody_is_asked_too_much_or_too_soon(
    frequencies: list[int], budget: int, half_width: float, seed: int
) -> None:
    people = [Person(f"p{i}", "T", weeks) for i, weeks in enumerate(frequencies)]
    drawn, asked = random.Random(seed), list[Asked]()
    published: dict[Cell, Published] = {}
    for week in range(26):
        asked += choose(people, QUESTIONS, published, asked, week, rules(half_width, budget), seed)
        cell = Cell(drawn.choice("abcd"), "T")
        published[cell] = Published(drawn.uniform(0.3, 2), week)

    weeks: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for each in asked:
        weeks[each.person, ""].append(each.week)
        weeks[each.person, each.driver].append(each.week)
        weeks[each.person, each.question].append(each.week)
    for (person, what), found in weeks.items():
        if what:
            least = WEEKS_BETWEEN_QUESTION if "." in what else WEEKS_BETWEEN_DRIVER
            assert all(later - earlier >= least for earlier, later in pairwise(found))
        else:
            assert max(Counter(found).values()) <= budget
            least = people[int(person[1:])].weeks_between
            assert all(later - earlier >= least for earlier, later in pairwise(sorted(set(found))))


@given(st.integers(0, 2**32))
def test_the_choice_depends_on_the_seed_and_on_no_order(seed: int) -> None:
    people, drawn = [*team(12), *team(9, "U")], random.Random(seed)
    asked = [
        Asked(each.id, driver, f"{driver}.0", drawn.randrange(9))
        for each in people
        for driver in drawn.sample("abcd", 2)
    ]
    published = cells(a=VAGUE, b=SURE, c=VAGUE)
    chosen = choose(people, QUESTIONS, published, asked, 10, rules(), seed)

    shuffled = choose(
        drawn.sample(people, len(people)),
        {driver: QUESTIONS[driver][::-1] for driver in "dbca"},
        dict(reversed(published.items())),
        drawn.sample(asked, len(asked)),
        10,
        rules(),
        seed,
    )
    assert chosen == shuffled


def test_the_least_certain_and_the_oldest_come_first() -> None:
    known = cells(
        a=Published(0.8, 9), b=Published(1.0, 9), c=Published(0.8, 5), d=Published(0.5, 9)
    )
    asked = choose(team(20), QUESTIONS, known, [], 10, rules(budget=1), seed=1)
    assert drivers_of(asked) == {"b": 20}, "1.0 is less certain than 0.8"

    known[Cell("c", "T")] = Published(0.9, -10)
    asked = choose(team(20), QUESTIONS, known, [], 10, rules(budget=1), seed=1)
    assert drivers_of(asked) == {"c": 20}, "20 weeks add 0.2² each"


def test_a_driver_without_a_figure_comes_before_all_others() -> None:
    known = cells(a=VAGUE, b=VAGUE, c=VAGUE)
    asked = choose(team(8), QUESTIONS, known, [], 10, rules(budget=1), seed=1)
    assert drivers_of(asked) == {"d": 8}


def test_what_is_known_as_well_as_wanted_is_not_asked() -> None:
    known = cells(a=VAGUE, b=SURE, c=SURE, d=SURE)
    asked = choose(team(60), QUESTIONS, known, [], 10, rules(half_width=1.7), seed=1)
    assert drivers_of(asked).keys() == {"a"}
    assert 10 / 0.6 < len(asked) < 30, "enough for a figure of 10, which is sure enough, not all 60"

    known = cells(a=SURE, b=SURE, c=SURE, d=SURE)
    assert not choose(team(60), QUESTIONS, known, [], 10, rules(half_width=1.7), seed=1)


def test_a_better_figure_takes_more_people() -> None:
    known = cells(a=VAGUE, b=SURE, c=SURE, d=SURE)
    counts = [
        len(choose(team(90), QUESTIONS, known, [], 10, rules(half_width), seed=1))
        for half_width in (3.0, 1.7, 1.2)
    ]
    assert counts == sorted(set(counts))


def test_teams_of_which_nothing_can_come_out_are_not_asked() -> None:
    assert not choose(team(5), QUESTIONS, {}, [], 0, rules(), seed=1)
    assert choose(team(6), QUESTIONS, {}, [], 0, rules(), seed=1)


def test_the_next_figure_is_asked_of_other_people() -> None:
    people, known = team(60), cells(b=SURE, c=SURE, d=SURE)
    first = choose(people, QUESTIONS, known, [], 10, rules(half_width=1.7), seed=1)
    known |= cells(a=Published(1.5, 10))
    second = choose(people, QUESTIONS, known, first, 13, rules(half_width=1.7), seed=1)

    assert drivers_of(second).keys() == {"a"}
    assert not {each.person for each in first} & {each.person for each in second}


def test_others_make_up_for_people_who_are_asked_less_often() -> None:
    often, seldom = team(30), [Person(f"s{number}", "T", 4) for number in range(30)]
    known = cells(a=VAGUE, b=SURE, c=SURE, d=SURE)
    before = [Asked(each.id, "b", "b.0", 8) for each in seldom]
    alone = choose(team(60), QUESTIONS, known, [], 10, rules(half_width=1.7), seed=1)
    asked = choose([*often, *seldom], QUESTIONS, known, before, 10, rules(half_width=1.7), seed=1)

    assert len(asked) == len(alone)
    assert {each.person for each in asked} <= {each.id for each in often}


def test_people_who_are_asked_less_often_come_first_when_it_is_their_turn() -> None:
    often, seldom = team(30), [Person(f"s{number}", "T", 4) for number in range(6)]
    known = cells(a=VAGUE, b=SURE, c=SURE, d=SURE)
    before = [
        *(Asked(each.id, "a", "a.0", 6) for each in often),
        *(Asked(each.id, "a", "a.0", 2) for each in seldom),
    ]
    asked = choose([*often, *seldom], QUESTIONS, known, before, 10, rules(half_width=1.7), seed=1)
    assert {each.id for each in seldom} <= {each.person for each in asked}


def test_the_pulse_asks_less_than_round_robin_and_knows_the_worst_cell_no_less() -> None:
    """The small version of tests/bench/bench_sampling.py."""
    company = PulseCompany(teams=(8, 12, 20, 40, 60, 60))
    seeds = range(3)
    turns = [company.run(round_robin(lambda _person: 0), seed) for seed in seeds]
    pulse = [company.run(adaptive(1.75, seed=7), seed) for seed in seeds]

    count, others = (sum(len(each.asked) for each in way) for way in (pulse, turns))
    assert count <= 0.75 * others
    ends, other_ends = (np.array([each.widths[-1] for each in way]) for way in (pulse, turns))
    assert ends.max(axis=(1, 2)).mean() <= other_ends.max(axis=(1, 2)).mean()
    assert np.percentile(ends, 95) <= 1.12 * np.percentile(other_ends, 95)
    assert not any(each.unseen for each in pulse)
    assert np.mean([each.held for each in pulse]) >= 0.93
