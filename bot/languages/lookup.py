"""Looks texts up in the catalogue of the current language."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.languages.current import SOURCE, current_language
from bot.languages.formats import write_number

DOMAIN = "attune"


def _(message: str) -> str:
    """Return a text in the current language; its `{names}` are still to be filled in.

    The argument is a literal, or a constant that is `marked`.
    """
    # The empty text is the key of a catalogue's header.
    return translations(current_language()).gettext(message) if message else ""


def _p(context: str, message: str) -> str:
    """Return a text that needs its context to be translated, such as "verb" for "Open"."""
    return translations(current_language()).pgettext(context, message)


def _n(one: str, many: str, count: int) -> str:
    """Return the text for a number of things, with `{count}` filled in.

    Both texts contain `{count}`; other names are still to be filled in.
    """
    text = translations(current_language()).ngettext(one, many, count)
    return text.replace("{count}", write_number(count))


def plural(count: int, noun: str, nouns: str | None = None) -> str:
    """Return a count with its noun: `1 person`, `3 people`, `1,200 answers`.

    It is for lists and for subjects of sentences; elsewhere a noun may need another form, so that
    the whole sentence goes through `_n`.
    """
    return _n(f"{{count}} {noun}", f"{{count}} {nouns or f'{noun}s'}", count)


def marked(message: str, _context: str = "") -> str:
    """Return the text as it is, and have it put into the catalogues.

    It marks constants and data, whose language is not known yet: `_` looks them up where they are
    shown, or `_p` if there is a context.
    """
    return message


@cache
def translations(language: str) -> NullTranslations:
    """Return a language's catalogue, read from its .po file so that no compiled copy is stale."""
    if language == SOURCE:
        return NullTranslations()
    path = resources.files(__package__).joinpath(
        "catalogues", language, "LC_MESSAGES", f"{DOMAIN}.po"
    )
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
