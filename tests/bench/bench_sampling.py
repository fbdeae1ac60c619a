"""Measure what the company pulse's choice of questions saves against asking in turn.

500 people in 17 teams of 8 to 60, 12 drivers, at most 2 questions a week for 12 weeks, 60 %
answering, a person's answers correlated by 0.6. Both ways have the same pools, rounding and
estimates (tests/pulse/simulated_pulse.py). Round robin is tried in two forms: all people start
with the same driver, so that pools fill at once, or each with another. Widths are those of 95 %
intervals, out of ten; a cell without a figure counts as 10 (not in the column "seen": the worst of
the cells with a figure).

`python -m tests.bench.bench_sampling [companies]` prints the figures.
"""

import sys
from dataclasses import dataclass
from statistics import fmean
from typing import Final

import numpy as np

from tests.bench.demands import Demand, judge, report
from tests.pulse.simulated_pulse import (
    UNKNOWN,
    Floats,
    Outcome,
    Plan,
    PulseCompany,
    adaptive,
    round_robin,
)

COMPANIES: Final = 12
HALF_WIDTH: Final = 1.75
"""How sure HR wants to be in the demands: saves a quarter of the questions here."""
FEWER_QUESTIONS: Final = 0.75
WIDER: Final = 1.12


@dataclass(frozen=True)
class Row:
    """What a way of asking does, averaged over companies."""

    questions: float
    unseen: float
    """Cells without a figure in the end."""
    worst: float
    worst_seen: float
    """Widest of the cells with a figure."""
    high: float
    """95th percentile of the widths."""
    mean: float
    held: float
    later: tuple[float, float, float]
    """Worst, 95th percentile and mean of weeks 7 to 12 on average, not in week 12 alone."""
    small: float
    large: float
    """Questions per person and week in teams of 8, and of 60."""

    def __str__(self) -> str:
        later = " ".join(f"{each:5.2f}" for each in self.later)
        return (
            f"{self.questions:7,.0f} {self.unseen:6.2f}   {self.worst:5.2f} {self.worst_seen:5.2f} "
            f"{self.high:5.2f} {self.mean:5.2f}   {later}   {self.held:5.1%}   "
            f"{self.small:4.2f} {self.large:4.2f}"
        )


HEADER: Final = (
    f"{'':34} questions unseen   week 12:                weeks 7–12:         held  "
    f"  a week, team of\n"
    f"{'':34} {'':9} {'':6}   worst  seen  95 %  mean   worst  95 %  mean   {'':5}      8   60"
)


def _summary(widths: Floats) -> list[float]:
    return [float(widths.max()), float(np.percentile(widths, 95)), float(widths.mean())]


def _row(company: PulseCompany, outcomes: list[Outcome]) -> Row:
    ends = np.mean([_summary(each.widths[-1]) for each in outcomes], axis=0)
    later = np.mean([_summary(week) for each in outcomes for week in each.widths[6:]], axis=0)
    small, large = (
        fmean(each.questions_in(company.teams, size) for each in outcomes) for size in (8, 60)
    )
    return Row(
        questions=fmean(len(each.asked) for each in outcomes),
        unseen=fmean(each.unseen for each in outcomes),
        worst=float(ends[0]),
        worst_seen=fmean(
            float(each.widths[-1][each.widths[-1] < UNKNOWN].max()) for each in outcomes
        ),
        high=float(ends[1]),
        mean=float(ends[2]),
        later=(float(later[0]), float(later[1]), float(later[2])),
        held=fmean(each.held for each in outcomes),
        small=small,
        large=large,
    )


def measure(name: str, company: PulseCompany, plan: Plan, companies: int) -> Row:
    """Run companies by a plan, and print its row."""
    row = _row(company, [company.run(plan, seed) for seed in range(companies)])
    report(f"{name:34}   {row}")
    return row


def main(companies: int = COMPANIES) -> int:
    """Print the tables, and what is demanded."""
    report(HEADER)
    usual, demands = PulseCompany(), []
    in_step = measure("round robin, in step", usual, round_robin(lambda _person: 0), companies)
    apart = measure("round robin, apart", usual, round_robin(lambda person: person), companies)
    rows = {
        half_width: measure(f"pulse, ±{half_width}", usual, adaptive(half_width, seed=7), companies)
        for half_width in (0.0, 1.4, 1.6, HALF_WIDTH, 2.0)
    }
    pulse = rows[HALF_WIDTH]
    for name, other in (("in step", in_step), ("apart", apart)):
        demands += [
            Demand(f"questions, × {name}", pulse.questions / other.questions, FEWER_QUESTIONS, ""),
            Demand(f"worst width, × {name}", pulse.worst / other.worst, 1.0, ""),
            Demand(f"95th percentile, × {name}", pulse.high / other.high, WIDER, ""),
            Demand(f"mean width, × {name}", pulse.mean / other.mean, WIDER, ""),
        ]
    demands += [
        Demand("cells without a figure", pulse.unseen, 0, "a company"),
        Demand("intervals that hold", pulse.held, 0.93, "of 1", at_least=True),
    ]
    for name, other_company in (
        ("some hardly ever answer", PulseCompany(habit=1 / 6)),
        ("40 % answer", PulseCompany(answering=0.4)),
        ("40 % chose 2 or 4 weeks", PulseCompany(seldom=0.2)),
    ):
        report(name)
        for plan_name, plan in (
            ("round robin, in step", round_robin(lambda _person: 0)),
            (f"pulse, ±{HALF_WIDTH}", adaptive(HALF_WIDTH, 7, other_company.answering)),
        ):
            measure(f"   {plan_name}", other_company, plan, companies)
    return judge(demands)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
