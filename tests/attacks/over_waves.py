"""Over waves: what averaging tells of one person of a team, with figures as Attune writes them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.insights.pure.resolution import MEAN_RESOLUTION, SHARE_RESOLUTION, in_steps
from tests.attacks.averaging import MEANS, SHARES, Floats, Ints, Rule, Scale, attack

K: Final = 5
SIZES: Final = (6, 12, 21)
REPEATS: Final = (1.0, 0.85)
DECIMALS: Final = Rule("one decimal, whole per cent", 0)


@dataclass(frozen=True)
class Attune(Rule):
    """The rule in force: steps as in `bot.insights.pure.resolution`, a threshold for each group."""

    def _every(self, n: int, scale: Scale, phase: int) -> Floats:
        most = n * (len(scale.usual) - 1)
        threshold = (phase + 0.5) / self.phases
        return np.array(
            [self._told(total * scale.point / n, n, scale, threshold) for total in range(most + 1)]
        )

    def _told(self, value: float, n: int, scale: Scale, threshold: float) -> float:
        resolution = MEAN_RESOLUTION if scale is MEANS else SHARE_RESOLUTION
        return resolution.rounded(value, in_steps(n, K), threshold)

    def levels(self, n: int, scale: Scale) -> Floats:
        """Return all figures that n people can have."""
        return np.unique([self._every(n, scale, phase) for phase in range(self.phases)])

    def written(self, sums: Ints, n: int, scale: Scale, phase: int | Ints = 0) -> Ints:
        """Return the place among `levels` of sums of answers."""
        levels = self.levels(n, scale)
        tables = np.stack([self._every(n, scale, each) for each in range(self.phases)])
        return np.asarray(np.searchsorted(levels, tables)[phase, sums])


@dataclass(frozen=True)
class BothWays(Attune):
    """The same, when HR writes a question and its opposite, and everybody answers alike."""

    def _told(self, value: float, n: int, scale: Scale, threshold: float) -> float:
        if scale is not MEANS:
            return super()._told(value, n, scale, threshold)
        told, opposite = (
            MEAN_RESOLUTION.rounded_symmetrically(each, in_steps(n, K), threshold)
            for each in (value, scale.top - value)
        )
        return round(1000 * told + opposite, 3)


ATTUNE: Final = Attune("Attune", 1, phases=4)
BOTH_WAYS: Final = BothWays("Attune, asked both ways", 1, phases=4)


@dataclass(frozen=True)
class Averaged:
    """How often an attacker is right after each number of waves, and how often a guess is."""

    what: str
    how: str
    n: int
    repeat: float
    rights: tuple[float, ...]
    guess: float

    @property
    def gain(self) -> float:
        """How much more often the attacker is right than a guess, after the most waves."""
        return self.rights[-1] - self.guess


WAYS: Final = {
    "joins a team": {"together": False},
    "in one of two audiences": {"together": True},
    "away half of the waves": {"together": False, "same_shift": True},
}


def attacks(
    rule: Rule,
    sizes: tuple[int, ...],
    repeats: tuple[float, ...],
    scales: tuple[Scale, ...] = (MEANS, SHARES),
    ways: Mapping[str, Mapping[str, bool]] = WAYS,
) -> Iterator[Averaged]:
    """Attack one person of teams of these sizes, in some ways; unless told otherwise, in all."""
    for scale in scales:
        for n in sizes:
            if scale is SHARES and n <= 2 * K:  # Without a share of the smaller group.
                continue
            for repeat in repeats:
                for how, way in ways.items():
                    rng = np.random.default_rng(n)
                    rights, guess = attack(rule, scale, n, repeat, rng, **way)
                    yield Averaged(scale.name, how, n, repeat, tuple(rights), guess)
