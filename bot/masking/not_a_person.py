"""Tells a name that is also a month, a product, a company or a foreign word from a person."""

import re
from typing import Final

from bot.masking.context import GENITIVE, THIRD_PERSON, Forms, Word, around, word_after, word_before
from bot.masking.name_index import Names
from bot.masking.words import data, is_everyday

_NUMBER_BEFORE: Final = re.compile(r"\d[.,]? ?$")
_NUMBER_AFTER: Final = re.compile(r"\.?,? ?\d")
_DAY_BEFORE: Final = re.compile(r"(?<!\d)(?:[0-2]?\d|3[01])(?:st|nd|rd|th|\.)? $")
_DATE_AFTER: Final = re.compile(
    r"\.?,? ?(?:(?:19|20)\d\d|['’]\d\d|(?:[0-2]?\d|3[01])(?:st|nd|rd|th)?)\b"
    r"(?! (?!is\b|was\b)[a-z]+s\b| (?:mal|people|more|tage|wochen|monate|jahre)\b)"
)
_JOINED: Final = re.compile(r"[ \-‐‑]")
_GAP: Final = re.compile(r"\s?[,/&\-–]?\s?")
_FARTHEST_MONTH: Final = 5
"""Words to another month: `to Feb and then to Mar`."""
_FEWEST_MARKS: Final = 2
"""Small words of a language that tell that a text is in it."""
_ARTICLES: Final = frozenset(("o", "a", "el", "la", "le", "il"))
_MASCULINE: Final = frozenset(("o", "do", "no", "ao", "um", "pelo", "el", "del", "al", "un", "il"))
_FEMININE: Final = frozenset(("a", "da", "na", "uma", "pela", "la", "una"))
"""The article of a person may differ from that of the thing: `o costa`, `a pinto`."""


def is_ordinary(text: str, words: list[Word], number: int, names: Names) -> bool:
    """Return True if a word that is a name, too, is a month, a product or the like here."""
    return (
        _is_known_word(words[number].forms, names)
        or is_month(text, words, number, names)
        or _is_product(text, words, number, names)
        or _is_company(text, words, number)
        or _is_german_noun(text, words, number)
        or _is_romance_word(text, words, number, names)
    )


def _is_known_word(forms: Forms, names: Names) -> bool:
    """Tell a brand or a word of another language, which may be near somebody's name."""
    known = forms & data("brands") or forms & data("foreign_words")
    return bool(known) and forms.isdisjoint(names.words)


def is_month(text: str, words: list[Word], number: int, names: Names) -> bool:
    """Tell `in May`, `Jan 2025` and `the Jan release` from people.

    A name that is only short for a month, such as Jan, is a person in more places than May is:
    `a comment by Jan`, `since Jan took over`, `told Jan 2 weeks ago`.
    """
    word = words[number]
    if not word.forms & data("months") or GENITIVE.match(text, word.end):
        return False
    is_mostly_a_month = all(map(is_everyday, word.forms & names.words))
    after_it, before_it = _NUMBER_AFTER, _NUMBER_BEFORE
    if not is_mostly_a_month:
        after_it, before_it = _DATE_AFTER, _DAY_BEFORE
    if after_it.match(text, word.end) or before_it.search(text, max(0, word.start - 4), word.start):
        return True
    before = words[number - 1].forms if number else Forms()
    after = _beside(text, words, number, 1)
    if after & data("after_months"):
        return True
    if is_mostly_a_month:
        return (
            bool(before & data("before_months"))
            or _is_linked(text, words, number, None)
            or _is_compared(words, number)
        )
    return not _is_doing(after) and bool(
        before & data("before_short_months") or _is_linked(text, words, number, names)
    )


def _is_doing(after: Forms) -> bool:
    """Return True if a word is what a person does, or did: `told`, `joined`."""
    return bool(after & data("doing") or after & data("following_a_person")) or any(
        map(THIRD_PERSON.fullmatch, after)
    )


def _is_linked(text: str, words: list[Word], number: int, names: Names | None) -> bool:
    """Return True if another month stands near with only joining words between.

    With `names`, that month must not be one of them: Jan and April may be two people.
    """
    for step in (-1, 1):
        at = number
        for _ in range(_FARTHEST_MONTH):
            forms = _beside(text, words, at, step)
            at += step
            if forms & data("months"):
                return not (names and forms & names.words)
            if not forms & data("joining_months"):
                break
    return False


def _is_compared(words: list[Word], number: int) -> bool:
    """Recognise `April was hard, May was worse`, but not two people who shout."""
    after = word_after(words, number) & {"was", "is"}
    months = data("months")
    return bool(after) and any(
        words[at].forms & months and words[at + 1].forms & after
        for at in range(max(0, number - _FARTHEST_MONTH), len(words) - 1)[: 2 * _FARTHEST_MONTH]
        if at != number
    )


def _beside(text: str, words: list[Word], number: int, step: int) -> Forms:
    """Return what the next word, or the one before, may be, with no stop between."""
    other = number + step
    if not 0 <= other < len(words):
        return Forms()
    left, right = words[min(number, other)], words[max(number, other)]
    return words[other].forms if _GAP.fullmatch(text, left.end, right.start) else Forms()


def _is_product(text: str, words: list[Word], number: int, names: Names) -> bool:
    """Recognise `runs on Hugo`, `the Adam optimizer`, `pinto beans` and `Google or Alexa`."""
    forms = words[number].forms
    if not forms & data("products"):
        return False
    before, after = word_before(text, words, number), _beside(text, words, number, 1)
    if before & {"customer", "client"}:
        return not forms & names.words
    verb = word_before(text, words, number, 2)
    moved = before & {"to", "from"} and verb & data("moving_products")
    runs = moved or (before & {"on", "in"} and verb & data("before_products"))
    return bool(runs or after & data("after_products")) or (
        not _is_doing(after)
        and any(_is_listed(text, words, number, step, names) for step in (-1, 1))
    )


def _is_listed(text: str, words: list[Word], number: int, step: int, names: Names) -> bool:
    """Return True if a word stands in a list beside a product that is no name of the directory."""
    forms = _beside(text, words, number, step)
    if forms & data("joining"):
        forms = _beside(text, words, number + step, step)
    elif forms and "," not in text[words[number + min(step, 0)].end :][:2]:
        return False
    return bool(forms & data("products") or forms & data("brands")) and not forms & names.words


def _is_company(text: str, words: list[Word], number: int) -> bool:
    """Recognise `Costa Coffee`, `Wagner GmbH` and `der Wagner-Saal`."""
    if number + 1 >= len(words):
        return False
    word, after = words[number], words[number + 1]
    return (
        bool(after.forms & data("companies"))
        and word.has_capital
        and after.has_capital
        and bool(_JOINED.fullmatch(text, word.end, after.start))
    )


def _is_german_noun(text: str, words: list[Word], number: int) -> bool:
    """Recognise `der Berg an Arbeit` and `kein Richter`; `der Berg hat geschrien` is a person."""
    word = words[number]
    is_thing = word.forms & data("german_nouns")
    if not word.has_capital or not (is_thing or word.forms & data("german_trades")):
        return False
    before = word_before(text, words, number)
    return bool(
        before & data("german_indefinite") or (is_thing and before & data("german_articles"))
    ) and not word_after(words, number) & data("german_doing")


def _is_romance_word(text: str, words: list[Word], number: int, names: Names) -> bool:
    """Recognise `mesa de carvalho` and `a resposta é clara`; `o pinto nunca` is a person."""
    word = words[number]
    is_noun = word.forms & data("romance_nouns")
    if word.has_capital or not (is_noun or word.forms & data("romance_adjectives")):
        return False
    before = word_before(text, words, number)
    if not before & data("before_romance_nouns" if is_noun else "before_romance_adjectives"):
        return False
    if is_noun and (
        (before & _MASCULINE and any(form.endswith("a") for form in is_noun))
        or (before & _FEMININE and any(form.endswith("o") for form in is_noun))
    ):
        return False
    if before & _ARTICLES and word_after(words, number) & data("romance_doing"):
        return False
    if word_before(text, words, number, 2) & names.given:
        return False
    said = [each.forms for each in around(words, number)]
    marks = sum(bool(forms & data("romance_marks")) for forms in said)
    return marks >= _FEWEST_MARKS and not any(forms & data("english_marks") for forms in said)
