"""What people read of decisions, and what HR's admins read of those that are late."""

from collections.abc import Sequence
from typing import Final

from bot.blockkit.blocks import Block, Message, actions, button, context, section, sections
from bot.languages import _, _n, marked, write_number, write_sentence
from bot.products import wording
from bot.products.board.blocks import BOARD, OPEN_ITEM
from bot.products.decisions.telling import CameOfIt, Told, Waiting
from bot.products.items.reading import ItemLine
from bot.products.supports.blocks import support_button

SHOWN: Final = 5
HEADING: Final = marked("*What came of it*")
WAITING_HEADING: Final = marked("*What waits for an answer*")
OPEN_BOARD: Final = marked("Open the board")


def told_message(told: Told) -> Message:
    """Tell somebody who was asked what was decided."""
    lines = told_words(told)
    text = _("You said: {problem}. This is what comes of it.").format(
        problem=wording.problem_words(told.problem)
    )
    return Message(
        text, [*sections(lines), context(_("Everybody who was asked gets this message."))]
    )


def told_words(told: Told) -> list[str]:
    """Write a decision as lines of mrkdwn."""
    return wording.told_lines(
        told.problem, told.state, told.until, told.reason, from_people=told.from_people
    )


def came_of_it_blocks(found: CameOfIt) -> list[Block]:
    """Show the latest decisions, and what waits for one; empty if there is neither."""
    entries = ["\n".join(told_words(each)) for each in found.decisions[:SHOWN]]
    if more := len(found.decisions[SHOWN:]):
        entries.append(_more(more))
    decided = sections([f"{each}\n" for each in entries], _(HEADING)) if entries else []
    return [*decided, *_waiting_blocks(found.waiting)]


def _waiting_blocks(waiting: Sequence[Waiting]) -> list[Block]:
    """Show what waits for a decision, each with a button to support it."""
    if not waiting:
        return []
    blocks = [
        section(_(WAITING_HEADING)),
        *(
            section(
                _waiting_words(each), support_button(each.item_id) if each.may_support else None
            )
            for each in waiting[:SHOWN]
        ),
    ]
    if more := len(waiting[SHOWN:]):
        blocks.append(context(_more(more)))
    return blocks


def _more(more: int) -> str:
    return _("And {more} more.").format(more=write_number(more))


def _waiting_words(waiting: Waiting) -> str:
    sentences = [wording.said_words(waiting.problem, from_people=waiting.from_people)]
    if waiting.is_unanswered:
        asked = _n(
            "Asked {count} day ago, no answer yet.",
            "Asked {count} days ago, no answer yet.",
            waiting.days,
        )
        sentences.append(asked)
    if waiting.supporters:
        sentences.append(write_sentence(wording.support_words(waiting.supporters)))
    return " ".join(sentences)


def late_blocks(late: Sequence[ItemLine]) -> list[Block]:
    """Show HR what it has not decided in time, with a button; empty if there is nothing."""
    if not late:
        return []
    lines = [
        f"• *{wording.problem_words(each.problem)}*: {wording.waiting_words(each)}"
        for each in late[:SHOWN]
    ]
    if more := len(late[SHOWN:]):
        lines.append(_more(more))
    heading = f"*{_late_words(late)}*"
    return [*sections(lines, heading), actions([button(_(OPEN_BOARD), BOARD, style="primary")])]


def late_message(late: Sequence[ItemLine]) -> Message:
    """Remind an HR admin of decisions that are late."""
    notes = _(
        "Only HR's admins get this reminder. After twice the promised time, everybody sees that "
        "the answer is missing. “We won't, because …” is an answer, too."
    )
    return Message(write_sentence(_late_words(late)), [*late_blocks(late), context(notes)])


def _late_words(late: Sequence[ItemLine]) -> str:
    return _n(
        "{count} decision is later than promised",
        "{count} decisions are later than promised",
        len(late),
    )


def owner_message(problem: str, item_id: str | None) -> Message:
    """Tell somebody that an item is theirs to look after, because its owner left.

    `item_id` is None for somebody who may not open it, because figures stand behind it.
    """
    text = _(
        "*{problem}*: whoever looked after this has left, so it comes to you. "
        "If somebody else fits better, please tell an HR admin: `/pulse "
        "admins` lists them."
    ).format(problem=wording.problem_words(problem))
    row = [actions([button(_("Open it"), OPEN_ITEM, item_id)])] if item_id else []
    return Message(_("Something to improve comes to you."), [section(text), *row])
