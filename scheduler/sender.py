"""Sends for each workspace: take its lease, claim, compose, post, mark.

One process at a time sends for a workspace, because Slack's limits are per workspace. Every
message is claimed in one transaction, posted outside of any, and marked in another; whatever
dies in between leaves a claim that runs out, and then the message is looked up.
"""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from slack_sdk.errors import SlackApiError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message
from bot.blockkit.fallbacks import fallbacks_of
from bot.outbox import deliveries
from bot.runtime import Runtime
from bot.slack.channels import is_channel, obstacle_in
from bot.slack.client import REQUEST_SECONDS, error_code, make_client, post, retry_after
from bot.slack.pacing import Pacer
from bot.slack.post_errors import TOKEN_REFUSALS, Outcome, outcome_of
from models import Delivery
from models.database import is_unavailable
from scheduler.lease import Lease, holding_lease
from scheduler.paced import LONGEST_WAIT, take_turn
from scheduler.settling import Voice, metadata_of, settle_unknown
from scheduler.units import RUN_SECONDS, describe, run_each_workspace, total

logger = logging.getLogger(__name__)

Compose = Callable[[AsyncSession, Delivery, datetime], Awaitable[Message | None]]
"""Writes a delivery's message at the last moment; None means nothing to say any more."""

BATCH = 8
"""Two seconds of sending: what dies with a process is all that has to be looked up."""
POSTING = timedelta(seconds=4 * REQUEST_SECONDS)
"""How long a post may take, with the question about its channel and in all its plainer forms."""


async def send_due(runtime: Runtime, now: datetime, composers: Mapping[str, Compose]) -> int:
    """Send what is due in all workspaces, side by side; return how many deliveries moved on."""
    async with runtime.reading() as session:
        workspaces = await deliveries.unfinished_workspaces(session, now)
    return await run_each_workspace(
        runtime, "sending", workspaces, partial(send_for, runtime, now, composers)
    )


async def seconds_left(runtime: Runtime, now: datetime) -> float | None:
    """Return for how long what is left has to wait; None when nothing is left to do.

    0.0 where somebody else is sending, or a message's fate is to be looked up soon.
    """
    async with runtime.reading() as session:
        unfinished = await deliveries.unfinished_workspaces(session, now)
    waits = runtime.pacing.waits(time.monotonic())
    waiting = {workspace_id for workspace_id, _ in waits}
    left = [*waits.values(), *(0.0 for each in unfinished if each not in waiting)]
    return min(left, default=None)


async def send_for(
    runtime: Runtime, now: datetime, composers: Mapping[str, Compose], workspace_id: str
) -> int:
    """Settle what is unknown and send what is due; return how many deliveries moved on.

    0 when another process sends for the workspace, or it is to be left alone for now.
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
    voice = Voice(runtime, workspace_id, installed.bot_user_id, client, now)
    sender = _Sender(voice, pacer, composers)
    async with holding_lease(runtime, workspace_id, sender.cut_off) as lease:
        if lease is None:
            return 0
        sender.lease = lease
        return await settle_unknown(voice) + await sender.run()


@dataclass
class _Sender:
    """Sends for one workspace, during one run."""

    voice: Voice
    pacer: Pacer
    composers: Mapping[str, Compose]
    lease: Lease = field(default_factory=lambda: Lease(0.0))
    moved: int = 0
    halted: bool = False
    """Slack told us to stop, or does not answer: what is claimed and not posted goes back."""
    posts: list[asyncio.Task[None]] = field(default_factory=list)

    def cut_off(self) -> None:
        """Stop what is under way: another process may send for the workspace from now on."""
        self.halted = True
        for post_under_way in self.posts:
            post_under_way.cancel()

    async def run(self) -> int:
        """Send batch after batch; return how many deliveries moved on."""
        end = time.monotonic() + RUN_SECONDS
        while time.monotonic() < end and not self._must_stop():
            async with self.voice.runtime.sessions.begin() as session:
                claimed = await deliveries.claim(
                    session,
                    self.voice.workspace_id,
                    BATCH,
                    self.voice.now,
                    self.voice.runtime.wall_clock(),
                )
            if not claimed:
                break
            await self._send(claimed)
        return self.moved

    def _must_stop(self) -> bool:
        return self.halted or not self.lease.is_good() or self.voice.runtime.stopping.is_set()

    async def _send(self, claimed: Sequence[Delivery]) -> None:
        """Start each post when its turn has come; several may wait for Slack's answer at once."""
        try:
            for number, delivery in enumerate(claimed):
                if self._must_stop() or not await self._send_one(delivery):
                    self.halted = True
                    async with self.voice.runtime.sessions.begin() as session:
                        await deliveries.give_back(session, claimed[number:])
                    break
        finally:
            ended = await asyncio.gather(*self.posts, return_exceptions=True)
            self.posts.clear()
        # A post that was cut off is looked up by whoever sends next.
        total([end for end in ended if not isinstance(end, asyncio.CancelledError)])

    async def _send_one(self, delivery: Delivery) -> bool:
        """Compose and start posting; False when it has to wait for a later run."""
        message = await self._compose(delivery)
        if message is None:
            self.moved += 1
            return True
        if not await take_turn(self.voice.runtime, self.pacer, delivery.recipient):
            return False
        # A claim about to run out may be somebody else's before the post is through.
        claimed_until = delivery.claimed_until
        if self._must_stop() or not claimed_until:
            return False
        if self.voice.runtime.wall_clock() + POSTING > claimed_until:
            return False
        marked = replace(message, metadata=metadata_of(delivery))
        self.posts.append(asyncio.create_task(self._post(delivery, marked)))
        return True

    async def _compose(self, delivery: Delivery) -> Message | None:
        """Write the message, or record that there is none."""
        runtime = self.voice.runtime
        try:
            async with runtime.sessions.begin() as session:
                message = await self.composers[delivery.kind](session, delivery, self.voice.now)
                if message is None:
                    await deliveries.drop(session, delivery)
                    return None
            # An error of ours is met here. One while posting counts as an answer that was lost.
            json.dumps([message.text, fallbacks_of(message)])
            return message
        except Exception as error:
            # One message that cannot be written skips itself; a silent database stops the run.
            if is_unavailable(error):
                raise
            logger.error("composing a %s failed: %s", delivery.kind, describe(error))
            async with runtime.sessions.begin() as session:
                await deliveries.put_off(session, delivery, type(error).__name__, self.voice.now)
        return None

    async def _post(self, delivery: Delivery, message: Message) -> None:
        try:
            if is_channel(delivery.recipient):
                obstacle = await obstacle_in(self.voice.client, delivery.recipient)
                if obstacle is not None:
                    await self._refuse(delivery, obstacle)
                    return
            posted = await post(self.voice.client, delivery.recipient, message)
        except Exception as error:
            await self._learn(delivery, error)
            return
        self._succeeded()
        self.moved += 1
        await self.voice.record_posted(delivery, posted)

    async def _refuse(self, delivery: Delivery, reason: str) -> None:
        """Skip one message: this person or channel cannot be reached."""
        async with self.voice.runtime.sessions.begin() as session:
            await deliveries.fail(session, delivery, reason, self.voice.now)
        self.moved += 1

    async def _learn(self, delivery: Delivery, error: Exception) -> None:
        """Draw the conclusion from a post that failed, for this message and for the next ones."""
        outcome = outcome_of(error)
        reason = error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
        self._slow_down(outcome, error, reason)
        if reason in TOKEN_REFUSALS:
            await self.voice.runtime.installations.record_refusal(
                self.voice.workspace_id, self.voice.client.token, reason
            )
        now, clock = self.voice.now, self.voice.runtime.wall_clock()
        async with self.voice.runtime.sessions.begin() as session:
            match outcome:
                case Outcome.MESSAGE_REFUSED:
                    await deliveries.fail(session, delivery, reason, now)
                case Outcome.REFUSED_FOR_NOW:
                    if await deliveries.try_later(session, delivery, reason, now):
                        return
                case Outcome.UNKNOWN:
                    await deliveries.leave_unknown(session, delivery, reason, clock)
                    return
                case _:
                    await deliveries.give_back(session, [delivery])
                    return
        self.moved += 1
        logger.error("a %s is not delivered: %s", delivery.kind, reason)

    def _slow_down(self, outcome: Outcome, error: Exception, reason: str) -> None:
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
                # Stops the workspace's run: every other message would meet the same.
                self.halted = True
                self.pacer.closed(moment)
                self.voice.runtime.installations.forget_cached(self.voice.workspace_id)
        if reason in TOKEN_REFUSALS:
            # Told once, where the refusal is recorded.
            return
        if self.pacer.troubled_since is None:
            self.pacer.troubled_since = moment
            logger.warning("messages of a workspace have to wait: %s", describe(error))

    def _succeeded(self) -> None:
        self.pacer.succeeded()
        if self.pacer.troubled_since is not None:
            seconds = time.monotonic() - self.pacer.troubled_since
            logger.info("messages of a workspace go out again after %.0f seconds", seconds)
            self.pacer.troubled_since = None
