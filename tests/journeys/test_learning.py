"""Learning time in Slack: booked, moved, noted, shared, asked about."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.learning import blocks, forms
from bot.learning.months import BUDGET_FIELD, HOURS_FIELD, MOST_HOURS, NO_HOURS
from bot.learning.notes import (
    CHANNEL_FIELD,
    NO_CHANNEL,
    NO_TOPIC,
    NOTE_FIELD,
    SHOWN_FIELD,
    TOPIC_FIELD,
)
from models import Delivery, LearningAnswer, LearningSlot, MonthlyFigure
from tests.conftest import NOW
from tests.journeys.stage import Stage, text_of

SLOT = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)  # 16:00 in Berlin, the last hour of today
NEARLY_OVER = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
EXPLORED = "I read about Rust with Kofi Mensah"


async def opened(stage: Stage, user: str, text: str = "") -> dict[str, Any]:
    outcome = await stage.sandbox.command(user, "/learn", text, "dm")
    assert outcome.view, outcome
    return outcome.view


async def pressed(stage: Stage, user: str, action: str, view: Any, **choice: Any) -> Any:
    outcome = await stage.sandbox.press(user, action, view_id=view["id"], **choice)
    await stage.settled()
    assert outcome.ok, outcome
    return stage.sandbox.views(user)["modals"][-1]


async def the_slot(stage: Stage) -> LearningSlot:
    async with stage.runtime.sessions.begin() as session:
        return (await session.scalars(select(LearningSlot))).one()


async def test_a_slot_is_booked_moved_and_sent_as_a_file(stage: Stage) -> None:
    view = await pressed(stage, "amara", f"{forms.BOOK}:60", await opened(stage, "amara"))
    assert "Booked" in text_of(view)
    assert (await the_slot(stage)).starts_at == SLOT
    await stage.at(NOW)
    first = stage.last("amara")["files"]
    tomorrow = (SLOT + timedelta(days=1)).isoformat()
    view = await pressed(stage, "amara", forms.MOVE, view, selected=tomorrow)
    assert "Moved" in text_of(view)
    moved = await the_slot(stage)
    assert (moved.starts_at, moved.moves) == (SLOT + timedelta(days=1), 1)
    await stage.at(NOW)
    assert stage.last("amara")["files"] != first
    before = len(stage.sandbox.messages("dm", "amara"))
    await stage.at(NOW + timedelta(minutes=5))
    assert len(stage.sandbox.messages("dm", "amara")) == before, "each file once"
    view = await pressed(stage, "amara", forms.CANCEL, await opened(stage, "amara"))
    assert "Deleted" in text_of(view)


async def book_and_take(stage: Stage, user: str = "amara") -> None:
    """Book an hour and let it pass, until the question after it."""
    await pressed(stage, user, f"{forms.BOOK}:60", await opened(stage, user))
    await stage.at(SLOT + timedelta(hours=18))


async def test_what_did_not_happen_moves_with_one_press(stage: Stage) -> None:
    await book_and_take(stage)
    await stage.press("amara", blocks.LATER)
    moved = await the_slot(stage)
    assert moved.starts_at > stage.now
    assert "Moved to" in str(stage.sandbox.messages("dm", "amara"))


async def noting(stage: Stage, user: str = "amara") -> dict[str, Any]:
    form = await stage.press(user, blocks.NOTE)
    assert form.view
    return form.view


async def test_a_line_is_private_unless_shared(stage: Stage) -> None:
    await book_and_take(stage)
    form = await noting(stage)
    saved = await stage.sandbox.submit("amara", form["id"], {NOTE_FIELD: EXPLORED})
    assert saved.view
    assert EXPLORED in text_of(await opened(stage, "amara"))
    assert "Rust" not in await home_of(stage, "kofi")


async def home_of(stage: Stage, user: str) -> str:
    await stage.sandbox.home(user)
    await stage.settled()
    return text_of(stage.sandbox.views(user)["home"])


async def test_a_shared_line_is_shown_first_as_others_read_it(stage: Stage) -> None:
    await book_and_take(stage)
    form = await noting(stage)
    answers = {NOTE_FIELD: EXPLORED, SHOWN_FIELD: "topic"}
    missing = await stage.sandbox.submit("amara", form["id"], answers)
    assert missing.errors == {TOPIC_FIELD: NO_TOPIC}
    answers[TOPIC_FIELD] = "rust"
    shown = await stage.sandbox.submit("amara", form["id"], answers)
    assert shown.view
    assert "Kofi Mensah" not in text_of(shown.view["blocks"][1])
    assert (await the_slot(stage)).note is None
    assert (await stage.sandbox.submit("amara", form["id"], answers)).view
    slot = await the_slot(stage)
    assert slot.note
    assert "Kofi" not in slot.note
    assert "Rust" not in await home_of(stage, "kofi"), "it is not among Kofi's topics"


async def test_a_line_goes_to_a_channel_and_is_taken_back(stage: Stage) -> None:
    channel = next(each for each in stage.sandbox.world.channels.values() if each.name == "general")
    await stage.sandbox.invite("maya", channel.id, "attune")
    await book_and_take(stage)
    form = await noting(stage)
    answers = {NOTE_FIELD: "I read about Rust", SHOWN_FIELD: "channel"}
    missing = await stage.sandbox.submit("amara", form["id"], answers)
    assert missing.errors == {CHANNEL_FIELD: NO_CHANNEL}
    answers[CHANNEL_FIELD] = channel.id
    for _ in range(2):
        assert (await stage.sandbox.submit("amara", form["id"], answers)).view
    await stage.at(stage.now)
    assert "Rust" in str(stage.sandbox.messages(channel.id, "kofi"))
    assert "Rust" in await home_of(stage, "kofi")
    await pressed(stage, "amara", forms.TAKE_BACK, await opened(stage, "amara"))
    await stage.settled()
    assert "Rust" not in str(stage.sandbox.messages(channel.id, "kofi"))
    assert "Rust" not in await home_of(stage, "kofi")


async def state_policy(stage: Stage, hours: str = "4") -> Any:
    form = await opened(stage, "maya", "policy")
    answers = {HOURS_FIELD: hours, BUDGET_FIELD: "€500 a year, at people@acme.example"}
    return await stage.sandbox.submit("maya", form["id"], answers)


async def test_hr_states_the_policy(stage: Stage) -> None:
    refused = await stage.sandbox.command("amara", "/learn", "policy", "dm")
    assert "Only HR admins" in str(refused.reply)
    assert (await state_policy(stage, "no")).errors == {
        HOURS_FIELD: NO_HOURS.format(most=MOST_HOURS)
    }
    assert (await state_policy(stage)).view
    shown = text_of(await opened(stage, "amara"))
    assert "4 hours a month" in shown
    assert "€500" in shown


async def test_a_months_answer_is_counted_once_and_then_deleted(stage: Stage) -> None:
    await state_policy(stage)
    await stage.at(NEARLY_OVER)
    for user, got in (("amara", "all"), ("kofi", "none")):
        asked = await stage.press(user, f"{blocks.GOT}:{got}")
        if got == "none":
            assert asked.view
            await pressed(stage, user, f"{forms.TAKEN}:meetings", asked.view)
        assert "saved" in text_of(stage.last(user))
        assert got not in text_of(stage.last(user)).lower().split(), "Slack keeps messages"
    async with stage.runtime.sessions.begin() as session:
        rows = await session.scalars(select(LearningAnswer).order_by(LearningAnswer.got))
        assert [(each.got, each.taken_by) for each in rows] == [
            ("all", None),
            ("none", "meetings"),
        ]
    await stage.at(NEARLY_OVER)
    await stage.at(datetime(2026, 12, 1, 9, 0, tzinfo=UTC))
    async with stage.runtime.sessions.begin() as session:
        assert (await session.scalars(select(LearningAnswer))).all() == []
        asked_twice = select(Delivery.recipient).where(Delivery.kind == "learning_month")
        people = list(await session.scalars(asked_twice))
        assert len(people) == len(set(people))
        figures = await session.scalars(
            select(MonthlyFigure).where(MonthlyFigure.subject == "learning time")
        )
        assert {each.n for each in figures} == {0}, "two people are too few"
    shown = await opened(stage, "maya", "figures")
    assert "Too few people" in text_of(shown)
