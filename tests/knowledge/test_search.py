"""Both databases find the same cards, whatever people write."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.knowledge.pure.words import indexed, searched, ways_to_match, words_of
from bot.knowledge.search import find_cards
from models import KnowledgeCard, Workspace
from models.database import Sessions, make_engine, make_sessions
from tests.conftest import NOW
from tests.factories import WORKSPACE, workspace
from tests.knowledge.asking import card

SCRIPTS = (
    "Straße CAFÉ naïve Ελλάδα привет 東京タワー ไทย हिन्दी مرحبا 한국어 c++ C# k8s a-b x_y 3.14 "
    "' \" & | ! ( ) : *"
)
WORDS = st.sampled_from(
    [
        *SCRIPTS.split(),
        "deploy",
        "deploys",
        "rollback",
        "cluster",
        "pod",
        "pods",
        "NEAR",
        "OR",
        "AND",
    ]
)
TEXTS = st.lists(st.one_of(WORDS, st.text(max_size=6)), max_size=9).map(" ".join)


@pytest.mark.parametrize(
    ("text_", "words"),
    [
        ("How do I restart the K8s pods?", ["restart", "kubernetes", "pod"]),
        ("CAFÉS cafés Cafe", ["cafe", "cafe", "cafe"]),
        ("c++ C", ["x632b2b", "c"]),
        ("東京都", [f"x{pair.encode().hex()}" for pair in ("東京", "京都")]),
        ("", []),
        ("the of and ?!", []),
    ],
)
def test_the_words_of_a_text(text_: str, words: list[str]) -> None:
    assert words_of(text_) == words


@given(st.text())
def test_each_word_is_one_word_for_either_database(text_: str) -> None:
    for word in words_of(text_):
        assert word.isascii()
        assert word.isalnum()
        assert word == word.lower()


@given(st.lists(st.text("abc", min_size=1, max_size=3), unique=True, max_size=6))
def test_more_than_half_of_few_words_and_three_of_many_are_needed(words: list[str]) -> None:
    needed = {0: 1, 1: 1, 2: 2, 3: 2}.get(len(words), 3)
    assert all(len(way) == needed for way in ways_to_match(words))
    assert {word for way in ways_to_match(words) for word in way} == set(words)


def expected(cards: list[KnowledgeCard], question: str) -> list[int]:
    """Compute the result without a database."""
    words = searched(question)
    needed = min(3, len(words) // 2 + 1)
    shared = {
        each.id: (sum(f" {word} " in each.words for word in words), each.checked_on)
        for each in cards
    }
    fitting = [each for each in shared if words and shared[each][0] >= needed]
    fitting.sort(key=lambda each: (-shared[each][0], -shared[each][1].toordinal(), each))
    return fitting[:3]


@pytest.fixture
def stores(
    sqlite_template: Path, empty_postgres: Any, postgres_url: str, tmp_path: Path
) -> Iterator[tuple[asyncio.Runner, list[Sessions]]]:
    """Both databases, each with a workspace."""
    copy = tmp_path / "attune.sqlite3"
    copy.write_bytes(sqlite_template.read_bytes())
    engines = [make_engine(url) for url in (f"sqlite:///{copy}", postgres_url)]

    async def add(sessions: Sessions) -> None:
        async with sessions.begin() as session:
            session.add_all([workspace(), workspace(id="T0OTHER")])

    with asyncio.Runner() as runner:
        made = [make_sessions(engine) for engine in engines]
        for each in made:
            runner.run(add(each))
        yield runner, made
        for engine in engines:
            runner.run(engine.dispose())
    empty_postgres()


@given(st.lists(st.tuples(TEXTS, TEXTS, st.integers(0, 3)), max_size=12), TEXTS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_find_what_the_rule_says(
    stores: tuple[asyncio.Runner, list[Sessions]], texts: list[tuple[str, str, int]], question: str
) -> None:
    runner, databases = stores
    rows = [
        {"id": number, "question": asked.replace("\x00", ""), "answer": told.replace("\x00", "")}
        | {"checked_on": NOW.date() - timedelta(days=days)}
        for number, (asked, told, days) in enumerate(texts, start=1)
    ]

    async def found(sessions: Sessions) -> list[int]:
        async with sessions.begin() as session:
            await session.execute(delete(KnowledgeCard))
            session.add_all(card(**row) for row in rows)  # type: ignore[arg-type]
            await session.flush()
            return [each.id for each in await find_cards(session, WORKSPACE, question)]

    wanted = expected([card(**row) for row in rows], question)  # type: ignore[arg-type]
    for sessions in databases:
        assert runner.run(found(sessions)) == wanted


async def test_the_index_follows_changes_and_deletions(session: AsyncSession) -> None:
    session.add(workspace())
    await session.flush()
    one = card("How do I roll back a failed deployment?")
    session.add(one)
    await session.flush()
    question = "roll back failed deployment"
    assert await find_cards(session, WORKSPACE, question)

    one.question, one.words = "Where is lunch?", indexed("Where is lunch?")
    await session.flush()
    assert not await find_cards(session, WORKSPACE, question)
    assert await find_cards(session, WORKSPACE, "lunch")

    await session.delete(one)
    await session.flush()
    assert not await find_cards(session, WORKSPACE, "lunch")


async def test_another_workspaces_answers_are_not_found_and_go_with_it(
    sessions: Sessions, database_url: str
) -> None:
    async with sessions.begin() as session:
        session.add_all([workspace(), workspace(id="T0OTHER")])
        await session.flush()
        session.add(card("How do I roll back a deployment?", workspace_id="T0OTHER"))
    async with sessions.begin() as session:
        assert not await find_cards(session, WORKSPACE, "roll back deployment")
        assert await find_cards(session, "T0OTHER", "roll back deployment")
        await session.execute(delete(Workspace).where(Workspace.id == "T0OTHER"))
    async with sessions.begin() as session:
        assert not await find_cards(session, "T0OTHER", "roll back deployment")
        if database_url.startswith("sqlite"):
            # Fails if the index and the table differ.
            await session.execute(
                text("INSERT INTO fts_cards (fts_cards, rank) VALUES ('integrity-check', 1)")
            )
