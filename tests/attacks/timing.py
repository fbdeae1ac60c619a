"""Timing: whoever looks at participation after each answer learns when it moved, and by whom."""

from collections.abc import Iterator

from tests.attacks.knowledge import Claim
from tests.attacks.outputs import Outputs


def attack(wave: Outputs) -> Iterator[Claim]:
    """Claim those who answered between two changes of what HR reads of an open wave.

    The worst case: the attacker sees who is at their desk, and so knows the order of answers.
    """
    since_change: list[str] = []
    for person, before, after in zip(wave.replies, wave.watched, wave.watched[1:], strict=False):
        if wave.replies[person]:
            since_change.append(person)
        if before != after:
            if len(since_change) < wave.k:
                group = frozenset(since_change)
                yield Claim("timing", "participation", group, is_true=True)
            since_change = []
