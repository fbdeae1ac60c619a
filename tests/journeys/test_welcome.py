"""A newcomer is expected, gets a buddy, is offered help and leaves again; in Slack."""

import logging
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select

from bot.actor import Actor
from bot.journeys import blocks as journeys
from bot.journeys.welcome import blocks, leaving_blocks
from bot.journeys.welcome.helping import KEPT_NOWHERE
from bot.mentoring.profiles import forms
from bot.mentoring.profiles.service import Profile, save
from bot.pulse import blocks as pulse
from models import Employee, MentoringMatch, Welcome
from sandbox.demo.company import TEAM_ID, people
from sandbox.outcome import Outcome
from tests.journeys.stage import Stage, text_of
from tests.journeys.test_self_check import bytes_of, everything

STAFF = {person.name.split()[0].lower(): person for person in people()}
SAM, MANAGER, BUDDY = "noor", "kofi", "lena"
FIRST_DAY = date(2026, 11, 9)
FRIDAY = datetime(2026, 11, 6, 9, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 9, 9, 15, tzinfo=UTC)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def no_failures(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Jobs pass over a unit that raises; here nothing may."""
    yield
    said = caplog.get_records("call")
    assert [each.getMessage() for each in said if each.levelname == "ERROR"] == []


async def expecting(stage: Stage, *newcomers: str) -> None:
    """Let HR start journeys, and expect newcomers on Monday."""
    async with stage.runtime.sessions.begin() as session:
        for person in await session.scalars(select(Employee)):
            person.hired_on = date(2020, 1, 1)
        for name in newcomers:
            row = await session.get_one(Employee, (TEAM_ID, STAFF[name].id))
            row.hired_on, row.manager_id = FIRST_DAY, STAFF[MANAGER].id
    page = await stage.sandbox.command("maya", "/journey", "")
    assert page.view
    await stage.sandbox.press("maya", journeys.START, view_id=page.view["id"])


async def welcome_id(stage: Stage) -> str:
    async with stage.runtime.sessions.begin() as session:
        return (await session.scalars(select(Welcome.id))).one()


async def pick(stage: Stage, buddy: str) -> Outcome:
    action_id = f"{blocks.PICK}:{await welcome_id(stage)}"
    message = next(
        each for each in stage.sandbox.messages("dm", MANAGER) if action_id in str(each["blocks"])
    )
    outcome = await stage.sandbox.press(
        MANAGER, action_id, channel="dm", message_ts=message["ts"], selected=STAFF[buddy].id
    )
    await stage.settled()
    return outcome


async def test_from_the_day_before_to_the_second_week(stage: Stage) -> None:
    await expecting(stage, SAM)
    await stage.at(FRIDAY)
    told = text_of(stage.last(MANAGER))
    assert f"<@{STAFF[SAM].id}> starts on Monday, 9 November." in told

    refused = await pick(stage, SAM)
    assert "Nobody can be their own buddy" in str((refused.shown, stage.last(MANAGER)))
    assert (await pick(stage, BUDDY)).ok
    shown = str(stage.sandbox.messages("dm", MANAGER))
    assert f"I've asked <@{STAFF[BUDDY].id}>" in shown
    assert blocks.PICK not in shown
    page = await stage.sandbox.command("maya", "/journey", "")
    assert page.view
    assert "somebody is asked, and has not answered yet" in text_of(page.view)

    await stage.at(FRIDAY + timedelta(hours=1))
    await stage.press(BUDDY, blocks.YES)
    assert f"You are <@{STAFF[SAM].id}>'s buddy" in text_of(stage.last(BUDDY))

    await stage.at(MONDAY)
    hello = text_of(stage.last(SAM))
    assert f"<@{STAFF[BUDDY].id}> is your buddy" in hello
    await stage.at(MONDAY + timedelta(hours=1))
    group = next(each for each in stage.sandbox.world.channels.values() if each.kind == "mpim")
    (introduction,) = stage.sandbox.messages(group.id, SAM)
    assert f"meet <@{STAFF[BUDDY].id}>, your buddy" in text_of(introduction)

    await stage.at(MONDAY + timedelta(days=2))
    offer = stage.last(SAM)
    assert "Would you like a mentor?" in text_of(offer)
    opened = await stage.press(SAM, forms.PROFILE)
    assert opened.view
    assert opened.view["callback_id"] == forms.FORM


async def test_hr_picks_from_the_page_of_journeys(stage: Stage) -> None:
    await expecting(stage, SAM)
    await stage.at(FRIDAY)
    page = await stage.sandbox.command("maya", "/journey", "")
    assert page.view
    action_id = f"{blocks.PICK}:{await welcome_id(stage)}"
    picked = await stage.sandbox.press(
        "maya", action_id, view_id=page.view["id"], selected=STAFF[BUDDY].id
    )
    assert picked.ok
    await stage.settled()
    view = stage.sandbox.views("maya")["modals"][-1]
    assert f"I've asked <@{STAFF[BUDDY].id}>" in text_of(view)
    back = await stage.sandbox.press("maya", journeys.BACK, view_id=view["id"])
    assert back.ok


async def test_a_leaver_hands_over_to_somebody_they_name(stage: Stage) -> None:
    await expecting(stage, SAM)
    mentee, successor, mentor = (STAFF[each] for each in ("arjun", "sofia", "lena"))
    async with stage.runtime.sessions.begin() as session:
        row = await session.get_one(Employee, (TEAM_ID, mentor.id))
        row.leaves_on = date(2026, 11, 13)
        wanted, offered = Profile(wants=("Go",)), Profile(offers=("Go",))
        for person, profile in ((mentee, wanted), (successor, offered), (mentor, offered)):
            await save(session, Actor(TEAM_ID, person.id), profile, stage.now)
        session.add(
            MentoringMatch(
                workspace_id=TEAM_ID, mentor_id=mentor.id, mentee_id=mentee.id, status="active",
                score=0.5, waiting_since=stage.now, proposed_at=stage.now, started_at=stage.now,
                ends_at=stage.now + timedelta(weeks=12), introduced=True,
                invited_at=stage.now,
            )
        )  # fmt: skip
    await stage.at(FRIDAY)
    thanks = next(
        each
        for each in stage.sandbox.messages("dm", "lena")
        if leaving_blocks.HAND_OVER in str(each)
    )
    assert f"You mentor <@{mentee.id}>" in text_of(thanks)
    form = await stage.sandbox.press(
        "lena", leaving_blocks.HAND_OVER, channel="dm", message_ts=thanks["ts"]
    )
    assert form.view
    done = await stage.sandbox.submit(
        "lena", form.view["id"], {leaving_blocks.SUCCESSOR: successor.id}
    )
    assert done.ok
    await stage.settled()
    after = next(
        each for each in stage.sandbox.messages("dm", "lena") if each["ts"] == thanks["ts"]
    )
    assert leaving_blocks.HAND_OVER not in str(after)
    async with stage.runtime.sessions.begin() as session:
        pairs = {
            each.mentor_id: (each.status, each.close_reason)
            for each in await session.scalars(select(MentoringMatch))
        }
    assert pairs == {mentor.id: ("ended", "mentor gone"), successor.id: ("proposed", None)}


async def asked_after_a_week(stage: Stage) -> None:
    """Let Sam get the questions of day 7."""
    await expecting(stage, SAM)
    for day in (9, 11, 16):
        await stage.at(datetime(2026, 11, day, 9, 15, tzinfo=UTC))
    assert "Hi, three quick questions" in text_of(stage.last(SAM))


async def answered(stage: Stage, value: int) -> None:
    """Give this answer to every question, from the first one on."""
    while f"{pulse.ANSWER}:{value}" in str(stage.last(SAM)):
        await stage.press(SAM, f"{pulse.ANSWER}:{value}")


def numbers(stage: Stage) -> Counter[str]:
    """Return all numbers but times, by name and labels."""
    families = text_string_to_metric_families(stage.runtime.metrics.page().decode())
    return Counter(
        {
            f"{each.name}{sorted(each.labels.items())}": int(each.value)
            for family in families
            for each in family.samples
            if not each.name.endswith(("_bucket", "_sum"))
        }
    )


async def traces(stage: Stage, caplog: pytest.LogCaptureFixture, value: int) -> dict[str, Any]:
    """Answer everything anew, and return all that is left of it but the answers themselves."""
    before = await everything(stage)
    counted = numbers(stage)
    caplog.clear()
    for _ in range(5):  # four presses each, together a step of the numbers
        await stage.press(SAM, pulse.CHANGE)
        await answered(stage, value)
    after = await everything(stage)
    seen, given = "seen_requests", "open_answers"
    counts = {name: len(after.pop(name)) - len(before[name]) for name in (seen, given)}
    return {
        "rows": after,
        "counts": counts,
        "messages": stage.sandbox.messages("dm", SAM)[:-1],
        # Slack names blocks without an id at random.
        "message": [{**block, "block_id": ""} for block in stage.last(SAM)["blocks"]],
        "log": [each.getMessage() for each in caplog.records if each.name.startswith("bot")],
        "numbers": numbers(stage) - counted,
    }


async def test_an_answer_leaves_no_offer_that_another_would_not(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """The lowest and the highest answers leave the same rows, messages, log lines and numbers."""
    await asked_after_a_week(stage)
    caplog.set_level(logging.DEBUG, logger="bot")
    await answered(stage, 3)
    assert pulse.WHO_HELPS in str(stage.last(SAM))
    lowest, highest = [await traces(stage, caplog, value) for value in (1, 5)]
    assert lowest == highest
    assert lowest["counts"] == {"seen_requests": 20, "open_answers": 0}
    assert lowest["numbers"]


async def test_looking_who_helps_leaves_nothing(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    await asked_after_a_week(stage)
    await answered(stage, 1)
    caplog.set_level(logging.DEBUG, logger="bot")
    caplog.clear()
    before, page, files = await everything(stage), stage.runtime.metrics.page(), bytes_of(stage)
    for _ in range(25):  # more than one step of the numbers
        opened = await stage.press(SAM, pulse.WHO_HELPS)
        assert opened.view
        assert KEPT_NOWHERE in text_of(opened.view)
    assert await everything(stage) == before
    assert bytes_of(stage) == files
    assert stage.runtime.metrics.page() == page
    assert [each for each in caplog.records if each.name.startswith(("bot", "models"))] == []
