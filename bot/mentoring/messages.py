"""Every kind of message that mentoring sends."""

from collections.abc import Mapping
from typing import Final

from bot.mentoring.coffee import messages as coffee
from bot.mentoring.finder import messages as finder
from bot.mentoring.pairs import messages as pairs
from bot.mentoring.proposals import messages as proposals
from bot.mentoring.rounds import messages as rounds
from bot.outbox.kinds import Kind

KINDS: Final[Mapping[str, Kind]] = {
    **rounds.KINDS,
    **proposals.KINDS,
    **pairs.KINDS,
    **coffee.KINDS,
    **finder.KINDS,
}
