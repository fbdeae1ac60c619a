"""Topics that people offer and look for: a curated list, and topics of their own.

People write "k8s", "Kubernets" or "kubernetes" for the same thing. `topic_name` returns one name
for all of them, which profiles store. A topic that is not on the list keeps its author's spelling;
`merge_spellings` unifies what different people wrote, so matching only compares texts. The names
on the list are English; they are translated where they are shown, and `in_english` reads them.
"""

import re
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, Indel

from bot.languages import _, current_language, speaking

_SHORTEST_SLIP: Final = 5
_SHORTEST_MOVE: Final = 6
_SHORTEST_TYPO: Final = 9
_SHORTEST_TWO_TYPOS: Final = 12
"""Shortest words in which these are forgiven: a slip (one letter too many or too few, or two
swapped), a letter in the wrong place, any one mistake, and two mistakes. In shorter words, other
words are too similar: Java and Lava, hiking and hiring."""
_NO_SLIPS: Final = frozenset(
    {"baking", "banking", "casual", "causal", "diving", "driving", "trail", "trial"}
    | {"signing", "singing", "germany", "scalar", "scales", "states", "status", "windows"}
)
"""Words that look like a slip of another word but are not."""
_NO_PLURALS: Final = frozenset({"goods", "news", "rails", "windows"})
_ALIKE: Final = 75
"""Lowest similarity, out of 100, of a suggested topic."""


@dataclass(frozen=True)
class CuratedTopic:
    """A topic of the curated list."""

    name: str
    group: str


@lru_cache(maxsize=10_000)
def normalise(text: str) -> CuratedTopic | str:
    """Return the curated topic that `text` means, or the text itself.

    A topic that is not curated keeps its author's spelling, with tidy spaces.
    """
    key, folded = _key(text), _folded(text)
    topic = _topics().get(key) or _folded_topics().get(folded)
    if topic is not None:
        return topic
    near = {
        topic
        for other, topic in _alike_at_first().get(key[:1], ())
        if _mistyped(key, other) or _mistyped(folded, other)
    }
    if len(near) == 1:
        return near.pop()
    return " ".join(unicodedata.normalize("NFKC", text).split())


def topic_name(text: str) -> str:
    """Return the name under which profiles store a topic: equal topics have equal names."""
    topic = normalise(text)
    return topic.name if isinstance(topic, CuratedTopic) else topic


def topics_in(text: str) -> list[str]:
    """Return the names of the topics in one text field.

    They are separated by commas, semicolons, new lines, or a slash between spaces. Parts without a
    letter or digit are ignored.

    >>> topics_in("K8s; rust / HTML/CSS, !!!")
    ['Kubernetes', 'Rust', 'HTML and CSS']
    """
    parts = re.split(r"[,;\n\r]|\s/\s", text)
    return [topic_name(in_english(part)) for part in parts if any(map(str.isalnum, part))]


def in_english(text: str) -> str:
    """Return the curated topic that the current language calls `text`, else the text itself."""
    return _translated(current_language()).get(_key(text), text)


def distinct(names: Iterable[str]) -> list[str]:
    """Drop topics that differ from an earlier one only in case, spaces or plural.

    >>> distinct(["Guitar", "Rust", "guitars"])
    ['Guitar', 'Rust']
    """
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(_folded(name), name)
    return list(first.values())


def merge_spellings(written: Mapping[str, int]) -> dict[str, str]:
    """Return the topic's name for each spelling, given how often each spelling occurs.

    The most frequent spelling is the name; among equals, the first by the alphabet. A spelling that
    could be a slip of two different topics stays separate.

    >>> merge_spellings({"Guitars": 2, "guitar": 1, "Giutar": 1})
    {'Guitars': 'Guitars', 'Giutar': 'Guitars', 'guitar': 'Guitars'}
    """
    name_of: dict[str, str] = {}
    heads: dict[str, str] = {}
    heads_near: dict[str, set[str]] = defaultdict(set)
    for text in sorted(written, key=lambda text: (-written[text], text)):
        name = topic_name(text)
        key = _folded(name)
        if isinstance(normalise(text), CuratedTopic):
            heads[key] = name
        elif key not in heads:
            near = set().union(*(heads_near[shorter] for shorter in _shortened(key)))
            meant = [head for head in near if _mistyped(key, head)]
            if len(meant) == 1:
                key = meant[0]
            else:
                heads[key] = name
                for shorter in _shortened(key):
                    heads_near[shorter].add(key)
        name_of[text] = heads[key]
    return name_of


def same_topic(one: str, other: str) -> bool:
    """Return True if two names mean the same topic."""
    return len(set(merge_spellings({one: 1, other: 1}).values())) == 1


def curated_key(word: str) -> str | None:
    """Return the letters of the curated topic that a word names; None for other words.

    Nothing is forgiven: in a sentence, a word that looks like a slip is mostly another word.

    >>> curated_key("K8s")
    'kubernetes'
    """
    topic = _topics().get(_key(word))
    return _key(topic.name) if topic else None


def topic_in(text: str) -> CuratedTopic | None:
    """Return the curated topic that a sentence names first, of its longest names.

    Names of one or two letters are left out: in a sentence they are mostly something else.

    >>> topic_in("How do I start with Google Cloud?").name
    'Google Cloud'
    """
    words = text.split()
    for length in (3, 2, 1):
        for begin in range(len(words) - length + 1):
            key = _key(" ".join(words[begin : begin + length]))
            if len(key) > 2 and (topic := _topics().get(key)):
                return topic
    return None


def suggest(text: str, limit: int = 10) -> list[CuratedTopic]:
    """Return the curated topics most similar to `text`, or the first ones if it is empty.

    Topics that begin with `text` come first.
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
        alike = [topics[match[0]] for match in found]
    return list(dict.fromkeys(exact + named + nicknamed + alike))[:limit]


def curated() -> list[CuratedTopic]:
    """Return the curated list in its order."""
    return list(dict.fromkeys(_topics().values()))


def _key(text: str) -> str:
    """Reduce a spelling to lower-case letters without accents, digits, + and #."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(char for char in folded if not unicodedata.combining(char))
    return re.sub(r"[^\w+#]+|_", "", plain)


def _folded(text: str) -> str:
    """Return the key of a text with its words in the singular, as far as rules can."""
    words = re.split(r"[\s_/-]+", unicodedata.normalize("NFKC", text).casefold())
    return _key(" ".join(singular(word) for word in words))


def singular(word: str) -> str:
    """Return one form for a word and its plural; both "movie" and "movies" become "movy"."""
    if word in _NO_PLURALS or len(word) < 4:
        return word
    if word.endswith(("ies", "ie")):
        return word.removesuffix("s").removesuffix("ie") + "y"
    return word if word.endswith(("ss", "us", "is")) else word.removesuffix("s")


def _shortened(key: str) -> set[str]:
    """Return a key, and the key without each one of its letters.

    Two keys that differ by one mistake or one misplaced letter share one of these.
    """
    return {key, *(key[:n] + key[n + 1 :] for n in range(len(key)))}


def _mistyped(key: str, other: str) -> bool:
    """Return True if two spellings are the same word apart from small mistakes."""
    if key[:1] != other[:1] or Counter(_signs(key)) != Counter(_signs(other)):
        return False
    shorter = min(len(key), len(other))
    if shorter < _SHORTEST_SLIP or key in _NO_SLIPS or other in _NO_SLIPS:
        return False
    mistakes = OSA.distance(key, other, score_cutoff=2)
    if shorter >= _SHORTEST_TYPO and mistakes <= 1 + (shorter >= _SHORTEST_TWO_TYPOS):
        return True
    if Counter(key) == Counter(other):
        moved = shorter >= _SHORTEST_MOVE and Indel.distance(key, other) == 2
        return mistakes == 1 or moved
    return Indel.distance(key, other) == 1


def _signs(key: str) -> list[str]:
    """Return digits, + and #: they distinguish versions and languages, and are never a slip."""
    return [char for char in key if not char.isalpha()]


@cache
def _translated(language: str) -> dict[str, str]:
    """Return the names of the curated topics by how a language writes them."""
    with speaking(language):
        return {_key(_(topic.name)): topic.name for topic in curated()}


@cache
def _topics() -> dict[str, CuratedTopic]:
    """Return the topic for each spelling."""
    return {_key(spelling): topic for spelling, topic in _spellings()}


@cache
def _folded_topics() -> dict[str, CuratedTopic]:
    """Return the topic for each spelling in the singular."""
    return {_folded(spelling): topic for spelling, topic in reversed(_spellings())}


@cache
def _alike_at_first() -> dict[str, list[tuple[str, CuratedTopic]]]:
    """Return the spellings by first letter, in which no mistake is forgiven."""
    found: dict[str, list[tuple[str, CuratedTopic]]] = defaultdict(list)
    for spelling, topic in {**_topics(), **_folded_topics()}.items():
        found[spelling[:1]].append((spelling, topic))
    return dict(found)


@cache
def _spellings() -> list[tuple[str, CuratedTopic]]:
    text = resources.files("bot.mentoring.profiles.pure").joinpath("topics.toml").read_text("utf-8")
    return [
        (spelling, CuratedTopic(name, group))
        for group, names in tomllib.loads(text).items()
        for name, aliases in names.items()
        for spelling in (name, *aliases)
    ]
