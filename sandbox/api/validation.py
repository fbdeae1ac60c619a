"""Checks what an app wants shown, and names the faults as Slack does."""

import copy
import json
from typing import Any, Literal

from sandbox.api.errors import ApiError
from sandbox.api.registry import Call
from sandbox.blockkit import validate_attachments, validate_blocks, validate_view
from sandbox.elements import interactive_elements
from sandbox.ids import new_block_id
from sandbox.state import App, Json

Surface = Literal["message", "modal", "home"]


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


def checked_blocks(app: App, blocks: Any, surface: Surface = "message") -> list[Json]:
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
    if problems := validate_blocks(blocks, surface) if blocks else []:
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
        if any(problem.code == "view_too_large" for problem in problems):
            raise ApiError("view_too_large")
        messages = [f"[ERROR] {problem.message}" for problem in problems]
        raise ApiError("invalid_arguments", response_metadata={"messages": messages})
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


def checked_attachments(call: Call) -> list[Any]:
    """Return the attachments of a message. Raises ApiError."""
    attachments = call.json("attachments", "invalid_attachments") or []
    if problems := validate_attachments(attachments) if attachments else []:
        messages = [f"[ERROR] {problem.message}" for problem in problems]
        raise ApiError("invalid_attachments", response_metadata={"messages": messages})
    return list(attachments)
