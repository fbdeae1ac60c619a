"""What people do in a conversation with HR, through Slack."""

from datetime import timedelta
from typing import Any

from bot.voice import forms, inbox_blocks
from bot.voice.service import Way
from sandbox.outcome import Outcome
from tests.journeys.stage import Stage

AUTHOR, OTHER, HR = "amara", "noor", "maya"
WORDS = "The rota changes every week, and Mondays are hard."


async def write(stage: Stage, person: str, way: Way, words: str = WORDS) -> Outcome:
    """Write to HR with the command, and send it after the preview."""
    opened = await stage.sandbox.command(person, "/voice", "", "dm")
    assert opened.view, (opened.shown, opened.message)
    filled: dict[str, Any] = {forms.WAY: way.value, forms.TOPIC: "workload", forms.TEXT: words}
    checked = await stage.sandbox.submit(person, opened.view["id"], filled)
    assert checked.view, (checked.shown, checked.errors)
    sent = await stage.sandbox.submit(person, checked.view["id"])
    await stage.settled()
    return sent


async def write_again(stage: Stage, person: str, words: str) -> Outcome:
    """Open the own conversation with the newest message's button, and write in it."""
    opened = await stage.press(person, forms.OPEN)
    assert opened.view, (opened.shown, opened.message)
    checked = await stage.sandbox.submit(person, opened.view["id"], {forms.TEXT: words})
    assert checked.view, (checked.shown, checked.errors)
    sent = await stage.sandbox.submit(person, checked.view["id"])
    await stage.settled()
    return sent


async def next_day(stage: Stage, days: int = 1) -> None:
    """Let nights pass, with all that is due."""
    for _ in range(days):
        await stage.at(stage.now + timedelta(days=1))


async def open_first(stage: Stage, person: str = HR, tab: str = "") -> Outcome:
    """Open the inbox, another tab of it if one is named, and the first conversation in it."""
    opened = await stage.sandbox.command(person, "/voice", "inbox", "dm")
    assert opened.view, (opened.shown, opened.message)
    if tab:
        opened = await stage.sandbox.press(
            person, f"{inbox_blocks.INBOX}:{tab}", view_id=opened.view["id"]
        )
        assert opened.view
    assert opened.view
    return await stage.sandbox.press(person, inbox_blocks.READ, view_id=opened.view["id"])


async def answer(
    stage: Stage, view: dict[str, Any], words: str, person: str = HR, **more: Any
) -> Outcome:
    """Answer the conversation that a view shows."""
    number = next(
        each["block_id"]
        for each in view["blocks"]
        if each.get("block_id", "").startswith(inbox_blocks.REPLY)
    )
    decided = await stage.sandbox.submit(person, view["id"], {number: words, **more})
    await stage.settled()
    return decided
