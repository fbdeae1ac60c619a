"""An employee answers, skips, comments, and changes their mind until the wave closes.

Every use case goes the same way: find the person's place in the wave, store what they did, say
what to show next. The wave's row is held with a shared lock, so that sealing waits for answers
under way and no answer lands behind it; then presses of the same person take turns. Their
invitation is neither locked nor changed by an answer: it must not tell who answered. What takes a
`mark` remembers the request by it, and raises RefusedError when the request has been seen.
"""

from dataclasses import replace
from typing import Final

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.text import storable
from bot.pulse.open_invitation import (
    NO_REPLY,
    OpenInvitation,
    Question,
    enter,
    find_invitation,
    look_at_invitation,
    store_reply,
    store_value,
)
from bot.pulse.pure.mentor_offer import offers_mentor
from bot.pulse.pure.tokens import Press
from bot.pulse.steps import (
    ANYTHING_TO_ADD,
    WHOLE_PULSE,
    CommentForm,
    DoneStep,
    Note,
    QuestionStep,
    Refusal,
    Step,
    WaveInfo,
)
from bot.replays import Mark
from bot.surveys.pure.scales import Scale, is_valid
from models import Invitation, Workspace

__all__ = [
    "COMMENT_LENGTH",
    "answer",
    "change",
    "comment",
    "comment_form",
    "first_step",
    "min_group_size",
    "skip",
    "withdraw",
]

COMMENT_LENGTH: Final = 2_000


async def answer(
    session: AsyncSession, actor: Actor, press: Press, mark: Mark | None = None
) -> Step:
    """Store or replace the answer that was pressed; return what to show next."""
    place = await enter(session, actor, press, mark)
    if isinstance(place, Refusal):
        return place
    question = place.question(press.position)
    if question is None or not is_valid(
        question.scale, press.value, option_count=len(question.options)
    ):
        return Refusal.OUTDATED
    before, place = await store_value(session, place, press.position, press.value)
    note = Note.SAVED if before.value is None else Note.CHANGED
    if before.value == press.value:
        note = Note.UNCHANGED
    offers = offers_mentor(question.driver, place.nonce)
    return replace(_after(place, press.position, note), offers_mentor=offers)


async def skip(session: AsyncSession, actor: Actor, press: Press, mark: Mark | None = None) -> Step:
    """Leave a question and go on to the next; an answer given before stays as it is.

    Who gets past the last question without any answer has skipped the wave.
    """
    place = await find_invitation(session, actor, press, mark)
    if isinstance(place, Refusal):
        return place
    question = place.question(press.position)
    if question is None:
        return Refusal.OUTDATED
    if place.following(press.position) is None and not place.replies:
        await _mark_skipped(session, place)
    note = Note.KEPT if place.has_answered(question) else Note.SKIPPED
    return _after(place, press.position, note)


async def change(
    session: AsyncSession, actor: Actor, press: Press, mark: Mark | None = None
) -> Step:
    """Go back to the first question; nothing is lost until another answer is pressed."""
    place = await find_invitation(session, actor, press, mark)
    if isinstance(place, Refusal):
        return place
    return _question_step(place, place.questions[0])


async def comment_form(session: AsyncSession, actor: Actor, press: Press) -> CommentForm | Refusal:
    """Return what the comment form shows."""
    place = await find_invitation(session, actor, press)
    if isinstance(place, Refusal):
        return place
    question = place.question(press.position)
    if question is None and press.position != WHOLE_PULSE:
        return Refusal.OUTDATED
    return CommentForm(
        press=press,
        question=question.text if question else ANYTHING_TO_ADD,
        scale=question.scale if question else None,
        anonymous=place.anonymous,
        needed=2 * place.min_group_size,
        written=place.replies.get(press.position, NO_REPLY).comment or "",
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
    place = await find_invitation(session, actor, press)
    if isinstance(place, Refusal):
        return place
    question = place.question(press.position)
    if question is None and press.position != WHOLE_PULSE:
        return Refusal.OUTDATED
    before = place.replies.get(press.position, NO_REPLY)
    written = storable(text) or None
    place = await store_reply(session, place, press.position, replace(before, comment=written))
    note = _comment_note(before.comment, written)
    if after_thanks or question is None:
        return _done_step(place, note)
    if written and question.scale is Scale.TEXT:
        return _after(place, press.position, note)
    return _question_step(place, question, note)


async def withdraw(
    session: AsyncSession, actor: Actor, press: Press, mark: Mark | None = None
) -> Step:
    """Delete all that the person wrote in this wave; what they chose stays."""
    place = await find_invitation(session, actor, press, mark)
    if isinstance(place, Refusal):
        return place
    written = {position: reply for position, reply in place.replies.items() if reply.comment}
    for position, reply in written.items():
        place = await store_reply(session, place, position, replace(reply, comment=None))
    return _done_step(place, Note.WITHDRAWN if written else None)


async def first_step(
    session: AsyncSession, workspace_id: str, wave_id: str, employee_id: str
) -> QuestionStep | None:
    """Return the first question for a message to an employee who has not answered or skipped.

    None when there is nothing to ask any more: the wave is closed, or they left.
    """
    place = await look_at_invitation(session, Actor(workspace_id, employee_id), wave_id)
    if isinstance(place, Refusal) or place.replies or place.status == "skipped":
        return None
    return _question_step(place, place.questions[0])


async def min_group_size(session: AsyncSession, workspace_id: str) -> int:
    """Return the smallest number of people that waves of this workspace show figures for."""
    workspace = await session.get_one(Workspace, workspace_id)
    return workspace.min_group_size


async def _mark_skipped(session: AsyncSession, place: OpenInvitation) -> None:
    """Remember that somebody wants no reminder; no answer changes in the same transaction."""
    await session.execute(
        update(Invitation)
        .where(
            Invitation.workspace_id == place.actor.workspace_id,
            Invitation.wave_id == place.wave_id,
            Invitation.employee_id == place.actor.user_id,
            Invitation.status != "skipped",
        )
        .values(status="skipped")
    )


def _after(place: OpenInvitation, position: int, note: Note | None) -> QuestionStep | DoneStep:
    following = place.following(position)
    return _question_step(place, following, note) if following else _done_step(place, note)


def _question_step(
    place: OpenInvitation, question: Question, note: Note | None = None
) -> QuestionStep:
    return QuestionStep(
        pulse=_pulse(place),
        press=Press(place.wave_id, question.position, place.nonce),
        number=place.questions.index(question) + 1,
        text=question.text,
        scale=question.scale,
        options=question.options,
        answered=place.has_answered(question),
        commented=place.has_commented(question.position),
        note=note,
    )


def _done_step(place: OpenInvitation, note: Note | None) -> DoneStep:
    return DoneStep(
        pulse=_pulse(place),
        press=Press(place.wave_id, WHOLE_PULSE, place.nonce),
        answered=bool(place.replies),
        commented=place.has_commented(WHOLE_PULSE),
        note=note,
        wrote=any(reply.comment for reply in place.replies.values()),
    )


def _pulse(place: OpenInvitation) -> WaveInfo:
    return WaveInfo(
        survey_name=place.survey_name,
        asked_by=place.asked_by,
        anonymous=place.anonymous,
        min_group_size=place.min_group_size,
        closes_at=place.closes_at,
        question_count=len(place.questions),
        invited=place.invited,
    )


def _comment_note(before: str | None, written: str | None) -> Note | None:
    if written:
        return Note.COMMENT_SAVED
    return Note.COMMENT_DELETED if before else None
