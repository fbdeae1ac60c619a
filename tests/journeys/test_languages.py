"""Each person reads Attune in their own language: as they chose, else as in Slack."""

import asyncio
from datetime import datetime

from sqlalchemy import select, update

from bot.preferences import forms
from bot.pulse import blocks
from models import Employee, Survey
from sandbox.demo.company import TEAM_ID
from tests.journeys.stage import Stage, text_of
from tests.journeys.test_main_job import TEAM, create_survey

AMARA = "amara"
COLLEAGUE = "kofi"
HELP = {
    "de-DE": "Was `/pulse` kann",
    "ja-JP": "`/pulse` でできること",
    "sv-SE": "What `/pulse` can do",
}


async def in_slack(stage: Stage, person: str, locale: str) -> None:
    """Store the language that Slack gave for a person."""
    async with stage.runtime.sessions.begin() as session:
        await session.execute(
            update(Employee)
            .where(Employee.workspace_id == TEAM_ID, Employee.name.startswith(person.capitalize()))
            .values(locale=locale)
        )


async def test_answers_are_in_the_language_of_whoever_asks(any_stage: Stage) -> None:
    for locale, words in HELP.items():
        await in_slack(any_stage, AMARA, locale)
        answered = await any_stage.pulse(AMARA, "help")
        assert answered.message
        assert words in text_of(answered.message)


async def test_refusals_too(stage: Stage) -> None:
    await in_slack(stage, AMARA, "fr-FR")
    refused = await stage.pulse(AMARA, "nothing")
    assert refused.message
    assert text_of(refused.message).startswith("Je ne connais pas `/pulse nothing`.")


async def test_people_who_press_at_once_each_read_their_own(stage: Stage) -> None:
    await in_slack(stage, AMARA, "de-DE")
    await in_slack(stage, "jonas", "ja-JP")
    answers = await asyncio.gather(*(stage.pulse(who, "help") for who in (AMARA, "jonas") * 4))
    for answer, words in zip(answers, [HELP["de-DE"], HELP["ja-JP"]] * 4, strict=True):
        assert answer.message
        assert words in text_of(answer.message)


async def test_a_question_comes_in_each_readers_language_and_goes_on_in_it(stage: Stage) -> None:
    await in_slack(stage, AMARA, "es-ES")
    await create_survey(stage, TEAM)
    await stage.at(stage.now)
    assert "RR. HH. ve resultados de grupos" in text_of(stage.last(AMARA))
    await stage.press(AMARA, f"{blocks.ANSWER}:4")
    assert "pregunta 2 de" in text_of(stage.last(AMARA))
    assert "HR sees results of groups" in text_of(stage.last(COLLEAGUE))


async def test_a_preference_overrides_slack(stage: Stage) -> None:
    await in_slack(stage, AMARA, "de-DE")
    opened = await stage.pulse(AMARA, "preferences")
    assert opened.view
    assert "Wann ich dir schreibe" in str(opened.view)
    assert await stage.sandbox.submit(AMARA, opened.view["id"], {forms.LANGUAGE: "pt_BR"})
    opened = await stage.pulse(AMARA, "preferences")
    assert "Quando escrevo a você" in str(opened.view)


async def first_wave(stage: Stage) -> datetime:
    async with stage.runtime.sessions.begin() as session:
        opens_at = (await session.scalars(select(Survey.next_open_at))).one()
    assert opens_at
    return opens_at


async def test_names_that_attune_gave_are_each_readers_own(stage: Stage) -> None:
    for user in stage.sandbox.world.users.values():
        user.locale = {"maya": "de-DE", AMARA: "fr-FR"}.get(user.name, user.locale)
    await in_slack(stage, "maya", "de-DE")
    preview = await stage.pulse("maya", "wellbeing")
    assert preview.view
    assert "*Wohlbefinden*" in text_of(preview.view)
    assert (await stage.sandbox.submit("maya", preview.view["id"])).ok
    await stage.at(await first_wave(stage))
    assert "Bien-être" in text_of(stage.last(AMARA))
    assert "Wellbeing" in text_of(stage.last(COLLEAGUE))
    for name, state in (("wohlbefinden", "pausiert"), ("Wellbeing", "läuft")):
        verb = "pause" if state == "pausiert" else "resume"
        answered = await stage.pulse("maya", f"{verb} {name}")
        assert answered.message
        assert f"*Wohlbefinden* {state}" in text_of(answered.message)
