"""What each workspace still lacks, and whom Attune is going to write to there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention.pure.zones import zone_of
from bot.blockkit.text import plural
from bot.people.roles import hr_team
from bot.setup.service import hr_channel
from bot.surveys.audience import FETCHED, AudienceKind, audience_of, measure
from bot.surveys.survey_rows import kept_surveys
from models import Employee, Survey, Workspace

NO_WORKSPACE = "No workspace has installed Attune yet. Open /slack/install at this bot's address."
NO_PEOPLE = "its people: the scheduler reads them from Slack within a minute of its start"
NO_HR = "somebody of HR: name employees in ATTUNE_ADMINS"
NO_CHANNEL = "HR's channel: write /attune setup in Slack"
NO_SURVEY = "a survey: write /attune setup or /pulse new in Slack"


@dataclass(frozen=True)
class Reach:
    """How many people all active surveys ask."""

    people: int
    is_exact: bool
    """False if only Slack knows who is in one of the channels or user groups."""


async def status_lines(session: AsyncSession, now: datetime) -> list[str]:
    """Return a line for each workspace that has Attune, and a line for each thing it lacks."""
    workspaces = await session.scalars(
        select(Workspace).where(Workspace.uninstalled_at.is_(None)).order_by(Workspace.id)
    )
    lines: list[str] = []
    for workspace in workspaces:
        surveys = [
            each
            for each in await kept_surveys(session, workspace.id)
            if each.status == "active" and each.next_open_at
        ]
        lines.append(await _writes_to(session, workspace, surveys, now))
        if missing := await _missing(session, workspace, surveys):
            lines += ["  Still missing:", *(f"  - {each}" for each in missing)]
    return lines or [NO_WORKSPACE]


async def reach_of(
    session: AsyncSession, workspace_id: str, surveys: Sequence[Survey], today: date
) -> Reach:
    """Return how many different people the surveys ask; at most so many if that is not known."""
    present = await _present(session, workspace_id)
    if any(survey.audience == AudienceKind.EVERYONE for survey in surveys):
        return Reach(present, is_exact=True)
    known: set[str] = set()
    fetched = 0
    for survey in surveys:
        audience = audience_of(survey)
        if audience.kind in FETCHED:
            fetched += survey.audience_size or 0
        else:
            known |= (await measure(session, workspace_id, audience, None, today)).ids
    return Reach(min(present, len(known) + fetched), is_exact=not fetched)


async def _writes_to(
    session: AsyncSession, workspace: Workspace, surveys: Sequence[Survey], now: datetime
) -> str:
    name = workspace.name or workspace.id
    if not surveys:
        return f"{name}: writes to nobody yet."
    reach = await reach_of(session, workspace.id, surveys, now.date())
    most = "" if reach.is_exact else "up to "
    opens = min(each.next_open_at for each in surveys if each.next_open_at)
    local = opens.astimezone(zone_of(workspace.tz))
    when = "now" if opens <= now else f"{local:%A} {local.day} {local:%B at %H:%M} ({workspace.tz})"
    return (
        f"{name}: writes to {most}{plural(reach.people, 'person', 'people')} in "
        f"{plural(len(surveys), 'survey')}; next: {when}."
    )


async def _missing(
    session: AsyncSession, workspace: Workspace, surveys: Sequence[Survey]
) -> list[str]:
    if workspace.synced_at is None:
        return [NO_PEOPLE]
    lacks = {
        NO_HR: not (await hr_team(session, workspace.id)).admins,
        NO_CHANNEL: await hr_channel(session, workspace.id) is None,
        NO_SURVEY: not surveys,
    }
    return [what for what, is_lacking in lacks.items() if is_lacking]


async def _present(session: AsyncSession, workspace_id: str) -> int:
    counted = select(func.count()).where(
        Employee.workspace_id == workspace_id, Employee.active.is_(True)
    )
    return await session.scalar(counted) or 0
