"""The vocabulary of the tables of blocks and elements.

A `Check` judges one JSON value at a JSON pointer and adds to the report what is wrong with it.
Reasons are worded as in slackhq/hack-json-schema, the library behind Slack's own validation.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any, Literal

Surface = Literal["message", "modal", "home"]
EVERYWHERE: frozenset[Surface] = frozenset({"message", "modal", "home"})
MESSAGES: frozenset[Surface] = frozenset({"message"})
MODALS: frozenset[Surface] = frozenset({"modal"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why Slack would refuse a payload.

    Attributes:
        reason: what is wrong, in Slack's words, such as "must be less than 76 characters".
        pointer: JSON pointer from the request's argument, such as `/blocks/0/text/text`.
            For a missing or an unknown property it is the object's, as in Slack.

    """

    reason: str
    pointer: str

    @property
    def message(self) -> str:
        """One line of the `errors` and `response_metadata.messages` of a Web API answer."""
        return f"{self.reason} [json-pointer:{self.pointer}]"


@dataclass(slots=True)
class Report:
    """Collects the problems of one payload that is meant for one surface."""

    surface: Surface
    problems: list[Problem] = field(default_factory=list)

    def add(self, pointer: str, reason: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(reason, pointer))


Check = Callable[[Any, str, Report], None]
Properties = Mapping[str, Check]


def string(most: float = inf, least: int = 0, pattern: str = "", form: str = "") -> Check:
    """Return a check for a string of `least` to `most` characters.

    `pattern` must match the whole string; `form` is Slack's name for the pattern.
    """

    def check(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, str):
            report.add(at, "must provide a string")
        elif len(value) < least:
            report.add(at, f"must be more than {least - 1} characters")
        elif len(value) > most:
            report.add(at, f"must be less than {most + 1} characters")
        elif pattern and not re.fullmatch(pattern, value):
            report.add(at, f"input must be a valid: {form}")

    return check


def boolean(value: Any, at: str, report: Report) -> None:
    """Check for true or false."""
    if not isinstance(value, bool):
        report.add(at, "must be a boolean")


def integer(least: float = -inf, most: float = inf) -> Check:
    """Return a check for a whole number within both bounds."""

    def check(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            report.add(at, "must provide an integer")
        elif value < least:
            report.add(at, f"must be greater than {least - 1}")
        elif value > most:
            report.add(at, f"must be less than {most + 1}")

    return check


def number(above: float = -inf) -> Check:
    """Return a check for a finite number greater than `above`."""

    def check(value: Any, at: str, report: Report) -> None:
        # Python's json reads NaN and Infinity, which no JSON may hold.
        if not isinstance(value, int | float) or isinstance(value, bool) or not -inf < value < inf:
            report.add(at, "must provide a number")
        elif value <= above:
            report.add(at, f"must be greater than {above:g}")

    return check


def enum(*values: str | int) -> Check:
    """Return a check for one of a few values."""

    def check(value: Any, at: str, report: Report) -> None:
        # Type and value: True and 1.0 equal 1 in Python, not in JSON.
        if not any(type(value) is type(one) and value == one for one in values):
            report.add(at, "must be a valid enum value")

    return check


def array(item: Check, most: int | None = None, least: int = 0) -> Check:
    """Return a check for an array of `least` to `most` items of one kind."""

    def check(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, list):
            report.add(at, "must provide an array")
            return
        if len(value) < least:
            report.add(at, f"must provide at least {least} items")
        if most is not None and len(value) > most:
            report.add(at, f"no more than {most} items allowed")
        for index, one in enumerate(value[:most]):
            item(one, f"{at}/{index}", report)

    return check


@dataclass(frozen=True, slots=True)
class Object:
    """An object with known properties only.

    Attributes:
        required: properties that must be there.
        optional: properties that may be there; an explicit null is refused, as in Slack.
        rules: relations between the properties, checked once each property is right.
        surfaces: where Slack accepts the object.
        at_most: how many of them one payload may hold; None for any number.

    """

    required: Properties = field(default_factory=dict)
    optional: Properties = field(default_factory=dict)
    rules: tuple[Check, ...] = ()
    surfaces: frozenset[Surface] = EVERYWHERE
    at_most: int | None = None

    def __call__(self, value: Any, at: str, report: Report) -> None:
        """Check the object, its properties and their relations."""
        if not isinstance(value, dict):
            report.add(at, "must provide an object")
            return
        problems_before = len(report.problems)
        for name in self.required:
            if name not in value:
                report.add(at, f"missing required field: {name}")
        for name, part in value.items():
            check = self.required.get(name) or self.optional.get(name)
            if check is None:
                report.add(at, f"invalid additional property: {name}")
            else:
                check(part, f"{at}/{name}", report)
        if len(report.problems) == problems_before:
            for rule in self.rules:
                rule(value, at, report)


def tagged(kinds: Mapping[str, Object], *names: str) -> Check:
    """Return a check for an object of one of several kinds, told apart by its `type`.

    `names` picks the kinds that are allowed; without names all are.
    """
    allowed = {name: kinds[name] for name in names or kinds}

    def check(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, dict):
            report.add(at, "must provide an object")
        elif "type" not in value:
            report.add(at, "missing required field: type")
        elif not isinstance(value["type"], str):
            report.add(f"{at}/type", "must provide a string")
        else:
            kind = allowed.get(value["type"])
            if kind is None or report.surface not in kind.surfaces:
                report.add(f"{at}/type", f"unsupported type: {value['type']}")
            else:
                kind(value, at, report)

    return check
