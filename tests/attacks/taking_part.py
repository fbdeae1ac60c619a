"""Taking part: what counts of people who answered tell of a small group, in whole numbers.

Between none and all of each group answered. Where the published counts leave no other number, the
group is found out. That nobody answered, or everybody, is known of each of its people.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from tests.attacks.companies import Played
from tests.attacks.integers import Finding, System, atoms_of, unions
from tests.attacks.published import Known, Rules

EVERYBODY: Final = "everybody of a group answered"


def attack(known: Sequence[Known], played: Played, rules: Rules) -> Iterator[Finding]:
    """Find groups of fewer than 2k invited of whom nobody answered, and exact counts below k.

    Also groups of any size of whom everybody answered.
    """
    counts = [each for each in known if each.measure == "participation"]
    if not counts:
        return
    invited, k = played.wave.invited, played.wave.k
    atoms = atoms_of(counts, invited)
    of_cohort = played.wave.answered
    answered = {atom: sum(of_cohort.get(cohort, 0) for cohort in atom) for atom in atoms}
    system = System()
    for atom, people in atoms.items():
        system.add((atom,), answered[atom], people)
    for each in counts:
        inside = [atom for atom in atoms if atom <= each.cohorts]
        system.bound({(atom,): 1.0 for atom in inside}, *rules.count(each, k))
    solver = system.solve()
    for union in unions(atoms, 2 * k):
        people = sum(atoms[atom] for atom in union)
        total = {(atom,): 1.0 for atom in union}
        if not sum(answered[atom] for atom in union):
            if solver.reaches(total, -1) == 0:
                yield Finding("nobody of a small group answered", people)
        elif people < k and solver.is_determined(total, []):
            yield Finding("how many of fewer than k answered", people)
    for atom, people in atoms.items():
        if answered[atom] == people and solver.reaches({(atom,): 1.0}, 1) == people:
            yield Finding(EVERYBODY, people)
