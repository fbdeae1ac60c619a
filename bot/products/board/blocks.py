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
from bot.blockkit.text import mention
from bot.insights import wording as figures
from bot.languages import _, _n, _p, marked, plural, write_number, write_sentence
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

TITLE: Final = marked("What we improve")
ITEMS_SHOWN: Final = 40
PURPOSE_LIMIT: Final = 400
NAME_LIMIT: Final = 200
NOTHING_WAITS: Final = marked("Nothing waits for a decision.")
_USED: Final = {
    OutcomeMeasure.MATCHED: marked("{people} found a mentor"),
    OutcomeMeasure.MEETINGS: marked("{meetings} held"),
}


def board_view(board: Board, said: str = "") -> View:
    """Show the products, each with its items and the latest figures of its drivers."""
    blocks: list[Block] = [section(f"*{said}*")] if said else []
    blocks += [_waiting(board), divider(), *(_product(each) for each in board.products)]
    if not any(each.scores for each in board.products):
        blocks.append(
            context(_("Figures appear here when a survey about these drivers has closed."))
        )
    if board.is_admin:
        blocks.append(
            actions([button(_("New product"), NEW_PRODUCT), button(_("Settings"), SETTINGS)])
        )
    return modal(_(TITLE), blocks, callback_id=BOARD)


def product_view(
    product: Product, items: Sequence[ItemLine], *, is_admin: bool, said: str = ""
) -> View:
    """Show one product with its figures and items."""
    owner = (
        _("Looked after by {owner}.").format(owner=mention(product.owner_id))
        if product.owner_id
        else _("Looked after by HR's admins together.")
    )
    blocks = [
        *([section(f"*{said}*")] if said else []),
        header(_(product.name)),
        section(f"{_purpose(product)}\n{owner}"),
        *_figures(product),
        divider(),
        *_items(items, _("No items yet. Attune proposes one when a figure stands out.")),
        actions(_product_buttons(product, is_admin=is_admin)),
    ]
    return modal(_(TITLE), blocks, callback_id=BOARD)


def items_view(items: Sequence[ItemLine], *, is_hr: bool, said: str = "") -> View:
    """Show what waits for a decision, or all that is about a manager's own teams."""
    nothing = _(NOTHING_WAITS) if is_hr else _("There is nothing about your team yet.")
    blocks = [*([section(f"*{said}*")] if said else []), *_items(items, nothing)]
    row = (
        [button(_("Back to the board"), BOARD)]
        if is_hr
        else [button(_("Write an item"), WRITE_ITEM)]
    )
    return modal(_(TITLE), [*blocks, actions(row)], callback_id=BOARD)


def _waiting(board: Board) -> Block:
    if not board.undecided:
        return section(f"{_(NOTHING_WAITS)} {_promise(board)}")
    text = _n(
        "*{count} item waits for a decision*",
        "*{count} items wait for a decision*",
        board.undecided,
    )
    if board.late:
        text = _("{waiting}, {late} longer than promised").format(
            waiting=text, late=write_number(board.late)
        )
    sentences = [write_sentence(text)]
    if board.homeless:
        homeless = write_number(board.homeless)
        sentences.append(_("No product serves {homeless} of them.").format(homeless=homeless))
    sentences.append(_promise(board))
    return section(" ".join(sentences), button(_("Show them"), TO_DECIDE))


def _promise(board: Board) -> str:
    return _("You decide within {days} days after results are published.").format(
        days=board.decision_days
    )


def _product(product: Product) -> Block:
    lines = [f"*{figures.short_text(_(product.name), NAME_LIMIT)}* {_counts(product)}"]
    lines += [figures.score_line(each) for each in product.scores]
    lines += _used(product.used)
    return section("\n".join(lines), button(_p("verb", "Open"), OPEN_PRODUCT, product.id))


def _counts(product: Product) -> str:
    counted = [
        f"{write_number(product.counts[state])} {_(wording.STATE_WORDS[state])}"
        for state in State
        if product.counts.get(state)
    ]
    return f"({', '.join(counted)})" if counted else _("(no items)")


def _purpose(product: Product) -> str:
    purpose = figures.short_text(_(product.purpose), PURPOSE_LIMIT)
    return purpose or _("No purpose is written down yet.")


def _figures(product: Product) -> list[Block]:
    lines = [figures.score_line(each) for each in product.scores] + _used(product.used)
    if not lines:
        return [context(_("Its drivers have no published figures yet."))]
    note = [context(figures.range_note(product.scores))] if product.scores else []
    return [*sections(lines, _("*Latest figures*")), *note]


def _used(used: Sequence[OutcomeFigure]) -> list[str]:
    """Say how much the product is used, as far as Attune sees it itself."""
    return [
        _(_USED[each.measure]).format(
            people=plural(round(each.value), "person", "people"),
            meetings=plural(round(each.value), "meeting"),
        )
        for each in used
    ]


def _items(items: Sequence[ItemLine], nothing: str) -> list[Block]:
    if not items:
        return [section(nothing)]
    blocks = [
        section(_item_text(each), button(_p("verb", "Open"), OPEN_ITEM, each.id))
        for each in items[:ITEMS_SHOWN]
    ]
    if more := len(items[ITEMS_SHOWN:]):
        blocks.append(context(_n("And {count} older one.", "And {count} older ones.", more)))
    return blocks


def _item_text(line: ItemLine) -> str:
    return f"*{wording.problem_words(line.problem)}*\n{wording.state_words(line)}"


def _product_buttons(product: Product, *, is_admin: bool) -> list[Block]:
    back = button(_("Back to the board"), BOARD)
    if not is_admin:
        return [back]
    return [
        button(_("Write an item"), WRITE_ITEM, product.id, style="primary"),
        button(_p("button", "Change"), CHANGE_PRODUCT, product.id),
        button(_("Merge or delete"), DELETE_PRODUCT, product.id),
        back,
    ]
