"""From comments to themes in results, with HR's own words."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import FieldErrors, UserError
from bot.insights import service, theme_terms
from bot.insights.pure.differences import Finding
from bot.insights.pure.words.themes import Term
from bot.insights.theme_term_form import ADD_TERM, THEME_FIELD, WORD_FIELD, read_term
from models import AuditEntry, Survey, ThemeTerm, Wave
from sandbox.demo.company import TEAM_ID, people
from tests.conftest import NOW
from tests.factories import WORKSPACE, question, survey, workspace
from tests.insights.waves import HELD_ON, everyone, publish, sealed_wave
from tests.journeys.stage import Stage, buttons_of, open_stage, text_of

HR = Actor(WORKSPACE, "U0HR")
MAYA, ANALYST = (person.id for person in people()[:2])
PEOPLE = everyone(*(1 + number % 5 for number in range(60)))


async def made_survey(session: AsyncSession) -> Survey:
    session.add(workspace())
    await session.flush()
    made = survey(question(0))
    session.add(made)
    await session.flush()
    return made


async def wave_with(
    session: AsyncSession, made: Survey, texts: list[str], held_on: date = HELD_ON
) -> Wave:
    written = [("Design", 0, text) for text in texts]
    wave = await sealed_wave(session, made, {"Design": PEOPLE}, written, held_on=held_on)
    assert await publish(session, WORKSPACE, wave.id, NOW)
    await session.flush()
    return wave


async def test_results_tell_what_people_wrote_about(session: AsyncSession) -> None:
    made = await made_survey(session)
    texts = (
        ["The pay is far too low"] * 20 + ["Troppe riunioni"] * 20 + ["Nothing to add today"] * 20
    )
    await theme_terms.add_term(session, HR, Term("meetings", "riunioni"), NOW)
    await wave_with(session, made, texts)

    wave = (await service.latest_results(session, WORKSPACE)).wave

    assert wave
    assert [(theme.label, theme.n) for theme in wave.themes] == [
        ("Meetings", 20),
        ("Pay and benefits", 20),
    ]
    assert not any(theme.change for theme in wave.themes)
    assert wave.themes[0].negative is None, "Italian is not scored"
    assert wave.themes[1].negative
    assert wave.themes[1].negative.value > 0.5
    assert wave.mood
    # Everybody who was asked commented, and nothing may say so: 55 are counted.
    assert (wave.mood.n, wave.mood.not_scored) == (40, 15)


async def test_a_theme_rises_against_the_eight_weeks_before(session: AsyncSession) -> None:
    made = await made_survey(session)
    many, few = (
        ["The pay is low"] * 45 + ["Nothing to add today"] * 15,
        ["The pay is low"] * 10 + ["Nothing to add today"] * 50,
    )
    await wave_with(session, made, many, HELD_ON - timedelta(weeks=10))
    await wave_with(session, made, few, HELD_ON - timedelta(weeks=2))
    await wave_with(session, made, many)

    wave = (await service.latest_results(session, WORKSPACE)).wave

    assert wave
    (theme,) = wave.themes
    assert theme.change
    assert (theme.label, theme.change.weeks) == ("Pay and benefits", 2)
    assert theme.change.low > 0
    (statement,) = wave.stands_out
    assert (statement.label, statement.statement.finding) == (theme.label, Finding.THEME)


async def test_a_word_of_hr_counts_from_the_next_wave_on(session: AsyncSession) -> None:
    made = await made_survey(session)
    texts = ["The zebra is slow"] * 12
    before = await wave_with(session, made, texts, HELD_ON - timedelta(weeks=1))
    await theme_terms.add_term(session, HR, Term("tools", "zebra*"), NOW)
    after = await wave_with(session, made, texts)

    first = (await service.results(session, WORKSPACE, before.id)).wave
    second = (await service.results(session, WORKSPACE, after.id)).wave

    assert first
    assert second
    assert first.themes == ()
    assert [theme.label for theme in second.themes] == ["Tools and workplace"]


async def test_a_word_moves_to_another_theme_or_is_removed(session: AsyncSession) -> None:
    await made_survey(session)
    for theme in ("tools", "pay"):
        await theme_terms.add_term(session, HR, Term(theme, "zebra"), NOW)
    assert await theme_terms.terms_of(session, WORKSPACE) == [Term("pay", "zebra")]

    await theme_terms.remove_term(session, HR, "zebra", NOW)

    assert await theme_terms.terms_of(session, WORKSPACE) == []
    actions = await session.scalars(select(AuditEntry.action))
    assert sorted(actions) == ["theme_term.added"] * 2 + ["theme_term.removed"]


async def test_there_is_a_limit_of_words(
    session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    await made_survey(session)
    monkeypatch.setattr(theme_terms, "MOST_TERMS", 1)
    await theme_terms.add_term(session, HR, Term("tools", "zebra"), NOW)
    with pytest.raises(UserError, match="remove one"):
        await theme_terms.add_term(session, HR, Term("tools", "okapi"), NOW)


def filled(word: str, theme: str = "tools") -> dict[str, object]:
    fields = {
        WORD_FIELD: {WORD_FIELD: {"value": word}},
        THEME_FIELD: {THEME_FIELD: {"selected_option": {"value": theme}}},
    }
    return {"state": {"values": fields}}


def test_words_are_stored_as_they_are_compared() -> None:
    assert read_term(filled("  Badge   Reader* ")) == ("badge reader*", "tools")
    assert read_term(filled("Sanja’s list", "-")) == ("sanja's list", None)


@pytest.mark.parametrize("word", ["", "a", "*", "a*b", "**", "!!", "x" * 61])
def test_useless_words_are_refused(word: str) -> None:
    with pytest.raises(FieldErrors):
        read_term(filled(word))


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url) as stage:
        yield stage


async def test_hr_adds_a_word_while_reading_comments(stage: Stage) -> None:
    async with stage.runtime.sessions.begin() as session:
        made = survey(workspace_id=TEAM_ID)
        session.add(made)
        await session.flush()
        comments = [("Design", 0, "The badge reader is broken")] * 12
        wave = await sealed_wave(session, made, {"Design": PEOPLE}, comments)
        await publish(session, TEAM_ID, wave.id, NOW)
    read = (await stage.pulse(MAYA, "comments")).view
    assert read
    (add,) = [each for each in buttons_of(read) if each["action_id"] == ADD_TERM]

    form = (await stage.sandbox.press(MAYA, ADD_TERM, view_id=read["id"])).view
    assert form
    saved = await stage.sandbox.submit(
        MAYA,
        form["id"],
        {WORD_FIELD: "Badge reader*", THEME_FIELD: "tools"},
    )

    assert saved.view
    assert "The badge reader is broken" in text_of(saved.view)
    assert add["value"].endswith(":0")
    async with stage.runtime.sessions.begin() as session:
        (term,) = await session.scalars(select(ThemeTerm))
        assert (term.theme, term.text) == ("tools", "badge reader*")
