"""The form in which HR adds a word to a theme, or removes one of its own words."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.blockkit.blocks import (
    SECTION_TEXT,
    View,
    context,
    field_input,
    modal,
    option,
    select,
    text_input,
    verbatim,
)
from bot.blockkit.form_state import FormState
from bot.errors import FieldErrors
from bot.insights.pure.words.themes import Term, theme_labels
from bot.languages import _, _n, marked

ADD_TERM: Final = "insights:add_term"
"""Id of the button that opens the form."""
TERM_FORM: Final = "insights:term_form"
WORD_FIELD: Final = "insights:term_word"
THEME_FIELD: Final = "insights:term_theme"
TERM_LENGTH: Final = 60
_REMOVE: Final = "-"

HOW: Final = marked(
    "Comments with this word count towards the theme from the next round on. Rounds that are "
    "published stay as they are."
)
NO_WORD: Final = marked(
    "Please write a word or phrase of at least two letters, a * only at its end."
)


def term_form(position: str, terms: Sequence[Term]) -> View:
    """Return the form; `position` is the page of comments to return to."""
    labels = {key: _(label) for key, label in theme_labels().items()}
    options = [option(label, key) for key, label in labels.items()]
    blocks = [
        context(_(HOW)),
        field_input(
            _("Word or phrase"),
            text_input(WORD_FIELD, max_length=TERM_LENGTH, placeholder=_("badge reader*")),
            block_id=WORD_FIELD,
            hint=_("A * at the end stands for any ending."),
        ),
        field_input(
            _("Theme"),
            select(
                "static_select",
                THEME_FIELD,
                placeholder=_("Choose a theme"),
                options=[*options, option(_("None: remove this word of ours"), _REMOVE)],
            ),
            block_id=THEME_FIELD,
        ),
    ]
    if terms:
        own = [f"{term.text} ({labels.get(term.theme, term.theme)})" for term in terms]
        blocks.append(verbatim(_own_words(own)))
    return modal(
        _("Add a word to a theme"),
        blocks,
        callback_id=TERM_FORM,
        submit=_("Save"),
        close=_("Cancel"),
        private_metadata=position,
    )


def _own_words(words: Sequence[str]) -> str:
    """List words as far as there is room, and count the rest."""
    text = f"{_('Your own words:')} "
    for number, word in enumerate(words):
        rest = _n("and {count} more", "and {count} more", len(words) - number)
        if len(text) + len(word) + len("; ") + len(rest) > SECTION_TEXT:
            return text + rest
        text += word if word is words[-1] else f"{word}; "
    return text


def read_term(view: Mapping[str, Any]) -> tuple[str, str | None]:
    """Return the word, and its theme's key or None to remove it; raise FieldErrors."""
    state = FormState(view)
    text = " ".join(state.one(WORD_FIELD).lower().replace("’", "'").split())
    stem = text.removesuffix("*")
    if sum(letter.isalnum() for letter in stem) < 2 or "*" in stem or len(text) > TERM_LENGTH:
        raise FieldErrors({WORD_FIELD: _(NO_WORD)})
    theme = state.one(THEME_FIELD)
    return text, theme if theme in theme_labels() else None
