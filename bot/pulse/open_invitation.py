"""A person's place in an open wave: what a press needs to know, and what it changes.

A press takes as few statements as its database allows, because each costs more than all that is
done with it. On PostgreSQL it is two: one remembers the request and takes the person's turn, the
next sees what is there now. SQLite has one writer at a time: what it reads first is current. The
statements are built once and given their values when they run: to build one costs as much as
to run it. They name tables and not classes, so that no rows become objects.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.pulse.pure.tokens import Press, press_nonce, respondent_token
from bot.pulse.steps import Refusal
from bot.replays import ADD_MARK, Mark
from bot.surveys.pure.scales import Scale
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
class OpenInvitation:
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
_reply = (_answer.c.position, _answer.c.value, _answer.c.comment)
_READ_REPLIES: Final = select(*_reply).where(
    _answer.c.workspace_id == bindparam("workspace"),
    _answer.c.wave_id == bindparam("wave"),
    _answer.c.token == bindparam("token"),
)
_READ_ALL: Final = _READ_PLACE.add_columns(*_reply).outerjoin(
    _answer,
    (_answer.c.workspace_id == _wave.c.workspace_id)
    & (_answer.c.wave_id == _wave.c.id)
    & (_answer.c.token == func.hmac_sha256(_wave.c.key, bindparam("person"))),
)
"""On SQLite: a row for each reply, or one without any."""
_ENTER: Final = _READ_PLACE.add_columns(_TAKE_TURNS).with_for_update(read=True, of=_wave)
"""On PostgreSQL: the wave's row stays locked, shared, until the end of the transaction."""
_marked = ADD_MARK["postgresql"].cte("marked")
_ENTER_MARKED: Final = _ENTER.add_columns(
    select(_marked.c.fingerprint).scalar_subquery().label("marked")
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


def _storing(insert: postgresql.Insert | sqlite.Insert, *changed: str) -> Any:
    names = ("workspace_id", "wave_id", "token", "position", "cohort_id", "value", "comment")
    filled = insert.values({name: bindparam(name) for name in names})
    return filled.on_conflict_do_update(
        index_elements=list(_answer.primary_key),
        set_={name: filled.excluded[name] for name in changed},
    )


_STORE: Final[Mapping[str, Any]] = {
    "postgresql": _storing(postgresql.insert(_answer), "value", "comment"),
    "sqlite": _storing(sqlite.insert(_answer), "value", "comment"),
}
_STORE_VALUE: Final = _READ_REPLIES.add_cte(
    _storing(postgresql.insert(_answer), "value").cte("stored")
)
"""On PostgreSQL: returns the replies as they were before, because all parts see one moment.

https://www.postgresql.org/docs/current/queries-with.html#QUERIES-WITH-MODIFYING
"""
_REMOVE: Final = delete(_answer).where(
    _answer.c.workspace_id == bindparam("in_workspace"),
    _answer.c.wave_id == bindparam("in_wave"),
    _answer.c.token == bindparam("of_token"),
    _answer.c.position == bindparam("at_position"),
)

_questions_of: dict[tuple[str, str], tuple[Question, ...]] = {}
"""Questions are never edited once their survey has waves, so they need no second look."""


async def find_invitation(
    session: AsyncSession, actor: Actor, press: Press, mark: Mark | None = None
) -> OpenInvitation | Refusal:
    """Return the place of a press, held until the transaction's end, or why it changes nothing.

    Remembers the request by its `mark`; raises RefusedError when it has been seen.
    """
    place = await enter(session, actor, press, mark)
    return place if isinstance(place, Refusal) else await _with_replies(session, place)


async def enter(
    session: AsyncSession, actor: Actor, press: Press, mark: Mark | None
) -> OpenInvitation | Refusal:
    """Find a place for `store_value`: on PostgreSQL, nobody has read its replies yet."""
    values = _values(actor, press.wave_id)
    if _is_sqlite(session):
        if mark:
            await mark.store(session)
        rows = (await session.execute(_READ_ALL, values)).all()
    else:
        values["turn"] = f"{press.wave_id}:{actor.user_id}"
        statement = _ENTER_MARKED if mark else _ENTER
        rows = (await session.execute(statement, values | (mark.values if mark else {}))).all()
        if mark and rows:
            mark.check(rows[0].marked)
    return await _place(session, actor, press.wave_id, rows, press)


async def look_at_invitation(
    session: AsyncSession, actor: Actor, wave_id: str
) -> OpenInvitation | Refusal:
    """Return somebody's place in a wave without holding anything."""
    statement = _READ_ALL if _is_sqlite(session) else _READ_PLACE
    rows = (await session.execute(statement, _values(actor, wave_id))).all()
    place = await _place(session, actor, wave_id, rows)
    return place if isinstance(place, Refusal) else await _with_replies(session, place)


async def _place(
    session: AsyncSession,
    actor: Actor,
    wave_id: str,
    rows: Sequence[Any],
    press: Press | None = None,
) -> OpenInvitation | Refusal:
    """Make a place of what was read; of a press, check also whose the button is."""
    if not rows:
        return Refusal.UNKNOWN
    row = rows[0]
    if row.key is None:
        return Refusal.CLOSED
    if press is not None and not press.is_for(row.key, actor.user_id):
        return Refusal.NOT_YOURS
    if row.status is None or not row.active:
        return Refusal.GONE
    return OpenInvitation(
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
        token=respondent_token(row.key, actor.user_id),
        nonce=press_nonce(row.key, actor.user_id),
        replies=_replies(rows) if _is_sqlite(session) else {},
    )


async def _with_replies(session: AsyncSession, place: OpenInvitation) -> OpenInvitation:
    """Read a place's replies where they are not read yet.

    On PostgreSQL a statement sees what was there when it began, and the one that found the place
    may have waited for another press of the same person.
    """
    if _is_sqlite(session):
        return place
    values = {**_values(place.actor, place.wave_id), "token": place.token}
    return replace(place, replies=_replies(await session.execute(_READ_REPLIES, values)))


def _replies(rows: Iterable[Any]) -> dict[int, Reply]:
    return {row.position: Reply(row.value, row.comment) for row in rows if row.position is not None}


async def store_value(
    session: AsyncSession, place: OpenInvitation, position: int, value: int | None
) -> tuple[Reply, OpenInvitation]:
    """Store an answer in a place that was entered; return the reply before, and the place now."""
    if not _is_sqlite(session):
        stored = _row(place, position, Reply(value))
        values = {**_values(place.actor, place.wave_id), **stored}
        place = replace(place, replies=_replies(await session.execute(_STORE_VALUE, values)))
    before = place.replies.get(position, NO_REPLY)
    after = replace(before, value=value)
    if _is_sqlite(session) and after != before:
        return before, await store_reply(session, place, position, after)
    return before, replace(place, replies={**place.replies, position: after})


async def store_reply(
    session: AsyncSession, place: OpenInvitation, position: int, reply: Reply
) -> OpenInvitation:
    """Write one reply, or remove it when nothing is left of it."""
    replies = dict(place.replies)
    if reply == NO_REPLY:
        replies.pop(position, None)
        row = {"in_workspace": place.actor.workspace_id, "in_wave": place.wave_id}
        row |= {"of_token": place.token, "at_position": position}  # type: ignore[dict-item]
        await session.execute(_REMOVE, row)
    else:
        replies[position] = reply
        await session.execute(_STORE[_backend(session)], _row(place, position, reply))
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


def _values(actor: Actor, wave_id: str) -> dict[str, Any]:
    return {"workspace": actor.workspace_id, "wave": wave_id, "person": actor.user_id}


def _row(place: OpenInvitation, position: int, reply: Reply) -> dict[str, Any]:
    return {
        "workspace_id": place.actor.workspace_id,
        "wave_id": place.wave_id,
        "token": place.token,
        "position": position,
        "cohort_id": place.cohort_id,
        "value": reply.value,
        "comment": reply.comment,
    }


def _is_sqlite(session: AsyncSession) -> bool:
    return _backend(session) == "sqlite"


def _backend(session: AsyncSession) -> str:
    return session.get_bind().dialect.name
