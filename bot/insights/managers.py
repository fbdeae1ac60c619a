"""Results for managers, if HR allows it: published figures of their own team only.

Nothing is computed for them. A team that the gate hid or merged with others has no figures for its
manager either.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import UserError
from bot.insights.service import results_of_teams
from bot.insights.trends.service import TrendSource, read_trend
from bot.insights.wave_results import GroupResults, WaveResults
from bot.languages import _, marked
from bot.surveys.pure.names import is_part
from models import Employee, Figure, Survey, Wave, Workspace

NOTHING_YET: Final = marked(
    "There are no figures of your team alone yet. They appear here when a survey has closed and "
    "enough of your team have answered it."
)
NOT_OF_THIS_NAME: Final = marked(
    "No survey of that name has figures of your team alone. `/pulse results` without a name shows "
    "the latest that has."
)
TRENDS_SHOWN: Final = 2


@dataclass(frozen=True)
class TeamResults:
    """The latest wave with figures of a manager's own teams."""

    wave: WaveResults
    teams: tuple[GroupResults, ...]
    """At least one, the lowest first."""
    trends: tuple[TrendSource, ...] = ()
    """The lowest driver of the first few teams over time, for `find_trend`."""


async def managed_teams(session: AsyncSession, actor: Actor) -> list[str]:
    """Return the teams whose figures a person may see as manager; empty unless HR allows it.

    These are the teams that the person leads now: more than half of the team's other people report
    to them, directly or through others. A single report in a team is not enough: its figures would
    mostly be about people who report to somebody else.
    """
    workspace = await session.get_one(Workspace, actor.workspace_id)
    manager = await session.get(Employee, (actor.workspace_id, actor.user_id))
    if not workspace.managers_see_team or manager is None or not manager.active:
        return []
    teams = await session.scalars(_led_by(actor))
    return sorted(team for team in teams if team)


def _led_by(actor: Actor) -> Select[str | None]:
    """Select the teams in which most people report to this person."""
    reports = (
        select(Employee.id)
        .where(
            Employee.workspace_id == actor.workspace_id,
            Employee.manager_id == actor.user_id,
        )
        .cte("reports", recursive=True)
    )
    # A plain UNION adds nobody twice, so a circle of managers ends.
    reports = reports.union(
        select(Employee.id).where(
            Employee.workspace_id == actor.workspace_id, Employee.manager_id == reports.c.id
        )
    )
    return (
        select(Employee.team)
        .outerjoin(reports, reports.c.id == Employee.id)
        .where(
            Employee.workspace_id == actor.workspace_id,
            Employee.active.is_(True),
            Employee.team.is_not(None),
            Employee.id != actor.user_id,
        )
        .group_by(Employee.team)
        .having(2 * func.count(reports.c.id) > func.count())
    )


async def team_results(
    session: AsyncSession, workspace_id: str, teams: Collection[str], survey_name: str | None = None
) -> TeamResults:
    """Return the latest wave that published a figure of one of these teams alone.

    `survey_name` is the survey's name or a part of it; None means any. Raises UserError if there is
    no such wave.
    """
    result = await session.execute(
        select(Wave.id, Survey.name)
        .join(Survey, (Survey.workspace_id == Wave.workspace_id) & (Survey.id == Wave.survey_id))
        .where(
            Wave.workspace_id == workspace_id,
            Wave.status == "published",
            select(Figure.id)
            .where(
                Figure.workspace_id == Wave.workspace_id,
                Figure.wave_id == Wave.id,
                Figure.segment == "team",
                Figure.segment_ref.in_(teams),
                Figure.note.is_(None),
            )
            .exists(),
        )
        .order_by(Wave.published_at.desc(), Wave.held_on.desc(), Wave.id)
    )
    rows = result.all()
    wanted = (survey_name or "").casefold()
    wave_id = next((wave_id for wave_id, name in rows if is_part(wanted, name)), None)
    wave = await results_of_teams(session, workspace_id, wave_id, teams) if wave_id else None
    if wave is None:
        raise UserError(_(NOT_OF_THIS_NAME) if rows else _(NOTHING_YET))
    measure = "driver" if wave.drivers else "question"
    known = {each.ref for each in wave.scores}
    trends = [
        await read_trend(
            session, workspace_id, wave.wave_id, measure, team.scores[0].ref, [team.name]
        )
        for team in wave.groups[:TRENDS_SHOWN]
        if team.scores and team.scores[0].ref in known
    ]
    return TeamResults(wave, wave.groups, tuple(trends))
