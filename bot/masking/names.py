"""Finds the directory's names in a comment, and tells them from everyday words."""

import re
from collections.abc import Iterable, Iterator
from itertools import product
from string import ascii_lowercase, ascii_uppercase
from typing import Final

from bot.masking.context import (
    GENITIVE,
    Word,
    begins_sentence,
    is_introduced,
    is_meant,
    is_place,
    is_unlisted_name,
    word_after,
    word_before,
    words_of,
)
from bot.masking.disguises import Span, find_disguised
from bot.masking.name_index import SHORTEST_COMPOUND, UNSPACED, Names
from bot.masking.not_a_person import is_ordinary
from bot.masking.spelling import is_near, misspelt
from bot.masking.words import (
    SHORTEST_NAME,
    data,
    is_everyday,
    is_first_name,
    is_noun,
    is_word,
    never_names,
    ordinary_uses,
)

_BETWEEN_PARTS: Final = re.compile(r"[ \u00a0]{1,2}|['’\-‐‑._]")
_BEHIND_AN_INITIAL: Final = re.compile(r"\. ")
_HYPHEN: Final = re.compile(r"[\-‐‑]")
_SPACE: Final = re.compile(r"[ \u00a0]{1,2}")
_WITHIN_A_NAME: Final = re.compile(r"['’\-‐‑]")
_COMPOUND: Final = re.compile(r"[\-‐‑][a-z]")
_INITIAL_BEFORE: Final = re.compile(r"(?<!\w)[A-Z]\. ?$")
_INITIAL_AFTER: Final = re.compile(r"[ \u00a0][A-HJ-Z](?![\w'’])\.?")
_BLANK: Final = "\0"
"""No letter, no space, and no end of a sentence: nothing joins across it."""

_ENCLOSED: Final = {
    first + number: letter
    for first in (0x24B6, 0x24D0, 0x1F130, 0x1F150, 0x1F170, 0x1F1E6)
    for number, letter in enumerate(ascii_uppercase if first != 0x24D0 else ascii_lowercase)
}
"""Letters in circles and squares, which are no letters to `re`."""
_SUBJECTS: Final = frozenset(("i", "we", "they", "he", "she", "it", "there"))
_LONGEST_ENDING: Final = 3
_PREFIXES: Final = ("והבכלמש", "وفبكلا")
"""And, the, in, as, to, from, that: Hebrew and Arabic write them in front, without a space."""
_LONGEST_PREFIX: Final = 3
_SHORTEST_PREFIXED: Final = 3
_TITLE: Final = re.compile(
    "さん|さま|様|氏|くん|君|ちゃん|先輩|部長|課長|社長|主任|总|总监|经理|經理|老师|老師|先生|女士|小姐|主管"
    "|씨|님|과장|부장|차장|대리|팀장|이사|대표|매니저"
)
_BEFORE_ITS_LATIN: Final = re.compile(r"[\u3400-\u9fff]{1,2}(?=\s?[(（]\s?[A-Za-z])")


def find_names(text: str, names: Names, taken: Iterable[Span]) -> Iterator[Span]:
    """Return the spans of names outside of `taken`, joining neighbouring parts of one name."""
    text = _without(text.translate(_ENCLOSED), taken)
    words = words_of(text)
    found = [_is_name(text, words, number, names) for number in range(len(words))]
    spans = [*_in_unspaced_scripts(text, names), *find_disguised(text, names)]
    spans += [
        (word.start, word.end)
        for number, word in enumerate(words)
        if found[number] or _is_beside_a_name(text, words, number, found, names)
    ]
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and _are_one_name(text, joined[-1], start):
            joined[-1] = (joined[-1][0], end)
        elif not joined or start >= joined[-1][1]:
            joined.append((start, end))
    for start, end in joined:
        before = _INITIAL_BEFORE.search(text, max(0, start - 3), start)
        after = _INITIAL_AFTER.match(text, end)
        yield before.start() if before else start, after.end() if after else end


def _are_one_name(text: str, left: Span, start: int) -> bool:
    """Return True if the characters between two parts join them, as the stop in `K. Whitlock`."""
    is_initial = left[1] - left[0] == 1 and _BEHIND_AN_INITIAL.fullmatch(text, left[1], start)
    return bool(is_initial or _BETWEEN_PARTS.fullmatch(text, left[1], start))


def _without(text: str, taken: Iterable[Span]) -> str:
    """Blank out what is taken, in its place and length."""
    for start, end in taken:
        text = f"{text[:start]}{_BLANK * (end - start)}{text[end:]}"
    return text


def _is_name(text: str, words: list[Word], number: int, names: Names) -> bool:
    word = words[number]
    if _is_part_of_a_name(text, words, number, names):
        return True
    known = word.forms & names.words
    is_phrase = known and never_names().match(text, word.start)
    if is_phrase or is_ordinary(text, words, number, names) or is_place(text, words, number):
        return False
    if not known:
        return (
            _is_declined(word, names)
            or _is_prefixed(word, names)
            or is_unlisted_name(text, words, number, names)
        )
    if not any(map(is_everyday, known)):
        return True
    if not word.has_capital:
        return is_meant(text, words, number, names)
    return not _is_everyday_word(text, words, number)


def _is_beside_a_name(
    text: str, words: list[Word], number: int, found: list[bool], names: Names
) -> bool:
    """Recognise a family name that the directory writes otherwise, and `omar and grace`.

    Adds what it finds to `found`, so that one name more may follow.
    """
    word = words[number]
    before = word_before(text, words, number)
    left = words[number - 1] if number and found[number - 1] else None
    if left and _HYPHEN.fullmatch(text, left.end, word.start):
        unlisted = left.forms.isdisjoint(names.words)
        found[number] = unlisted and left.has_capital and word.has_capital
    elif left and _SPACE.fullmatch(text, left.end, word.start):
        found[number] = _is_behind_a_first_name(text, words, number, names)
    elif _is_before_a_surname(text, words, number, found, names):
        found[number] = True
    elif word.forms & names.given and len(word.written) > SHORTEST_NAME:
        joined = number > 1 and found[number - 2] and before & data("joining")
        leads = number + 2 < len(words) and found[number + 2]
        found[number] = bool(
            (joined or (leads and word_after(words, number) & data("joining")))
            and word.forms.isdisjoint(data("function_words") | data("auxiliaries"))
            and not before & data("before_things")
        )
    return found[number]


def _is_behind_a_first_name(text: str, words: list[Word], number: int, names: Names) -> bool:
    """Recognise `Maya Smithson`, `hugo lopez`, who is Lopes, and `my boss Nour Whitlock`."""
    left, word = words[number - 1], words[number]
    if len(word.written) <= SHORTEST_NAME or is_ordinary(text, words, number, names):
        return False
    is_first = left.forms & names.given or (
        left.has_capital
        and (any(map(is_first_name, left.forms)) or is_introduced(text, words, number - 1))
    )
    is_usual = any(map(is_word, word.forms)) or not word.forms.isdisjoint(data("titles"))
    is_capital = word.has_capital and not word.is_shouted
    if not is_first or (is_usual and not is_capital):
        return False
    return (is_capital and not is_usual) or any(is_near(form, names.words) for form in word.forms)


def _is_before_a_surname(
    text: str, words: list[Word], number: int, found: list[bool], names: Names
) -> bool:
    """Recognise `tommy ferreira`, who is Tomás in the directory."""
    word = words[number]
    if number + 1 >= len(words) or not found[number + 1]:
        return False
    right = words[number + 1]
    return (
        bool(_SPACE.fullmatch(text, word.end, right.start))
        and bool((right.forms & names.words) - names.given)
        and len(word.written) >= SHORTEST_COMPOUND
        and not any(map(is_word, word.forms))
        and any(is_first_name(form) or misspelt(form, names.given) for form in word.forms)
    )


def _is_everyday_word(text: str, words: list[Word], number: int) -> bool:
    """Return True if a capitalised word that can be a name is not one here. In doubt it is."""
    word = words[number]
    if _COMPOUND.match(text, word.end):
        return True
    if word.is_shouted:
        return _is_ordinary_shout(text, words, number)
    if GENITIVE.match(text, word.end) or not begins_sentence(text, word):
        return False
    if word.forms & data("function_words"):
        return not word_after(words, number) & data("after_names")
    after = word_after(words, number)
    plural = word.written.endswith("s") and after & {"are", "were", "have"}
    spaced = number + 1 < len(words) and _SPACE.fullmatch(text, word.end, words[number + 1].start)
    before_a_noun = spaced and words[number + 1].written.islower() and any(map(is_noun, after))
    return bool(plural or before_a_noun or ordinary_uses().match(text, word.start))


def _is_ordinary_shout(text: str, words: list[Word], number: int) -> bool:
    """Tell `IT WILL` from `MARK`."""
    word = words[number]
    before = words[number - 1].forms if number else frozenset[str]()
    return bool(
        word.forms & (data("function_words") | data("abbreviations"))
        or (word.forms & data("after_subjects") and before & _SUBJECTS)
        or ordinary_uses().match(text, word.start)
    )


def _is_part_of_a_name(text: str, words: list[Word], number: int, names: Names) -> bool:
    """Return True if the word stands beside another part of the same name, or is half of it."""
    for first, second in ((number - 1, number), (number, number + 1)):
        if first < 0 or second >= len(words):
            continue
        left, right = words[first], words[second]
        if not _BETWEEN_PARTS.fullmatch(text, left.end, right.start):
            continue
        if _is_split(text, left, right, names) or _is_full_name(text, left, right, names):
            return True
    return False


def _is_full_name(text: str, left: Word, right: Word, names: Names) -> bool:
    """Tell two parts of one name, in either order.

    Of two everyday words in small letters only `mark short` is a name: not `short mark`, not
    `so young`, and not `will young people`. The O of `grace o'brien` tells, too.
    """
    pairs = {(a, b) for a in left.forms for b in right.forms}
    in_order = pairs & names.pairs
    known = in_order | ({(b, a) for a, b in pairs} & names.pairs)
    if not known:
        return _is_misspelt_name(left, right, names)
    if left.has_capital and right.has_capital:
        return True
    if any(part in names.words and not is_everyday(part) for pair in known for part in pair):
        return True
    if ordinary_uses().match(text, left.start):
        return False
    halved = _WITHIN_A_NAME.match(text, right.end) and len(right.written) == 1
    return any(
        given in names.words
        and (halved or last in names.words)
        and data("function_words").isdisjoint((given, last))
        for given, last in in_order
    )


def _is_misspelt_name(left: Word, right: Word, names: Names) -> bool:
    """Recognise `Hanna Roht`, where Hannah Roth has a misprint in both parts."""
    if not (left.has_capital and right.has_capital) or right.forms & data("titles"):
        return False
    for a, b in product(left.forms, right.forms):
        if min(len(a), len(b)) < SHORTEST_COMPOUND or is_word(a) or is_word(b):
            continue
        firsts = {each for each in misspelt(a, names.given) if len(each) >= SHORTEST_COMPOUND}
        lasts = misspelt(b, names.words) if firsts else ()
        long = [each for each in lasts if len(each) >= SHORTEST_COMPOUND]
        if not names.pairs.isdisjoint(product(firsts, long)):
            return True
    return False


def _is_split(text: str, left: Word, right: Word, names: Names) -> bool:
    """Recognise `Anna-Lena` where the directory has Annalena, and `Lind qvist`."""
    joined = {a + b for a in left.forms for b in right.forms} & names.words
    if not any(len(form) >= SHORTEST_COMPOUND and not is_everyday(form) for form in joined):
        return False
    if _WITHIN_A_NAME.match(text, left.end) or (left.has_capital and right.has_capital):
        return len(right.written) >= SHORTEST_COMPOUND - 1
    if right.forms & data("function_words"):
        return False
    return left.has_capital or not all(
        is_word(form)
        for word in (left, right)
        if len(word.written) > SHORTEST_NAME
        for form in word.forms
    )


def _is_declined(word: Word, names: Names) -> bool:
    """Recognise `Stefans`, as German and hurried English write it, and Cyrillic cases.

    Short ones need a capital: `любой`, any, is not Люба.
    """
    if word.has_capital:
        stems = {form[:-1] for form in word.forms if form.endswith("s") and len(form) > 4}
        if any(stem in names.words and not is_everyday(stem) for stem in stems):
            return True
    shortest = SHORTEST_NAME if word.has_capital else SHORTEST_COMPOUND
    return any(
        form[-length:] in data("case_endings") and form[:-length] in names.stems
        for form in word.forms
        for length in range(1, min(_LONGEST_ENDING, len(form) - shortest) + 1)
    )


def _is_prefixed(word: Word, names: Names) -> bool:
    """Recognise a name behind Hebrew and Arabic prefixes: `לדוד`, to David."""
    for form in word.forms:
        letters = next((each for each in _PREFIXES if form[0] in each), "")
        for length in range(1, min(_LONGEST_PREFIX, len(form) - _SHORTEST_PREFIXED) + 1):
            if letters and form[length - 1] not in letters:
                break
            if letters and form[length:] in names.words:
                return True
    return False


def _in_unspaced_scripts(text: str, names: Names) -> Iterator[Span]:
    longest = max(map(len, names.unspaced), default=0)
    for run in UNSPACED.finditer(text) if longest or names.surnames else ():
        start = run.start()
        while start < run.end():
            for end in range(min(run.end(), start + longest), start + 1, -1):
                if text[start:end] in names.unspaced:
                    yield start, end
                    start = end - 1
                    break
            else:
                whole = _BEFORE_ITS_LATIN.match(text, start + 1)
                if whole and text[start] in names.surnames:
                    yield start, whole.end()
                elif _is_titled(text, run.start(), start, names):
                    yield start, start + 1
            start += 1


def _is_titled(text: str, run_start: int, start: int, names: Names) -> bool:
    """Recognise a family name of one sign before a title: `林さん`, `김과장`.

    In Hangul only where it begins a word, for many a title ends in what is a family name.
    """
    if text[start] not in names.surnames or not _TITLE.match(text, start + 1):
        return False
    return start == run_start or not "\uac00" <= text[start] <= "\ud7af"
