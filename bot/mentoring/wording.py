"""Sentences that several messages of mentoring share. Texts from people are escaped here."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from bot.blockkit.text import escape, mention, shorten
from bot.languages import _, _n, marked, write_list, write_number
from bot.mentoring.rounds.pure.scoring import ScorePart

TOPIC_LENGTH: Final = 60
TOPICS_NAMED: Final = 5

LANGUAGE_NAMES: Final = {
    "ar": marked("Arabic"),
    "bn": marked("Bengali"),
    "cs": marked("Czech"),
    "da": marked("Danish"),
    "de": marked("German"),
    "el": marked("Greek"),
    "en": marked("English"),
    "es": marked("Spanish"),
    "fa": marked("Persian"),
    "fi": marked("Finnish"),
    "fr": marked("French"),
    "he": marked("Hebrew"),
    "hi": marked("Hindi"),
    "hu": marked("Hungarian"),
    "id": marked("Indonesian"),
    "it": marked("Italian"),
    "ja": marked("Japanese"),
    "ko": marked("Korean"),
    "nl": marked("Dutch"),
    "no": marked("Norwegian"),
    "pl": marked("Polish"),
    "pt": marked("Portuguese"),
    "ro": marked("Romanian"),
    "ru": marked("Russian"),
    "sv": marked("Swedish"),
    "th": marked("Thai"),
    "tr": marked("Turkish"),
    "uk": marked("Ukrainian"),
    "vi": marked("Vietnamese"),
    "zh": marked("Chinese"),
}
"""The languages of the form, by ISO 639-1."""


class Addressee(StrEnum):
    """The reader of the reasons why two people fit."""

    MENTOR = "mentor"
    MENTEE = "mentee"
    BOTH = "both"


def shown_topics(topics: Sequence[str]) -> str:
    """Write topics as a list in a sentence: `*Go*, *Rust* and *SQL*`; of many, only the first.

    Curated topics, which are stored in English, are translated.
    """
    named = [f"*{escape(shorten(_(topic), TOPIC_LENGTH))}*" for topic in topics[:TOPICS_NAMED]]
    more = len(topics) - TOPICS_NAMED
    return joined([*named, _("{more} more").format(more=write_number(more))] if more > 0 else named)


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
            return _(_TOPICS[reader]).format(topics=shown_topics(values), **names)
        case ScorePart.LANGUAGE:
            spoken = joined([_(LANGUAGE_NAMES.get(code, code)) for code in values])
            return _("You both speak {languages}.").format(languages=spoken)
        case ScorePart.TEAM:
            return _("You work in different teams, so each brings a fresh view.")
        case ScorePart.HOURS:
            return _n(
                "You both work at the same time for about {count} hour a week.",
                "You both work at the same time for about {count} hours a week.",
                round(amount),
            )
        case ScorePart.EXPERIENCE:
            return _experience(reader, round(amount)).format(**names)
    return ""


_TOPICS: Final[Mapping[Addressee, str]] = {
    Addressee.MENTOR: marked("They look for {topics}, which you offer."),
    Addressee.MENTEE: marked("They offer {topics}, which you look for."),
    Addressee.BOTH: marked("{mentee} looks for {topics}, and {mentor} offers just that."),
}


def _experience(reader: Addressee, years: int) -> str:
    match reader:
        case Addressee.MENTOR:
            return _n(
                "You have {count} more year of experience.",
                "You have {count} more years of experience.",
                years,
            )
        case Addressee.MENTEE:
            return _n(
                "They have {count} more year of experience.",
                "They have {count} more years of experience.",
                years,
            )
        case Addressee.BOTH:
            return _n(
                "{mentor} has {count} more year of experience.",
                "{mentor} has {count} more years of experience.",
                years,
            )


def person_line(person: str, team: str | None, years: int | None) -> str:
    """Introduce somebody: a mention, their team and their experience."""
    facts = []
    if team:
        facts.append(escape(shorten(team, TOPIC_LENGTH)))
    if years is not None:
        facts.append(_n("{count} year of experience", "{count} years of experience", years))
    return f"{mention(person)} ({', '.join(facts)})" if facts else mention(person)


def quoted(text: str) -> str:
    """Quote a person's words."""
    return "\n".join(f"> {line}" for line in escape(text).splitlines())
