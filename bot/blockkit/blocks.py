"""Block Kit as plain dicts, with Slack's limits checked where a block is built.

If one of our own texts is too long, that is a bug and raises ValueError. Callers refuse texts from
people at their field or shorten them first.
https://docs.slack.dev/reference/block-kit
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.blockkit.text import shorten
from bot.languages import _

Block = dict[str, Any]
View = dict[str, Any]
Style = Literal["primary", "danger"]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_TEXT = 4000
SECTION_TEXT = 3000
HEADER_TEXT = 150
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
OPTION_TEXT = 75
OPTION_VALUE = 150
SELECT_OPTIONS = 100
LABEL_TEXT = 2000
PLACEHOLDER_TEXT = 150
INPUT_TEXT = 3000
TITLE_TEXT = 24
ACTIONS_ELEMENTS = 25
CONTEXT_ELEMENTS = 10
PRIVATE_METADATA = 3000
ID_TEXT = 255


@dataclass(frozen=True)
class Message:
    """A message: its blocks, the text for notifications, and simpler blocks.

    `plain` is sent if a workspace refuses one of the newer blocks.
    """

    text: str
    blocks: list[Block]
    plain: list[Block] | None = None
    metadata: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the limits of a whole message."""
        _fits(self.text, MESSAGE_TEXT, "message text")
        for blocks in (self.blocks, self.plain or []):
            if len(blocks) > MESSAGE_BLOCKS:
                raise ValueError(f"a message holds at most {MESSAGE_BLOCKS} blocks")


def _fits(text: str, limit: int, what: str) -> str:
    if not text:
        raise ValueError(f"{what} is empty")
    if len(text) > limit:
        raise ValueError(f"{what} has {len(text)} characters, at most {limit} fit")
    return text


def plain_text(text: str, limit: int, what: str) -> Block:
    """Build a plain_text object; emoji codes such as :wave: are shown as emoji."""
    return {"type": "plain_text", "text": _fits(text, limit, what), "emoji": True}


def mrkdwn(text: str, limit: int = SECTION_TEXT) -> Block:
    """Build a mrkdwn object; texts from people must be escaped first."""
    return {"type": "mrkdwn", "text": _fits(text, limit, "mrkdwn text")}


def header(text: str) -> Block:
    """Build a header, at most 150 characters."""
    return {"type": "header", "text": plain_text(text, HEADER_TEXT, "header")}


def section(text: str, accessory: Block | None = None, block_id: str | None = None) -> Block:
    """Build a section of mrkdwn, at most 3,000 characters, with an element on its right."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if accessory:
        block["accessory"] = accessory
    return _with_id(block, block_id)


def sections(lines: Sequence[str], heading: str = "") -> list[Block]:
    """Build as few sections as possible for all the lines of mrkdwn, the heading above the first.

    A single line has at most 3,000 characters.
    """
    texts: list[str] = []
    for line in [heading, *lines] if heading else lines:
        if texts and len(texts[-1]) + 1 + len(line) <= SECTION_TEXT:
            texts[-1] += f"\n{line}"
        else:
            texts.append(line)
    return [section(text) for text in texts]


def verbatim(text: str) -> Block:
    """Build a section that shows up to 3,000 characters as they were written."""
    return {
        "type": "section",
        "text": {
            "type": "plain_text",
            "text": _fits(text, SECTION_TEXT, "section text"),
            "emoji": False,
        },
    }


def context(*texts: str) -> Block:
    """Build a line of small grey mrkdwn texts, at most ten."""
    if len(texts) > CONTEXT_ELEMENTS:
        raise ValueError(f"a context holds at most {CONTEXT_ELEMENTS} texts")
    return {"type": "context", "elements": [mrkdwn(text) for text in texts]}


def divider() -> Block:
    """Build a thin line."""
    return {"type": "divider"}


def actions(elements: Sequence[Block], block_id: str | None = None) -> Block:
    """Build a row of buttons and selects, at most 25."""
    if not 1 <= len(elements) <= ACTIONS_ELEMENTS:
        raise ValueError(f"an actions block holds 1 to {ACTIONS_ELEMENTS} elements")
    return _with_id({"type": "actions", "elements": list(elements)}, block_id)


def button(
    text: str,
    action_id: str,
    value: str | None = None,
    *,
    style: Style | None = None,
    url: str | None = None,
    spoken: str | None = None,
    confirm: Block | None = None,
) -> Block:
    """Build a button; screen readers say `spoken` instead of the text."""
    element: Block = {
        "type": "button",
        "text": plain_text(text, BUTTON_TEXT, "button text"),
        "action_id": _fits(action_id, ID_TEXT, "action_id"),
    }
    if value is not None:
        element["value"] = _fits(value, BUTTON_VALUE, "button value")
    if style:
        element["style"] = style
    if url:
        element["url"] = url
    if spoken:
        element["accessibility_label"] = _fits(spoken, BUTTON_TEXT, "accessibility label")
    if confirm:
        element["confirm"] = confirm
    return element


def confirmation(title: str, text: str, *, yes: str, no: str) -> Block:
    """Build the dialog that Slack shows before a press counts."""
    return {
        "title": plain_text(title, 100, "confirm title"),
        "text": plain_text(text, 300, "confirm text"),
        "confirm": plain_text(yes, 30, "confirm button"),
        "deny": plain_text(no, 30, "deny button"),
    }


def option(text: str, value: str, description: str | None = None) -> Block:
    """Build an option of a select, checkbox group or radio group."""
    choice: Block = {
        "text": plain_text(text, OPTION_TEXT, "option text"),
        "value": _fits(value, OPTION_VALUE, "option value"),
    }
    if description:
        choice["description"] = plain_text(description, OPTION_TEXT, "option description")
    return choice


def select(
    kind: str,
    action_id: str,
    *,
    placeholder: str | None = None,
    options: Sequence[Block] = (),
    option_groups: Sequence[tuple[str, Sequence[Block]]] = (),
    **rest: Any,
) -> Block:
    """Build any select, radio or checkbox element; `rest` holds fields such as initial_option."""
    if len(options) > SELECT_OPTIONS or len(option_groups) > SELECT_OPTIONS:
        raise ValueError(f"a select holds at most {SELECT_OPTIONS} options")
    element: Block = {"type": kind, "action_id": action_id, **rest}
    if placeholder:
        element["placeholder"] = plain_text(placeholder, PLACEHOLDER_TEXT, "placeholder")
    if options:
        element["options"] = list(options)
    if option_groups:
        element["option_groups"] = [
            {"label": plain_text(label, OPTION_TEXT, "group label"), "options": list(choices)}
            for label, choices in option_groups
        ]
    return element


def long_select(kind: str, action_id: str, options: Sequence[Block], placeholder: str) -> Block:
    """Build a select of up to 10,000 options, in groups if there are more than a hundred."""
    if len(options) <= SELECT_OPTIONS:
        return select(kind, action_id, placeholder=placeholder, options=options)
    pieces = [
        options[start : start + SELECT_OPTIONS] for start in range(0, len(options), SELECT_OPTIONS)
    ]
    groups = [(_span(piece), piece) for piece in pieces[:SELECT_OPTIONS]]
    return select(kind, action_id, placeholder=placeholder, option_groups=groups)


def _span(piece: Sequence[Block]) -> str:
    first, last = (shorten(str(each["text"]["text"]), 30) for each in (piece[0], piece[-1]))
    return _("{first} to {last}").format(first=first, last=last)


def text_input(
    action_id: str,
    *,
    max_length: int = INPUT_TEXT,
    multiline: bool = False,
    placeholder: str | None = None,
    initial: str | None = None,
) -> Block:
    """Build a text field; Slack's client stops people at `max_length`."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": action_id,
        "multiline": multiline,
        "max_length": max_length,
    }
    if placeholder:
        element["placeholder"] = plain_text(placeholder, PLACEHOLDER_TEXT, "placeholder")
    if initial:
        element["initial_value"] = initial
    return element


def field_input(
    label: str,
    element: Block,
    *,
    block_id: str,
    hint: str | None = None,
    optional: bool = False,
    dispatch: bool = False,
) -> Block:
    """Build a labelled field of a modal; its `block_id` is the field's id in FieldErrors."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain_text(label, LABEL_TEXT, "label"),
        "element": element,
        "optional": optional,
    }
    if hint:
        block["hint"] = plain_text(hint, LABEL_TEXT, "hint")
    if dispatch:
        block["dispatch_action"] = True
    return block


def modal(
    title: str,
    blocks: Sequence[Block],
    *,
    callback_id: str,
    submit: str | None = None,
    close: str | None = None,
    private_metadata: str = "",
    notify_on_close: bool = False,
) -> View:
    """Build a modal; title, submit and close have at most 24 characters."""
    if len(blocks) > VIEW_BLOCKS:
        raise ValueError(f"a modal holds at most {VIEW_BLOCKS} blocks")
    view: View = {
        "type": "modal",
        "title": plain_text(title, TITLE_TEXT, "title"),
        "close": plain_text(close or _("Close"), TITLE_TEXT, "close"),
        "callback_id": callback_id,
        "blocks": list(blocks),
        "notify_on_close": notify_on_close,
    }
    if submit:
        view["submit"] = plain_text(submit, TITLE_TEXT, "submit")
    if private_metadata:
        view["private_metadata"] = _fits(private_metadata, PRIVATE_METADATA, "private_metadata")
    return view


def _with_id(block: Block, block_id: str | None) -> Block:
    if block_id:
        block["block_id"] = block_id
    return block
