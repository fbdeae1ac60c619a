"""How many people of each cohort a wave has asked."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox.states import HELD
from bot.pulse.asking import QUESTION
from models import Cohort, Delivery, Invitation, Wave


async def asked_by_cohort(session: AsyncSession, wave: Wave) -> dict[int, int]:
    """Return the invited people per cohort, except those whom the questions have not reached.

    Those were away, or had had their messages for the week. The wave must be open: sealing forgets
    who is in which cohort.
    """
    of_wave = Cohort.workspace_id == wave.workspace_id, Cohort.wave_id == wave.id
    invited = (await session.execute(select(Cohort.id, Cohort.invited).where(*of_wave))).all()
    held = await session.execute(
        select(Invitation.cohort_id, func.count())
        .join(
            Delivery,
            (Delivery.workspace_id == Invitation.workspace_id)
            & (Delivery.wave_id == Invitation.wave_id)
            & (Delivery.recipient == Invitation.employee_id),
        )
        .where(
            Invitation.workspace_id == wave.workspace_id,
            Invitation.wave_id == wave.id,
            Delivery.kind == QUESTION,
            # An early end has dropped what waited.
            Delivery.status.in_(("waiting", "dropped")),
            Delivery.reason.in_(HELD),
        )
        .group_by(Invitation.cohort_id)
    )
    missed: dict[int | None, int] = dict(held.all())
    return {cohort: count - missed.get(cohort, 0) for cohort, count in invited}
