"""Measure how well real changes are told from chance, in simulated companies that answer weekly.

Figures come from the real gate and rounding (tests/insights/simulated.py): 12 drivers × 8 teams,
60 % answering, the same people at a correlation of 0.6, standard deviation 2.4 of 10. A quarter has
13 waves and as many before it. `python -m tests.bench.bench_change [runs]` prints the figures;
alerts have a benchmark of their own, `bench_alerts`.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import numpy as np

from bot.insights.pure.cell_estimates import estimate_cells
from bot.insights.pure.change import WAVES_NEEDED, find_changes
from bot.insights.pure.figure_history import WaveFigures
from bot.insights.pure.stands_out import find_statements
from tests.bench.demands import Demand, judge, report
from tests.insights.simulated import Company, moved, true_mean

RUNS = 24
FORTY, TWENTY = Company(), Company(teams=(34,) * 8)
"""About 40 and 20 people answer in each team."""
OF_500 = Company(teams=(8, 12, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90), drivers=4, with_enps=True)
MIXED = Company(teams=(6, 9, 12, 15, 20, 30, 40, 67))


@dataclass(frozen=True)
class FalseAlarms:
    """What a company without changes is told in a quarter, on average."""

    falls: float
    rises: float
    statements: float


def _until(waves: Sequence[WaveFigures], number: int) -> Sequence[WaveFigures]:
    return waves[max(0, number - WAVES_NEEDED) : number]


def false_alarms(company: Company, quarters: int, seed: int) -> FalseAlarms:
    """Count what is named in quarters in which nothing changes."""
    rng = np.random.default_rng(seed)
    falls, rises, statements = 0, 0, 0
    for _ in range(quarters):
        waves = list(company.waves(2 * WAVES_NEEDED, rng))
        for number in range(WAVES_NEEDED + 1, len(waves) + 1):
            seen = _until(waves, number)
            changes = find_changes(seen)
            found = [each.difference for each in changes.cells.values() if each.detectable]
            falls += sum(each < 0 for each in found)
            rises += sum(each > 0 for each in found)
            statements += len(find_statements(seen, changes))
    return FalseAlarms(falls / quarters, rises / quarters, statements / quarters)


def found_within(company: Company, fall: float, runs: int, seed: int, before: int) -> float:
    """Return the share of falls of one driver in one team that are found within three waves.

    The survey had `before` waves before the fall. All cells fall, each by itself: the threshold
    depends on the number of cells alone, so one run tries as many falls as there are cells.
    """
    rng = np.random.default_rng(seed)
    fallen = replace(company, levels=lambda _driver, _team, wave: -fall if wave >= before else 0.0)
    found: list[bool] = []
    for _ in range(runs):
        waves = list(fallen.waves(before + 3, rng))
        seen = [find_changes(_until(waves, before + number)).cells for number in (1, 2, 3)]
        found += [
            any(cells[cell].difference < -cells[cell].margin for cells in seen)
            for cell in seen[0]
            if (cell.measure, cell.segment) == ("driver", "team")
        ]
    return fmean(found)


def coverage(company: Company, fall: float, runs: int, seed: int, waves: int = 13) -> float:
    """Return the share of the teams' 95 % intervals, over all waves, that hold the true level.

    One cell falls in the middle.
    """
    rng = np.random.default_rng(seed)
    levels = moved(-fall, waves // 2)
    held = []
    for _ in range(runs):
        published = list(replace(company, levels=levels).waves(waves, rng))
        for cell, estimates in estimate_cells(published).items():
            if cell.measure != "driver" or cell.segment != "team":
                continue
            driver, team = int(cell.ref.removeprefix("driver")), ord(cell.segment_ref[-1]) - 65
            for estimate in estimates:
                wave = (estimate.held_on - published[0].held_on).days // 7
                truth = true_mean(company.usual + levels(driver, team, wave), company.sd)
                held.append(estimate.low <= truth <= estimate.high)
    return fmean(held)


def main(runs: int = RUNS) -> int:
    """Print what happens, and what is demanded."""
    demands = []
    for name, company in (("40", FORTY), ("20", TWENTY), ("4 to 40", MIXED)):
        told = false_alarms(company, runs, seed=21)
        report(f"{name} answering, nothing changes: {told}")
        demands.append(Demand(f"false falls, {name} answering", told.falls, 1, "a quarter"))
    for name, company in (
        ("members change", replace(FORTY, turnover=0.2)),
        ("the same people answer", replace(FORTY, habit=0.8)),
        ("teams have moods", replace(FORTY, team_shock=0.4)),
    ):
        told = false_alarms(company, runs // 2, seed=22)
        report(f"40 answering, {name}: {told}")
        demands.append(Demand(f"false falls, {name}", told.falls, 1, "a quarter"))
    told = false_alarms(OF_500, runs, seed=23)
    report(f"a company of 500: {told}")
    demands.append(Demand("false statements, 500 people", told.statements, 1, "a quarter"))
    for name, company, fall, least in (
        ("40", FORTY, 1.0, 0.55),
        ("20", TWENTY, 1.0, 0.15),
        ("20", TWENTY, 2.0, 0.8),
    ):
        for before in (4, 7, 12):
            found = found_within(company, fall, max(1, runs // 4), 24, before)
            what = f"falls of {fall} found in 3 waves, {name} answering, {before} waves before"
            demands.append(Demand(what, found, least, "of 1", at_least=True))
    for fall in (0.0, 1.0, 2.0):
        held = coverage(TWENTY, fall, max(1, runs // 10), seed=25)
        what = f"95 % intervals of estimates that hold, a fall of {fall}"
        demands.append(Demand(what, held, 0.93, "of 1", at_least=True))
    return judge(demands)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
