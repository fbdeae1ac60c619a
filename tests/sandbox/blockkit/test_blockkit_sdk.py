"""What slack_sdk's own model classes write is accepted."""

from typing import Any

import pytest
from slack_sdk.models import blocks as sdk
from slack_sdk.models.blocks import Block, BlockElement
from slack_sdk.models.blocks.basic_components import RawNumberObject, RawTextObject
from slack_sdk.models.views import View

from sandbox.blockkit import examples, validate_blocks, validate_view
from sandbox.blockkit.blocks import BLOCKS
from sandbox.blockkit.elements import ELEMENTS
from tests.sandbox.blockkit.payload import problems_of

# slack_sdk 3.47 has no class for these.
WITHOUT_BLOCK_CLASS = {"data_visualization", "data_table"}
WITHOUT_ELEMENT_CLASS: set[str] = set()


@pytest.mark.parametrize("name", sorted(set(BLOCKS) - WITHOUT_BLOCK_CLASS))
def test_a_block_survives_the_sdk(name: str) -> None:
    known = {key: value for key, value in examples.BLOCKS[name].items() if key != "level"}
    # The SDK does not know these two of a card, and would drop them with a warning.
    known = {key: value for key, value in known.items() if key not in {"slack_icon", "subtext"}}
    if name == "carousel":
        known["elements"] = known["elements"][:1]
        known["elements"] = [{k: v for k, v in known["elements"][0].items() if k != "subtext"}]
    block = Block.parse(known)
    assert block is not None
    written = block.to_dict()
    assert written["type"] == name
    assert problems_of(written) == []


@pytest.mark.parametrize("name", sorted(set(ELEMENTS) - WITHOUT_ELEMENT_CLASS))
def test_an_element_survives_the_sdk(name: str) -> None:
    element = BlockElement.parse(dict(examples.ELEMENTS[name]))
    assert element is not None
    written = element.to_dict()
    assert written["type"] == name
    assert problems_of(examples.block_around(written), written) == []


def test_what_one_writes_with_the_sdk() -> None:
    written: list[dict[str, Any]] = [
        block.to_dict()
        for block in (
            sdk.SectionBlock(text="*Hello*", fields=["a", "b"]),
            sdk.HeaderBlock(text="Hello"),
            sdk.ContextBlock(elements=[sdk.MarkdownTextObject(text="_x_")]),
            sdk.ImageBlock(image_url="https://example.com/x.png", alt_text="x", title="X"),
            sdk.ActionsBlock(
                elements=[
                    sdk.ButtonElement(text="Yes", action_id="yes", value="1", style="primary"),
                    sdk.LinkButtonElement(text="Open", url="https://example.com", action_id="o"),
                    sdk.StaticSelectElement(
                        placeholder="Pick",
                        action_id="pick",
                        options=[sdk.Option(value="1", text="One")],
                        confirm=sdk.ConfirmObject(title="Sure?", text="Really"),
                    ),
                ]
            ),
            sdk.TableBlock(
                rows=[
                    [RawTextObject(text="a").to_dict()],
                    [RawNumberObject(value=1, text="1").to_dict()],
                ]
            ),
        )
    ]
    assert validate_blocks(written, "message") == []


def test_a_view_written_with_the_sdk() -> None:
    view = View(
        type="modal",
        callback_id="survey",
        title=sdk.PlainTextObject(text="Survey"),
        submit=sdk.PlainTextObject(text="Send"),
        blocks=[
            sdk.InputBlock(
                block_id="name",
                label="Name",
                element=sdk.PlainTextInputElement(action_id="name", max_length=80),
            )
        ],
    )
    assert validate_view(view.to_dict()) == []
