"""What one run of sending works with in one workspace."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.web.async_client import AsyncWebClient

from bot.outbox import outcomes
from bot.outbox.deliveries import Posted
from bot.outbox.kinds import Composing, Kind, kind_of
from bot.runtime import Runtime
from models import Delivery


@dataclass(frozen=True)
class WorkspaceRun:
    """One run of sending in one workspace."""

    runtime: Runtime
    workspace_id: str
    bot_user_id: str
    client: AsyncWebClient
    """Must not repeat calls."""
    now: datetime
    kinds: Mapping[str, Kind]

    @property
    def composing(self) -> Composing:
        """What composers are told."""
        return Composing(self.now, self.runtime.settings.attune_privacy_url)

    def kind_of(self, delivery: Delivery) -> Kind:
        """Return the kind of a delivery."""
        return kind_of(self.kinds, delivery)

    async def record_posted(self, parts: Iterable[Delivery], posted: Posted) -> None:
        """Record that Slack has a message, and what follows for each of its deliveries."""
        async with self.runtime.sessions.begin() as session:
            for each in parts:
                kind = self.kind_of(each)
                await outcomes.record_posted(session, kind, each, posted, self.now)
