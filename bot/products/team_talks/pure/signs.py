"""When a team's published figures show strain. Pure."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist
from typing import Final

BY_CHANCE: Final = 0.01
"""The chance that any team of a wave seems to be far from a company in which teams don't differ."""
FAR: Final = 0.1
"""The least distance from the company that matters, as a share of the scale."""
STRAIN: Final = "strain"
"""The measure whose higher numbers are worse."""


class Sign(StrEnum):
    """What a team's figures show, what matters most first."""

    STRAIN_UP = "strain up"
    STRAIN_HIGH = "strain high"
    CAUSE_DOWN = "cause down"
    CAUSE_LOW = "cause low"


@dataclass(frozen=True)
class Measured:
    """A published figure as a share of its scale: a mean of 4.2 out of ten is 0.42."""

    measure: str
    """`strain`, or `driver` for a cause."""
    ref: str
    team: str
    """Empty for the company."""
    value: float
    error: float
    low: float
    high: float
    change: float | None = None
    margin: float | None = None
    """The smallest change that is detectable."""


@dataclass(frozen=True)
class Found:
    """What a team's figure shows."""

    sign: Sign
    figure: Measured


def find_signs(figures: Iterable[Measured]) -> dict[str, Found]:
    """Return what matters most in each team that shows strain, by team.

    A figure is high or low if it is detectably and far worse than the company's, or if its whole
    interval is on the worse half of the scale.
    """
    every = list(figures)
    company = {(each.measure, each.ref): each for each in every if not each.team}
    teams = [each for each in every if each.team]
    wide = NormalDist().inv_cdf(1 - BY_CHANCE / max(1, len(teams)) / 2)
    found: dict[str, Found] = {}
    for each in teams:
        sign = _sign(each, company, wide)
        if sign and (each.team not in found or _rank(sign) < _rank(found[each.team].sign)):
            found[each.team] = Found(sign, each)
    return found


def _sign(
    figure: Measured, company: Mapping[tuple[str, str], Measured], wide: float
) -> Sign | None:
    is_strain = figure.measure == STRAIN
    worse = 1 if is_strain else -1
    change = worse * (figure.change or 0.0)
    if figure.margin is not None and change > figure.margin:
        return Sign.STRAIN_UP if is_strain else Sign.CAUSE_DOWN
    whole = company.get((figure.measure, figure.ref))
    distance, margin = 0.0, 1.0
    if whole:
        distance = worse * (figure.value - whole.value)
        margin = max(FAR, wide * math.hypot(figure.error, whole.error))
    is_bad = figure.low > 1 / 2 if is_strain else figure.high < 1 / 2
    if distance > margin or is_bad:
        return Sign.STRAIN_HIGH if is_strain else Sign.CAUSE_LOW
    return None


def _rank(sign: Sign) -> int:
    return list(Sign).index(sign)
