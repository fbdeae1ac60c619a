"""Everybody: from all that a wave shows, determine for one person that they answered.

The strongest attacker there can be: they know who was asked, the code and every rule. They play
every number of people who can have answered in each cohort through the product, and keep those that
give what they see. If in all of these everybody of a cohort answered, each of its people surely
did. Whoever it is of a cohort that did not answer, all people of it look alike to the directory.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Final
from unittest.mock import patch

from bot.insights import service
from bot.insights.disclosure import gate
from bot.insights.pure import comment_release, figures, sealed_wave
from bot.insights.pure.published_figure import PublishedFigure
from bot.insights.pure.resolution import in_steps
from bot.insights.pure.sealed_wave import NO_ANSWER, Responses, SealedWave
from tests.attacks.companies import QUESTIONS
from tests.attacks.organisations import ENPS, WORKLOAD

Seen = tuple[object, ...]
Publish = Callable[[SealedWave], Seen]
NUMBERS: Final = ("mean", "favourable", "unfavourable", "score")
"""They depend on what was answered. Of all else not even that is assumed to be rounded."""


COMPANIES: Final = {
    "exactly k in the whole company": (5, [5]),
    "twice k in the whole company": (5, [10]),
    "a team of exactly k": (4, [4, 7]),
    "a team whose count follows from the others": (5, [6, 16]),
    "teams across places": (4, [5, 5, 6]),
}
"""k, and how many people are asked in each cohort."""


@dataclass(frozen=True)
class Cohort:
    """People who are alike in the directory."""

    team: str
    location: str
    asked: int


def cohorts_of(sizes: Sequence[int]) -> list[Cohort]:
    """Return cohorts of two teams in two places, as many as there are sizes."""
    places = (("A", "P"), ("B", "Q"), ("A", "Q"))
    return [Cohort(*place, asked) for place, asked in zip(places, sizes, strict=False)]


def publishing(all_figures: Callable[[SealedWave], list[PublishedFigure]]) -> Publish:
    """Return what an attacker sees of a wave, but for what was answered."""

    def publish(wave: SealedWave) -> Seen:
        responded = in_steps(wave.people(wave.answered, wave.answered), wave.k)
        return (responded, *sorted(map(_shape, all_figures(wave)), key=str))

    return publish


def surely_answered(
    cohorts: Sequence[Cohort], publish: Publish, k: int, *, skipping: bool = False
) -> tuple[int, int]:
    """Return in how many worlds somebody surely answered, and how many worlds there are.

    A world is a number of people per cohort who answered. With `skipping` it also has how many of
    them answered the second question.
    """
    of_cohort = [
        [
            (answered, second)
            for answered in range(each.asked + 1)
            for second in (range(answered + 1) if skipping else (answered,))
        ]
        for each in cohorts
    ]
    looks_like: defaultdict[Seen, list[Sequence[int]]] = defaultdict(list)
    for world in product(*of_cohort):
        looks_like[publish(_wave(cohorts, world, k))].append([answered for answered, _ in world])
    found = 0
    for worlds in looks_like.values():
        fewest = [min(each) for each in zip(*worlds, strict=True)]
        is_sure = any(few == each.asked for few, each in zip(fewest, cohorts, strict=True))
        found += is_sure * len(worlds)
    return found, sum(map(len, looks_like.values()))


@contextmanager
def everybody_counts() -> Iterator[None]:
    """Count everybody who answered, as the gate did that looked at k answers only."""

    def count(answered: dict[object, int], asked: object) -> dict[object, int]:
        return {cohort: people for cohort, people in answered.items() if people}

    with ExitStack() as patches:
        for module in (gate, sealed_wave, figures, comment_release, service):
            patches.enter_context(patch.object(module, "counted", count))
        yield


def _wave(cohorts: Sequence[Cohort], world: Sequence[tuple[int, int]], k: int) -> SealedWave:
    rows = [
        (number, 3, 8 if person < second else NO_ANSWER)
        for number, (answered, second) in enumerate(world)
        for person in range(answered)
    ]
    asked = {number: each.asked for number, each in enumerate(cohorts)}
    return SealedWave(
        k=k,
        questions=[each for each in QUESTIONS if each.position in (WORKLOAD, ENPS)],
        cohorts={
            number: {"team": each.team, "location": each.location}
            for number, each in enumerate(cohorts)
        },
        invited=asked,
        asked=asked,
        responses=Responses.of([WORKLOAD, ENPS], rows),
        comments=[],
    )


def _shape(figure: PublishedFigure) -> Seen:
    return (
        *(figure.measure, figure.measure_ref, figure.segment, figure.segment_ref),
        *(figure.n, figure.population, figure.note, figure.cohorts, figure.error),
        *(getattr(figure, name) is not None for name in NUMBERS),
    )
