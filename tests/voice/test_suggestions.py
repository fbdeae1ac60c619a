"""What somebody writes to HR becomes an item and gets a decision; nothing leads back to them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import UserError
from bot.products.board import service as board
from bot.products.board.pure.starting import starting_products
from bot.products.decisions.service import CHOICE_FIELD, REASON_FIELD, Decision, decide
from bot.products.decisions.telling import came_of_it, tell
from bot.products.items import blocks as items
from bot.products.items import forms as item_forms
from bot.products.items.pure.states import State
from bot.products.items.service import PROBLEM_FIELD, Written, write
from bot.products.suggestions.service import TAKEN_UP_MEANWHILE, link, links_of, make_item
from bot.voice import collecting, inbox_blocks, service
from bot.voice.inbox import VOICE_REPLY
from bot.voice.service import Status, Way
from models import Delivery, ProductItem, VoiceThread
from sandbox.demo.company import people
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE, company
from tests.journeys.stage import Stage, buttons_of, text_of
from tests.pulse.test_untraceable import everything
from tests.pulse.waves import actor
from tests.voice.acting import AUTHOR, HR, WORDS, next_day, open_first, open_own, store
from tests.voice.acting import write as send

ANA, BEN = "UDESI001", "UDESI004"
MAYA = Actor(WORKSPACE, ADMIN)
DAY = timedelta(days=1)
ROTA = "The rota is not known in time."
NO = Decision(State.WONT, "The law needs it.")


async def collected(session: AsyncSession, author: str, way: Way) -> tuple[str, str | None]:
    """Let somebody write and HR read it; return the conversation's id and the author's button."""
    value = await store(session, author, way, WORDS, NOW)
    await collecting.collect(session, WORKSPACE, NOW + DAY)
    threads = await session.scalars(
        select(VoiceThread.id).where(VoiceThread.way == way.value, VoiceThread.item_id.is_(None))
    )
    return threads.one(), value


async def suggestion(session: AsyncSession) -> Written:
    await board.ensure_products(session, WORKSPACE, NOW)
    return Written(ROTA, (await board.products_of(session, WORKSPACE))[0].id, None)


async def decided(session: AsyncSession, item_id: str) -> None:
    item = await session.get_one(ProductItem, (WORKSPACE, item_id))
    await decide(session, MAYA, item_id, item.version, NO, NOW + DAY)
    await tell(session, WORKSPACE, item_id, NOW + DAY)


async def said(session: AsyncSession, author: str, value: str) -> list[str]:
    own = await service.own_conversation(session, actor(author), value, NOW + 2 * DAY)
    return [each.text for each in own.messages if each.from_hr]


async def test_every_author_who_can_be_answered_reads_the_decision(session: AsyncSession) -> None:
    await company(session, {"Design": 6})
    thread, value = await collected(session, ANA, Way.REPLY)
    item_id = await make_item(session, MAYA, thread, await suggestion(session), NOW + DAY)
    named, named_value = await collected(session, BEN, Way.NAMED)
    deaf, _ = await collected(session, ANA, Way.ANONYMOUS)
    for each in (named, deaf):
        await link(session, MAYA, each, item_id, NOW + DAY)
    item = await session.get_one(ProductItem, (WORKSPACE, item_id))
    assert (item.origin, item.state, item.evidence) == ("people", State.TAKEN_UP, {})
    assert WORDS not in str(vars(item))

    await decided(session, item_id)

    assert value
    assert named_value
    for author, own in ((ANA, value), (BEN, named_value)):
        (told,) = await said(session, author, own)
        assert ROTA.rstrip(".") in told
        assert "We won't change this.\nBecause: The law needs it." in told
    replies = await session.scalars(select(Delivery).where(Delivery.kind == VOICE_REPLY))
    assert [each.recipient for each in replies] == [BEN]
    (shown,) = (await came_of_it(session, WORKSPACE, NOW, NOW + DAY)).decisions
    assert (shown.problem, shown.from_people) == (ROTA, True)
    assert (await session.get_one(VoiceThread, (WORKSPACE, deaf))).status == Status.NEW

    late, late_value = await collected(session, "UDESI002", Way.REPLY)
    await link(session, MAYA, late, item_id, NOW + 2 * DAY)
    assert late_value
    assert len(await said(session, "UDESI002", late_value)) == 1, "what is decided is told at once"


async def test_a_conversation_leads_to_one_item_for_everybody(session: AsyncSession) -> None:
    await company(session, {"Design": 6})
    thread, value = await collected(session, ANA, Way.REPLY)
    written = await suggestion(session)
    of_team = await write(session, MAYA, written, NOW)
    item = await session.get_one(ProductItem, (WORKSPACE, of_team))
    item.for_everybody = False
    await session.flush()
    assert (await links_of(session, MAYA, thread)).items == ()
    with pytest.raises(UserError, match="no longer exists"):
        await link(session, MAYA, thread, of_team, NOW)
    for outsider in (ANA, "U0NOBODY"):
        with pytest.raises(UserError, match="HR admins"):
            await make_item(session, actor(outsider), thread, written, NOW)

    item_id = await make_item(session, MAYA, thread, written, NOW)
    with pytest.raises(UserError, match="took this conversation up"):
        await make_item(session, MAYA, thread, written, NOW)
    assert (await links_of(session, MAYA, thread)).item_id == item_id
    await link(session, MAYA, thread, None, NOW)
    await decided(session, item_id)
    assert value
    assert await said(session, ANA, value) == []
    await service.withdraw(session, actor(ANA), value, NOW + 2 * DAY)
    with pytest.raises(UserError, match="no longer there"):
        await link(session, MAYA, thread, item_id, NOW)
    assert await session.get(ProductItem, (WORKSPACE, item_id)), "the sentence is HR's"


async def a_world(session: AsyncSession, author: str) -> list[dict[str, list[str]]]:
    """Return the database while somebody's words become an item, without random ids."""
    async with session.begin_nested() as undone:
        thread, value = await collected(session, author, Way.REPLY)
        ids = {thread: "THREAD"}
        dumps = []
        item_id = await make_item(session, MAYA, thread, await suggestion(session), NOW + DAY)
        ids[item_id] = "ITEM"
        dumps.append(await everything(session, DRAWN))
        await decided(session, item_id)
        dumps.append(await everything(session, DRAWN))
        assert len(await said(session, author, value or "")) == 1
        await undone.rollback()
    session.expire_all()
    return [{table: _renamed(rows, ids) for table, rows in dump.items()} for dump in dumps]


DRAWN = {"audit_entries": "id", "deliveries": "id", "people_products": "id"}


def _renamed(rows: Any, ids: dict[str, str]) -> list[str]:
    texts = []
    for row in rows:
        text = str(row)
        for id_, name in ids.items():
            text = text.replace(id_, name)
        texts.append(text)
    return sorted(texts)


async def test_whose_words_became_an_item_makes_no_difference(session: AsyncSession) -> None:
    await company(session, {"Design": 6})
    await suggestion(session)
    one = await a_world(session, ANA)
    assert one == await a_world(session, BEN)
    assert all(dump["product_items"] and dump["voice_threads"] for dump in one)


@pytest.fixture
async def written(stage: Stage) -> Stage:
    """A stage on which Amara has written anonymously, and HR can read it."""
    await stage.at(stage.now)
    await send(stage, AUTHOR, Way.REPLY)
    await next_day(stage)
    return stage


async def test_from_a_conversation_to_a_decision_in_it(written: Stage) -> None:
    stage = written
    view = await open_first(stage)
    (pressed,) = [each for each in buttons_of(view) if each["action_id"] == inbox_blocks.MAKE_ITEM]
    form = await stage.sandbox.press(HR, inbox_blocks.MAKE_ITEM, view_id=view["id"])
    assert form.view
    assert WORDS not in str(form.view), "nothing of the text goes into the item by itself"
    tomas = people()[1]
    filled = {
        PROBLEM_FIELD: f"{tomas.name} plans too late.",
        item_forms.PRODUCT_FIELD: starting_products()[0].name,
    }
    checked = await stage.sandbox.submit(HR, form.view["id"], filled)
    assert checked.view, checked.errors
    assert "[name] plans too late" in text_of(checked.view)
    made = await stage.sandbox.submit(HR, checked.view["id"])
    assert made.view, made.errors
    assert "[name] plans too late" in text_of(made.view)
    assert "Somebody wrote to HR about it" in text_of(made.view)

    again = await stage.sandbox.press(
        HR, inbox_blocks.MAKE_ITEM, view_id=made.view["id"], force=True, action=dict(pressed)
    )
    await stage.settled()
    shown = f"{again.view}{stage.sandbox.views(HR)['modals']}"
    assert TAKEN_UP_MEANWHILE.split(",")[0] in shown, "a second one sees that it has happened"
    await stage.sandbox.close(HR, stage.sandbox.views(HR)["modals"][-1]["id"])
    await stage.sandbox.home("noor")
    await stage.settled()
    assert "plans too late" in text_of(stage.sandbox.views("noor")["home"])

    item_view = stage.sandbox.views(HR)["modals"][0]
    form = await stage.sandbox.press(HR, items.DECIDE, view_id=item_view["id"])
    assert form.view
    choice = {CHOICE_FIELD: State.WONT.value, REASON_FIELD: "The law needs it."}
    check = await stage.sandbox.submit(HR, form.view["id"], choice)
    assert check.view
    await stage.sandbox.submit(HR, check.view["id"])
    await stage.at(stage.now)
    own = text_of(await open_own(stage, AUTHOR))
    assert "HR took this up as" in own
    assert "Because: The law needs it." in own
