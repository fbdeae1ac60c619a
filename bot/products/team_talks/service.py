"""Help for a manager whose team shows strain: questions for a team talk, and one thing to try.

It comes from figures of the survey about wellbeing that the manager may see already, and says
which way they point, never a number.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import OutdatedError, UserError
from bot.insights.managers import managed_teams
from bot.insights.pure.figure_history import RESOLUTIONS
from bot.insights.pure.segments import TEAM_DIMENSION, TOTAL
from bot.languages import _, marked
from bot.outbox.deliveries import enqueue
from bot.people import audit
from bot.products.items.pure.states import State
from bot.products.team_talks.pure.frequency import TalksSent
from bot.products.team_talks.pure.signs import STRAIN, Found, Measured, Sign, find_signs
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.team_talks import GENERAL
from bot.surveys.pure.wellbeing import BURNOUT, CAUSES, WELLBEING
from models import (
    AttentionPreference,
    Delivery,
    Employee,
    Figure,
    ProductItem,
    Survey,
    Wave,
    Workspace,
)
from models.database import insert_into

KIND: Final = "team_talk"
ROUND: Final = timedelta(weeks=len(CAUSES) + 2)
"""How old the figure of a cause may be to be what a talk is about."""
UNFINISHED: Final = ("waiting", "due", "claimed")
NOT_YOURS: Final = marked(
    "You no longer see this team's figures, so there is nothing to show here."
)


@dataclass(frozen=True)
class Talk:
    """What a message is about; in a delivery's detail and in its buttons."""

    wave_id: str
    team: str
    sign: Sign
    cause: str
    """One of CAUSES, or GENERAL."""

    @classmethod
    def of(cls, stored: Any) -> "Talk":
        """Read what `asdict` wrote; raise OutdatedError if it is something else."""
        try:
            return cls(**{**stored, "sign": Sign(stored["sign"])})
        except (TypeError, KeyError, ValueError):
            raise OutdatedError from None

    @classmethod
    def decode(cls, value: str) -> "Talk":
        """Read a button's value; raise OutdatedError if it is malformed."""
        try:
            return cls.of(json.loads(value))
        except ValueError:
            raise OutdatedError from None

    def encode(self) -> str:
        """Write it as a button's value."""
        return json.dumps(asdict(self))

    @property
    def driver(self) -> str:
        """The key of the driver whose figure shows strain."""
        is_strain = self.sign in (Sign.STRAIN_UP, Sign.STRAIN_HIGH)
        key = BURNOUT if is_strain else CAUSES.get(self.cause, BURNOUT)
        return load_bank().get(key).driver


async def offer(session: AsyncSession, workspace_id: str, wave_id: str, now: datetime) -> int:
    """Enqueue help for managers of teams that show strain in a wave that is being published.

    A manager gets one message, about the team in which most is amiss. Returns how many messages.
    """
    wave = await session.get_one(Wave, (workspace_id, wave_id))
    survey = await session.get_one(Survey, (workspace_id, wave.survey_id))
    workspace = await session.get_one(Workspace, workspace_id)
    if survey.prepared != WELLBEING or not workspace.managers_see_team:
        return 0
    found = find_signs(await _measured(session, wave))
    told: set[str] = set()
    for team, each in sorted(found.items(), key=_urgency):
        manager = await _manager_of(session, workspace_id, team)
        if manager and manager.user_id not in told and await _may_offer(session, manager, now):
            talk = Talk(wave_id, team, each.sign, await _cause(session, wave, team, each))
            key = f"{KIND}:{wave_id}:{manager.user_id}"
            detail = asdict(talk)
            await enqueue(session, workspace_id, key, KIND, manager.user_id, now, detail=detail)
            told.add(manager.user_id)
    return len(told)


async def talks_sent(session: AsyncSession, actor: Actor) -> TalksSent:
    """Return what is known of these messages to a person."""
    row = await session.get(
        AttentionPreference, (actor.workspace_id, actor.user_id), populate_existing=True
    )
    if row is None:
        return TalksSent()
    return TalksSent(row.team_talks, row.talks_unopened, row.last_talk_at)


async def may_see(session: AsyncSession, actor: Actor, talk: Talk) -> bool:
    """Return True if a person may still see the figures of a talk's team as its manager."""
    return talk.team in await managed_teams(session, actor)


async def mark_sent(session: AsyncSession, posted: Sequence[Delivery], now: datetime) -> None:
    """Note that messages were sent, none of which is opened yet."""
    for delivery in posted:
        actor = Actor(delivery.workspace_id, delivery.recipient)
        await _store(session, actor, (await talks_sent(session, actor)).after_sending(now))


async def open_talk(session: AsyncSession, actor: Actor, talk: Talk, now: datetime) -> None:
    """Note that a message was opened, and record the look at the team's figures.

    Raises UserError for somebody who may no longer see them.
    """
    if not await may_see(session, actor, talk):
        raise UserError(_(NOT_YOURS))
    await _store(session, actor, (await talks_sent(session, actor)).after_opening())
    detail = {"as": "manager"}
    audit.record(session, actor, "figures.viewed", subject=talk.wave_id, detail=detail, now=now)


async def no_more(session: AsyncSession, actor: Actor) -> None:
    """Send a person none of these messages any more."""
    known = await talks_sent(session, actor)
    await _store(session, actor, TalksSent(False, known.unopened, known.last_at))


async def item_about(session: AsyncSession, actor: Actor, talk: Talk) -> str | None:
    """Return the id of the latest item about the same in this team that is not over, if any."""
    found: str | None = await session.scalar(
        select(ProductItem.id)
        .where(
            ProductItem.workspace_id == actor.workspace_id,
            ProductItem.segment == TEAM_DIMENSION,
            ProductItem.segment_ref == talk.team,
            ProductItem.driver == talk.driver,
            ProductItem.state.not_in((State.SHIPPED, State.WONT)),
        )
        .order_by(ProductItem.created_at.desc(), ProductItem.id)
        .limit(1)
    )
    return found


def _urgency(found: tuple[str, Found]) -> tuple[int, str]:
    return list(Sign).index(found[1].sign), found[0]


async def _may_offer(session: AsyncSession, manager: Actor, now: datetime) -> bool:
    waiting = select(Delivery.id).where(
        Delivery.workspace_id == manager.workspace_id,
        Delivery.recipient == manager.user_id,
        Delivery.kind == KIND,
        Delivery.status.in_(UNFINISHED),
    )
    if await session.scalar(waiting.limit(1)) is not None:
        return False
    return (await talks_sent(session, manager)).may_send(now)


async def _measured(session: AsyncSession, wave: Wave) -> list[Measured]:
    """Return the figures of strain and its causes, of the company and of teams shown alone."""
    rows = await session.scalars(
        select(Figure).where(
            Figure.workspace_id == wave.workspace_id,
            Figure.wave_id == wave.id,
            Figure.measure.in_((STRAIN, "driver")),
            Figure.segment.in_((TOTAL, TEAM_DIMENSION)),
            Figure.note.is_(None),
        )
    )
    return [
        _as_share(each)
        for each in rows
        if each.segment == TOTAL or each.segment_values == [each.segment_ref]
    ]


def _as_share(figure: Figure) -> Measured:
    scale = RESOLUTIONS[figure.measure].highest
    value = figure.mean if figure.score is None else figure.score
    change = figure.change
    return Measured(
        figure.measure,
        figure.measure_ref,
        figure.segment_ref,
        (value or 0.0) / scale,
        (figure.error or 0.0) / scale,
        (figure.low or 0.0) / scale,
        (figure.high or 0.0) / scale,
        None if change is None else change / scale,
        None if change is None else (figure.change_margin or 0.0) / scale,
    )


async def _manager_of(session: AsyncSession, workspace_id: str, team: str) -> Actor | None:
    """Return to whom most of a team report directly, if they may see its figures."""
    people = func.count()
    row = (
        await session.execute(
            select(Employee.manager_id, people)
            .where(
                Employee.workspace_id == workspace_id,
                Employee.team == team,
                Employee.active.is_(True),
                Employee.manager_id.is_not(None),
            )
            .group_by(Employee.manager_id)
            .order_by(people.desc(), Employee.manager_id)
            .limit(1)
        )
    ).first()
    manager = Actor(workspace_id, str(row[0])) if row else None
    return manager if manager and team in await managed_teams(session, manager) else None


async def _cause(session: AsyncSession, wave: Wave, team: str, found: Found) -> str:
    """Return what to talk about: the cause that shows strain, or the team's lowest one lately."""
    causes = {driver.key: driver.cause for driver in load_bank().drivers if driver.cause}
    if found.figure.measure == "driver":
        return causes.get(found.figure.ref, GENERAL)
    rows = await session.execute(
        select(Figure.measure_ref, Figure.mean)
        .join(Wave, (Wave.workspace_id == Figure.workspace_id) & (Wave.id == Figure.wave_id))
        .where(
            Figure.workspace_id == wave.workspace_id,
            Wave.survey_id == wave.survey_id,
            Wave.held_on > wave.held_on - ROUND,
            Figure.measure == "driver",
            Figure.measure_ref.in_(causes),
            Figure.segment == TEAM_DIMENSION,
            Figure.segment_ref == team,
            Figure.note.is_(None),
        )
        .order_by(Wave.held_on.desc())
    )
    latest: dict[str, float] = {}
    for driver, mean in rows:
        latest.setdefault(driver, mean or 0.0)
    lowest = min(latest, key=latest.__getitem__, default=None)
    return causes[lowest] if lowest else GENERAL


async def _store(session: AsyncSession, actor: Actor, known: TalksSent) -> None:
    values = {
        "team_talks": known.wanted,
        "talks_unopened": known.unopened,
        "last_talk_at": known.last_at,
    }
    insert = insert_into(session, AttentionPreference).values(
        workspace_id=actor.workspace_id, employee_id=actor.user_id, **values
    )
    await session.execute(
        insert.on_conflict_do_update(index_elements=["workspace_id", "employee_id"], set_=values)
    )
