"""Sealed waves for tests: who of which team answered what."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zlib import crc32

from sqlalchemy.ext.asyncio import AsyncSession

from bot.pulse.tokens import respondent_token
from models import (
    Answer,
    Cohort,
    Comment,
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
"""Position to value; empty for somebody who only commented, None for no answer."""


def everyone(*values: int) -> list[Response]:
    """Answers to the first question, one a person."""
    return [{0: value} for value in values]


async def sealed_wave(
    session: AsyncSession,
    survey: Survey,
    teams: Mapping[str | None, Sequence[Response]],
    comments: Sequence[tuple[str, int, str]] = (),
    **changes: Any,
) -> Wave:
    """Store a sealed wave with one cohort a team; comments are (team, position, text)."""
    wave = await store_wave(session, survey, teams, status="sealed", key=None, **changes)
    cohorts = {team: number for number, team in enumerate(teams)}
    for team, position, text in comments:
        session.add(
            Comment(
                workspace_id=wave.workspace_id,
                wave_id=wave.id,
                cohort_id=cohorts[team],
                position=position,
                text=text,
            )
        )
    for name, responses in teams.items():
        for number, response in enumerate(responses):
            await _answer(session, wave, cohorts[name], _person(name, number), response)
    await session.flush()
    return wave


async def store_wave(
    session: AsyncSession,
    survey: Survey,
    teams: Mapping[str | None, Sequence[Response]],
    **changes: Any,
) -> Wave:
    """Store a wave, open unless `changes` say otherwise, with cohorts and invitations."""
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
                answered=None
                if wave.status == "open"
                else sum(each is not None for each in responses),
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


async def _answer(
    session: AsyncSession, wave: Wave, cohort: int, person: str, response: Response
) -> None:
    if response is None:
        return
    response_id = new_key()
    for position, value in response.items():
        session.add(
            Answer(
                workspace_id=wave.workspace_id,
                wave_id=wave.id,
                response_id=response_id,
                cohort_id=cohort,
                position=position,
                value=value,
            )
        )
    if not wave.anonymous:
        session.add(
            NamedResponse(
                workspace_id=wave.workspace_id,
                wave_id=wave.id,
                response_id=response_id,
                employee_id=person,
            )
        )


def _person(team: str | None, number: int) -> str:
    return f"U{crc32(str(team).encode()):010}{number:04}"
