"""Writes proposals, confirmations and their reminders when they are sent.

Returns no message for a match that somebody has answered or taken back in the meantime.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message
from bot.mentoring.match_states import match_for
from bot.mentoring.profiles.service import is_anybody_paused
from bot.mentoring.proposals import blocks
from bot.mentoring.proposals.service import MENTOR_CONFIRM, MENTOR_REMINDER, proposal_of
from bot.mentoring.rounds.service import MENTOR_PROPOSAL, give_time_to_answer
from bot.outbox.kinds import Class, Composing, Kind
from models import Delivery


async def compose_proposal(
    session: AsyncSession, delivery: Delivery, composing: Composing
) -> Message | None:
    """Ask the mentor, who has some working days to answer from now on."""
    match = await match_for(session, delivery, "proposed")
    if match is None:
        return None
    await give_time_to_answer(session, match, delivery.recipient, composing.now)
    return blocks.proposal_message(await proposal_of(session, match))


async def compose_confirmation(
    session: AsyncSession, delivery: Delivery, composing: Composing
) -> Message | None:
    """Ask the mentee to confirm, who has some working days to do so from now on."""
    match = await match_for(session, delivery, "accepted")
    if match is None:
        return None
    await give_time_to_answer(session, match, delivery.recipient, composing.now)
    return blocks.confirm_message(await proposal_of(session, match))


async def compose_reminder(
    session: AsyncSession, delivery: Delivery, composing: Composing
) -> Message | None:
    """Ask the person who has not answered once more, unless they have paused in the meantime."""
    match = await match_for(session, delivery, "proposed", "accepted")
    reader = delivery.recipient
    if match is None or await is_anybody_paused(
        session, match.workspace_id, [reader], composing.now
    ):
        return None
    proposal = await proposal_of(session, match)
    if match.status == "proposed" and reader == match.mentor_id:
        return blocks.proposal_reminder(proposal)
    if match.status == "accepted" and reader == match.mentee_id:
        return blocks.confirm_reminder(proposal)
    return None


KINDS: Final[Mapping[str, Kind]] = {
    MENTOR_PROPOSAL: Kind(compose_proposal, Class.ASKED, rank=1),
    MENTOR_CONFIRM: Kind(compose_confirmation, Class.ASKED, rank=1),
    MENTOR_REMINDER: Kind(compose_reminder, Class.ASKED, rank=2, is_reminder=True),
}
