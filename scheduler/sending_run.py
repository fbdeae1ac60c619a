"""What one run of sending works with in one workspace."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.web.async_client import AsyncWebClient

from bot.outbox import outcomes
from bot.outbox.deliveries import Posted
from bot.outbox.kinds import Composing, Kind, kind_of
from bot.runtime import Runtime
from models import Delivery
from models.database import is_unavailable
from scheduler.sweeps import describe_failure, total

logger = logging.getLogger(__name__)


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

    @property
    def reminders(self) -> list[str]:
        """The kinds whose rows must not tell whether they were needed."""
        return [name for name, kind in self.kinds.items() if kind.is_reminder and kind.discreet]

    def kind_of(self, delivery: Delivery) -> Kind:
        """Return the kind of a delivery."""
        return kind_of(self.kinds, delivery)

    async def record_ended(self, ended: Sequence[tuple[Delivery, Posted | None]]) -> None:
        """Record where Slack has messages, and what follows; None if there was nothing to say."""
        by_kind: dict[Kind, list[tuple[Delivery, Posted | None]]] = {}
        for each in ended:
            by_kind.setdefault(self.kind_of(each[0]), []).append(each)
        try:
            async with self.runtime.sessions.begin() as session:
                for kind, of_kind in by_kind.items():
                    await outcomes.record_ended(session, kind, of_kind, self.now)
        except Exception as error:
            if len(ended) == 1 or is_unavailable(error):
                raise
            logger.error("recording a group failed: %s", describe_failure(error))
            # What cannot be recorded alone either is looked up later.
            alone = [self.record_ended([each]) for each in ended]
            total(await asyncio.gather(*alone, return_exceptions=True))
