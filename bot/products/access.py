"""Who sees the board and who acts on an item: HR, and managers for their own shown team."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import NotAllowedError, UserError
from bot.insights.managers import managed_teams
from bot.languages import _, marked
from bot.people import roles
from bot.people.roles import Role
from models import ProductItem

VIEW: Final = "board.view"
CHANGE: Final = "board.change"
GONE: Final = marked("This item no longer exists. `/improve` shows those that do.")
NOT_YOURS: Final = marked(
    "Only HR admins, and managers for their own team, can do this. `/pulse admins` shows who to "
    "ask."
)


@dataclass(frozen=True)
class Access:
    """What a person may see and do here."""

    is_admin: bool
    is_hr: bool
    """True for analysts as well, who only read."""
    teams: tuple[str, ...] = ()
    """The teams whose figures the person may see as their manager."""

    def may_see(self, item: ProductItem) -> bool:
        """Return True if the person may see an item."""
        return self.is_hr or self._manages(item)

    def may_act(self, item: ProductItem) -> bool:
        """Return True if the person may take up an item and decide about it."""
        return self.is_admin or self._manages(item)

    def _manages(self, item: ProductItem) -> bool:
        return (
            item.segment == "team"
            and len(item.segment_values) == 1
            and item.segment_values[0] in self.teams
        )


async def access_of(session: AsyncSession, actor: Actor) -> Access:
    """Return what a person may see; raise NotAllowedError for those who see nothing here."""
    is_hr = await roles.holds(session, actor, Role.ANALYST)
    is_admin = is_hr and await roles.holds(session, actor, Role.ADMIN)
    teams = () if is_hr else tuple(await managed_teams(session, actor))
    if not is_hr and not teams:
        raise NotAllowedError(_(roles.REFUSALS[Role.ANALYST]), action=VIEW)
    return Access(is_admin=is_admin, is_hr=is_hr, teams=teams)


async def require_admin(session: AsyncSession, actor: Actor) -> None:
    """Raise NotAllowedError for everybody but HR admins."""
    await roles.require(session, actor, Role.ADMIN, action=CHANGE)


async def item_to_see(session: AsyncSession, actor: Actor, item_id: str) -> ProductItem:
    """Return an item; raise NotAllowedError, or UserError if it is gone."""
    access = await access_of(session, actor)
    item = await session.get(ProductItem, (actor.workspace_id, item_id), populate_existing=True)
    if item is None:
        raise UserError(_(GONE))
    if not access.may_see(item):
        raise NotAllowedError(_(NOT_YOURS), action=VIEW)
    return item


async def item_to_change(session: AsyncSession, actor: Actor, item_id: str) -> ProductItem:
    """Return an item with its row locked; raise NotAllowedError, or UserError if it is gone."""
    access = await access_of(session, actor)
    item = await session.get(
        ProductItem, (actor.workspace_id, item_id), with_for_update=True, populate_existing=True
    )
    if item is None:
        raise UserError(_(GONE))
    if not access.may_act(item):
        raise NotAllowedError(_(NOT_YOURS), action=CHANGE)
    return item
