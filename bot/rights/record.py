"""Who looked at figures, and what the operator did: the record that every employee can read."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention.pure.zones import zone_of
from bot.insights.pure.resolution import in_steps
from bot.people.group_size import CHANGED
from bot.people.service import IMPORTED
from bot.rights.looks import Page, PageStart, Reader
from bot.surveys.audience import Audience, audience_of
from bot.surveys.drafts import CREATED
from bot.surveys.service import ENDED
from models import AuditEntry, DigestSubscription, Survey, Wave, Workspace

DAYS: Final = 90
EXPORTED: Final = "person.exported"
FORGOTTEN: Final = "person.forgotten"
BY_OPERATOR: Final = (EXPORTED, FORGOTTEN, CHANGED, IMPORTED)
"""Acts of the operator. People who get or erase their own data are nobody else's business."""


@dataclass(frozen=True)
class OperatorAct:
    """What whoever runs the server did with Attune on one day."""

    day: date
    action: str
    """One of `BY_OPERATOR`."""
    before: int | None
    after: int | None
    """Of a setting that changed; else empty."""
    moved: int | None
    """How many people an import moved between teams; else empty."""
    times: int


@dataclass(frozen=True)
class SurveyMade:
    """A survey that somebody of HR created."""

    day: date
    person_id: str
    survey_name: str
    audience: Audience
    people: int | None
    """How many were to be asked; empty in entries of older versions."""


@dataclass(frozen=True)
class EarlyEnd:
    """A wave that somebody of HR let close before its time."""

    day: date
    person_id: str
    survey_name: str
    invited: int
    k: int
    at_least: int | None
    """How many had answered, in steps of k; empty until it has closed."""


@dataclass(frozen=True)
class Record:
    """One page of the looks of the last 90 days, the latest first."""

    page: Page
    by_operator: tuple[OperatorAct, ...]
    """The latest first, on every page. It doesn't say whose data it was: that is theirs to tell."""
    surveys: tuple[SurveyMade | EarlyEnd, ...]
    """The latest first, on every page."""
    refused: int
    """Attempts of people who had no right to look."""
    digest_channels: tuple[str, ...]
    """Channels in which the weekly digest shows published figures to everybody there."""


async def record_of(
    session: AsyncSession, workspace_id: str, now: datetime, start: PageStart | None = None
) -> Record:
    """Return the page of the record that begins at `start`, by default the first."""
    workspace = await session.get_one(Workspace, workspace_id)
    since, zone = now - timedelta(days=DAYS), zone_of(workspace.tz)
    channels = await session.scalars(
        select(DigestSubscription.channel_id)
        .where(DigestSubscription.workspace_id == workspace_id)
        .order_by(DigestSubscription.channel_id)
    )
    return Record(
        page=await Reader(session, workspace_id, zone, since).page(start),
        by_operator=tuple(await _by_operator(session, workspace_id, zone, since)),
        surveys=tuple(await _of_surveys(session, workspace_id, zone, since)),
        refused=await _refused(session, workspace_id, since),
        digest_channels=tuple(channels),
    )


async def _by_operator(
    session: AsyncSession, workspace_id: str, zone: ZoneInfo, since: datetime
) -> list[OperatorAct]:
    entries = await session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.workspace_id == workspace_id,
            AuditEntry.action.in_(BY_OPERATOR),
            AuditEntry.actor_id.is_(None),
            AuditEntry.at >= since,
        )
        .order_by(AuditEntry.at.desc(), AuditEntry.id)
    )
    counted = Counter(
        (
            entry.at.astimezone(zone).date(),
            entry.action,
            entry.detail.get("before"),
            entry.detail.get("after"),
            entry.detail.get("moved"),
        )
        for entry in entries
        if entry.action != IMPORTED or entry.detail.get("moved")
    )
    return [OperatorAct(*what, times) for what, times in counted.items()]


async def _of_surveys(
    session: AsyncSession, workspace_id: str, zone: ZoneInfo, since: datetime
) -> list[SurveyMade | EarlyEnd]:
    rows = await session.execute(
        select(AuditEntry, Survey)
        .join(
            Survey,
            (Survey.workspace_id == AuditEntry.workspace_id) & (Survey.id == AuditEntry.subject),
        )
        .where(
            AuditEntry.workspace_id == workspace_id,
            AuditEntry.action.in_((CREATED, ENDED)),
            AuditEntry.at >= since,
        )
        .order_by(AuditEntry.at.desc(), AuditEntry.id)
    )
    found: list[SurveyMade | EarlyEnd] = []
    for entry, survey in rows.all():
        who = entry.at.astimezone(zone).date(), entry.actor_id or "", survey.name
        if entry.action == CREATED:
            people = entry.detail.get("people")
            found.append(SurveyMade(*who, audience_of(survey), people))
        for wave_id in entry.detail.get("waves", ()):
            wave = await session.get(Wave, (workspace_id, wave_id))
            if wave:
                k, responded = wave.min_group_size, wave.responded
                at_least = None if responded is None else in_steps(responded, k)
                found.append(EarlyEnd(*who, wave.invited, k, at_least))
    return found


async def _refused(session: AsyncSession, workspace_id: str, since: datetime) -> int:
    """Count refused looks; other refused acts are no looks at figures."""
    count = await session.scalar(
        select(func.count())
        .select_from(AuditEntry)
        .where(
            AuditEntry.workspace_id == workspace_id,
            AuditEntry.action == "refused",
            AuditEntry.subject.endswith(".view"),
            AuditEntry.at >= since,
        )
    )
    return count or 0
