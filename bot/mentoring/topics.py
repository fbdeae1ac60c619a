"""Topics that people offer and look for: a curated list, and own ones beside it.

People write "k8s", "Kubernets" or "kubernetes" for the same thing; `normalise` unites them.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

SHORTEST_TYPO: Final = 5
"""Letters below which no typing mistake is forgiven: "Java" is no "Lava"."""


@dataclass(frozen=True)
class Topic:
    """A topic of the curated list."""

    name: str
    group: str


def normalise(text: str) -> Topic | str:
    """Return the curated topic that `text` means, or the text itself, tidied, as an own topic."""
    tidied = " ".join(unicodedata.normalize("NFKC", text).split())
    key = _key(tidied)
    topics = _topics()
    if key in topics:
        return topics[key]
    if len(key) >= SHORTEST_TYPO:
        near = process.extractOne(
            key, topics.keys(), scorer=OSA.distance, score_cutoff=1 if len(key) < 8 else 2
        )
        if near and len(near[0]) >= SHORTEST_TYPO:
            return topics[near[0]]
    return tidied


def topic_name(text: str) -> str:
    """Return the name under which profiles store a topic, so that equal topics are equal texts."""
    topic = normalise(text)
    return topic.name if isinstance(topic, Topic) else topic


def suggest(text: str, limit: int = 10) -> list[Topic]:
    """Return the curated topics nearest to what was typed, the best first; all if nothing was."""
    topics = _topics()
    if not _key(text):
        return curated()[:limit]
    found = process.extract(_key(text), topics.keys(), scorer=fuzz.WRatio, limit=None)
    ranked = [topics[name] for name, rating, _ in found if rating >= 60]
    return list(dict.fromkeys(ranked))[:limit]


def curated() -> list[Topic]:
    """Return the curated list in its order."""
    return list(dict.fromkeys(_topics().values()))


def _key(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(char for char in folded if not unicodedata.combining(char))
    return re.sub(r"[^\w+#]+", "", plain)


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
