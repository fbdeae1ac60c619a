"""The controls that filter and search comments, and how their state is read.

Menus act at once. Slack demands a submit button beside the field for words: it is "Search".
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from bot.blockkit.blocks import (
    OPTION_TEXT,
    SELECT_OPTIONS,
    Block,
    actions,
    field_input,
    option,
    select,
    text_input,
)
from bot.blockkit.text import shorten
from bot.insights.comments import CommentFilter, CommentsPage
from bot.insights.pure.words.themes import theme_labels
from bot.languages import DayStyle, _, write_day

FILTER: Final = "insights:comment_filter"
"""Prefix of the menus' ids."""
WORDS: Final = "insights:comment_words"
WORDS_LENGTH: Final = 100
_QUESTION: Final = f"{FILTER}:question"
_THEME: Final = f"{FILTER}:theme"
_MONTH: Final = f"{FILTER}:month"
_ANY: Final = "any"


def filter_fields(page: CommentsPage) -> list[Block]:
    """Return the menus and the field for words, with what is chosen now."""
    chosen = page.chosen
    questions = [(str(position), _(text)) for position, text in page.questions]
    months = [
        (month, write_day(date.fromisoformat(f"{month}-01"), DayStyle.MONTH))
        for month in page.months
    ]
    themes = [(key, _(label)) for key, label in theme_labels().items()]
    position = _ANY if chosen.position is None else str(chosen.position)
    menus = [
        _menu(_QUESTION, _("All questions"), questions, position),
        _menu(_THEME, _("All themes"), themes, chosen.theme),
        _menu(_MONTH, _("All months"), months, chosen.month),
    ]
    words = text_input(
        WORDS,
        max_length=WORDS_LENGTH,
        placeholder=_("meetings late"),
        initial=chosen.words or None,
    )
    return [
        actions(menus, FILTER),
        field_input(_("Search for words"), words, block_id=WORDS, optional=True),
    ]


def read_filter(view: Mapping[str, Any]) -> CommentFilter:
    """Return what is chosen in the comments' modal; unknown values count as no choice."""
    blocks = (view.get("state") or {}).get("values") or {}
    held = {name: element for block in blocks.values() for name, element in block.items()}
    question = _chosen(held.get(_QUESTION))
    theme = _chosen(held.get(_THEME))
    words = str((held.get(WORDS) or {}).get("value") or "")
    return CommentFilter(
        int(question) if question.removeprefix("-").isdecimal() else None,
        theme if theme in theme_labels() else "",
        _chosen(held.get(_MONTH)),
        " ".join(words[:WORDS_LENGTH].split()),
    )


def _menu(name: str, everything: str, values: Sequence[tuple[str, str]], chosen: str) -> Block:
    first = option(everything, _ANY)
    options = [first, *(option(shorten(label, OPTION_TEXT), value) for value, label in values)]
    options = options[:SELECT_OPTIONS]
    initial = next((each for each in options if each["value"] == chosen), first)
    return select("static_select", name, options=options, initial_option=initial)


def _chosen(element: Mapping[str, Any] | None) -> str:
    """Return a menu's chosen value; empty for everything."""
    value = str(((element or {}).get("selected_option") or {}).get("value") or "")
    return "" if value == _ANY else value
