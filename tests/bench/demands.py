"""What is demanded of a figure, and whether it is met."""

import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Demand:
    """A measured figure with its limit: the most it may be or, with `at_least`, the least."""

    what: str
    measured: float
    limit: float
    unit: str
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Return True if the figure is within its limit."""
        if self.at_least:
            return self.measured >= self.limit
        return self.measured <= self.limit

    def __str__(self) -> str:
        bound = "at least" if self.at_least else "at most"
        verdict = "met" if self.met else "MISSED"
        return (
            f"{verdict}: {self.what}: {self.measured:,.2f} {self.unit}, "
            f"demanded {bound} {self.limit:,g}"
        )


def report(line: object) -> None:
    """Write a line at once, whichever process does."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def judge(demands: list[Demand]) -> int:
    """Print what was demanded; return 1, for the process to end with, if anything is missed."""
    for demand in demands:
        report(f"   {demand}")
    return 0 if all(demand.met for demand in demands) else 1
