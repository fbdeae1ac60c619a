"""The local level model with known error variances: Kalman filter and smoother. Pure.

A cell's level moves as a random walk, and every reading is off by an error of its own and by one
that lasts, because mostly the same people answer and the same hidden threshold rounds:

    reading = level + lasting error + error,    level of the next week = level + step

Source: Durbin and Koopman, "Time Series Analysis by State Space Methods" (2nd edition, 2012),
chapters 2 (the local level model) and 4 (filter, smoother, missing readings).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LevelModel:
    """A level's variances, in squared units of the readings."""

    mean: float
    """The level expected before the first reading."""
    variance: float
    """The variance around that mean."""
    drift: float
    """The variance that a week adds."""
    lasting: float
    """The variance of the error that all readings share."""


@dataclass(frozen=True)
class Levels:
    """What readings say about the level at each of them; arrays have one value per reading."""

    filtered: Floats
    """From this reading and the earlier ones."""
    filtered_variance: Floats
    smoothed: Floats
    """From all readings."""
    smoothed_variance: Floats
    log_likelihood: float


def estimate_levels(
    model: LevelModel, weeks: Sequence[float], values: Sequence[float], variances: Sequence[float]
) -> Levels:
    """Run the filter forwards and the smoother backwards; needs at least one reading.

    `weeks` are the times of the readings, ascending; `variances` are those of their own errors,
    above 0.
    """
    seen = np.ones(2)  # a reading shows the sum of level and lasting error
    mean = np.array([model.mean, 0.0])
    variance = np.diag([model.variance, model.lasting])
    predicted: list[tuple[Floats, Floats]] = []
    filtered: list[tuple[Floats, Floats]] = []
    log_likelihood = 0.0
    steps = np.diff(np.asarray(weeks, dtype=float), prepend=weeks[0])
    for step, value, own in zip(steps, values, variances, strict=True):
        variance = variance + np.diag([step * model.drift, 0.0])
        predicted.append((mean, variance))
        surprise, spread = value - seen @ mean, seen @ variance @ seen + own
        gain = variance @ seen / spread
        mean, variance = mean + gain * surprise, variance - np.outer(gain, gain) * spread
        filtered.append((mean, variance))
        log_likelihood -= (np.log(2 * np.pi * spread) + surprise**2 / spread) / 2
    smoothed = [filtered[-1]]
    for (mean, variance), (next_mean, next_variance) in zip(
        filtered[-2::-1], predicted[:0:-1], strict=True
    ):
        back = variance @ np.linalg.pinv(next_variance)
        later_mean, later_variance = smoothed[-1]
        smoothed.append(
            (
                mean + back @ (later_mean - next_mean),
                variance + back @ (later_variance - next_variance) @ back.T,
            )
        )
    return Levels(*_levels(filtered), *_levels(smoothed[::-1]), float(log_likelihood))


def _levels(states: Sequence[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """Return the levels of the states, without their lasting errors, and their variances."""
    means, variances = zip(*states, strict=True)
    return np.array(means)[:, 0], np.array(variances)[:, 0, 0]
