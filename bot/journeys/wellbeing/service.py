"""The company's own help, which the self-check ends with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import FieldErrors
from bot.languages import _, marked
from bot.people import audit, roles
from bot.people.roles import Role
from models import Workspace

CHANGED: Final = "help.changed"
"""Its name in the audit table; the detail has `before` and `after`."""
PAGE_FIELD: Final = "help_page"
PERSON_FIELD: Final = "help_person"
PAGE_LENGTH: Final = 300
NO_PAGE: Final = marked("Please give the page's whole address, beginning with https://.")


@dataclass(frozen=True)
class Help:
    """Where somebody under strain finds help."""

    page: str | None = None
    """A web address."""
    person: str | None = None
    """An employee's id."""


async def help_of(session: AsyncSession, workspace_id: str) -> Help:
    """Return the help that HR has named."""
    workspace = await session.get_one(Workspace, workspace_id)
    return Help(workspace.help_page, workspace.help_person)


async def save_help(session: AsyncSession, actor: Actor, wanted: Help, now: datetime) -> None:
    """Store the help, with a record; raise NotAllowedError for others, FieldErrors for no page."""
    await roles.require(session, actor, Role.ADMIN, action=CHANGED)
    if wanted.page and not _is_page(wanted.page):
        raise FieldErrors({PAGE_FIELD: _(NO_PAGE)})
    workspace = await session.get_one(Workspace, actor.workspace_id, with_for_update=True)
    before = Help(workspace.help_page, workspace.help_person)
    if before == wanted:
        return
    workspace.help_page, workspace.help_person = wanted.page, wanted.person
    detail = {"before": before.page, "after": wanted.page}
    audit.record(session, actor, CHANGED, subject=wanted.person, detail=detail, now=now)


def _is_page(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and len(text) <= PAGE_LENGTH
