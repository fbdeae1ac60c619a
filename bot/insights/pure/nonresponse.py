"""What the people who did not answer could change, from published figures alone. Pure.

The bias of a mean is the share of people who did not answer, times the difference between their
mean and that of those who did (Cochran, "Sampling Techniques", 3rd edition, 1977, section 13.2).
Participation alone doesn't tell that difference (Groves and Peytcheva, Public Opinion Quarterly 72,
2008), so a plain scenario bounds it: they feel like the least content third.
"""

from statistics import NormalDist
from typing import Final

from bot.insights.pure.resolution import Resolution
from bot.languages import _, write_number

WEAK_BELOW: Final = 0.5
"""Participation below which a figure is weak: those who did not answer weigh more than the rest."""

_THIRD: Final = 1 / 3
LEAST_CONTENT: Final = -NormalDist().pdf(NormalDist().inv_cdf(_THIRD)) / _THIRD
"""The mean of the lowest third of a normal distribution, −1.09 standard deviations (Johnson, Kotz
and Balakrishnan, "Continuous Univariate Distributions" 1, 1994, section 13.10.1)."""


def is_weak(answered: int, invited: int) -> bool:
    """Return True if too few of the invited people answered to speak for all of them."""
    return answered < WEAK_BELOW * invited


def spread_of(error: float, n: int, k: int, resolution: Resolution) -> float:
    """Return the spread of one person's values from which a published error was computed.

    It is the inverse of `Resolution.error`.
    """
    sampling = max(0.0, error**2 - resolution.step(n) ** 2 / 6)
    return float((sampling * (n + (k - 1) / 2)) ** 0.5)


def if_least_content(
    value: float, spread: float, answered: int, invited: int, resolution: Resolution
) -> float:
    """Return the figure of everybody, if those who did not answer felt like the lowest third.

    `value` and `spread` are of the people who answered; at least one was invited.
    """
    missing = max(0, invited - answered) / invited
    others = max(resolution.lowest, value + LEAST_CONTENT * spread)
    return (1 - missing) * value + missing * others


def bounds_sentence(what: str, figure: float, missing: int) -> str:
    """Say how low a mean may be; `figure` is from `if_least_content`.

    `missing` people, 2 or more, did not answer; some of them may have, as counts come in steps.
    """
    return _(
        "If the {missing} or fewer who did not answer felt like the least content third, {driver} "
        "would be {mean}."
    ).format(missing=write_number(missing), driver=what, mean=write_number(figure, 1))
