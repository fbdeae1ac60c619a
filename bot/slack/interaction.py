"""One command, press or submitted form, as the single argument of its listener."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import View
from bot.replays import Mark
from bot.settings import Settings
from bot.slack.client import Followups, open_form
from bot.slack.reply import Reply
from models.database import Sessions, quick, reading

Payload = dict[str, Any]


@dataclass(frozen=True)
class Interaction:
    """A person's signed request, the time it arrived, and everything its listener needs.

    A listener stores first, then acknowledges, then shows the result: `begin` or `reading`, then
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
    """Remembers the request in the transaction that stores its result; None for most requests."""

    @property
    def action(self) -> Payload:
        """The pressed button, or the changed field."""
        pressed: Payload = self.body["actions"][0]
        return pressed

    @property
    def value(self) -> str:
        """The pressed button's value."""
        return str(self.action.get("value"))

    @property
    def view(self) -> Payload:
        """The form or Home tab of the press or submission."""
        view: Payload = self.body["view"]
        return view

    def begin(self) -> AbstractAsyncContextManager[AsyncSession]:
        """Open a transaction that may write."""
        return self.sessions.begin()

    def quick(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a transaction for a few statements that read and write rows by their keys."""
        return quick(self.sessions)

    def reading(self) -> AbstractAsyncContextManager[AsyncSession]:
        """Open a transaction that only reads, and never blocks a writer."""
        return reading(self.sessions)

    def later(self, call: Any, otherwise: Any = None) -> None:
        """Run a call in the background; if it raises, run the call that `otherwise` returns."""
        self.followups.start(call, otherwise)

    async def open_form(self, view: View, otherwise: str | None = None) -> View:
        """Open a modal, above the modal that was pressed in if there is one.

        Raises UserError if the server has no modals, with the sentence `otherwise` if it is given.
        """
        above = (self.body.get("view") or {}).get("type") == "modal"
        return await open_form(self.client, self.body["trigger_id"], view, otherwise, above=above)

    async def update_form(self, view: View, view_id: str | None = None) -> None:
        """Show another view in the modal with this id, by default the one that was pressed."""
        await self.client.views_update(view_id=view_id or str(self.view["id"]), view=view)

    async def show_form(self, view: View) -> None:
        """Show a view where the press was: in its modal, or in a new one above a message."""
        if self.body.get("view", {}).get("type") == "modal":
            await self.update_form(view)
        else:
            await self.open_form(view)

    async def show(self, view: View) -> None:
        """Show a view where the press was, then acknowledge the press."""
        await self.show_form(view)
        await self.reply.acknowledge()

    async def replace_form(self, view: View) -> None:
        """Acknowledge a submitted form with another view in its place."""
        await self.reply.acknowledge(response_action="update", view=view)
