"""How fine a published number may be: no finer than its group can bear. Pure.

An answer is a whole number, so a mean with one decimal, or a share in per cent, of a small group is
its answers written differently. Three rules keep them apart:

1. *Steps.* A number is a multiple of a step that grows as the group gets smaller: about what one
   person can move the number by. The ends of the scale are never shown: "8 or more" is also the
   number of groups in which somebody chose the lowest answer.
2. *A hidden threshold.* Where between two steps a number is rounded up is drawn for each group
   and kind of number, and stays the same until the group's members change. With a fixed threshold,
   readers could average many waves in which answers vary a little, and compare a group with the
   same group and one person more. The thresholds of the two differ by an unknown amount, in every
   wave the same, so the average never tells. (The cell key method of statistical offices is akin:
   Thompson, Broadfoot and Elazar, UNECE work session on statistical confidentiality, 2013.)
3. *One spread.* Intervals come from the spread of the whole wave's answers, itself in coarse steps,
   or from a usual value where the wave is small. A group's own spread would tell how it is divided.

Counts of people are rounded down to a multiple of k.
"""

import hmac
import math
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

SPREAD_FROM: Final = 40
"""From this number of respondents on, a wave's own spread is used."""
_FARTHEST_THRESHOLD: Final = 0.75
_NEARLY: Final = 1e-9
"""Keeps binary fractions from falling just below the step that they stand for."""


@dataclass(frozen=True)
class Resolution:
    """The scale of a kind of number, and how finely it may be told."""

    lowest: float
    highest: float
    swing: float
    """A step times the number of respondents is at least this."""
    steps: tuple[float, ...]
    """The steps that read well, the finest first; half of the scale is a multiple of each."""
    usual_spread: float
    """Standard deviation of one person's value where a wave is too small to tell."""
    spread_step: float

    def step(self, n: int) -> float:
        """Return the step for a group of n; the coarsest where even that is too fine."""
        return next((step for step in self.steps if step * n >= self.swing), self.steps[-1])

    def least(self, n: int) -> float:
        """Return the lowest number that a group of n can have: it stands for this and less."""
        return self.lowest + self.step(n)

    def most(self, n: int) -> float:
        """Return the highest number that a group of n can have: it stands for this and more."""
        return self.highest - self.step(n)

    def told(self, value: float, n: int, threshold: float) -> float:
        """Return what is published of a value; `threshold`, 0 to 1, is the group's hidden one."""
        step = self.step(n)
        steps = math.floor((value - self.lowest) / step + threshold + _NEARLY)
        return self._within(self.lowest + step * steps, n)

    def told_either_way(self, value: float, n: int, threshold: float) -> float:
        """Return what is published of a value that may also be asked for the other way round.

        The opposite of a value becomes the opposite of what is told. Rounded as other numbers are,
        "too much" and "manageable" together would cancel the threshold.
        """
        middle, step = (self.lowest + self.highest) / 2, self.step(n)
        distance = abs(value - middle) / step
        # A threshold close to 1 would leave the middle to groups that are exactly there.
        steps = math.floor(distance + _FARTHEST_THRESHOLD * threshold + _NEARLY)
        return self._within(middle + math.copysign(step * steps, value - middle), n)

    def _within(self, told: float, n: int) -> float:
        return round(min(max(told, self.least(n)), self.most(n)), 6)

    def spread(self, spread: float, n: int) -> float:
        """Return the spread that intervals of a wave with n respondents are made of."""
        if n < SPREAD_FROM:
            return self.usual_spread
        return max(self.spread_step, self.spread_step * round(spread / self.spread_step))

    def error(self, n: int, k: int, spread: float) -> float:
        """Return the standard error of a published number of a group of n, rounded down.

        The step adds its own error twice: once for the rounding, once for the hidden threshold.
        """
        middle = n + (k - 1) / 2
        return round(math.sqrt(spread**2 / middle + self.step(n) ** 2 / 6), 3)


MEAN: Final = Resolution(0.0, 10.0, 10.0, (0.1, 0.2, 0.5, 1.0, 2.5), 2.5, 0.5)
"""A mean out of ten: one person moves it by up to 10/n."""
SHARE: Final = Resolution(0.0, 1.0, 3.0, (0.01, 0.02, 0.05, 0.1, 1 / 6, 0.25), 0.5, 0.1)
"""A share: in steps of three people, because one person is all or nothing of an answer."""
ENPS: Final = Resolution(-100.0, 100.0, 300.0, (1.0, 2.0, 5.0, 10.0, 20.0, 50.0), 80.0, 10.0)
"""A net promoter score: in steps of three people, for the same reason."""


def in_steps(n: int, k: int) -> int:
    """Round a count of people down to a multiple of k, so that one person more does not show."""
    if n < 0 or k < 1:
        raise ValueError("A count is 0 or more and a step 1 or more.")
    return n - n % k


def threshold(secret: bytes, kind: str, digests: Iterable[str]) -> float:
    """Return a group's hidden threshold for one kind of number, between 0 and 1.

    `digests` stand for the members of the cohorts that make up the group, see
    `bot.pulse.cohorts.members_digest`.
    """
    members = 0
    for each in digests:
        members ^= int(each, 16)
    drawn = hmac.new(secret, f"{kind}:{members:064x}".encode(), sha256).digest()
    return int.from_bytes(drawn[:8], "big") / 2**64
