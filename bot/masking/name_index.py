"""The directory's names, prepared for looking up the words of a comment."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Final

from bot.masking.words import (
    SHORTEST_NAME,
    WORD,
    data,
    east_asian,
    forms_of,
    is_everyday,
    short_forms,
    untranscribed,
)

SHORTEST_JOINED: Final = 8
"""Letters of `mayalindqvist`; with fewer, first and last name together make other words."""
SHORTEST_PART: Final = 3
"""Letters of either of them."""
SHORTEST_COMPOUND: Final = 4
"""Letters of `obrien`."""
SHORTEST_CUT: Final = 3
"""Letters of a first name that stand for the whole, from the beginning; one more from the end."""
UNSPACED: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]+")
"""Scripts that put no space between a name and the next word: kana, Han, Hangul, Thai."""

_ASCII_WORD: Final = re.compile(r"[a-z]+")
_BESIDE_A_NAME: Final = re.compile(r"\([^)]*\)|\[[^\]]*\]|\s[-–|/•@]\s.*")
_HYPHEN: Final = re.compile(r"['’\-‐‑]")
_COMPOUND: Final = re.compile(rf"{WORD.pattern}(?:{_HYPHEN.pattern}{WORD.pattern})+")
_HAN: Final = re.compile(r"[\u3400-\u9fff]+")
_HAN_THEN_KANA: Final = re.compile(r"([\u3400-\u9fff]{1,3})([\u3040-\u30ff]{2,})")
_HANGUL: Final = re.compile(r"[\uac00-\ud7af]+")
_CYRILLIC: Final = "\u0400"
_FLEETING_VOWEL: Final = re.compile(r"[еоё](?=[лкцрн]$)")


@dataclass(frozen=True)
class Names:
    """The directory's names, folded, for looking up the words of a text."""

    words: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    """Parts that follow each other in somebody's name; the first and the last too."""
    stems: frozenset[str]
    """Cyrillic names without the ending that changes with their case."""
    unspaced: frozenset[str]
    """Names in scripts without spaces, and their parts."""
    surnames: frozenset[str]
    """Family names of one sign, which name somebody only before a title."""
    given: frozenset[str]
    """First names and their short forms."""
    by_start: tuple[str, ...]
    """First names, sorted, for those that begin like a word."""
    by_end: tuple[str, ...]
    """First names from behind, sorted."""
    initials: frozenset[str]
    """First letters of first and last names."""

    @classmethod
    def of(cls, names: Iterable[str]) -> "Names":
        """Take names and nicks as the directory writes them, such as `Ana Lucía Torres (she)`."""
        words: set[str] = set()
        pairs: set[tuple[str, str]] = set()
        foreign: set[str] = set()
        given: set[str] = set()
        initials: set[str] = set()
        for name in names:
            bare = _BESIDE_A_NAME.sub("", name)
            for parts in _ways_to_write(bare):
                words.update(parts)
                pairs.update(pairwise(parts))
                given.update(parts[: max(1, len(parts) - 1)])
                if len(parts) > 1:
                    first, last = parts[0], parts[-1]
                    initials.add(first[0] + last[0])
                    pairs.add((first, last))
            if _HYPHEN.search(bare):
                words.update(_compounds(bare))
            if not bare.isascii():
                foreign.update(UNSPACED.findall(bare))
                foreign.update(*_HAN_THEN_KANA.findall(bare))
        signs = [sign for word in words & east_asian().keys() for sign in east_asian()[word]]
        words.update(*(short_forms()[full] for full in words & short_forms().keys()))
        full_names = sorted(given - data("particles"))
        given.update(*(short_forms()[full] for full in given & short_forms().keys()))
        words.update([form for word in words for form in _other_spellings(word)])
        return cls(
            words=frozenset(w for w in words - data("particles") if len(w) >= SHORTEST_NAME),
            pairs=frozenset(pairs),
            stems=frozenset(stem for word in words if word > _CYRILLIC for stem in _stems(word)),
            unspaced=frozenset(
                form for part in (*foreign, *signs) for form in _unspaced_forms(part)
            ),
            surnames=frozenset(
                [
                    *(part[0] for part in foreign if _has_short_surname(part)),
                    *(sign for sign in signs if len(sign) == 1),
                ]
            ),
            given=frozenset(given - data("particles")),
            by_start=tuple(full_names),
            by_end=tuple(sorted(name[::-1] for name in full_names)),
            initials=frozenset(initials),
        )

    def shortens(self, form: str) -> bool:
        """Return True if a word begins or ends a longer first name: Dani, Seun of Oluwaseun."""
        return _begins(self.by_start, form, 2) or (
            len(form) > SHORTEST_CUT and _begins(self.by_end, form[::-1], SHORTEST_CUT + 1)
        )


def _begins(names: Sequence[str], form: str, more: int) -> bool:
    """Return True if one of the sorted names begins so and has some more letters."""
    at = bisect_left(names, form)
    while at < len(names) and names[at].startswith(form):
        if len(names[at]) >= len(form) + more:
            return True
        at += 1
    return False


def _ways_to_write(name: str) -> Collection[tuple[str, ...]]:
    """Return a name's folded parts, in each of the ways to fold them."""
    if name.isascii():
        return (tuple(_ASCII_WORD.findall(name.lower())),)
    parts = [forms_of(part) for part in WORD.findall(name)]
    if max(map(len, parts), default=1) == 1:
        return (tuple(form for (form,) in parts),)
    # One spelling of each part beside one of its neighbour; not the product of all parts.
    pairs = [ways for left, right in pairwise(parts) for ways in product(left, right)]
    ends = [*product(parts[0], parts[-1])] if len(parts) > 2 else []
    return [*((form,) for forms in parts for form in forms), *pairs, *ends]


def _compounds(name: str) -> Iterator[str]:
    """Return `obrien` for O'Brien and `annalena` for Anna-Lena."""
    for compound in _COMPOUND.findall(name):
        for parts in product(*map(forms_of, WORD.findall(compound))):
            joined = "".join(parts)
            if len(joined) >= SHORTEST_COMPOUND and not is_everyday(joined):
                yield joined


def _other_spellings(form: str) -> Iterator[str]:
    """Return `muller` for `mueller`, unless it is another word, and an Arabic name without `ال`."""
    if "ae" in form or "oe" in form or "ue" in form:
        short = untranscribed(form)
        if len(short) >= SHORTEST_COMPOUND and not is_everyday(short):
            yield short
    if form.startswith("ال") and len(form) > SHORTEST_COMPOUND:
        yield form[2:]


def _stems(form: str) -> Iterator[str]:
    """Return `ольг` for `ольга`, `чаиковск` for `чаиковскии` and `павл` for `павел`."""
    if form[0] > "\u04ff" or len(form) <= SHORTEST_NAME:
        return
    yield form[:-1] if form[-1] in "аеиоуыэюяьії" else form
    if form[-2:] in ("ии", "ыи", "ои", "ая", "яя"):
        yield form[:-2]
    if len(form) > SHORTEST_COMPOUND and _FLEETING_VOWEL.search(form):
        yield _FLEETING_VOWEL.sub("", form)


def _unspaced_forms(part: str) -> Iterator[str]:
    """Return a name and its parts: 田中 and 太郎, 伟明 of 王伟明, 민준 of 김민준."""
    if len(part) < SHORTEST_NAME:
        return
    yield part
    is_han = _HAN.fullmatch(part)
    if not 3 <= len(part) <= 4 or not (is_han or _HANGUL.fullmatch(part)):
        return
    yield part[1:]
    if is_han:
        yield part[:2]
    if len(part) == 4:
        yield part[2:]


def _has_short_surname(part: str) -> bool:
    return bool(_HAN.fullmatch(part) or _HANGUL.fullmatch(part)) and len(part) <= 3
