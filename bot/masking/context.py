"""What the words around a word tell of it: whether it is somebody, or a place."""

import re
from typing import Final, NamedTuple

from bot.masking.name_index import SHORTEST_JOINED, SHORTEST_PART, Names
from bot.masking.spelling import is_case_of, is_near, unstretched
from bot.masking.words import (
    INVISIBLE,
    SHORTEST_NAME,
    WORD,
    data,
    forms_of,
    is_everyday,
    is_first_name,
    is_word,
)

GENITIVE: Final = re.compile(r"['’]s?(?!\w)", re.IGNORECASE)

_INVISIBLE: Final = re.compile(f"[{INVISIBLE}]")
_SENTENCE_END: Final = re.compile(r"(?:^|[.!?…:\n•*>])[\s\"“”„'‘(\[*_-]*$")
_FARTHEST: Final = 40
"""Characters before a word that are searched for the end of a sentence."""
_GAP: Final = re.compile(r"[\s\u00a0]{1,3}|\s?[,:(]\s?")
_GAP_BEHIND_MR: Final = re.compile(r"[.\s\u00a0]{1,3}")
_STOP: Final = re.compile(r"\. ?")
_OWN: Final = frozenset(("my", "our", "his", "her", "their", "your"))
_HUMP: Final = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
THIRD_PERSON: Final = re.compile(r"[a-z]{3,}(?:[^aious]s|ed)")
"""What looks like a verb that somebody does, or did."""
_NEARBY: Final = 12
_SHORTEST_HANDLE: Final = 6
_LONGEST_NAME: Final = 40
"""Letters of a word that may be another form of a name; looking it up takes as many steps."""
_SHORTEST_HUMP: Final = 4
_SHORTEST_AT_START: Final = 6
"""Letters of a misspelt name that begins a sentence with no word that tells a person."""

Forms = frozenset[str]
_NONE: Final = Forms()


class Word(NamedTuple):
    """A word of the text, with what it may be."""

    start: int
    end: int
    written: str
    forms: frozenset[str]
    """Folded in each way."""

    @property
    def has_capital(self) -> bool:
        """Begins with a capital, whatever follows."""
        return self.written[:1].isupper()

    @property
    def is_shouted(self) -> bool:
        """Has capitals throughout."""
        return len(self.written) > 1 and self.written.isupper()


def words_of(text: str) -> list[Word]:
    """Return the words of a text. A lone accent is folded to nothing, so it is no word."""
    return [word for word in map(_word, WORD.finditer(text)) if all(word.forms)]


def _word(match: re.Match[str]) -> Word:
    written = match.group()
    if not written.isascii():
        written = _INVISIBLE.sub("", written)
    return Word(match.start(), match.end(), written, forms_of(written))


def begins_sentence(text: str, word: Word) -> bool:
    """Return True if a word begins a sentence, where a capital tells nothing."""
    return bool(_SENTENCE_END.search(text, max(0, word.start - _FARTHEST), word.start))


def around(words: list[Word], number: int) -> list[Word]:
    """Return the words near one, which tell the language."""
    return words[max(0, number - _NEARBY) : number + _NEARBY]


def word_after(words: list[Word], number: int) -> Forms:
    """Return what the next word may be."""
    return words[number + 1].forms if number + 1 < len(words) else _NONE


def word_before(text: str, words: list[Word], number: int, back: int = 1) -> Forms:
    """Return what a word before may be; a comma, colon or bracket may stand between, no stop."""
    first = number - back
    if first < 0:
        return _NONE
    near = all(_are_close(text, words[at], words[at + 1]) for at in range(first, number))
    return words[first].forms if near else _NONE


def _are_close(text: str, left: Word, right: Word) -> bool:
    gap = _GAP_BEHIND_MR if left.forms & data("honorifics") else _GAP
    return bool(gap.fullmatch(text, left.end, right.start))


def is_meant(text: str, words: list[Word], number: int, names: Names) -> bool:
    """Return True if an everyday word in small letters is somebody's first name here.

    `boss grace`, `thanks to mark from sales`, `will's approvals`, `ask bill`; not `the grace
    period`, `my manager will approve`.
    """
    word = words[number]
    known = word.forms & names.given
    before, after = word_before(text, words, number), word_after(words, number)
    if (
        max(map(len, known), default=0) <= SHORTEST_NAME
        or known & data("function_words")
        or before & data("before_things")
    ):
        return False
    if GENITIVE.match(text, word.end):
        return text[word.end + 1] == "s" and not known & data("months")
    is_verb = bool(known & (data("auxiliaries") | data("verbs")))
    if before & data("titles"):
        ends = not (after and _GAP.fullmatch(text, word.end, words[number + 1].start))
        return not is_verb or ends or bool(after & data("following_a_person"))
    if before & data("addressing"):
        return not after & data("after_an_auxiliary")
    if before & data("relating") and after & data("following_a_person"):
        return not known & data("auxiliaries") or not after & data("adverbs")
    told = not is_verb and (after & {"he", "she"} or ("from" in after and not before))
    reported_to = "to" in before and word_before(text, words, number, 2) & data("reporting")
    return bool(told or reported_to or (after & data("doing") and not known & data("verbs")))


def is_place(text: str, words: list[Word], number: int) -> bool:
    """Return True if a name is used as a place here: `in Sydney`, `Paris office`."""
    word = words[number]
    if not word.forms & data("places") or GENITIVE.match(text, word.end):
        return False
    before, after = word_before(text, words, number), word_after(words, number)
    return bool(
        before & data("before_places")
        or ("to" in before and word_before(text, words, number, 2) & data("travel"))
        or ("and" in before and number > 1 and is_place(text, words, number - 2))
        or (after & data("after_places") and not before & data("titles"))
    )


def is_unlisted_name(text: str, words: list[Word], number: int, names: Names) -> bool:
    """Return True if a word that the directory does not hold is a name all the same.

    It is a case or pet form of one that it holds, it is misspelt, or it stands where only names do.
    """
    word = words[number]
    if len(word.written) <= SHORTEST_NAME:
        return _is_initials(text, words, number, names)
    # In other scripts than Latin a small letter is more often a word: `любой`, any, is not Люба.
    is_latin = word.written[0] < "\u0370"
    if len(word.written) > _LONGEST_NAME or not (word.has_capital or is_latin):
        return False
    if all(map(is_word, word.forms)):
        return _is_honoured(text, words, number) and not word.is_shouted
    forms = [form for form in word.forms if form.isascii()]
    if any(_is_other_form(word, form, names) for form in forms) or _has_hump(word, names):
        return True
    introduced = is_introduced(text, words, number)
    if word.has_capital:
        return (introduced and not word.is_shouted) or _may_be_name(
            text, words, number, names, told=introduced
        )
    return introduced and (
        any(is_near(form, names.words) for form in forms) or _is_somebody_close(text, words, number)
    )


def is_introduced(text: str, words: list[Word], number: int) -> bool:
    """Return True if the words before say that a name follows.

    `my manager Bogdan`, `Mr Whitlock`, `M. Delacroix`, `a guy named Torsten`, `my name is Kofi`.
    """
    before, second = (word_before(text, words, number, back) for back in (1, 2))
    if before & {"named", "called"}:
        if second & {"is", "was"}:
            second = word_before(text, words, number, 3)
        return bool(second & data("titles") or second & data("persons"))
    return (
        ("is" in before and "name" in second)
        or any(before & data(each) for each in ("titles", "introducing", "anybody"))
        or _is_honoured(text, words, number)
        or _is_behind_an_initial(text, words, number)
    )


def _is_behind_an_initial(text: str, words: list[Word], number: int) -> bool:
    """Recognise `my lead K. Whitlock` and, in French, `M. Delacroix`."""
    initial = words[number - 1] if number else None
    if not (initial and words[number].has_capital and len(initial.written) == 1):
        return False
    if not (initial.has_capital and _STOP.fullmatch(text, initial.end, words[number].start)):
        return False
    if word_before(text, words, number - 1) & (data("titles") | data("honorifics")):
        return True
    return initial.written == "M" and any(
        each.forms & data("french_marks") for each in around(words, number)
    )


def _is_somebody_close(text: str, words: list[Word], number: int) -> bool:
    """Recognise `my teammate shanice was let go`: no word of English, then what people do."""
    form = words[number].written.lower()
    return (
        len(form) >= _SHORTEST_HUMP
        and not form.endswith(("ly", "ed", "ing", "s"))
        and bool(word_before(text, words, number) & data("close_titles"))
        and bool(word_before(text, words, number, 2) & _OWN)
        and bool(word_after(words, number) & data("after_names"))
    )


def _is_honoured(text: str, words: list[Word], number: int) -> bool:
    """Recognise `Mr Baker`, but not `I miss Friday`."""
    honoured = word_before(text, words, number) & data("honorifics")
    return words[number].has_capital and bool(
        honoured and (words[number - 1].has_capital or "miss" not in honoured)
    )


def _is_other_form(word: Word, form: str, names: Names) -> bool:
    return (
        is_case_of(form, names.words, has_capital=word.has_capital)
        or any(each in names.words for each in unstretched(form))
        or _is_handle(form, names)
        or _is_backwards(word, form, names)
    )


def _may_be_name(text: str, words: list[Word], number: int, names: Names, *, told: bool) -> bool:
    """Return True if a capital that no word explains stands for somebody's name.

    Where a sentence begins it takes a verb that people have, or a long name with a misprint.
    """
    word = words[number]
    after = words[number + 1] if number + 1 < len(words) else None
    told = told or bool(
        after and (after.forms & data("after_names") or THIRD_PERSON.fullmatch(after.written))
    )
    inside = not word.is_shouted and not begins_sentence(text, word)
    long = len(word.written) >= _SHORTEST_AT_START
    return any(
        ((told or inside) and (is_first_name(form) or _is_short_form(form, names)))
        or ((told or inside or long) and is_near(form, names.words))
        for form in word.forms
        if form.isascii()
    )


def _is_short_form(form: str, names: Names) -> bool:
    """Recognise `Dani`, and `Venky` of Venkatesh."""
    ending = len(form) > _SHORTEST_HUMP and form[-1] in "aeiouy"
    return names.shortens(form) or (ending and names.shortens(form[:-1]))


def _is_handle(form: str, names: Names) -> bool:
    """Recognise `mhughes`, `tomasf` and `markhughes`."""
    if len(form) < _SHORTEST_HANDLE:
        return False
    if any(each in names.words and not is_everyday(each) for each in (form[1:], form[:-1])):
        return True
    halves = ((form[:at], form[at:]) for at in range(SHORTEST_PART, len(form) - SHORTEST_PART + 1))
    return len(form) >= SHORTEST_JOINED and any(
        (first, second) in names.pairs or (second, first) in names.pairs for first, second in halves
    )


def _is_backwards(word: Word, form: str, names: Names) -> bool:
    """Recognise `ayaM`."""
    shortest = _SHORTEST_HUMP + (not word.written[-1].isupper())
    return len(form) >= shortest and form[::-1] in names.words and not is_everyday(form[::-1])


def _has_hump(word: Word, names: Names) -> bool:
    """Recognise `AnnaFromSales`."""
    return bool(_HUMP.search(word.written)) and any(
        len(part) >= _SHORTEST_HUMP and forms_of(part) & names.words
        for part in _HUMP.split(word.written)
    )


def _is_initials(text: str, words: list[Word], number: int, names: Names) -> bool:
    """Recognise `my lead K.`, `MH from sales` and `GC's desk`."""
    word = words[number]
    if (
        not word.written.isupper()
        or word.written == "I"
        or text[word.end : word.end + 1] in tuple("/-&+")
    ):
        return False
    before = word_before(text, words, number)
    if len(word.written) == 1:
        return bool(before & (data("titles") | data("honorifics")))
    if not word.forms & names.initials or word.forms & data("abbreviations"):
        return False
    return bool(
        before & (data("titles") | data("honorifics") | data("addressing"))
        or word_after(words, number) & data("after_names")
        or GENITIVE.match(text, word.end)
    )
