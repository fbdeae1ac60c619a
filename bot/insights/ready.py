"""News to the author of a survey: the results of a wave can be read."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import Message, actions, button, section
from bot.blockkit.text import escape
from bot.languages import _
from bot.outbox.deliveries import add_notice
from bot.outbox.kinds import Class, Composing, Kind
from bot.people import roles
from bot.people.roles import Role
from bot.surveys.blocks import RESULTS
from bot.surveys.pure.names import shown_name
from bot.surveys.pure.schedule import Cadence
from models import Delivery, Figure, Survey, Wave

RESULTS_READY: Final = "results_ready"
LAPSES_AFTER: Final = timedelta(days=14)


async def tell_results_ready(session: AsyncSession, wave: Wave, now: datetime) -> None:
    """Tell a wave's author that it is published, once; nobody is told of a milestone's batches."""
    if wave.batch:
        return
    survey = await session.get_one(Survey, (wave.workspace_id, wave.survey_id))
    detail = {"about": RESULTS_READY, "wave": wave.id, "survey": survey.id}
    await add_notice(session, wave.workspace_id, wave.id, survey.created_by, detail, now)


async def compose_results_ready(
    session: AsyncSession, delivery: Delivery, _composing: Composing
) -> Message | None:
    """Compose the news; None if the author may not read figures any more.

    A week of the company pulse in which nothing came out is not news either.
    """
    survey = await session.get(Survey, (delivery.workspace_id, delivery.detail["survey"]))
    reader = Actor(delivery.workspace_id, delivery.recipient)
    if survey is None or not await roles.holds(session, reader, Role.ANALYST):
        return None
    figure = select(Figure.wave_id).where(
        Figure.workspace_id == survey.workspace_id, Figure.wave_id == delivery.detail["wave"]
    )
    is_shown = await session.scalar(figure.limit(1)) is not None
    if survey.cadence == Cadence.STANDING and not is_shown:
        return None
    return results_ready(survey.id, shown_name(survey.name), is_shown=is_shown)


def results_ready(survey_id: str, name: str, *, is_shown: bool) -> Message:
    """Say that results can be read, or that too few answered for any; no figure is in it."""
    text = (
        _(
            "The results of *{name}* are ready. They come when you press the "
            "button, and with `/pulse results`."
        ).format(name=escape(name))
        if is_shown
        else _(
            "*{name}* has closed. Fewer people answered than figures need to "
            "protect each of them, so this time there are none. A longer time to "
            "answer, or a word from managers before the next one, often helps."
        ).format(name=escape(name))
    )
    return Message(text, [section(text), actions([button(_("Results"), RESULTS, survey_id)])])


KINDS: Final[Mapping[str, Kind]] = {
    RESULTS_READY: Kind(compose_results_ready, Class.NEWS, rank=6, lapses_after=LAPSES_AFTER),
}
