"""Tells a name that is also a month, a product, a company or a foreign word from a person."""

import re
from typing import Final

from bot.masking.context import GENITIVE, Forms, Word, word_after, word_before
from bot.masking.index import Names
from bot.masking.words import data, is_everyday

_NUMBER_BEFORE: Final = re.compile(r"\d[.,]? ?$")
_NUMBER_AFTER: Final = re.compile(
    r"\.?,? ?['’]?\d+(?:st|nd|rd|th)?\b(?! (?:times|mal|people|more)\b)"
)
_FARTHEST_MONTH: Final = 5
"""Words to another month: `to Feb and then to Mar`."""
_FEWEST_MARKS: Final = 2
"""Small words of a language that tell that a text is in it."""
_WITHOUT_ARTICLE: Final = frozenset(("o", "a", "el", "la", "le", "il"))


def is_ordinary(text: str, words: list[Word], number: int, names: Names) -> bool:
    """Tell whether a word that is a name, too, is a month, a product or the like here."""
    return (
        _is_known_word(words[number].forms, names)
        or is_month(text, words, number, names)
        or _is_product(text, words, number, names)
        or _is_company(words, number)
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
    `a comment by Jan`, `since Jan took over`.
    """
    word = words[number]
    if not word.forms & data("months") or GENITIVE.match(text, word.end):
        return False
    if _NUMBER_AFTER.match(text, word.end) or _NUMBER_BEFORE.search(
        text, max(0, word.start - 3), word.start
    ):
        return True
    is_mostly_a_month = all(map(is_everyday, word.forms & names.words))
    before = words[number - 1].forms if number else Forms()
    after = word_after(words, number)
    if is_mostly_a_month:
        return bool(before & data("before_months")) or _is_linked(words, number, None)
    return not after & (data("doing") | data("following_a_person")) and bool(
        before & data("before_short_months")
        or after & data("after_months")
        or _is_linked(words, number, names)
    )


def _is_linked(words: list[Word], number: int, names: Names | None) -> bool:
    """Tell whether another month stands near with only joining words between.

    With `names`, that month must not be one of them: Jan and April may be two people.
    """
    for step in (-1, 1):
        for at in range(number + step, number + step * (_FARTHEST_MONTH + 1), step):
            if not 0 <= at < len(words):
                break
            forms = words[at].forms
            if forms & data("months"):
                return not (names and forms & names.words)
            if not forms & data("joining_months"):
                break
    return False


def _is_product(text: str, words: list[Word], number: int, names: Names) -> bool:
    """Recognise `runs on Hugo`, `the Adam optimizer`, `pinto beans` and `Google or Alexa`."""
    forms = words[number].forms
    if not forms & data("products"):
        return False
    before, after = word_before(text, words, number), word_after(words, number)
    if before & {"customer", "client"}:
        return not forms & names.words
    runs = before & {"on", "in", "with", "by", "to", "from"} and (
        word_before(text, words, number, 2) & data("before_products")
    )
    return bool(runs or after & data("after_products")) or _is_listed(words, number, names)


def _is_listed(words: list[Word], number: int, names: Names) -> bool:
    """Tell whether a word stands beside a product that is no name of the directory."""
    products = data("products") | data("brands")
    for step in (-1, 1):
        beside = number + step
        if 0 <= beside < len(words) and words[beside].forms & data("joining"):
            beside += step
        forms = words[beside].forms if 0 <= beside < len(words) else Forms()
        if forms & products and not forms & names.words:
            return True
    return False


def _is_company(words: list[Word], number: int) -> bool:
    """Recognise `Costa Coffee` and `Wagner GmbH`."""
    after = words[number + 1] if number + 1 < len(words) else None
    return bool(
        after
        and after.has_capital
        and words[number].has_capital
        and after.forms & data("companies")
    )


def _is_german_noun(text: str, words: list[Word], number: int) -> bool:
    """Recognise `der Berg an Arbeit`; `der Berg hat geschrien` is a person."""
    word = words[number]
    return (
        word.has_capital
        and bool(word.forms & data("german_nouns"))
        and bool(word_before(text, words, number) & data("before_german_nouns"))
        and not word_after(words, number) & data("german_doing")
    )


def _is_romance_word(text: str, words: list[Word], number: int, names: Names) -> bool:
    """Recognise `mesa de carvalho` and `a resposta é clara`; `o pinto nunca` is a person."""
    word = words[number]
    is_noun = word.forms & data("romance_nouns")
    if word.has_capital or not (is_noun or word.forms & data("romance_adjectives")):
        return False
    before = word_before(text, words, number)
    if not before & data("before_romance_nouns" if is_noun else "before_romance_adjectives"):
        return False
    if before & _WITHOUT_ARTICLE and word_after(words, number) & data("romance_doing"):
        return False
    if word_before(text, words, number, 2) & names.given:
        return False
    said = [each.forms for each in words]
    marks = sum(bool(forms & data("romance_marks")) for forms in said)
    return marks >= _FEWEST_MARKS and not any(forms & data("english_marks") for forms in said)
