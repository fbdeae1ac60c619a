"""Every text that a person sees, in the reader's language; docs/architecture.md has the convention.

Texts are looked up when they are shown, in GNU gettext catalogues, by their English wording:
https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html. What no catalogue holds, such
as HR's own questions, stays as it is.
"""

from bot.languages.current import (
    LANGUAGES,
    SOURCE,
    best_language,
    browsers_language,
    current_language,
    speak,
    speaking,
)
from bot.languages.formats import (
    DayStyle,
    within_sentence,
    write_clauses,
    write_day,
    write_list,
    write_number,
    write_percent,
    write_sentence,
    write_sentences,
    write_signed,
    write_weekday,
)
from bot.languages.lookup import _, _n, _p, marked, plural

__all__ = [
    "LANGUAGES",
    "SOURCE",
    "DayStyle",
    "_",
    "_n",
    "_p",
    "best_language",
    "browsers_language",
    "current_language",
    "marked",
    "plural",
    "speak",
    "speaking",
    "within_sentence",
    "write_clauses",
    "write_day",
    "write_list",
    "write_number",
    "write_percent",
    "write_sentence",
    "write_sentences",
    "write_signed",
    "write_weekday",
]
