"""Count the alerts of simulated companies in a quarter: false ones, and those of real changes.

Waves are weekly, published by the real gate and rounding (tests/insights/simulated.py). What stands
out is told by the rule of alerts: at most once a week about the same cell. A quarter has 13 waves,
and as many before it. `python -m tests.bench.bench_alerts [runs]` prints the table.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from statistics import fmean
from typing import Final

import numpy as np

from bot.insights.pure.change import WAVES_NEEDED, find_changes
from bot.insights.pure.figure_history import Cell, WaveFigures
from bot.insights.pure.stands_out import Statement, due_alerts, find_statements
from tests.bench.bench_change import OF_500
from tests.bench.demands import Demand, judge, report
from tests.insights.simulated import Company, Levels, moved

RUNS: Final = 12
OF_100: Final = Company(teams=(6, 9, 12, 15, 20, 38), drivers=4, with_enps=True)
STABLE: Final = {
    "500 people, 12 teams": OF_500,
    "… of whom fewer answer (40 %)": replace(OF_500, answering=0.4),
    "… whose members change": replace(OF_500, turnover=0.2),
    "… of whom the same answer": replace(OF_500, habit=0.8),
    "100 people, 6 teams": OF_100,
}
MOODY: Final = replace(OF_500, team_shock=0.4)
"""Every team really feels a little better or worse in each wave, so what is told is not false."""
TEAM: Final = 8
"""Number of the team of 50 of whom something becomes true."""


@dataclass(frozen=True)
class Alert:
    """What one wave's alert names."""

    wave: int
    """From 0, counted from the first wave of the quarter."""
    statements: Sequence[Statement]


def alerts_of(waves: Sequence[WaveFigures]) -> Iterator[Alert]:
    """Yield the alerts of a survey's quarter, in the order of its waves."""
    told: dict[Cell, datetime] = {}
    for number in range(WAVES_NEEDED + 1, len(waves) + 1):
        seen = waves[max(0, number - WAVES_NEEDED) : number]
        now = datetime.combine(seen[-1].held_on, time(12), UTC)
        due = due_alerts(find_statements(seen, find_changes(seen)), told, now)
        told |= {each.cell: now for each in due}
        if due:
            yield Alert(number - WAVES_NEEDED - 1, due)


def quarters(company: Company, runs: int, seed: int) -> list[list[Alert]]:
    """Return the alerts of each simulated quarter."""
    rng = np.random.default_rng(seed)
    return [list(alerts_of(list(company.waves(2 * WAVES_NEEDED, rng)))) for _ in range(runs)]


def _first_of_team(alerts: Sequence[Alert]) -> int | None:
    name = f"Team {chr(65 + TEAM)}"
    named = (
        each.wave
        for each in alerts
        if any(statement.cell.segment_ref == name for statement in each.statements)
    )
    return next(named, None)


def main(runs: int = RUNS) -> int:
    """Print the table, and what is demanded."""
    demands = []
    report(f"   {'nothing changes':34} messages a quarter   quarters without any")
    for name, company in {**STABLE, "500 people, teams have moods": MOODY}.items():
        told = quarters(company, runs, seed=31)
        messages = fmean(len(each) for each in told)
        silent = fmean(not each for each in told)
        report(f"   {name:34} {messages:18.2f} {silent:22.0%}")
        if name in STABLE:
            demands.append(Demand(f"false alerts, {name}", messages, 1, "a quarter"))
    report(
        f"   {'a team of 50 changes (500 people)':34} named in 3 waves   other messages a quarter"
    )
    for fall, least in ((1.0, 0.1), (2.0, 0.8), (3.0, 0.95)):
        levels: Levels = moved(-fall, WAVES_NEEDED, team=TEAM)
        told = quarters(replace(OF_500, levels=levels), runs, seed=32)
        firsts = [_first_of_team(each) for each in told]
        found = fmean(first is not None and first < 3 for first in firsts)
        others = fmean(sum(_first_of_team([each]) is None for each in alerts) for alerts in told)
        report(f"   {f'one driver falls by {fall:g}':34} {found:16.0%} {others:26.2f}")
        what = f"falls of {fall:g} in a team of 50 alerted to in 3 waves"
        demands.append(Demand(what, found, least, "of 1", at_least=True))
    return judge(demands)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
