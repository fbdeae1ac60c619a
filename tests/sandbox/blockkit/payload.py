"""Helpers that bend an example at one place, named by a JSON pointer."""

from copy import deepcopy
from typing import Any, cast

from sandbox.blockkit import Problem, validate_blocks
from sandbox.blockkit.blocks import BLOCKS
from sandbox.blockkit.elements import ELEMENTS
from sandbox.blockkit.schema import Object, Surface

Json = dict[str, Any]


def bent(example: Json, pointer: str, value: object) -> Json:
    """Return a copy with the value put at the pointer."""
    copy = deepcopy(example)
    *path, last = pointer.strip("/").split("/")
    target: Any = copy
    for token in path:
        target = target[_key(token)]
    target[_key(last)] = value
    return copy


def without(example: Json, name: str) -> Json:
    """Return a copy without one property."""
    return {key: value for key, value in example.items() if key != name}


def a_surface(table: Object) -> Surface:
    """Return a surface that takes the block or element, modals first: they take most elements."""
    ordered: list[Surface] = ["modal", "message", "home"]
    return next(surface for surface in ordered if surface in table.surfaces)


def problems_of(block: Json, element: Json | None = None) -> list[Problem]:
    """Validate one block on a surface that takes it and its element."""
    table = ELEMENTS[element["type"]] if element else BLOCKS[block["type"]]
    if BLOCKS[block["type"]].surfaces == {"message"}:
        return validate_blocks([block], "message")
    return validate_blocks([block], a_surface(table))


def pointers(problems: list[Problem]) -> list[str]:
    """Return where the problems are."""
    return [problem.pointer for problem in problems]


def elements_at(block: Json) -> str:
    """Return the pointer of the element that `examples.block_around` put into the block."""
    places = ("element", "sources", "elements")
    place = next(name for name in places if name in block)
    return f"/blocks/0/{place}" if place == "element" else f"/blocks/0/{place}/0"


def renamed_copies(item: Json | list[Any], count: int) -> list[Any]:
    """Return copies of an item whose `action_id`, `name` and `label` differ."""
    copies = [deepcopy(item) for _ in range(count)]
    for index, copy in enumerate(copies):
        for name in ("action_id", "block_id", "name"):
            if isinstance(copy, dict) and name in copy:
                copy[name] = f"{name}{index}"
    return cast("list[Any]", copies)


def _key(token: str) -> str | int:
    return int(token) if token.isdecimal() else token
