"""Averaging: a group, and all of it but one, have figures again and again.

Where people do not always answer alike, rounding differs from wave to wave, and what is left of it
shrinks in the average. The attacker knows who is in each group, every n, how the company answers
and how often people repeat their usual answer, and names the most likely usual answer of that one
person given all figures (Bayes' rule). Naming the company's commonest answer is what this is
compared with.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WAVES: Final = (1, 4, 12, 26)
TRIALS: Final = 500


@dataclass(frozen=True)
class Scale:
    """What people answer with: the place of an answer counts, from 0."""

    name: str
    usual: tuple[float, ...]
    """How often a company gives each answer."""
    top: float
    """What the figure is when everybody gives the last answer."""
    ladder: tuple[float, ...]

    @property
    def point(self) -> float:
        """What one step of one person's answer adds to the sum."""
        return self.top / (len(self.usual) - 1)


MEANS: Final = Scale(
    "exact answer, from means", (0.03, 0.08, 0.25, 0.42, 0.22), 10, (0.1, 0.2, 0.5, 1, 2, 2.5)
)
"""The standard deviation is 2.4 of 10."""
SHARES: Final = Scale(
    "favourable or not, from shares", (0.36, 0.64), 1, (0.01, 0.02, 0.05, 0.1, 0.2)
)


@dataclass(frozen=True)
class Rule:
    """How the figure of n people is written."""

    name: str
    times: float
    """The step, as a multiple of what one person can move the figure by; 0: the finest step."""
    phases: int = 1
    """More than 1: a secret shift by up to half a step, the same in all waves of one group."""

    def step(self, n: int, scale: Scale) -> float:
        """Return the step for n people."""
        least = self.times * scale.top / n - 1e-9
        return next((each for each in scale.ladder if each >= least), scale.ladder[-1])

    def levels(self, n: int, scale: Scale) -> Floats:
        """Return all figures that n people can have: none at an end of the scale."""
        step = self.step(n, scale)
        return np.asarray(np.arange(1, round(scale.top / step)) * step, dtype=np.float64)

    def written(self, sums: Ints, n: int, scale: Scale, phase: int | Ints = 0) -> Ints:
        """Return the place among `levels` of sums of answers."""
        shift = (np.asarray(phase) + 0.5) / self.phases - 0.5
        steps = sums * scale.point / n / self.step(n, scale) + shift
        places = np.floor(steps + 0.5 + 1e-9).astype(int) - 1
        return np.asarray(np.clip(places, 0, len(self.levels(n, scale)) - 1))


def attack(
    rule: Rule,
    scale: Scale,
    n: int,
    repeat: float,
    rng: np.random.Generator,
    *,
    together: bool,
    same_shift: bool = False,
) -> tuple[list[float], float]:
    """Return how often the attacker is right after each number of `WAVES`, and how often a guess.

    `together`: in each wave both groups answer, and each person alike for both, as where two
    audiences overlap. Otherwise each group answers that many waves by itself, as before and after
    somebody joins. `same_shift`: both groups count as one, as where the person is
    invited and known to be away.
    """
    answers = len(scale.usual)
    everybody, others = rule.phases, rule.phases
    usual = rng.choice(answers, (TRIALS, n), p=scale.usual)
    shift = rng.integers(0, everybody, TRIALS), rng.integers(0, others, TRIALS)
    if same_shift:
        shift = shift[0], shift[0]
    likely = _Likelihoods(rule, scale, n, repeat)
    # Trial × shift of all × shift of the others × usual sum of the others × usual answer.
    known = np.zeros((TRIALS, everybody, others, likely.sums, answers))
    if same_shift:
        known[:, ~np.eye(everybody, dtype=bool)] = -1e9
    rights = []
    for wave in range(1, max(WAVES) + 1):
        one = _answers(usual, repeat, scale, rng)
        two = one if together else _answers(usual, repeat, scale, rng)
        of_all = rule.written(one.sum(axis=1), n, scale, shift[0])
        of_others = rule.written(two[:, 1:].sum(axis=1), n - 1, scale, shift[1])
        if together:
            known += likely.of_both[of_all, of_others]
        else:
            known += likely.of_all[of_all][:, :, None]
            known += likely.of_others[of_others][:, None, :, :, None]
        if wave in WAVES:
            weighed = known + likely.prior
            top = weighed.max(axis=(1, 2, 3, 4), keepdims=True)
            best = np.exp(weighed - top).sum(axis=(1, 2, 3)).argmax(axis=1)
            rights.append(float((best == usual[:, 0]).mean()))
    return rights, float((usual[:, 0] == int(np.argmax(scale.usual))).mean())


def _answers(usual: Ints, repeat: float, scale: Scale, rng: np.random.Generator) -> Ints:
    fresh = rng.choice(len(scale.usual), usual.shape, p=scale.usual)
    return np.where(rng.random(usual.shape) < repeat, usual, fresh)


class _Likelihoods:
    """How likely each figure is, given the usual sum of the others and the usual answer of one."""

    def __init__(self, rule: Rule, scale: Scale, n: int, repeat: float) -> None:
        usual = np.array(scale.usual)
        chances = np.ones(1)
        for _ in range(n - 1):
            chances = np.convolve(chances, usual)
        self.sums = len(chances)
        self.prior = np.log(np.maximum(chances, 1e-300))[:, None] + np.log(usual)
        self._move = _moves(usual, n - 1, repeat)
        self._answer = repeat * np.eye(len(usual)) + (1 - repeat) * usual
        sums, values = np.arange(self.sums), np.arange(len(usual))
        self._all = np.stack(
            [
                _one_hot(rule.written(sums[:, None] + values, n, scale, phase), rule, scale, n)
                for phase in range(rule.phases)
            ]
        )
        self._others = np.stack(
            [
                _one_hot(rule.written(sums, n - 1, scale, phase), rule, scale, n - 1)
                for phase in range(rule.phases)
            ]
        )

    @cached_property
    def of_all(self) -> Floats:
        """Figure of everybody × shift × usual sum × usual answer."""
        return _log("psva,ts,xv->aptx", self._all, self._move, self._answer)

    @cached_property
    def of_others(self) -> Floats:
        """Figure of the others × shift × usual sum."""
        return _log("qsb,ts->bqt", self._others, self._move)

    @cached_property
    def of_both(self) -> Floats:
        """Figure of everybody × of the others × shifts × usual sum × usual answer."""
        parts = self._all, self._others, self._move, self._answer
        return _log("psva,qsb,ts,xv->abpqtx", *parts)


def _log(subscripts: str, *parts: Floats) -> Floats:
    return np.asarray(np.log(np.einsum(subscripts, *parts, optimize=True) + 1e-300))


def _one_hot(places: Ints, rule: Rule, scale: Scale, n: int) -> Floats:
    return np.eye(len(rule.levels(n, scale)))[places]


def _moves(usual: Floats, people: int, repeat: float) -> Floats:
    """Return the chance of each sum in a wave, given the sum of usual answers: about normal."""
    sums = np.arange((len(usual) - 1) * people + 1)
    if repeat == 1:
        return np.eye(len(sums))
    values = np.arange(len(usual))
    mean = usual @ values
    variance = people * (1 - repeat**2) * (usual @ (values - mean) ** 2)
    centre = repeat * sums + (1 - repeat) * people * mean
    chances = np.exp(-((sums - centre[:, None]) ** 2) / (2 * variance))
    return np.asarray(chances / chances.sum(axis=1, keepdims=True))
