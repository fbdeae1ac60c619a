"""Seals a closed wave: from then on nobody can connect an answer with a person.

Answers carry tokens that only the wave's key can connect with people. Sealing destroys the key and
every trace of who answered. Publishing (`bot.insights.publishing`) follows at once and deletes the
answers themselves. docs/privacy.md lists what neither can reach.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox.deliveries import delete_of_wave
from bot.outbox.states import drop_due_of_wave
from bot.pulse.asked_people import asked_by_cohort
from bot.pulse.asking import REMINDER
from bot.pulse.bulk_insert import insert_all
from bot.pulse.company.sealing import move_to_pools
from bot.pulse.milestones import move_answers
from bot.pulse.pure.tokens import respondent_token
from bot.surveys.audience import AudienceKind
from bot.surveys.pure.closing import Asking, earliest_close
from bot.surveys.pure.schedule import Cadence
from bot.surveys.sending_progress import asking_of
from models import Cohort, Invitation, NamedResponse, OpenAnswer, Survey, Wave

RESPONSE_ID_LENGTH = 32
"""A named response's id is the beginning of its token."""


async def waves_to_close(session: AsyncSession, now: datetime) -> list[tuple[str, str]]:
    """Return (workspace id, wave id) of open waves whose time is over.

    If messages went out late, the wave stays open until the last person has had their day.
    """
    due = await session.execute(
        select(Wave.workspace_id, Wave.id)
        .where(Wave.status == "open", Wave.closes_at <= now)
        .order_by(Wave.closes_at, Wave.id)
    )
    ready = []
    for workspace_id, wave_id in due.all():
        asking = (await asking_of(session, workspace_id, [wave_id], now))[wave_id]
        # People without a question by now are not asked any more.
        earliest = earliest_close(Asking(asking.last_asked), now)
        if earliest <= now:
            ready.append((workspace_id, wave_id))
            continue
        await session.execute(
            update(Wave)
            .where(Wave.workspace_id == workspace_id, Wave.id == wave_id, Wave.status == "open")
            .values(closes_at=earliest)
            .execution_options(synchronize_session=False)
        )
    return ready


async def seal(session: AsyncSession, workspace_id: str, wave_id: str, now: datetime) -> bool:
    """Seal a wave; return False if it is sealed already or unknown.

    The lock on the wave waits for answers under way and keeps later ones out. Without the key,
    tokens are random names. A named survey's responses are recorded with their people first, and
    answers to the company pulse or at a milestone move to pools.
    """
    wave = await session.get(
        Wave, (workspace_id, wave_id), with_for_update=True, populate_existing=True
    )
    if wave is None or wave.key is None:
        return False
    survey = await session.get_one(Survey, (workspace_id, wave.survey_id))
    asked = await asked_by_cohort(session, wave)
    if survey.cadence == Cadence.STANDING:
        await move_to_pools(session, wave, survey, now)
    if survey.audience == AudienceKind.MILESTONE:
        await move_answers(session, wave, survey, now)
    invited = await _close_invitations(session, wave)
    if not wave.anonymous:
        await _name_responses(session, wave, {respondent_token(wave.key, p): p for p in invited})
    await _store_asked(session, wave, asked)
    # The sender owns claimed messages, and composes nothing for a wave without a key.
    await drop_due_of_wave(session, workspace_id, wave_id)
    # PostgreSQL keeps with a row which transaction changed it, and a reminder that was sent is
    # changed later than one that was not needed.
    await delete_of_wave(session, workspace_id, wave_id, REMINDER)
    wave.key = wave.press_key = None
    wave.status = "sealed"
    wave.sealed_at = now
    await session.flush()
    return True


async def _store_asked(session: AsyncSession, wave: Wave, asked: Mapping[int, int]) -> None:
    """Store how many people were asked, in all and of each cohort."""
    cohorts = await session.scalars(
        select(Cohort).where(Cohort.workspace_id == wave.workspace_id, Cohort.wave_id == wave.id)
    )
    missed = 0
    for cohort in cohorts:
        cohort.asked = asked[cohort.id]
        missed += cohort.invited - cohort.asked
    wave.asked = wave.invited - missed


async def _name_responses(session: AsyncSession, wave: Wave, owners: dict[str, str]) -> None:
    """Record the author of each response, as every question of a named survey announces.

    People who only wrote a comment are left out: their name beside an empty response would mark
    the comment.
    """
    chose = await session.scalars(
        select(OpenAnswer.token)
        .where(
            OpenAnswer.workspace_id == wave.workspace_id,
            OpenAnswer.wave_id == wave.id,
            OpenAnswer.value.is_not(None),
        )
        .distinct()
    )
    await insert_all(
        session,
        NamedResponse,
        (
            {
                "workspace_id": wave.workspace_id,
                "response_id": token[:RESPONSE_ID_LENGTH],
                "wave_id": wave.id,
                "employee_id": owners[token],
            }
            for token in chose
            if token in owners
        ),
    )


async def _close_invitations(session: AsyncSession, wave: Wave) -> list[str]:
    """Make all invitations alike; return the invited people.

    They are rewritten in the order of people's ids: PostgreSQL stores with each row which
    transaction wrote it, and tables keep the order of changes.
    """
    of_wave = Invitation.workspace_id == wave.workspace_id, Invitation.wave_id == wave.id
    invited = sorted(await session.scalars(select(Invitation.employee_id).where(*of_wave)))
    await session.execute(
        delete(Invitation).where(*of_wave).execution_options(synchronize_session=False)
    )
    await insert_all(
        session,
        Invitation,
        (
            {
                "workspace_id": wave.workspace_id,
                "wave_id": wave.id,
                "employee_id": employee_id,
                "cohort_id": None,
                "status": "closed",
            }
            for employee_id in invited
        ),
    )
    return invited
