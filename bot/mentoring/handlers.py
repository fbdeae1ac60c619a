"""Mentoring's commands and listeners."""

from slack_bolt.app.async_app import AsyncApp

from bot.mentoring.finder import handlers as finder
from bot.mentoring.pairs import handlers as pairs
from bot.mentoring.profiles import handlers as profiles
from bot.mentoring.programme import handlers as programme
from bot.mentoring.proposals import handlers as proposals
from bot.slack.commands import Usage

COMMANDS: tuple[Usage, ...] = (*profiles.COMMANDS, *finder.COMMANDS, *programme.COMMANDS)


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    for part in (profiles, proposals, pairs, finder, programme):
        part.register(app)
