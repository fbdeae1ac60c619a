"""The record that every employee can read: looks at figures, surveys, the operator's acts."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention.pure.zones import zone_of
from bot.insights.export.service import EXPORTED
from bot.insights.pure.resolution import in_steps
from bot.journeys.pure.milestones import PLACES
from bot.people.group_size import CHANGED
from bot.people.importing import IMPORTED
from bot.rights.look_pages import LookPage, LookReader, PageStart
from bot.surveys.audience import Audience, audience_of
from bot.surveys.drafts import CREATED
from bot.surveys.service import ENDED
from models import AlertChannel, AuditEntry, DigestSubscription, Survey, Wave, Workspace

RECORD_DAYS: Final = 90
PERSON_EXPORTED: Final = "person.exported"
PERSON_FORGOTTEN: Final = "person.forgotten"
OPERATOR_ACTIONS: Final = (PERSON_EXPORTED, PERSON_FORGOTTEN, CHANGED, IMPORTED, EXPORTED)
"""Acts that are listed if the operator did them; people's acts on their own data are private."""


@dataclass(frozen=True)
class OperatorAct:
    """An act of the operator (who runs the server) on one day."""

    day: date
    action: str
    """One of `OPERATOR_ACTIONS`."""
    before: int | None
    after: int | None
    """For a changed setting, its values; else None."""
    moved: int | None
    """For an import, the number of people it moved between teams; else None."""
    times: int


@dataclass(frozen=True)
class SurveyMade:
    """A survey that somebody in HR created."""

    day: date
    person_id: str
    survey_name: str
    audience: Audience
    people: int | None
    """Size of the audience; None in entries of older versions."""
    undecided: str = ""
    """Drivers that it asked about before an earlier result was decided."""
    despite: str = ""
    """Why it asked them again, with names masked."""


@dataclass(frozen=True)
class EarlyEnd:
    """A wave that somebody in HR ended early."""

    day: date
    person_id: str
    survey_name: str
    invited: int
    k: int
    at_least: int | None
    """Number of people who answered, in steps of k; None until it has closed."""


@dataclass(frozen=True)
class PeopleMoved:
    """An import of somebody in HR that moved people between teams."""

    day: date
    person_id: str
    moved: int


@dataclass(frozen=True)
class PublicRecord:
    """One page of looks of the last 90 days, and everything shown on every page."""

    page: LookPage
    by_operator: tuple[OperatorAct, ...]
    """Latest first. They do not say whose data it was."""
    surveys: tuple[SurveyMade | EarlyEnd | PeopleMoved, ...]
    """Surveys and imports of HR, latest first."""
    refused: int
    """Number of attempts by people without the right to look."""
    digest_channels: tuple[str, ...]
    """Channels in which digests or alerts show published figures."""
    quotes_comments: bool = False
    """True if a digest in one of them quotes published comments."""


async def record_of(
    session: AsyncSession, workspace_id: str, now: datetime, start: PageStart | None = None
) -> PublicRecord:
    """Return the page of the record that begins at `start`, by default the first."""
    workspace = await session.get_one(Workspace, workspace_id)
    since, zone = now - timedelta(days=RECORD_DAYS), zone_of(workspace.tz)
    digests = await session.execute(
        select(DigestSubscription.channel_id, DigestSubscription.with_quotes).where(
            DigestSubscription.workspace_id == workspace_id
        )
    )
    quoting = dict(digests.all())
    alerts = await session.scalars(
        select(AlertChannel.channel_id).where(AlertChannel.workspace_id == workspace_id)
    )
    return PublicRecord(
        page=await LookReader(session, workspace_id, zone, since).page(start),
        by_operator=tuple(await _by_operator(session, workspace_id, zone, since)),
        surveys=tuple(
            sorted(
                [
                    *await _of_surveys(session, workspace_id, zone, since),
                    *await _imports(session, workspace_id, zone, since),
                ],
                key=lambda act: act.day,
                reverse=True,
            )
        ),
        refused=await _refused(session, workspace_id, since),
        digest_channels=tuple(sorted({*quoting, *alerts})),
        quotes_comments=any(quoting.values()),
    )


async def _by_operator(
    session: AsyncSession, workspace_id: str, zone: ZoneInfo, since: datetime
) -> list[OperatorAct]:
    entries = await session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.workspace_id == workspace_id,
            AuditEntry.action.in_(OPERATOR_ACTIONS),
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
        .order_by(AuditEntry.id)
    )
    found: list[SurveyMade | EarlyEnd] = []
    for entry, survey in sorted(rows.all(), key=_latest_first):
        act = entry.at.astimezone(zone).date(), entry.actor_id or "", survey.name
        if entry.action == CREATED:
            people = entry.detail.get("people")
            again = entry.detail.get("undecided", ""), entry.detail.get("despite", "")
            found.append(SurveyMade(*act, audience_of(survey), people, *again))
        for wave_id in entry.detail.get("waves", ()):
            wave = await session.get(Wave, (workspace_id, wave_id))
            if wave:
                k, responded = wave.min_group_size, wave.responded
                at_least = None if responded is None else in_steps(responded, k)
                found.append(EarlyEnd(*act, wave.invited, k, at_least))
    return found


def _latest_first(row: Row[AuditEntry, Survey]) -> tuple[float, int]:
    """Order milestones, which HR switches on all at once, as they are listed elsewhere."""
    entry, survey = row
    return -entry.at.timestamp(), PLACES.get(survey.audience_ref or "", 0)


async def _imports(
    session: AsyncSession, workspace_id: str, zone: ZoneInfo, since: datetime
) -> list[PeopleMoved]:
    entries = await session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.workspace_id == workspace_id,
            AuditEntry.action == IMPORTED,
            AuditEntry.actor_id.is_not(None),
            AuditEntry.at >= since,
        )
        .order_by(AuditEntry.at.desc(), AuditEntry.id)
    )
    return [
        PeopleMoved(entry.at.astimezone(zone).date(), entry.actor_id or "", entry.detail["moved"])
        for entry in entries
        if entry.detail.get("moved")
    ]


async def _refused(session: AsyncSession, workspace_id: str, since: datetime) -> int:
    """Count refused looks at figures; other refused acts do not count."""
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
