"""Play all attacks and print how often each succeeds: the table in docs/privacy.md.

`python -m tests.attacks --seed S --organisations N` draws other organisations.
"""

import asyncio
import logging
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

from tests.attacks import over_waves
from tests.attacks.averaging import MEANS, WAVES
from tests.attacks.campaign import (
    ON_EVERYBODY,
    Tallies,
    Tally,
    on_audiences,
    on_everybody,
    on_figures,
    on_the_gate,
)
from tests.attacks.organisations import large
from tests.attacks.world import plain_gate
from tests.conftest import migrate


def main() -> None:
    """Print the table."""
    parser = ArgumentParser(prog="python -m tests.attacks", description=main.__doc__)
    parser.add_argument("--seed", type=int, default=0, help="where the drawing starts")
    parser.add_argument("--organisations", type=int, default=24, help="how many are drawn")
    arguments = parser.parse_args()
    seeds = range(arguments.seed, arguments.seed + arguments.organisations)
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder, "template.sqlite3")
        migrate(f"sqlite:///{template}")
        for line in asyncio.run(_table(template, Path(folder), seeds)):
            sys.stdout.write(f"{line}\n")


async def _table(template: Path, folder: Path, seeds: range) -> list[str]:
    also = [large()] if seeds.start == 0 else []
    gate = await on_the_gate(template, folder, seeds, also)
    with plain_gate():
        plain = await on_the_gate(template, folder, seeds, also)
    figures = on_figures(seeds)
    attune, usual, ruled_out = await on_audiences(template, folder, seeds[::4])
    return [
        "| Attack | Attune | usual rule: n ≥ k |",
        "|---|---|---|",
        *_rows(gate, plain),
        *_rows(*figures),
        _row(ON_EVERYBODY, *on_everybody()),
        *_rows(attune, usual),
        _row("… an answer is ruled out", ruled_out, "every one of these"),
        *_averages(),
    ]


def _rows(attune: Tallies, usual: Tallies) -> Iterator[str]:
    for name, tally in attune.items():
        yield _row(name, tally, usual[name])


def _row(*cells: str | Tally) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _averages() -> Iterator[str]:
    """Give the worst of several sizes, after the most waves."""
    usual = list(over_waves.attacks(over_waves.DECIMALS, over_waves.SIZES, over_waves.REPEATS))
    for rule, note in ((over_waves.ATTUNE, ""), (over_waves.BOTH_WAYS, ", asked both ways")):
        attune = over_waves.attacks(rule, over_waves.SIZES, over_waves.REPEATS)
        found: dict[tuple[str, str], list[tuple[over_waves.Averaged, over_waves.Averaged]]] = {}
        for one, other in zip(attune, usual, strict=True):
            if rule is over_waves.ATTUNE or one.what == MEANS.name:
                found.setdefault((one.how, one.what), []).append((one, other))
        for pairs in found.values():
            one, other = max(pairs, key=lambda pair: pair[0].gain)
            yield _row(
                f"{WAVES[-1]} waves, {one.how}{note}: {one.what} "
                f"(n = {one.n}, {one.repeat:.0%} repeat theirs)",
                f"{one.rights[-1]:.0%} right, a guess {one.guess:.0%}",
                f"{other.rights[-1]:.0%} right",
            )


if __name__ == "__main__":
    logging.disable()
    main()
