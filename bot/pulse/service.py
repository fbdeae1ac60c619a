"""An employee answers, skips, comments, and changes their mind until the wave closes.

Every use case has three steps: find the person's invitation, store what they did, return what to
show next. It holds a shared lock on the wave's row: sealing waits for answers under way, and no
answer is stored after it. Presses of the same person take turns. An answer neither locks nor
changes the invitation, because the invitation must not tell who answered.

Every use case raises PressRefusedError if the press can't change anything, and OutdatedError if its
question doesn't exist. With a `mark` it remembers the request, and raises RefusedError if the
request has been seen before.
"""

from dataclasses import replace
from typing import Final

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.text import storable
from bot.errors import OutdatedError
from bot.languages import _
from bot.pulse.open_invitation import (
    NO_REPLY,
    AskedQuestion,
    OpenInvitation,
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
    PressRefusedError,
    QuestionStep,
    Step,
    WaveInfo,
)
from bot.replays import Mark
from bot.surveys.pure.scales import Scale, is_valid
from models import Invitation, Workspace
from models.database import Transaction

COMMENT_LENGTH: Final = 2_000


async def answer(
    session: Transaction, actor: Actor, press: Press, mark: Mark | None = None
) -> Step:
    """Store or replace the answer that was pressed; return what to show next."""
    invitation = await enter(session, actor, press, mark)
    question = invitation.question(press.position)
    if question is None or not is_valid(
        question.scale, press.value, option_count=len(question.options)
    ):
        raise OutdatedError
    before, invitation = await store_value(session, invitation, press.position, press.value)
    note = Note.SAVED if before.value is None else Note.CHANGED
    if before.value == press.value:
        note = Note.UNCHANGED
    offers = offers_mentor(question.driver, invitation.nonce)
    return replace(_after(invitation, press.position, note), offers_mentor=offers)


async def skip(session: Transaction, actor: Actor, press: Press, mark: Mark | None = None) -> Step:
    """Leave a question and go on to the next; an earlier answer stays as it is.

    Skipping the last question with no answers given marks the wave as skipped.
    """
    invitation = await find_invitation(session, actor, press, mark)
    question = invitation.question(press.position)
    if question is None:
        raise OutdatedError
    if invitation.following(press.position) is None and not invitation.replies:
        await _mark_skipped(session, invitation)
    note = Note.KEPT if invitation.has_answered(question) else Note.SKIPPED
    return _after(invitation, press.position, note)


async def change(
    session: Transaction, actor: Actor, press: Press, mark: Mark | None = None
) -> Step:
    """Go back to the first question; earlier answers stay until others replace them."""
    invitation = await find_invitation(session, actor, press, mark)
    return _question_step(invitation, invitation.questions[0])


async def comment_form(session: AsyncSession, actor: Actor, press: Press) -> CommentForm:
    """Return what the comment form shows."""
    invitation = await find_invitation(session, actor, press)
    question = _commented(invitation, press)
    return CommentForm(
        press=press,
        question=question.shown()[0] if question else _(ANYTHING_TO_ADD),
        scale=question.scale if question else None,
        anonymous=invitation.anonymous,
        needed=2 * invitation.min_group_size,
        written=invitation.replies.get(press.position, NO_REPLY).comment or "",
        is_milestone=invitation.is_milestone,
    )


async def comment(
    session: AsyncSession, actor: Actor, press: Press, text: str, *, after_thanks: bool
) -> Step:
    """Store or replace the comment on one question or on the whole pulse; delete it if blank.

    The answer to a free-text question is its comment. `text` has at most COMMENT_LENGTH
    characters. With `after_thanks`, the form was opened from the thanks, and they show again.
    """
    if len(text) > COMMENT_LENGTH:
        raise ValueError("the form must refuse a comment that is too long")
    invitation = await find_invitation(session, actor, press)
    question = _commented(invitation, press)
    before = invitation.replies.get(press.position, NO_REPLY)
    written = storable(text) or None
    reply = replace(before, comment=written)
    invitation = await store_reply(session, invitation, press.position, reply)
    note = _comment_note(before.comment, written)
    if after_thanks or question is None:
        return _done_step(invitation, note)
    if written and question.scale is Scale.TEXT:
        return _after(invitation, press.position, note)
    return _question_step(invitation, question, note)


async def withdraw(
    session: Transaction, actor: Actor, press: Press, mark: Mark | None = None
) -> Step:
    """Delete everything that the person wrote in this wave; their choices stay."""
    invitation = await find_invitation(session, actor, press, mark)
    written = {position: reply for position, reply in invitation.replies.items() if reply.comment}
    for position, reply in written.items():
        invitation = await store_reply(session, invitation, position, replace(reply, comment=None))
    return _done_step(invitation, Note.WITHDRAWN if written else None)


async def first_step(
    session: AsyncSession, workspace_id: str, wave_id: str, employee_id: str
) -> QuestionStep | None:
    """Return the first question for an employee who has neither answered nor skipped.

    None if there is nothing left to ask, also because the wave is closed or the employee left.
    """
    try:
        invitation = await look_at_invitation(session, Actor(workspace_id, employee_id), wave_id)
    except PressRefusedError:
        return None
    if invitation.replies or invitation.status == "skipped":
        return None
    return _question_step(invitation, invitation.questions[0])


async def min_group_size(session: AsyncSession, workspace_id: str) -> int:
    """Return how many people a group must have before this workspace shows its figures."""
    workspace = await session.get_one(Workspace, workspace_id)
    return workspace.min_group_size


async def _mark_skipped(session: Transaction, invitation: OpenInvitation) -> None:
    """Store that a person wants no reminder; no answer changes in the same transaction."""
    await session.execute(
        update(Invitation)
        .where(
            Invitation.workspace_id == invitation.actor.workspace_id,
            Invitation.wave_id == invitation.wave_id,
            Invitation.employee_id == invitation.actor.user_id,
            Invitation.status != "skipped",
        )
        .values(status="skipped")
    )


def _after(invitation: OpenInvitation, position: int, note: Note | None) -> Step:
    following = invitation.following(position)
    if following is None:
        return _done_step(invitation, note)
    return _question_step(invitation, following, note)


def _question_step(
    invitation: OpenInvitation, question: AskedQuestion, note: Note | None = None
) -> QuestionStep:
    text, options = question.shown()
    return QuestionStep(
        wave=_wave_info(invitation),
        press=Press(invitation.wave_id, question.position, invitation.nonce),
        number=invitation.questions.index(question) + 1,
        text=text,
        scale=question.scale,
        options=options,
        answered=invitation.has_answered(question),
        commented=invitation.has_commented(question.position),
        note=note,
    )


def _done_step(invitation: OpenInvitation, note: Note | None) -> DoneStep:
    return DoneStep(
        wave=_wave_info(invitation),
        press=Press(invitation.wave_id, WHOLE_PULSE, invitation.nonce),
        answered=bool(invitation.replies),
        commented=invitation.has_commented(WHOLE_PULSE),
        note=note,
        wrote=any(reply.comment for reply in invitation.replies.values()),
    )


def _wave_info(invitation: OpenInvitation) -> WaveInfo:
    return WaveInfo(
        survey_name=invitation.survey_name,
        asked_by=invitation.asked_by,
        anonymous=invitation.anonymous,
        min_group_size=invitation.min_group_size,
        closes_at=invitation.closes_at,
        question_count=len(invitation.questions),
        invited=invitation.invited,
        is_company_pulse=invitation.is_company_pulse,
        takes_comments=invitation.takes_comments,
        is_milestone=invitation.is_milestone,
    )


def _commented(invitation: OpenInvitation, press: Press) -> AskedQuestion | None:
    """Return the question that a comment is about, None for the whole pulse.

    Raises OutdatedError if there is none, and in a survey without comments.
    """
    question = invitation.question(press.position)
    is_about_none = question is None and press.position != WHOLE_PULSE
    if is_about_none or not invitation.takes_comments:
        raise OutdatedError
    return question


def _comment_note(before: str | None, written: str | None) -> Note | None:
    if written:
        return Note.COMMENT_SAVED
    return Note.COMMENT_DELETED if before else None
