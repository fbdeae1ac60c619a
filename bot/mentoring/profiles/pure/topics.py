"""Topics that people offer and look for: a curated list, and own ones beside it.

People write "k8s", "Kubernets" or "kubernetes" for the same thing. `topic_name` gives one text for
all of them, under which profiles keep it. An own topic is kept as its author wrote it; `gathered`
brings together what different people wrote, so that matching compares texts and nothing else.
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

_SHORTEST_SLIP: Final = 5
_SHORTEST_MOVE: Final = 6
_SHORTEST_TYPO: Final = 9
_SHORTEST_TWO_TYPOS: Final = 12
"""Letters from which a slip (a letter too many, too few, or two swapped), a letter in the wrong
place, any one mistake, and two are forgiven. Below that other words are too near: Java and Lava,
hiking and hiring."""
_NO_SLIPS: Final = frozenset(
    {"baking", "banking", "casual", "causal", "diving", "driving", "trail", "trial"}
    | {"signing", "singing", "germany", "scalar", "scales", "states", "status", "windows"}
)
"""Words that look like a slip of another, and are none."""
_NO_PLURALS: Final = frozenset({"goods", "news", "rails", "windows"})
_ALIKE: Final = 75
"""rapidfuzz's rating, of 100, from which a topic is worth suggesting."""


@dataclass(frozen=True)
class CuratedTopic:
    """A topic of the curated list."""

    name: str
    group: str


@lru_cache(maxsize=10_000)
def normalise(text: str) -> CuratedTopic | str:
    """Return the curated topic that `text` means, or the text itself as an own topic.

    An own topic keeps its author's spelling; only its spaces are tidied.
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
    """Return the name under which profiles keep a topic, so that equal topics are equal texts."""
    topic = normalise(text)
    return topic.name if isinstance(topic, CuratedTopic) else topic


def topics_in(text: str) -> list[str]:
    """Return the names of the topics in what somebody wrote into one field.

    They are separated by commas, semicolons, new lines, or a slash between spaces. What holds no
    letter or digit is no topic.

    >>> topics_in("K8s; rust / HTML/CSS, !!!")
    ['Kubernetes', 'Rust', 'HTML and CSS']
    """
    parts = re.split(r"[,;\n\r]|\s/\s", text)
    return [topic_name(part) for part in parts if any(char.isalnum() for char in part)]


def distinct(names: Iterable[str]) -> list[str]:
    """Return topics without those that differ from an earlier one in case, spaces or plural only.

    >>> distinct(["Guitar", "Rust", "guitars"])
    ['Guitar', 'Rust']
    """
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(_folded(name), name)
    return list(first.values())


def merge_spellings(written: Mapping[str, int]) -> dict[str, str]:
    """Return one name for all ways of writing each topic, given how often each was written.

    The way that most people chose, the first by the alphabet of several, is the topic's name. What
    could be a slip of two different topics stays by itself.

    >>> gathered({"Guitars": 2, "guitar": 1, "Giutar": 1})
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
    """Tell whether two names mean the same topic."""
    return len(set(merge_spellings({one: 1, other: 1}).values())) == 1


def suggest(text: str, limit: int = 10) -> list[CuratedTopic]:
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


def curated() -> list[CuratedTopic]:
    """Return the curated list in its order."""
    return list(dict.fromkeys(_topics().values()))


def _key(text: str) -> str:
    """Return what counts of a spelling: letters and digits without accents, and + and #."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(char for char in folded if not unicodedata.combining(char))
    return re.sub(r"[^\w+#]+|_", "", plain)


def _folded(text: str) -> str:
    """Return the key of a text whose words are put into the singular, as far as rules can."""
    words = re.split(r"[\s_/-]+", unicodedata.normalize("NFKC", text).casefold())
    return _key(" ".join(_singular(word) for word in words))


def _singular(word: str) -> str:
    """Return one form for a word and its plural; both "movie" and "movies" become "movy"."""
    if word in _NO_PLURALS or len(word) < 4:
        return word
    if word.endswith(("ies", "ie")):
        return word.removesuffix("s").removesuffix("ie") + "y"
    return word if word.endswith(("ss", "us", "is")) else word.removesuffix("s")


def _shortened(key: str) -> set[str]:
    """Return a key and what is left of it without any one of its letters.

    Two keys that are one mistake apart, or one misplaced letter, have one of these in common.
    """
    return {key, *(key[:n] + key[n + 1 :] for n in range(len(key)))}


def _mistyped(key: str, other: str) -> bool:
    """Tell whether two spellings are the same word but for small mistakes."""
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
    """Return what tells versions and languages apart and is never a slip: digits, + and #."""
    return [char for char in key if not char.isalpha()]


@cache
def _topics() -> dict[str, CuratedTopic]:
    """Return the topic for each way of writing it."""
    return {_key(spelling): topic for spelling, topic in _spellings()}


@cache
def _folded_topics() -> dict[str, CuratedTopic]:
    """Return the topic for each way of writing it in the singular."""
    return {_folded(spelling): topic for spelling, topic in reversed(_spellings())}


@cache
def _alike_at_first() -> dict[str, list[tuple[str, CuratedTopic]]]:
    """Return the spellings that begin with each letter: no mistake is forgiven in the first."""
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
