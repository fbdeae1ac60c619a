"""Something is in Noor's way: she asks, is helped, and closes it; in Slack."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.blockers import blocks, forms, helpers, helping
from bot.blockers.blocks import NOTHING
from bot.blockers.handlers import ON_OR_OFF, WEEKLY_ON
from models import Blocker, BlockerPool, CountedBlocker, Delivery, Employee, MentoringProfile
from sandbox.demo.company import TEAM_ID, people
from sandbox.outcome import Outcome
from tests.journeys.stage import Stage, buttons_of, text_of

STAFF = {person.name.split()[0].lower(): person for person in people()}
AFTERNOON = datetime(2026, 11, 3, 13, 0, tzinfo=UTC)
"""Everybody on the stage works in Berlin: 14:00 on a Tuesday."""
SAYS = "The staging cluster <!channel> refuses *my* login."


@pytest.fixture(autouse=True)
def no_failures(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Jobs pass over a unit that raises; here nothing may."""
    yield
    said = caplog.get_records("call")
    assert [each.getMessage() for each in said if each.levelname == "ERROR"] == []


def id_of(person: str) -> str:
    return STAFF[person].id


async def reported(stage: Stage, wish: str = forms.GET_HELP, **answers: str) -> Outcome:
    """Fill in Noor's form."""
    opened = await stage.sandbox.command("noor", "/blocker", "")
    assert opened.view, opened.shown
    filled = {forms.KIND: "access", forms.TEXT: SAYS, forms.WISH: wish, **answers}
    return await stage.sandbox.submit("noor", opened.view["id"], filled)


async def press_in(
    stage: Stage, person: str, view_id: str, action_id: str, **choice: Any
) -> Outcome:
    pressed = await stage.sandbox.press(person, action_id, view_id=view_id, **choice)
    await stage.settled()
    return pressed


async def asked(stage: Stage, helper: str, **answers: str) -> Blocker:
    """Let Noor ask somebody, chosen by name."""
    await stage.at(AFTERNOON)
    chosen = await reported(stage, **answers)
    assert chosen.ok, (chosen.shown, chosen.errors)
    assert chosen.view
    assert "Whom shall I ask?" in text_of(chosen.view)
    pressed = await press_in(
        stage, "noor", chosen.view["id"], forms.ASK_OTHER, selected=id_of(helper)
    )
    assert pressed.ok, pressed.shown
    await stage.at(stage.now)
    return await the_blocker(stage)


async def the_blocker(stage: Stage) -> Blocker:
    async with stage.runtime.sessions.begin() as session:
        return (await session.scalars(select(Blocker))).one()


def action_ids(message: dict[str, Any]) -> list[str]:
    return [button["action_id"] for button in buttons_of(message)]


async def test_help_from_the_first_word_to_thanks(stage: Stage) -> None:
    blocker = await asked(stage, "kofi")
    assert blocker.status == "asked"
    request = stage.last("kofi")
    assert "refuses" in text_of(request)
    assert "<!channel>" not in text_of(request)
    assert action_ids(request) == [blocks.HELP, blocks.NOT_ME, blocks.LATER]

    await stage.press("kofi", blocks.HELP)
    assert "bringing you and" in text_of(stage.last("kofi"))
    await stage.at(stage.now)
    (group,) = [
        channel
        for channel in stage.sandbox.world.channels.values()
        if any("can help you" in each.text for each in channel.messages.values())
    ]
    assert {id_of("noor"), id_of("kofi")} <= set(group.members)

    await stage.at(datetime(2026, 11, 5, 10, 0, tzinfo=UTC))
    assert "out of the way" in text_of(stage.last("noor"))
    await stage.press("noor", blocks.SOLVED)
    assert "Unblocked" in text_of(stage.last("noor"))
    assert (await the_blocker(stage)).status == "solved"

    await stage.at(datetime(2026, 11, 10, 10, 0, tzinfo=UTC))
    assert "with your help" in text_of(stage.last("kofi"))
    written = text_of({"all": stage.sandbox.messages("dm", "noor")})
    assert written.count("out of the way?") == 0, "one follow-up, whose place the answer took"


async def test_a_question_is_passed_on_once(stage: Stage) -> None:
    await asked(stage, "kofi")

    form = await stage.press("kofi", blocks.NOT_ME)
    assert form.view
    passed = await stage.sandbox.submit("kofi", form.view["id"], {forms.INSTEAD: id_of("arjun")})
    assert passed.ok, passed.errors
    await stage.at(stage.now)

    request = stage.last("arjun")
    assert "A colleague suggested you" in text_of(request)
    assert "Not me, ask" not in text_of(request)
    await stage.press("kofi", blocks.HELP)
    assert helping.NO_LONGER in text_of(stage.last("kofi"))
    assert (await the_blocker(stage)).helper_id == id_of("arjun")

    await stage.press("arjun", blocks.NOT_ME)
    assert "let" in text_of(stage.last("arjun"))
    await stage.at(stage.now + timedelta(days=1))
    assert blocks.NO_HELP in text_of(stage.last("noor"))
    choose = await stage.press("noor", blocks.CHOOSE)
    assert choose.view
    await press_in(stage, "noor", choose.view["id"], forms.ASK_OTHER, selected=id_of("kofi"))
    assert helpers.ASKED_BEFORE in str(stage.sandbox.views("noor"))


async def test_later_today_comes_back_the_same_day(stage: Stage) -> None:
    await stage.at(datetime(2026, 11, 3, 9, 0, tzinfo=UTC))
    chosen = await reported(stage)
    assert chosen.view
    await press_in(stage, "noor", chosen.view["id"], forms.ASK_OTHER, selected=id_of("kofi"))
    await stage.at(stage.now)

    await stage.press("kofi", blocks.LATER)
    assert "ask you again" in text_of(stage.last("kofi"))
    await stage.at(datetime(2026, 11, 3, 12, 30, tzinfo=UTC))

    again = stage.last("kofi")
    assert "You wanted to look at this later" in text_of(again)
    assert action_ids(again) == [blocks.HELP, blocks.NOT_ME]


async def test_silence_frees_the_asker(stage: Stage) -> None:
    await asked(stage, "kofi")

    await stage.at(datetime(2026, 11, 6, 10, 0, tzinfo=UTC))

    assert (await the_blocker(stage)).status == "open"
    assert blocks.NO_HELP in text_of(stage.last("noor"))
    await stage.press("noor", blocks.DROPPED)
    assert (await the_blocker(stage)).status == "dropped"


async def test_a_helper_who_leaves_is_let_go(stage: Stage) -> None:
    await asked(stage, "kofi")
    await stage.press("kofi", blocks.HELP)
    await stage.sandbox.deactivate("kofi")
    await stage.settled()

    await stage.at(stage.now + timedelta(days=1))

    assert (await the_blocker(stage)).status == "open"
    assert blocks.NO_HELP in text_of(stage.last("noor"))


@pytest.mark.parametrize("whom", ["noor", "never", "away", "bot"])
async def test_who_cannot_be_asked_is_not_asked(stage: Stage, whom: str) -> None:
    kofi = id_of("kofi")
    async with stage.runtime.sessions.begin() as session:
        if whom == "never":
            profile = MentoringProfile(
                workspace_id=TEAM_ID,
                employee_id=kofi,
                never_with=[id_of("noor")],
                joined_at=stage.now,
            )
            session.add(profile)
        if whom == "away":
            (await session.get_one(Employee, (TEAM_ID, kofi))).away_until = AFTERNOON + timedelta(4)
    await stage.at(AFTERNOON)
    chosen = await reported(stage)
    assert chosen.view
    helper = {"noor": id_of("noor"), "bot": stage.sandbox.app.bot_user_id}.get(whom, kofi)
    await press_in(stage, "noor", chosen.view["id"], forms.ASK_OTHER, selected=helper)

    says = {"noor": helpers.YOURSELF, "bot": helpers.NOT_A_COLLEAGUE}.get(whom, helpers.NOT_NOW)
    assert says in str(stage.sandbox.views("noor"))
    assert (await the_blocker(stage)).status == "open"
    async with stage.runtime.sessions.begin() as session:
        assert not (await session.scalars(select(Delivery))).all()


async def test_what_is_only_counted_keeps_no_word_and_no_name(stage: Stage) -> None:
    for _ in range(2):
        done = await reported(stage, forms.COUNT)
        assert done.view
        assert "Counted" in text_of(done.view)

    async with stage.runtime.sessions.begin() as session:
        (row,) = (await session.scalars(select(CountedBlocker))).all()
        assert row.kind == "access"
        assert not (await session.scalars(select(Blocker))).all()
    await stage.at(datetime(2026, 12, 1, 9, 0, tzinfo=UTC))
    async with stage.runtime.sessions.begin() as session:
        assert not (await session.scalars(select(CountedBlocker))).all()
        assert not (await session.scalars(select(BlockerPool))).all()


@pytest.mark.parametrize("missing", [forms.KIND, forms.TEXT, forms.WISH])
async def test_what_is_missing_is_named_at_its_field(stage: Stage, missing: str) -> None:
    sent = await reported(stage, **{missing: ""})

    assert list(sent.errors or {}) == [missing]


async def test_home_lists_what_is_open_and_closes_it(stage: Stage) -> None:
    await asked(stage, "kofi")
    for person, says in (("noor", "is being asked"), ("kofi", "asks for your help")):
        await stage.sandbox.home(person)
        await stage.settled()
        home = stage.sandbox.views(person)["home"]
        assert says in text_of(home)
    closed = await press_in(stage, "noor", stage.sandbox.views("noor")["home"]["id"], blocks.SOLVED)
    assert closed.ok, closed.shown
    assert "Unblocked" in str(stage.sandbox.views("noor"))


async def test_the_weekly_question_only_comes_along(stage: Stage) -> None:
    refused = await stage.sandbox.command("noor", "/blocker", "weekly on")
    assert "Only HR admins" in text_of(refused.message or {})
    wrong = await stage.sandbox.command("maya", "/blocker", "weekly perhaps")
    assert text_of(wrong.message or {}) == ON_OR_OFF
    switched = await stage.sandbox.command("maya", "/blocker", "weekly on")
    assert text_of(switched.message or {}) == WEEKLY_ON

    await stage.at(datetime(2026, 11, 9, 9, 0, tzinfo=UTC))
    await stage.at(datetime(2026, 11, 13, 9, 0, tzinfo=UTC))
    assert not stage.sandbox.messages("dm", "kofi"), "it takes no message of its own"

    await stage.at(datetime(2026, 11, 16, 9, 0, tzinfo=UTC))
    async with stage.runtime.sessions.begin() as session:
        waiting = select(Delivery).where(Delivery.recipient == id_of("kofi"))
        assert len((await session.scalars(waiting)).all()) == 1, "only one waits"
    chosen = await reported(stage)
    assert chosen.view
    await press_in(stage, "noor", chosen.view["id"], forms.ASK_OTHER, selected=id_of("kofi"))
    await stage.at(stage.now)
    assert {blocks.HELP, NOTHING} <= set(action_ids(stage.last("kofi")))
    await stage.press("kofi", NOTHING)
    assert "Nothing of this is kept" in text_of(stage.last("kofi"))


async def test_figures_are_for_hr(stage: Stage) -> None:
    refused = await stage.sandbox.command("noor", "/blocker", "figures")
    assert "Only HR can see figures" in text_of(refused.message or {})
    shown = await stage.sandbox.command("maya", "/blocker", "figures")
    assert shown.view
    assert "no figures yet" in text_of(shown.view)
    record = await stage.pulse("noor", "record")
    assert "in blockers" in text_of(record.view or record.message or {})


async def test_settings_keep_a_helper_from_being_asked(stage: Stage) -> None:
    opened = await stage.sandbox.command("kofi", "/blocker", "settings")
    assert opened.view
    saved = await stage.sandbox.submit("kofi", opened.view["id"], {forms.MOST: "0"})
    assert saved.ok, saved.errors

    await stage.at(AFTERNOON)
    chosen = await reported(stage)
    assert chosen.view
    await press_in(stage, "noor", chosen.view["id"], forms.ASK_OTHER, selected=id_of("kofi"))
    assert helpers.NOT_NOW in str(stage.sandbox.views("noor"))
