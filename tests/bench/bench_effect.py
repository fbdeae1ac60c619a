"""Measure whether effects of items are told from chance, in simulated companies.

Figures come from the real gate and rounding (tests/insights/simulated.py). Something is done some
weeks after the wave that shows the problem and looked at eight weeks later, in teams that are
drawn, that were lowest, that had fallen most by chance, or that had really fallen.
`python -m tests.bench.bench_effect [runs]` prints the figures.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from statistics import fmean

import numpy as np

from bot.insights.pure.figure_history import History, WaveFigures, histories
from bot.products.effects.pure.effect import Effect, Question, find_effect
from tests.bench.demands import Demand, judge, report
from tests.insights.simulated import FIRST, Company, true_mean

RUNS = 20
SHOWED, AFTER = 8, 8
"""The wave that shows the problem, and the waves from the start on."""
USUAL, AT_ONCE = 3, 1
"""Weeks from there to the start: decisions are promised within two."""
FORTY, TWENTY = Company(), Company(teams=(34,) * 8)
"""About 40 and 20 people answer in each of eight teams."""
MOODY = replace(TWENTY, team_shock=0.4)
MIXED = Company(teams=(12, 15, 20, 30, 40, 67, 67, 90))

Choose = Callable[[Mapping[str, History], np.random.Generator], list[str]]
"""Returns teams, the first to be chosen first."""


def drawn(teams: Mapping[str, History], rng: np.random.Generator) -> list[str]:
    """Draw teams."""
    return [str(each) for each in rng.permutation(sorted(teams))]


def lowest(teams: Mapping[str, History], rng: np.random.Generator) -> list[str]:
    """Choose the lowest in the wave that shows the problem."""
    return sorted(drawn(teams, rng), key=lambda team: teams[team][SHOWED].value)


def fallen(teams: Mapping[str, History], rng: np.random.Generator) -> list[str]:
    """Choose those that fell most, of three waves from the four before, as changes are found."""

    def change(team: str) -> float:
        values = [each.value for each in teams[team]]
        return fmean(values[SHOWED - 2 : SHOWED + 1]) - fmean(values[SHOWED - 6 : SHOWED - 2])

    return sorted(drawn(teams, rng), key=change)


@dataclass(frozen=True)
class Found:
    """What was found of effects that are known."""

    held: float
    """Share of intervals that hold the true effect."""
    detectable: float
    """Share of effects found detectable."""
    margin: float
    """Mean half-width of the intervals."""


@dataclass(frozen=True)
class Case:
    """What happens in a company, and where something is done about it."""

    company: Company
    choose: Choose = drawn
    touched: int = 1
    rise: float = 0.0
    """By how much it raises the level of the first teams, which are chosen then."""
    fall: float = 0.0
    """By how much the first teams fell before, in the two waves that end with the one that shows
    it; they are chosen then."""
    weeks: int = USUAL
    """From the wave that shows it to the start."""

    @property
    def starts(self) -> int:
        """The number of the first wave after the start."""
        return SHOWED + self.weeks

    @property
    def count(self) -> int:
        """The number of all waves."""
        return self.starts + AFTER

    def level(self, _driver: int, team: int, wave: int) -> float:
        """Return the level of a team in a wave."""
        if team >= self.touched:
            return 0.0
        return (self.rise if wave >= self.starts else 0.0) - (
            self.fall if wave >= SHOWED - 1 else 0.0
        )


def found(case: Case, runs: int, seed: int) -> Found:
    """Simulate companies, and look for the effect."""
    effects = list(_effects(case, runs, seed))
    company, before = case.company, case.company.usual - case.fall
    rise = case.rise
    truth = true_mean(before + rise, company.sd) - true_mean(before, company.sd)
    return Found(
        fmean(each.low <= truth <= each.high for each in effects),
        fmean(each.is_detectable for each in effects),
        fmean((each.high - each.low) / 2 for each in effects),
    )


def _effects(case: Case, runs: int, seed: int) -> Iterator[Effect]:
    rng = np.random.default_rng(seed)
    for _ in range(runs):
        waves = list(replace(case.company, levels=case.level).waves(case.count, rng))
        every = histories(waves)
        for driver in range(case.company.drivers):
            teams = {
                cell.segment_ref: history
                for cell, history in every.items()
                if cell[:3] == ("driver", f"driver{driver}", "team") and len(history) == case.count
            }
            if not teams:
                continue
            chosen = [f"Team {chr(65 + team)}" for team in range(case.touched)]
            if not case.rise and not case.fall:
                chosen = case.choose(teams, rng)[: case.touched]
            if effect := _effect(case, waves, driver, chosen):
                yield effect


def _effect(
    case: Case, waves: Sequence[WaveFigures], driver: int, touched: Sequence[str]
) -> Effect | None:
    day = FIRST + timedelta(weeks=case.starts)
    question = Question(
        "driver",
        f"driver{driver}",
        frozenset(touched),
        frozenset(),
        started_on=day,
        look_on=day + timedelta(weeks=AFTER),
        shown_on=FIRST + timedelta(weeks=SHOWED),
        began_before=timedelta(weeks=2),
    )
    return find_effect(waves, question)


def main(runs: int = RUNS) -> int:
    """Print what happens, and what is demanded."""
    demands = []
    companies = (("40", FORTY), ("20", TWENTY), ("20, moody", MOODY), ("7 to 54", MIXED))
    for name, company in companies:
        for case in (
            Case(company),
            Case(company, touched=3),
            Case(company, lowest),
            Case(company, fallen),
            Case(company, fallen, touched=2),
            Case(company, touched=1, fall=2.0),
        ):
            told = found(case, runs, 31)
            how = "really fallen" if case.fall else case.choose.__name__
            what = f"{name} answering, {case.touched} {how}, nothing helps"
            report(f"{what}: {told}")
            demands.append(Demand(f"detectable, {what}", told.detectable, 0.05, "of 1"))
    for choose in (lowest, fallen):
        told = found(Case(TWENTY, choose, weeks=AT_ONCE), runs, 33)
        report(f"20 answering, 1 {choose.__name__}, started at once: {told}")
    for rise, touched in ((1.0, 1), (1.0, 3), (2.0, 1)):
        told = found(Case(TWENTY, touched=touched, rise=rise), runs, 32)
        what = f"20 answering, {touched} drawn, a rise of {rise}"
        report(f"{what}: {told}")
        demands.append(Demand(f"intervals hold, {what}", told.held, 0.93, "of 1", at_least=True))
    return judge(demands)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
