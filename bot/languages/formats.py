"""Numbers, dates and lists as the current language writes them.

Times of day are written `09:00` in all our languages, so that they need no function here.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Final, Literal

from babel.dates import format_date, get_day_names
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from bot.languages.current import SOURCE, current_language

_LIST_LOCALES: Final = MappingProxyType({SOURCE: "en_GB"})
"""English as in Great Britain has no comma before "and"."""


class DayStyle(Enum):
    """How a day, or a month, is written; the value is the English pattern.

    https://unicode.org/reports/tr35/tr35-dates.html#Date_Field_Symbol_Table
    """

    FULL = "d MMMM y"
    """3 May 2027"""
    NO_YEAR = "d MMMM"
    """3 May"""
    SHORT = "d MMM y"
    """3 Dec 2026"""
    SHORT_NO_YEAR = "d MMM"
    """3 Dec"""
    WEEKDAY = "EEEE, d MMMM"
    """Thursday, 3 December"""
    SHORT_WEEKDAY = "EEE d MMM"
    """Thu 3 Dec"""
    MONTH = "MMMM y"
    """December 2026"""
    MONTH_NO_YEAR = "LLLL"
    """December"""


_S = DayStyle
_PATTERNS: Final[Mapping[str, Mapping[DayStyle, str]]] = MappingProxyType(
    {
        "de": {
            _S.FULL: "d. MMMM y",
            _S.NO_YEAR: "d. MMMM",
            _S.SHORT: "d. MMM y",
            _S.SHORT_NO_YEAR: "d. MMM",
            _S.WEEKDAY: "EEEE, d. MMMM",
            _S.SHORT_WEEKDAY: "EEE, d. MMM",
        },
        "fr": {_S.WEEKDAY: "EEEE d MMMM"},
        "es": {
            _S.FULL: "d 'de' MMMM 'de' y",
            _S.NO_YEAR: "d 'de' MMMM",
            _S.WEEKDAY: "EEEE, d 'de' MMMM",
            _S.SHORT_WEEKDAY: "EEE, d MMM",
            _S.MONTH: "MMMM 'de' y",
        },
        "pt_BR": {
            _S.FULL: "d 'de' MMMM 'de' y",
            _S.NO_YEAR: "d 'de' MMMM",
            _S.SHORT: "d 'de' MMM 'de' y",
            _S.SHORT_NO_YEAR: "d 'de' MMM",
            _S.WEEKDAY: "EEEE, d 'de' MMMM",
            _S.SHORT_WEEKDAY: "EEE, d 'de' MMM",
            _S.MONTH: "MMMM 'de' y",
        },
        "ja": {
            _S.FULL: "y年M月d日",
            _S.NO_YEAR: "M月d日",
            _S.SHORT: "y年M月d日",
            _S.SHORT_NO_YEAR: "M月d日",
            _S.WEEKDAY: "M月d日(EEE)",
            _S.SHORT_WEEKDAY: "M月d日(EEE)",
            _S.MONTH: "y年M月",
        },
    }
)
"""What differs from the English pattern, as in the Unicode CLDR."""


def write_number(number: float, decimals: int = 0) -> str:
    """Write a number: `1,200`, `3.5`; in German `1.200`, `3,5`."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(Decimal(f"{number:.{decimals}f}"), pattern, current_language())


def write_signed(number: float, decimals: int = 0) -> str:
    """Write a difference with its sign: `+12`, `−3` or `0`."""
    rounded = round(number, decimals)
    sign = "−" if rounded < 0 else "+" if rounded > 0 else ""
    return f"{sign}{write_number(abs(rounded), decimals)}"


def write_percent(share: float) -> str:
    """Write a share from 0 to 1 in whole percents: `45%`, in German `45 %`."""
    whole = Decimal(f"{100 * share:.0f}")
    return format_percent(whole / 100, locale=current_language())


def write_day(day: date, style: DayStyle = DayStyle.FULL) -> str:
    """Write a day or a month."""
    language = current_language()
    return format_date(day, _PATTERNS.get(language, {}).get(style, style.value), language)


def write_weekday(weekday: int) -> str:
    """Return a day's name; 0 is Monday."""
    return str(get_day_names("wide", "stand-alone", current_language())[weekday])


def within_sentence(noun: str) -> str:
    """Write a heading or label as it stands within a sentence: with a small first letter.

    Abbreviations keep theirs, and so do all nouns in German.
    """
    if current_language() == "de" or not noun[1:2].islower():
        return noun
    return noun[:1].lower() + noun[1:]


def write_sentence(text: str) -> str:
    """End a sentence with its full stop."""
    return f"{text}。" if current_language() == "ja" else f"{text}."


def write_sentences(parts: Sequence[str]) -> str:
    """Write sentences one after the other; those before the last may lack their full stop."""
    space = "" if current_language() == "ja" else " "
    ended = [part if part.endswith((".", "。")) else write_sentence(part) for part in parts[:-1]]
    return space.join([*ended, parts[-1]])


def write_clauses(parts: Sequence[str]) -> str:
    """Join parts of one sentence that could be sentences of their own."""
    between = {"fr": "\u202f; ", "ja": "、"}
    return between.get(current_language(), "; ").join(parts)


def write_list(parts: Sequence[str], last: Literal["and", "or"] = "and") -> str:
    """Join parts as in a sentence: `pay, growth and meetings`; empty for no parts."""
    language = current_language()
    style: Literal["standard", "or"] = "standard" if last == "and" else "or"
    return format_list(list(parts), style, _LIST_LOCALES.get(language, language)) if parts else ""
