"""Faults on demand: what may go wrong between an app and Slack, by name and probability."""

import random
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

KINDS = ("drop", "drop_answer", "delay", "429", "5xx", "refuse", "disconnect", "duplicate")


@dataclass
class Fault:
    """One thing that goes wrong.

    ``method`` is a pattern over Web API methods (``chat.*``) and over what the sandbox sends and
    receives otherwise: ``event:message``, ``interaction:block_actions``, ``command:/pulse``,
    ``response_url``, ``upload``. Kinds: ``drop`` (lost before it had an effect), ``drop_answer``
    (done, but the answer is lost), ``delay`` (by ``seconds``), ``429`` (with ``seconds`` as
    Retry-After), ``5xx`` (answers ``status``), ``refuse`` (answers ``error``),
    ``disconnect`` (closes the socket in use), ``duplicate`` (an event comes twice).
    """

    kind: str
    method: str = "*"
    probability: float = 1.0
    seconds: float = 1.0
    status: int = 503
    error: str = "internal_error"
    times: int | None = None
    """How often it happens before it is used up; None for ever."""
    happened: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}")


class Faults:
    """The faults in force, drawn from one seeded source."""

    def __init__(self, seed: int = 0) -> None:
        self.rules: list[Fault] = []
        self._random = random.Random(seed)  # noqa: S311 - repeatable, and guards no secret

    def add(self, **described: Any) -> Fault:
        """Put a fault in force."""
        fault = Fault(**described)
        self.rules.append(fault)
        return fault

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self.rules.clear()

    def strike(self, name: str, *kinds: str) -> Fault | None:
        """Return the first fault of these kinds that happens to ``name`` now."""
        for fault in self.rules:
            if fault.kind not in kinds or not fnmatchcase(name, fault.method):
                continue
            if fault.times is not None and fault.happened >= fault.times:
                continue
            if self._random.random() < fault.probability:
                fault.happened += 1
                return fault
        return None
