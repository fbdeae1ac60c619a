"""Validates whole payloads: each block by its table, then the relations between blocks."""

import json
from collections.abc import Iterator
from typing import Any, Final

from sandbox.blockkit.blocks import BLOCKS, MAX_BLOCKS, VIEWS, blocks_for
from sandbox.blockkit.schema import Problem, Report, Surface, tagged

MAX_VIEW_BYTES: Final = 250_000
"""250 KB; Slack does not say whether a kilobyte has 1,000 or 1,024 bytes: the stricter."""
VIEW_TOO_LARGE: Final = f"must be less than {MAX_VIEW_BYTES + 1} bytes"

_ELEMENT_PLACES: Final = ("element", "accessory", "elements", "actions")
Placed = tuple[str, dict[str, Any]]


def validate_blocks(blocks: object, surface: Surface) -> list[Problem]:
    """Find what Slack would refuse in the `blocks` of a message, a modal or a Home tab.

    Args:
        blocks: parsed JSON of any shape.
        surface: where the blocks are to be shown.

    Returns:
        The problems, with pointers from `/blocks`; empty if Slack would accept the blocks.

    """
    report = Report(surface)
    blocks_for(surface)(blocks, "/blocks", report)
    _check_relations(blocks, "/blocks", report)
    return report.problems


def validate_view(view: object) -> list[Problem]:
    """Find what Slack would refuse in the `view` of views.open, push, update or publish.

    Args:
        view: parsed JSON of any shape.

    Returns:
        The problems, with pointers from `/view`; empty if Slack would accept the view. A view
        above 250 KB has the single problem `VIEW_TOO_LARGE`.

    """
    if _size_in_bytes(view) > MAX_VIEW_BYTES:
        return [Problem(VIEW_TOO_LARGE, "/view")]
    kind = view.get("type") if isinstance(view, dict) else None
    report = Report("home" if kind == "home" else "modal")
    tagged(VIEWS)(view, "/view", report)
    if isinstance(view, dict) and kind in ("modal", "home"):
        _check_relations(view.get("blocks"), "/view/blocks", report)
        if kind == "modal" and "submit" not in view:
            for pointer, block in _objects(view.get("blocks"), "/view/blocks"):
                if block.get("type") == "input":
                    report.add(pointer, "must define `submit` to use `input` block")
    return report.problems


def _size_in_bytes(view: object) -> int:
    try:
        written = json.dumps(view, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        # Nested deeper than any view of Slack's: as good as too large.
        return MAX_VIEW_BYTES + 1
    return len(written.encode("utf-8", "surrogatepass"))


def _check_relations(blocks: object, at: str, report: Report) -> None:
    placed = list(_every_block(blocks, at))
    _unique_block_ids(placed, report)
    _count_per_type(placed, report)
    _one_focus(placed, report)


def _every_block(blocks: object, at: str) -> Iterator[Placed]:
    """Yield blocks with their pointers; the cards of a carousel come after it."""
    for pointer, block in _objects(blocks, at):
        yield pointer, block
        if block.get("type") == "carousel":
            yield from _objects(block.get("elements"), f"{pointer}/elements")


def _objects(items: object, at: str) -> Iterator[Placed]:
    if isinstance(items, list):
        for index, item in enumerate(items[: max(MAX_BLOCKS.values())]):
            if isinstance(item, dict):
                yield f"{at}/{index}", item


def _unique_block_ids(placed: list[Placed], report: Report) -> None:
    seen: set[str] = set()
    for pointer, block in placed:
        block_id = block.get("block_id")
        if not isinstance(block_id, str):
            continue
        if block_id in seen:
            reason = f"`block_id` {block_id} already exists for another block"
            report.add(f"{pointer}/block_id", reason)
        seen.add(block_id)


def _count_per_type(placed: list[Placed], report: Report) -> None:
    for name, table in BLOCKS.items():
        pointers = [pointer for pointer, block in placed if block.get("type") == name]
        for pointer in pointers[table.at_most :] if table.at_most is not None else []:
            report.add(pointer, f"no more than {table.at_most} `{name}` blocks allowed")


def _one_focus(placed: list[Placed], report: Report) -> None:
    focused = [
        pointer
        for at, block in placed
        for place in _ELEMENT_PLACES
        for pointer, element in _elements(block.get(place), f"{at}/{place}")
        if element.get("focus_on_load") is True
    ]
    for pointer in focused[1:]:
        reason = "only one element can have `focus_on_load` set to true"
        report.add(f"{pointer}/focus_on_load", reason)


def _elements(value: object, at: str) -> Iterator[Placed]:
    if isinstance(value, dict):
        yield at, value
    yield from _objects(value, at)
