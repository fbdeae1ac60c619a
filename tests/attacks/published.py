"""What the figures of one wave say, as bounds on sums of whole answers.

The attacker knows the rules by which figures are rounded. They are written down here once more, on
purpose: where the product rounds in another way, the truth leaves these bounds, and a test fails.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from statistics import fmean, stdev
from typing import Final

from scipy.special import stdtrit

from bot.insights.pure.published_figure import PublishedFigure
from bot.insights.pure.sealed_wave import SealedWave
from bot.insights.pure.segments import segment_candidates
from tests.attacks.companies import Played
from tests.attacks.organisations import ENPS, OPTIONS, PACE, PLACE, WORKLOAD

DRIVER: Final = "workload"
POINT: Final = 2.5
"""One step of the scale of five, on the scale from 0 to 10."""

Window = tuple[float, float]
EDGE: Final = 2e-6
"""Figures are stored with six decimals."""


@dataclass(frozen=True)
class Known:
    """One published figure. The worst case: its n is known, however it is published."""

    measure: str
    ref: str
    cohorts: frozenset[int]
    n: int
    shown_n: int
    population: int | None
    mean: float | None = None
    favourable: float | None = None
    unfavourable: float | None = None
    score: float | None = None
    spread: float | None = None


class Rules:
    """How the figures of the usual dashboard are written: one decimal, whole per cent."""

    def mean(self, _known: "Known", value: float) -> Window:
        """Return the bounds of a mean."""
        return value - 0.0501, value + 0.0501

    def share(self, _known: "Known", value: float) -> Window:
        """Return the bounds of a share."""
        return value - 0.00501, value + 0.00501

    def score(self, _known: "Known", value: float) -> Window:
        """Return the bounds of a net promoter score."""
        return value - 0.501, value + 0.501

    def spread(self, known: "Known", value: float) -> Window:
        """Return the bounds of a standard deviation: the interval has one decimal at both ends."""
        error = 0.0501 * math.sqrt(known.n) / float(stdtrit(known.n - 1, 0.975))
        return max(0.0, value - error), value + error

    def count(self, known: "Known", _k: int) -> Window:
        """Return the bounds of a count of people."""
        return known.shown_n, known.shown_n


class Attune(Rules):
    """How Attune writes figures: in steps, from a threshold that the attacker does not know."""

    ladders: Final = {
        "mean": (0.1, 0.2, 0.5, 1.0, 2.5),
        "share": (0.01, 0.02, 0.05, 0.1, 1 / 6, 0.25),
        "score": (1.0, 2.0, 5.0, 10.0, 20.0, 50.0),
    }

    def mean(self, known: "Known", value: float) -> Window:
        return self._window("mean", known, value, 0.0, 10.0, 10.0)

    def share(self, known: "Known", value: float) -> Window:
        return self._window("share", known, value, 0.0, 1.0, 3.0)

    def score(self, known: "Known", value: float) -> Window:
        return self._window("score", known, value, -100.0, 100.0, 300.0)

    def count(self, known: "Known", k: int) -> Window:
        # Of each cohort of which everybody answered, one person does not count.
        return known.shown_n, known.shown_n + k - 1 + len(known.cohorts)

    def _window(
        self, kind: str, known: "Known", value: float, lowest: float, highest: float, swing: float
    ) -> Window:
        ladder = self.ladders[kind]
        step = next((each for each in ladder if each * known.shown_n >= swing - EDGE), ladder[-1])
        # The threshold may be anywhere within the step.
        low, high = value - step + EDGE, value + step - EDGE
        if value <= lowest + step + EDGE:
            low = lowest
        if value >= highest - step - EDGE:
            high = highest
        return low, high


def plain(played: Played) -> list[Known]:
    """Publish by the usual rule: each group by itself, from k respondents on, to one decimal."""
    wave = played.wave
    parts = segment_candidates(wave.cohorts, wave.asked)
    groups = [
        parts.total.cohorts,
        *(cell.cohorts for each in parts.parts.values() for cell in each),
    ]
    return [each for group in dict.fromkeys(groups) for each in _plain(played, frozenset(group))]


def _plain(played: Played, group: frozenset[int]) -> Iterator[Known]:
    people = [each for each, cohort in played.cohort_of.items() if cohort in group]
    k = played.wave.k
    answered = [each for each in people if played.replies[each]]
    if len(answered) >= k:
        n = len(answered)
        yield Known("participation", "", group, n, n, len(people))
    for ref, positions in (("0", (WORKLOAD,)), ("1", (PACE,)), (DRIVER, (WORKLOAD, PACE))):
        asked = {question.position for question in played.wave.questions}
        both = [each for each in (WORKLOAD, PACE) if each in asked]
        rows = [
            [_on_ten(played, person, each) for each in positions if each in both]
            for person in people
            if all(each in played.replies[person] for each in both)
        ]
        scores = [fmean(each) for each in rows if each]
        if len(scores) >= k:
            measure = "driver" if ref == DRIVER else "question"
            yield replace(
                Known(measure, ref, group, len(scores), len(scores), None),
                mean=round(fmean(scores), 1),
                favourable=round(sum(each >= 7.5 for each in scores) / len(scores), 2),
                spread=stdev(scores),
            )
    values = [played.replies[each][ENPS] for each in people if ENPS in played.replies[each]]
    if (n := len(values)) >= k:
        up, down = sum(each >= 9 for each in values), sum(each <= 6 for each in values)
        yield replace(
            Known("enps", str(ENPS), group, n, n, None),
            favourable=round(up / n, 2),
            unfavourable=round(down / n, 2),
            score=round(100 * (up - down) / n),
        )
    chosen = [played.replies[each][PLACE] for each in people if PLACE in played.replies[each]]
    if (n := len(chosen)) >= k:
        for option in range(len(OPTIONS)):
            share = round(chosen.count(option) / n, 2)
            yield Known("choice", f"{PLACE}.{option}", group, n, n, None, favourable=share)


def _on_ten(played: Played, person: str, position: int) -> float:
    value = played.replies[person][position]
    return POINT * (value - 1 if position == WORKLOAD else 5 - value)


def known_of(figures: Iterable[PublishedFigure], played: Played) -> list[Known]:
    """Read published figures as the attacker does."""
    found = []
    for each in figures:
        positions = _positions(each, played.wave)
        if positions is None:
            continue
        cohorts = frozenset(each.cohorts)
        counts = (
            played.wave.answered if each.measure == "participation" else played.counts(*positions)
        )
        n = sum(counts.get(cohort, 0) for cohort in cohorts)
        found.append(
            Known(
                *(each.measure, each.measure_ref, cohorts, n, each.n, each.population),
                mean=each.mean,
                favourable=each.favourable,
                unfavourable=each.unfavourable,
                score=each.score,
            )
        )
    return found


def _positions(figure: PublishedFigure, wave: SealedWave) -> tuple[int, ...] | None:
    """Return the questions that the people of a figure have answered; None: of no use here."""
    if figure.measure == "participation":
        return ()
    if figure.measure in ("driver", "question"):
        asked = {question.position for question in wave.questions}
        return tuple(each for each in (WORKLOAD, PACE) if each in asked)
    if figure.measure == "enps":
        return (ENPS,)
    # The last option has what is told of the others, and tells nothing more.
    is_told = figure.measure == "choice" and figure.measure_ref != f"{PLACE}.{len(OPTIONS) - 1}"
    return (PLACE,) if is_told else None


def totals(known: Known, rules: Rules) -> Mapping[str, Window]:
    """Return the bounds of the sums over a figure's people: `sum` in steps of 0 to 4 a person,
    `squares` of these, `favourable`, `unfavourable` and `net` in people.
    """
    n, found = known.n, {}
    if known.mean is not None:
        low, high = rules.mean(known, known.mean)
        found["sum"] = low * n / POINT, high * n / POINT
        if known.spread is not None and n > 1:
            least, most = (each / POINT for each in rules.spread(known, known.spread))
            squares = [
                (n - 1) * spread**2 + total**2 / n
                for spread in (least, most)
                for total in (max(found["sum"][0], 0), found["sum"][1])
            ]
            found["squares"] = min(squares) - 1e-3, max(squares) + 1e-3
    for name, value in (("favourable", known.favourable), ("unfavourable", known.unfavourable)):
        if value is not None:
            low, high = rules.share(known, value)
            found[name] = low * n, high * n
    if known.score is not None:
        low, high = rules.score(known, known.score)
        found["net"] = low * n / 100, high * n / 100
    return found
