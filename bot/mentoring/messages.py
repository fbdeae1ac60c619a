"""What the sender posts for deliveries of this slice, composed at the last moment.

A message that has become pointless meanwhile, such as a proposal that was answered elsewhere,
composes to nothing.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message
from bot.mentoring import outbox
from bot.mentoring.finder import blocks as finder_blocks
from bot.mentoring.match_states import OPEN
from bot.mentoring.pairs import blocks as pair_blocks
from bot.mentoring.pairs import introductions
from bot.mentoring.pairs.service import PATIENCE, people, view_of
from bot.mentoring.profiles.service import paused_until
from bot.mentoring.proposals import blocks
from bot.mentoring.proposals.service import proposal_of
from bot.mentoring.rounds.pure.matching import Why
from models import Delivery, Employee, MentoringMatch, MentoringMeeting, MentoringProfile

# ruff: noqa: ARG001 (every composer is told `now`; the match's row knows how things stand)


async def compose_proposal(
    session: AsyncSession, delivery: Delivery, now: datetime
) -> Message | None:
    """Ask the mentor, if nobody has answered or taken it back."""
    match = await _match(session, delivery, "proposed")
    return blocks.proposal_message(await proposal_of(session, match)) if match else None


async def compose_confirmation(
    session: AsyncSession, delivery: Delivery, now: datetime
) -> Message | None:
    """Ask the mentee to confirm, if that is still to be done."""
    match = await _match(session, delivery, "accepted")
    return blocks.confirm_message(await proposal_of(session, match)) if match else None


async def compose_reminder(
    session: AsyncSession, delivery: Delivery, now: datetime
) -> Message | None:
    """Ask whoever has not answered once more, unless they have paused meanwhile."""
    match = await _match(session, delivery, "proposed", "accepted")
    if match is None or await _is_paused(session, delivery, [delivery.recipient], now):
        return None
    proposal = await proposal_of(session, match)
    if match.status == "proposed" and delivery.recipient == match.mentor_id:
        return blocks.proposal_reminder(proposal)
    if match.status == "accepted" and delivery.recipient == match.mentee_id:
        return blocks.confirm_reminder(proposal)
    return None


async def compose_waiting(
    session: AsyncSession, delivery: Delivery, now: datetime
) -> Message | None:
    """Tell somebody why there is no mentor for them, if they still wait and nobody is asked."""
    profile = await session.get(MentoringProfile, (delivery.workspace_id, delivery.recipient))
    if profile is None or profile.looking_since is None or await _has_match(session, delivery):
        return None
    missing = [(str(topic), int(count)) for topic, count in delivery.detail["missing"]]
    return blocks.waiting_message(Why(delivery.detail["why"]), missing)


async def compose_introduction(
    session: AsyncSession, delivery: Delivery, now: datetime
) -> Message | None:
    """Bring the two together."""
    match = await _match(session, delivery, "active")
    if match is None:
        return None
    return pair_blocks.introduction_message(
        await introductions.view_for_introduction(session, match, now)
    )


async def compose_nudge(session: AsyncSession, delivery: Delivery, now: datetime) -> Message | None:
    """Ask whether they met, unless they have said so, a later nudge is out, or one has paused."""
    match = await _match(session, delivery, "active")
    number = int(delivery.detail["number"])
    if match is None or match.nudges != number:
        return None
    if await _is_paused(session, delivery, people(match), now):
        return None
    key = (delivery.workspace_id, match.id, number)
    meeting = await session.get(MentoringMeeting, key, populate_existing=True)
    if meeting is None or meeting.outcome is not None:
        return None
    return pair_blocks.nudge_message(view_of(match, number))


async def compose_fit(session: AsyncSession, delivery: Delivery, now: datetime) -> Message | None:
    """Ask one of the two how well they fit, unless they have paused meanwhile."""
    match = await _match(session, delivery, "active")
    if match is None or await _is_paused(session, delivery, [delivery.recipient], now):
        return None
    return pair_blocks.fit_message(view_of(match, 0), delivery.recipient)


async def compose_silence(
    session: AsyncSession, delivery: Delivery, now: datetime
) -> Message | None:
    """Ask one of a silent pair whether to end, unless the other has answered."""
    match = await _match(session, delivery, "active")
    if match is None or match.silences < PATIENCE:
        return None
    return pair_blocks.silence_message(view_of(match), delivery.recipient)


async def compose_closing(
    session: AsyncSession, delivery: Delivery, now: datetime
) -> Message | None:
    """Thank one of the two at the end."""
    match = await _match(session, delivery, "completed")
    return pair_blocks.closing_message(view_of(match, 0), delivery.recipient) if match else None


async def compose_news(session: AsyncSession, delivery: Delivery, now: datetime) -> Message | None:
    """Tell one of the two what became of their match.

    Who was never asked is not told that there is nothing left to answer.
    """
    match = await _match(session, delivery)
    if match is None or not await _is_here(session, delivery):
        return None
    news = str(delivery.detail["news"])
    if news == "no longer looking" and not await _was_asked(session, match):
        return None
    is_mentor = delivery.recipient == match.mentor_id
    other = match.mentee_id if is_mentor else match.mentor_id
    if news == "refit":
        news = "refit mentor" if is_mentor else "refit mentee"
    return blocks.news_message(news, other, to_mentee=not is_mentor)


async def compose_question(
    session: AsyncSession, delivery: Delivery, now: datetime
) -> Message | None:
    """Pass a colleague's question on, while the expert agrees to be found.

    Never one from somebody with whom the expert asked not to be paired: nobody is told of that.
    """
    profile = await session.get(MentoringProfile, (delivery.workspace_id, delivery.recipient))
    if profile is None or not profile.findable or not await _is_here(session, delivery):
        return None
    asked = delivery.detail
    if asked["asker"] in profile.never_with:
        return None
    return finder_blocks.question_message(asked["asker"], asked["topic"], asked["text"])


async def compose_coffee(
    session: AsyncSession, delivery: Delivery, now: datetime
) -> Message | None:
    """Bring two or three people together, or tell one that nobody else was there."""
    people = [str(person) for person in delivery.detail["people"]]
    return pair_blocks.coffee_message(people) if people else pair_blocks.alone_message()


async def _match(
    session: AsyncSession, delivery: Delivery, *statuses: str
) -> MentoringMatch | None:
    """Return the delivery's match, if it has one of these statuses, or any where none is given."""
    key = (delivery.workspace_id, str(delivery.detail["match"]))
    match = await session.get(MentoringMatch, key, populate_existing=True)
    if match is None or (statuses and match.status not in statuses):
        return None
    return match


async def _has_match(session: AsyncSession, delivery: Delivery) -> bool:
    """Tell whether the reader has a mentor, or one who is being asked."""
    found = await session.scalar(
        select(MentoringMatch.id).where(
            MentoringMatch.workspace_id == delivery.workspace_id,
            MentoringMatch.mentee_id == delivery.recipient,
            MentoringMatch.status.in_(OPEN),
        )
    )
    return found is not None


async def _is_paused(
    session: AsyncSession, delivery: Delivery, whom: Sequence[str], now: datetime
) -> bool:
    """Tell whether one of these people has asked for a pause."""
    days = [await paused_until(session, delivery.workspace_id, person, now) for person in whom]
    return any(days)


async def _was_asked(session: AsyncSession, match: MentoringMatch) -> bool:
    """Tell whether the proposal has reached the mentor."""
    status = await session.scalar(
        select(Delivery.status).where(
            Delivery.workspace_id == match.workspace_id,
            Delivery.key == outbox.key_of(outbox.PROPOSAL, match.id, match.mentor_id),
        )
    )
    return status == "sent"


async def _is_here(session: AsyncSession, delivery: Delivery) -> bool:
    employee = await session.get(Employee, (delivery.workspace_id, delivery.recipient))
    return employee is not None and employee.active


COMPOSERS: Mapping[str, Callable[[AsyncSession, Delivery, datetime], Awaitable[Message | None]]] = {
    outbox.PROPOSAL: compose_proposal,
    outbox.REMINDER: compose_reminder,
    outbox.CONFIRM: compose_confirmation,
    outbox.WAITING: compose_waiting,
    outbox.INTRODUCTION: compose_introduction,
    outbox.NUDGE: compose_nudge,
    outbox.FIT: compose_fit,
    outbox.SILENCE: compose_silence,
    outbox.CLOSING: compose_closing,
    outbox.NEWS: compose_news,
    outbox.QUESTION: compose_question,
    outbox.COFFEE: compose_coffee,
}
"""Who writes which kind of delivery of this slice."""
