"""Shows a survey's author how far a large wave has got, in one message that is kept up to date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import Message, section
from bot.blockkit.text import escape, local_time
from bot.languages import _, plural, speaking, write_number
from bot.outbox.deliveries import Posted
from bot.outbox.kinds import NOTICE, Composing
from bot.outbox.sending_speed import sending_minutes
from bot.people.languages import language_of
from bot.pulse.opening import MOST_WITHOUT_PROGRESS, PROGRESS
from bot.surveys.pure.names import shown_name
from bot.surveys.sending_progress import Sending, sending_of
from models import Delivery, Survey, Wave

SHORTEST_PAUSE: Final = timedelta(minutes=1)
"""Between two changes of the message: Slack allows fifty changes a minute in a workspace."""


@dataclass(frozen=True)
class Change:
    """A message that is to show something new."""

    posted: Posted
    message: Message


async def compose_progress(
    session: AsyncSession, delivery: Delivery, composing: Composing
) -> Message | None:
    """Write how far a wave has got; None if it is over."""
    found = await _text(session, delivery, composing.now)
    return Message(found, [section(found)]) if found else None


async def waves_with_progress(session: AsyncSession) -> Sequence[tuple[str, str]]:
    """Return workspace and id of open waves that are large enough for such a message."""
    rows = await session.execute(
        select(Wave.workspace_id, Wave.id)
        .where(Wave.status == "open", Wave.invited > MOST_WITHOUT_PROGRESS)
        .order_by(Wave.opened_at, Wave.id)
    )
    return [(workspace_id, wave_id) for workspace_id, wave_id in rows]


async def next_change(
    session: AsyncSession, workspace_id: str, wave_id: str, now: datetime
) -> Change | None:
    """Return what the message is to show now, and take note of it; None if nothing is new."""
    delivery = await session.scalar(
        select(Delivery).where(
            Delivery.workspace_id == workspace_id,
            Delivery.key == f"{NOTICE}:{PROGRESS}:{wave_id}",
            Delivery.status == "sent",
        )
    )
    if delivery is None or not (delivery.channel and delivery.ts):
        return None
    shown_at = delivery.detail.get("shown_at")
    if shown_at and now < datetime.fromisoformat(shown_at) + SHORTEST_PAUSE:
        return None
    with speaking(await language_of(session, Actor(workspace_id, delivery.recipient))):
        text = await _text(session, delivery, now)
    if text is None or text == delivery.detail.get("shown"):
        return None
    delivery.detail = {**delivery.detail, "shown": text, "shown_at": now.isoformat()}
    return Change(Posted(delivery.channel, delivery.ts), Message(text, [section(text)]))


def progress_text(name: str, invited: int, sending: Sending, now: datetime) -> str:
    """Say how many people have been asked, and when the rest will have been."""
    people = plural(invited, "person", "people")
    asked = _("*{name}*: {asked} of {people} asked").format(
        name=escape(name), asked=write_number(sending.asked), people=people
    )
    held = (
        _("{held} are away or have had their most messages for this week.").format(
            held=write_number(sending.held)
        )
        if sending.held
        else ""
    )
    if not sending.on_their_way:
        return f"{asked}. {held}".rstrip()
    sent_by = now + timedelta(minutes=sending_minutes(sending.on_their_way))
    rest_by = max(sent_by, sending.last_look) if sending.last_look else sent_by
    said = _("{asked}, the rest by about {rest_by}.").format(
        asked=asked, rest_by=local_time(rest_by)
    )
    return f"{said} {held}".rstrip()


async def _text(session: AsyncSession, delivery: Delivery, now: datetime) -> str | None:
    wave_id = str(delivery.detail["wave"])
    wave = await session.get(Wave, (delivery.workspace_id, wave_id))
    if wave is None or wave.status != "open":
        return None
    survey = await session.get_one(Survey, (delivery.workspace_id, wave.survey_id))
    sending = await sending_of(session, delivery.workspace_id, wave_id)
    if not wave.queued:
        rest = wave.invited - sending.asked - sending.held
        sending = Sending(sending.asked, rest, sending.held, sending.last_look)
    return progress_text(shown_name(survey.name), wave.invited, sending, now)
