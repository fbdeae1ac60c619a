"""The board, one product on it, and lists of items."""

from collections.abc import Sequence
from typing import Final

from bot.blockkit.blocks import (
    Block,
    View,
    actions,
    button,
    context,
    divider,
    header,
    modal,
    section,
    sections,
)
from bot.blockkit.text import mention, plural
from bot.insights import wording as figures
from bot.mentoring.programme.outcomes import OutcomeFigure, OutcomeMeasure
from bot.products import wording
from bot.products.board.service import Board, Product
from bot.products.items.pure.states import State
from bot.products.items.reading import ItemLine

BOARD: Final = "products:board"
OPEN_PRODUCT: Final = "products:product"
OPEN_ITEM: Final = "products:item"
TO_DECIDE: Final = "products:to_decide"
NEW_PRODUCT: Final = "products:new"
CHANGE_PRODUCT: Final = "products:change"
DELETE_PRODUCT: Final = "products:delete"
WRITE_ITEM: Final = "products:write"
SETTINGS: Final = "products:settings"

TITLE: Final = "What we improve"
ITEMS_SHOWN: Final = 40
PURPOSE_LIMIT: Final = 400
NAME_LIMIT: Final = 200
NOTHING_WAITS: Final = "Nothing waits for a decision."
_USED: Final = {
    OutcomeMeasure.MATCHED: "{people} found a mentor",
    OutcomeMeasure.MEETINGS: "{meetings} held",
}


def board_view(board: Board, said: str = "") -> View:
    """Show the products, each with its items and the latest figures of its drivers."""
    blocks: list[Block] = [section(f"*{said}*")] if said else []
    blocks += [_waiting(board), divider(), *(_product(each) for each in board.products)]
    if not any(each.scores for each in board.products):
        blocks.append(context("Figures appear here when a survey about these drivers has closed."))
    if board.is_admin:
        blocks.append(actions([button("New product", NEW_PRODUCT), button("Settings", SETTINGS)]))
    return modal(TITLE, blocks, callback_id=BOARD)


def product_view(
    product: Product, items: Sequence[ItemLine], *, is_admin: bool, said: str = ""
) -> View:
    """Show one product with its figures and items."""
    owner = mention(product.owner_id) if product.owner_id else "HR's admins together"
    blocks = [
        *([section(f"*{said}*")] if said else []),
        header(product.name),
        section(f"{_purpose(product)}\nLooked after by {owner}."),
        *_figures(product),
        divider(),
        *_items(items, "No items yet. Attune proposes one when a figure stands out."),
        actions(_product_buttons(product, is_admin=is_admin)),
    ]
    return modal(TITLE, blocks, callback_id=BOARD)


def items_view(items: Sequence[ItemLine], *, is_hr: bool, said: str = "") -> View:
    """Show what waits for a decision, or all that is about a manager's own teams."""
    nothing = NOTHING_WAITS if is_hr else "There is nothing about your team yet."
    blocks = [*([section(f"*{said}*")] if said else []), *_items(items, nothing)]
    row = [button("Back to the board", BOARD)] if is_hr else [button("Write an item", WRITE_ITEM)]
    return modal(TITLE, [*blocks, actions(row)], callback_id=BOARD)


def _waiting(board: Board) -> Block:
    if not board.undecided:
        return section(f"{NOTHING_WAITS} {_promise(board)}")
    verb = "waits" if board.undecided == 1 else "wait"
    text = f"*{plural(board.undecided, 'item')} {verb} for a decision*"
    if board.late:
        text += f", {board.late} longer than promised"
    if board.homeless:
        text += f". No product serves {board.homeless} of them"
    return section(f"{text}. {_promise(board)}", button("Show them", TO_DECIDE))


def _promise(board: Board) -> str:
    return f"You decide within {board.decision_days} days after results are published."


def _product(product: Product) -> Block:
    lines = [f"*{figures.short_text(product.name, NAME_LIMIT)}* {_counts(product)}"]
    lines += [figures.score_line(each) for each in product.scores]
    lines += _used(product.used)
    return section("\n".join(lines), button("Open", OPEN_PRODUCT, product.id))


def _counts(product: Product) -> str:
    counted = [
        f"{product.counts[state]} {wording.STATE_WORDS[state]}"
        for state in State
        if product.counts.get(state)
    ]
    return f"({', '.join(counted)})" if counted else "(no items)"


def _purpose(product: Product) -> str:
    return figures.short_text(product.purpose, PURPOSE_LIMIT) or "No purpose is written down yet."


def _figures(product: Product) -> list[Block]:
    lines = [figures.score_line(each) for each in product.scores] + _used(product.used)
    if not lines:
        return [context("Its drivers have no published figures yet.")]
    note = [context(figures.range_note(product.scores))] if product.scores else []
    return [*sections(lines, "*Latest figures*"), *note]


def _used(used: Sequence[OutcomeFigure]) -> list[str]:
    """Say how much the product is used, as far as Attune sees it itself."""
    return [
        _USED[each.measure].format(
            people=plural(round(each.value), "person", "people"),
            meetings=plural(round(each.value), "meeting"),
        )
        for each in used
    ]


def _items(items: Sequence[ItemLine], nothing: str) -> list[Block]:
    if not items:
        return [section(nothing)]
    blocks = [
        section(_item_text(each), button("Open", OPEN_ITEM, each.id))
        for each in items[:ITEMS_SHOWN]
    ]
    if len(items) > ITEMS_SHOWN:
        blocks.append(context(f"And {len(items) - ITEMS_SHOWN} older ones."))
    return blocks


def _item_text(line: ItemLine) -> str:
    return f"*{wording.problem_words(line.problem)}*\n{wording.state_words(line)}"


def _product_buttons(product: Product, *, is_admin: bool) -> list[Block]:
    back = button("Back to the board", BOARD)
    if not is_admin:
        return [back]
    return [
        button("Write an item", WRITE_ITEM, product.id, style="primary"),
        button("Change", CHANGE_PRODUCT, product.id),
        button("Merge or delete", DELETE_PRODUCT, product.id),
        back,
    ]
