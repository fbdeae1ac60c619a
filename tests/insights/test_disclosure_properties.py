"""For any organisation, shown figures never disclose a small group."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.insights.disclosure import Cell, Decision
from bot.insights.disclosure.cells import Respondents
from tests.insights.attacker import leaks_by_brute_force
from tests.insights.unlimited import decide

Cohort = tuple[str, str, str]  # department, team, location

cohorts = st.tuples(st.sampled_from("AB"), st.sampled_from("123"), st.sampled_from(["P", "Q", ""]))
companies = st.dictionaries(cohorts, st.integers(0, 8), max_size=9)
ks = st.integers(4, 6)
unhurried = settings(deadline=None)  # brute force is slow on a busy machine


def cells_of(company: Mapping[Cohort, int]) -> list[Cell]:
    members: defaultdict[tuple[str, str, str], set[Cohort]] = defaultdict(set)
    for cohort in company:
        department, team, location = cohort
        members["department", department, "total"].add(cohort)
        if team != "3":
            members["team", department + team, f"department:{department}"].add(cohort)
        if location:
            members["location", location, "total"].add(cohort)
    parts = [
        Cell(f"{dimension}:{value}", dimension, value, frozenset(keys), parent)
        for (dimension, value, parent), keys in members.items()
    ]
    return [Cell("total", "total", "everybody", frozenset(company)), *parts]


def remainders(decision: Decision) -> list[frozenset[Cohort]]:
    """Return what remains of each shown cell without its shown parts, by dimension."""
    taken_off: defaultdict[tuple[frozenset[Cohort], str], set[Cohort]] = defaultdict(set)
    for whole in decision.shown:
        for part in decision.shown:
            if part.cohorts < whole.cohorts:
                taken_off[whole.cohorts, part.dimension] |= part.cohorts
    return [whole - parts for (whole, _), parts in taken_off.items()]


@unhurried
@given(companies, ks)
def test_shown_figures_never_disclose_a_small_group(company: dict[Cohort, int], k: int) -> None:
    cells = cells_of(company)
    who = Respondents(k, company)

    decision = decide(cells, company, k)

    figures = [cell.cohorts for cell in decision.shown]
    answering = {cohort: n for cohort, n in company.items() if n}
    assert not leaks_by_brute_force(figures, answering, k)
    for figure in [*figures, *remainders(decision)]:
        assert not who.objection(figure)
    for one, other in combinations(figures, 2):
        assert not who.objection(one ^ other)


@unhurried
@given(companies, ks, st.randoms(use_true_random=False))
def test_several_releases_never_disclose_a_small_group(
    company: dict[Cohort, int], k: int, random: Random
) -> None:
    cells = [cell for cell in cells_of(company) if cell.parent in {None, "total"}]
    answering = {cohort: n for cohort, n in company.items() if n}
    released: list[frozenset[Cohort]] = []
    for _ in range(3):
        candidates = [cell for cell in cells if cell.parent is None or random.random() < 0.6]
        decision = decide(candidates, company, k, already_shown=released)
        released += [cell.cohorts for cell in decision.shown]

    assert not leaks_by_brute_force(released, answering, k)


@unhurried
@given(companies, ks)
def test_each_cell_is_shown_or_hidden(company: dict[Cohort, int], k: int) -> None:
    cells = cells_of(company)
    by_id = {cell.id: cell for cell in cells}

    decision = decide(cells, company, k)

    shown = [cell_id for cell in decision.shown for cell_id in cell.cell_ids]
    assert sorted([*shown, *(cell.cell_id for cell in decision.hidden)]) == sorted(by_id)
    for cell in decision.shown:
        assert cell.n == sum(company[cohort] for cohort in cell.cohorts)
        own = frozenset().union(*(by_id[cell_id].cohorts for cell_id in cell.cell_ids))
        assert {cohort for cohort in own if company[cohort]} <= cell.cohorts


@unhurried
@given(companies, ks, st.randoms(use_true_random=False))
def test_order_does_not_matter(company: dict[Cohort, int], k: int, random: Random) -> None:
    cells = cells_of(company)
    shuffled = random.sample(list(company.items()), len(company))

    decision = decide(random.sample(cells, len(cells)), dict(shuffled), k)

    assert decision == decide(cells, company, k)
