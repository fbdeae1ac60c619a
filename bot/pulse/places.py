"""A person's place in an open wave: what a press needs to know, read in two statements.

The statements are built once and given their values when they run: to build one costs as much as
to run it. They name tables and not classes, so that no rows become objects.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.pulse.steps import Refusal
from bot.pulse.tokens import Press, press_nonce, respondent_token
from bot.slack.actor import Actor
from bot.surveys.scales import Scale
from models import Employee, Invitation, OpenAnswer, Survey, SurveyQuestion, Wave
from models.database import table_of

MOST_SURVEYS: Final = 1_000
"""How many surveys' questions a process keeps: a few MiB."""


@dataclass(frozen=True)
class Reply:
    """What somebody has stored for one question."""

    value: int | None = None
    comment: str | None = None


NO_REPLY: Final = Reply()


@dataclass(frozen=True)
class Question:
    """One question of a survey, as the press of an answer sees it."""

    position: int
    text: str
    driver: str
    scale: Scale
    direction: int
    options: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A person's place in an open wave."""

    actor: Actor
    wave_id: str
    anonymous: bool
    min_group_size: int
    closes_at: datetime
    invited: int
    survey_name: str
    asked_by: str
    """Slack id of the HR admin who made the survey."""
    questions: tuple[Question, ...]
    cohort_id: int
    status: str
    """The invitation's."""
    token: str
    nonce: str
    replies: Mapping[int, Reply]

    def question(self, position: int) -> Question | None:
        """Return the question at a position, None if there is none."""
        return next((each for each in self.questions if each.position == position), None)

    def following(self, position: int) -> Question | None:
        """Return the question after a position, None after the last."""
        return next((each for each in self.questions if each.position > position), None)

    def has_answered(self, question: Question) -> bool:
        """Tell whether the person's answer to a question is stored."""
        reply = self.replies.get(question.position, NO_REPLY)
        return reply.value is not None or (question.scale is Scale.TEXT and bool(reply.comment))

    def has_commented(self, position: int) -> bool:
        """Tell whether a comment on a question is stored."""
        return bool(self.replies.get(position, NO_REPLY).comment)


_wave, _survey, _question = table_of(Wave), table_of(Survey), table_of(SurveyQuestion)
_invitation, _employee, _answer = table_of(Invitation), table_of(Employee), table_of(OpenAnswer)

_READ_PLACE: Final = (
    select(
        _wave.c.key,
        _wave.c.anonymous,
        _wave.c.min_group_size,
        _wave.c.closes_at,
        _wave.c.survey_id,
        _wave.c.invited,
        _survey.c.name,
        _survey.c.created_by,
        _invitation.c.cohort_id,
        _invitation.c.status,
        _employee.c.active,
    )
    .select_from(
        _wave.join(
            _survey,
            (_survey.c.workspace_id == _wave.c.workspace_id) & (_survey.c.id == _wave.c.survey_id),
        )
        .outerjoin(
            _invitation,
            (_invitation.c.workspace_id == _wave.c.workspace_id)
            & (_invitation.c.wave_id == _wave.c.id)
            & (_invitation.c.employee_id == bindparam("person")),
        )
        .outerjoin(
            _employee,
            (_employee.c.workspace_id == _invitation.c.workspace_id)
            & (_employee.c.id == _invitation.c.employee_id),
        )
    )
    .where(
        _wave.c.workspace_id == bindparam("workspace"),
        _wave.c.id == bindparam("wave"),
    )
)
_TAKE_TURNS: Final = func.pg_advisory_xact_lock(func.hashtextextended(bindparam("turn"), 0))
"""Lets a person's presses come one after the other, each until its end.

A row's lock would leave a trace: PostgreSQL keeps with the row which transaction held it. Computed
with the columns and so before the wave's row is locked: a press never waits for its turn while it
holds the wave. SQLite has one writer at a time anyway.
https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
"""
_ENTER: Final[Mapping[str, Select[Any]]] = {
    "postgresql": _READ_PLACE.add_columns(_TAKE_TURNS).with_for_update(read=True, of=_wave),
    "sqlite": _READ_PLACE,
}
"""By database: the wave's row stays locked, shared, until the end of the transaction."""
_READ_REPLIES: Final = select(_answer.c.position, _answer.c.value, _answer.c.comment).where(
    _answer.c.workspace_id == bindparam("workspace"),
    _answer.c.wave_id == bindparam("wave"),
    _answer.c.token == bindparam("token"),
)
_READ_QUESTIONS: Final = (
    select(
        _question.c.position,
        _question.c.text,
        _question.c.driver,
        _question.c.scale,
        _question.c.direction,
        _question.c.options,
    )
    .where(
        _question.c.workspace_id == bindparam("workspace"),
        _question.c.survey_id == bindparam("survey"),
    )
    .order_by(_question.c.position)
)


def _storing(insert: postgresql.Insert | sqlite.Insert) -> postgresql.Insert | sqlite.Insert:
    names = ("workspace_id", "wave_id", "token", "position", "cohort_id", "value", "comment")
    filled = insert.values({name: bindparam(name) for name in names})
    return filled.on_conflict_do_update(
        index_elements=list(_answer.primary_key),
        set_={name: filled.excluded[name] for name in ("value", "comment")},
    )


_STORE: Final[Mapping[str, postgresql.Insert | sqlite.Insert]] = {
    "postgresql": _storing(postgresql.insert(_answer)),
    "sqlite": _storing(sqlite.insert(_answer)),
}
_REMOVE: Final = delete(_answer).where(
    _answer.c.workspace_id == bindparam("in_workspace"),
    _answer.c.wave_id == bindparam("in_wave"),
    _answer.c.token == bindparam("of_token"),
    _answer.c.position == bindparam("at_position"),
)

_questions_of: dict[tuple[str, str], tuple[Question, ...]] = {}
"""Questions are never edited once their survey has waves, so they need no second look."""


async def find_place(session: AsyncSession, actor: Actor, press: Press) -> Place | Refusal:
    """Return the place of a press, held until the transaction's end, or why it changes nothing."""
    return await _read(session, actor, press.wave_id, press)


async def look_at_place(session: AsyncSession, actor: Actor, wave_id: str) -> Place | Refusal:
    """Return somebody's place in a wave without holding anything."""
    return await _read(session, actor, wave_id, None)


async def _read(
    session: AsyncSession, actor: Actor, wave_id: str, press: Press | None
) -> Place | Refusal:
    """Read a place; of a press, whose wave is then locked, check also whose the button is."""
    values = {"workspace": actor.workspace_id, "wave": wave_id, "person": actor.user_id}
    if press is None:
        found = await session.execute(_READ_PLACE, values)
    else:
        turn = {"turn": f"{wave_id}:{actor.user_id}"}
        found = await session.execute(_ENTER[_backend(session)], {**values, **turn})
    row = found.one_or_none()
    if row is None:
        return Refusal.UNKNOWN
    if row.key is None:
        return Refusal.CLOSED
    if press is not None and not press.is_for(row.key, actor.user_id):
        return Refusal.NOT_YOURS
    if row.status is None or not row.active:
        return Refusal.GONE
    token = respondent_token(row.key, actor.user_id)
    # Only now: on PostgreSQL a statement sees what was there when it began, and the one before may
    # have waited for another press of the same person.
    replies = await session.execute(
        _READ_REPLIES, {"workspace": actor.workspace_id, "wave": wave_id, "token": token}
    )
    return Place(
        actor=actor,
        wave_id=wave_id,
        anonymous=row.anonymous,
        min_group_size=row.min_group_size,
        closes_at=row.closes_at,
        invited=row.invited,
        survey_name=row.name,
        asked_by=row.created_by,
        questions=await _questions(session, actor.workspace_id, row.survey_id),
        cohort_id=row.cohort_id,
        status=row.status,
        token=token,
        nonce=press_nonce(row.key, actor.user_id),
        replies={position: Reply(value, comment) for position, value, comment in replies},
    )


async def store_reply(session: AsyncSession, place: Place, position: int, reply: Reply) -> Place:
    """Write one reply, or remove it when nothing is left of it."""
    replies = dict(place.replies)
    if reply == NO_REPLY:
        replies.pop(position, None)
        row = {"in_workspace": place.actor.workspace_id, "in_wave": place.wave_id}
        row |= {"of_token": place.token, "at_position": position}  # type: ignore[dict-item]
        await session.execute(_REMOVE, row)
    else:
        replies[position] = reply
        await session.execute(
            _STORE[_backend(session)],
            {
                "workspace_id": place.actor.workspace_id,
                "wave_id": place.wave_id,
                "token": place.token,
                "position": position,
                "cohort_id": place.cohort_id,
                "value": reply.value,
                "comment": reply.comment,
            },
        )
    return replace(place, replies=replies)


async def _questions(
    session: AsyncSession, workspace_id: str, survey_id: str
) -> tuple[Question, ...]:
    key = (workspace_id, survey_id)
    if key not in _questions_of:
        rows = await session.execute(
            _READ_QUESTIONS, {"workspace": workspace_id, "survey": survey_id}
        )
        if len(_questions_of) >= MOST_SURVEYS:
            _questions_of.clear()
        _questions_of[key] = tuple(
            Question(
                row.position,
                row.text,
                row.driver,
                Scale(row.scale),
                row.direction,
                tuple(row.options),
            )
            for row in rows
        )
    return _questions_of[key]


def _backend(session: AsyncSession) -> str:
    return session.get_bind().dialect.name
