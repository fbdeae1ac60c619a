"""Topics that people offer and look for: a curated list, and own ones beside it.

People write "k8s", "Kubernets" or "kubernetes" for the same thing. `topic_name` gives one text for
all of them, under which profiles keep it, so that matching compares texts and nothing else.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, Indel

_SHORTEST_SLIP: Final = 6
_SHORTEST_TYPO: Final = 9
_SHORTEST_TWO_TYPOS: Final = 12
"""Letters from which a slip (a letter too many, too few, or two swapped), any one mistake, and two
are forgiven. Below that other words are too near: Java and Lava, hiking and hiring."""
_ALIKE: Final = 75
"""rapidfuzz's rating, of 100, from which a topic is worth suggesting."""


@dataclass(frozen=True)
class Topic:
    """A topic of the curated list."""

    name: str
    group: str


def normalise(text: str) -> Topic | str:
    """Return the curated topic that `text` means, or the text itself, tidied, as an own topic.

    Own topics that differ in case, spaces, hyphens and the like come out equal.
    """
    topics = _topics()
    key = _key(text)
    if key in topics:
        return topics[key]
    near = [topics[other] for other in topics if _mistyped(key, other)]
    if len(set(near)) == 1:
        return near[0]
    words = " ".join(re.split(r"[\s_/-]+", unicodedata.normalize("NFKC", text))).strip().lower()
    return words[:1].upper() + words[1:]


def topic_name(text: str) -> str:
    """Return the name under which profiles keep a topic, so that equal topics are equal texts."""
    topic = normalise(text)
    return topic.name if isinstance(topic, Topic) else topic


def suggest(text: str, limit: int = 10) -> list[Topic]:
    """Return the curated topics nearest to what was typed, the best first; the list if nothing was.

    What begins with the letters typed comes first, then what is alike.
    """
    topics = _topics()
    key = _key(text)
    if not key:
        return curated()[:limit]
    exact = [topics[key]] if key in topics else []
    named = [topic for topic in curated() if _key(topic.name).startswith(key)]
    nicknamed = [topic for other, topic in topics.items() if other.startswith(key)]
    alike = []
    if len(key) > 2:
        found = process.extract(
            key, topics.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=None
        )
        alike = [topics[other] for other, _, _ in found]
    return list(dict.fromkeys(exact + named + nicknamed + alike))[:limit]


def curated() -> list[Topic]:
    """Return the curated list in its order."""
    return list(dict.fromkeys(_topics().values()))


def _key(text: str) -> str:
    """Return what counts of a spelling: letters and digits without accents, and + and #."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(char for char in folded if not unicodedata.combining(char))
    return re.sub(r"[^\w+#]+|_", "", plain)


def _mistyped(key: str, other: str) -> bool:
    """Tell whether two spellings are the same word but for small mistakes."""
    if key[:1] != other[:1] or Counter(_signs(key)) != Counter(_signs(other)):
        return False
    shorter = min(len(key), len(other))
    if shorter < _SHORTEST_SLIP:
        return False
    mistakes = OSA.distance(key, other, score_cutoff=2)
    if shorter >= _SHORTEST_TYPO:
        return mistakes <= 1 + (shorter >= _SHORTEST_TWO_TYPOS)
    swapped = Counter(key) == Counter(other)
    return mistakes == 1 and (swapped or Indel.distance(key, other) == 1)


def _signs(key: str) -> list[str]:
    """Return what tells versions and languages apart and is never a slip: digits, + and #."""
    return [char for char in key if not char.isalpha()]


@cache
def _topics() -> dict[str, Topic]:
    """Return the topic for each way of writing it."""
    text = resources.files("bot.mentoring").joinpath("topics.toml").read_text("utf-8")
    return {
        _key(spelling): Topic(name, group)
        for group, names in tomllib.loads(text).items()
        for name, aliases in names.items()
        for spelling in (name, *aliases)
    }
