"""Who is away is read from a status, and nothing of the status is kept but its end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.attention.pure.away import UNTIL_CLEARED, away_until, is_away
from bot.people import service
from bot.people.pure.directory import Person, person_from_slack
from bot.rights.personal_tables import PERSONAL_TABLES, rows_about
from models import Employee
from tests import factories
from tests.conftest import NOW
from tests.factories import WORKSPACE

END = 1_800_000_000
UNTIL = datetime(2027, 1, 15, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Vacationing",
        "On vacation until Monday 🏝",
        "on holiday",
        "OOO",
        "Out of office, back on 3 May",
        "Out sick",
        "On parental leave",
        "PTO",
        "Not working today",
        "Im Urlaub",
        "krank",
        "Elternzeit bis Mai",
        "En congé",
        "De vacaciones",
        "In ferie",
        "Met verlof",
        "Na urlopie",
        "本日休暇",
    ],
)
def test_words_of_absence_count(text: str) -> None:
    assert away_until({"status_text": text, "status_expiration": END}) == UNTIL


@pytest.mark.parametrize("emoji", [":palm_tree:", ":face_with_thermometer:", ":pill::skin-tone-2:"])
def test_signs_of_absence_count(emoji: str) -> None:
    assert away_until({"status_emoji": emoji, "status_expiration": END}) == UNTIL


@pytest.mark.parametrize(
    "status",
    [
        {},
        {"status_text": "", "status_emoji": ""},
        {"status_text": "In a meeting", "status_emoji": ":spiral_calendar_pad:"},
        {"status_text": "Commuting", "status_emoji": ":bus:"},
        {"status_text": "Working remotely", "status_emoji": ":house_with_garden:"},
        {"status_text": "Working from the beach", "status_emoji": ":palm_tree:"},
        {"status_text": "Back from vacation"},
        {"status_text": "Zurück aus dem Urlaub"},
        {"status_text": "Planning my holidays"},
        {"status_text": "sick of meetings"},
        {"status_text": "Deep work: leave a message"},
        {"status_text": "Spooky ghosts and options"},
    ],
)
def test_other_statuses_do_not_count(status: dict[str, Any]) -> None:
    assert away_until({**status, "status_expiration": END}) is None


@pytest.mark.parametrize("expiration", [0, None, "soon", -5, 10**18])
def test_a_status_without_an_end_counts_until_it_is_cleared(expiration: object) -> None:
    status = {"status_emoji": ":palm_tree:", "status_expiration": expiration}
    assert away_until(status) == UNTIL_CLEARED


def test_away_ends_by_itself() -> None:
    assert is_away(NOW + timedelta(seconds=1), NOW)
    assert not is_away(NOW, NOW)
    assert not is_away(None, NOW)


def person(updated: int, **status: Any) -> Person:
    profile = {"real_name": "Ana", **status}
    user = {"id": "U0ANA", "team_id": WORKSPACE, "updated": updated, "profile": profile}
    return person_from_slack(user, WORKSPACE, allow_guests=False)


async def stored(session: AsyncSession) -> Employee:
    return await session.get_one(Employee, (WORKSPACE, "U0ANA"), populate_existing=True)


async def test_the_directory_keeps_the_end_and_drops_it_with_the_status(
    session: AsyncSession,
) -> None:
    session.add(factories.workspace())
    await session.flush()
    on_leave = person(1, status_text="Sabbatical: see Bo", status_expiration=END)
    await service.sync_people(session, WORKSPACE, [on_leave], NOW)
    assert (await stored(session)).away_until == UNTIL
    [told] = await rows_about(session, PERSONAL_TABLES[0], WORKSPACE, "U0ANA")
    assert told["away_until"] == UNTIL.isoformat(), "my-data tells what is kept"
    assert "Sabbatical" not in str(told)

    await service.apply_change(session, WORKSPACE, person(2, status_text="Focus time"), NOW)
    assert (await stored(session)).away_until is None
    ill = person(3, status_emoji=":face_with_thermometer:")
    await service.apply_change(session, WORKSPACE, ill, NOW)
    assert (await stored(session)).away_until == UNTIL_CLEARED
    await service.apply_change(session, WORKSPACE, person(2), NOW)
    assert (await stored(session)).away_until == UNTIL_CLEARED, "an older event says nothing"
