"""Effects: what an item is to change and where, and what published figures then show."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.attention.pure.zones import zone_of
from bot.errors import FieldErrors, UserError
from bot.insights.history import figures_of_survey
from bot.insights.pure.figure_history import WaveFigures
from bot.insights.pure.segments import TEAM_DIMENSION
from bot.languages import _, marked
from bot.people import audit
from bot.people.audit import Attune
from bot.products.access import item_to_change, require_admin
from bot.products.effects.pure.effect import Effect, Question
from bot.products.items.evidence import thawed
from bot.products.items.pure.states import State
from bot.surveys.pure.bank import driver_label
from models import Figure, ItemEffect, ProductItem, Survey, Wave, Workspace

OUTCOME_FIELD: Final = "products:outcome"
TEAMS_FIELD: Final = "products:teams"
DIRECTION_FIELD: Final = "products:direction"
LOOK_FIELD: Final = "products:look_on"

LOOK_AFTER: Final = timedelta(weeks=8)
"""From the start to the look, unless HR names another day."""
LONGEST: Final = timedelta(days=366)
WAVES_READ: Final = 60
OVERLAP: Final = timedelta(weeks=6)
"""What was done elsewhere so shortly before makes that team no comparison."""
MEASURED: Final = ("driver", "question")

NO_FIGURES: Final = marked(
    "There are no figures of single teams to compare yet. They come when a survey has closed that "
    "enough people of a team answered."
)
NOT_STARTED: Final = marked(
    "An effect can be looked for once something is done. Please decide first."
)
LOOKED_ALREADY: Final = marked("The effect of this item has been looked at already.")
WRONG_DAY: Final = marked("Please choose a day after today, within a year.")
NO_OUTCOME: Final = marked("Please choose what should change.")
NO_TEAM: Final = marked("Please choose at least one team.")


@dataclass(frozen=True)
class EffectOptions:
    """What HR can choose from when an item starts."""

    item_id: str
    survey_id: str
    survey_name: str
    outcomes: tuple[tuple[str, str], ...]
    """(measure and reference as `driver:workload`, name), the item's driver first."""
    teams: tuple[str, ...]
    """Teams that the survey's last wave shows alone."""
    chosen: tuple[str, ...]
    """The team that the item is about, if it is shown."""
    look_on: date


@dataclass(frozen=True)
class NewEffect:
    """What HR expects of an item."""

    outcome: str
    teams: tuple[str, ...]
    direction: int
    """1 if the figure should rise, −1 if it should fall."""
    look_on: date | None


@dataclass(frozen=True)
class EffectView:
    """An effect that is to be looked at, or that was."""

    label: str
    teams: tuple[str, ...]
    direction: int
    started_on: date
    look_on: date
    is_read: bool
    found: Effect | None
    """None before, or if nothing of these teams was shown."""


@dataclass(frozen=True)
class EffectInput:
    """What an effect is computed from."""

    waves: tuple[WaveFigures, ...]
    question: Question


async def effect_options(
    session: AsyncSession, actor: Actor, item_id: str, now: datetime
) -> EffectOptions:
    """Return what HR can choose from; raise UserError if no team has figures."""
    await require_admin(session, actor)
    item = await item_to_change(session, actor, item_id)
    if item.state not in (State.DOING, State.SHIPPED):
        raise UserError(_(NOT_STARTED))
    wave = await _latest_wave(session, item)
    if wave is None:
        raise UserError(_(NO_FIGURES))
    survey = await session.get_one(Survey, (item.workspace_id, wave.survey_id))
    rows = await session.execute(
        select(Figure.measure, Figure.measure_ref, Figure.segment_ref)
        .where(*_of_teams(wave), Figure.measure.in_(MEASURED))
        .order_by(Figure.measure, Figure.measure_ref, Figure.segment_ref)
    )
    found = rows.all()
    questions = {str(each.position): each.text for each in survey.questions}
    names = {
        f"{measure}:{ref}": driver_label(ref) if measure == "driver" else questions.get(ref, ref)
        for measure, ref, _team in found
    }
    own = f"driver:{item.driver}"
    teams = tuple(dict.fromkeys(sorted(team for *_, team in found)))
    return EffectOptions(
        item.id,
        survey.id,
        survey.name,
        tuple(sorted(names.items(), key=lambda each: (each[0] != own, each))),
        teams,
        tuple(team for team in item.segment_values if team in teams),
        await _today(session, item.workspace_id, now) + LOOK_AFTER,
    )


async def plan_effect(
    session: AsyncSession, actor: Actor, item_id: str, new: NewEffect, now: datetime
) -> None:
    """Keep what an item is to change; a second time replaces the first until it was looked at."""
    options = await effect_options(session, actor, item_id, now)
    item = await session.get_one(ProductItem, (actor.workspace_id, item_id))
    names = dict(options.outcomes)
    today = await _today(session, actor.workspace_id, now)
    teams = [team for team in new.teams if team in options.teams]
    if new.outcome not in names:
        raise FieldErrors({OUTCOME_FIELD: _(NO_OUTCOME)})
    if not teams:
        raise FieldErrors({TEAMS_FIELD: _(NO_TEAM)})
    if new.look_on is None or not today < new.look_on <= today + LONGEST:
        raise FieldErrors({LOOK_FIELD: _(WRONG_DAY)})
    row = await session.get(ItemEffect, (actor.workspace_id, item_id), with_for_update=True)
    if row is not None and row.read_at is not None:
        raise UserError(_(LOOKED_ALREADY))
    if row is None:
        row = ItemEffect(workspace_id=actor.workspace_id, item_id=item_id)
        session.add(row)
    measure, _colon, ref = new.outcome.partition(":")
    row.survey_id, row.measure, row.measure_ref = options.survey_id, measure, ref
    row.label, row.teams, row.direction = names[new.outcome], teams, new.direction
    row.started_on = (item.decided_at or now).date()
    row.look_on = new.look_on
    await session.flush()
    detail = {"teams": len(teams), "look_on": new.look_on.isoformat()}
    audit.record(session, actor, "items.effect_planned", subject=item_id, detail=detail, now=now)


async def effect_of(session: AsyncSession, workspace_id: str, item_id: str) -> EffectView | None:
    """Return what an item is to change, and what was found; None if nothing was planned."""
    row = await session.get(ItemEffect, (workspace_id, item_id), populate_existing=True)
    return view_of(row) if row else None


def view_of(row: ItemEffect) -> EffectView:
    """Return a stored effect as it is shown."""
    return EffectView(
        row.label,
        tuple(row.teams),
        row.direction,
        row.started_on,
        row.look_on,
        row.read_at is not None,
        Effect.of_stored(row.found) if row.found else None,
    )


async def due_effects(session: AsyncSession, now: datetime) -> list[tuple[str, str]]:
    """Return (workspace id, item id) of effects whose day to look has come."""
    rows = await session.execute(
        select(ItemEffect.workspace_id, ItemEffect.item_id).where(
            ItemEffect.read_at.is_(None), ItemEffect.look_on <= now.date()
        )
    )
    return [(workspace_id, item_id) for workspace_id, item_id in rows]


async def read_effect(session: AsyncSession, workspace_id: str, item_id: str) -> EffectInput | None:
    """Read what an effect is computed from; None if it was looked at meanwhile."""
    row = await session.get(ItemEffect, (workspace_id, item_id), populate_existing=True)
    item = await session.get(ProductItem, (workspace_id, item_id), populate_existing=True)
    if row is None or item is None or row.read_at is not None:
        return None
    outcome = and_(Figure.measure == row.measure, Figure.measure_ref == row.measure_ref)
    waves = await figures_of_survey(
        session,
        workspace_id,
        row.survey_id,
        row.look_on,
        WAVES_READ,
        or_(outcome, Figure.measure == "participation"),
    )
    known = thawed(item.evidence)
    showed = known is not None and known.survey_id == row.survey_id
    question = Question(
        row.measure,
        row.measure_ref,
        frozenset(row.teams),
        await _touched_elsewhere(session, row),
        started_on=row.started_on,
        look_on=row.look_on,
        shown_on=known.held_on if known and showed else None,
        began_before=timedelta(weeks=max(1, known.stands_out.statement.weeks or 3))
        if known
        else timedelta(),
    )
    return EffectInput(tuple(waves), question)


async def store_effect(
    session: AsyncSession, workspace_id: str, item_id: str, effect: Effect | None, now: datetime
) -> bool:
    """Keep what was found; False if it was looked at meanwhile."""
    row = await session.get(
        ItemEffect, (workspace_id, item_id), with_for_update=True, populate_existing=True
    )
    if row is None or row.read_at is not None:
        return False
    row.read_at, row.found = now, effect.as_stored() if effect else None
    await session.flush()
    audit.record(session, Attune(workspace_id), "items.effect_read", subject=item_id, now=now)
    return True


async def _touched_elsewhere(session: AsyncSession, row: ItemEffect) -> frozenset[str]:
    """Return other teams in which something was done about the same in that time."""
    others = await session.scalars(
        select(ItemEffect).where(
            ItemEffect.workspace_id == row.workspace_id,
            ItemEffect.item_id != row.item_id,
            ItemEffect.survey_id == row.survey_id,
            ItemEffect.measure == row.measure,
            ItemEffect.measure_ref == row.measure_ref,
            ItemEffect.started_on <= row.look_on,
            ItemEffect.started_on >= row.started_on - OVERLAP,
        )
    )
    return frozenset(team for other in others for team in other.teams)


async def _latest_wave(session: AsyncSession, item: ProductItem) -> Wave | None:
    """Return the latest wave with figures of teams: of the item's survey, driver, or any."""
    known = thawed(item.evidence)
    about_driver = select(Figure.wave_id).where(
        Figure.workspace_id == item.workspace_id,
        Figure.measure == "driver",
        Figure.measure_ref == item.driver,
        Figure.segment == TEAM_DIMENSION,
    )
    with_teams = select(Figure.wave_id).where(
        Figure.workspace_id == item.workspace_id,
        Figure.measure.in_(MEASURED),
        Figure.segment == TEAM_DIMENSION,
        Figure.note.is_(None),
    )
    published = (
        select(Wave)
        .where(
            Wave.workspace_id == item.workspace_id,
            Wave.status == "published",
            Wave.id.in_(with_teams),
        )
        .order_by(Wave.published_at.desc(), Wave.id)
        .limit(1)
    )
    of_survey = [Wave.survey_id == known.survey_id] if known else []
    of_driver = [Wave.id.in_(about_driver)] if item.driver else []
    # A survey that asks in turn has waves without the item's driver.
    for conditions in ([*of_survey, *of_driver], of_survey, of_driver, []):
        if found := await session.scalar(published.where(*conditions)):
            return found
    return None


def _of_teams(wave: Wave) -> Collection[ColumnElement[bool]]:
    return (
        Figure.workspace_id == wave.workspace_id,
        Figure.wave_id == wave.id,
        Figure.segment == TEAM_DIMENSION,
        Figure.note.is_(None),
    )


async def _today(session: AsyncSession, workspace_id: str, now: datetime) -> date:
    workspace = await session.get_one(Workspace, workspace_id)
    return now.astimezone(zone_of(workspace.tz)).date()
