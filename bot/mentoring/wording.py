"""Sentences that several messages of mentoring share. Texts from people are escaped here."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from bot.blockkit.text import escape, mention, plural, shorten
from bot.languages import write_list
from bot.mentoring.rounds.pure.scoring import ScorePart

TOPIC_LENGTH: Final = 60
TOPICS_NAMED: Final = 5

LANGUAGE_NAMES: Final = {
    "ar": "Arabic",
    "bn": "Bengali",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
"""The languages of the form, by ISO 639-1."""


class Addressee(StrEnum):
    """The reader of the reasons why two people fit."""

    MENTOR = "mentor"
    MENTEE = "mentee"
    BOTH = "both"


def shown_topics(topics: Sequence[str]) -> str:
    """Write topics as a list in a sentence: `*Go*, *Rust* and *SQL*`; of many, only the first."""
    named = [f"*{escape(shorten(topic, TOPIC_LENGTH))}*" for topic in topics[:TOPICS_NAMED]]
    more = len(topics) - TOPICS_NAMED
    return joined([*named, f"{more} more"] if more > 0 else named)


def joined(names: Sequence[str]) -> str:
    """Join names as in a sentence."""
    return write_list(names)


def reason_lines(
    reasons: Sequence[Mapping[str, Any]], reader: Addressee, mentor: str = "", mentee: str = ""
) -> list[str]:
    """Say why two people fit, one line per reason; `mentor` and `mentee` are names for both."""
    names = {"mentor": mentor, "mentee": mentee}
    return [f"• {line}" for reason in reasons if (line := _reason_line(reason, reader, names))]


def _reason_line(reason: Mapping[str, Any], reader: Addressee, names: Mapping[str, str]) -> str:
    values, amount = [str(value) for value in reason["values"]], reason["amount"]
    match reason["part"]:
        case ScorePart.TOPICS:
            return _TOPICS[reader].format(topics=shown_topics(values), **names)
        case ScorePart.LANGUAGE:
            return f"You both speak {joined([LANGUAGE_NAMES.get(code, code) for code in values])}."
        case ScorePart.TEAM:
            return "You work in different teams, so each brings a fresh view."
        case ScorePart.HOURS:
            return (
                f"You both work at the same time for about {plural(round(amount), 'hour')} a week."
            )
        case ScorePart.EXPERIENCE:
            years = plural(round(amount), "more year", "more years")
            return f"{_HAS[reader].format(**names)} {years} of experience."
    return ""


_TOPICS: Final[Mapping[Addressee, str]] = {
    Addressee.MENTOR: "They look for {topics}, which you offer.",
    Addressee.MENTEE: "They offer {topics}, which you look for.",
    Addressee.BOTH: "{mentee} looks for {topics}, and {mentor} offers just that.",
}
_HAS: Final[Mapping[Addressee, str]] = {
    Addressee.MENTOR: "You have",
    Addressee.MENTEE: "They have",
    Addressee.BOTH: "{mentor} has",
}


def person_line(person: str, team: str | None, years: int | None) -> str:
    """Introduce somebody: a mention, their team and their experience."""
    facts = []
    if team:
        facts.append(escape(shorten(team, TOPIC_LENGTH)))
    if years is not None:
        facts.append(f"{plural(years, 'year')} of experience")
    return f"{mention(person)} ({', '.join(facts)})" if facts else mention(person)


def quoted(text: str) -> str:
    """Quote a person's words."""
    return "\n".join(f"> {line}" for line in escape(text).splitlines())
