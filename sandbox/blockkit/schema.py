"""The vocabulary in which the tables of blocks, elements and objects are written.

Every schema has `check(value, at, report)`, where `value` is parsed JSON and `at` its JSON
pointer; what is wrong goes into the report, and nothing is raised.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any, Literal, Protocol

from sandbox.blockkit.problem import Code, Problem

Surface = Literal["message", "modal", "home"]
EVERYWHERE: frozenset[Surface] = frozenset({"message", "modal", "home"})
MESSAGES: frozenset[Surface] = frozenset({"message"})
MODALS: frozenset[Surface] = frozenset({"modal"})


@dataclass(slots=True)
class Report:
    """Collects the problems of one payload that is meant for one surface."""

    surface: Surface
    problems: list[Problem] = field(default_factory=list)

    def missing(self, at: str, name: str) -> None:
        """Note that the object at `at` lacks the property `name`."""
        problem = Problem("missing_field", f"missing required field: {name}", at, name)
        self.problems.append(problem)

    def wrong_type(self, at: str, reason: str, expected: str) -> None:
        """Note that the value at `at` has another JSON type than `expected`."""
        self.add("invalid_type", at, reason, type=expected)

    def failed(self, at: str, reason: str, kind: str, **constraint: object) -> None:
        """Note that the value at `at` breaks the constraint `kind`."""
        self.add("failed_constraint", at, reason, type=kind, **constraint)

    def add(self, code: Code, at: str, reason: str, **constraint: object) -> None:
        """Note any problem at `at`; its field is the last name in the pointer."""
        names = [token for token in at.split("/") if token and not token.isdecimal()]
        self.problems.append(Problem(code, reason, at, names[-1] if names else "", constraint))


class Schema(Protocol):
    """Anything that can judge a value."""

    def check(self, value: object, at: str, report: Report) -> None:
        """Note in the report what is wrong with `value`, which stands at the pointer `at`."""


Properties = Mapping[str, Schema]

Rule = Callable[[dict[str, Any], str, Report], None]
"""Judges an object whose properties are each right by themselves."""


@dataclass(frozen=True, slots=True)
class String:
    """A string of so many characters (code points, as Slack counts them).

    `pattern` must match the whole string; `form` is the name that Slack gives to the pattern.
    """

    max_length: int | None = None
    min_length: int = 0
    pattern: re.Pattern[str] | None = None
    form: str = ""

    def check(self, value: object, at: str, report: Report) -> None:
        """Judge the value."""
        if not isinstance(value, str):
            report.wrong_type(at, "must provide a string", "string")
            return
        check_length(len(value), self.min_length, self.max_length, at, report)
        if self.pattern is not None and not self.pattern.fullmatch(value):
            reason = f"input must be a valid: {self.form}"
            report.failed(at, reason, "format", expected=self.form)


@dataclass(frozen=True, slots=True)
class Boolean:
    """True or false."""

    def check(self, value: object, at: str, report: Report) -> None:
        """Judge the value."""
        if not isinstance(value, bool):
            report.wrong_type(at, "must be a boolean", "boolean")


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number within both bounds."""

    minimum: int | None = None
    maximum: int | None = None

    def check(self, value: object, at: str, report: Report) -> None:
        """Judge the value."""
        if not isinstance(value, int) or isinstance(value, bool):
            report.wrong_type(at, "must provide an integer", "integer")
        elif self.minimum is not None and value < self.minimum:
            reason = f"must be greater than {self.minimum - 1}"
            report.failed(at, reason, "minimum", expected=self.minimum, got=value)
        elif self.maximum is not None and value > self.maximum:
            reason = f"must be less than {self.maximum + 1}"
            report.failed(at, reason, "maximum", expected=self.maximum, got=value)


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number, greater than `above` where that is given."""

    above: float | None = None

    def check(self, value: object, at: str, report: Report) -> None:
        """Judge the value."""
        # Python's json reads NaN and Infinity, which no JSON may hold.
        if not isinstance(value, int | float) or isinstance(value, bool) or not -inf < value < inf:
            report.wrong_type(at, "must provide a number", "number")
        elif self.above is not None and value <= self.above:
            reason = f"must be greater than {self.above:g}"
            report.failed(at, reason, "minimum", expected=self.above, got=value)


@dataclass(frozen=True, slots=True)
class Enum:
    """One of a few values."""

    values: tuple[str | int, ...]

    def check(self, value: object, at: str, report: Report) -> None:
        """Judge the value."""
        # Type and value: True and 1.0 equal 1 in Python, not in JSON.
        if not any(type(value) is type(one) and value == one for one in self.values):
            reason = "must be a valid enum value"
            # Only what fits into an answer: any other value could be endlessly deep.
            got = {"got": value} if isinstance(value, str | int) else {}
            report.failed(at, reason, "enum", expected=list(self.values), **got)


@dataclass(frozen=True, slots=True)
class Nullable:
    """Null, or what the other schema accepts."""

    schema: Schema

    def check(self, value: object, at: str, report: Report) -> None:
        """Judge the value."""
        if value is not None:
            self.schema.check(value, at, report)


@dataclass(frozen=True, slots=True)
class Anything:
    """A value that we do not look into."""

    def check(self, value: object, at: str, report: Report) -> None:
        """Accept the value."""


@dataclass(frozen=True, slots=True)
class List:
    """An array of so many items of one kind."""

    item: Schema
    max_items: int | None = None
    min_items: int = 0

    def check(self, value: object, at: str, report: Report) -> None:
        """Judge the array and its items up to the maximum."""
        if not isinstance(value, list):
            report.wrong_type(at, "must provide an array", "array")
            return
        if len(value) < self.min_items:
            reason = f"must provide at least {self.min_items} items"
            report.failed(at, reason, "min_items", expected=self.min_items, got=len(value))
        if self.max_items is not None and len(value) > self.max_items:
            reason = f"no more than {self.max_items} items allowed"
            report.failed(at, reason, "max_items", expected=self.max_items, got=len(value))
        for index, item in enumerate(value[: self.max_items]):
            self.item.check(item, f"{at}/{index}", report)


@dataclass(frozen=True, slots=True)
class Object:
    """An object with known properties only.

    Attributes:
        required: properties that must be there.
        optional: properties that may be there; an explicit null is refused, as in Slack.
        rules: what the properties owe each other; judged once each is right by itself.
        surfaces: where Slack accepts the object.
        at_most: how many of them one payload may hold; None for any number.

    """

    required: Properties = field(default_factory=dict)
    optional: Properties = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    surfaces: frozenset[Surface] = EVERYWHERE
    at_most: int | None = None

    def check(self, value: object, at: str, report: Report) -> None:
        """Judge the object, its properties and their relations."""
        if not isinstance(value, dict):
            report.wrong_type(at, "must provide an object", "object")
            return
        problems_before = len(report.problems)
        for name in self.required:
            if name not in value:
                report.missing(at, name)
        for name, part in value.items():
            schema = self.required.get(name) or self.optional.get(name)
            if schema is None:
                unknown_property(at, name, report)
            else:
                schema.check(part, f"{at}/{name}", report)
        if len(report.problems) == problems_before:
            for rule in self.rules:
                rule(value, at, report)


@dataclass(frozen=True, slots=True)
class Tagged:
    """An object of one of several kinds, told apart by its property `type`."""

    kinds: Mapping[str, Object]

    def check(self, value: object, at: str, report: Report) -> None:
        """Judge the object by the table of its type, if the surface takes that type."""
        if not isinstance(value, dict):
            report.wrong_type(at, "must provide an object", "object")
            return
        if "type" not in value:
            report.missing(at, "type")
            return
        name = value["type"]
        if not isinstance(name, str):
            report.wrong_type(f"{at}/type", "must provide a string", "string")
            return
        kind = self.kinds.get(name)
        if kind is None or report.surface not in kind.surfaces:
            expected = [key for key, one in self.kinds.items() if report.surface in one.surfaces]
            reason = f"unsupported type: {name}"
            report.failed(f"{at}/type", reason, "enum", expected=expected, got=name)
            return
        kind.check(value, at, report)


def check_length(length: int, low: int, high: int | None, at: str, report: Report) -> None:
    """Judge a number of characters, in Slack's words."""
    if length < low:
        reason = f"must be more than {low - 1} characters"
        report.failed(at, reason, "min_length", expected=low, got=length)
    elif high is not None and length > high:
        reason = f"must be less than {high + 1} characters"
        report.failed(at, reason, "max_length", expected=high, got=length)


def unknown_property(at: str, name: str, report: Report) -> None:
    """Note a property that the object at `at` does not have."""
    reason = f"invalid additional property: {name}"
    constraint = {"type": "additional_properties", "got": name}
    report.problems.append(Problem("failed_constraint", reason, at, name, constraint))


def pick(table: Mapping[str, Object], *names: str) -> Tagged:
    """Those kinds of a table that are allowed in one place."""
    return Tagged({name: table[name] for name in names})
