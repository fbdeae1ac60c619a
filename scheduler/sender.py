"""Sends for each workspace: take its lease, claim, compose, post, mark.

One process at a time sends for a workspace, because Slack's limits are per workspace. Every
message is claimed in one transaction, posted outside of any, and marked in another; whatever
dies in between leaves a claim that runs out, and then the message is looked up.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from slack_sdk.errors import SlackApiError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.house import House
from bot.slack import deliveries
from bot.slack.blocks import Message
from bot.slack.channels import is_channel, obstacle_in
from bot.slack.client import REQUEST_SECONDS, error_code, make_client, post, retry_after
from bot.slack.outcomes import TOKEN_REFUSALS, Outcome, outcome_of
from bot.slack.pacing import Pacer
from models import Delivery
from models.database import is_unavailable
from scheduler.settling import CLOSED_SECONDS, LONGEST_WAIT, Voice, metadata_of, settle_unknown
from scheduler.units import describe, each, total

logger = logging.getLogger(__name__)

Compose = Callable[[AsyncSession, Delivery, datetime], Awaitable[Message | None]]
"""Writes a delivery's message at the last moment; None means nothing to say any more."""

BATCH = 8
"""Two seconds of sending: what dies with a process is all that has to be looked up."""
RUN_SECONDS = 10.0
"""So long a run sends for one workspace; then the others' new messages are looked for."""
POSTING = timedelta(seconds=4 * REQUEST_SECONDS)
"""How long a post may take, with the question about its channel and in all its plainer forms."""


async def send_due(house: House, now: datetime, composers: Mapping[str, Compose]) -> int:
    """Send what is due in all workspaces, side by side; return how many deliveries moved on."""
    async with house.sessions.begin() as session:
        workspaces = await deliveries.workspaces_with_work(session, now, house.wall_clock())
    send = partial(send_for, house, now, composers)
    runs = await asyncio.gather(
        *(each(house, "sending", [workspace_id], send) for workspace_id in workspaces),
        return_exceptions=True,
    )
    return total(runs)


async def is_finished(house: House, now: datetime) -> bool:
    """Tell whether nothing is due or under way, but in workspaces that are left alone."""
    async with house.sessions.begin() as session:
        unfinished = await deliveries.unfinished_workspaces(session, now)
    moment = time.monotonic()
    return all(house.pacing.is_closed(workspace_id, moment) for workspace_id in unfinished)


async def send_for(
    house: House, now: datetime, composers: Mapping[str, Compose], workspace_id: str
) -> int:
    """Settle what is unknown and send what is due; return how many deliveries moved on.

    0 when another process sends for the workspace, or it is to be left alone for now.
    """
    pacer = house.pacing.posts(workspace_id)
    if pacer.wait("", time.monotonic()) > LONGEST_WAIT:
        return 0
    installed = await house.installations.find_working(workspace_id)
    if installed is None:
        pacer.close(CLOSED_SECONDS, time.monotonic())
        return 0
    client = make_client(house.settings.slack_api_url, house.http, installed.token, repeats=False)
    voice = Voice(house, workspace_id, installed.bot_user_id, client, now)
    sender = _Sender(voice, pacer, composers)
    if not await sender.hold_lease():
        return 0
    try:
        return await settle_unknown(voice) + await sender.run()
    finally:
        async with house.sessions.begin() as session:
            await deliveries.release_lease(session, workspace_id, house.process_id)


@dataclass
class _Sender:
    """Sends for one workspace, during one run."""

    voice: Voice
    pacer: Pacer
    composers: Mapping[str, Compose]
    moved: int = 0
    halted: bool = False
    """Slack told us to stop, or does not answer: what is claimed and not posted goes back."""
    posts: list[asyncio.Task[None]] = field(default_factory=list)

    async def hold_lease(self) -> bool:
        house = self.voice.house
        async with house.sessions.begin() as session:
            return await deliveries.hold_lease(
                session, self.voice.workspace_id, house.process_id, house.wall_clock()
            )

    async def run(self) -> int:
        """Send batch after batch; return how many deliveries moved on."""
        end = time.monotonic() + RUN_SECONDS
        while time.monotonic() < end and not self._must_stop() and await self.hold_lease():
            async with self.voice.house.sessions.begin() as session:
                claimed = await deliveries.claim(
                    session,
                    self.voice.workspace_id,
                    BATCH,
                    self.voice.now,
                    self.voice.house.wall_clock(),
                )
            if not claimed:
                break
            await self._send(claimed)
        return self.moved

    def _must_stop(self) -> bool:
        return self.halted or self.voice.house.stopping.is_set()

    async def _send(self, claimed: Sequence[Delivery]) -> None:
        """Start each post when its turn has come; several may wait for Slack's answer at once."""
        try:
            for number, delivery in enumerate(claimed):
                if self._must_stop() or not await self._send_one(delivery):
                    self.halted = True
                    async with self.voice.house.sessions.begin() as session:
                        await deliveries.give_back(session, claimed[number:])
                    break
        finally:
            ended = await asyncio.gather(*self.posts, return_exceptions=True)
            self.posts.clear()
        total(ended)

    async def _send_one(self, delivery: Delivery) -> bool:
        """Compose and start posting; False when it has to wait for a later run."""
        message = await self._compose(delivery)
        if message is None:
            self.moved += 1
            return True
        if not await self.voice.turn(self.pacer, delivery.recipient):
            return False
        # A claim about to run out may be somebody else's before the post is through.
        claimed_until = delivery.claimed_until
        if self._must_stop() or not claimed_until:
            return False
        if self.voice.house.wall_clock() + POSTING > claimed_until:
            return False
        marked = replace(message, metadata=metadata_of(delivery))
        self.posts.append(asyncio.create_task(self._post(delivery, marked)))
        return True

    async def _compose(self, delivery: Delivery) -> Message | None:
        """Write the message, or record that there is none."""
        house = self.voice.house
        try:
            async with house.sessions.begin() as session:
                message = await self.composers[delivery.kind](session, delivery, self.voice.now)
                if message is None:
                    await deliveries.drop(session, delivery)
                return message
        except Exception as error:
            # One message that cannot be written skips itself; a silent database stops the run.
            if is_unavailable(error):
                raise
            logger.error("composing a %s failed: %s", delivery.kind, describe(error))
            async with house.sessions.begin() as session:
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
        self.pacer.succeeded()
        self.moved += 1
        await self.voice.record_posted(delivery, posted)

    async def _refuse(self, delivery: Delivery, reason: str) -> None:
        """Skip one message: this person or channel cannot be reached."""
        async with self.voice.house.sessions.begin() as session:
            await deliveries.fail(session, delivery, reason, self.voice.now)
        self.moved += 1

    async def _learn(self, delivery: Delivery, error: Exception) -> None:
        """Draw the conclusion from a post that failed, for this message and for the next ones."""
        outcome = outcome_of(error)
        self._slow_down(outcome, error)
        if isinstance(error, SlackApiError) and error_code(error) in TOKEN_REFUSALS:
            await self.voice.house.installations.record_refusal(
                self.voice.workspace_id, self.voice.client.token, error_code(error)
            )
        reason = error_code(error) if isinstance(error, SlackApiError) else type(error).__name__
        if outcome is Outcome.MESSAGE_REFUSED:
            await self._refuse(delivery, reason)
            return
        async with self.voice.house.sessions.begin() as session:
            if outcome is Outcome.UNKNOWN:
                await deliveries.leave_unknown(
                    session, delivery, reason, self.voice.house.wall_clock()
                )
            else:
                await deliveries.give_back(session, [delivery])

    def _slow_down(self, outcome: Outcome, error: Exception) -> None:
        moment = time.monotonic()
        if outcome is Outcome.MESSAGE_REFUSED:
            self.pacer.succeeded()
        elif outcome is Outcome.LIMITED and isinstance(error, SlackApiError):
            self.halted = True
            self.pacer.limited(retry_after(error) or 1.0, moment)
        elif outcome is Outcome.UNKNOWN:
            self.pacer.failed(moment)
        elif not self.halted:
            # Stops the workspace's run: every other message would meet the same.
            self.halted = True
            self.pacer.close(CLOSED_SECONDS, moment)
            if not _is_token_refused(error):
                logger.error("a workspace takes no messages just now: %s", describe(error))


def _is_token_refused(error: Exception) -> bool:
    return isinstance(error, SlackApiError) and error_code(error) in TOKEN_REFUSALS
