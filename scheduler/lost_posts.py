"""Looks up messages that Slack may have posted without answering, before any is sent again.

Only DMs can be looked up: Attune asks for no right to read channels.
"""

import logging
import time
from collections.abc import Iterable, Sequence
from enum import Enum, auto
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.outbox import outcomes, states
from bot.outbox.deliveries import (
    Posted,
    earliest_post,
    expired_claims,
    message_id,
    waited_when_restored,
)
from bot.slack.client import error_code, retry_after
from bot.slack.pacing import Pacer
from bot.slack.post_errors import Outcome, outcome_of
from models import Delivery
from scheduler.paced_client import take_turn
from scheduler.sending_run import WorkspaceRun

logger = logging.getLogger(__name__)

LOOKUPS: Final = 20
"""Most lookups in one run, so that new messages do not wait for old ones."""

EVENT_TYPE: Final = "attune_delivery"
HISTORY_LIMIT: Final = 15
"""The most that newer apps get; the window of time is so short that it holds fewer."""


class NotFound(Enum):
    """What a lookup says that did not find the message."""

    NEVER_POSTED = auto()
    """The message is not there: it may be sent again."""
    UNCLEAR = auto()
    """Nobody can tell: it must not be sent again."""


def metadata_of(parts: Sequence[Delivery]) -> dict[str, Any]:
    """Return the metadata by which a posted message is recognised, and each of its parts.

    A backup may be older than the bundle, and knows the parts only.
    https://docs.slack.dev/messaging/message-metadata
    """
    payload: dict[str, Any] = {"delivery": message_id(parts[0])}
    if parts[0].bundle:
        payload["parts"] = [each.id for each in parts]
    return {"event_type": EVENT_TYPE, "event_payload": payload}


def can_be_looked_up(delivery: Delivery) -> bool:
    """Return whether a delivery goes to a person's DM."""
    return delivery.recipient.startswith(("U", "W"))


async def look_up(
    client: AsyncWebClient, delivery: Delivery, bot_user_id: str
) -> Posted | NotFound:
    """Look for a delivery in its recipient's DM.

    Raises what the calls raise, unless Slack does not allow lookups at all.
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
            return NotFound.UNCLEAR
        raise
    ours = [message for message in history["messages"] if _is_ours(message, bot_user_id)]
    for message in ours:
        if {message_id(delivery), delivery.id} & _deliveries_in(message):
            return Posted(channel, str(message["ts"]))
    if history.get("has_more") or _any_without_metadata(ours):
        return NotFound.UNCLEAR
    return NotFound.NEVER_POSTED


def _is_ours(message: dict[str, Any], bot_user_id: str) -> bool:
    return bool(message.get("user") == bot_user_id or message.get("bot_id"))


def _deliveries_in(message: dict[str, Any]) -> set[str]:
    """Return the ids in a message's metadata: its own, and those of its parts."""
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return set()
    payload = metadata.get("event_payload") or {}
    return {str(each) for each in (payload.get("delivery"), *payload.get("parts", ())) if each}


def _any_without_metadata(messages: Iterable[dict[str, Any]]) -> bool:
    """Return whether one of our messages has lost its metadata: it may be the one looked for.

    A Slack-compatible server may not keep metadata at all, and replacing a message may drop it.
    """
    return any(not _deliveries_in(message) for message in messages)


async def settle_expired(run: WorkspaceRun) -> int:
    """Find out about deliveries whose claim ran out; return how many are settled now."""
    async with run.runtime.sessions.begin() as session:
        expired = await expired_claims(session, run.workspace_id, LOOKUPS, run.runtime.wall_clock())
    settled = 0
    for parts in expired:
        if run.runtime.stopping.is_set():
            break
        if not can_be_looked_up(parts[0]):
            await _record(run, parts, NotFound.UNCLEAR)
        elif not await _settle_by_lookup(run, parts):
            break
        settled += len(parts)
    return settled


async def _settle_by_lookup(run: WorkspaceRun, parts: Sequence[Delivery]) -> bool:
    """Look one message up; False when lookups have to wait."""
    delivery = parts[0]
    pacer = run.runtime.pacing.lookups(run.workspace_id)
    if not await take_turn(run.runtime, pacer, delivery.recipient):
        return False
    try:
        found = await look_up(run.client, delivery, run.bot_user_id)
    except Exception as error:
        return await _record_failed_lookup(run, pacer, parts, error)
    pacer.succeeded()
    await _record(run, parts, found)
    return True


async def _record(run: WorkspaceRun, parts: Sequence[Delivery], found: Posted | NotFound) -> None:
    if isinstance(found, Posted):
        await run.record_ended([(each, found) for each in parts])
        return
    async with run.runtime.sessions.begin() as session:
        for each in parts:
            if found is NotFound.NEVER_POSTED and waited_when_restored(each):
                await states.put_back(session, each, run.now, was_tried=True)
            elif found is NotFound.NEVER_POSTED:
                await states.requeue(session, each)
            else:
                logger.warning("a %s may not have arrived and is not repeated", each.kind)
                await outcomes.record_lost(session, run.kind_of(each), each, run.now)


async def _record_failed_lookup(
    run: WorkspaceRun, pacer: Pacer, parts: Sequence[Delivery], error: Exception
) -> bool:
    """Slow down after a lookup that failed; True if it settled the message nevertheless."""
    outcome = outcome_of(error)
    if outcome is Outcome.MESSAGE_REFUSED:
        # This conversation cannot be read, and that will not change.
        await _record(run, parts, NotFound.UNCLEAR)
        return True
    # All others end the run's lookups: the next one would fail in the same way.
    moment = time.monotonic()
    if outcome is Outcome.LIMITED and isinstance(error, SlackApiError):
        pacer.limited(retry_after(error) or 1.0, moment)
    elif outcome is Outcome.WORKSPACE_REFUSED:
        pacer.closed(moment)
        return False
    else:
        pacer.failed(moment)
    if outcome in (Outcome.LIMITED, Outcome.REFUSED_FOR_NOW):
        async with run.runtime.sessions.begin() as session:
            for each in parts:
                kind = run.kind_of(each)
                await outcomes.count_failed_lookup(session, kind, each, run.now)
    return False
