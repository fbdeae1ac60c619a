"""Compare ways to round the figures of groups: what an attacker gets, and what HR still notices.

`python -m tests.bench.bench_resolution` prints the tables. It uses nothing of `bot`: it models a
rule, so that another rule can be tried before it is written. `RULES` is the place to add one.

- *Attack*: see tests/attacks/averaging.py.
- *Noticing*: the usual answers change so that the mean rises by 1.0 of 10. The means of some waves
  before and of as many after are compared. A change is found when the difference is larger than in
  95 % of the groups without a change.
"""

import sys
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

import numpy as np

from tests.attacks.averaging import (
    MEANS,
    SHARES,
    TRIALS,
    WAVES,
    Floats,
    Ints,
    Rule,
    Scale,
    attack,
)

SIZES: Final = (5, 8, 12, 15, 20, 40)
REPEATS: Final = (1.0, 0.9, 0.8)
RULES: Final = (
    Rule("finest step", 0),
    Rule("1×", 1),
    Rule("1.5×", 1.5),
    Rule("2×", 2),
    Rule("3×", 3),
    Rule("1×, shifted", 1, phases=4),
    Rule("2×, shifted", 2, phases=4),
    Rule("3×, shifted", 3, phases=4),
)


def noticed(
    rule: Rule | None, n: int, repeat: float, waves: int, rng: np.random.Generator
) -> float:
    """Return the share of changes by 1.0 of 10 that are found; with no rule, nothing is rounded."""
    # Groups differ, so that their means lie anywhere between two steps.
    own = rng.normal(0, 0.35, TRIALS) + np.array(MEANS.usual) @ np.arange(5) * MEANS.point
    phase = rng.integers(0, rule.phases, TRIALS) if rule else np.zeros(TRIALS, int)
    differences = []
    for change in (0.0, 1.0):
        usual = rng.random((TRIALS, n))
        before, after = (
            _mean(rule, usual, _limits(own + moved), repeat, waves, phase, rng)
            for moved in (0.0, change)
        )
        differences.append(after - before)
    limit = np.quantile(np.abs(differences[0]), 0.95)
    return float((np.abs(differences[1]) > limit + 1e-9).mean())


def _mean(
    rule: Rule | None,
    usual: Floats,
    limits: Floats,
    repeat: float,
    waves: int,
    phase: Ints,
    rng: np.random.Generator,
) -> Floats:
    total, n = np.zeros(len(usual)), usual.shape[1]
    for _ in range(waves):
        now = np.where(rng.random(usual.shape) < repeat, usual, rng.random(usual.shape))
        sums = (now[:, :, None] > limits[:, None]).sum(axis=(1, 2))
        if rule is None:
            total += sums * MEANS.point / n
        else:
            total += rule.levels(n, MEANS)[rule.written(sums, n, MEANS, phase)]
    return total / waves


def _limits(means: Floats) -> Floats:
    """Return, for each mean, above which of the numbers from 0 to 1 each higher answer begins."""
    return np.stack([_tilted(round(float(each), 1)) for each in means])


@cache
def _tilted(mean: float) -> Floats:
    """Return the limits for a company that answers with another mean."""
    values, low, high = np.arange(5), -8.0, 8.0
    chances = np.array(MEANS.usual)
    for _ in range(40):
        middle = (low + high) / 2
        chances = np.array(MEANS.usual) * np.exp(middle * values)
        chances /= chances.sum()
        low, high = (middle, high) if chances @ values * MEANS.point < mean else (low, middle)
    return np.asarray(chances.cumsum()[:4])


def main() -> None:
    """Print the tables, line by line."""
    for line in _lines(np.random.default_rng(1)):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def _lines(rng: np.random.Generator) -> Iterator[str]:
    for scale in (MEANS, SHARES):
        for together in (False, True):
            how = "both groups in the same waves" if together else "one group after the other"
            yield f"\n## {scale.name}; {how}; a guess is right {max(scale.usual):.0%}"
            for repeat in REPEATS[together:]:
                yield f"\n{repeat:.0%} repeat their usual answer: step, right after {WAVES} waves"
                yield from _header(["n", *(rule.name for rule in RULES)])
                yield from _attacks(scale, repeat, rng, together=together)
    yield "\n## Noticing a change of 1.0"
    for repeat in (0.0, 0.8):
        for waves in (1, 4, 12):
            yield f"\n{waves} waves before and after; {repeat:.0%} repeat their usual answer"
            yield from _header(["n", "not rounded", *(rule.name for rule in RULES)])
            for n in SIZES:
                found = [noticed(rule, n, repeat, waves, rng) for rule in (None, *RULES)]
                yield _row([str(n), *(f"{each:.0%}" for each in found)])


def _attacks(
    scale: Scale, repeat: float, rng: np.random.Generator, *, together: bool
) -> Iterator[str]:
    for n in SIZES:
        rates = [attack(rule, scale, n, repeat, rng, together=together)[0] for rule in RULES]
        steps = [f"{rule.step(n, scale):g}" for rule in RULES]
        found = zip(steps, rates, strict=True)
        yield _row([str(n), *(f"{step}: {_per_cent(each)}" for step, each in found)])


def _header(names: Sequence[str]) -> Iterator[str]:
    yield "\n" + _row(names)
    yield "|---" * len(names) + "|"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _per_cent(rates: Sequence[float]) -> str:
    return " ".join(f"{rate:.0%}" for rate in rates)


if __name__ == "__main__":
    main()
