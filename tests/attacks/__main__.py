"""Attack the gate and a plain n ≥ k rule alike, and print how often each gives way.

`python -m tests.attacks` prints the table in docs/privacy.md; the seeds are fixed.
"""

import asyncio
import logging
import sys
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

from tests.attacks.campaign import Tally, campaign, guesses
from tests.attacks.organisations import large
from tests.attacks.world import plain_gate
from tests.conftest import migrate

SEEDS = 40


def main() -> None:
    """Print one table for both gates."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder, "template.sqlite3")
        migrate(f"sqlite:///{template}")
        tallies = []
        for gate in (nullcontext, plain_gate):
            with gate():
                tallies.append(asyncio.run(_all(template, Path(folder))))
    sys.stdout.write("\n".join(_table(*tallies)) + "\n")


async def _all(template: Path, folder: Path) -> dict[str, Tally]:
    proved = await campaign(template, folder, range(SEEDS), also=[large()])
    return proved | await guesses(template, folder, range(SEEDS))


def _table(real: dict[str, Tally], plain: dict[str, Tally]) -> Iterator[str]:
    yield "| Attack | Attune's gate | plain rule: n ≥ k |"
    yield "|---|---|---|"
    for name, tally in real.items():
        yield f"| {name} | {tally} | {plain[name]} |"


if __name__ == "__main__":
    logging.disable()
    main()
