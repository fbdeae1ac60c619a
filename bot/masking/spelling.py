"""Other ways in which people write a name: cases, pet forms, misprints."""

import re
from collections.abc import Collection, Iterator
from itertools import islice, product
from string import ascii_lowercase
from typing import Final

from bot.masking.words import SHORTEST_NAME, data, is_everyday, is_word

SHORTEST_MISSPELT: Final = 5
"""Letters of a name that is known with a misprint; shorter ones are one letter from many words."""

_SHORTEST_CASED: Final = 4
_LONGEST_ENDING: Final = 6
_VOWELS: Final = frozenset("aeiouy")
_DROPPED: Final = ("a", "e", "i", "o", "y", "s", "as", "is", "us", "os")
"""What a name loses before another ending: Ewy of Ewa, Kosta of Kostas, Berzina of Berzins."""
_SOFTENED: Final = (
    ("c", "ka"), ("c", "ta"), ("dz", "ga"), ("dz", "da"), ("rz", "r"), ("rz", "ra"), ("sz", "cha"),
    ("z", "ha"), ("sk", "siek"),
)  # fmt: skip
"""Lence of Lenka, Marcie of Marta, Oldze of Olga, Piotrze of Piotr."""
_OF_NEN: Final = frozenset(
    ["sen", "sta", "selle", "sella", "selta", "sesta", "seen", "sessa", "sena", "seksi"]
)
_DOUBLED: Final = re.compile(r"(?:([b-df-hj-np-tv-z])\1|c(cs)|g(gy)|n(ny)|s(sz)|z(zs)|t(ty))[ae]l$")
"""Hungarian "with": Eszterrel, Kovaccsal."""
_STRETCHED: Final = re.compile(r"(.)\1{2,}")
_SOUNDS: Final = {
    "ph": ("f",), "f": ("ph", "v"), "ck": ("k",), "ch": ("k", "c", "tch"), "c": ("k", "ch", "s"),
    "k": ("c", "ch", "ck"), "y": ("i", "j"), "i": ("y", "j"), "j": ("y", "i"), "v": ("w", "f"),
    "w": ("v",), "z": ("s",), "s": ("z",), "th": ("t",), "t": ("th",), "x": ("ks",), "ks": ("x",),
    "kh": ("h",), "h": ("kh",), "sh": ("sch", "s"), "sch": ("sh",), "ts": ("tz", "z"),
    "ia": ("ya",),
}  # fmt: skip
_SOUND: Final = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_MOST_SOUNDS: Final = 64


def bases(form: str) -> Iterator[str]:
    """Yield the words whose case, plural or pet form a folded Latin word may be.

    Krzysztofem, Kowalskiego, Pawła, Annát, Eszterrel, Mehmetten, Mikolle, Jürgens, Carlinhos.
    """
    if form[-1] in _VOWELS and len(form) >= _SHORTEST_CASED:
        yield form + "s"
    doubled = _DOUBLED.search(form)
    if doubled:
        yield form[: doubled.start()] + (doubled[doubled.lastindex or 0])
    for length in range(1, min(_LONGEST_ENDING, len(form) - SHORTEST_NAME) + 1):
        stem, ending = form[:-length], form[-length:]
        if ending in _OF_NEN:
            yield stem + "nen"
        if ending in data("latin_endings"):
            yield from _whole(stem)


def _whole(stem: str) -> Iterator[str]:
    """Yield a stem and its forms before other endings."""
    yield stem
    for dropped in _DROPPED:
        yield stem + dropped
    last, before = stem[-1], stem[-2]
    if last in _VOWELS:
        yield stem + "h"
    if last not in _VOWELS and before not in _VOWELS:
        yield f"{stem[:-1]}e{last}"
        yield f"{stem[:-1]}ie{last}"
    if last in _VOWELS and before in "kpt":
        yield f"{stem[:-1]}{stem[-2:]}"
    for soft, hard in _SOFTENED:
        if stem.endswith(soft):
            yield stem[: -len(soft)] + hard


def is_case_of(form: str, words: Collection[str], *, has_capital: bool) -> bool:
    """Return True if a word that is no English word is another form of one of the names."""
    if not form.isascii() or len(form) < _SHORTEST_CASED - has_capital or is_word(form):
        return False
    shortest = SHORTEST_NAME + 1 if has_capital else _SHORTEST_CASED
    return any(
        base in words
        and len(base) >= shortest
        and (
            not is_everyday(base)
            or (has_capital and len(form) > len(base) and len(form) > _SHORTEST_CASED)
        )
        for base in bases(form)
    )


def is_near(form: str, words: Collection[str]) -> bool:
    """Return True if a word is one of the names with one misprint, or written as it sounds."""
    if not form.isascii():
        return False
    long = len(form) >= SHORTEST_MISSPELT
    if any(each in words and not is_everyday(each) for each in _sounding_like(form)):
        return len(form) > SHORTEST_NAME + 1
    return long and any(
        each in words and len(each) >= SHORTEST_MISSPELT and not is_everyday(each)
        for each in _one_edit_from(form)
    )


def misspelt(form: str, words: Collection[str]) -> set[str]:
    """Return the names that a word may be with one misprint, however short they are."""
    if not form.isascii():
        return set()
    return {each for each in (*_sounding_like(form), *_one_edit_from(form)) if each in words}


def _sounding_like(form: str) -> Iterator[str]:
    pieces: list[tuple[str, ...]] = []
    position = 0
    for match in _SOUND.finditer(form):
        pieces += [(form[position : match.start()],), (match.group(), *_SOUNDS[match.group()])]
        position = match.end()
    return map("".join, islice(product(*pieces, (form[position:],)), 1, _MOST_SOUNDS))


def _one_edit_from(form: str) -> Iterator[str]:
    """Yield each word with one letter added, removed, replaced or swapped."""
    for at in range(len(form) + 1):
        left, right = form[:at], form[at:]
        if right:
            yield left + right[1:]
        if len(right) > 1:
            yield f"{left}{right[1]}{right[0]}{right[2:]}"
        for letter in ascii_lowercase:
            yield f"{left}{letter}{right}"
            if right:
                yield f"{left}{letter}{right[1:]}"


def unstretched(form: str) -> Iterator[str]:
    """Return `katherine` for `katherineee`."""
    if _STRETCHED.search(form):
        yield _STRETCHED.sub(r"\1", form)
        yield _STRETCHED.sub(r"\1\1", form)
