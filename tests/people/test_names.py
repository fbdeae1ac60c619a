"""The directory's names, read once and anew when they change."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.masking import mask
from bot.people.names import MOST_WORKSPACES, known_names
from models import Employee
from tests.factories import WORKSPACE, company, employee


async def test_names_follow_the_directory(session: AsyncSession) -> None:
    [ana] = await company(session, {"Design": 1}, name="Ana Torres", nick="luci")
    names = await known_names(session, WORKSPACE)
    assert mask("Torres, luci and Kofi", names).text == "[name], [name] and Kofi"
    assert await known_names(session, WORKSPACE) is names

    session.add(employee("U0KOFI", name="Kofi Mensah"))
    kept = await session.get_one(Employee, (WORKSPACE, ana.id))
    kept.name, kept.nick, kept.slack_updated = "Ana Duarte", None, 1
    await session.flush()
    names = await known_names(session, WORKSPACE)
    assert mask("Torres, Duarte and Kofi", names).text == "Torres, [name] and [name]"


async def test_other_workspaces_have_other_names(session: AsyncSession) -> None:
    await company(session, {"Design": 1}, name="Ana Torres")
    assert not (await known_names(session, "T0OTHER")).words


async def test_only_a_few_workspaces_names_are_kept(session: AsyncSession) -> None:
    await company(session, {"Design": 1}, name="Ana Torres")
    first = await known_names(session, WORKSPACE)
    for number in range(MOST_WORKSPACES - 1):
        await known_names(session, f"T0{number}")
    assert await known_names(session, WORKSPACE) is first, "asked for again, so kept"
    for number in range(MOST_WORKSPACES - 1):
        await known_names(session, f"T1{number}")
    assert await known_names(session, WORKSPACE) is first
    for number in range(MOST_WORKSPACES):
        await known_names(session, f"T2{number}")
    again = await known_names(session, WORKSPACE)
    assert again is not first
    assert again.words == first.words
