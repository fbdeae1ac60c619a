"""HR starts the company pulse, people answer in Slack, figures come out week by week."""

from datetime import timedelta

from sqlalchemy import select

from bot.pulse import blocks
from bot.pulse.company import forms
from bot.surveys import form_fields
from bot.surveys.drafts import ONE_COMPANY_PULSE
from models import AuditEntry, Figure, Invitation, OpenAnswer, Pool, QuestionAsked, Survey, Wave
from sandbox.demo.company import people
from tests.journeys.stage import Stage, buttons_of, text_of

STAFF = {person.id for person in people()}
FORM = {forms.DRIVERS: ["workload", "growth"], forms.QUESTIONS: "2", forms.SURENESS: "1.0"}


async def start(stage: Stage) -> Survey:
    opened = await stage.pulse("maya", "company")
    assert opened.view, opened.shown
    previewed = await stage.sandbox.submit("maya", opened.view["id"], FORM)
    assert previewed.view, previewed.shown
    assert "at most 2 questions a week" in text_of(previewed.view)
    assert (await stage.sandbox.submit("maya", previewed.view["id"])).ok
    async with stage.runtime.sessions.begin() as session:
        return (await session.scalars(select(Survey))).one()


async def test_from_the_form_to_figures_that_wait_for_enough_people(stage: Stage) -> None:
    made = await start(stage)
    assert made.next_open_at
    again = await stage.pulse("maya", "company")
    assert again.message
    assert ONE_COMPANY_PULSE in text_of(again.message)

    await stage.at(made.next_open_at)
    async with stage.runtime.sessions.begin() as session:
        invitations = await session.scalars(select(Invitation))
        positions = {each.employee_id: each.positions or [] for each in invitations}
    assert positions.keys() <= STAFF
    for person, asked in positions.items():
        message = stage.last(person)
        texts = {question.position: question.text for question in made.questions}
        assert texts[asked[0]] in text_of(message)
        assert "waits until at least 5 people of your team" in text_of(message)
        assert blocks.COMMENT not in {button["action_id"] for button in buttons_of(message)}
        for _ in asked:
            await stage.press(person, "pulse:answer:4")
        assert "saved" in text_of(stage.last(person))

    await stage.at(made.next_open_at + timedelta(days=6, hours=20))
    async with stage.runtime.sessions.begin() as session:
        wave = (await session.scalars(select(Wave))).one()
        figures = (await session.scalars(select(Figure))).all()
        assert not (await session.scalars(select(OpenAnswer))).all()
        assert (await session.scalars(select(QuestionAsked))).first()
        waiting = {pool.label for pool in await session.scalars(select(Pool))}
        actions = set(await session.scalars(select(AuditEntry.action)))
    assert wave.status == "published"
    assert wave.responded == len(positions) - len(positions) % 5
    teams = {figure.segment_ref for figure in figures if figure.segment == "team"}
    assert "Engineering" in teams
    assert not teams & waiting
    assert "surveys.created" in actions

    results = await stage.pulse("maya", "results")
    assert results.message
    assert "Engineering" in text_of(results.message)
    listed = await stage.pulse("maya", "list")
    assert listed.message
    assert "up to 2 questions for each person" in text_of(listed.message)
    paused = await stage.pulse("maya", "pause Company pulse")
    assert paused.message
    assert "is paused" in text_of(paused.message)


async def test_the_form_says_what_is_missing_and_only_admins_open_it(stage: Stage) -> None:
    refused = await stage.pulse("amara", "company")
    assert refused.view is None
    opened = await stage.pulse("maya", "company")
    assert opened.view
    nameless = {**FORM, form_fields.NAME: "  "}
    blank = await stage.sandbox.submit("maya", opened.view["id"], nameless)
    assert blank.errors == {form_fields.NAME: forms.NO_NAME}
