"""What people do in a conversation with HR, through Slack."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.voice import forms, inbox_blocks, service
from bot.voice.service import Way
from sandbox.outcome import Outcome
from tests.journeys.stage import Stage
from tests.pulse.waves import actor

AUTHOR, OTHER, HR = "amara", "noor", "maya"
WORDS = "The rota changes every week, and Mondays are hard."


async def store(
    session: AsyncSession, person: str, way: Way, words: str, now: datetime
) -> str | None:
    """Begin a conversation without Slack; return the value of its button."""
    reviewed = await service.review(session, actor(person), way, words)
    return await service.write(session, actor(person), "tools", reviewed, now)


async def store_again(
    session: AsyncSession, person: str, value: str, words: str, now: datetime
) -> None:
    """Write again without Slack, in an anonymous conversation."""
    reviewed = await service.review(session, actor(person), Way.REPLY, words)
    await service.write_again(session, actor(person), value, reviewed, now)


async def preview(stage: Stage, person: str, way: Way, words: str = WORDS) -> Outcome:
    """Fill in the form that the command opens, and see how HR will read it."""
    opened = await stage.sandbox.command(person, "/voice", "", "dm")
    assert opened.view, opened.message
    filled: dict[str, Any] = {forms.WAY: way.value, forms.TOPIC: "workload", forms.TEXT: words}
    return await stage.sandbox.submit(person, opened.view["id"], filled)


async def write(stage: Stage, person: str, way: Way, words: str = WORDS) -> Outcome:
    """Write to HR."""
    return await send(stage, person, await preview(stage, person, way, words))


async def send(stage: Stage, person: str, checked: Outcome) -> Outcome:
    """Send what a preview shows."""
    assert checked.view, (checked.shown, checked.errors)
    sent = await stage.sandbox.submit(person, checked.view["id"])
    await stage.settled()
    return sent


async def open_own(stage: Stage, person: str) -> dict[str, Any]:
    """Open the own conversation with the button of the newest message."""
    opened = await stage.press(person, forms.OPEN)
    assert opened.view, opened.shown
    return opened.view


async def write_again(stage: Stage, person: str, words: str) -> Outcome:
    """Write in the own conversation."""
    view = await open_own(stage, person)
    return await send(
        stage, person, await stage.sandbox.submit(person, view["id"], {forms.TEXT: words})
    )


async def next_day(stage: Stage, days: int = 1) -> None:
    """Let nights pass, with all that is due."""
    for _ in range(days):
        await stage.at(stage.now + timedelta(days=1))


async def inbox(stage: Stage, person: str = HR, tab: str = "") -> dict[str, Any]:
    """Open the inbox, and another tab of it if one is named."""
    opened = await stage.sandbox.command(person, "/voice", "inbox", "dm")
    if tab:
        assert opened.view
        opened = await stage.sandbox.press(
            person, f"{inbox_blocks.INBOX}:{tab}", view_id=opened.view["id"]
        )
    assert opened.view, opened.message
    return opened.view


async def open_first(stage: Stage, person: str = HR, tab: str = "") -> dict[str, Any]:
    """Open the first conversation in the inbox."""
    listed = await inbox(stage, person, tab)
    read = await stage.sandbox.press(person, inbox_blocks.READ, view_id=listed["id"])
    assert read.view, read.shown
    return read.view


async def answer(
    stage: Stage, view: dict[str, Any], words: str, person: str = HR, **more: Any
) -> Outcome:
    """Answer the conversation that a view shows; `more` are other fields, by what they hold."""
    fields = [str(block["block_id"]) for block in view["blocks"] if block["type"] == "input"]
    named = {field.split(":")[1]: field for field in fields}
    filled = {named[name]: value for name, value in {"reply": words, **more}.items()}
    decided = await stage.sandbox.submit(person, view["id"], filled)
    await stage.settled()
    return decided
