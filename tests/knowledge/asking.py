"""Findable people, questions and cards for tests."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.knowledge.pure.words import indexed
from bot.mentoring.profiles.offers import store_offers
from models import KnowledgeCard, MentoringProfile
from tests.conftest import NOW
from tests.factories import WORKSPACE

TOPIC = "Kubernetes"
QUESTION = "How do I roll back a failed deployment?"


def actor(person: str) -> Actor:
    return Actor(WORKSPACE, person)


async def offer(
    session: AsyncSession, *people: str, topics: Sequence[str] = (TOPIC,), **changes: Any
) -> None:
    """Let people be found for topics."""
    for person in people:
        fields = {"offers": [*topics], "findable": True, "joined_at": NOW, **changes}
        profile = MentoringProfile(workspace_id=WORKSPACE, employee_id=person, **fields)
        session.add(profile)
        await session.flush()
        await store_offers(session, profile)


def card(
    question: str, answer: str = "Like this.", topic: str = TOPIC, **more: Any
) -> KnowledgeCard:
    """Build a card."""
    fields: dict[str, Any] = {
        "workspace_id": WORKSPACE,
        "question": question,
        "answer": answer,
        "topic": topic,
        "author_id": "UDESI000",
        "checked_on": NOW.date(),
        "words": indexed(question, topic, answer),
    }
    return KnowledgeCard(**{**fields, **more})
