"""`/improve`: the commands and listeners of people products."""

from slack_bolt.app.async_app import AsyncApp

from bot.products.board import handlers as board
from bot.products.effects import handlers as effects
from bot.products.items import handlers as items
from bot.products.suggestions import handlers as suggestions
from bot.products.supports import handlers as supports
from bot.products.team_talks import handlers as team_talks
from bot.products.value import handlers as value
from bot.slack.commands import Usage

COMMANDS: tuple[Usage, ...] = (*board.COMMANDS, *value.COMMANDS)


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    for part in (board, items, effects, suggestions, supports, value, team_talks):
        part.register(app)
