"""A simulated company that is asked weekly, whose answers wait in pools and come out as figures.

Figures are rounded as the product rounds them, and estimates follow its local level model. Cells
borrow nothing from each other, so that their intervals show what was asked of them alone.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.insights.pure.local_level import LevelModel, estimate_levels
from bot.insights.pure.resolution import MEAN_RESOLUTION, in_steps
from bot.pulse.pure.pools import Pool, released
from bot.pulse.pure.sampling import Asked, Cell, Person, Published, Rules, choose
from tests.insights.simulated import true_mean

Floats = NDArray[np.float64]
Plan = Callable[[list[Person], dict[Cell, Published], list[Asked], int], list[Asked]]
"""Decides on a week's questions: people, what was published, what was asked, and the week."""

K: Final = 5
TEAMS: Final = (8, 8, 10, 12, 12, 15, 20, 20, 25, 30, 35, 40, 45, 50, 50, 60, 60)
"""500 people."""
DRIVERS: Final = 12
QUESTIONS: Final = {
    f"d{driver}": [f"d{driver}.{each}" for each in range(4)] for driver in range(DRIVERS)
}
SPREAD: Final = MEAN_RESOLUTION.usual_spread
DRIFT: Final = 0.2
SD: Final = 2.4
SAME: Final = 0.6
"""Correlation of two answers of one person about one driver."""
UNKNOWN: Final = 10.0
"""The width of a cell without a figure: the whole scale."""


def figure_error(n: int) -> float:
    """Return the standard error of a published mean."""
    return MEAN_RESOLUTION.error(in_steps(n, K), K, SPREAD)


def adaptive(half_width: float, seed: int, answering: float = 0.6) -> Plan:
    """Ask as the company pulse does."""
    rules = Rules(figure_error, half_width, k=K, answering=answering, drift=DRIFT)
    return lambda people, published, asked, week: choose(
        people, QUESTIONS, published, asked, week, rules, seed + week
    )


def round_robin(start: Callable[[int], int]) -> Plan:
    """Ask everybody two drivers a week, in turn; `start` is the first one of a person."""

    def plan(
        people: list[Person], _published: dict[Cell, Published], asked: list[Asked], week: int
    ) -> list[Asked]:
        last = {each.person: each.week for each in asked}
        turns: defaultdict[str, int] = defaultdict(int)
        for each in asked:
            turns[each.person] += 1
        questions = []
        for number, person in enumerate(people):
            if week - last.get(person.id, -99) >= person.weeks_between:
                for turn in range(turns[person.id], turns[person.id] + 2):
                    driver = f"d{(start(number) + turn) % DRIVERS}"
                    question = QUESTIONS[driver][turn // DRIVERS % 4]
                    questions.append(Asked(person.id, driver, question, week))
        return questions

    return plan


@dataclass(frozen=True)
class Reading:
    """A published figure."""

    week: int
    value: float
    n: int


@dataclass(frozen=True)
class Known:
    """A cell's estimate when its last figure came out."""

    value: float
    variance: float
    week: int

    def error(self, week: int) -> float:
        """Return its standard error in a week."""
        return float(np.sqrt(self.variance + DRIFT**2 * (week - self.week)))


@dataclass(frozen=True)
class Outcome:
    """What one company was asked in all, and what was known of its cells, week by week."""

    asked: list[Asked]
    team_of: dict[str, str]
    widths: Floats
    """Of the 95 % intervals, out of ten: weeks × teams × drivers."""
    held: float
    """The share of intervals that held the true level."""

    @property
    def unseen(self) -> int:
        """Return the number of cells without a figure in the end."""
        return int((self.widths[-1] == UNKNOWN).sum())

    def questions_in(self, teams: Sequence[int], size: int) -> float:
        """Return the questions per person and week in the teams of a size."""
        places = {str(team) for team, members in enumerate(teams) if members == size}
        count = sum(self.team_of[each.person] in places for each in self.asked)
        return count / (len(places) * size * len(self.widths))


@dataclass(frozen=True)
class PulseCompany:
    """Who is asked, and how they answer."""

    teams: Sequence[int] = TEAMS
    answering: float = 0.6
    habit: float = 0.0
    """Variance between people of how likely they answer, as a share of the most there can be."""
    seldom: float = 0.0
    """The share of people who chose to be asked every two weeks, and again every four weeks."""

    def run(self, plan: Plan, seed: int, weeks: int = 12) -> Outcome:
        """Ask the company by a plan. For one seed, people and levels are the same."""
        world, answers = np.random.default_rng(seed).spawn(2)
        team_of = np.repeat(np.arange(len(self.teams)), self.teams)
        people = self._people(team_of, world)
        state = _Weeks(self, people, world, answers)
        asked: list[Asked] = []
        widths, held = [], []
        for week in range(weeks):
            state.levels += world.normal(0, DRIFT, size=state.levels.shape)
            questions = plan(people, state.published(), asked, week)
            asked += questions
            for each in questions:
                state.ask(each)
            state.release(week)
            widths.append(state.widths(week))
            held += state.held(widths[-1])
        return Outcome(
            asked, {each.id: each.team for each in people}, np.array(widths), float(np.mean(held))
        )

    def _people(self, team_of: NDArray[np.int64], rng: np.random.Generator) -> list[Person]:
        chosen = rng.choice(
            [1, 2, 4], size=len(team_of), p=[1 - 2 * self.seldom, self.seldom, self.seldom]
        )
        return [
            Person(f"p{number}", str(team), int(weeks))
            for number, (team, weeks) in enumerate(zip(team_of, chosen, strict=True))
        ]

    def eagerness(self, count: int, rng: np.random.Generator) -> Floats:
        """Return how likely each person answers a question."""
        if not self.habit:
            return np.full(count, self.answering)
        both = 1 / self.habit - 1
        return rng.beta(self.answering * both, (1 - self.answering) * both, size=count)


class _Weeks:
    """The company's levels and people, the pools of their answers, and what came out."""

    def __init__(
        self,
        company: PulseCompany,
        people: list[Person],
        world: np.random.Generator,
        answers: np.random.Generator,
    ) -> None:
        shape = len(company.teams), DRIVERS
        self.company, self.rng = company, answers
        self.people = {person.id: number for number, person in enumerate(people)}
        self.team_of = [person.team for person in people]
        self.levels = world.normal(6, 1, size=shape)
        self.thresholds = world.random(shape)
        self.lasting = world.normal(size=(len(people), DRIVERS))
        self.eager = company.eagerness(len(people), world)
        self.pools: defaultdict[Cell, Pool] = defaultdict(Pool)
        self.readings: defaultdict[Cell, list[Reading]] = defaultdict(list)
        self.known: dict[Cell, Known] = {}

    def ask(self, question: Asked) -> None:
        """Ask a person, who may answer."""
        number = self.people[question.person]
        cell = Cell(question.driver, self.team_of[number])
        self.pools[cell] = self.pools[cell].with_asked(question.person)
        if self.rng.random() < self.eager[number]:
            place = _place(cell)
            same = np.sqrt(SAME) * self.lasting[number, place[1]]
            feeling = same + np.sqrt(1 - SAME) * self.rng.normal()
            answer = int(np.clip(np.round((self.levels[place] + SD * feeling) / 2.5), 0, 4))
            self.pools[cell] = self.pools[cell].with_answer(question.person, answer)

    def release(self, week: int) -> None:
        """Publish what comes out of the pools."""
        for cell, pool in self.pools.items():
            out, self.pools[cell] = released(pool, K)
            if out:
                n, place = in_steps(len(out), K), _place(cell)
                mean = 2.5 * sum(out) / len(out)
                figure = MEAN_RESOLUTION.rounded(mean, n, self.thresholds[place])
                self.readings[cell].append(Reading(week, figure, n))
                answering = self.company.answering * self.company.teams[place[0]]
                self.known[cell] = _estimate(self.readings[cell], answering)

    def published(self) -> dict[Cell, Published]:
        """Return what HR knows, and how well."""
        return {
            cell: Published(known.error(known.week), known.week)
            for cell, known in self.known.items()
        }

    def widths(self, week: int) -> Floats:
        """Return the widths of the cells' intervals this week: teams × drivers."""
        widths = np.full(self.levels.shape, UNKNOWN)
        for cell, known in self.known.items():
            widths[_place(cell)] = min(UNKNOWN, 2 * 1.96 * known.error(week))
        return widths

    def held(self, widths: Floats) -> list[bool]:
        """Return whether each interval holds the level."""
        return [
            abs(known.value - true_mean(self.levels[_place(cell)], SD)) <= widths[_place(cell)] / 2
            for cell, known in self.known.items()
        ]


def _place(cell: Cell) -> tuple[int, int]:
    return int(cell.team), int(cell.driver[1:])


def _estimate(readings: Sequence[Reading], people: float) -> Known:
    """Estimate a cell by its figures; about `people` of its team answer at all."""
    steps = [MEAN_RESOLUTION.step(each.n) ** 2 / 12 for each in readings]
    # What the same people's answers share never averages out, and neither does the threshold.
    shared = SAME * SPREAD**2 / min(people, sum(each.n for each in readings))
    sampled = [SPREAD**2 / (each.n + (K - 1) / 2) for each in readings]
    levels = estimate_levels(
        LevelModel(5.0, 25.0, DRIFT**2, shared + float(np.mean(steps))),
        [each.week for each in readings],
        [each.value for each in readings],
        [
            (1 - SAME) * own + max(0.0, SAME * own - shared) + step
            for own, step in zip(sampled, steps, strict=True)
        ],
    )
    return Known(float(levels.filtered[-1]), float(levels.filtered_variance[-1]), readings[-1].week)
