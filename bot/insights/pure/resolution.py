"""How fine a published number may be, given the size of its group. Pure.

Answers are whole numbers, so a precise mean or share of a small group gives its answers away. Three
rules prevent that:

1. *Steps.* A number is a multiple of a step that grows as the group gets smaller: about as much as
   one person can move the number. The ends of the scale are never shown: "8 or more" is also the
   number of groups in which somebody chose the lowest answer.
2. *A hidden threshold.* The point between two steps from which a number is rounded up is drawn at
   random for each group and kind of number, and stays the same until the group's members change.
   With a fixed threshold, readers could average many waves in which answers vary a little, and
   compare a group with the same group plus one person. Here the thresholds of the two differ by an
   unknown amount, the same in every wave, so averaging does not help. (The cell key method of
   statistical offices is similar: Thompson, Broadfoot and Elazar, UNECE work session on statistical
   confidentiality, 2013.)
3. *One spread.* Intervals use the spread of the whole wave's answers, in coarse steps, or a usual
   value if the wave is small. A group's own spread would reveal how divided it is.

Counts of people are rounded down to a multiple of k.
"""

import hmac
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

SPREAD_FROM: Final = 40
"""The smallest number of respondents whose own spread is used."""
_FARTHEST_THRESHOLD: Final = 0.75
_DECIMALS: Final = 6
"""Of published numbers, and of the ends they are compared with."""
_LEAST_SHARES_K: Final = 2.5
"""So many times k people are the least of whom shares are shown."""
_NEARLY: Final = 1e-9
"""Keeps floating-point error from pushing a number below its step."""


@dataclass(frozen=True)
class Resolution:
    """The range of a kind of number, and how finely it may be published."""

    lowest: float
    highest: float
    swing: float
    """The least product of step and number of respondents."""
    steps: tuple[float, ...]
    """The possible steps, finest first; half of the range is a multiple of each."""
    usual_spread: float
    """Standard deviation of one person's value, for waves that are too small to use their own."""
    spread_step: float
    digits: int = 1
    """Decimals of an interval's ends."""

    def step(self, n: int) -> float:
        """Return the step for a group of n; the coarsest if none is coarse enough."""
        return next((step for step in self.steps if step * n >= self.swing), self.steps[-1])

    def least(self, n: int) -> float:
        """Return the lowest number of a group of n; it stands for itself and less."""
        return round(self.lowest + self.step(n), _DECIMALS)

    def most(self, n: int) -> float:
        """Return the highest number of a group of n; it stands for itself and more."""
        return round(self.highest - self.step(n), _DECIMALS)

    def rounded(self, value: float, n: int, threshold: float) -> float:
        """Round a group's value for publication; `threshold`, 0 to 1, is its hidden threshold."""
        step = self.step(n)
        # With a threshold of exactly 1, the lowest number would exclude a highest answer.
        below_one = min(threshold, 1 - 2 * _NEARLY)
        steps = math.floor((value - self.lowest) / step + below_one + _NEARLY)
        return self._within(self.lowest + step * steps, n)

    def rounded_symmetrically(self, value: float, n: int, threshold: float) -> float:
        """Round a value whose opposite may be asked for too, such as a reversed question.

        Opposite values round to opposite numbers. With `rounded`, the threshold would cancel out
        between "too much" and "manageable".
        """
        middle, step = (self.lowest + self.highest) / 2, self.step(n)
        distance = abs(value - middle) / step
        # A threshold close to 1 would reserve the middle for groups that are exactly there.
        steps = math.floor(distance + _FARTHEST_THRESHOLD * threshold + _NEARLY)
        return self._within(middle + math.copysign(step * steps, value - middle), n)

    def _within(self, number: float, n: int) -> float:
        return round(min(max(number, self.least(n)), self.most(n)), _DECIMALS)

    def spread(self, spread: float, n: int) -> float:
        """Return the spread to use for the intervals of a wave with n respondents."""
        if n < SPREAD_FROM:
            return self.usual_spread
        return max(self.spread_step, self.spread_step * round(spread / self.spread_step))

    def error(self, n: int, k: int, spread: float) -> float:
        """Return the standard error of a published number, for a group of n (see `in_steps`).

        The step adds error twice: by rounding and by the hidden threshold.
        """
        middle = n + (k - 1) / 2
        return round(math.sqrt(spread**2 / middle + self.step(n) ** 2 / 6), 3)


MEAN_RESOLUTION: Final = Resolution(0.0, 10.0, 10.0, (0.1, 0.2, 0.5, 1.0, 2.5), 2.5, 0.5)
"""Means out of ten: one person moves them by up to 10/n."""
SHARE_RESOLUTION: Final = Resolution(
    0.0, 1.0, 3.0, (0.01, 0.02, 0.05, 0.1, 1 / 6, 0.25), 0.5, 0.1, digits=2
)
"""Shares: in steps of three people, because one person counts as 0 or 1."""
ENPS_RESOLUTION: Final = Resolution(
    -100.0, 100.0, 300.0, (1.0, 2.0, 5.0, 10.0, 20.0, 50.0), 80.0, 10.0
)
"""Net promoter scores: in steps of three people, for the same reason."""


def least_for_shares(k: int) -> int:
    """Return from how many people on shares are shown.

    With fewer, k − 1 people who choose their answers for it can learn that all others gave the same
    one: at k = 5 and ten people, "75 % or more" beside four of theirs who said no.
    `tests/attacks/test_months.py` tries every group.
    """
    return int(_LEAST_SHARES_K * k)


def share_resolution(k: int) -> Resolution:
    """Return how finely shares may be shown: in steps of k − 2 people where that is more."""
    return replace(SHARE_RESOLUTION, swing=max(SHARE_RESOLUTION.swing, k - 2.0))


def in_steps(n: int, k: int) -> int:
    """Round a count of people down to a multiple of k, so that one more person does not show."""
    if n < 0 or k < 1:
        raise ValueError("A count is 0 or more and a step 1 or more.")
    return n - n % k


def threshold(secret: bytes, kind: str, digests: Iterable[str]) -> float:
    """Return a group's hidden threshold for one kind of number, between 0 and 1.

    `digests` stand for the members of the group's cohorts, see
    `bot.pulse.pure.cohorts.members_digest`.
    """
    members = 0
    for each in digests:
        members ^= int(each, 16)
    drawn = hmac.new(secret, f"{kind}:{members:064x}".encode(), sha256).digest()
    return int.from_bytes(drawn[:8], "big") / 2**64
