"""Sends for each workspace: take its lease, claim, compose, post, record.

One process at a time sends for a workspace, because Slack's limits are per workspace. Every
message is claimed in one transaction, posted outside of any, and recorded in another. If the
process dies in between, the claim runs out, and then the message is looked up. The faster the pace,
the more messages share a transaction.
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
from bot.languages import speaking
from bot.outbox import outcomes, states
from bot.outbox.deliveries import Posted, unfinished_workspaces
from bot.outbox.kinds import Kind
from bot.people.languages import languages_of
from bot.runtime import Runtime
from bot.slack.channels import obstacle_in
from bot.slack.client import REQUEST_SECONDS, error_code, make_client, post
from bot.slack.pacing import Pacer
from bot.slack.post_errors import TOKEN_REFUSALS, Outcome, outcome_of
from models import Delivery
from models.database import is_unavailable
from scheduler.kinds import KINDS
from scheduler.lease import Lease, holding_lease
from scheduler.lost_posts import metadata_of, settle_expired
from scheduler.paced_client import LONGEST_WAIT, take_turn
from scheduler.planner import plan_due
from scheduler.posting_pace import note_failure, note_success
from scheduler.sending_run import WorkspaceRun
from scheduler.sweeps import RUN_SECONDS, describe_failure, run_workspaces_side_by_side, total

logger = logging.getLogger(__name__)

Parts = Sequence[Delivery]
"""The deliveries that go out as one message."""
Written = Mapping[str, Message | None]
"""Messages by their deliveries' ids; None if there is nothing to say."""
Post = asyncio.Task[Posted | None]
"""A post under way; None if it failed and that is recorded."""
BATCH_SECONDS: Final = 2.0
BATCH: Final = 8
MOST_CLAIMED: Final = 100
"""How many messages are claimed at once: seconds of sending; the fewest; the most."""
GROUP_SECONDS: Final = 0.1
MOST_COMPOSED: Final = 25
"""How many of them are composed and recorded in one transaction; at Slack's usual pace, one."""
POSTING: Final = timedelta(seconds=4 * REQUEST_SECONDS)
"""The longest time for a post, including the channel check and all fallbacks."""


async def send_deliveries(runtime: Runtime, now: datetime) -> int:
    """Send what is due; return how many deliveries moved on."""
    return await send_due(runtime, now, KINDS)


async def send_due(runtime: Runtime, now: datetime, kinds: Mapping[str, Kind]) -> int:
    """Plan and send what is due in all workspaces; return how many deliveries moved on.

    Workspaces are sent for side by side, and what is due already does not wait for the planner.
    """
    planned, sent = await asyncio.gather(
        plan_due(runtime, now, kinds), _send_all(runtime, now, kinds), return_exceptions=True
    )
    moved = total([planned, sent])
    if planned and not sent:
        # Nothing was due before, so what has just been planned goes out at once.
        moved += await _send_all(runtime, now, kinds)
    return moved


async def _send_all(runtime: Runtime, now: datetime, kinds: Mapping[str, Kind]) -> int:
    async with runtime.reading() as session:
        workspaces = await unfinished_workspaces(session, now)
    return await run_workspaces_side_by_side(
        runtime, "send_deliveries", workspaces, partial(send_for_workspace, runtime, now, kinds)
    )


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
        runtime.settings.slack_api_url,
        runtime.http,
        installed.token,
        workspace_id=workspace_id,
        repeats=False,
    )
    run = WorkspaceRun(runtime, workspace_id, installed.bot_user_id, client, now, kinds)
    sender = _WorkspaceSender(run, pacer)
    async with holding_lease(runtime, workspace_id, sender.cut_off) as lease:
        if lease is None:
            return 0
        sender.lease = lease
        settled = await settle_expired(run)
        async with runtime.sessions.begin() as session:
            withdrawn = await states.withdraw_late(session, workspace_id, now, run.reminders)
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
    posts: set[Post] = field(default_factory=set)
    under_way: dict[asyncio.Task[None], int] = field(default_factory=dict)
    """Groups whose posts are not all recorded, with the number of their messages."""

    def cut_off(self) -> None:
        """Stop all posts: another process may send for the workspace from now on."""
        self.halted = True
        for post_under_way in self.posts:
            post_under_way.cancel()

    async def send_all(self) -> int:
        """Send batch after batch; return how many deliveries moved on."""
        end = time.monotonic() + RUN_SECONDS
        try:
            while time.monotonic() < end and await self._send_batch():
                pass
        finally:
            recorded = await asyncio.gather(*self.under_way, return_exceptions=True)
        total(recorded)
        return self.moved

    def _must_stop(self) -> bool:
        return self.halted or not self.lease.is_good() or self.run.runtime.stopping.is_set()

    async def _send_batch(self) -> bool:
        """Claim the next messages and start their posts; False if nothing is due or all must stop.

        The next batch is claimed while the last posts of this one wait for Slack's answer.
        """
        size = min(MOST_CLAIMED, max(BATCH, self.pacer.within(BATCH_SECONDS)))
        await self._wait_for_answers(size // 2)
        if self._must_stop():
            return False
        runtime = self.run.runtime
        async with runtime.sessions.begin() as session:
            claimed = await states.claim(
                session, self.run.workspace_id, size, self.run.now, runtime.wall_clock()
            )
        size = min(MOST_COMPOSED, max(1, self.pacer.within(GROUP_SECONDS)))
        groups = [claimed[begin : begin + size] for begin in range(0, len(claimed), size)]
        started = await self._start_groups(groups) if groups else 0
        if started == len(claimed):
            return started > 0
        self.halted = True
        async with runtime.sessions.begin() as session:
            unposted = [each for parts in claimed[started:] for each in parts]
            await states.release_unposted(session, unposted)
        return False

    async def _wait_for_answers(self, most: int) -> None:
        """Wait until at most so many messages are under way."""
        while sum(self.under_way.values()) > most:
            done, _ = await asyncio.wait(self.under_way, return_when=asyncio.FIRST_COMPLETED)
            for group in done:
                del self.under_way[group]
            total([group.exception() for group in done])

    async def _start_groups(self, groups: Sequence[Sequence[Parts]]) -> int:
        """Compose and post group after group; return how many messages had their turn.

        Each group is composed while the posts of the one before wait for their turns.
        """
        started = 0
        composing = asyncio.create_task(self._compose(groups[0]))
        try:
            for group, following in zip(groups, [*groups[1:], []], strict=True):
                written = await composing
                composing = asyncio.create_task(self._compose(following))
                had_turn = await self._start_group(group, written)
                started += had_turn
                if had_turn < len(group):
                    break
        finally:
            await asyncio.gather(composing, return_exceptions=True)
        return started

    async def _start_group(self, messages: Sequence[Parts], written: Written) -> int:
        """Start each post when its turn has come; return how many had one.

        Several may wait for Slack's answer at once.
        """
        ended: list[tuple[Delivery, Post | None]] = []
        started = 0
        try:
            for parts in messages:
                if self._must_stop():
                    break
                named = [(each, message) for each in parts if (message := written.get(each.id))]
                named.sort(key=lambda each: self.run.kind_of(each[0]).rank)
                posts = await self._start_post(named) if named else {}
                if named and not posts:
                    break
                over = {*posts, *(each for each, message in written.items() if not message)}
                ended += [(each, posts.get(each.id)) for each in parts if each.id in over]
                started += 1
        finally:
            self.under_way[asyncio.create_task(self._record(ended))] = len(ended)
        return started

    async def _start_post(self, named: Sequence[tuple[Delivery, Message]]) -> dict[str, Post]:
        """Start posting what was composed as one message; return the post, by deliveries' ids.

        Returns nothing if it has to wait for a later run.
        """
        sent = [each for each, _ in named]
        if not await take_turn(self.run.runtime, self.pacer, sent[0].recipient):
            return {}
        # Another process may take over a claim that runs out before the post is through.
        claimed_until = sent[0].claimed_until
        if self._must_stop() or not claimed_until:
            return {}
        if self.run.runtime.wall_clock() + POSTING > claimed_until:
            return {}
        room = fitting([(each.id, message) for each, message in named])
        if room < len(sent):
            async with self.run.runtime.sessions.begin() as session:
                for each in sent[room:]:
                    await states.put_back(session, each, self.run.now)
        joined = join([(each.id, message) for each, message in named[:room]])
        marked = replace(joined, metadata=metadata_of(sent[:room]))
        started = asyncio.create_task(self._post(sent[:room], marked))
        self.posts.add(started)
        started.add_done_callback(self.posts.discard)
        return {each.id: started for each in sent[:room]}

    async def _compose(self, messages: Sequence[Parts]) -> Written:
        """Write messages. One that cannot be written is left out and tried later."""
        deliveries = [each for parts in messages for each in parts]
        runtime = self.run.runtime
        written: dict[str, Message | None] = {}
        try:
            async with runtime.sessions.begin() as session:
                recipients = {each.recipient for each in deliveries}
                languages = await languages_of(session, self.run.workspace_id, recipients)
                for each in deliveries:
                    with speaking(languages[each.recipient]):
                        message = await self.run.kind_of(each).compose(
                            session, each, self.run.composing
                        )
                    if message:
                        # Fail here on a bug of ours: while posting, it counts as a lost answer.
                        json.dumps([message.text, fallbacks_of(message)])
                    written[each.id] = message
            return written
        except Exception as error:
            # This message alone is skipped; a database that does not answer stops the run.
            if is_unavailable(error):
                raise
            if len(deliveries) > 1:
                alone = [await self._compose([[each]]) for each in deliveries]
                return {id_: message for one in alone for id_, message in one.items()}
            (delivery,) = deliveries
            logger.error("composing a %s failed: %s", delivery.kind, describe_failure(error))
            async with runtime.sessions.begin() as session:
                kind, reason = self.run.kind_of(delivery), type(error).__name__
                await outcomes.retry_composing(session, kind, delivery, reason, self.run.now)
        self.moved += 1
        return {}

    async def _post(self, parts: Parts, message: Message) -> Posted | None:
        """Post a message; None if that failed, which is recorded then."""
        recipient = parts[0].recipient
        try:
            if self.run.kind_of(parts[0]).in_channel:
                obstacle = await obstacle_in(self.run.client, recipient)
                if obstacle is not None:
                    await self._refuse(parts, obstacle)
                    return None
            posted = await post(self.run.client, recipient, message)
        except Exception as error:
            await self._record_failed_post(parts, error)
            return None
        note_success(self.pacer)
        return posted

    async def _record(self, ended: Sequence[tuple[Delivery, Post | None]]) -> None:
        """Record what becomes of a group: what Slack has, and what had nothing to say.

        Both are recorded together and in their order, so that no row tells which it was.
        """
        results = await asyncio.gather(*{each for _, each in ended if each}, return_exceptions=True)
        # A post that was cut off is looked up by the next sender.
        over = [
            (delivery, each.result() if each else None)
            for delivery, each in ended
            if not each or (not each.cancelled() and not each.exception() and each.result())
        ]
        if over:
            await self.run.record_ended(over)
        self.moved += len(over)
        total([each for each in results if isinstance(each, Exception)])

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
        place = self.run.runtime, self.run.workspace_id, self.pacer
        self.halted = note_failure(*place, outcome, error, reason) or self.halted
        if reason in TOKEN_REFUSALS:
            await self.run.runtime.installations.record_refusal(
                self.run.workspace_id, self.run.client.token, reason
            )
        # One moment for all parts: their claims end together.
        clock = self.run.runtime.wall_clock()
        async with self.run.runtime.sessions.begin() as session:
            for each in parts:
                if await self._record_failed_part(session, each, outcome, reason, clock):
                    self.moved += 1
                    logger.error("a %s is not delivered: %s", each.kind, reason)

    async def _record_failed_part(
        self,
        session: AsyncSession,
        delivery: Delivery,
        outcome: Outcome,
        reason: str,
        clock: datetime,
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
                await states.hold_for_lookup(session, delivery, reason, clock)
            case _:
                await states.release_unposted(session, [delivery])
        return False
