"""Play an organisation's waves through the real services, on a database file of its own."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.insights import service
from bot.insights.disclosure import Decision, ShownCell
from bot.insights.pure import figures, segments
from bot.pulse.opening import OpenedWave
from bot.pulse.pure.tokens import Press, press_nonce, respondent_token
from bot.pulse.sealing import seal
from bot.pulse.service import answer
from models import (
    Delivery,
    Employee,
    Invitation,
    MentoringMatch,
    OpenAnswer,
    RoleGrant,
    Survey,
    Wave,
)
from models.database import make_engine, make_sessions
from tests.attacks.everybody import everybody_counts
from tests.attacks.organisations import OPTIONS, Organisation, Replies
from tests.attacks.outputs import (
    HR,
    Outputs,
    exported,
    running_text,
    seen_figures,
    texts,
)
from tests.factories import JOINED, WORKSPACE, employee, match, question, survey, workspace
from tests.insights.waves import publish
from tests.pulse.opening import open_wave


@contextmanager
def plain_gate(at_least: int | None = None) -> Iterator[None]:
    """Put the usual rule, n ≥ k for each group by itself, in the place of the gate.

    `at_least` takes the place of k: with 1 there is no rule at all.
    """

    def decide(cells: Any, respondents: Any, k: int, **_: Any) -> Decision:
        shown = []
        for cell in cells:
            cohorts = frozenset(key for key in cell.cohorts if respondents.get(key))
            if (n := sum(respondents[key] for key in cohorts)) >= (at_least or k):
                shown.append(ShownCell((cell.id,), cell.dimension, cell.label, cohorts, n))
        return Decision(tuple(shown), ())

    def count(n: int, k: int) -> int:
        return n if n >= k else 0

    with ExitStack() as patches:
        patches.enter_context(everybody_counts())
        patches.enter_context(patch.object(segments, "decide", decide))
        patches.enter_context(patch.object(service, "in_steps", count))
        if at_least is not None:
            patches.enter_context(patch.object(figures, "least_for_shares", lambda _: at_least))
        yield


async def play(
    template: Path,
    folder: Path,
    organisation: Organisation,
    *,
    watch: bool = False,
    read: bool = False,
    export: Sequence[str] = (),
) -> list[Outputs]:
    """Run all waves of an organisation; return what each wave gave away.

    `template` is a migrated SQLite file, `folder` one of the run's own. With `watch` every answer
    is pressed, and the results are read after each person's, as somebody could who never looks
    away; without, the answers are stored as presses would leave them, which is faster. With `read`
    every page is read after the close and after the publication. `export` names people whose data
    is asked for.
    """
    copy = folder / "organisation.sqlite3"
    shutil.copy(template, copy)
    engine = make_engine(f"sqlite:///{copy}", hide_parameters=True)
    sessions = make_sessions(engine)
    try:
        async with sessions.begin() as session:
            made = await _found(session, organisation)
        played = []
        for number in range(organisation.waves):
            async with sessions.begin() as session:
                played.append(await _wave(session, made, organisation, number, watch, read, export))
        return played
    finally:
        await engine.dispose()
        copy.unlink()


async def _found(session: AsyncSession, organisation: Organisation) -> Survey:
    session.add(workspace(min_group_size=organisation.k))
    session.add(employee(HR.user_id))
    await session.flush()
    session.add(
        RoleGrant(workspace_id=WORKSPACE, employee_id=HR.user_id, role="admin", granted_at=JOINED)
    )
    session.add_all(
        employee(
            person.id,
            team=person.team,
            department=person.department,
            location=person.location,
        )
        for person in organisation.people
    )
    made = survey(
        question(0),
        question(1, text="The pace is too high.", direction=-1),
        question(2, text="Would you recommend us?", driver="commitment", scale="enps"),
        question(3, text="Where?", driver="own", scale="choice", options=[*OPTIONS]),
    )
    session.add(made)
    await session.flush()
    return made


async def _wave(
    session: AsyncSession,
    made: Survey,
    organisation: Organisation,
    number: int,
    watch: bool,
    read: bool,
    export: Sequence[str],
) -> Outputs:
    there = {person.id: person for person in organisation.people if person.is_there(number)}
    await session.execute(
        update(Employee)
        .values(active=Employee.id.in_(there))
        .execution_options(synchronize_session=False)
    )
    mentored = [name for name, person in there.items() if person.is_mentored(number)]
    await session.execute(delete(MentoringMatch))
    session.add_all(match(name) for name in mentored)
    survey = await session.get_one(Survey, (WORKSPACE, made.id), populate_existing=True)
    assert survey.next_open_at
    opened = await open_wave(session, WORKSPACE, made.id, None, survey.next_open_at)
    if not isinstance(opened, OpenedWave):
        return Outputs(organisation.k, {}, frozenset(), {}, (), (), (), (), ())
    # Participation is shown once everybody has been asked.
    await session.execute(update(Delivery).values(status="sent"))
    # HR looks at figures, and is not one of the people who are asked.
    await session.execute(
        update(Employee)
        .where(Employee.id == HR.user_id)
        .values(active=True)
        .execution_options(synchronize_session=False)
    )
    wave = await session.get_one(Wave, (WORKSPACE, opened.wave_id))
    # Sealing forgets it, but it follows from the directory, which attackers know.
    cohort_of = await _cohorts(session, wave)
    replies = {name: person.replies[number] for name, person in there.items()}
    assert cohort_of.keys() == replies.keys()
    watched = await _answers(session, wave, replies, watch=watch)
    during = await exported(session, export, wave.closes_at)
    await seal(session, WORKSPACE, wave.id, wave.closes_at)
    before = await texts(session, wave.id, wave.closes_at) if read else ()
    await publish(session, WORKSPACE, wave.id, wave.closes_at)
    await session.flush()
    after = await exported(session, export, wave.closes_at, their_own=True)
    published = wave.closes_at + timedelta(minutes=1)
    return Outputs(
        k=organisation.k,
        cohort_of=cohort_of,
        mentored=frozenset(mentored),
        replies=replies,
        seen=await seen_figures(session, wave.id),
        texts=await texts(session, wave.id, published) if read else (),
        before=before,
        watched=tuple(watched),
        exports=(*during, *after),
    )


async def _answers(
    session: AsyncSession, wave: Wave, replies: dict[str, Replies], *, watch: bool
) -> list[str]:
    assert wave.key
    assert wave.press_key
    if not watch:
        await _store_answers(session, wave, wave.key, replies)
        return []
    watched = [await running_text(session)]
    for person, each in replies.items():
        nonce = press_nonce(wave.press_key, person)
        for position, value in each.items():
            await answer(session, Actor(WORKSPACE, person), Press(wave.id, position, nonce, value))
        await session.flush()
        watched.append(await running_text(session))
    return watched


async def _store_answers(
    session: AsyncSession, wave: Wave, key: bytes, replies: dict[str, Replies]
) -> None:
    """Store what everybody's presses would."""
    cohorts = await _cohorts(session, wave)
    rows = [
        {
            "workspace_id": WORKSPACE,
            "wave_id": wave.id,
            "token": respondent_token(key, person),
            "position": position,
            "cohort_id": cohorts[person],
            "value": value,
        }
        for person, each in replies.items()
        for position, value in each.items()
    ]
    if rows:
        await session.execute(insert(OpenAnswer), rows)


async def _cohorts(session: AsyncSession, wave: Wave) -> dict[str, int]:
    rows = await session.execute(
        select(Invitation.employee_id, Invitation.cohort_id).where(Invitation.wave_id == wave.id)
    )
    return {row.employee_id: row.cohort_id for row in rows if row.cohort_id is not None}
