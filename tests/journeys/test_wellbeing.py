"""HR starts the survey about wellbeing; a strained team's manager gets help and takes it up."""

from datetime import timedelta

from sqlalchemy import select

from bot.products.items.blocks import TITLE
from bot.products.team_talks import blocks
from bot.pulse import blocks as asking
from models import AttentionPreference, Figure, Invitation, ProductItem, Survey, Wave, Workspace
from sandbox.demo.company import TEAM_ID, people
from tests.journeys.stage import Stage, buttons_of, text_of

STAFF = people()
SUPPORT = [person.id for person in STAFF if person.team.name == "Support"]
OTHERS = [person.id for person in STAFF if person.team.name == "Engineering"]
LEAD = SUPPORT[0]
WEEK = timedelta(weeks=1)


async def start(stage: Stage) -> Survey:
    opened = await stage.pulse("maya", "wellbeing")
    assert opened.view, opened.shown
    assert "no diagnosis" in text_of(opened.view) or "diagnoses nobody" in text_of(opened.view)
    assert (await stage.sandbox.submit("maya", opened.view["id"])).ok
    async with stage.runtime.sessions.begin() as session:
        (await session.get_one(Workspace, TEAM_ID)).managers_see_team = True
        return (await session.scalars(select(Survey))).one()


async def positions(stage: Stage) -> list[list[int] | None]:
    """Return what the newest wave asks."""
    async with stage.runtime.sessions.begin() as session:
        newest = select(Wave.id).order_by(Wave.held_on.desc()).limit(1).scalar_subquery()
        found = await session.scalars(select(Invitation).where(Invitation.wave_id == newest))
        return [each.positions for each in found]


async def test_from_the_first_wave_to_a_team_talk(stage: Stage) -> None:
    made = await start(stage)
    assert made.next_open_at
    await stage.at(made.next_open_at)
    assert await positions(stage) == [[0, 1]] * len(STAFF)
    for person in (*SUPPORT, *OTHERS):
        strained = person in SUPPORT
        message = stage.last(person)
        assert "level of burnout" in text_of(message)
        assert asking.COMMENT not in {button["action_id"] for button in buttons_of(message)}
        await stage.press(person, f"pulse:answer:{4 if strained else 0}")
        assert "normal hours" in text_of(stage.last(person))
        await stage.press(person, f"pulse:answer:{1 if strained else 4}")
        done = {button["action_id"] for button in buttons_of(stage.last(person))}
        assert done == {asking.CHANGE}

    closed = made.next_open_at + timedelta(days=6)
    await stage.at(closed)
    async with stage.runtime.sessions.begin() as session:
        figures = (await session.scalars(select(Figure))).all()
    shares = {each.segment_ref: each for each in figures if each.measure == "strain"}
    assert "" in shares
    assert not {"Engineering", "Support"} & shares.keys(), "a share needs twelve of a team"
    assert shares[""].score is not None
    assert 0.25 <= shares[""].score <= 0.75, "eleven of 23 are strained"
    assert not [each for each in figures if each.measure == "choice"]

    seen = await stage.pulse("maya", "wellbeing")
    assert seen.message
    assert "*Feel burned out*" in text_of(seen.message)
    assert "diagnoses nobody" in text_of(seen.message)
    results = await stage.pulse("maya", "results Wellbeing")
    assert results.message
    assert "Feel burned out" in text_of(results.message)

    await talk(stage, made)


async def talk(stage: Stage, made: Survey) -> None:
    """The manager opens the message, takes it up, and then wants no more of these."""
    assert made.next_open_at
    await stage.at(made.next_open_at + WEEK)
    assert await positions(stage) == [[2]] * len(STAFF), "the next cause, without burnout"
    message = stage.last(LEAD)
    assert "In *Support*, workload looks low" in text_of(message), text_of(message)
    assert "Which work of the last two weeks" not in text_of(message)
    assert "decide for myself" in text_of(message), "it came with the next question"
    await stage.press(LEAD, blocks.OPEN)
    assert "Which work of the last two weeks" in text_of(stage.last(LEAD))

    form = await stage.press(LEAD, blocks.TAKE_UP)
    assert form.view, form.shown
    assert (await stage.sandbox.submit(LEAD, form.view["id"])).ok
    async with stage.runtime.sessions.begin() as session:
        item = (await session.scalars(select(ProductItem))).one()
    assert item.problem == "In Support, workload looks low"
    assert (item.driver, item.segment_values, item.origin) == ("workload", ["Support"], "manager")
    again = await stage.press(LEAD, blocks.TAKE_UP)
    assert again.view
    assert again.view["title"]["text"] == TITLE, "the item, not another form"

    await stage.press(LEAD, blocks.NO_MORE)
    assert blocks.STOPPED in text_of(stage.last(LEAD))
    async with stage.runtime.sessions.begin() as session:
        known = await session.get_one(AttentionPreference, (TEAM_ID, LEAD))
    assert (known.team_talks, known.talks_unopened) == (False, 0)
    opened = await stage.pulse(LEAD, "preferences")
    assert opened.view
    assert "team shows strain" in text_of(opened.view)
    assert (await stage.sandbox.submit(LEAD, opened.view["id"], {"team_talks": ["yes"]})).ok
    async with stage.runtime.sessions.begin() as session:
        assert (await session.get_one(AttentionPreference, (TEAM_ID, LEAD))).team_talks


async def test_only_admins_start_it(stage: Stage) -> None:
    refused = await stage.pulse("amara", "wellbeing")
    assert refused.view is None
    assert refused.message
