"""Linear reconstruction: everything that all figures together determine, in exact fractions."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from tests.attacks.knowledge import Cell, Claim, Quantity, combined, quantities, weights_of
from tests.attacks.outputs import Outputs

Row = dict[Hashable, Fraction]
Class = frozenset[int]

MOST_CLASSES_FOR_DEPTH = 25
"""With more small classes than this, only single ones and pairs are tried."""


def attack(wave: Outputs) -> Iterator[Claim]:
    """Solve all sums of each quantity for groups of fewer than k people."""
    for quantity in quantities(wave):
        for factors in combinations_of(quantity):
            yield combined(quantity, "reconstruction", factors)


def combinations_of(quantity: Quantity) -> Iterator[Mapping[Cell, Fraction]]:
    """Find combinations of cells that are 0 everywhere but on fewer than k people.

    Cohorts that lie in the same cells are one class. Those of k people and more are eliminated
    first; what is left are the sums that can be computed over small classes alone.
    """
    sizes = {each: len(quantity.members(each)) for each in _classes(quantity)}
    rows: list[Row] = []
    for cell in (*quantity.cells, *quantity.comparisons):
        weights = weights_of(cell)
        row: Row = {each: Fraction(weights[min(each)]) for each in sizes if min(each) in weights}
        rows.append(row | {cell: Fraction(1)})
    small = [each for each in sizes if sizes[each] < quantity.k]
    _, over_small = eliminate(rows, [each for each in sizes if sizes[each] >= quantity.k])
    words, _ = eliminate(over_small, small)
    for leaking in _dependent_sets(words, sizes, quantity.k):
        word: Row = defaultdict(Fraction)
        for pivot, factor in leaking.items():
            _add(word, words[pivot], factor)
        yield {cell: factor for cell, factor in word.items() if isinstance(cell, Cell)}


def _classes(quantity: Quantity) -> list[Class]:
    """Group the cohorts in which anybody answered by how they count in the cells."""
    by_cells: defaultdict[tuple[tuple[int, int], ...], set[int]] = defaultdict(set)
    places: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for place, cell in enumerate((*quantity.cells, *quantity.comparisons)):
        for cohort, weight in weights_of(cell).items():
            if cohort in quantity.people:
                places[cohort].append((place, weight))
    for cohort, where in places.items():
        by_cells[tuple(where)].add(cohort)
    return sorted((frozenset(each) for each in by_cells.values()), key=sorted)


def eliminate(
    rows: Sequence[Row], columns: Iterable[Hashable]
) -> tuple[dict[Hashable, Row], list[Row]]:
    """Reduce rows to echelon form on some columns; return the pivots' rows and those left over."""
    left = [dict(row) for row in rows]
    pivots: dict[Hashable, Row] = {}
    for column in columns:
        having = [row for row in left if row.get(column)]
        if not having:
            continue
        pivot = min(having, key=len)
        left.remove(pivot)
        scale = 1 / pivot[column]
        pivot = {key: entry * scale for key, entry in pivot.items()}
        for row in [*left, *pivots.values()]:
            if factor := row.get(column):
                _add(row, pivot, -factor)
        pivots[column] = pivot
    return pivots, left


def _add(row: Row, other: Mapping[Hashable, Fraction], factor: Fraction) -> None:
    for key, entry in other.items():
        if changed := row.get(key, Fraction()) + factor * entry:
            row[key] = changed
        else:
            row.pop(key, None)


def _dependent_sets(
    words: Mapping[Hashable, Row], sizes: Mapping[Class, int], k: int
) -> Iterator[dict[Hashable, Fraction]]:
    """Yield, for each smallest set of classes with fewer than k people, a word that lives in it.

    A word is a sum of pivot rows, and is told by its entries at the pivots. It lives in a set
    exactly when the set's rows of the null space cancel out with these entries as factors.
    """
    used = {key for word in words.values() for key in word if key in sizes}
    null_rows: dict[Class, Row] = {
        each: {key: -entry for key, entry in words[each].items() if key in sizes and key != each}
        if each in words
        else {each: Fraction(1)}
        for each in used
        if isinstance(each, frozenset)
    }
    order = sorted(null_rows, key=lambda each: (sizes[each], sorted(each)))
    deep = len(order) <= MOST_CLASSES_FOR_DEPTH

    def extend(
        start: int, room: int, chosen: list[Class], reduced: list[tuple[Hashable, Row]]
    ) -> Iterator[dict[Hashable, Fraction]]:
        for place in range(start, len(order)):
            each = order[place]
            if sizes[each] > room:
                return
            row: Row = {**null_rows[each], ("factor", each): Fraction(1)}
            for lead, other in reduced:
                if factor := row.get(lead):
                    _add(row, other, -factor / other[lead])
            lead = next((key for key in row if not isinstance(key, tuple)), None)
            if lead is None:
                yield {key[1]: entry for key, entry in row.items() if key[1] in words}  # type: ignore[index]  # a factor's key is a pair
            elif deep or len(chosen) < 1:
                yield from extend(
                    place + 1, room - sizes[each], [*chosen, each], [*reduced, (lead, row)]
                )

    yield from extend(0, k - 1, [], [])
