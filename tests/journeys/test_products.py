"""A fall stands out; HR takes it up, decides with a reason, and those who were asked hear of it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.products.board import blocks as board
from bot.products.board.service import HAS_ITEMS, INTO_FIELD
from bot.products.decisions.service import CHOICE_FIELD, NO_DAY, REASON_FIELD, UNTIL_FIELD
from bot.products.effects import blocks as effects
from bot.products.effects.service import LOOK_FIELD
from bot.products.items import blocks
from bot.products.items.pure.states import State
from bot.products.items.service import PROBLEM_FIELD
from bot.products.supports import blocks as supports
from bot.surveys import form_fields
from models import (
    AuditEntry,
    Delivery,
    Employee,
    ProductItem,
    RoleGrant,
    Support,
    SupportRound,
    Survey,
    Wave,
    Workspace,
)
from sandbox.demo.company import HR_CHANNEL, TEAM_ID
from tests.conftest import NOW
from tests.journeys.improving import (
    ASKED,
    MAYA,
    MORNING,
    STAFF,
    TOMAS,
    composed,
    decided,
    item_opened,
    opened,
    pressed,
    published,
    submitted,
    the_item,
)
from tests.journeys.stage import Stage, text_of
from tests.products.stories import publish_wave


@pytest.fixture(autouse=True)
def no_failures(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Jobs pass over a unit that raises; here nothing may."""
    yield
    said = caplog.get_records("call")
    assert [each.getMessage() for each in said if each.levelname == "ERROR"] == []


async def test_from_what_stands_out_to_you_said_we_did(stage: Stage) -> None:
    await published(stage)
    first = (await opened(stage)).view
    assert first
    assert "1 item waits for a decision" in text_of(first)
    assert "*Workload*" in text_of(first), "the figures of its drivers stand beside a product"
    view = await item_opened(stage)
    assert "Workload fell" in text_of(view)
    assert "These numbers stay here" in text_of(view)

    form = await pressed(stage, view, blocks.TAKE_UP)
    problem = "Too much work, says Tomas Weber <!channel>."
    hidden = await submitted(stage, form, **{PROBLEM_FIELD: problem})
    assert "how people will read it" in text_of(hidden)
    assert "says [name]" in text_of(hidden)
    assert (await the_item(stage)).state == State.PROPOSED, "nothing is stored before it was shown"
    taken = await submitted(stage, hidden)
    assert "You have taken it up" in text_of(taken)
    assert "says [name]" in text_of(taken)

    form = await pressed(stage, taken, blocks.DECIDE)
    asked = f"We hire two people; <@{TOMAS}> leads that."
    choice = {CHOICE_FIELD: State.DOING.value, REASON_FIELD: asked}
    check = await submitted(stage, form, **choice)
    assert "[mention]" in text_of(check) or TOMAS not in text_of(check)
    assert (await the_item(stage)).state == State.TAKEN_UP, "nothing is stored before it was shown"
    done = await submitted(stage, check)
    assert "Those who were asked are told" in text_of(done)

    await stage.at(MORNING)
    await stage.at(MORNING + timedelta(days=7))
    told = text_of(stage.last(ASKED[0]))
    assert "*You said:* Too much work" in told
    assert "We hire two people" in told
    assert "<!channel>" not in told
    assert not stage.sandbox.messages("dm", TOMAS), "those who were not asked get no message"
    await stage.sandbox.home(TOMAS)
    await stage.settled()
    assert "What came of it" in text_of(stage.sandbox.views(TOMAS)["home"])
    async with stage.runtime.sessions.begin() as session:
        states = await session.scalars(
            select(AuditEntry.detail).where(AuditEntry.action == "items.changed")
        )
        assert sorted(each["state"] for each in states) == ["doing", "proposed", "taken up"]
        sent = await session.scalars(select(Delivery).where(Delivery.kind == "came_of_it"))
        assert {each.recipient for each in sent} == set(ASKED)


async def test_the_digest_tells_what_came_of_it(stage: Stage) -> None:
    await published(stage)
    await stage.sandbox.command(MAYA, "/digest", "here weekly monday 09:00", HR_CHANNEL)
    choice = {CHOICE_FIELD: State.WONT.value, REASON_FIELD: "The office stays."}
    await decided(stage, await item_opened(stage), **choice)
    preview = await stage.sandbox.command(MAYA, "/digest", "now", HR_CHANNEL)
    assert preview.message
    assert "*We won't change this.*" in text_of(preview.message)
    assert "The office stays." in text_of(preview.message)


async def test_people_say_same_for_me_and_nobody_learns_who(stage: Stage) -> None:
    await published(stage)
    form = await pressed(stage, await item_opened(stage), blocks.TAKE_UP)
    await submitted(stage, form, **{PROBLEM_FIELD: "Too much work."})
    await stage.sandbox.command(MAYA, "/digest", "here weekly monday 09:00", HR_CHANNEL)
    for person in STAFF[2:12]:
        await stage.sandbox.home(person.id)
        await stage.settled()
        home = stage.sandbox.views(person.id)["home"]
        assert "*You said:* Too much work." in text_of(home)
        view = await pressed(stage, home, supports.SUPPORT, person.id)
        assert "Noted: you feel the same." in text_of(view)
    again = await pressed(stage, view, supports.TAKE_BACK, person.id)
    assert "Taken back" in text_of(again), "nine are left, so 5 whatever the hidden threshold is"
    assert "At least" not in text_of(await item_opened(stage)), "not before Monday"

    await stage.at(MORNING + timedelta(days=6))
    assert "At least 5 people say: same for me" in text_of(await item_opened(stage))
    digest = stage.sandbox.messages(HR_CHANNEL, MAYA)[-1]
    assert "At least 5 people say: same for me" in text_of(digest)
    from_channel = await stage.sandbox.press(
        MAYA, supports.SUPPORT, channel=HR_CHANNEL, message_ts=digest["ts"]
    )
    assert from_channel.view, from_channel.shown
    assert "Noted" in text_of(from_channel.view)

    choice = {CHOICE_FIELD: State.WONT.value, REASON_FIELD: "The office stays."}
    await stage.sandbox.close(MAYA, from_channel.view["id"])
    await decided(stage, await item_opened(stage), **choice)
    async with stage.runtime.sessions.begin() as session:
        assert (await session.scalars(select(Support))).all() == []
        assert (await session.scalars(select(SupportRound))).all() == []
    await stage.sandbox.press(MAYA, supports.SUPPORT, channel=HR_CHANNEL, message_ts=digest["ts"])
    await stage.settled()
    said = stage.sandbox.messages(HR_CHANNEL, MAYA)
    assert "nothing to support" in str([text_of(each) for each in said])


async def test_of_two_who_decide_at_once_the_second_sees_the_first(stage: Stage) -> None:
    await published(stage)
    async with stage.runtime.sessions.begin() as session:
        session.add(
            RoleGrant(workspace_id=TEAM_ID, employee_id=TOMAS, role="admin", granted_at=NOW)
        )
    forms = [
        await pressed(stage, await item_opened(stage, user), blocks.DECIDE, user)
        for user in (MAYA, TOMAS)
    ]
    checks = [
        await submitted(
            stage, form, user, **{CHOICE_FIELD: State.WONT.value, REASON_FIELD: f"Says {number}."}
        )
        for number, (form, user) in enumerate(zip(forms, (MAYA, TOMAS), strict=True))
    ]
    await submitted(stage, checks[0])
    second = await submitted(stage, checks[1], TOMAS)
    assert "Somebody changed this item" in text_of(second)
    assert "Says 0." in text_of(second)
    assert (await the_item(stage)).reason == "Says 0."


async def test_a_day_is_needed_to_put_something_off(stage: Stage) -> None:
    await published(stage)
    form = await pressed(stage, await item_opened(stage), blocks.DECIDE)
    later = {CHOICE_FIELD: State.LATER.value, REASON_FIELD: "After the move."}
    refused = await stage.sandbox.submit(MAYA, form["id"], later)
    assert refused.errors == {UNTIL_FIELD: NO_DAY}
    await submitted(stage, form, **later, **{UNTIL_FIELD: "2026-12-01"})
    check = stage.sandbox.views(MAYA)["modals"][-1]
    await submitted(stage, check)
    assert (await the_item(stage)).state == State.LATER
    await stage.at(datetime(2026, 11, 30, 22, 0, tzinfo=UTC))
    assert (await the_item(stage)).state == State.LATER, "it is still November in Berlin"
    await stage.at(datetime(2026, 11, 30, 23, 0, tzinfo=UTC))
    assert (await the_item(stage)).state == State.TAKEN_UP


async def test_silence_is_told_to_hr_and_then_to_everybody(stage: Stage) -> None:
    await published(stage)
    await stage.at(MORNING + timedelta(days=15))
    assert "1 decision is later than promised" in text_of(stage.last(MAYA))
    opened_board = await stage.press(MAYA, board.BOARD)
    assert opened_board.view, opened_board.shown
    await stage.sandbox.home(TOMAS)
    await stage.settled()
    assert "no answer yet" not in text_of(stage.sandbox.views(TOMAS)["home"])
    await stage.at(MORNING + timedelta(days=29))
    await stage.sandbox.home(TOMAS)
    await stage.settled()
    assert "Asked 29 days ago, no answer yet" in text_of(stage.sandbox.views(TOMAS)["home"])


async def test_nobody_is_asked_again_before_they_have_an_answer(stage: Stage) -> None:
    await published(stage)
    await submitted(stage, await composed(stage, "Confirmed before"))
    await stage.at(MORNING + timedelta(days=14))
    stale = await composed(stage, "Previewed before")
    await stage.at(MORNING + timedelta(days=14, hours=12))

    refused = await stage.sandbox.submit(MAYA, stale["id"])
    await stage.settled()
    assert refused.view
    assert "still waits for a decision" in text_of(refused.view)
    await stage.sandbox.close(MAYA, refused.view["id"])
    preview = await composed(stage, "Asked again")
    assert "People still wait for an answer about Workload" in text_of(preview)
    await submitted(stage, preview, **{form_fields.DESPITE: "The law wants it, Tomas Weber."})

    record = await stage.pulse(TOMAS, "record")
    assert record.message
    shown = text_of(record.message)
    assert "though Workload waited for a decision: “The law wants it" in shown
    async with stage.runtime.sessions.begin() as session:
        surveys = await session.execute(select(Survey.name, Survey.status))
        assert dict(surveys.all()) == {
            "Weekly pulse": "ended",
            "Confirmed before": "active",
            "Previewed before": "draft",
            "Asked again": "active",
        }
    await stage.at(MORNING + timedelta(days=15, hours=4))
    assert (await the_item(stage)).decide_by, "it is still late"
    async with stage.runtime.sessions.begin() as session:
        held = await session.scalars(
            select(Wave.held_on)
            .join(Survey, Survey.id == Wave.survey_id)
            .where(Survey.name == "Confirmed before")
        )
        assert list(held) == [date(2026, 11, 18)], "what was confirmed before is asked"


async def test_the_effect_is_looked_for_where_something_was_done(stage: Stage) -> None:
    pulse = await published(stage, ("Design",))
    choice = {CHOICE_FIELD: State.DOING.value, REASON_FIELD: "We hire two people."}
    view = await decided(stage, await item_opened(stage), **choice)
    form = await pressed(stage, view, effects.PLAN)
    assert "*Weekly pulse*" in text_of(form) or "Weekly pulse" in text_of(form)
    past = await stage.sandbox.submit(MAYA, form["id"], {LOOK_FIELD: "2026-11-01"})
    assert list(past.errors) == [LOOK_FIELD]
    planned = await submitted(stage, form, **{LOOK_FIELD: "2027-01-05"})
    assert "I look on 5 January 2027" in text_of(planned)
    async with stage.runtime.sessions.begin() as session:
        for week in range(1, 9):
            tired = ("Design",) if week < 4 else ()
            await publish_wave(session, pulse, MORNING + timedelta(weeks=week), tired)
    await stage.at(datetime(2027, 1, 5, 12, 0, tzinfo=UTC))
    await stage.at(datetime(2027, 1, 11, 12, 0, tzinfo=UTC))

    told = text_of(stage.last(MAYA))
    assert "*Workload rose by" in told
    assert "more in one team than in 3 other teams*, as hoped" in told
    charts = [each for each in stage.last(MAYA)["blocks"] if each["type"] == "data_visualization"]
    assert len(charts) == 1
    item = await stage.press(MAYA, board.OPEN_ITEM)
    assert item.view
    assert "*Workload rose by" in text_of(item.view)

    asked = await pressed(stage, item.view, effects.NOTICE_ASKED)
    preview = await submitted(stage, asked)
    assert "Did you notice any change in this: Design: Workload fell?" in text_of(preview)
    await submitted(stage, preview)


async def test_more_is_asked_about_it_in_a_survey(stage: Stage) -> None:
    await published(stage)
    choice = {CHOICE_FIELD: State.ASKING.value, REASON_FIELD: "We don't know what would help."}
    view = await decided(stage, await item_opened(stage), **choice)
    assert (await the_item(stage)).until, "it comes back by itself"
    form = await pressed(stage, view, blocks.ASK_MORE)
    assert "More about Workload" in str(form)
    preview = await submitted(stage, form)
    assert "normal working hours" in text_of(preview) or "workload" in text_of(preview).lower()
    assert "still wait for an answer" not in text_of(preview)
    await submitted(stage, preview)


async def test_products_are_changed_and_merged(stage: Stage) -> None:
    await published(stage)
    view = (await opened(stage)).view
    form = await pressed(stage, view, board.NEW_PRODUCT)
    filled = {"products:name": "Peace <!here>", "products:purpose": "Rest."}
    filled["products:owner"] = TOMAS
    product = await submitted(stage, form, **filled)
    assert "Peace" in text_of(product)
    again = await pressed(stage, (await opened(stage)).view, board.NEW_PRODUCT)
    taken = await stage.sandbox.submit(MAYA, again["id"], filled)
    assert list(taken.errors) == ["products:name"]

    item = await the_item(stage)
    view = await pressed(
        stage, (await opened(stage)).view, board.OPEN_PRODUCT, value=item.product_id
    )
    merge = await pressed(stage, view, board.DELETE_PRODUCT)
    refused = await stage.sandbox.submit(MAYA, merge["id"], {})
    assert refused.errors == {INTO_FIELD: HAS_ITEMS}
    await submitted(stage, merge, **{INTO_FIELD: "Peace <!here>"})
    after = await the_item(stage)
    assert after.product_id != item.product_id
    assert (after.problem, after.version) == (item.problem, item.version)


async def test_a_manager_sees_and_decides_what_is_about_their_own_team(stage: Stage) -> None:
    await published(stage, ("Design", "Sales"))
    async with stage.runtime.sessions.begin() as session:
        (await session.get_one(Workspace, TEAM_ID)).managers_see_team = True
        in_design = Employee.team == "Design"
        await session.execute(update(Employee).where(in_design).values(manager_id=TOMAS))
    view = (await opened(stage, TOMAS)).view
    shown = text_of(view or {})
    assert "Design: Workload fell" in shown
    assert "Sales" not in shown
    item = await pressed(stage, view, board.OPEN_ITEM, TOMAS)
    back = await pressed(stage, item, board.OPEN_PRODUCT, TOMAS)
    assert "Sales" not in text_of(back), "a product has items of other teams"
    item = await pressed(stage, back, board.OPEN_ITEM, TOMAS)
    choice = {CHOICE_FIELD: State.DOING.value, REASON_FIELD: "Fewer projects at once."}
    done = await decided(stage, item, TOMAS, **choice)
    assert "Fewer projects at once." in text_of(done)
    async with stage.runtime.sessions.begin() as session:
        looks = await session.execute(
            select(AuditEntry.actor_id, AuditEntry.detail).where(
                AuditEntry.action == "figures.viewed"
            )
        )
        assert {(who, str(detail)) for who, detail in looks} == {(TOMAS, "{'as': 'manager'}")}
        other = await session.scalar(
            select(ProductItem.id).where(ProductItem.segment_ref == "Sales")
        )
    refused = await stage.sandbox.press(
        TOMAS,
        board.OPEN_ITEM,
        view_id=done["id"],
        force=True,
        action={"type": "button", "action_id": board.OPEN_ITEM, "value": other},
    )
    await stage.settled()
    assert "managers for their own team" in text_of(refused.view or {}) or "managers" in str(
        stage.sandbox.views(TOMAS)["modals"][-1]
    )


async def test_only_hr_sees_the_board(stage: Stage) -> None:
    refused = await stage.sandbox.command(TOMAS, "/improve", "")
    assert refused.message
    assert "/pulse admins" in text_of(refused.message)
    helped = await stage.sandbox.command(TOMAS, "/improve", "help")
    assert helped.message
    assert (await stage.sandbox.command(TOMAS, "/improve", "value")).view is None
    report = await stage.sandbox.command(MAYA, "/improve", "value")
    assert report.view, report.shown
    assert "Nothing stood out in the last year" in text_of(report.view)
    settings = await pressed(stage, (await opened(stage)).view, board.SETTINGS)
    outcome = await stage.sandbox.submit(MAYA, settings["id"], {"products:days": "21"})
    assert outcome.view
    assert "within 21 days" in text_of(outcome.view)
