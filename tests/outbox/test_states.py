"""The table of states of a delivery: each change is tried from each status."""

from datetime import timedelta
from itertools import product
from typing import Any, get_args

import pytest
from sqlalchemy import and_
from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox import outcomes, states
from bot.outbox.deliveries import Posted
from bot.outbox.kinds import Class, Kind
from bot.outbox.states import FOLLOWS, Status
from models import Delivery
from tests.conftest import NOW
from tests.factories import WORKSPACE, workspace

STATUSES: tuple[Status, ...] = get_args(Status)
FINAL = frozenset({"sent", "settled"})


async def stored(session: AsyncSession, status: str, **changes: Any) -> Delivery:
    """Store a delivery and return it."""
    session.add(workspace())
    await session.flush()
    delivery = Delivery(
        workspace_id=WORKSPACE,
        key="ping:one",
        kind="ping",
        recipient="U1",
        due_at=NOW,
        status=status,
        claimed_until=NOW + timedelta(minutes=2) if status == "claimed" else None,
        **changes,
    )
    session.add(delivery)
    await session.flush()
    return delivery


@pytest.mark.parametrize(("before", "after"), list(product(STATUSES, STATUSES)))
async def test_a_status_follows_only_where_the_table_says_so(
    session: AsyncSession, before: Status, after: Status
) -> None:
    delivery = await stored(session, before)
    allowed = after in FOLLOWS.get(before, ())
    which = and_(Delivery.workspace_id == WORKSPACE, Delivery.id == delivery.id)

    assert await states.move(session, which, after, reason="moved") == int(allowed)

    await session.refresh(delivery)
    assert delivery.status == (after if allowed else before)
    assert delivery.reason == ("moved" if allowed else None)


def test_a_message_that_slack_has_stays_sent_and_every_other_can_become_sent() -> None:
    assert not FINAL & set(FOLLOWS)
    assert all(following >= FINAL for following in FOLLOWS.values())


CHANGES: dict[str, tuple[Any, str]] = {
    "release_unposted": (lambda session, row: states.release_unposted(session, [row]), "due"),
    "postpone": (lambda session, row: states.postpone(session, row, NOW, "busy"), "due"),
    "requeue": (states.requeue, "due"),
    "hold_for_lookup": (
        lambda session, row: states.hold_for_lookup(session, row, "no answer", NOW),
        "claimed",
    ),
    "count_attempt": (states.count_attempt, "claimed"),
    "drop": (states.drop, "dropped"),
    "fail": (lambda session, row: states.fail(session, row, "gone", discreet=False), "failed"),
    "fail, discreet": (
        lambda session, row: states.fail(session, row, "gone", discreet=True),
        "settled",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("before", STATUSES)
async def test_only_a_claimed_delivery_is_changed_by_its_claimer(
    session: AsyncSession, before: Status, name: str
) -> None:
    change, after = CHANGES[name]
    delivery = await stored(session, before)
    await change(session, delivery)
    await session.refresh(delivery)
    assert delivery.status == (after if before == "claimed" else before)


async def say_nothing(*_: Any) -> None:
    return None


@pytest.mark.parametrize(("discreet", "after"), [(False, "sent"), (True, "settled")])
@pytest.mark.parametrize("before", STATUSES)
async def test_a_posted_message_is_sent_whatever_its_row_says(
    session: AsyncSession, before: Status, discreet: bool, after: str
) -> None:
    delivery = await stored(session, before, attempts=3)
    kind, posted = Kind(say_nothing, Class.ASKED, discreet=discreet), Posted("D1", "1.000001")
    await outcomes.record_ended(session, kind, [(delivery, posted)], NOW)
    await session.refresh(delivery)
    assert delivery.status == (before if before in FINAL else after)
    place = (delivery.channel, delivery.ts)
    assert place == (("D1", "1.000001") if delivery.status == "sent" != before else (None, None))


@pytest.mark.parametrize("before", STATUSES)
async def test_a_closing_wave_drops_only_what_is_not_on_its_way(
    session: AsyncSession, before: Status
) -> None:
    delivery = await stored(session, before, wave_id="wave", reason="refused")
    await states.drop_due_of_wave(session, WORKSPACE, "wave")
    await session.refresh(delivery)
    assert delivery.status == ("dropped" if before in ("waiting", "due") else before)
    assert delivery.reason == "refused", "why Slack refused it is kept"


@pytest.mark.parametrize("before", STATUSES)
async def test_only_what_is_due_is_claimed(session: AsyncSession, before: Status) -> None:
    delivery = await stored(session, before, attempts=1)
    claimed = await states.claim(session, WORKSPACE, 8, NOW, NOW)
    if before != "due":
        assert not claimed
        return
    assert claimed == [[delivery]]
    assert (delivery.status, delivery.attempts) == ("claimed", 2)
    assert delivery.claimed_until == NOW + timedelta(minutes=2)
