"""Checks what an app wants shown, and names the faults as Slack does."""

import copy
import json
from typing import Any

from sandbox.api.errors import ApiError, invalid_arguments
from sandbox.api.registry import Call
from sandbox.blockkit import validate_blocks, validate_view
from sandbox.blockkit.validate import VIEW_TOO_LARGE
from sandbox.elements import interactive_elements
from sandbox.ids import new_block_id
from sandbox.state import App, Json


def refused_types(app: App, blocks: list[Json]) -> list[str]:
    """Return sentences about the blocks that this workspace does not know."""
    return [
        f"unsupported type: {block['type']} [json-pointer:/blocks/{index}/type]"
        for index, block in enumerate(blocks)
        if block.get("type") in app.refuses_blocks
    ]


def invalid_blocks(messages: list[str]) -> ApiError:
    """Return the error for blocks that can't be shown."""
    return ApiError(
        "invalid_blocks",
        errors=messages,
        response_metadata={"messages": [f"[ERROR] {message}" for message in messages]},
    )


def checked_blocks(app: App, blocks: Any) -> list[Json]:
    """Return the blocks of a message as they will be kept. Raises ApiError."""
    if isinstance(blocks, str):
        try:
            blocks = json.loads(blocks) if blocks else []
        except ValueError as error:
            raise ApiError("invalid_blocks_format") from error
    if blocks is None:
        return []
    if not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format")
    if problems := validate_blocks(blocks, "message") if blocks else []:
        raise invalid_blocks([problem.message for problem in problems])
    if refused := refused_types(app, blocks):
        raise invalid_blocks(refused)
    return with_ids(blocks)


def checked_view(call: Call) -> Json:
    """Return the view of a call as it will be kept. Raises ApiError."""
    view = call.json("view", "invalid_arguments")
    return check_view(call.app, view)


def check_view(app: App, view: Any) -> Json:
    """Return a view as it will be kept. Raises ApiError."""
    if problems := validate_view(view):
        if any(problem.reason == VIEW_TOO_LARGE for problem in problems):
            raise ApiError("view_too_large")
        raise invalid_arguments(*(problem.message for problem in problems))
    if refused := refused_types(app, view["blocks"]):
        raise invalid_blocks(refused)
    kept: Json = copy.deepcopy(view)
    kept["blocks"] = with_ids(kept["blocks"])
    return kept


def with_ids(blocks: list[Json]) -> list[Json]:
    """Return a copy of the blocks in which each block and element has an id."""
    kept = copy.deepcopy(blocks)
    for block in kept:
        if not block.get("block_id"):
            block["block_id"] = new_block_id()
        for element in interactive_elements(block):
            if not element.get("action_id"):
                element["action_id"] = new_block_id()
    return kept
