"""What mentoring says in words: reasons, agendas, news. Texts from people are escaped here."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from bot.blockkit.text import escape, mention, plural, shorten
from bot.mentoring.pairs.service import Stage
from bot.mentoring.rounds.pure.matching import Why
from bot.mentoring.rounds.pure.scoring import Part

TOPIC_LENGTH: Final = 60
TOPICS_NAMED: Final = 5

LANGUAGES: Final = {
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

AGENDAS: Final[Mapping[Stage, tuple[str, ...]]] = {
    Stage.GOALS: (
        "What would make these weeks worthwhile? Agree on one or two goals.",
        "What has each of you tried so far, and what came of it?",
        "What is one small step until next time?",
    ),
    Stage.FEEDBACK: (
        "How did the step of last time go?",
        "Look at one real piece of work together: what is good, what could be better?",
        "What should the other do more of, and less of, in these meetings?",
    ),
    Stage.OBSTACLES: (
        "What is in the way at the moment?",
        "Who or what could help with it, beyond the two of you?",
        "Which goal is still right, and which should change?",
    ),
    Stage.CLOSE: (
        "What have you reached, each of you?",
        "What stays open, and how does it go on without these meetings?",
        "Say thank you, and decide whether and when you meet again.",
    ),
}
STAGES: Final[Mapping[Stage, str]] = {
    Stage.GOALS: "goals",
    Stage.FEEDBACK: "feedback",
    Stage.OBSTACLES: "what is in the way",
    Stage.CLOSE: "a good end",
}


class Reader(StrEnum):
    """Who reads why two people fit."""

    MENTOR = "mentor"
    MENTEE = "mentee"
    BOTH = "both"


def shown_topics(topics: Sequence[str]) -> str:
    """Write topics as a list in a sentence: `*Go*, *Rust* and *SQL*`; of many the first ones."""
    named = [f"*{escape(shorten(topic, TOPIC_LENGTH))}*" for topic in topics[:TOPICS_NAMED]]
    more = len(topics) - TOPICS_NAMED
    return joined([*named, f"{more} more"] if more > 0 else named)


def joined(names: Sequence[str]) -> str:
    """Write a list in a sentence."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def reason_lines(
    reasons: Sequence[Mapping[str, Any]], reader: Reader, mentor: str = "", mentee: str = ""
) -> list[str]:
    """Say why two people fit, a line a reason, to one of them or, by their names, to both."""
    names = {"mentor": mentor, "mentee": mentee}
    return [f"• {line}" for reason in reasons if (line := _reason_line(reason, reader, names))]


def _reason_line(reason: Mapping[str, Any], reader: Reader, names: Mapping[str, str]) -> str:
    values, amount = [str(value) for value in reason["values"]], reason["amount"]
    match reason["part"]:
        case Part.TOPICS:
            return _TOPICS[reader].format(topics=shown_topics(values), **names)
        case Part.LANGUAGE:
            return f"You both speak {joined([LANGUAGES.get(code, code) for code in values])}."
        case Part.TEAM:
            return "You work in different teams, so each brings a fresh view."
        case Part.HOURS:
            return (
                f"You both work at the same time for about {plural(round(amount), 'hour')} a week."
            )
        case Part.EXPERIENCE:
            years = plural(round(amount), "more year", "more years")
            return f"{_HAS[reader].format(**names)} {years} of experience."
    return ""


_TOPICS: Final[Mapping[Reader, str]] = {
    Reader.MENTOR: "They look for {topics}, which you offer.",
    Reader.MENTEE: "They offer {topics}, which you look for.",
    Reader.BOTH: "{mentee} looks for {topics}, and {mentor} offers just that.",
}
_HAS: Final[Mapping[Reader, str]] = {
    Reader.MENTOR: "You have",
    Reader.MENTEE: "They have",
    Reader.BOTH: "{mentor} has",
}


def agenda(stage: Stage) -> str:
    """Write the agenda of a meeting."""
    points = "\n".join(f"• {point}" for point in AGENDAS[stage])
    return f"*An agenda, if you like: {STAGES[stage]}*\n{points}"


def person_line(person: str, team: str | None, years: int | None) -> str:
    """Introduce somebody: a mention, their team and their experience."""
    facts = []
    if team:
        facts.append(escape(shorten(team, TOPIC_LENGTH)))
    if years is not None:
        facts.append(f"{plural(years, 'year')} of experience")
    return f"{mention(person)} ({', '.join(facts)})" if facts else mention(person)


def quoted(text: str) -> str:
    """Write a person's words as a quotation."""
    return "\n".join(f"> {line}" for line in escape(text).splitlines())


WAITING: Final[Mapping[Why, tuple[str, str]]] = {
    Why.NOT_NOW: (
        "You have paused, so I did not look for a mentor for you.",
        "`/mentor` ends the pause.",
    ),
    Why.NO_MENTORS: (
        "Nobody mentors here at present.",
        "If you know somebody who could, tell them about `/mentor`.",
    ),
    Why.NOBODY_OFFERS: (
        "Nobody offers what you look for yet.",
        (
            "A topic nearby may do: `/mentor` changes what you look for, and `/mentor find` shows "
            "who knows what."
        ),
    ),
    Why.NOBODY_FREE: (
        "Nobody who offers what you look for can take somebody on just now.",
        "One more topic, or a wider one, makes a match more likely: `/mentor` adds it.",
    ),
    Why.OWN_LINE_OR_REPEAT: (
        (
            "Those who offer what you look for are in your own line of managers, or were your "
            "partner before."
        ),
        "One more topic makes a match more likely: `/mentor` adds it.",
    ),
}
"""Why somebody is left without a mentor, and what would help."""

NEWS: Final[Mapping[str, str]] = {
    "not confirmed": (
        "Thank you for saying yes to {other}. It does not work out this time, and that is no "
        "reflection on you. Your place is free again."
    ),
    "lapsed": (
        "A mentor was ready for you, but I have not heard from you, so I have let it go. You are "
        "still on the list, and nobody minds. `/mentor` pauses it if this is a bad time."
    ),
    "taken back": (
        "The mentor I wrote to you about can't take part after all. It has nothing to do with "
        "you. You are first in line now, and I am looking already."
    ),
    "no longer looking": (
        "{other} is no longer looking for a mentor, so there is nothing left to answer. Thank you "
        "for being there."
    ),
    "other left": (
        "{other} can no longer take part in mentoring, so your meetings end here. Thank you for "
        "the time you gave. Your place is free again."
    ),
    "mentor left": (
        "{other} can no longer take part in mentoring, so your meetings end here. I am sorry. You "
        "are first in line now, and I am looking for somebody already."
    ),
    "refit mentor": (
        "Not every pair fits, and that is nobody's fault. Your meetings with {other} end here. "
        "Thank you for the time you gave."
    ),
    "refit mentee": (
        "Not every pair fits, and that is nobody's fault. Your meetings with {other} end here. "
        "I am looking for somebody else, and you are first in line."
    ),
    "ended": (
        "Your meetings with {other} have come to an end, a little early. That happens, and is "
        "nobody's fault."
    ),
    "silence": (
        "I have not heard from you and {other} for a while, so I have closed your pairing. If you "
        "still meet, go on by all means."
    ),
}
"""News of a match, for the one of the two who is told."""

ENDINGS: Final = frozenset({"ended", "silence"})
"""News after which a mentee is on no list: they are offered to be on it again."""


COFFEE_QUESTION: Final = "What are you working on that others here should know about?"


def missing_line(topic: str, waiting: int) -> str:
    """Say that nobody offers a topic, and for how many people that matters."""
    who = "1 person waits" if waiting == 1 else f"{waiting:,} people wait"
    return f"• Nobody offers {shown_topics([topic])} yet: {who}."
