"""Opens a wave: reads its audience, divides it into cohorts, stores it, queues its messages.

No transaction that writes does heavy work, because on SQLite presses wait for it.
"""

import secrets
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention.pure.calendars import end_of_working_day_after
from bot.attention.pure.good_moments import good_moment
from bot.attention.readers import usual_calendars
from bot.outbox.deliveries import add_notice
from bot.outbox.sending_speed import MESSAGES_PER_MINUTE
from bot.pulse.attributes import attributes_of, counted_places
from bot.pulse.bulk_insert import insert_all
from bot.pulse.company.choosing import (
    Choice,
    Known,
    Week,
    choose_questions,
    positions_by_person,
    read_week,
)
from bot.pulse.pure.cohorts import Attributes, assign_cohorts, members_digest
from bot.surveys.audience import AudienceKind, invited_people, least_people
from bot.surveys.audience_history import TooAlike, asked_this_quarter, too_alike
from bot.surveys.pure import schedule
from bot.surveys.pure.schedule import Cadence
from bot.surveys.pure.wellbeing import positions_on
from bot.surveys.service import advance
from bot.surveys.survey_rows import plan_of
from models import (
    Cohort,
    Employee,
    Invitation,
    QuestionAsked,
    Survey,
    Wave,
    Workspace,
)
from models.database import insert_into, new_key

PROGRESS: Final = "asking"
"""The notice that shows its author how far a large wave has got."""
MOST_WITHOUT_PROGRESS: Final = 2 * MESSAGES_PER_MINUTE
"""A wave of so many people is sent within two minutes, so nobody needs to see how far it is."""
LONGEST_WAIT: Final = timedelta(days=5)
"""How much longer a wave stays open for people who have a day off when it asks."""
KEY_BYTES: Final = 32
PLACES: Final = ("team", "department", "location")


@dataclass(frozen=True)
class OpenedWave:
    """A wave that has just opened."""

    wave_id: str
    held_on: date
    invited: int
    closes_at: datetime


@dataclass(frozen=True)
class NotOpened:
    """A wave that does not open, to protect the people in it.

    Either there are fewer than `needed` people, possibly none, or almost the same people were asked
    the same thing by the survey in `alike`.
    """

    held_on: date
    invited: int
    needed: int
    alike: TooAlike | None = None


@dataclass(frozen=True)
class WavePeople:
    """The people of a future wave, and their attributes for cohorts."""

    workspace_id: str
    survey_id: str
    anonymous: bool
    held_on: date
    closes_at: datetime
    k: int
    secret: bytes
    attributes: Mapping[str, Attributes]
    """By employee id."""
    week: Week | None = None
    """Of the company pulse: what its choice of people and questions is made from."""
    positions: tuple[int, ...] | None = None
    """Of a survey that asks in turn: the positions of this wave's questions."""


@dataclass(frozen=True)
class PlannedWave:
    """A wave that can open: its people, divided into cohorts."""

    audience: WavePeople
    cohorts: Sequence[tuple[Attributes, Sequence[str]]]
    """Each cohort's values and people, by the cohort's number."""
    digests: Sequence[str]
    choices: Sequence[Choice] = ()
    """Of the company pulse: who is asked what."""

    @property
    def invited(self) -> Sequence[tuple[Attributes, Sequence[str]]]:
        """The cohorts whose people are invited; see `Cohort` for the company pulse."""
        return self.cohorts[:1] if self.audience.week else self.cohorts


async def read_audience(
    session: AsyncSession,
    workspace_id: str,
    survey_id: str,
    members: Collection[str] | None,
    now: datetime,
) -> WavePeople | NotOpened | None:
    """Read the audience of a survey; None if the survey is not due.

    `members` are the Slack ids of the audience's channel or user group, or of the people who reach
    the milestone; None for other audiences.
    """
    survey = await session.get(Survey, (workspace_id, survey_id), populate_existing=True)
    if survey is None or not _is_due(survey, now) or survey.next_on is None:
        return None
    people = await asked_this_quarter(session, survey, survey.next_on)
    if people is None:
        people = await invited_people(session, survey, members)
    workspace = await session.get_one(Workspace, workspace_id)
    k = workspace.min_group_size
    needed = least_people(AudienceKind(survey.audience), k, anonymous=survey.anonymous)
    if len(people) < needed:
        return NotOpened(survey.next_on, len(people), needed)
    ids = [person.id for person in people]
    if alike := await too_alike(session, survey, survey.questions, ids, k, now):
        return NotOpened(survey.next_on, len(people), needed, alike)
    week = None
    if survey.cadence == Cadence.STANDING:
        if await _is_running(session, survey):
            # The choice of this week's questions waits for last week's figures.
            return None
        teams = {each.id: counted_places(each, survey.next_on)["team"] for each in people}
        week = await read_week(session, survey, survey.next_on, teams, people, k, now)
        if not week.labels:
            return NotOpened(survey.next_on, len(people), k + 1)
    attributes = {} if week else await attributes_of(session, survey, survey.next_on, people)
    return WavePeople(
        workspace_id,
        survey_id,
        survey.anonymous,
        survey.next_on,
        await _closes_at(session, survey, survey.next_on, people, now),
        k,
        workspace.figure_secret.encode(),
        attributes,
        week,
        positions_on(survey.starts_on, survey.next_on) if survey.prepared else None,
    )


def plan_wave(audience: WavePeople, known: Known | None = None) -> PlannedWave:
    """Divide a wave's people into cohorts. Run it in a thread: a large company takes seconds.

    The company pulse also chooses whom to ask what, by what is `known` from published figures.
    """
    if audience.week:
        return _plan_week(audience, audience.week, known)
    # A cohort of just k could be shown only if all of it answered, and that would tell of each.
    assigned = assign_cohorts(audience.attributes, audience.k + 1)
    members: dict[Attributes, list[str]] = {}
    for employee_id in audience.attributes:
        members.setdefault(assigned[employee_id], []).append(employee_id)
    digests = [members_digest(audience.secret, group) for group in members.values()]
    return PlannedWave(audience, list(members.items()), digests)


def _plan_week(audience: WavePeople, week: Week, known: Known | None) -> PlannedWave:
    """Choose a week's questions of the company pulse. Nobody is asked if all is known well."""
    if known is None:
        raise ValueError("the company pulse needs what published figures say")
    choices = choose_questions(week, known)
    asked = {each.employee_id: Attributes() for each in choices}
    teams: dict[str, list[str]] = {}
    for employee_id, label in week.labels.items():
        teams.setdefault(label, []).append(employee_id)
    cohorts = [(Attributes(), sorted(asked))]
    cohorts += [(Attributes(team=label or None), people) for label, people in teams.items()]
    digests = [members_digest(audience.secret, people) for _, people in cohorts]
    return PlannedWave(replace(audience, attributes=asked), cohorts, digests, choices)


async def open_wave(session: AsyncSession, plan: PlannedWave, now: datetime) -> OpenedWave | None:
    """Open a planned wave and move its survey on to the next one.

    `queue_messages` queues its messages next. None if the survey is no longer due, already has a
    wave for that date, or has nobody to ask this week.
    """
    audience = plan.audience
    survey = await _due_survey(session, audience.workspace_id, audience.survey_id, now)
    if survey is None or survey.next_on != audience.held_on:
        return None
    wave_id = await _insert_wave(session, audience, now) if audience.attributes else None
    if wave_id is not None:
        await _invite(session, wave_id, plan)
        if len(audience.attributes) > MOST_WITHOUT_PROGRESS:
            detail = {"about": PROGRESS, "wave": wave_id}
            place = session, audience.workspace_id
            await add_notice(*place, wave_id, survey.created_by, detail, now, at_once=True)
    await advance(session, survey, now)
    invited = len(audience.attributes)
    return OpenedWave(wave_id, audience.held_on, invited, audience.closes_at) if wave_id else None


async def pass_over(
    session: AsyncSession, workspace_id: str, survey_id: str, found: NotOpened, now: datetime
) -> bool:
    """Skip a wave that does not open; False if the survey has moved on already."""
    survey = await _due_survey(session, workspace_id, survey_id, now)
    if survey is None or survey.next_on != found.held_on:
        return False
    await advance(session, survey, now)
    return True


def _is_due(survey: Survey, now: datetime) -> bool:
    return (
        survey.status == "active" and survey.next_open_at is not None and survey.next_open_at <= now
    )


async def _is_running(session: AsyncSession, survey: Survey) -> bool:
    """Return True if a survey has a wave that is not published yet."""
    found = select(Wave.id).where(
        Wave.workspace_id == survey.workspace_id,
        Wave.survey_id == survey.id,
        Wave.status != "published",
    )
    return await session.scalar(found.limit(1)) is not None


async def _due_survey(
    session: AsyncSession, workspace_id: str, survey_id: str, now: datetime
) -> Survey | None:
    survey = await session.get(
        Survey, (workspace_id, survey_id), with_for_update=True, populate_existing=True
    )
    return survey if survey is not None and _is_due(survey, now) else None


async def _insert_wave(session: AsyncSession, audience: WavePeople, now: datetime) -> str | None:
    insert = insert_into(session, Wave).values(
        workspace_id=audience.workspace_id,
        id=new_key(),
        survey_id=audience.survey_id,
        held_on=audience.held_on,
        opened_at=now,
        closes_at=audience.closes_at,
        status="open",
        anonymous=audience.anonymous,
        min_group_size=audience.k,
        key=secrets.token_bytes(KEY_BYTES),
        press_key=secrets.token_bytes(KEY_BYTES),
        invited=len(audience.attributes),
        members=_members(audience),
        queued=False,
    )
    wave_id: str | None = await session.scalar(
        insert.on_conflict_do_nothing(
            index_elements=[Wave.workspace_id, Wave.survey_id, Wave.held_on, Wave.batch]
        ).returning(Wave.id)
    )
    return wave_id


def _members(audience: WavePeople) -> dict[str, dict[str, int]]:
    """Count the people of each team, department and location, including small ones."""
    counted: dict[str, Counter[str]] = {}
    for attributes in audience.attributes.values():
        for name in PLACES:
            if value := getattr(attributes, name):
                counted.setdefault(name, Counter())[value] += 1
    return {name: dict(values) for name, values in counted.items()}


async def _invite(session: AsyncSession, wave_id: str, plan: PlannedWave) -> None:
    """Insert cohorts, invitations, and what the company pulse asks."""
    of_wave = {"workspace_id": plan.audience.workspace_id, "wave_id": wave_id}
    positions, in_turn = positions_by_person(plan.choices), plan.audience.positions
    await insert_all(
        session,
        Cohort,
        (
            {**of_wave, "id": number, "invited": len(group), "digest": digest, **asdict(values)}
            for number, ((values, group), digest) in enumerate(
                zip(plan.cohorts, plan.digests, strict=True)
            )
        ),
    )
    await insert_all(
        session,
        Invitation,
        (
            {
                **of_wave,
                "employee_id": employee_id,
                "cohort_id": number,
                "positions": list(in_turn) if in_turn else positions.get(employee_id),
            }
            for number, (_, group) in enumerate(plan.invited)
            for employee_id in group
        ),
    )
    await insert_all(
        session,
        QuestionAsked,
        (
            {
                "workspace_id": plan.audience.workspace_id,
                "survey_id": plan.audience.survey_id,
                "held_on": plan.audience.held_on,
                **asdict(each),
            }
            for each in plan.choices
        ),
    )


async def _closes_at(
    session: AsyncSession,
    survey: Survey,
    held_on: date,
    people: Collection[Employee],
    now: datetime,
) -> datetime:
    """Return when a wave closes: after its open hours, and not before everybody could answer.

    Whoever has a day off is asked on their next working day and can answer until the end of the
    one after it. Nobody waits more than LONGEST_WAIT for that, nor past the next wave.
    """
    zones = {person.tz for person in people}
    usual = schedule.closes_at(held_on, survey.ask_at, zones, survey.open_hours, now)
    latest = usual + LONGEST_WAIT
    plan = plan_of(survey)
    longest = schedule.longest_open(plan, zones, held_on)
    if longest is not None:
        latest = min(latest, now + longest)
    following = schedule.next_wave(plan, zones, held_on, now) if plan.working_in else None
    if following:
        # A day off has moved this wave closer to the next one.
        usual, latest = min(usual, following.opens_at), min(latest, following.opens_at)
    needed = [usual]
    for calendar in await usual_calendars(session, survey.workspace_id, people):
        asked = max(schedule.asked_at(held_on, survey.ask_at, calendar.zone, now), now)
        begins = good_moment(calendar, asked)
        if begins > asked:
            needed.append(end_of_working_day_after(begins, calendar, 1))
    return max(usual, *(min(each, latest) for each in needed))
