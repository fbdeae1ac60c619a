"""What the dossier for the works council says about this company, read from the running system."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention.pure.zones import zone_of
from bot.insights.wording import capitalised
from bot.journeys.pure.milestones import PLACES
from bot.languages import _, marked
from bot.people import roles
from bot.rights.look_pages import Look, LookReader
from bot.rights.public_record import RECORD_DAYS, PublicRecord, record_of
from bot.surveys.audience import Audience, audience_of
from bot.surveys.pure.audience_overlap import OWN_DRIVER
from bot.surveys.pure.bank import driver_label
from bot.surveys.pure.names import shown_name
from bot.surveys.pure.scales import Scale
from bot.surveys.pure.schedule import Cadence
from bot.surveys.translations import in_readers_language, translations_of
from models import Employee, Survey, SurveyQuestion, Wave, Workspace

SOMEBODY: Final = marked("somebody who has left")


@dataclass(frozen=True)
class AskedQuestion:
    """A question and how it can be answered, as HR wrote or translated it."""

    text: str
    topic: str
    scale: Scale
    options: tuple[str, ...]


@dataclass(frozen=True)
class AskedSurvey:
    """A survey, and whom it asked in numbers."""

    name: str
    audience: Audience
    cadence: Cadence
    anonymous: bool
    status: str
    questions: tuple[AskedQuestion, ...]
    rounds: int = 0
    first: date | None = None
    last: date | None = None
    """Days of the first and last round; None if it has not been asked yet."""
    fewest: int = 0
    most: int = 0
    """People who were invited to a round."""


@dataclass(frozen=True)
class LooksOfPerson:
    """How often somebody looked at something in the time of the record."""

    name: str
    seen: str
    survey_name: str | None
    as_manager: bool
    times: int


@dataclass(frozen=True)
class Facts:
    """Everything about one company that the dossier shows. No answer, comment or result is in it.

    Names are only those of HR, of the workspace's owner, and of people who looked at figures:
    everybody reads the same in Slack.
    """

    company: str
    made_on: date
    people: int
    """Present employees."""
    k: int
    days_a_week: int
    hours: tuple[str, str]
    """Start and end of usual working hours, such as `09:00`."""
    managers_see_team: bool
    admins: tuple[str, ...]
    analysts: tuple[str, ...]
    owner: str | None
    surveys: tuple[AskedSurvey, ...]
    looks: tuple[LooksOfPerson, ...]
    record: PublicRecord


async def facts_of(session: AsyncSession, workspace_id: str, now: datetime) -> Facts:
    """Read the facts of one workspace, in the current language."""
    workspace = await session.get_one(Workspace, workspace_id)
    team = await roles.hr_team(session, workspace_id)
    record = await record_of(session, workspace_id, now)
    since, zone = now - timedelta(days=RECORD_DAYS), zone_of(workspace.tz)
    looks = await LookReader(session, workspace_id, zone, since).in_all()
    concerned = {*team.admins, *team.analysts, *(look.person_id for look in looks)}
    names = await _names(session, workspace_id, concerned | {team.owner or ""})
    people = await session.scalar(
        select(func.count())
        .select_from(Employee)
        .where(Employee.workspace_id == workspace_id, Employee.active.is_(True))
    )
    return Facts(
        company=workspace.name or workspace_id,
        made_on=now.astimezone(zone).date(),
        people=people or 0,
        k=workspace.min_group_size,
        days_a_week=workspace.days_a_week,
        hours=(f"{workspace.work_starts:%H:%M}", f"{workspace.work_ends:%H:%M}"),
        managers_see_team=team.managers_see_team,
        admins=_named(team.admins, names),
        analysts=_named(team.analysts, names),
        owner=names.get(team.owner, _(SOMEBODY)) if team.owner else None,
        surveys=tuple(await _surveys(session, workspace_id)),
        looks=_by_person(looks, names),
        record=record,
    )


async def _surveys(session: AsyncSession, workspace_id: str) -> list[AskedSurvey]:
    rounds = await session.execute(
        select(
            Wave.survey_id,
            func.count(),
            func.min(Wave.held_on),
            func.max(Wave.held_on),
            func.min(Wave.invited),
            func.max(Wave.invited),
        )
        .where(Wave.workspace_id == workspace_id)
        .group_by(Wave.survey_id)
    )
    asked = {survey_id: row for survey_id, *row in rounds}
    surveys = await session.scalars(
        select(Survey)
        .where(Survey.workspace_id == workspace_id, Survey.status != "draft")
        .order_by(Survey.created_at, Survey.name)
    )
    # Attune makes the surveys of milestones all at once; they have an order of their own.
    in_order = sorted(surveys, key=lambda each: PLACES.get(each.audience_ref or "", 0))
    return [
        AskedSurvey(
            each.name,
            audience_of(each),
            Cadence(each.cadence),
            each.anonymous,
            each.status,
            tuple(map(_question, each.questions)),
            *asked.get(each.id, ()),
        )
        for each in in_order
    ]


def _question(question: SurveyQuestion) -> AskedQuestion:
    text, options = in_readers_language(
        question.text, question.options, translations_of(question.translations)
    )
    is_own = question.driver == OWN_DRIVER
    return AskedQuestion(
        text=_(text),
        topic=_("HR's own question") if is_own else _(driver_label(question.driver)),
        scale=Scale(question.scale),
        options=tuple(map(_, options)),
    )


def _by_person(looks: list[Look], names: Mapping[str, str]) -> tuple[LooksOfPerson, ...]:
    counted: Counter[tuple[str, str, str | None, bool]] = Counter()
    for look in looks:
        name = names.get(look.person_id, _(SOMEBODY))
        counted[name, _(look.seen), _subject(look), look.as_manager] += look.times
    rows = [LooksOfPerson(*what, times) for what, times in counted.items()]
    return tuple(sorted(rows, key=lambda row: (row.name, row.seen, -row.times)))


def _subject(look: Look) -> str | None:
    if look.of:
        return capitalised(_(look.of))
    return shown_name(look.survey_name) if look.survey_name else None


async def _names(session: AsyncSession, workspace_id: str, people: set[str]) -> dict[str, str]:
    rows = await session.execute(
        select(Employee.id, Employee.name).where(
            Employee.workspace_id == workspace_id, Employee.id.in_(people), Employee.name != ""
        )
    )
    return dict(rows.all())


def _named(people: tuple[str, ...], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(names.get(person, _(SOMEBODY)) for person in people)
