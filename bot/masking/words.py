"""Words as masking compares them: folded in each usual way, and what is known of them."""

import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources
from itertools import product
from typing import Any, Final

from bot.masking.scripts import in_latin

SHORTEST_NAME: Final = 2
INVISIBLE: Final = "\u00ad\u200b-\u200f\u2060\ufeff"
"""Soft hyphens and the like, which a copied name may hold."""
# Indic and Thai vowel signs are no letters to `re`; without them words would fall apart.
_SIGNS: Final = r"\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0dff\u0e00-\u0eff"
WORD: Final = re.compile(rf"(?:[^\W\d_]|[{_SIGNS}{INVISIBLE}])+")

_UNDECOMPOSED: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
_SPELT_OUT: Final = {"ä": "ae", "ö": "oe", "ø": "oe", "ü": "ue", "å": "aa"}
_MOST_SPELT_OUT: Final = 4
"""Letters a word that are folded both ways; no name has more, and each doubles the forms."""
_TRANSCRIBED: Final = re.compile("ae|oe|ue")


def fold(word: str) -> str:
    """Return a word in small letters and without accents, as names are compared."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.casefold().translate(_UNDECOMPOSED))
    return "".join(
        letter
        for letter in decomposed
        if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf"
    )


def forms_of(word: str) -> frozenset[str]:
    """Fold a word in each way: Müller is Mueller to some and Muller to others, Ø is O or OE."""
    if word.isascii():
        return frozenset((word.lower(),))
    small = unicodedata.normalize("NFKC", word).casefold()
    latin = [fold(each) for each in in_latin(small)]
    special = [letter for letter in _SPELT_OUT if letter in small][:_MOST_SPELT_OUT]
    if not special:
        return frozenset((fold(small), *latin))
    ways = product(*((letter, _SPELT_OUT[letter]) for letter in special))
    tables = ({ord(a): b for a, b in zip(special, chosen, strict=True)} for chosen in ways)
    return frozenset((*(fold(small.translate(table)) for table in tables), *latin))


def untranscribed(form: str) -> str:
    """Return what Mueller is to those who write Muller."""
    return _TRANSCRIBED.sub(lambda match: match.group()[0], form)


def is_everyday(form: str) -> bool:
    """Return True if a folded name has two letters or is a word of other use, too."""
    return (
        len(form) <= SHORTEST_NAME
        or form in data("everyday")
        or form in data("function_words")
        or is_word(form)
    )


def is_word(form: str) -> bool:
    """Return True if a folded word is one of the commoner English words, or its plural."""
    return form in _english() or (form.endswith("s") and form[:-1] in _english())


def is_noun(form: str) -> bool:
    """Return True if a folded word is one that is no verb and no plural, as `energy`."""
    return form in _nouns()


@cache
def _english() -> frozenset[str]:
    # From the Brill tagger's lexicon (MIT licence), without proper nouns, and words of offices.
    return frozenset(read("english.txt").split())


@cache
def _nouns() -> frozenset[str]:
    # The file's first paragraph.
    return frozenset(read("english.txt").partition("\n\n")[0].split())


@cache
def data(name: str) -> frozenset[str]:
    """Return one of the word lists in `words.toml` and `not_a_person.toml`."""
    return frozenset(_file()[name].split())


@cache
def short_forms() -> dict[str, list[str]]:
    """Return the short forms of first names."""
    return {full: short for full, *short in map(str.split, _file()["short_forms"])}


@cache
def east_asian() -> dict[str, list[str]]:
    """Return how family names in Latin letters are written in China, Japan and Korea."""
    together: dict[str, list[str]] = {}
    for latin, *signs in map(str.split, _file()["east_asian"]):
        together.setdefault(latin, []).extend(signs)
    return together


def is_first_name(form: str) -> bool:
    """Return True if a folded word is a usual first name and nothing else."""
    return form in _first_names()


@cache
def _first_names() -> frozenset[str]:
    known = {name for full, short in short_forms().items() for name in (full, *short)}
    return frozenset(
        name
        for name in known - data("places")
        if len(name) > SHORTEST_NAME and not is_everyday(name) and not is_word(name)
    )


@cache
def ordinary_uses() -> re.Pattern[str]:
    """Return what matches where an everyday word begins that can be no name."""
    return _uses("ordinary_uses")


@cache
def never_names() -> re.Pattern[str]:
    """Return what matches where an everyday word begins that is no name wherever it stands."""
    return _uses("never_names")


def _uses(name: str) -> re.Pattern[str]:
    uses = "|".join(_file()[name]).replace(" ", r"\s+")
    return re.compile(rf"(?:{uses})(?!\w)", re.IGNORECASE)


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(read("words.toml")) | tomllib.loads(read("not_a_person.toml"))


def read(file: str) -> str:
    """Return the text of a file beside this module."""
    return resources.files(__package__).joinpath(file).read_text("utf-8")
