"""Opens waves in tests, all steps in one session."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.pulse import asking, opening
from bot.pulse.opening import NotOpened, OpenedWave


async def open_wave(
    session: AsyncSession,
    workspace_id: str,
    survey_id: str,
    members: Collection[str] | None,
    now: datetime,
) -> OpenedWave | NotOpened | None:
    """Open the wave of a survey that is due and queue its messages, or move the survey on."""
    found = await opening.read_audience(session, workspace_id, survey_id, members, now)
    if found is None:
        return None
    if isinstance(found, NotOpened):
        moved = await opening.pass_over(session, workspace_id, survey_id, found, now)
        return found if moved else None
    opened = await opening.open_wave(session, opening.plan_wave(found), now)
    last: str | None = "" if opened else None
    while opened and last is not None:
        last = await asking.queue_messages(session, workspace_id, opened.wave_id, last)
    return opened
