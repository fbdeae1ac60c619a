"""What each press leads to, and what it stores."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import OUTDATED
from bot.pulse import sealing, service
from bot.pulse.pure.tokens import respondent_token
from bot.pulse.steps import (
    ANYTHING_TO_ADD,
    WHOLE_PULSE,
    CommentForm,
    DoneStep,
    Note,
    QuestionStep,
    Refusal,
    Step,
)
from bot.surveys.pure.scales import Scale
from models import Employee, OpenAnswer, Workspace
from tests.conftest import NOW
from tests.factories import JOINED, WORKSPACE
from tests.pulse.waves import (
    OpenWave,
    actor,
    count,
    has_answered,
    opened_wave,
    outcome_of,
    questions,
    status_of,
    stored,
)


async def press(
    session: AsyncSession, wave: OpenWave, person: str, position: int, value: int
) -> Step:
    return await service.answer(session, actor(person), wave.press(person, position, value))


async def write(
    session: AsyncSession,
    wave: OpenWave,
    person: str,
    position: int,
    text: str,
    after_thanks: bool = False,
) -> Step:
    return await service.comment(
        session, actor(person), wave.press(person, position), text, after_thanks=after_thanks
    )


async def skip(session: AsyncSession, wave: OpenWave, person: str, position: int) -> Step:
    return await service.skip(session, actor(person), wave.press(person, position))


async def test_one_press_answers_a_pulse_of_one_question(session: AsyncSession) -> None:
    wave = await opened_wave(session)
    me = wave.people[0]
    step = await press(session, wave, me, 0, 4)
    assert isinstance(step, DoneStep)
    assert (step.answered, step.note) == (True, Note.SAVED)
    assert await stored(session) == [(0, 4, None)]
    assert await has_answered(session, wave, me)
    row = (await session.scalars(select(OpenAnswer))).one()
    assert row.token == respondent_token(wave.key, me)


async def test_questions_follow_one_after_the_other(session: AsyncSession) -> None:
    wave = await opened_wave(session, questions=questions())
    me = wave.people[0]
    second = await press(session, wave, me, 0, 2)
    assert isinstance(second, QuestionStep)
    assert (second.number, second.scale, second.answered) == (2, Scale.TEXT, False)
    third = await write(session, wave, me, 1, " Fewer meetings ")
    assert isinstance(third, QuestionStep)
    assert (third.number, third.note) == (3, Note.COMMENT_SAVED)
    fourth = await press(session, wave, me, 2, 0)
    assert isinstance(fourth, QuestionStep)
    assert fourth.options == ("Here", "There")
    assert isinstance(await press(session, wave, me, 3, 1), DoneStep)
    assert await stored(session) == [
        (0, 2, None),
        (1, None, "Fewer meetings"),
        (2, 0, None),
        (3, 1, None),
    ]


async def test_pressing_twice_stores_once_and_says_so(session: AsyncSession) -> None:
    wave = await opened_wave(session)
    me = wave.people[0]
    await press(session, wave, me, 0, 4)
    step = await press(session, wave, me, 0, 4)
    assert isinstance(step, DoneStep)
    assert step.note is Note.UNCHANGED
    assert await stored(session) == [(0, 4, None)]


async def test_an_answer_can_be_changed_until_the_wave_closes(session: AsyncSession) -> None:
    wave = await opened_wave(session, questions=questions())
    me = wave.people[0]
    await press(session, wave, me, 0, 4)
    await write(session, wave, me, 0, "Because of the deadline")
    again = await service.change(session, actor(me), wave.press(me, 3))
    assert isinstance(again, QuestionStep)
    assert (again.number, again.answered, again.commented, again.note) == (1, True, True, None)
    changed = await press(session, wave, me, 0, 1)
    assert isinstance(changed, QuestionStep)
    assert (changed.number, changed.note) == (2, Note.CHANGED)
    assert await stored(session) == [(0, 1, "Because of the deadline")]


async def test_skipping_leaves_a_question_and_keeps_what_was_answered(
    session: AsyncSession,
) -> None:
    wave = await opened_wave(session, questions=questions())
    me = wave.people[0]
    await press(session, wave, me, 0, 4)
    kept = await skip(session, wave, me, 0)
    assert isinstance(kept, QuestionStep)
    assert (kept.number, kept.note) == (2, Note.KEPT)
    for position in (1, 2):
        step = await skip(session, wave, me, position)
        assert isinstance(step, QuestionStep)
        assert step.note is Note.SKIPPED
    done = await skip(session, wave, me, 3)
    assert isinstance(done, DoneStep)
    assert done.answered
    assert done.press.position == WHOLE_PULSE
    assert await stored(session) == [(0, 4, None)]
    assert await has_answered(session, wave, me)


async def test_who_skips_everything_has_skipped_and_may_still_answer(
    session: AsyncSession,
) -> None:
    wave = await opened_wave(session, questions=questions()[2:])
    me = wave.people[0]
    await skip(session, wave, me, 2)
    assert await status_of(session, wave, me) == "pending", "one question is still ahead"
    done = await skip(session, wave, me, 3)
    assert isinstance(done, DoneStep)
    assert not done.answered
    assert await status_of(session, wave, me) == "skipped"
    await press(session, wave, me, 2, 9)
    assert await has_answered(session, wave, me)


async def test_a_comment_on_a_question_comes_back_to_the_question(session: AsyncSession) -> None:
    wave = await opened_wave(session)
    me = wave.people[0]
    await press(session, wave, me, 0, 4)
    step = await write(session, wave, me, 0, "Well…")
    assert isinstance(step, QuestionStep)
    assert (step.commented, step.note) == (True, Note.COMMENT_SAVED)
    assert await stored(session) == [(0, 4, "Well…")]


async def test_a_comment_after_the_thanks_belongs_to_the_whole_pulse(
    session: AsyncSession,
) -> None:
    wave = await opened_wave(session)
    me = wave.people[0]
    done = await press(session, wave, me, 0, 4)
    assert isinstance(done, DoneStep)
    form = await service.comment_form(session, actor(me), done.press)
    assert isinstance(form, CommentForm)
    assert (form.question, form.scale) == (ANYTHING_TO_ADD, None)
    step = await service.comment(session, actor(me), done.press, "Well…", after_thanks=True)
    assert isinstance(step, DoneStep)
    assert (step.commented, step.note) == (True, Note.COMMENT_SAVED)
    assert await stored(session) == [(WHOLE_PULSE, None, "Well…"), (0, 4, None)]


async def test_thanks_of_an_earlier_release_still_comment_on_their_question(
    session: AsyncSession,
) -> None:
    wave = await opened_wave(session)
    me = wave.people[0]
    await press(session, wave, me, 0, 4)
    step = await write(session, wave, me, 0, "Well…", True)
    assert isinstance(step, DoneStep)
    assert await stored(session) == [(0, 4, "Well…")]


async def test_a_comment_is_replaced_and_emptied(session: AsyncSession) -> None:
    wave = await opened_wave(session)
    me = wave.people[0]
    await press(session, wave, me, 0, 4)
    await write(session, wave, me, 0, "First")
    form = await service.comment_form(session, actor(me), wave.press(me))
    assert form == CommentForm(
        wave.press(me), "My workload is manageable.", Scale.AGREE, True, 10, "First"
    )
    await write(session, wave, me, 0, "Second")
    assert await stored(session) == [(0, 4, "Second")]
    step = await write(session, wave, me, 0, " \n ")
    assert isinstance(step, QuestionStep)
    assert (step.commented, step.note) == (False, Note.COMMENT_DELETED)
    assert await stored(session) == [(0, 4, None)]


async def test_taking_the_only_words_back_leaves_nothing(session: AsyncSession) -> None:
    wave = await opened_wave(session)
    me = wave.people[0]
    await write(session, wave, me, 0, "Just a comment")
    assert await stored(session) == [(0, None, "Just a comment")]
    assert await has_answered(session, wave, me)
    await write(session, wave, me, 0, "")
    assert await stored(session) == []
    assert not await has_answered(session, wave, me)


async def test_an_empty_comment_on_nothing_is_nothing(session: AsyncSession) -> None:
    wave = await opened_wave(session)
    step = await write(session, wave, wave.people[0], 0, "")
    assert isinstance(step, QuestionStep)
    assert step.note is None
    assert await stored(session) == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x00b", "ab"),
        ("half \ud83d", "half"),
        ("👩‍👩‍👧 مرحبا <!channel> *x* &amp;", "👩‍👩‍👧 مرحبا <!channel> *x* &amp;"),
        ("é" * 2000, "é" * 2000),
    ],
)
async def test_any_text_can_be_stored(session: AsyncSession, typed: str, kept: str) -> None:
    wave = await opened_wave(session)
    await write(session, wave, wave.people[0], 0, typed)
    assert await stored(session) == [(0, None, kept)]


async def test_a_forwarded_message_is_worthless_to_others(session: AsyncSession) -> None:
    wave = await opened_wave(session)
    author, friend, *_ = wave.people
    await press(session, wave, author, 0, 4)
    forwarded = wave.press(author, 0, 1)
    for use_case in (service.answer, service.skip, service.change, service.comment_form):
        assert await outcome_of(use_case(session, actor(friend), forwarded)) == Refusal.NOT_YOURS
    writing = service.comment(session, actor(friend), forwarded, "Ha", after_thanks=False)
    assert await outcome_of(writing) == Refusal.NOT_YOURS
    assert await stored(session) == [(0, 4, None)]
    assert await status_of(session, wave, friend) == "pending"


async def test_a_stranger_with_a_made_up_button_gets_nowhere(session: AsyncSession) -> None:
    wave = await opened_wave(session)
    # Even the right nonce does not invite anybody.
    assert await outcome_of(press(session, wave, "USTRANGER", 0, 4)) == Refusal.GONE
    guessed = replace(wave.press(wave.people[0], 0, 4), nonce="0" * 16)
    assert (
        await outcome_of(service.answer(session, actor(wave.people[0]), guessed))
        == Refusal.NOT_YOURS
    )
    assert await stored(session) == []


async def test_after_the_close_nothing_changes(session: AsyncSession) -> None:
    wave = await opened_wave(session)
    me = wave.people[0]
    await sealing.seal(session, WORKSPACE, wave.id, NOW)
    assert await outcome_of(press(session, wave, me, 0, 4)) == Refusal.CLOSED
    assert await outcome_of(write(session, wave, me, 0, "Late")) == Refusal.CLOSED
    assert await outcome_of(skip(session, wave, me, 0)) == Refusal.CLOSED
    assert await outcome_of(service.change(session, actor(me), wave.press(me))) == Refusal.CLOSED
    assert (
        await outcome_of(service.comment_form(session, actor(me), wave.press(me))) == Refusal.CLOSED
    )
    assert await stored(session) == []
    assert await status_of(session, wave, me) == "closed"


async def test_the_row_and_not_the_clock_closes_a_wave(session: AsyncSession) -> None:
    wave = await opened_wave(session, open_hours=1)
    # `answer` is not even told the time: until sealing, an answer counts.
    assert isinstance(await press(session, wave, wave.people[0], 0, 4), DoneStep)


async def test_somebody_who_left_is_not_heard(session: AsyncSession) -> None:
    wave = await opened_wave(session)
    me = wave.people[0]
    await session.execute(update(Employee).where(Employee.id == me).values(active=False))
    assert await outcome_of(press(session, wave, me, 0, 4)) == Refusal.GONE
    assert await stored(session) == []


async def test_a_wave_of_another_workspace_is_unknown(session: AsyncSession) -> None:
    wave = await opened_wave(session)
    session.add(Workspace(id="T0OTHER", bot_user_id="U0BOT", installed_at=JOINED))
    await session.flush()
    me = wave.people[0]
    elsewhere = replace(actor(me), workspace_id="T0OTHER")
    assert (
        await outcome_of(service.answer(session, elsewhere, wave.press(me, 0, 4)))
        == Refusal.UNKNOWN
    )
    nowhere = replace(wave.press(me, 0, 4), wave_id="f" * 32)
    assert await outcome_of(service.answer(session, actor(me), nowhere)) == Refusal.UNKNOWN
    assert await stored(session) == []


@pytest.mark.parametrize(
    ("position", "value"), [(0, 0), (0, 6), (1, 3), (2, 11), (3, 2), (4, 1), (0, None), (999, 1)]
)
async def test_an_impossible_answer_is_outdated(
    session: AsyncSession, position: int, value: int | None
) -> None:
    wave = await opened_wave(session, questions=questions())
    me = wave.people[0]
    answering = service.answer(session, actor(me), wave.press(me, position, value))
    assert await outcome_of(answering) == OUTDATED
    assert await stored(session) == []


async def test_a_question_that_does_not_exist_is_outdated(session: AsyncSession) -> None:
    wave = await opened_wave(session)
    me = wave.people[0]
    assert await outcome_of(skip(session, wave, me, 7)) == OUTDATED
    assert await outcome_of(write(session, wave, me, 7, "Hello")) == OUTDATED
    assert await outcome_of(service.comment_form(session, actor(me), wave.press(me, 7))) == OUTDATED


async def test_a_comment_that_the_form_should_have_refused_is_a_bug(
    session: AsyncSession,
) -> None:
    wave = await opened_wave(session)
    with pytest.raises(ValueError, match="too long"):
        await write(session, wave, wave.people[0], 0, "x" * 2001)
    assert await count(session, OpenAnswer) == 0
