"""All attacks on many organisations, and what came of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.attacks import (
    differencing,
    joiner_leaver,
    one_person,
    overlap,
    reconstruction,
    remainder,
    timing,
    unanimity,
)
from tests.attacks.knowledge import Claim
from tests.attacks.organisations import (
    ENPS,
    OPTIONS,
    PACE,
    PLACE,
    WORKLOAD,
    Organisation,
    Replies,
    generated,
    joiner_and_leaver,
    named,
)
from tests.attacks.outputs import Outputs
from tests.attacks.world import play

ON_A_WAVE = {
    "differencing": differencing.attack,
    "remainder": remainder.attack,
    "overlap": overlap.attack,
    "unanimity": unanimity.attack,
    "linear reconstruction": reconstruction.attack,
}


@dataclass
class Tally:
    """How an attack fared."""

    tries: int = 0
    hits: int = 0
    """Tries in which at least one group was found out that must stay unknown."""
    groups: set[tuple[int, str, frozenset[str]]] = field(default_factory=set)
    wrong: int = 0
    """Claims that were not true: an attack that guesses, or a fault in the attack."""
    legible: int = 0
    """True claims for which the figures as they are written, rounded, suffice."""
    true: int = 0

    def add(self, claims: Iterable[Claim]) -> None:
        """Count one try and its claims."""
        found = list(claims)
        self.hits += any(each.is_true for each in found)
        self.true += sum(each.is_true for each in found)
        self.wrong += sum(not each.is_true for each in found)
        self.legible += sum(each.is_true and each.survives_rounding for each in found)
        self.groups |= {(self.tries, c.quantity, c.group) for c in found if c.is_true}
        self.tries += 1

    @property
    def rate(self) -> float:
        """The share of tries with a hit, 0 to 1."""
        return self.hits / self.tries if self.tries else 0.0

    def __str__(self) -> str:
        if self.wrong:
            return f"{self.true} of {self.true + self.wrong} guesses right"
        if not self.hits:
            return f"0 of {self.tries}"
        return (
            f"{self.hits} of {self.tries} ({self.rate:.0%}), {len(self.groups)} groups; "
            f"{self.legible / self.true:.0%} even from rounded figures"
        )


async def campaign(
    template: Path, folder: Path, seeds: Iterable[int], also: Iterable[Organisation] = ()
) -> dict[str, Tally]:
    """Try every attack on the named organisations, others, and one generated from each seed."""
    seeds = list(seeds)
    tallies = {name: Tally() for name in (*ON_A_WAVE, "timing", "joiner and leaver", "one person")}
    for organisation in [*named(), *also, *map(generated, seeds)]:
        (wave,) = await play(template, folder, organisation)
        attack_wave(wave, tallies)
    for seed in seeds[::4]:
        (wave,) = await play(template, folder, generated(seed), watch=True)
        tallies["timing"].add(timing.attack(wave))
    for seed in seeds:
        waves = await play(template, folder, joiner_and_leaver(seed))
        tallies["joiner and leaver"].add(joiner_leaver.attack(waves))
    for seed in seeds[::2]:
        one, other = await neighbours(template, folder, seed)
        tallies["one person"].add(one_person.attack(one, other))
    return tallies


async def guesses(template: Path, folder: Path, seeds: Iterable[int]) -> dict[str, Tally]:
    """Guess about joiners and leavers that all others answer as before, and count who is right.

    The gate does not prevent guesses, so nothing is asserted of them: docs/privacy.md tells.
    """
    changing = {"guess, others answer as before": 0.0, "guess, a third of them do not": 1 / 3}
    tallies = {name: Tally() for name in changing}
    for seed in seeds:
        for name, share in changing.items():
            waves = await play(template, folder, joiner_and_leaver(seed, changing=share))
            tallies[name].add(joiner_leaver.guess(waves))
    return tallies


def attack_wave(wave: Outputs, tallies: dict[str, Tally]) -> None:
    """Try the attacks that need one published wave."""
    for name, attack in ON_A_WAVE.items():
        tallies[name].add(attack(wave))


async def neighbours(template: Path, folder: Path, seed: int) -> tuple[Outputs, Outputs]:
    """Play an organisation, and the same one in which a single person answers differently.

    The data of that person is exported, and that of a few others.
    """
    organisation = generated(seed)
    rng = Random(seed)
    scored = {WORKLOAD, PACE, ENPS}
    person = rng.choice([each for each in organisation.people if scored <= {*each.replies[0]}])
    export = [person.id, *(each.id for each in organisation.people[:3])]
    turned = organisation.with_replies(person.id, [_turned(person.replies[0])])
    (one,) = await play(template, folder, organisation, export=export)
    (other,) = await play(template, folder, turned, export=export)
    return one, other


def _turned(replies: Replies) -> Replies:
    """Turn answers round; what was skipped stays so."""
    turned = {
        **replies,
        WORKLOAD: 6 - replies[WORKLOAD] if replies[WORKLOAD] != 3 else 1,
        ENPS: 10 - replies[ENPS],
    }
    if PLACE in replies:
        turned[PLACE] = (replies[PLACE] + 1) % len(OPTIONS)
    return turned
