"""Whom the company pulse asks what: the cells that are known least come first. Pure.

A cell is a driver in a team. Its estimate from published figures gets less certain every week,
because levels move. Each week, a person has a few questions at most. In each team they go to the
driver that is known least, until a figure is likely that is as sure as HR wants it; then to the
next one, until all drivers are known well enough or everybody's questions are used. One large
figure is worth more than several small ones, whose steps are coarse, and answers of fewer than k
people are worth nothing until others join them.

People who chose to be asked less often leave questions to others of their team. When their turn
comes, they are first, so that figures represent them as well as can be.

Sources:

- Neyman, "On the two different aspects of the representative method", Journal of the Royal
  Statistical Society 97 (1934): more questions where they reduce the error more;
- Lewis and Gale, "A sequential algorithm for training text classifiers", SIGIR 1994: ask next about
  what is least certain (uncertainty sampling);
- Antos, Grover and Szepesvári, "Active learning in heteroscedastic noise", Theoretical Computer
  Science 411 (2010): this makes the worst estimate as good as it can be;
- Frazier, Powell and Dayanik, "A knowledge-gradient policy for sequential information collection",
  SIAM Journal on Control and Optimization 47 (2008): a question is worth what it is expected to
  change in the estimate; hence whole figures, not single answers, are compared.

The choice sees who was asked what and when, and what was published. Who answered, and what, is not
among its arguments.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, sqrt
from typing import Final, NamedTuple

WEEKS_BETWEEN_DRIVER: Final = 3
"""A person gets questions about one driver at least so many weeks apart."""
WEEKS_BETWEEN_QUESTION: Final = 12
"""A person gets the same question again after so many weeks at the earliest."""
_QUANTILE: Final = 1.96
"""The half-width of a 95 % interval, in standard errors."""


class Cell(NamedTuple):
    """A driver in a team."""

    driver: str
    team: str


class Asked(NamedTuple):
    """A person got a question in a week; weeks are counted from any one week on."""

    person: str
    driver: str
    question: str
    week: int


@dataclass(frozen=True)
class Person:
    """Somebody who can be asked this week."""

    id: str
    team: str
    weeks_between: int = 1
    """The person's own choice: asked at most once in so many weeks, at least 1."""


@dataclass(frozen=True)
class Published:
    """What figures say about a cell's level."""

    error: float
    """Standard error of the estimate in the week of the last figure."""
    week: int
    """The last week whose answers may be in that figure."""


@dataclass(frozen=True)
class Rules:
    """How much is asked, and what is assumed about answers. Levels are in the figures' unit."""

    figure_error: Callable[[int], float]
    """Standard error of a published figure of n answers, n ≥ k (`insights.pure.resolution`)."""
    half_width: float = 0.0
    """How sure HR wants to be of each cell: half of a 95 % interval; 0 for as sure as possible."""
    k: int = 5
    """The fewest people whose answers are released."""
    budget: int = 2
    """Questions per person and week, at most."""
    answering: float = 0.6
    """The published share of questions that are answered, above 0 and at most 1."""
    drift: float = 0.2
    """Standard deviation of a level's step in a week."""

    def is_sure(self, error: float) -> bool:
        """Return True if HR wants to know no better."""
        return _QUANTILE * error <= self.half_width


def choose(
    people: Iterable[Person],
    questions: Mapping[str, Sequence[str]],
    published: Mapping[Cell, Published],
    asked: Iterable[Asked],
    week: int,
    rules: Rules,
    seed: int,
) -> list[Asked]:
    """Return the questions of a week, in the order in which they were chosen.

    `questions` has the ids of each driver's questions. `asked` has all that was asked before, at
    least in the last 12 weeks and since each cell's last figure. Teams of k people or fewer are
    asked nothing, because nothing of them is released (`bot.pulse.pure.pools`). The result depends
    on no argument's order; `seed` decides between equals.
    """
    history = _History(asked, week)
    teams: defaultdict[str, list[Person]] = defaultdict(list)
    for person in sorted(people, key=lambda each: each.id):
        teams[person.team].append(person)
    rng = random.Random(seed)  # noqa: S311  # a repeatable choice between equals, not a secret
    return [
        each
        for team, members in sorted(teams.items())
        if len(members) > rules.k
        for each in _ask_team(
            members,
            questions,
            {driver: published.get(Cell(driver, team)) for driver in sorted(questions)},
            history,
            rules,
            rng,
        )
    ]


class _History:
    """What was asked before, by person."""

    def __init__(self, asked: Iterable[Asked], week: int) -> None:
        self.week = week
        self.count: Counter[str] = Counter()
        self._last: dict[str, int] = {}
        self._questions: dict[tuple[str, str], int] = {}
        self._drivers: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for each in sorted(asked, key=lambda each: each.week):
            self.count[each.person] += 1
            self._last[each.person] = each.week
            self._questions[each.person, each.question] = each.week
            self._drivers[each.person, each.driver].append(each.week)

    def is_due(self, person: Person) -> bool:
        """Return True if the person's own frequency lets them be asked this week."""
        return self.week - self._last.get(person.id, -inf) >= person.weeks_between

    def last(self, person: str, driver: str) -> float:
        """Return the week in which the person was last asked about a driver; −inf for never."""
        return max(self._drivers.get((person, driver), ()), default=-inf)

    def times(self, person: str, driver: str, after: float) -> int:
        """Return how often the person was asked about a driver after a week."""
        return sum(week > after for week in self._drivers.get((person, driver), ()))

    def question(self, person: str, driver: str, questions: Iterable[str]) -> str | None:
        """Return the question that the person has been without for longest; None if too soon."""
        if self.week - self.last(person, driver) < WEEKS_BETWEEN_DRIVER:
            return None
        weeks = {each: self._questions.get((person, each), -inf) for each in sorted(questions)}
        oldest = min(weeks, key=weeks.__getitem__, default=None)
        if oldest is None or self.week - weeks[oldest] < WEEKS_BETWEEN_QUESTION:
            return None
        return oldest


@dataclass
class _Cell:
    """What is known about a driver in the team that is being asked."""

    error: float
    """Of the estimate, this week; infinite without a figure."""
    times: dict[str, int]
    """How often each person was asked since the last figure."""
    waiting: float
    """The expected number of people whose answers wait."""
    again: float
    """The chance of a new answer from a person who was asked since the last figure."""
    coming: float = 0.0
    """The expected number of new answers this week."""

    @classmethod
    def of(
        cls,
        published: Published | None,
        driver: str,
        members: Sequence[Person],
        history: _History,
        rules: Rules,
    ) -> "_Cell":
        error, after = inf, -inf
        if published:
            weeks, after = history.week - published.week, published.week
            error = sqrt(published.error**2 + weeks * rules.drift**2)
        times = {each.id: history.times(each.id, driver, after) for each in members}
        chances = [1 - (1 - rules.answering) ** each for each in times.values() if each]
        # Nothing came out since, so most probably fewer than k have answered.
        waiting = min(sum(chances), rules.k - 1)
        silent = 1 - waiting / len(chances) if chances else 1.0
        return cls(error, times, waiting, rules.answering * silent)

    def ask(self, person: str, rules: Rules) -> None:
        """Count one more question."""
        self.coming += self.again if self.times[person] else rules.answering

    def has_enough(self, rules: Rules) -> bool:
        """Return True if a figure will probably come out that is as sure as HR wants by itself."""
        # One standard deviation fewer than expected.
        margin = sqrt(self.coming * (1 - rules.answering))
        likely = int(self.waiting + self.coming - margin)
        if likely < rules.k:
            return False
        # Where a first figure did not come out, the first that does is enough.
        is_retry = self.error == inf and self.waiting > 0
        return is_retry or rules.is_sure(rules.figure_error(likely))


def _ask_team(
    members: Sequence[Person],
    questions: Mapping[str, Sequence[str]],
    published: Mapping[str, Published | None],
    history: _History,
    rules: Rules,
    rng: random.Random,
) -> list[Asked]:
    """Return the questions of one team's people this week."""
    left = {each.id: rules.budget for each in members if history.is_due(each)}
    chance = {each: rng.random() for each in (*published, *left)}
    cells = {
        driver: _Cell.of(each, driver, members, history, rules)
        for driver, each in published.items()
    }

    def need(driver: str) -> tuple[float, int, float]:
        # Without any figure, the least asked first, so that each has time for a second attempt.
        return -cells[driver].error, sum(cells[driver].times.values()), chance[driver]

    def turn(person: str, driver: str) -> tuple[int, float, int, float]:
        asked = history.count[person] + rules.budget - left[person]
        return cells[driver].times[person], history.last(person, driver), asked, chance[person]

    chosen: list[Asked] = []
    for driver in sorted(cells, key=need):
        cell = cells[driver]
        if rules.is_sure(cell.error):
            break
        for person in sorted(left, key=lambda each: turn(each, driver)):
            if cell.has_enough(rules):
                break
            question = history.question(person, driver, questions[driver])
            if left[person] and question:
                chosen.append(Asked(person, driver, question, history.week))
                left[person] -= 1
                cell.ask(person, rules)
    return chosen
