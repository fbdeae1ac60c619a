"""Every kind of message that people products send."""

from collections.abc import Mapping
from typing import Final

from bot.outbox.kinds import Kind
from bot.products.decisions import messages as decisions
from bot.products.effects import messages as effects
from bot.products.team_talks import messages as team_talks
from bot.products.value import messages as value

KINDS: Final[Mapping[str, Kind]] = {
    **decisions.KINDS,
    **effects.KINDS,
    **value.KINDS,
    **team_talks.KINDS,
}
