"""Whether the arguments of a request to the control API are of the kinds that it takes."""

import inspect
import types
from collections.abc import Awaitable, Callable
from typing import Any, Union, get_args, get_origin, get_type_hints

from sandbox.outcome import CannotError, Outcome
from sandbox.state import Json

KINDS = {str: "a text", bool: "true or false", dict: "an object", list: "a list"}


def bound(
    act: Callable[..., Awaitable[Outcome]], first: object, body: Json
) -> inspect.BoundArguments:
    """Return the arguments for an act, after ``first``. Raises CannotError with what is wrong."""
    try:
        arguments = inspect.signature(act).bind(first, **body)
    except TypeError as error:
        raise CannotError("invalid_arguments", str(error)) from error
    hints = get_type_hints(act)
    for name, value in body.items():
        if name in hints and not fits(value, hints[name]):
            raise CannotError("invalid_arguments", f"{name} must be {wanted(hints[name])}")
    return arguments


def fits(value: object, hint: Any) -> bool:
    """Tell whether a value from JSON is of a kind; what is within objects is not looked at."""
    if hint is Any:
        return True
    if get_origin(hint) in {Union, types.UnionType}:
        return any(fits(value, each) for each in get_args(hint))
    return isinstance(value, get_origin(hint) or hint)


def wanted(hint: Any) -> str:
    """Say what a value must be."""
    if get_origin(hint) in {Union, types.UnionType}:
        return " or ".join(wanted(each) for each in get_args(hint))
    return "null" if hint is type(None) else KINDS.get(get_origin(hint) or hint, str(hint))


def number(value: object, name: str, *, least: float, most: float) -> float:
    """Return a number from JSON. Raises CannotError."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not least <= float(str(value)) <= most:
        raise CannotError(
            "invalid_arguments", f"{name} must be a number from {least:,.10g} to {most:,.10g}"
        )
    return float(str(value))
