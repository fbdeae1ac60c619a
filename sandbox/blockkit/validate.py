"""Judges whole payloads: each block by its table, then what blocks owe each other."""

import json
from collections.abc import Iterator
from typing import Any, Final

from sandbox.blockkit.blocks import ANY_BLOCK, BLOCKS, MAX_MARKDOWN
from sandbox.blockkit.payloads import ATTACHMENT, MAX_ATTACHMENTS, MAX_BLOCKS, VIEWS
from sandbox.blockkit.problem import Problem
from sandbox.blockkit.schema import List, Report, Surface, Tagged

MAX_VIEW_BYTES: Final = 250_000
"""250 KB; Slack does not say whether a kilobyte has 1,000 or 1,024 bytes: the stricter."""

_NESTED_BLOCKS: Final = {"container": "child_blocks", "carousel": "elements"}
_ELEMENT_PLACES: Final = ("element", "accessory", "elements", "actions")


def validate_blocks(blocks: object, surface: Surface) -> list[Problem]:
    """Find what Slack would refuse in the `blocks` of a message, a modal or a Home tab.

    Args:
        blocks: parsed JSON of any shape.
        surface: where the blocks are to be shown.

    Returns:
        The problems, with pointers from `/blocks`; empty if Slack would accept the blocks.

    """
    report = Report(surface)
    fewest = 0 if surface == "message" else 1
    List(ANY_BLOCK, MAX_BLOCKS[surface], fewest).check(blocks, "/blocks", report)
    _judge_together(blocks, "/blocks", report)
    return report.problems


def validate_view(view: object) -> list[Problem]:
    """Find what Slack would refuse in the `view` of views.open, push, update or publish.

    Args:
        view: parsed JSON of any shape.

    Returns:
        The problems, with pointers from `/view`; empty if Slack would accept the view. A view
        above 250 KB has the single problem `view_too_large`.

    """
    size = _size_in_bytes(view)
    if size > MAX_VIEW_BYTES:
        reason = f"must be less than {MAX_VIEW_BYTES + 1} bytes"
        constraint = {"type": "max_length", "expected": MAX_VIEW_BYTES, "got": size}
        return [Problem("view_too_large", reason, "/view", "view", constraint)]
    kind = view.get("type") if isinstance(view, dict) else None
    surface: Surface = "home" if kind == "home" else "modal"
    report = Report(surface)
    Tagged(VIEWS).check(view, "/view", report)
    if isinstance(view, dict) and kind in ("modal", "home"):
        _judge_together(view.get("blocks"), "/view/blocks", report)
        if kind == "modal" and "submit" not in view:
            _refuse_inputs(view.get("blocks"), report)
    return report.problems


def validate_attachments(attachments: object) -> list[Problem]:
    """Find what Slack would refuse in the `attachments` of a message.

    Args:
        attachments: parsed JSON of any shape.

    Returns:
        The problems, with pointers from `/attachments`; empty if Slack would accept them.

    """
    report = Report("message")
    List(ATTACHMENT, MAX_ATTACHMENTS).check(attachments, "/attachments", report)
    if isinstance(attachments, list):
        for index, attachment in enumerate(attachments[:MAX_ATTACHMENTS]):
            if isinstance(attachment, dict):
                pointer = f"/attachments/{index}/blocks"
                _judge_together(attachment.get("blocks"), pointer, report)
    return report.problems


def _size_in_bytes(view: object) -> int:
    try:
        written = json.dumps(view, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        # Nested deeper than any view of Slack's: as good as too large.
        return MAX_VIEW_BYTES + 1
    return len(written.encode("utf-8", "surrogatepass"))


def _judge_together(blocks: object, at: str, report: Report) -> None:
    walked = list(_every_block(blocks, at))
    _unique_block_ids(walked, report)
    _count_per_type(walked, report)
    _markdown_in_total(walked, at, report)
    _one_focus(walked, report)


def _every_block(blocks: object, at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Blocks with their pointers, parents before children; tables bar a third level."""
    for pointer, block in _objects(blocks, at):
        yield pointer, block
        kind = block.get("type")
        inside = _NESTED_BLOCKS.get(kind) if isinstance(kind, str) else None
        if inside is not None:
            yield from _objects(block.get(inside), f"{pointer}/{inside}")


def _objects(items: object, at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(items, list):
        for index, item in enumerate(items[: max(MAX_BLOCKS.values())]):
            if isinstance(item, dict):
                yield f"{at}/{index}", item


def _unique_block_ids(walked: list[tuple[str, dict[str, Any]]], report: Report) -> None:
    seen: set[str] = set()
    for pointer, block in walked:
        block_id = block.get("block_id")
        if not isinstance(block_id, str):
            continue
        if block_id in seen:
            reason = f"`block_id` {block_id} already exists for another block"
            report.failed(f"{pointer}/block_id", reason, "unique_items")
        seen.add(block_id)


def _count_per_type(walked: list[tuple[str, dict[str, Any]]], report: Report) -> None:
    for name, table in BLOCKS.items():
        if table.at_most is None:
            continue
        pointers = [pointer for pointer, block in walked if block.get("type") == name]
        for pointer in pointers[table.at_most :]:
            reason = f"no more than {table.at_most} `{name}` blocks allowed"
            got = len(pointers)
            report.failed(pointer, reason, "max_items", expected=table.at_most, got=got)


def _markdown_in_total(walked: list[tuple[str, dict[str, Any]]], at: str, report: Report) -> None:
    texts = [block.get("text") for _, block in walked if block.get("type") == "markdown"]
    total = sum(len(text) for text in texts if isinstance(text, str))
    # One block alone is judged by its own table.
    if len(texts) > 1 and total > MAX_MARKDOWN:
        reason = f"`markdown` blocks must be less than {MAX_MARKDOWN + 1} characters together"
        report.failed(at, reason, "max_length", expected=MAX_MARKDOWN, got=total)


def _one_focus(walked: list[tuple[str, dict[str, Any]]], report: Report) -> None:
    focused = [
        pointer
        for at, block in walked
        for place in _ELEMENT_PLACES
        for pointer, element in _elements(block.get(place), f"{at}/{place}")
        if element.get("focus_on_load") is True
    ]
    for pointer in focused[1:]:
        reason = "only one element can have `focus_on_load` set to true"
        report.failed(f"{pointer}/focus_on_load", reason, "max_items", expected=1, got=len(focused))


def _elements(value: object, at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        yield at, value
    yield from _objects(value, at)


def _refuse_inputs(blocks: object, report: Report) -> None:
    for pointer, block in _every_block(blocks, "/view/blocks"):
        if block.get("type") == "input":
            report.failed(pointer, "must define `submit` to use `input` block", "all_of")
            return
