"""An employee answers, skips, comments, and changes their mind until the wave closes.

Every use case goes the same way: find the person's place in the wave, store what they did, say
what to show next. The wave's row is held with a shared lock, so that sealing waits for answers
under way and no answer lands behind it; then presses of the same person take turns. Their
invitation is neither locked nor changed by an answer: it must not tell who answered.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.pulse.helping import offers_mentor
from bot.pulse.steps import (
    ANYTHING_TO_ADD,
    WHOLE_PULSE,
    CommentForm,
    DoneStep,
    Note,
    Pulse,
    QuestionStep,
    Refusal,
    Step,
)
from bot.pulse.tokens import Press, press_nonce, respondent_token
from bot.slack.actor import Actor
from bot.slack.text import storable
from bot.surveys.scales import Scale, is_valid
from models import (
    Delivery,
    Employee,
    Invitation,
    OpenAnswer,
    Survey,
    SurveyQuestion,
    Wave,
    Workspace,
)
from models.database import insert_into, take_turns

__all__ = [
    "COMMENT_LENGTH",
    "answer",
    "change",
    "comment",
    "comment_form",
    "first_step",
    "mark_asked",
    "min_group_size",
    "skip",
    "withdraw",
]

COMMENT_LENGTH: Final = 2_000


@dataclass(frozen=True)
class _Reply:
    """What somebody has stored for one question."""

    value: int | None = None
    comment: str | None = None


@dataclass(frozen=True)
class _Place:
    """A person's place in an open wave."""

    wave: Wave
    survey: Survey
    invitation: Invitation
    token: str
    nonce: str
    replies: Mapping[int, _Reply]

    def question(self, position: int) -> SurveyQuestion | None:
        return next((each for each in self.survey.questions if each.position == position), None)

    def has_answered(self, question: SurveyQuestion) -> bool:
        reply = self.replies.get(question.position, _Reply())
        return reply.value is not None or (question.scale == Scale.TEXT and bool(reply.comment))

    def has_commented(self, position: int) -> bool:
        return bool(self.replies.get(position, _Reply()).comment)

    def following(self, position: int) -> SurveyQuestion | None:
        return next((each for each in self.survey.questions if each.position > position), None)


async def answer(session: AsyncSession, actor: Actor, press: Press) -> Step:
    """Store or replace the answer that was pressed; return what to show next."""
    place = await _find_place(session, actor, press)
    if isinstance(place, Refusal):
        return place
    question = place.question(press.position)
    if question is None or not is_valid(
        Scale(question.scale), press.value, option_count=len(question.options)
    ):
        return Refusal.OUTDATED
    before = place.replies.get(press.position, _Reply())
    offers = offers_mentor(question.driver, place.nonce)
    if before.value == press.value:
        return replace(_after(place, press.position, Note.UNCHANGED), offers_mentor=offers)
    place = await _store(session, place, press.position, replace(before, value=press.value))
    note = Note.SAVED if before.value is None else Note.CHANGED
    return replace(_after(place, press.position, note), offers_mentor=offers)


async def skip(session: AsyncSession, actor: Actor, press: Press) -> Step:
    """Leave a question and go on to the next; an answer given before stays as it is.

    Who gets past the last question without any answer has skipped the wave.
    """
    place = await _find_place(session, actor, press)
    if isinstance(place, Refusal):
        return place
    question = place.question(press.position)
    if question is None:
        return Refusal.OUTDATED
    if place.following(press.position) is None and not place.replies:
        await _mark_skipped(session, place)
    note = Note.KEPT if place.has_answered(question) else Note.SKIPPED
    return _after(place, press.position, note)


async def change(session: AsyncSession, actor: Actor, press: Press) -> Step:
    """Go back to the first question; nothing is lost until another answer is pressed."""
    place = await _find_place(session, actor, press)
    if isinstance(place, Refusal):
        return place
    return _question_step(place, place.survey.questions[0])


async def comment_form(session: AsyncSession, actor: Actor, press: Press) -> CommentForm | Refusal:
    """Return what the comment form shows."""
    place = await _find_place(session, actor, press)
    if isinstance(place, Refusal):
        return place
    question = place.question(press.position)
    if question is None and press.position != WHOLE_PULSE:
        return Refusal.OUTDATED
    return CommentForm(
        press=press,
        question=question.text if question else ANYTHING_TO_ADD,
        scale=Scale(question.scale) if question else None,
        anonymous=place.wave.anonymous,
        written=place.replies.get(press.position, _Reply()).comment or "",
    )


async def comment(
    session: AsyncSession, actor: Actor, press: Press, text: str, *, after_thanks: bool
) -> Step:
    """Store, replace or, when `text` is blank, delete the comment on one question, or on all.

    The answer to a free-text question is its comment. `text` has at most COMMENT_LENGTH
    characters; `after_thanks` tells that the form was opened from the thanks, which then come back.
    """
    if len(text) > COMMENT_LENGTH:
        raise ValueError("the form must refuse a comment that is too long")
    place = await _find_place(session, actor, press)
    if isinstance(place, Refusal):
        return place
    question = place.question(press.position)
    if question is None and press.position != WHOLE_PULSE:
        return Refusal.OUTDATED
    before = place.replies.get(press.position, _Reply())
    written = storable(text) or None
    place = await _store(session, place, press.position, replace(before, comment=written))
    note = _comment_note(before.comment, written)
    if after_thanks or question is None:
        return _done_step(place, note)
    if written and question.scale == Scale.TEXT:
        return _after(place, press.position, note)
    return _question_step(place, question, note)


async def withdraw(session: AsyncSession, actor: Actor, press: Press) -> Step:
    """Delete all that the person wrote in this wave; what they chose stays."""
    place = await _find_place(session, actor, press)
    if isinstance(place, Refusal):
        return place
    written = {position: reply for position, reply in place.replies.items() if reply.comment}
    for position, reply in written.items():
        place = await _store(session, place, position, replace(reply, comment=None))
    return _done_step(place, Note.WITHDRAWN if written else None)


async def first_step(
    session: AsyncSession, workspace_id: str, wave_id: str, employee_id: str
) -> QuestionStep | None:
    """Return the first question for a message to an employee who has not answered or skipped.

    None when there is nothing to ask any more: the wave is closed, or they left.
    """
    wave = await session.get(Wave, (workspace_id, wave_id))
    if wave is None or wave.key is None:
        return None
    place = await _enter(session, wave, wave.key, Actor(workspace_id, employee_id), lock=False)
    if isinstance(place, Refusal) or place.replies or place.invitation.status == "skipped":
        return None
    return _question_step(place, place.survey.questions[0])


async def mark_asked(session: AsyncSession, delivery: Delivery) -> None:
    """Record that a question has reached its employee."""
    await session.execute(
        update(Invitation)
        .where(
            Invitation.workspace_id == delivery.workspace_id,
            Invitation.wave_id == delivery.wave_id,
            Invitation.employee_id == delivery.recipient,
            Invitation.status == "pending",
        )
        .values(status="asked")
    )


async def min_group_size(session: AsyncSession, workspace_id: str) -> int:
    """Return the smallest number of people that waves of this workspace show figures for."""
    workspace = await session.get_one(Workspace, workspace_id)
    return workspace.min_group_size


async def _find_place(session: AsyncSession, actor: Actor, press: Press) -> _Place | Refusal:
    wave = await session.get(
        Wave,
        (actor.workspace_id, press.wave_id),
        with_for_update={"read": True},
        populate_existing=True,
    )
    if wave is None:
        return Refusal.UNKNOWN
    if wave.key is None:
        return Refusal.CLOSED
    if not press.is_for(wave.key, actor.user_id):
        return Refusal.NOT_YOURS
    return await _enter(session, wave, wave.key, actor, lock=True)


async def _enter(
    session: AsyncSession, wave: Wave, key: bytes, actor: Actor, *, lock: bool
) -> _Place | Refusal:
    token = respondent_token(key, actor.user_id)
    if lock:
        await take_turns(session, token)
    invitation = await session.get(
        Invitation, (actor.workspace_id, wave.id, actor.user_id), populate_existing=True
    )
    employee = await session.get(Employee, (actor.workspace_id, actor.user_id))
    if invitation is None or employee is None or not employee.active:
        return Refusal.GONE
    replies = await session.execute(
        select(OpenAnswer.position, OpenAnswer.value, OpenAnswer.comment).where(
            OpenAnswer.workspace_id == actor.workspace_id,
            OpenAnswer.wave_id == wave.id,
            OpenAnswer.token == token,
        )
    )
    return _Place(
        wave=wave,
        survey=await session.get_one(Survey, (wave.workspace_id, wave.survey_id)),
        invitation=invitation,
        token=token,
        nonce=press_nonce(key, actor.user_id),
        replies={position: _Reply(value, comment) for position, value, comment in replies},
    )


async def _store(session: AsyncSession, place: _Place, position: int, reply: _Reply) -> _Place:
    """Write one reply, or remove it when nothing is left of it."""
    replies = dict(place.replies)
    row = {
        "workspace_id": place.wave.workspace_id,
        "wave_id": place.wave.id,
        "token": place.token,
        "position": position,
    }
    if reply == _Reply():
        replies.pop(position, None)
        await session.execute(delete(OpenAnswer).filter_by(**row))
    else:
        replies[position] = reply
        content = {"value": reply.value, "comment": reply.comment}
        insert = insert_into(session, OpenAnswer).values(
            **row, **content, cohort_id=place.invitation.cohort_id
        )
        await session.execute(insert.on_conflict_do_update(index_elements=[*row], set_=content))
    return replace(place, replies=replies)


async def _mark_skipped(session: AsyncSession, place: _Place) -> None:
    """Remember that somebody wants no reminder; no answer changes in the same transaction."""
    if place.invitation.status != "skipped":
        place.invitation.status = "skipped"
        await session.flush()


def _after(place: _Place, position: int, note: Note | None) -> QuestionStep | DoneStep:
    following = place.following(position)
    return _question_step(place, following, note) if following else _done_step(place, note)


def _question_step(
    place: _Place, question: SurveyQuestion, note: Note | None = None
) -> QuestionStep:
    return QuestionStep(
        pulse=_pulse(place),
        press=Press(place.wave.id, question.position, place.nonce),
        number=place.survey.questions.index(question) + 1,
        text=question.text,
        scale=Scale(question.scale),
        options=tuple(question.options),
        answered=place.has_answered(question),
        commented=place.has_commented(question.position),
        note=note,
    )


def _done_step(place: _Place, note: Note | None) -> DoneStep:
    return DoneStep(
        pulse=_pulse(place),
        press=Press(place.wave.id, WHOLE_PULSE, place.nonce),
        answered=bool(place.replies),
        commented=place.has_commented(WHOLE_PULSE),
        note=note,
        wrote=any(reply.comment for reply in place.replies.values()),
    )


def _pulse(place: _Place) -> Pulse:
    return Pulse(
        survey_name=place.survey.name,
        asked_by=place.survey.created_by,
        anonymous=place.wave.anonymous,
        min_group_size=place.wave.min_group_size,
        closes_at=place.wave.closes_at,
        question_count=len(place.survey.questions),
        invited=place.wave.invited,
    )


def _comment_note(before: str | None, written: str | None) -> Note | None:
    if written:
        return Note.COMMENT_SAVED
    return Note.COMMENT_DELETED if before else None
