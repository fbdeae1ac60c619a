"""A person's invitation to an open wave: what a press needs to know, and what it changes.

A press takes as few statements as its database allows, because each statement costs more than all
the work done with it. On PostgreSQL there are two: the first remembers the request and takes the
person's turn, the second sees what is stored now. SQLite has one writer at a time, so its first
read is current. Statements are built once and get their values when they run, because building one
costs as much as running it. They name tables instead of classes, so that rows don't become objects.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.actor import Actor
from bot.pulse.pure.tokens import Press, press_nonce, respondent_token
from bot.pulse.steps import PressRefusedError, Refusal
from bot.replays import ADD_MARK, Mark
from bot.surveys.audience import AudienceKind
from bot.surveys.pure.scales import Scale
from bot.surveys.pure.schedule import Cadence
from bot.surveys.pure.wellbeing import WELLBEING
from bot.surveys.translations import Translation, in_readers_language, translations_of
from models import Employee, Invitation, OpenAnswer, Survey, SurveyQuestion, Wave
from models.database import Transaction, backend, table_of

MOST_SURVEYS: Final = 1_000
"""How many surveys' questions a process caches: a few MiB."""


@dataclass(frozen=True)
class StoredReply:
    """What a person has stored for one question."""

    value: int | None = None
    comment: str | None = None


NO_REPLY: Final = StoredReply()


@dataclass(frozen=True)
class AskedQuestion:
    """One question of a survey, as far as a press needs it."""

    position: int
    text: str
    driver: str
    scale: Scale
    direction: int
    options: tuple[str, ...]
    translations: tuple[Translation, ...] = ()

    def shown(self) -> tuple[str, tuple[str, ...]]:
        """Return the question and its options as HR translated or wrote them."""
        return in_readers_language(self.text, self.options, self.translations)


@dataclass(frozen=True)
class OpenInvitation:
    """A person's invitation to an open wave, with what they have stored so far."""

    actor: Actor
    wave_id: str
    anonymous: bool
    min_group_size: int
    closes_at: datetime
    invited: int
    survey_name: str
    asked_by: str
    """Slack id of the HR admin who made the survey."""
    is_company_pulse: bool
    is_about_wellbeing: bool
    is_milestone: bool
    questions: tuple[AskedQuestion, ...]
    """Those that this person is asked."""
    cohort_id: int
    status: str
    token: str
    nonce: str
    replies: Mapping[int, StoredReply]

    @property
    def takes_comments(self) -> bool:
        """Return False where a comment would not wait as its answer does, and about health."""
        return not (self.is_company_pulse or self.is_about_wellbeing)

    def question(self, position: int) -> AskedQuestion | None:
        """Return the question at a position, None if there is none."""
        return next((each for each in self.questions if each.position == position), None)

    def following(self, position: int) -> AskedQuestion | None:
        """Return the question after a position, None after the last."""
        return next((each for each in self.questions if each.position > position), None)

    def has_answered(self, question: AskedQuestion) -> bool:
        """Return True if the person's answer to a question is stored."""
        reply = self.replies.get(question.position, NO_REPLY)
        return reply.value is not None or (question.scale is Scale.TEXT and bool(reply.comment))

    def has_commented(self, position: int) -> bool:
        """Return True if a comment on a question is stored."""
        return bool(self.replies.get(position, NO_REPLY).comment)


_wave, _survey, _question = table_of(Wave), table_of(Survey), table_of(SurveyQuestion)
_invitation, _employee, _answer = table_of(Invitation), table_of(Employee), table_of(OpenAnswer)

_READ_INVITATION: Final = (
    select(
        _wave.c.key,
        func.coalesce(_wave.c.press_key, _wave.c.key).label("press_key"),
        _wave.c.anonymous,
        _wave.c.min_group_size,
        _wave.c.closes_at,
        _wave.c.survey_id,
        _wave.c.invited,
        _survey.c.name,
        _survey.c.created_by,
        _survey.c.cadence,
        _survey.c.prepared,
        _survey.c.audience,
        _invitation.c.cohort_id,
        _invitation.c.status,
        _invitation.c.positions,
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
"""Lets a person's presses run one after the other.

A lock on a row would leave a trace: PostgreSQL stores with the row which transaction held it. This
lock is computed with the columns, so before the wave's row is locked: a press never waits for its
turn while it holds the wave. SQLite has one writer at a time anyway.
https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
"""
_reply = (_answer.c.position, _answer.c.value, _answer.c.comment)
_READ_REPLIES: Final = select(*_reply).where(
    _answer.c.workspace_id == bindparam("workspace"),
    _answer.c.wave_id == bindparam("wave"),
    _answer.c.token == bindparam("token"),
)
_READ_ALL: Final = _READ_INVITATION.add_columns(*_reply).outerjoin(
    _answer,
    (_answer.c.workspace_id == _wave.c.workspace_id)
    & (_answer.c.wave_id == _wave.c.id)
    & (_answer.c.token == func.hmac_sha256(_wave.c.key, bindparam("person"))),
)
"""On SQLite: one row for each reply, or one row if there are none."""
_ENTER: Final = _READ_INVITATION.add_columns(_TAKE_TURNS).with_for_update(read=True, of=_wave)
"""On PostgreSQL: keeps a shared lock on the wave's row until the transaction ends."""
_marked = ADD_MARK["postgresql"].cte("marked")
_ENTER_MARKED: Final = _ENTER.add_columns(
    select(_marked.c.fingerprint).scalar_subquery().label("marked")
)
_READ_QUESTIONS: Final = (
    select(_question)
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
"""On PostgreSQL: returns the replies as they were before; all parts see the same snapshot.

https://www.postgresql.org/docs/current/queries-with.html#QUERIES-WITH-MODIFYING
"""
_REMOVE: Final = delete(_answer).where(
    _answer.c.workspace_id == bindparam("in_workspace"),
    _answer.c.wave_id == bindparam("in_wave"),
    _answer.c.token == bindparam("of_token"),
    _answer.c.position == bindparam("at_position"),
)

_questions_of: dict[tuple[str, str], tuple[AskedQuestion, ...]] = {}
"""By workspace and wave. While a wave is open nobody edits its questions: never stale."""


async def find_invitation(
    session: Transaction, actor: Actor, press: Press, mark: Mark | None = None
) -> OpenInvitation:
    """Return the invitation that a press belongs to; nobody else changes it in this transaction.

    Remembers the request by its `mark`. Raises RefusedError if the request has been seen before,
    and PressRefusedError if the press can't change anything.
    """
    return await _with_replies(session, await enter(session, actor, press, mark))


async def enter(
    session: Transaction, actor: Actor, press: Press, mark: Mark | None
) -> OpenInvitation:
    """Find an invitation for `store_value`; on PostgreSQL its replies have not been read yet.

    Raises what `find_invitation` raises.
    """
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
    return await _invitation_in(session, actor, press.wave_id, rows, press)


async def look_at_invitation(session: Transaction, actor: Actor, wave_id: str) -> OpenInvitation:
    """Return a person's invitation to a wave without locking anything.

    Raises PressRefusedError if a press couldn't change anything.
    """
    statement = _READ_ALL if _is_sqlite(session) else _READ_INVITATION
    rows = (await session.execute(statement, _values(actor, wave_id))).all()
    return await _with_replies(session, await _invitation_in(session, actor, wave_id, rows))


async def _invitation_in(
    session: Transaction,
    actor: Actor,
    wave_id: str,
    rows: Sequence[Any],
    press: Press | None = None,
) -> OpenInvitation:
    """Build the invitation from the rows read; for a press, check that its button is theirs."""
    if not rows:
        raise PressRefusedError(Refusal.UNKNOWN)
    row = rows[0]
    if row.key is None:
        raise PressRefusedError(Refusal.CLOSED)
    if press is not None and not press.is_for(row.press_key, actor.user_id):
        raise PressRefusedError(Refusal.NOT_YOURS)
    if row.status is None or not row.active:
        raise PressRefusedError(Refusal.GONE)
    return OpenInvitation(
        actor=actor,
        wave_id=wave_id,
        anonymous=row.anonymous,
        min_group_size=row.min_group_size,
        closes_at=row.closes_at,
        invited=row.invited,
        survey_name=row.name,
        asked_by=row.created_by,
        is_company_pulse=row.cadence == Cadence.STANDING,
        is_about_wellbeing=row.prepared == WELLBEING,
        is_milestone=row.audience == AudienceKind.MILESTONE,
        questions=tuple(
            each
            for each in await _questions(session, actor.workspace_id, row.survey_id, wave_id)
            if row.positions is None or each.position in row.positions
        ),
        cohort_id=row.cohort_id,
        status=row.status,
        token=respondent_token(row.key, actor.user_id),
        nonce=press_nonce(row.press_key, actor.user_id),
        replies=_replies(rows) if _is_sqlite(session) else {},
    )


async def _with_replies(session: Transaction, invitation: OpenInvitation) -> OpenInvitation:
    """Read an invitation's replies if they have not been read yet.

    On PostgreSQL a statement sees the data as of its start, and the one that found the invitation
    may have waited for another press of the same person.
    """
    if _is_sqlite(session):
        return invitation
    values = {**_values(invitation.actor, invitation.wave_id), "token": invitation.token}
    return replace(invitation, replies=_replies(await session.execute(_READ_REPLIES, values)))


def _replies(rows: Iterable[Any]) -> dict[int, StoredReply]:
    return {
        row.position: StoredReply(row.value, row.comment)
        for row in rows
        if row.position is not None
    }


async def store_value(
    session: Transaction, invitation: OpenInvitation, position: int, value: int | None
) -> tuple[StoredReply, OpenInvitation]:
    """Store an answer after `enter`; return the earlier reply, and the invitation as it is now."""
    if not _is_sqlite(session):
        stored = _row(invitation, position, StoredReply(value))
        values = {**_values(invitation.actor, invitation.wave_id), **stored}
        rows = await session.execute(_STORE_VALUE, values)
        invitation = replace(invitation, replies=_replies(rows))
    before = invitation.replies.get(position, NO_REPLY)
    after = replace(before, value=value)
    if _is_sqlite(session) and after != before:
        return before, await store_reply(session, invitation, position, after)
    return before, replace(invitation, replies={**invitation.replies, position: after})


async def store_reply(
    session: Transaction, invitation: OpenInvitation, position: int, reply: StoredReply
) -> OpenInvitation:
    """Write one reply, or delete it if it is empty."""
    replies = dict(invitation.replies)
    if reply == NO_REPLY:
        replies.pop(position, None)
        row = {"in_workspace": invitation.actor.workspace_id, "in_wave": invitation.wave_id}
        row |= {"of_token": invitation.token, "at_position": position}  # type: ignore[dict-item]
        await session.execute(_REMOVE, row)
    else:
        replies[position] = reply
        await session.execute(_STORE[backend(session)], _row(invitation, position, reply))
    return replace(invitation, replies=replies)


async def _questions(
    session: Transaction, workspace_id: str, survey_id: str, wave_id: str
) -> tuple[AskedQuestion, ...]:
    key = (workspace_id, wave_id)
    if key not in _questions_of:
        rows = await session.execute(
            _READ_QUESTIONS, {"workspace": workspace_id, "survey": survey_id}
        )
        if len(_questions_of) >= MOST_SURVEYS:
            _questions_of.clear()
        _questions_of[key] = tuple(
            AskedQuestion(
                row.position,
                row.text,
                row.driver,
                Scale(row.scale),
                row.direction,
                tuple(row.options),
                translations_of(row.translations),
            )
            for row in rows
        )
    return _questions_of[key]


def _values(actor: Actor, wave_id: str) -> dict[str, Any]:
    return {"workspace": actor.workspace_id, "wave": wave_id, "person": actor.user_id}


def _row(invitation: OpenInvitation, position: int, reply: StoredReply) -> dict[str, Any]:
    return {
        "workspace_id": invitation.actor.workspace_id,
        "wave_id": invitation.wave_id,
        "token": invitation.token,
        "position": position,
        "cohort_id": invitation.cohort_id,
        "value": reply.value,
        "comment": reply.comment,
    }


def _is_sqlite(session: Transaction) -> bool:
    return backend(session) == "sqlite"
