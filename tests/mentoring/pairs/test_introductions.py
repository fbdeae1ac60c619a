"""A pair that both agreed to is introduced with a first meeting."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.mentoring.pairs import introductions
from bot.mentoring.proposals import service as proposals
from models import Employee
from tests.conftest import NOW
from tests.factories import WORKSPACE
from tests.mentoring.programmes import actor, mentee, mentor, person, programme, proposed

MENTOR, MENTEE = (person(number) for number in range(2))


async def test_the_first_meeting_is_described_as_it_is(session: AsyncSession) -> None:
    await programme(session, mentor(MENTOR), mentee(MENTEE))
    for person_id, zone in ((MENTOR, "America/Los_Angeles"), (MENTEE, "Europe/Berlin")):
        (await session.get_one(Employee, (WORKSPACE, person_id))).tz = zone
    match = await proposed(session, MENTOR, MENTEE)
    await proposals.accept(session, actor(MENTOR), match.id, NOW)
    await proposals.confirm(session, actor(MENTEE), match.id, NOW)
    view = await introductions.view_for_introduction(session, match, NOW)
    assert view.first_meeting
    assert not view.first_meeting.in_working_hours
    assert match.first_meeting_at
    past = await introductions.view_for_introduction(session, match, match.first_meeting_at)
    assert past.first_meeting is None
