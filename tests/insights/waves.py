"""Stores waves for tests: who in which team answered what."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zlib import crc32

from sqlalchemy.ext.asyncio import AsyncSession

from bot.insights.publishing import compute_publication, read_sealed_wave, store_publication
from bot.pulse.pure.tokens import respondent_token
from models import (
    Cohort,
    Employee,
    Invitation,
    NamedResponse,
    OpenAnswer,
    Survey,
    Wave,
)
from models.database import new_key
from tests.factories import employee

HELD_ON = date(2026, 11, 3)
CLOSED = datetime(2026, 11, 6, 9, 0, tzinfo=UTC)

Response = Mapping[int, int] | None
"""Position to value; empty for a person who only commented, None for no response."""


def everyone(*values: int) -> list[Response]:
    """Return answers to the first question, one per person."""
    return [{0: value} for value in values]


async def sealed_wave(
    session: AsyncSession,
    survey: Survey,
    teams: Mapping[str | None, Sequence[Response]],
    comments: Sequence[tuple[str, int, str]] = (),
    **changes: Any,
) -> Wave:
    """Store a sealed wave with one cohort per team; comments are (team, position, text).

    The first person of a team writes its first comment on each question, and so on.
    """
    wave = await store_wave(session, survey, teams, status="sealed", key=None, **changes)
    cohorts = {team: number for number, team in enumerate(teams)}
    values: dict[tuple[str | None, int, int], int | None] = {
        (team, number, position): value
        for team, responses in teams.items()
        for number, response in enumerate(responses)
        for position, value in (response or {}).items()
    }
    texts: dict[tuple[str | None, int, int], str] = {}
    written: Counter[tuple[str, int]] = Counter()
    for writing, position, text in comments:
        texts[writing, written[writing, position], position] = text
        written[writing, position] += 1
    names = {
        person: new_key() for person in sorted({(str(t), n) for t, n, _ in {**values, **texts}})
    }
    for team, number, position in {**values, **texts}:
        session.add(
            OpenAnswer(
                workspace_id=wave.workspace_id,
                wave_id=wave.id,
                token=names[str(team), number],
                position=position,
                cohort_id=cohorts[team],
                value=values.get((team, number, position)),
                comment=texts.get((team, number, position)),
            )
        )
    for (label, number), name in names.items() if not wave.anonymous else ():
        known = {str(each): each for each in teams}[label]
        if any((known, number, position) in values for position in range(20)):
            session.add(
                NamedResponse(
                    workspace_id=wave.workspace_id,
                    wave_id=wave.id,
                    response_id=name,
                    employee_id=_person(known, number),
                )
            )
    await session.flush()
    return wave


async def publish(session: AsyncSession, workspace_id: str, wave_id: str, now: datetime) -> bool:
    """Publish a sealed wave in one session; return False if there is nothing to publish."""
    source = await read_sealed_wave(session, workspace_id, wave_id)
    return source is not None and await store_publication(session, compute_publication(source), now)


async def store_wave(
    session: AsyncSession,
    survey: Survey,
    teams: Mapping[str | None, Sequence[Response]],
    **changes: Any,
) -> Wave:
    """Store a wave with cohorts and invitations; it is open unless `changes` say otherwise."""
    fields: dict[str, Any] = {
        "workspace_id": survey.workspace_id,
        "id": new_key(),
        "survey_id": survey.id,
        "held_on": HELD_ON,
        "opened_at": CLOSED - timedelta(days=3),
        "closes_at": CLOSED,
        "status": "open",
        "anonymous": survey.anonymous,
        "min_group_size": 5,
        "key": b"k" * 32,
        "invited": sum(len(responses) for responses in teams.values()),
    }
    wave = Wave(**{**fields, **changes})
    if wave.status != "open":
        wave.sealed_at = CLOSED
    session.add(wave)
    await session.flush()
    for number, (team, responses) in enumerate(teams.items()):
        session.add(
            Cohort(
                workspace_id=wave.workspace_id,
                wave_id=wave.id,
                id=number,
                team=team,
                invited=len(responses),
            )
        )
        for place, response in enumerate(responses):
            await _invite(session, wave, number, team, place, response)
    await session.flush()
    return wave


async def _invite(
    session: AsyncSession,
    wave: Wave,
    cohort: int,
    team: str | None,
    place: int,
    response: Response,
) -> None:
    person = _person(team, place)
    if await session.get(Employee, (wave.workspace_id, person)) is None:
        session.add(employee(person, team=team, workspace_id=wave.workspace_id))
        await session.flush()
    session.add(
        Invitation(
            workspace_id=wave.workspace_id,
            wave_id=wave.id,
            employee_id=person,
            cohort_id=cohort if wave.status == "open" else None,
            status="asked" if wave.status == "open" else "closed",
        )
    )
    if wave.key is not None:
        token = respondent_token(wave.key, person)
        session.add_all(
            OpenAnswer(
                workspace_id=wave.workspace_id,
                wave_id=wave.id,
                token=token,
                position=position,
                cohort_id=cohort,
                value=value,
            )
            for position, value in (response or {}).items()
        )


def _person(team: str | None, number: int) -> str:
    return f"U{crc32(str(team).encode()):010}{number:04}"
