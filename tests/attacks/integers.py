"""Whole numbers: all figures of a wave are equations over people, whose answers are whole.

A group of fewer than k people is found out where the least and the greatest total that all figures
allow are equal, by integer linear programming. Linear algebra alone does not see that nobody
answers with less than 1 or more than 5.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.attacks.companies import Played
from tests.attacks.organisations import ENPS, PACE, PLACE, WORKLOAD
from tests.attacks.published import DRIVER, Known, Rules, totals

Atom = frozenset[int]
Variable = tuple[Any, ...]

MOST_UNIONS: Final = 20
SECONDS: Final = 0.5
TOTAL: Final = "total of fewer than k"
KINDS: Final = range(3)
"""Promoters, neither, detractors; or the options of a choice."""


@dataclass(frozen=True)
class Finding:
    """What figures determine about a group. It is true, as the truth is among the solutions."""

    what: str
    people: int


class System:
    """Linear bounds over whole numbers of at least 0, with the truth among the solutions."""

    def __init__(self) -> None:
        self.places: dict[Variable, int] = {}
        self.truth: list[int] = []
        self.top: list[int] = []
        self._rows: list[dict[int, float]] = []
        self._bounds: list[tuple[float, float]] = []

    def add(self, variable: Variable, truth: int, top: int) -> None:
        self.places[variable] = len(self.truth)
        self.truth.append(truth)
        self.top.append(top)

    def bound(self, factors: Mapping[Variable, float], low: float, high: float) -> None:
        """Keep a sum between two bounds; the truth must be there, or the attacker is mistaken."""
        row = {self.places[variable]: factor for variable, factor in factors.items()}
        value = sum(factor * self.truth[place] for place, factor in row.items())
        if not low - 1e-6 <= value <= high + 1e-6:
            raise ValueError(f"the rules are not those of this attacker: {value}, {low} to {high}")
        self._rows.append(row)
        self._bounds.append((low - 1e-6, high + 1e-6))

    def solve(self) -> "Solver":
        """Return what answers questions about all that was added."""
        matrix = np.zeros((len(self._rows), len(self.truth)))
        for number, row in enumerate(self._rows):
            for place, factor in row.items():
                matrix[number, place] = factor
        bounds = np.array(self._bounds).reshape(-1, 2)
        return Solver(matrix, bounds, np.array(self.truth), np.array(self.top), self.places)


@dataclass(frozen=True)
class Solver:
    """Finds the least and the greatest value of a sum."""

    matrix: NDArray[np.float64]
    bounds: NDArray[np.float64]
    truth: NDArray[np.int64]
    top: NDArray[np.int64]
    places: Mapping[Variable, int]

    def is_determined(self, target: Mapping[Variable, float], moves: Sequence[Any]) -> bool:
        """Return True if a sum has the same value in all solutions.

        `moves` are small changes of the truth. Where one or two of them keep all bounds and change
        the sum, it is not determined, and nothing needs to be solved.
        """
        factors = self._factors(target)
        if self._moves_away(factors, moves):
            return False
        return self._extreme(factors, 1) == self._extreme(factors, -1)

    def reaches(self, target: Mapping[Variable, float], sign: int) -> float:
        """Return the least (1) or the greatest (-1) value of a sum."""
        return self._extreme(self._factors(target), sign)

    def _factors(self, target: Mapping[Variable, float]) -> NDArray[np.float64]:
        factors = np.zeros(len(self.truth))
        for variable, factor in target.items():
            factors[self.places[variable]] = factor
        return factors

    def _extreme(self, factors: NDArray[np.float64], sign: int) -> float:
        found = milp(
            sign * factors,
            integrality=np.ones(len(factors)),
            bounds=Bounds(0, self.top),
            constraints=LinearConstraint(self.matrix, self.bounds[:, 0], self.bounds[:, 1]),
            options={"time_limit": SECONDS},
        )
        if found.x is None:  # It takes too long: nothing was found out.
            return -sign * float("inf")
        bound = found.mip_dual_bound if found.status == 1 else found.fun
        return float(round(sign * bound, 3))

    def _moves_away(self, factors: NDArray[np.float64], moves: Sequence[Any]) -> bool:
        if not len(moves):
            return False
        steps = np.array(moves)
        changes = steps @ factors
        legal = ((self.truth + steps >= 0) & (self.truth + steps <= self.top)).all(axis=1)
        steps, changes = steps[legal], changes[legal]
        effects = steps @ self.matrix.T
        left = self.matrix @ self.truth
        low, high = self.bounds[:, 0] - left, self.bounds[:, 1] - left
        for start in np.flatnonzero(np.abs(changes) > 1e-9):
            alone = effects[start]
            if ((alone >= low) & (alone <= high)).all():
                return True
            both = effects + alone
            kept = ((both >= low) & (both <= high)).all(axis=1) & (
                np.abs(changes + changes[start]) > 1e-9
            )
            for other in np.flatnonzero(kept):
                moved = self.truth + steps[start] + steps[other]
                if (moved >= 0).all() and (moved <= self.top).all():
                    return True
        return False


def attack(known: Sequence[Known], played: Played, rules: Rules) -> Iterator[Finding]:
    """Determine groups of fewer than k, and facts about each person of a group below 2k."""
    yield from _scores(known, played, rules)
    yield from _kinds(known, played, rules, "enps", ENPS)
    yield from _kinds(known, played, rules, "choice", PLACE)


def atoms_of(known: Iterable[Known], counts: Mapping[int, int]) -> dict[Atom, int]:
    """Return the groups that lie in the same figures, with their people."""
    cells = list(dict.fromkeys(each.cohorts for each in known))
    by_cells: defaultdict[tuple[int, ...], set[int]] = defaultdict(set)
    for cohort, count in counts.items():
        if count:
            where = tuple(number for number, cell in enumerate(cells) if cohort in cell)
            by_cells[where].add(cohort)
    groups = [frozenset(each) for each in by_cells.values()]
    return {each: sum(counts[cohort] for cohort in each) for each in groups}


def unions(atoms: Mapping[Atom, int], below: int) -> list[tuple[Atom, ...]]:
    """Return up to `MOST_UNIONS` sets of atoms with fewer people than that, the smallest first."""
    small = sorted((each for each in atoms if atoms[each] < below), key=lambda each: atoms[each])
    found = [
        each
        for size in (1, 2, 3)
        for each in combinations(small[:12], size)
        if sum(atoms[atom] for atom in each) < below
    ]
    return found[:MOST_UNIONS]


def _scores(known: Sequence[Known], played: Played, rules: Rules) -> Iterator[Finding]:
    asked = {question.position for question in played.wave.questions}
    positions = tuple(each for each in (WORKLOAD, PACE) if each in asked)
    figures = [each for each in known if each.measure in ("driver", "question")]
    atoms = atoms_of(figures, played.counts(*positions))
    if not figures:
        return
    answers = {
        (atom, position): _answers(played, atom, position, positions)
        for atom in atoms
        for position in positions
    }
    system = _system_of_scores(figures, atoms, answers, positions, rules)
    solver = system.solve()
    moves = _moves(system, [[(*place, value) for value in range(5)] for place in answers])
    for union in unions(atoms, played.wave.k):
        for position in positions:
            total = {(a, position, v): float(v) for a in union for v in range(5)}
            if solver.is_determined(total, moves):
                yield Finding(TOTAL, sum(atoms[atom] for atom in union))
    groups = [*unions(atoms, 2 * played.wave.k), *_shown(figures, atoms, 2 * played.wave.k)]
    for group in dict.fromkeys(groups):
        for position in positions:
            given = [value for atom in group for value in answers[atom, position]]
            yield from _certain(solver, group, position, given)


def _system_of_scores(
    figures: Iterable[Known],
    atoms: Mapping[Atom, int],
    answers: Mapping[tuple[Atom, int], Sequence[int]],
    positions: tuple[int, ...],
    rules: Rules,
) -> System:
    """Let a variable be how many of an atom gave each answer to each question."""
    system = System()
    for (atom, position), values in answers.items():
        for value in range(5):
            system.add((atom, position, value), values.count(value), atoms[atom])
        everybody = {(atom, position, value): 1.0 for value in range(5)}
        system.bound(everybody, atoms[atom], atoms[atom])
    for figure in figures:
        of = positions if figure.ref == DRIVER else (int(figure.ref),)
        bounds = totals(figure, rules)
        weights = {"sum": range(5), "favourable": (0, 0, 0, 1, 1)}
        if len(of) > 1:  # Who is favourable on both together is no sum over answers.
            del weights["favourable"]
        for name in weights.keys() & bounds.keys():
            factors = {
                (atom, position, value): weights[name][value] / len(of)
                for atom in atoms
                for position in of
                for value in range(5)
                if atom <= figure.cohorts
            }
            system.bound(factors, *bounds[name])
    return system


def _certain(
    solver: Solver, group: Sequence[Atom], position: int, given: Sequence[int]
) -> Iterator[Finding]:
    """Find what is certain of each person of a group of several."""
    people = len(given)
    if people < 2:
        return
    good = {(atom, position, value): 1.0 for atom in group for value in (3, 4)}
    count = sum(value >= 3 for value in given)
    if (count == people and solver.reaches(good, 1) == people) or (
        count == 0 and solver.reaches(good, -1) == 0
    ):
        yield Finding("each is favourable, or none", people)
    value, most = Counter(given).most_common(1)[0]
    if most >= max(people - 1, 2):
        alike = {(atom, position, value): 1.0 for atom in group}
        if solver.reaches(alike, 1) >= max(people - 1, 2):
            yield Finding("all alike, or all but one", people)


def _kinds(
    known: Sequence[Known], played: Played, rules: Rules, measure: str, position: int
) -> Iterator[Finding]:
    figures = [each for each in known if each.measure == measure]
    atoms = atoms_of(figures, played.counts(position))
    if not figures:
        return
    system = System()
    for atom, people in atoms.items():
        given = [_kind(measure, each) for each in _values(played, atom, position)]
        for kind in KINDS:
            system.add((atom, kind), given.count(kind), people)
        system.bound({(atom, kind): 1.0 for kind in KINDS}, people, people)
    for figure in figures:
        for name, bounds in totals(figure, rules).items():
            weights = _weights(figure, name)
            inside = [atom for atom in atoms if atom <= figure.cohorts]
            factors = {(a, kind): weight for a in inside for kind, weight in weights.items()}
            system.bound(factors, *bounds)
    solver = system.solve()
    moves = _moves(system, [[(atom, kind) for kind in KINDS] for atom in atoms])
    for union in unions(atoms, played.wave.k):
        for kind in KINDS:
            if solver.is_determined({(atom, kind): 1.0 for atom in union}, moves):
                yield Finding(TOTAL, sum(atoms[atom] for atom in union))
    for group in _shown(figures, atoms, 2 * played.wave.k):
        yield from _all_of_one_kind(solver, group, sum(atoms[atom] for atom in group))


def _all_of_one_kind(solver: Solver, group: Sequence[Atom], people: int) -> Iterator[Finding]:
    for kind in KINDS:
        whole = {(atom, kind): 1.0 for atom in group}
        count = sum(solver.truth[solver.places[each]] for each in whole)
        if people > 1 and count == people and solver.reaches(whole, 1) == people:
            yield Finding("each chose the same", people)


def _weights(figure: Known, name: str) -> Mapping[int, float]:
    """Return what a person of each kind counts in a figure's total."""
    if figure.measure == "choice":
        return {int(figure.ref.partition(".")[2]): 1.0}
    return {"favourable": {0: 1.0}, "unfavourable": {2: 1.0}, "net": {0: 1.0, 2: -1.0}}[name]


def _shown(
    figures: Sequence[Known], atoms: Mapping[Atom, int], below: int
) -> list[tuple[Atom, ...]]:
    """Return the atoms of each figure of few people."""
    groups = {each.cohorts for each in figures if each.n < below}
    return [tuple(atom for atom in atoms if atom <= group) for group in groups]


def _moves(system: System, alternatives: Sequence[Sequence[Variable]]) -> list[NDArray[np.int64]]:
    """Return each change of one person's answer."""
    found = []
    for variables in alternatives:
        for one in variables:
            if not system.truth[system.places[one]]:
                continue
            for other in variables:
                if one != other:
                    step = np.zeros(len(system.truth), dtype=np.int64)
                    step[system.places[one]], step[system.places[other]] = -1, 1
                    found.append(step)
    return found


def _answers(played: Played, atom: Atom, position: int, needed: Sequence[int]) -> list[int]:
    """Return the answers of an atom, 0 to 4 and the better the higher."""
    return [
        replies[position] - 1 if position == WORKLOAD else 5 - replies[position]
        for person, replies in played.replies.items()
        if played.cohort_of[person] in atom and all(each in replies for each in needed)
    ]


def _values(played: Played, atom: Atom, position: int) -> list[int]:
    return [
        replies[position]
        for person, replies in played.replies.items()
        if played.cohort_of[person] in atom and position in replies
    ]


def _kind(measure: str, value: int) -> int:
    if measure == "choice":
        return value
    return 0 if value >= 9 else 2 if value <= 6 else 1
