"""Which language is spoken now: that of whoever reads what is being written."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from operator import itemgetter
from types import MappingProxyType
from typing import Final

SOURCE: Final = "en"
"""The language of the texts in the code."""
LANGUAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        SOURCE: "English",
        "de": "Deutsch",
        "fr": "Français",
        "es": "Español",
        "pt_BR": "Português",
        "ja": "日本語",
    }
)
"""Their own names by code. The code is a locale's name and the name of a catalogue's folder."""

# A task and `asyncio.to_thread` copy the context, so what they start speaks the same language. A
# process pool does not: it calculates, and writes nothing that people see.
_current: ContextVar[str] = ContextVar("language", default=SOURCE)


def current_language() -> str:
    """Return the code of the language that is spoken now."""
    return _current.get()


def speak(language: str) -> None:
    """Write in this language, one of `LANGUAGES`, for the rest of the current task."""
    if language not in LANGUAGES:
        raise ValueError(f"there is no catalogue of {language!r}")
    _current.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Write in this language, one of `LANGUAGES`, until the block ends."""
    before = _current.get()
    speak(language)
    try:
        yield
    finally:
        _current.set(before)


def best_language(*wanted: str | None) -> str:
    """Return the first wanted language that there is, else English.

    Each is a tag such as `pt-PT` (RFC 5646), a locale's name such as `pt_BR`, or empty. Regions are
    not told apart: there is one catalogue for each language.
    """
    for tag in wanted:
        language = (tag or "").replace("-", "_").lower().partition("_")[0]
        for code in LANGUAGES:
            if code.partition("_")[0] == language:
                return code
    return SOURCE


def browsers_language(accepted: str) -> str:
    """Return the best language for a browser's `Accept-Language`, else English.

    https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4; weights such as `0.8` sort as text.
    """
    weighed = [part.partition(";q=") for part in accepted.replace(" ", "").split(",")]
    wanted = [(weight or "1", tag) for tag, _sign, weight in weighed]
    wanted.sort(key=itemgetter(0), reverse=True)
    # A weight of 0 means "not this one".
    return best_language(*(tag for weight, tag in wanted if weight.strip("0.")))
