"""What an author is shown before anything is saved, and how they take it back."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.pulse import blocks, comment_blocks, service
from bot.pulse.comment_review import CommentReview, review_comment
from bot.pulse.pure.telling_phrases import Phrase
from bot.pulse.steps import CommentForm, DoneStep, Note, Refusal
from bot.surveys.pure.scales import Scale
from models import Employee
from sandbox.blockkit import validate_view
from tests.factories import WORKSPACE
from tests.pulse.test_pulse_blocks import DONE, PRESS, WEIRD, buttons, shown
from tests.pulse.waves import actor, opened_wave, outcome_of, questions, stored


async def test_all_that_is_written_is_shown_first(session: AsyncSession) -> None:
    wave = await opened_wave(session, questions=questions())
    me, friend = wave.people[:2]
    (await session.get_one(Employee, (WORKSPACE, friend))).name = "Ana Lucía Torres"
    await session.flush()

    async def read(text: str, position: int = 0) -> CommentReview | None:
        return await review_comment(session, actor(me), wave.press(me, position), text)

    reading = await read(" thanks to Lucia ")
    assert reading
    assert (reading.masked, reading.form.written) == ("thanks to [name]", " thanks to Lucia ")
    for position in (0, 1):
        warned = await read("As a mother I like it", position)
        assert warned
        assert [phrase.words for phrase in warned.phrases] == ["As a mother"]
    harmless = await read("Fewer meetings")
    assert harmless
    assert (harmless.masked, harmless.phrases) == ("Fewer meetings", ())
    for emptied in ("", "  "):
        assert await read(emptied) is None
    forwarded = review_comment(session, actor(me), wave.press(friend), "thanks to Lucia")
    assert await outcome_of(forwarded) == Refusal.NOT_YOURS
    assert await stored(session) == []


async def test_a_survey_with_names_is_read_as_it_is_written(session: AsyncSession) -> None:
    wave = await opened_wave(session, anonymous=False)
    me = wave.people[0]
    assert await review_comment(session, actor(me), wave.press(me), "As a mother") is None


async def test_all_that_was_written_is_withdrawn_and_nothing_else(session: AsyncSession) -> None:
    wave = await opened_wave(session, questions=questions())
    me = wave.people[0]
    await service.answer(session, actor(me), wave.press(me, 0, 4))
    for position in (0, 1):
        await service.comment(
            session, actor(me), wave.press(me, position), "a few words", after_thanks=True
        )
    step = await service.withdraw(session, actor(me), wave.press(me))
    assert isinstance(step, DoneStep)
    assert (step.answered, step.wrote, step.note) == (True, False, Note.WITHDRAWN)
    assert await stored(session) == [(0, 4, None)]
    again = await service.withdraw(session, actor(me), wave.press(me))
    assert isinstance(again, DoneStep)
    assert again.note is None
    friend = wave.people[1]
    withdrawing = service.withdraw(session, actor(friend), wave.press(me))
    assert await outcome_of(withdrawing) == Refusal.NOT_YOURS


async def test_who_only_wrote_may_answer_after_withdrawing(session: AsyncSession) -> None:
    wave = await opened_wave(session)
    me = wave.people[0]
    await service.comment(session, actor(me), wave.press(me), "a few words", after_thanks=True)
    step = await service.withdraw(session, actor(me), wave.press(me))
    assert isinstance(step, DoneStep)
    assert not step.answered
    assert blocks.NOTES[Note.WITHDRAWN] in shown(blocks.done_message(step))
    assert await service.first_step(session, WORKSPACE, wave.id, me), "may be reminded again"


@pytest.mark.parametrize("text", WEIRD)
@pytest.mark.parametrize("scale", [Scale.AGREE, Scale.TEXT])
def test_the_form_that_shows_it_is_one_that_slack_takes(text: str, scale: Scale) -> None:
    form = CommentForm(PRESS, text[:300], scale, anonymous=True, needed=10, written=text)
    reading = CommentReview(form, text * 8, (Phrase(text, "tells who you are"),) * 30)
    origin = comment_blocks.CommentOrigin(PRESS, "https://hooks.slack.test/x", after_thanks=True)
    view = comment_blocks.check_view(reading, origin.showing(text))
    assert validate_view(view) == []
    carried = comment_blocks.CommentOrigin.decode(view["private_metadata"])
    assert carried.has_shown(text)
    assert not carried.has_shown(f"{text}.")
    assert not origin.has_shown(text)


def test_withdrawing_is_offered_where_something_was_written() -> None:
    assert blocks.WITHDRAW not in buttons(blocks.done_message(DONE))
    wrote = DoneStep(DONE.wave, PRESS, answered=True, commented=False, wrote=True)
    assert blocks.WITHDRAW in buttons(blocks.done_message(wrote))
