"""Which two of a wave's published comments a digest quotes. Pure."""

from collections.abc import Collection, Sequence
from typing import Final

from bot.insights.pure.words.themes import Term, themes_of

QUOTES: Final = 2
SHORTEST, LONGEST = 20, 140
"""Characters of a comment that says something and fits into a line or two."""


def choose_quotes(
    comments: Collection[str], themes: Sequence[str], added: Collection[Term] = ()
) -> tuple[str, ...]:
    """Return at most two comments: one about each of the first themes, then any others.

    `comments` were masked and released by the gate; `themes` are keys, the most important first.
    The choice depends on nothing but the texts, so it is the same each time. Comments without a
    letter, and those longer than two lines, are left out.
    """
    fitting = sorted(
        {" ".join(each.split()) for each in comments},
        key=lambda text: (len(text) < SHORTEST, len(text), text),
    )
    left = [each for each in fitting if len(each) <= LONGEST and any(map(str.isalpha, each))]
    chosen: list[str] = []
    about = {text: themes_of(text, added) for text in left}
    for theme in themes:
        chosen += [text for text in left if theme in about[text] and text not in chosen][:1]
    chosen += [text for text in left if text not in chosen]
    return tuple(chosen[:QUOTES])
