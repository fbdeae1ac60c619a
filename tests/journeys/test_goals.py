"""Goals in Slack: written, shared, taken back, asked about, looked back on."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from bot.errors import OUTDATED
from bot.goals import blocks, forms, service
from bot.goals.service import (
    CANNOT_SHARE,
    COMPANY_FIELD,
    DUE_FIELD,
    MEASURE_FIELD,
    PERSON_FIELD,
    TEXT_FIELD,
)
from models import Delivery, Goal, GoalCheckin, MentoringProfile
from tests.conftest import NOW
from tests.journeys.stage import Stage, buttons_of, text_of

TALK = "Give a talk about Kubernetes"
TWO_WEEKS = timedelta(weeks=2)


async def open_goals(stage: Stage, user: str) -> dict[str, Any]:
    outcome = await stage.sandbox.command(user, "/goal", "", "dm")
    assert outcome.view, outcome
    return outcome.view


async def write(stage: Stage, user: str, text: str = TALK, **answers: Any) -> dict[str, Any]:
    view = await open_goals(stage, user)
    form = await stage.sandbox.press(user, forms.WRITE, view_id=view["id"], value=forms.NEW)
    assert form.view
    fields = {
        TEXT_FIELD: text,
        MEASURE_FIELD: "It was held",
        DUE_FIELD: "2027-02-01",
        **answers,
    }
    saved = await stage.sandbox.submit(user, form.view["id"], fields)
    assert saved.view, saved
    return saved.view


def id_of(stage: Stage, user: str) -> str:
    found = stage.sandbox.world.find_user(user)
    assert found
    return found.id


async def press(stage: Stage, user: str, action: str, view: dict[str, Any]) -> dict[str, Any]:
    outcome = await stage.sandbox.press(user, action, view_id=view["id"])
    await stage.settled()
    assert outcome.ok, outcome
    shown = stage.sandbox.views(user)["modals"][-1]
    assert isinstance(shown, dict)
    return shown


async def share(stage: Stage, user: str, view: dict[str, Any], whom: str) -> Any:
    form = await press(stage, user, forms.SHARE, view)
    return await stage.sandbox.submit(user, form["id"], {PERSON_FIELD: id_of(stage, whom)})


async def test_a_goal_is_private_until_shared_and_again_when_taken_back(stage: Stage) -> None:
    view = await write(stage, "amara")
    assert TALK in text_of(view)
    assert forms.PRIVATE in text_of(view)
    assert TALK not in text_of(await open_goals(stage, "kofi"))
    shared = await share(stage, "amara", view, "kofi")
    assert shared.view
    await stage.at(NOW + timedelta(days=6))
    told = stage.last("kofi")
    assert TALK not in str(told), "Slack keeps messages"
    seen = await stage.press("kofi", blocks.SHARED)
    assert seen.view
    assert TALK in text_of(seen.view)
    assert TALK in text_of(await open_goals(stage, "kofi"))
    view = await open_goals(stage, "amara")
    await press(stage, "amara", forms.TAKE_BACK, view)
    seen = await stage.press("kofi", blocks.SHARED)
    assert seen.view
    assert TALK not in text_of(seen.view)
    assert TALK not in text_of(await open_goals(stage, "kofi"))


async def test_what_cannot_be_seen_is_refused_in_one_sentence(stage: Stage) -> None:
    view = await write(stage, "amara")
    async with stage.runtime.sessions.begin() as session:
        kofi = id_of(stage, "kofi")
        goal = (await session.scalars(select(Goal))).one()
        session.add(
            MentoringProfile(
                workspace_id=goal.workspace_id,
                employee_id=kofi,
                never_with=[goal.employee_id],
                joined_at=NOW,
            )
        )
    for nobody in ("amara", "kofi"):
        refused = await share(stage, "amara", view, nobody)
        assert refused.errors == {PERSON_FIELD: CANNOT_SHARE}
        view = await open_goals(stage, "amara")
    async with stage.runtime.sessions.begin() as session:
        assert (await session.scalars(select(Goal.shared_with))).all() == [None]


async def test_one_press_says_how_it_goes(stage: Stage) -> None:
    await write(stage, "amara")
    for number in range(1, 3):
        await stage.at(NOW + number * TWO_WEEKS)
        asked = stage.last("amara")
        assert TALK not in str(asked), "Slack keeps messages"
        await stage.press("amara", f"{blocks.STATE}:on track")
        assert "saved" in text_of(stage.last("amara"))
        assert "On track" not in text_of(stage.last("amara"))
    assert "On track for 4 weeks" in text_of(await open_goals(stage, "amara"))
    await stage.sandbox.home("amara")
    await stage.settled()
    assert TALK in text_of(stage.sandbox.views("amara")["home"])


async def test_stuck_says_what_helps(stage: Stage) -> None:
    await write(stage, "amara")
    await stage.at(NOW + TWO_WEEKS)
    stuck = await stage.press("amara", f"{blocks.STATE}:stuck")
    assert stuck.view
    assert "/blocker" in text_of(stuck.view)
    assert "stuck" not in text_of(stage.last("amara")).lower(), "Slack keeps messages"


async def test_with_several_goals_trouble_needs_to_say_which(stage: Stage) -> None:
    await write(stage, "amara")
    await write(stage, "amara", "Learn Rust")
    await stage.at(NOW + TWO_WEEKS)
    which = await stage.press("amara", f"{blocks.STATE}:at risk")
    assert which.view
    fields = [block["block_id"] for block in which.view["blocks"] if block["type"] == "input"]
    missing = await stage.sandbox.submit("amara", which.view["id"], {fields[0]: "on track"})
    assert missing.errors
    answers = dict(zip(fields, ("on track", "stuck"), strict=True))
    saved = await stage.sandbox.submit("amara", which.view["id"], answers)
    await stage.settled()
    assert saved.view
    assert "/blocker" in text_of(saved.view)
    assert "saved" in text_of(stage.last("amara"))
    async with stage.runtime.sessions.begin() as session:
        states = await session.scalars(select(GoalCheckin.state).order_by(GoalCheckin.state))
        assert list(states) == ["on track", "stuck"]


async def test_a_second_run_asks_nothing_twice_and_old_buttons_say_so(stage: Stage) -> None:
    await write(stage, "amara")
    await stage.at(NOW + TWO_WEEKS)
    await stage.at(NOW + TWO_WEEKS)
    async with stage.runtime.sessions.begin() as session:
        asked = select(func.count()).where(Delivery.kind == "goal_check")
        assert await session.scalar(asked) == 1
    old = stage.last("amara")
    await stage.at(NOW + 2 * TWO_WEEKS)
    await stage.sandbox.press("amara", f"{blocks.STATE}:stuck", channel="dm", message_ts=old["ts"])
    await stage.settled()
    assert OUTDATED in str(stage.sandbox.messages("dm", "amara"))
    async with stage.runtime.sessions.begin() as session:
        assert (await session.scalars(select(GoalCheckin))).all() == []


async def test_a_quarter_ends_with_a_look_back(stage: Stage) -> None:
    await write(stage, "amara")
    await stage.at(NOW + 4 * TWO_WEEKS)  # 29 December
    opened = await stage.press("amara", blocks.LOOK_BACK)
    assert opened.view
    inputs = [each["block_id"] for each in opened.view["blocks"] if each["type"] == "input"]
    answers = {inputs[0]: "reached", inputs[1]: "Rehearse once with a friend"}
    saved = await stage.sandbox.submit("amara", opened.view["id"], answers)
    await stage.settled()
    assert saved.view
    assert "Rehearse once" in text_of(saved.view)
    assert "I reached it" in text_of(saved.view)
    assert "saved" in text_of(stage.last("amara"))
    before = len(stage.sandbox.messages("dm", "amara"))
    await stage.at(NOW + 6 * TWO_WEEKS)
    assert len(stage.sandbox.messages("dm", "amara")) == before


async def test_hr_lists_the_companys_goals_and_sees_no_ones(stage: Stage) -> None:
    await write(stage, "amara")
    refused = await stage.sandbox.command("amara", "/goal", "company", "dm")
    assert "Only HR admins" in str(refused.reply)
    opened = await stage.sandbox.command("maya", "/goal", "company", "dm")
    assert opened.view
    listed = {service.LIST_FIELD: "Happy customers\n\n  Fewer   meetings \nHappy customers"}
    assert (await stage.sandbox.submit("maya", opened.view["id"], listed)).view
    tied = await write(stage, "kofi", "Fewer tickets", **{COMPANY_FIELD: "Happy customers"})
    assert "It serves “Happy customers”" in text_of(tied)
    assert TALK not in text_of(await open_goals(stage, "maya"))


async def test_bad_input_is_refused_where_it_stands(stage: Stage) -> None:
    view = await open_goals(stage, "amara")
    form = await press(stage, "amara", forms.WRITE, view)
    fields = {TEXT_FIELD: " ", MEASURE_FIELD: "x", DUE_FIELD: NOW.date().isoformat()}
    refused = await stage.sandbox.submit("amara", form["id"], fields)
    assert refused.errors == {TEXT_FIELD: service.EMPTY, DUE_FIELD: service.NOT_AFTER_TODAY}
    for number in range(3):
        view = await write(stage, "amara", f"Goal {number}")
    assert forms.WRITE not in [
        each["action_id"] for each in buttons_of(view) if each.get("value") == forms.NEW
    ]
