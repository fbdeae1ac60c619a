"""Decisions: what becomes of an item, with a reason that people read.

Nothing is stored before HR has seen the reason as people will read it, with names masked.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.attention.pure.zones import zone_of
from bot.blockkit.text import shorten, storable
from bot.errors import FieldErrors
from bot.languages import _, marked
from bot.masking import mask
from bot.people import audit
from bot.people.names import known_names
from bot.products.access import item_to_change, require_admin
from bot.products.decisions.pure.clock import LEAST_DAYS, MOST_DAYS
from bot.products.items.pure.states import DATED, State, choices
from bot.products.items.service import move, refuse_outdated
from models import ProductItem, Workspace

REASON_LENGTH: Final = 300
STORED_REASON: Final = 600
"""Masks may be longer than the names that they hide."""
ASKING_TAKES: Final = timedelta(weeks=6)
"""When something that people are asked about comes back, unless HR names another day."""
LONGEST: Final = timedelta(days=366)

CHOICE_FIELD: Final = "products:choice"
REASON_FIELD: Final = "products:reason"
UNTIL_FIELD: Final = "products:until"
DAYS_FIELD: Final = "products:days"

NO_REASON: Final = marked("Please give the reason: people will read it.")
NO_DAY: Final = marked("Please choose the day on which you decide again.")
DAY_PAST: Final = marked("Please choose a day after today, within a year.")
NO_CHOICE: Final = marked(
    "This item has moved on, so that is no longer possible. Please choose again."
)


@dataclass(frozen=True)
class Decision:
    """What somebody decides about an item."""

    state: State
    reason: str
    until: date | None = None


@dataclass(frozen=True)
class Reading:
    """A decision as people will read it, before it is stored."""

    problem: str
    decision: Decision
    """With names masked in its reason."""
    is_masked: bool
    from_people: bool
    """True if published figures showed the problem."""


async def read_decision(
    session: AsyncSession,
    actor: Actor,
    item_id: str,
    version: int,
    decision: Decision,
    now: datetime,
) -> Reading:
    """Return how people will read a decision; nothing is stored.

    Raises FieldErrors for the form's fields, ChangedMeanwhileError if somebody was quicker.
    """
    item = await item_to_change(session, actor, item_id)
    refuse_outdated(item, version)
    workspace = await session.get_one(Workspace, actor.workspace_id)
    today = now.astimezone(zone_of(workspace.tz)).date()
    checked = _checked(item, decision, today)
    names = await known_names(session, actor.workspace_id)
    masked = shorten(mask(checked.reason, names).text, STORED_REASON)
    return Reading(
        item.problem,
        replace(checked, reason=masked),
        masked != checked.reason,
        item.origin == "people",
    )


async def decide(
    session: AsyncSession,
    actor: Actor,
    item_id: str,
    version: int,
    decision: Decision,
    now: datetime,
) -> None:
    """Store a decision and write it to the record; a job tells those who were asked.

    Errors as for `read_decision`. Of two people at once, the second gets ChangedMeanwhileError.
    """
    reading = await read_decision(session, actor, item_id, version, decision, now)
    item = await session.get_one(ProductItem, (actor.workspace_id, item_id))
    await move(
        session,
        item,
        decision.state,
        actor,
        now,
        reason=reading.decision.reason,
        until=reading.decision.until,
    )


async def reopen(
    session: AsyncSession, actor: Actor, item_id: str, version: int, now: datetime
) -> None:
    """Let something that was refused, put off or shipped be decided again."""
    item = await item_to_change(session, actor, item_id)
    refuse_outdated(item, version)
    await move(session, item, State.TAKEN_UP, actor, now)


async def set_days(session: AsyncSession, actor: Actor, days: int, now: datetime) -> None:
    """Set within how many days after publication HR decides; for items from now on.

    Raises FieldErrors unless it is 7 to 60.
    """
    await require_admin(session, actor)
    if not LEAST_DAYS <= days <= MOST_DAYS:
        raise FieldErrors({DAYS_FIELD: wrong_days()})
    workspace = await session.get_one(Workspace, actor.workspace_id, with_for_update=True)
    detail = {"before": workspace.decision_days, "after": days}
    workspace.decision_days = days
    audit.record(session, actor, "products.clock", detail=detail, now=now)


def wrong_days() -> str:
    """Say within how many days HR can decide."""
    return _("Please enter a whole number from {least} to {most}.").format(
        least=LEAST_DAYS, most=MOST_DAYS
    )


def _checked(item: ProductItem, decision: Decision, today: date) -> Decision:
    """Return the decision with a tidy reason and a day; raise FieldErrors."""
    reason = " ".join(storable(decision.reason).split())
    if decision.state not in choices(State(item.state)):
        raise FieldErrors({CHOICE_FIELD: _(NO_CHOICE)})
    if not reason:
        raise FieldErrors({REASON_FIELD: _(NO_REASON)})
    if len(reason) > REASON_LENGTH:
        too_long = _("Please keep it to {most} characters.").format(most=REASON_LENGTH)
        raise FieldErrors({REASON_FIELD: too_long})
    if decision.state not in DATED:
        return Decision(decision.state, reason)
    until = decision.until
    if until is None and decision.state is State.ASKING:
        until = today + ASKING_TAKES
    if until is None:
        raise FieldErrors({UNTIL_FIELD: _(NO_DAY)})
    if not today < until <= today + LONGEST:
        raise FieldErrors({UNTIL_FIELD: _(DAY_PAST)})
    return Decision(decision.state, reason, until)
