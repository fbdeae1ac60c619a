"""The one table of all kinds of message: the tables of the slices together."""

from collections.abc import Mapping
from typing import Final

from bot.blockers import messages as blockers
from bot.digest import messages as digest
from bot.goals import messages as goals
from bot.insights import ready
from bot.journeys import messages as journeys
from bot.journeys.welcome import messages as welcome
from bot.knowledge import messages as knowledge
from bot.learning import messages as learning
from bot.mentoring import messages as mentoring
from bot.outbox.kinds import Kind
from bot.people import messages as people
from bot.products import messages as products
from bot.pulse import messages as pulse
from bot.setup import messages as setup
from bot.surveys import messages as surveys
from bot.voice import messages as voice

TABLES: Final[tuple[Mapping[str, Kind], ...]] = (
    surveys.KINDS,
    pulse.KINDS,
    ready.KINDS,
    digest.KINDS,
    people.KINDS,
    mentoring.KINDS,
    journeys.KINDS,
    voice.KINDS,
    products.KINDS,
    goals.KINDS,
    learning.KINDS,
    blockers.KINDS,
    knowledge.KINDS,
    welcome.KINDS,
    setup.KINDS,
)
KINDS: Final[Mapping[str, Kind]] = {name: kind for table in TABLES for name, kind in table.items()}
