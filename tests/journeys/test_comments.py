"""From what somebody writes to what HR reads of it."""

from datetime import timedelta

from sqlalchemy import select

from bot.insights.comment_blocks import NOTHING_PUBLISHED
from bot.insights.handlers import NO_COMMENTS_FOR_YOU
from bot.pulse import blocks, comment_blocks
from bot.pulse.steps import Note
from models import AuditEntry, OpenAnswer, PublishedComment
from sandbox.demo.company import HR_CHANNEL
from sandbox.outcome import Outcome
from tests.conftest import NOW
from tests.journeys.stage import Stage, buttons_of, text_of
from tests.journeys.test_main_job import STAFF, TEAM, count, create_survey

AMARA = STAFF[4]
WRITERS = STAFF[4:14]


async def write(stage: Stage, user: str, text: str) -> Outcome:
    """Answer both questions, then write a comment; return what the form answers."""
    await stage.press(user, "pulse:answer:4")
    await stage.press(user, "pulse:answer:9")
    opened = await stage.press(user, blocks.COMMENT_AFTER_THANKS)
    return await submit(stage, user, opened, text)


async def submit(stage: Stage, user: str, form: Outcome, text: str | None = None) -> Outcome:
    assert form.view, form.shown
    typed = None if text is None else {comment_blocks.COMMENT_FIELD: text}
    outcome = await stage.sandbox.submit(user, form.view["id"], typed)
    await stage.settled()
    return outcome


async def comments(stage: Stage) -> list[str]:
    async with stage.runtime.sessions.begin() as session:
        found = await session.scalars(select(OpenAnswer.comment))
        return [text for text in found if text]


async def test_the_author_sees_first_how_hr_will_read_it(stage: Stage) -> None:
    await create_survey(stage, TEAM)
    await stage.at(stage.now)
    written = f"As the only designer in Berlin I need {STAFF[8].name}'s help, call 020 7946 0192"

    checked = await write(stage, AMARA.id, written)
    assert checked.view
    shown = text_of(checked.view)
    assert "As the only designer in Berlin I need [name]'s help, call [phone]" in shown
    assert "“As the only designer in Berlin”" in shown
    assert await comments(stage) == []

    edited = await submit(stage, AMARA.id, checked, f"I need {STAFF[8].name}'s help")
    assert edited.view
    assert "I need [name]'s help" in text_of(edited.view)
    assert await comments(stage) == []

    kept = await submit(stage, AMARA.id, edited)
    assert kept.view is None, kept.shown
    assert await comments(stage) == [f"I need {STAFF[8].name}'s help"]
    assert blocks.NOTES[Note.COMMENT_SAVED] in text_of(stage.last(AMARA.id))

    await stage.press(AMARA.id, blocks.WITHDRAW)
    thanks = text_of(stage.last(AMARA.id))
    assert blocks.NOTES[Note.WITHDRAWN] in thanks
    offered = {button["action_id"] for button in buttons_of(stage.last(AMARA.id))}
    assert blocks.CHANGE in offered
    assert blocks.WITHDRAW not in offered
    assert await comments(stage) == []
    assert await count(stage, OpenAnswer) == 2


async def test_hr_reads_comments_masked_once_enough_wrote(stage: Stage) -> None:
    await create_survey(stage)
    await stage.at(stage.now)
    for person in WRITERS:
        saved = await write(stage, person.id, f"<!channel> ask {AMARA.name} 🎉")
        assert saved.view
        await submit(stage, person.id, saved)
    assert len(await comments(stage)) == len(WRITERS)
    before = await stage.pulse("maya", "comments")
    assert before.view
    assert NOTHING_PUBLISHED in text_of(before.view)

    await stage.at(NOW + timedelta(hours=73))
    assert await count(stage, OpenAnswer) == 0
    assert await count(stage, PublishedComment) == len(WRITERS)
    refused = await stage.pulse(AMARA.id, "comments")
    assert refused.message
    assert text_of(refused.message) == NO_COMMENTS_FOR_YOU
    read = await stage.pulse("maya", "comments how is it")
    assert read.view
    shown = text_of(read.view)
    assert shown.count("<!channel> ask [name] 🎉") == len(WRITERS)
    assert AMARA.name.split()[0] not in shown
    assert "November 2026" in shown
    async with stage.runtime.sessions.begin() as session:
        looks = await session.scalars(
            select(AuditEntry.actor_id).where(AuditEntry.action == "comments.viewed")
        )
        assert list(looks) == [STAFF[0].id]

    await stage.sandbox.command("maya", "/digest", "here weekly monday 09:00", HR_CHANNEL)
    await stage.at(NOW + timedelta(days=6, hours=1))
    digest = text_of(stage.sandbox.messages(HR_CHANNEL)[-1])
    assert "“&lt;!channel&gt; ask [name] 🎉”" in digest, "it quotes what HR reads, and pings nobody"
    assert AMARA.name.split()[0] not in digest
