"""Questions without a name: the answer waits behind a button that only the asker has.

The button holds a random token, which is kept nowhere else; the question's id is an HMAC of it
(`bot.voice.pure.keys`). So nothing leads from a question to its asker, who can't be told of an
answer and looks by themselves. It goes out after the next midnight: the time tells nobody who
asked.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import UserError
from bot.knowledge.helpers import Wanted
from bot.knowledge.service import QUESTION_LENGTH, lock, masked, require_employee, send_out
from bot.languages import _, marked
from bot.voice.pure.keys import make_button, read_button, thread_id
from bot.voice.pure.weeks import next_midnight, week_of
from models import Employee, KnowledgeQuestion, Workspace

BUTTON_REFUSED: Final = marked(
    "This button doesn't open a question for you: it works for three months, and only for the "
    "person to whom I sent it. `/ask` asks a new question."
)
TOO_FEW_PEOPLE: Final = marked(
    "This workspace is too small to hide anybody, so you can ask only with your name."
)


async def may_hide(session: AsyncSession, workspace_id: str) -> bool:
    """Return True if people can ask without their name: at least k people work here."""
    workspace = await session.get_one(Workspace, workspace_id)
    people = select(func.count()).where(
        Employee.workspace_id == workspace_id, Employee.active.is_(True)
    )
    return (await session.scalar(people) or 0) >= workspace.min_group_size


async def ask_unnamed(
    session: AsyncSession, actor: Actor, topic: str, text: str, now: datetime
) -> str | None:
    """Ask up to three colleagues without the asker's name; return the value of the asker's button.

    None if there is nobody to ask; then nothing is stored. Raises UserError for guests, and where
    fewer than k people work.
    """
    await require_employee(session, actor)
    if not await may_hide(session, actor.workspace_id):
        raise UserError(_(TOO_FEW_PEOPLE))
    workspace = await lock(session, actor.workspace_id)
    week = week_of(now, workspace.tz)
    button = make_button(workspace.figure_secret, actor.user_id, week)
    question = KnowledgeQuestion(
        workspace_id=workspace.id,
        id=thread_id(workspace.figure_secret, button.token),
        topic=topic,
        asked_at=next_midnight(now, workspace.tz),
    )
    wanted = Wanted(workspace.id, topic, actor.user_id)
    written = await masked(session, workspace.id, text, QUESTION_LENGTH)
    helpers = await send_out(session, question, wanted, written, now)
    return button.encode() if helpers else None


async def question_id(session: AsyncSession, actor: Actor, value: str, now: datetime) -> str:
    """Return the id of a button's question; raise UserError if it leads nowhere."""
    workspace = await session.get_one(Workspace, actor.workspace_id)
    week = week_of(now, workspace.tz)
    try:
        button = read_button(workspace.figure_secret, value, actor.user_id, week)
    except UserError:
        # Its sentence is about conversations with HR.
        raise UserError(_(BUTTON_REFUSED)) from None
    return thread_id(workspace.figure_secret, button.token)
