"""Two people of a mentoring programme, for the slices of mentoring."""

from typing import Any

from bot.mentoring.profiles.pure.topics import topic_name
from tests.golden.cases._texts import HOSTILE

MATCH = "0" * 32
MENTOR = "U0KOFI"
MENTEE = "U0NOOR"
REASONS: tuple[dict[str, Any], ...] = (
    {"part": "topics", "values": ["Go", "Kubernetes"], "amount": None},
    {"part": "language", "values": ["de", "en"], "amount": None},
    {"part": "team", "values": [], "amount": None},
    {"part": "hours", "values": [], "amount": 38.5},
    {"part": "experience", "values": [], "amount": 7.0},
)
TOPICS = tuple(topic_name(f"{number} {'&' * 20} {HOSTILE}"[:60]) for number in range(10))
HARMFUL_REASONS: tuple[dict[str, Any], ...] = (
    {"part": "topics", "values": list(TOPICS), "amount": None},
    {"part": "language", "values": ["xx"], "amount": None},
    {"part": "hours", "values": [], "amount": 1.0},
    {"part": "experience", "values": [], "amount": 1.0},
)
