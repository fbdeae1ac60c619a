"""The plainer forms of a message say the same, and still have their buttons."""

from bot.blockkit.blocks import (
    MESSAGE_BLOCKS,
    Block,
    Message,
    actions,
    button,
    context,
    divider,
    header,
    section,
    verbatim,
)
from bot.blockkit.fallbacks import as_plain_text, fallbacks_of, simpler_blocks
from sandbox.blockkit.validate import validate_blocks

PRESS = button("Yes", "a:b", "1")
CHART = {"type": "data_visualization", "title": "Means", "chart": {"type": "pie"}}
RICH: list[Block] = [
    header("R&D *pulse*"),
    section("How are you?", button("Find a mentor", "c:d")),
    actions([PRESS]),
    divider(),
    CHART,
    context("Anonymous.", "Open until Friday."),
    verbatim("<as> *written*"),
]


def test_only_sections_and_actions_are_left_and_nothing_said_is_lost() -> None:
    blocks = simpler_blocks(RICH)
    assert {block["type"] for block in blocks} == {"section", "actions"}
    assert validate_blocks(blocks, "message") == []
    assert blocks[0]["text"]["text"] == "*R&amp;D ∗pulse∗*"
    assert blocks[2] == actions([button("Find a mentor", "c:d")])
    assert blocks[3] == actions([PRESS])
    assert blocks[4]["text"]["text"] == "Anonymous.\nOpen until Friday."


def test_forms_come_in_turn_and_none_comes_twice() -> None:
    simple = Message("Hi", [section("Hi")])
    assert fallbacks_of(simple) == [simple.blocks]
    charted = Message("Hi", RICH, [context("No chart.")])
    assert fallbacks_of(charted) == [RICH, [context("No chart.")], [section("No chart.")]]
    assert fallbacks_of(Message("Hi", [])) == []


def test_what_would_not_fit_in_a_message_is_no_form() -> None:
    message = Message("Many", [section("x", PRESS) for _ in range(MESSAGE_BLOCKS)])
    assert fallbacks_of(message) == [message.blocks]


def test_words_alone_still_tell_all() -> None:
    words = as_plain_text(Message("Short", RICH))
    for said in ("R&amp;D", "How are you?", "Anonymous.", "Open until Friday."):
        assert said in words
    assert as_plain_text(Message("Short", [])) == "Short"
    assert len(as_plain_text(Message("Short", [section("x" * 3000) for _ in range(9)]))) == 4000
