"""All attacks, on many organisations, and what came of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from tests.attacks import (
    audiences,
    differencing,
    everybody,
    integers,
    joiner_leaver,
    multiset,
    one_person,
    overlap,
    reconstruction,
    remainder,
    taking_part,
    timing,
)
from tests.attacks.companies import company, seal
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
from tests.attacks.published import Attune, Rules, known_of, plain
from tests.attacks.world import play
from tests.insights.sealed import all_figures

ON_A_WAVE: Final = {
    "differencing": differencing.attack,
    "remainder": remainder.attack,
    "overlap": overlap.attack,
    "linear reconstruction": reconstruction.attack,
}
ON_THE_GATE: Final = (*ON_A_WAVE, "timing", "joiner and leaver", "one person")
ON_FIGURES: Final = (
    "whole numbers: the total of fewer than k",
    "whole numbers: what each of a group below 2k chose",
    "taking part: nobody of a small group answered",
    "one group: all its answers, but for whose",
    "one group: all alike, or all but one",
    "one group: all favourable, or none",
    "taking part: everybody of a group answered",
)
ON_EVERYBODY: Final = "taking part: of somebody it is sure that they answered"
ON_AUDIENCES: Final = (
    "early end, four accomplices",
    "two audiences that differ by one",
    "a move by import",
    "a team renamed but for one",
)


@dataclass
class Tally:
    """How an attack fared."""

    tries: int = 0
    hits: int = 0
    """Tries with a success."""
    found: int = 0
    """Successes, where a try can have several."""
    wrong: int = 0
    """Claims that were not true: a fault in the attack."""

    def add(self, found: int) -> None:
        """Count one try."""
        self.tries += 1
        self.hits += bool(found)
        self.found += found

    def add_claims(self, claims: Iterable[Claim]) -> None:
        """Count one try with what it claims."""
        made = list(claims)
        self.add(len({(each.quantity, each.group) for each in made if each.is_true}))
        self.wrong += sum(not each.is_true for each in made)

    def __str__(self) -> str:
        if not self.hits:
            return f"0 of {self.tries}"
        several = f", {self.found} times" if self.found > self.hits else ""
        return f"{self.hits} of {self.tries} ({self.hits / self.tries:.0%}){several}"


Tallies = dict[str, Tally]


async def on_the_gate(
    template: Path, folder: Path, seeds: Iterable[int], also: Iterable[Organisation] = ()
) -> Tallies:
    """Play organisations through the real services, and attack the choice of what is shown.

    As if each figure were exact: what the gate lets pass must be safe without rounding, too.
    """
    seeds = list(seeds)
    tallies = {name: Tally() for name in ON_THE_GATE}
    for organisation in [*named(), *also, *map(generated, seeds)]:
        (wave,) = await play(template, folder, organisation)
        attack_wave(wave, tallies)
    for seed in seeds[::4]:
        (wave,) = await play(template, folder, generated(seed), watch=True)
        tallies["timing"].add_claims(timing.attack(wave))
    for seed in seeds[::2]:
        waves = await play(template, folder, joiner_and_leaver(seed))
        tallies["joiner and leaver"].add_claims(joiner_leaver.attack(waves))
        one, other = await neighbours(template, folder, seed, read=False)
        tallies["one person"].add_claims(one_person.attack(one, other))
    return tallies


def attack_wave(wave: Outputs, tallies: Tallies) -> None:
    """Try the attacks that need one published wave."""
    for name, attack in ON_A_WAVE.items():
        tallies[name].add_claims(attack(wave))


def on_figures(seeds: Iterable[int]) -> tuple[Tallies, Tallies]:
    """Attack the numbers of companies: as Attune publishes them, and by the usual rule."""
    attune, usual = ({name: Tally() for name in ON_FIGURES} for _ in range(2))
    for seed in seeds:
        played = seal(company(seed))
        for tallies, known, rules in (
            (attune, known_of(all_figures(played.wave), played), Attune()),
            (usual, plain(played), Rules()),
        ):
            found = [*integers.attack(known, played, rules)]
            totals = sum(each.what == integers.TOTAL for each in found)
            tallies[ON_FIGURES[0]].add(totals)
            tallies[ON_FIGURES[1]].add(len(found) - totals)
            took_part = [each.what for each in taking_part.attack(known, played, rules)]
            in_full = took_part.count(taking_part.EVERYBODY)
            tallies[ON_FIGURES[2]].add(len(took_part) - in_full)
            tallies[ON_FIGURES[6]].add(in_full)
            for group in multiset.attack(known, played, rules):
                tallies[ON_FIGURES[3]].add(group.multisets == 1)
                tallies[ON_FIGURES[4]].add(bool(group.facts & multiset.ALIKE))
                tallies[ON_FIGURES[5]].add(bool(group.facts & multiset.OF_ONE_KIND))
    return attune, usual


def on_everybody() -> tuple[Tally, Tally]:
    """Play every number of answers of small companies, by the rules and where everybody counts.

    A try is one number per cohort, a success one in which somebody surely answered.
    """
    attune, usual = Tally(), Tally()
    publish = everybody.publishing(all_figures)
    for k, sizes in everybody.COMPANIES.values():
        cohorts = everybody.cohorts_of(sizes)
        found, worlds = everybody.surely_answered(cohorts, publish, k)
        with everybody.everybody_counts():
            found_usual, _ = everybody.surely_answered(cohorts, publish, k)
        for tally, hits in ((attune, found), (usual, found_usual)):
            tally.tries, tally.hits = tally.tries + worlds, tally.hits + hits
            tally.found += hits
    return attune, usual


async def on_audiences(
    template: Path, folder: Path, seeds: Iterable[int]
) -> tuple[Tallies, Tallies, Tally]:
    """Attack by choosing who is asked, when it ends, and who is in which team.

    Success is to get the figures; the last tally counts those that rule out an answer.
    """
    attune, usual = ({name: Tally() for name in ON_AUDIENCES} for _ in range(2))
    ruled_out = Tally()
    for seed in seeds:
        size = 6 + 3 * (seed % 4)
        rules = Attune()
        attempts = (
            await audiences.early_end(template, folder, seed, rules),
            await audiences.overlapping(template, folder, seed, size, rules),
            await audiences.re_teaming(template, folder, seed, size, rules),
            await audiences.re_teaming(template, folder, seed, size, rules, renames=True),
        )
        for name, attempt in zip(ON_AUDIENCES, attempts, strict=True):
            assert attempt.truth in attempt.possible
            assert attempt.truth in attempt.by_usual_rule
            attune[name].add(attempt.published)
            usual[name].add(len(attempt.by_usual_rule) == 1)
            ruled_out.add(len(attempt.possible) < len(range(1, 6)))
    return attune, usual, ruled_out


async def neighbours(
    template: Path, folder: Path, seed: int, *, read: bool = True
) -> tuple[Outputs, Outputs]:
    """Play an organisation, and the same one in which a single person answers differently.

    With `read` pages are read; the data of that person is exported, and that of a few others.
    """
    organisation = generated(seed)
    rng = Random(seed)
    scored = {WORKLOAD, PACE, ENPS}
    person = rng.choice([each for each in organisation.people if scored <= {*each.replies[0]}])
    export = [person.id, *(each.id for each in organisation.people[:3])] if read else []
    turned = organisation.with_replies(person.id, [_turned(person.replies[0])])
    (one,) = await play(template, folder, organisation, read=read, export=export)
    (other,) = await play(template, folder, turned, read=read, export=export)
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
