"""Sends for each workspace: take its lease, claim, compose, post, record.

One process at a time sends for a workspace, because Slack's limits are per workspace. Every
message is claimed in one transaction, posted outside of any, and recorded in another. If the
process dies in between, the claim runs out, and then the message is looked up.
"""

import asyncio
import json
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from slack_sdk.errors import SlackApiError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message
from bot.blockkit.bundles import fitting, join
from bot.blockkit.fallbacks import fallbacks_of
from bot.outbox import outcomes, states
from bot.outbox.deliveries import unfinished_workspaces
from bot.outbox.kinds import Kind
from bot.runtime import Runtime
from bot.slack.channels import is_channel, obstacle_in
from bot.slack.client import REQUEST_SECONDS, error_code, make_client, post, retry_after
from bot.slack.pacing import Pacer
from bot.slack.post_errors import TOKEN_REFUSALS, Outcome, outcome_of
from models import Delivery
from models.database import is_unavailable
from scheduler.kinds import KINDS
from scheduler.lease import Lease, holding_lease
from scheduler.lost_posts import metadata_of, settle_expired
from scheduler.paced_client import LONGEST_WAIT, take_turn
from scheduler.planner import plan_due
from scheduler.sending_run import WorkspaceRun
from scheduler.sweeps import RUN_SECONDS, describe_failure, run_workspaces_side_by_side, total

logger = logging.getLogger(__name__)

Parts = Sequence[Delivery]
"""The deliveries that go out as one message."""
BATCH: Final = 8
"""About two seconds of sending; at most this many need a lookup after a crash."""
POSTING: Final = timedelta(seconds=4 * REQUEST_SECONDS)
"""The longest time for a post, including the channel check and all fallbacks."""


async def send_deliveries(runtime: Runtime, now: datetime) -> int:
    """Send what is due; return how many deliveries moved on."""
    return await send_due(runtime, now, KINDS)


async def send_due(runtime: Runtime, now: datetime, kinds: Mapping[str, Kind]) -> int:
    """Plan and send what is due in all workspaces; return how many deliveries moved on.

    Workspaces are sent for side by side.
    """
    planned = await plan_due(runtime, now, kinds)
    async with runtime.reading() as session:
        workspaces = await unfinished_workspaces(session, now)
    sent = await run_workspaces_side_by_side(
        runtime, "send_deliveries", workspaces, partial(send_for_workspace, runtime, now, kinds)
    )
    return planned + sent


async def send_for_workspace(
    runtime: Runtime, now: datetime, kinds: Mapping[str, Kind], workspace_id: str
) -> int:
    """Settle expired claims and send what is due; return how many deliveries moved on.

    0 if another process sends for the workspace, or if it is to be left alone for now.
    """
    pacer = runtime.pacing.posts(workspace_id)
    if pacer.wait("", time.monotonic()) > LONGEST_WAIT:
        pacer.wanted = True
        return 0
    installed = await runtime.installations.find_working(workspace_id)
    if installed is None:
        pacer.closed(time.monotonic())
        return 0
    client = make_client(
        runtime.settings.slack_api_url, runtime.http, installed.token, repeats=False
    )
    run = WorkspaceRun(runtime, workspace_id, installed.bot_user_id, client, now, kinds)
    sender = _WorkspaceSender(run, pacer)
    async with holding_lease(runtime, workspace_id, sender.cut_off) as lease:
        if lease is None:
            return 0
        sender.lease = lease
        settled = await settle_expired(run)
        async with runtime.sessions.begin() as session:
            withdrawn = await states.withdraw_late(session, workspace_id, now)
        return settled + withdrawn + await sender.send_all()


async def seconds_left(runtime: Runtime, now: datetime) -> float | None:
    """Return how long what is left has to wait; None if nothing is left.

    0.0 if another process is sending, or a message will be looked up soon.
    """
    async with runtime.reading() as session:
        unfinished = await unfinished_workspaces(session, now)
    waits = runtime.pacing.waits(time.monotonic())
    waiting = {workspace_id for workspace_id, _ in waits}
    left = [*waits.values(), *(0.0 for each in unfinished if each not in waiting)]
    return min(left, default=None)


@dataclass
class _WorkspaceSender:
    """Sends for one workspace, during one run."""

    run: WorkspaceRun
    pacer: Pacer
    lease: Lease = field(default_factory=lambda: Lease(0.0))
    moved: int = 0
    halted: bool = False
    """True once this run must not post any more: Slack refuses all, or the lease is lost."""
    posts: list[asyncio.Task[None]] = field(default_factory=list)

    def cut_off(self) -> None:
        """Stop all posts: another process may send for the workspace from now on."""
        self.halted = True
        for post_under_way in self.posts:
            post_under_way.cancel()

    async def send_all(self) -> int:
        """Send batch after batch; return how many deliveries moved on."""
        end = time.monotonic() + RUN_SECONDS
        while time.monotonic() < end and not self._must_stop():
            clock = self.run.runtime.wall_clock()
            async with self.run.runtime.sessions.begin() as session:
                claimed = await states.claim(
                    session, self.run.workspace_id, BATCH, self.run.now, clock
                )
            if not claimed:
                break
            await self._send_batch(claimed)
        return self.moved

    def _must_stop(self) -> bool:
        return self.halted or not self.lease.is_good() or self.run.runtime.stopping.is_set()

    async def _send_batch(self, claimed: Sequence[Parts]) -> None:
        """Start each post when its turn has come; several may wait for Slack's answer at once."""
        try:
            for number, parts in enumerate(claimed):
                if self._must_stop() or not await self._start_post(parts):
                    self.halted = True
                    async with self.run.runtime.sessions.begin() as session:
                        unposted = [each for message in claimed[number:] for each in message]
                        await states.release_unposted(session, unposted)
                    break
        finally:
            ended = await asyncio.gather(*self.posts, return_exceptions=True)
            self.posts.clear()
        # A post that was cut off is looked up by the next sender.
        total([end for end in ended if not isinstance(end, asyncio.CancelledError)])

    async def _start_post(self, parts: Parts) -> bool:
        """Compose and start posting; False if the message has to wait for a later run."""
        composed = [(each, message) for each in parts if (message := await self._compose(each))]
        self.moved += len(parts) - len(composed)
        if not composed:
            return True
        sent = [each for each, _ in composed]
        if not await take_turn(self.run.runtime, self.pacer, sent[0].recipient):
            return False
        # Another process may take over a claim that runs out before the post is through.
        claimed_until = sent[0].claimed_until
        if self._must_stop() or not claimed_until:
            return False
        if self.run.runtime.wall_clock() + POSTING > claimed_until:
            return False
        named = [(each.id, message) for each, message in composed]
        room = fitting(named)
        async with self.run.runtime.sessions.begin() as session:
            for each in sent[room:]:
                await states.put_back(session, each, self.run.now)
        marked = replace(join(named[:room]), metadata=metadata_of(sent[0]))
        self.posts.append(asyncio.create_task(self._post(sent[:room], marked)))
        return True

    async def _compose(self, delivery: Delivery) -> Message | None:
        """Write the message, or record that there is none."""
        runtime, kind = self.run.runtime, self.run.kind_of(delivery)
        try:
            async with runtime.sessions.begin() as session:
                message = await kind.compose(session, delivery, self.run.composing)
                if message is None:
                    await outcomes.record_pointless(session, kind, delivery)
                    return None
            # Fail here on a bug of ours: an error while posting counts as a lost answer.
            json.dumps([message.text, fallbacks_of(message)])
            return message
        except Exception as error:
            # This message alone is skipped; a database that does not answer stops the run.
            if is_unavailable(error):
                raise
            logger.error("composing a %s failed: %s", delivery.kind, describe_failure(error))
            async with runtime.sessions.begin() as session:
                await outcomes.retry_composing(
                    session, kind, delivery, type(error).__name__, self.run.now
                )
        return None

    async def _post(self, parts: Parts, message: Message) -> None:
        recipient = parts[0].recipient
        try:
            if is_channel(recipient):
                obstacle = await obstacle_in(self.run.client, recipient)
                if obstacle is not None:
                    await self._refuse(parts, obstacle)
                    return
            posted = await post(self.run.client, recipient, message)
        except Exception as error:
            await self._record_failed_post(parts, error)
            return
        self._succeeded()
        self.moved += len(parts)
        await self.run.record_posted(parts, posted)

    async def _refuse(self, parts: Parts, reason: str) -> None:
        """Skip one message, because its channel cannot be posted to."""
        async with self.run.runtime.sessions.begin() as session:
            for each in parts:
                kind = self.run.kind_of(each)
                await outcomes.record_refused(session, kind, each, reason, self.run.now)
        self.moved += len(parts)

    async def _record_failed_post(self, parts: Parts, error: Exception) -> None:
        """Record what a failed post means for this message, and slow down the next ones."""
        outcome = outcome_of(error)
        reason = error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
        self._adjust_pace(outcome, error, reason)
        if reason in TOKEN_REFUSALS:
            await self.run.runtime.installations.record_refusal(
                self.run.workspace_id, self.run.client.token, reason
            )
        async with self.run.runtime.sessions.begin() as session:
            for each in parts:
                if await self._record_failed_part(session, each, outcome, reason):
                    self.moved += 1
                    logger.error("a %s is not delivered: %s", each.kind, reason)

    async def _record_failed_part(
        self, session: AsyncSession, delivery: Delivery, outcome: Outcome, reason: str
    ) -> bool:
        """Record a failed post for one delivery; True if it will never be delivered."""
        kind, now = self.run.kind_of(delivery), self.run.now
        match outcome:
            case Outcome.MESSAGE_REFUSED:
                await outcomes.record_refused(session, kind, delivery, reason, now)
                return True
            case Outcome.REFUSED_FOR_NOW:
                return not await outcomes.retry_refused(session, kind, delivery, reason, now)
            case Outcome.UNKNOWN:
                clock = self.run.runtime.wall_clock()
                await states.hold_for_lookup(session, delivery, reason, clock)
            case _:
                await states.release_unposted(session, [delivery])
        return False

    def _adjust_pace(self, outcome: Outcome, error: Exception, reason: str) -> None:
        moment = time.monotonic()
        match outcome:
            case Outcome.MESSAGE_REFUSED:
                self._succeeded()
                return
            case Outcome.REFUSED_FOR_NOW:
                self.halted = self.pacer.refused(reason, moment) or self.halted
            case Outcome.LIMITED if isinstance(error, SlackApiError):
                self.halted = True
                self.pacer.limited(retry_after(error) or 1.0, moment)
            case Outcome.UNKNOWN:
                self.pacer.failed(moment)
            case _:
                # Every other message of the workspace would fail in the same way.
                self.halted = True
                self.pacer.closed(moment)
                self.run.runtime.installations.forget_cached(self.run.workspace_id)
        if reason in TOKEN_REFUSALS:
            # Logged once, where the refusal is recorded.
            return
        if self.pacer.troubled_since is None:
            self.pacer.troubled_since = moment
            logger.warning("messages of a workspace have to wait: %s", describe_failure(error))

    def _succeeded(self) -> None:
        self.pacer.succeeded()
        if self.pacer.troubled_since is not None:
            seconds = time.monotonic() - self.pacer.troubled_since
            logger.info("messages of a workspace go out again after %.0f seconds", seconds)
            self.pacer.troubled_since = None
