"""Was a message posted whose answer was lost? Looked up in the conversation before it is repeated.

Only DMs can be looked up: Attune asks for no right to read channels.
"""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.digest.service import KIND as DIGEST
from bot.digest.service import mark_told
from bot.outbox import deliveries
from bot.outbox.deliveries import Posted, earliest_post
from bot.pulse.service import mark_asked
from bot.runtime import Runtime
from bot.slack.client import error_code, retry_after
from bot.slack.pacing import Pacer
from bot.slack.post_errors import Outcome, outcome_of
from models import Delivery
from scheduler.paced import take_turn

logger = logging.getLogger(__name__)

LOOKUPS = 20
"""At most so many in one run, so that new messages do not wait for old ones."""

EVENT_TYPE = "attune_delivery"
HISTORY_LIMIT = 15
"""What newer apps get at most; the window of time is so short that it holds fewer."""


@dataclass(frozen=True)
class Voice:
    """What it takes to speak as Attune in one workspace, during one run of the job."""

    runtime: Runtime
    workspace_id: str
    bot_user_id: str
    client: AsyncWebClient
    """Must not repeat calls by itself."""
    now: datetime

    async def record_posted(self, delivery: Delivery, posted: Posted) -> None:
        """Mark a delivery as sent, its question as asked, and what a digest tells as told."""
        async with self.runtime.sessions.begin() as session:
            if delivery.kind in ("question", "reminder"):
                await mark_asked(session, delivery)
            if delivery.kind == DIGEST:
                await mark_told(session, delivery, self.now)
            await deliveries.mark_sent(session, delivery, posted)


class Fate(Enum):
    """What a look-up showed, when it did not show the message."""

    MISSING = auto()
    """The message is not there: it may be posted."""
    UNKNOWABLE = auto()
    """Nobody can tell: it must not be repeated."""


def metadata_of(delivery: Delivery) -> dict[str, Any]:
    """Return the mark by which a posted message is recognised.

    https://docs.slack.dev/messaging/message-metadata
    """
    return {"event_type": EVENT_TYPE, "event_payload": {"delivery": delivery.id}}


def can_be_looked_up(delivery: Delivery) -> bool:
    """Tell whether a delivery goes to a person's DM."""
    return delivery.recipient.startswith(("U", "W"))


async def look_up(client: AsyncWebClient, delivery: Delivery, bot_user_id: str) -> Posted | Fate:
    """Look for a delivery in its recipient's DM.

    Raises what the calls raise, unless that means that the look-up is not possible at all.
    https://docs.slack.dev/reference/methods/conversations.history
    """
    try:
        opened = await client.conversations_open(users=delivery.recipient)
        channel = str(opened["channel"]["id"])
        history = await client.conversations_history(
            channel=channel,
            oldest=f"{earliest_post(delivery).timestamp():.6f}",
            limit=HISTORY_LIMIT,
            include_all_metadata=True,
        )
    except SlackApiError as error:
        if error_code(error) in ("missing_scope", "unknown_method"):
            logger.warning("lost messages cannot be looked up: %s", error_code(error))
            return Fate.UNKNOWABLE
        raise
    ours = [message for message in history["messages"] if _is_ours(message, bot_user_id)]
    for message in ours:
        if _delivery_in(message) == delivery.id:
            return Posted(channel, str(message["ts"]))
    return Fate.UNKNOWABLE if history.get("has_more") or _any_unmarked(ours) else Fate.MISSING


def _is_ours(message: dict[str, Any], bot_user_id: str) -> bool:
    return bool(message.get("user") == bot_user_id or message.get("bot_id"))


def _delivery_in(message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    delivery = (metadata.get("event_payload") or {}).get("delivery")
    return str(delivery) if delivery else None


def _any_unmarked(messages: Iterable[dict[str, Any]]) -> bool:
    """Tell whether one of our messages has lost its mark: it may be the one looked for.

    A Slack-compatible server may not keep metadata at all, and replacing a message may drop it.
    """
    return any(_delivery_in(message) is None for message in messages)


async def settle_unknown(voice: Voice) -> int:
    """Find out about deliveries whose claim ran out; return how many have a fate now."""
    async with voice.runtime.sessions.begin() as session:
        lost = await deliveries.unknown_fates(
            session, voice.workspace_id, LOOKUPS, voice.runtime.wall_clock()
        )
    settled = 0
    for delivery in lost:
        if voice.runtime.stopping.is_set():
            break
        if not can_be_looked_up(delivery):
            await _record(voice, delivery, Fate.UNKNOWABLE)
        elif not await _settle_by_lookup(voice, delivery):
            break
        settled += 1
    return settled


async def _settle_by_lookup(voice: Voice, delivery: Delivery) -> bool:
    """Look one delivery up; False when look-ups have to wait."""
    pacer = voice.runtime.pacing.lookups(voice.workspace_id)
    if not await take_turn(voice.runtime, pacer, delivery.recipient):
        return False
    try:
        fate = await look_up(voice.client, delivery, voice.bot_user_id)
    except Exception as error:
        return await _learn(voice, pacer, delivery, error)
    pacer.succeeded()
    await _record(voice, delivery, fate)
    return True


async def _record(voice: Voice, delivery: Delivery, fate: Posted | Fate) -> None:
    if isinstance(fate, Posted):
        await voice.record_posted(delivery, fate)
        return
    async with voice.runtime.sessions.begin() as session:
        if fate is Fate.MISSING:
            await deliveries.found_missing(session, delivery)
        else:
            logger.warning("a %s may not have arrived and is not repeated", delivery.kind)
            await deliveries.give_up(session, delivery, voice.now)


async def _learn(voice: Voice, pacer: Pacer, delivery: Delivery, error: Exception) -> bool:
    """Draw the conclusion from a look-up that failed; True when the delivery has a fate now."""
    outcome = outcome_of(error)
    if outcome is Outcome.MESSAGE_REFUSED:
        # This conversation cannot be read, and that will not change.
        await _record(voice, delivery, Fate.UNKNOWABLE)
        return True
    # All others stop the run's look-ups: the next one would meet the same.
    moment = time.monotonic()
    if outcome is Outcome.LIMITED and isinstance(error, SlackApiError):
        pacer.limited(retry_after(error) or 1.0, moment)
    elif outcome is Outcome.WORKSPACE_REFUSED:
        pacer.closed(moment)
        return False
    else:
        pacer.failed(moment)
    if outcome in (Outcome.LIMITED, Outcome.REFUSED_FOR_NOW):
        async with voice.runtime.sessions.begin() as session:
            await deliveries.could_not_look(session, delivery, voice.now)
    return False
