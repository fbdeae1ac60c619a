"""The sandbox knows what Attune uses and nothing else, compared in both directions."""

import ast
import re
from collections.abc import Iterator

from slack_sdk.web.async_client import AsyncWebClient

import sandbox.api  # noqa: F401 - registers the methods
from sandbox.api.registry import METHODS
from sandbox.blockkit.blocks import BLOCKS, CHARTS
from sandbox.blockkit.elements import ELEMENTS
from tests.conftest import ROOT

CALLED_BY_OTHERS = {
    "auth.revoke": "tests uninstall the app with it",
    "dnd.info": "the attention budget will ask for it",
}
SOON = {
    **dict.fromkeys(("alert", "card", "carousel", "file", "image", "rich_text")),
    **dict.fromkeys(("overflow", "external_select")),
    **dict.fromkeys(("channels_select", "multi_channels_select")),
    "multi_conversations_select": None,
}
"""Blocks and elements that the next features send."""
ELEMENT = re.compile(r"\w+_(select|input|buttons)|datepicker|timepicker|checkboxes|overflow")
NOT_DRAWN = {"modal", "home", "plain_text", "mrkdwn", "raw_text", "url_verification"}


def nodes() -> Iterator[ast.AST]:
    """Yield every node of the code that runs in production."""
    for folder in ("bot", "scheduler"):
        for path in (ROOT / folder).rglob("*.py"):
            yield from ast.walk(ast.parse(path.read_text("utf-8")))


def methods_named() -> set[str]:
    """Return the Web API methods that the code calls through slack_sdk or names in a text."""
    attributes = {node.attr for node in nodes() if isinstance(node, ast.Attribute)}
    texts = {str(node.value) for node in nodes() if isinstance(node, ast.Constant)}
    written = {text.replace(".", "_") for text in texts if "." in text}
    names = {name for name in attributes | written if hasattr(AsyncWebClient, name)}
    helpers = {"api_call", "files_upload_v2"}
    return {n.replace("_", ".") for n in names - helpers if "_" in n and not n.startswith("_")}


def kinds_named() -> set[str]:
    """Return the types of blocks and elements in the dictionaries and selects that are built."""
    found: set[str] = set()
    for node in nodes():
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                is_type = isinstance(key, ast.Constant) and key.value == "type"
                if is_type and isinstance(value, ast.Constant):
                    found.add(str(value.value))
        elif isinstance(node, ast.Constant) and ELEMENT.fullmatch(str(node.value)):
            found.add(str(node.value))
    return found - NOT_DRAWN


def test_each_method_is_served_and_each_served_method_is_called() -> None:
    assert methods_named() | set(CALLED_BY_OTHERS) == set(METHODS)
    assert not methods_named() & set(CALLED_BY_OTHERS)


def test_each_block_and_element_is_known_and_each_known_one_is_sent() -> None:
    known = {*BLOCKS, *ELEMENTS}
    assert kinds_named() - set(CHARTS) <= known
    assert known - kinds_named() == set(SOON)
