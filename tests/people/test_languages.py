from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.people.languages import language_of, languages_of
from models import AttentionPreference, Workspace
from tests.factories import WORKSPACE, company

CHANNEL = "C0PEOPLEOPS"


async def test_people_choose_over_slack_and_hr_chooses_for_channels(session: AsyncSession) -> None:
    first, second, third = await company(session, {"Design": 3})
    first.locale = second.locale = "de-DE"
    third.locale = None
    session.add(AttentionPreference(workspace_id=WORKSPACE, employee_id=second.id, locale="ja"))
    (await session.get_one(Workspace, WORKSPACE)).language = "fr"
    await session.flush()
    everybody = [first.id, second.id, third.id, CHANNEL]
    found = await languages_of(session, WORKSPACE, everybody)
    assert [found[each] for each in everybody] == ["de", "ja", "en", "fr"]
    assert await language_of(session, Actor(WORKSPACE, second.id)) == "ja"


async def test_channels_of_an_unknown_workspace_read_english(session: AsyncSession) -> None:
    assert await languages_of(session, "T0NOWHERE", [CHANNEL]) == {CHANNEL: "en"}
