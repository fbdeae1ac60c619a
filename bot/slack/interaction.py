"""What one command, press or submitted form brings, as the one argument of its listener."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import View
from bot.replays import Mark
from bot.settings import Settings
from bot.slack.client import NO_FORMS, Followups, open_form
from bot.slack.reply import Reply
from models.database import Sessions, reading

Payload = dict[str, Any]


@dataclass(frozen=True)
class Interaction:
    """A signed request of a person, when it came, and what a listener works with.

    A listener stores first, acknowledges then, and shows at last: `begin` or `reading`, then
    `reply.acknowledge`, then `later`.
    """

    body: Payload
    """As Slack sent it: https://docs.slack.dev/reference/interaction-payloads."""
    actor: Actor
    now: datetime
    settings: Settings
    sessions: Sessions
    client: AsyncWebClient
    followups: Followups
    reply: Reply
    mark: Mark | None
    """What remembers the request together with what it stores; None for most requests."""

    @property
    def action(self) -> Payload:
        """The button that was pressed, or the field that was changed."""
        pressed: Payload = self.body["actions"][0]
        return pressed

    @property
    def value(self) -> str:
        """The pressed button's value."""
        return str(self.action.get("value"))

    @property
    def view(self) -> Payload:
        """The form or Home tab that the press or submission came from."""
        view: Payload = self.body["view"]
        return view

    def begin(self) -> AbstractAsyncContextManager[AsyncSession]:
        """Open a transaction that may write."""
        return self.sessions.begin()

    def reading(self) -> AbstractAsyncContextManager[AsyncSession]:
        """Open a transaction that only reads and holds up no writer."""
        return reading(self.sessions)

    def later(self, call: Any, otherwise: Any = None) -> None:
        """Run a call after the acknowledgement; if it raises, run what `otherwise()` returns."""
        self.followups.start(call, otherwise)

    async def open_form(self, view: View, otherwise: str = NO_FORMS) -> View:
        """Open a modal; raise UserError with `otherwise` where a server has none."""
        return await open_form(self.client, self.body["trigger_id"], view, otherwise)

    async def update_form(self, view: View) -> None:
        """Show another view in the modal that was pressed."""
        await self.client.views_update(view_id=self.view["id"], view=view)
