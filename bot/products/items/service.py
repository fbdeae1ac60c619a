"""Items: proposed from what stands out, written by hand, taken up; and each change of state."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.text import shorten
from bot.errors import FieldErrors, UserError
from bot.insights.pure.segments import MENTORING_DIMENSION, TOTAL
from bot.insights.service import wave_totals
from bot.insights.wave_results import StandsOut, WaveResults
from bot.languages import _, best_language, marked, speaking
from bot.masking import mask
from bot.people import audit
from bot.people.audit import Attune
from bot.people.names import known_names
from bot.products.access import NOT_YOURS, access_of, item_to_change, require_admin
from bot.products.board.service import (
    check_owner,
    ensure_products,
    locked_product,
    product_of_driver,
)
from bot.products.decisions.pure.clock import decide_by
from bot.products.items import evidence
from bot.products.items.pure.states import FOLLOWS, TOLD, UNDECIDED, State
from bot.surveys.audience import AudienceKind
from models import Figure, ItemStep, ProductItem, SupportRound, Survey, Workspace

PROBLEM_LENGTH: Final = 200
STORED_PROBLEM: Final = 300
QUIET: Final = timedelta(days=90)
"""What was refused or done is not proposed again for so long."""
PROBLEM_FIELD: Final = "products:problem"
NO_PROBLEM: Final = marked("Please say in one sentence what the problem is.")


class ChangedMeanwhileError(UserError):
    """Somebody else has changed the item since the form was opened. Nothing was stored."""

    def __init__(self, item_id: str) -> None:
        super().__init__(
            _(
                "Somebody changed this item while you had it open, so nothing of yours was stored. "
                "Please look at it again."
            )
        )
        self.item_id = item_id


@dataclass(frozen=True)
class Written:
    """What somebody writes about an item."""

    problem: str
    product_id: str
    owner_id: str | None
    driver: str | None = None
    """Only of an item that is written by hand."""
    team: str | None = None
    """The manager's own team; None for everybody."""


async def propose(session: AsyncSession, workspace_id: str, wave_id: str, now: datetime) -> int:
    """Propose an item for each statement of a published wave that calls for a decision.

    Nothing is proposed about what another item of the same group waits for, works on, or answered
    in the last QUIET. Returns how many were proposed.
    """
    wave = await wave_totals(session, workspace_id, wave_id)
    found = [
        each
        for each in (wave.stands_out if wave else ())
        if each.statement.finding in evidence.PROPOSING
        and each.statement.cell.segment != MENTORING_DIMENSION
    ]
    if wave is None or not found:
        return 0
    await ensure_products(session, workspace_id, now)
    survey = await session.get_one(Survey, (workspace_id, wave.survey_id))
    workspace = await session.get_one(Workspace, workspace_id)
    proposed = 0
    for each in found:
        driver = evidence.driver_of(each.statement, survey)
        if not await _is_answered(session, workspace_id, driver, each, now):
            await _propose(session, workspace, survey, wave, each, driver, now)
            proposed += 1
    return proposed


async def _propose(
    session: AsyncSession,
    workspace: Workspace,
    survey: Survey,
    wave: WaveResults,
    found: StandsOut,
    driver: str | None,
    now: datetime,
) -> None:
    cell = found.statement.cell
    product = await product_of_driver(session, workspace.id, driver) if driver else None
    # Everybody may read it, so it has the language that HR chose for all.
    with speaking(best_language(workspace.language)):
        problem = shorten(evidence.sentence(found), PROBLEM_LENGTH)
    item = ProductItem(
        workspace_id=workspace.id,
        product_id=product.id if product else None,
        problem=problem,
        owner_id=product.owner_id if product else None,
        origin="people",
        state=State.PROPOSED,
        driver=driver,
        segment=cell.segment,
        segment_ref=cell.segment_ref,
        segment_values=await _values(session, workspace.id, wave.wave_id, found),
        for_everybody=cell.segment == TOTAL and survey.audience == AudienceKind.EVERYONE,
        wave_id=wave.wave_id,
        evidence=await evidence.frozen(session, workspace.id, wave, found),
        waiting_since=now,
        decide_by=decide_by(now, workspace.decision_days, workspace.tz),
        created_at=now,
    )
    session.add(item)
    await session.flush()
    record_step(session, item, Attune(workspace.id), now)


async def write(
    session: AsyncSession,
    actor: Actor,
    written: Written,
    now: datetime,
    *,
    from_people: bool = False,
) -> str:
    """Store an item that HR, or a manager for their own team, wrote by hand; return its id.

    `from_people`: what somebody wrote to HR led to it.
    """
    access = await access_of(session, actor)
    if not access.is_admin and written.team not in access.teams:
        raise UserError(_(NOT_YOURS))
    workspace = await session.get_one(Workspace, actor.workspace_id)
    item = ProductItem(
        workspace_id=actor.workspace_id,
        product_id=written.product_id,
        problem=await _checked_problem(session, actor, written),
        owner_id=written.owner_id,
        origin="people" if from_people else "hr" if access.is_admin else "manager",
        state=State.TAKEN_UP,
        driver=written.driver,
        segment="team" if written.team else TOTAL,
        segment_ref=written.team or "",
        segment_values=[written.team] if written.team else [],
        for_everybody=written.team is None,
        waiting_since=now,
        decide_by=decide_by(now, workspace.decision_days, workspace.tz),
        created_at=now,
    )
    session.add(item)
    await session.flush()
    record_step(session, item, actor, now)
    return item.id


async def suggest(
    session: AsyncSession, actor: Actor, item_id: str, typed: str, link: str, now: datetime
) -> str:
    """Store a proposal of an HR admin's workflow; return its sentence as people would read it.

    Nobody but HR sees it until HR takes it up or decides. Only HR ever sees the link. The same id
    again changes nothing. Raises NotAllowedError, and FieldErrors for an empty sentence.
    """
    await require_admin(session, actor)
    problem, _unused = await read_problem(session, actor, typed)
    if await session.get(ProductItem, (actor.workspace_id, item_id)):
        return problem
    workspace = await session.get_one(Workspace, actor.workspace_id)
    item = ProductItem(
        workspace_id=actor.workspace_id,
        id=item_id,
        problem=problem,
        origin="hr",
        state=State.PROPOSED,
        for_everybody=False,
        evidence={"link": link} if link else {},
        waiting_since=now,
        decide_by=decide_by(now, workspace.decision_days, workspace.tz),
        created_at=now,
    )
    session.add(item)
    await session.flush()
    record_step(session, item, actor, now)
    return problem


async def change(
    session: AsyncSession,
    actor: Actor,
    item_id: str,
    version: int,
    written: Written,
    now: datetime,
) -> None:
    """Give an item another product or owner; its problem and its history stay.

    Raises ChangedMeanwhileError if it was decided meanwhile, FieldErrors for the form's fields.
    """
    item = await item_to_change(session, actor, item_id)
    refuse_outdated(item, version)
    await check_owner(session, actor.workspace_id, written.owner_id)
    await locked_product(session, actor.workspace_id, written.product_id)
    item.product_id, item.owner_id = written.product_id, written.owner_id
    await session.flush()
    audit.record(session, actor, "items.handed_over", subject=item.id, now=now)


async def take_up(
    session: AsyncSession,
    actor: Actor,
    item_id: str,
    version: int,
    written: Written,
    now: datetime,
) -> None:
    """Take up a proposal, with its problem in HR's words, its product and its owner.

    Raises ChangedMeanwhileError if somebody else was quicker, FieldErrors for the form's fields.
    """
    item = await item_to_change(session, actor, item_id)
    refuse_outdated(item, version)
    item.problem = await _checked_problem(session, actor, written)
    item.product_id = written.product_id
    item.owner_id = written.owner_id
    await move(session, item, State.TAKEN_UP, actor, now)


async def move(
    session: AsyncSession,
    item: ProductItem,
    state: State,
    by: Actor | Attune,
    now: datetime,
    *,
    reason: str | None = None,
    until: date | None = None,
) -> None:
    """Change an item's state, and write the step to its history and to the record.

    The row is locked. Raises UserError if the state may not follow. Something that is to be decided
    waits from now on, or from its publication if it was only proposed.
    """
    before = State(item.state)
    if state not in FOLLOWS[before]:
        raise UserError(
            _("This item has moved on, so that is no longer possible. Nothing changed.")
        )
    workspace = await session.get_one(Workspace, item.workspace_id)
    item.state, item.reason, item.until = state, reason, until
    item.version += 1
    if before is State.PROPOSED and item.origin == "hr":
        # HR has read what its workflow wrote.
        item.for_everybody = True
    if state not in UNDECIDED:
        item.decide_by, item.decided_at = None, now
        await _forget_supporters(session, item)
    elif before not in UNDECIDED:
        item.waiting_since, item.decided_at, item.hr_told = now, None, False
        item.supporters = 0
        item.decide_by = decide_by(now, workspace.decision_days, workspace.tz)
    item.told_at = None if state in TOLD else now
    await session.flush()
    record_step(session, item, by, now)


async def _forget_supporters(session: AsyncSession, item: ProductItem) -> None:
    """Destroy the key under which people supported an item, with all their codes."""
    await session.execute(
        delete(SupportRound).where(
            SupportRound.workspace_id == item.workspace_id, SupportRound.item_id == item.id
        )
    )


def refuse_outdated(item: ProductItem, version: int) -> None:
    """Raise ChangedMeanwhileError if the item has changed since a form was opened."""
    if item.version != version:
        raise ChangedMeanwhileError(item.id)


def record_step(
    session: AsyncSession, item: ProductItem, by: Actor | Attune, now: datetime
) -> None:
    """Write an item's last step to its history, and to the record without its words."""
    session.add(
        ItemStep(
            workspace_id=item.workspace_id,
            item_id=item.id,
            number=item.version,
            state=item.state,
            at=now,
            by_id=by.user_id if isinstance(by, Actor) else None,
            reason=item.reason,
            until=item.until,
        )
    )
    detail = {"state": str(item.state), "until": item.until.isoformat() if item.until else None}
    audit.record(session, by, "items.changed", subject=item.id, detail=detail, now=now)


async def read_problem(session: AsyncSession, actor: Actor, typed: str) -> tuple[str, bool]:
    """Return a problem as people will read it, and True if something in it is hidden.

    Raises FieldErrors if it is empty.
    """
    problem = " ".join(typed.split())
    if not problem:
        raise FieldErrors({PROBLEM_FIELD: _(NO_PROBLEM)})
    masked = mask(problem, await known_names(session, actor.workspace_id)).text
    return shorten(masked, STORED_PROBLEM), masked != problem


async def _checked_problem(session: AsyncSession, actor: Actor, written: Written) -> str:
    """Return the problem with names masked; refuse an owner or product that is gone."""
    problem, _is_hidden = await read_problem(session, actor, written.problem)
    await check_owner(session, actor.workspace_id, written.owner_id)
    await locked_product(session, actor.workspace_id, written.product_id)
    return problem


async def _is_answered(
    session: AsyncSession, workspace_id: str, driver: str | None, found: StandsOut, now: datetime
) -> bool:
    """Return True if another item is about the same, and waits, runs or was answered lately."""
    cell = found.statement.cell
    same = await session.scalars(
        select(ProductItem).where(
            ProductItem.workspace_id == workspace_id,
            ProductItem.driver == driver if driver else ProductItem.driver.is_(None),
            ProductItem.segment == cell.segment,
            ProductItem.segment_ref == cell.segment_ref,
        )
    )
    label = evidence.sentence(found)
    return any(
        keeps_quiet(item, now) and (driver is not None or _said(item) == label) for item in same
    )


def keeps_quiet(item: ProductItem, now: datetime) -> bool:
    """Return True if nothing is to be proposed about the same: it waits, runs or is fresh."""
    is_over = item.state in (State.WONT, State.SHIPPED)
    return not is_over or (item.decided_at or item.waiting_since) > now - QUIET


def _said(item: ProductItem) -> str | None:
    known = evidence.thawed(item.evidence)
    return evidence.sentence(known.stands_out) if known else None


async def _values(
    session: AsyncSession, workspace_id: str, wave_id: str, found: StandsOut
) -> list[str]:
    """Return the values of the group that a statement is about; empty for everybody."""
    cell = found.statement.cell
    values = await session.scalar(
        select(Figure.segment_values).where(
            Figure.workspace_id == workspace_id,
            Figure.wave_id == wave_id,
            Figure.measure == cell.measure,
            Figure.measure_ref == cell.ref,
            Figure.segment == cell.segment,
            Figure.segment_ref == cell.segment_ref,
        )
    )
    return list(values or [])
