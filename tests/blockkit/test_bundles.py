"""Messages that come as one: their parts are named, found and replaced."""

import pytest

from bot.blockkit.blocks import Block, Message, actions, button, section
from bot.blockkit.bundles import fitting, join, own_block_id, part_of, with_part


def message(text: str, blocks: int = 2) -> Message:
    made: list[Block] = [section(text) for _ in range(blocks - 1)]
    return Message(text, [*made, actions([button("Yes", "yes")], "row")])


ONE, TWO = message("One"), message("Two")


def texts(made: Message) -> list[str]:
    return [block["text"]["text"] for block in made.blocks if block["type"] == "section"]


def test_a_single_message_stays_as_it_is() -> None:
    assert join([("a", ONE)]) is ONE


def test_each_block_knows_its_part_and_its_own_id() -> None:
    joined = join([("a", ONE), ("b", TWO)])
    assert joined.text == "One\nTwo"
    ids = [block.get("block_id", "") for block in joined.blocks]
    assert [part_of(each) for each in ids] == ["a", "a", "", "b", "b"]
    assert [own_block_id(each) for each in ids] == ["0", "row", "", "0", "row"]
    assert (part_of("row"), own_block_id("row")) == ("", "row")
    assert len(set(ids)) == len(ids)


def test_one_part_is_replaced_and_can_be_replaced_again() -> None:
    shown = join([("a", ONE), ("b", TWO)]).blocks
    once = with_part(shown, "a", message("Thanks", blocks=4))
    assert texts(once) == ["Thanks", "Thanks", "Thanks", "Two"]
    twice = with_part(once.blocks, "a", Message("Done", [section("Done")]))
    assert texts(twice) == ["Done", "Two"]
    assert texts(with_part(twice.blocks, "b", message("Last"))) == ["Done", "Last"]


def test_a_part_that_is_no_longer_shown_changes_nothing() -> None:
    shown = join([("a", ONE), ("b", TWO)]).blocks
    assert with_part(shown, "gone", message("Lost")).blocks == shown


def test_a_simpler_form_replaces_the_part_in_simpler_forms() -> None:
    rich = Message("Rich", [section("Rich"), {"type": "table"}], [section("Plain")])
    joined = join([("a", rich), ("b", TWO)])
    assert [block["type"] for block in joined.plain or []] == [
        "section", "divider", "section", "actions",
    ]  # fmt: skip
    replaced = with_part(joined.blocks, "b", rich)
    assert replaced.plain
    assert replaced.plain[-1]["text"]["text"] == "Plain"


@pytest.mark.parametrize(
    ("sizes", "fit"),
    [([20, 20], 2), ([30, 30], 1), ([50], 1), ([16, 16, 16], 3), ([17, 17, 17], 2)],
)
def test_only_as_many_go_together_as_slack_takes(sizes: list[int], fit: int) -> None:
    parts = [(str(number), message("Text", size)) for number, size in enumerate(sizes)]
    assert fitting(parts) == fit
    join(parts[:fit])
