"""The dossier for the works council: true to the running system, and without answers."""

import argparse
import asyncio
import re
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from playwright.async_api import Browser
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot.actor import Actor
from bot.journeys import milestones
from bot.journeys.pure.milestones import MILESTONES
from bot.languages import LANGUAGES, SOURCE, speaking
from bot.rights.council import cli
from bot.rights.council.asked import AUDIENCES, CADENCES, asked_survey
from bot.rights.council.facts import (
    AskedQuestion,
    AskedSurvey,
    Facts,
    LooksOfPerson,
    facts_of,
)
from bot.rights.council.kept import KEPT, whose
from bot.rights.council.page import Installation, council_page
from bot.rights.council.pure.markdown import inline_html, list_under, table_under
from bot.rights.council.record_lines import ACTS
from bot.rights.look_pages import LookPage
from bot.rights.personal_tables import PERSONAL_TABLES
from bot.rights.public_record import OPERATOR_ACTIONS, PublicRecord, SurveyMade
from bot.surveys.audience import Audience, AudienceKind
from bot.surveys.pure.scales import Scale
from bot.surveys.pure.schedule import Cadence
from bot.surveys.translations import Translation, stored
from models import Base, Survey, Workspace
from sandbox.demo.company import TEAM_ID, people
from tests.conftest import NOW, ROOT
from tests.factories import ADMIN, WORKSPACE, company, question, survey
from tests.golden.cases._texts import HOSTILE, LONG
from tests.insights.waves import everyone, publish, sealed_wave
from tests.journeys.stage import Stage, open_stage
from tests.sandbox.web.conftest import browser, chromium

__all__ = ["browser", "chromium"]

MAYA, OTHER = people()[:2]
COMMENT = "The zebra on the third floor is loud"
PRIVACY = (ROOT / "docs/privacy.md").read_text("utf-8")
HERE = Installation("1.2.3", PRIVACY, "SQLite", False, 12, False)
SURVEY = AskedSurvey(
    name="Weekly <b>pulse</b>",
    audience=Audience(AudienceKind.TEAM, LONG[:120]),
    cadence=Cadence.WEEKLY,
    anonymous=True,
    status="active",
    questions=(AskedQuestion(HOSTILE, LONG, Scale.CHOICE, (LONG, "No")),),
    rounds=12,
    first=date(2026, 9, 1),
    last=date(2026, 11, 17),
    fewest=40,
    most=1_200,
)
FACTS = Facts(
    *("Acme & Sons", date(2026, 11, 3), 1_234, 8, 2, ("09:00", "17:00"), True),
    *(("Maya",), (), "Ben", (SURVEY, replace(SURVEY, rounds=0, first=None, last=None))),
    looks=(LooksOfPerson(LONG, "figures", LONG, True, 3),),
    record=PublicRecord(LookPage((), None, None), (), (), 2, ()),
)


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    cli.add_commands(parser.add_subparsers(dest="command"))
    return parser.parse_args(words)


async def written(stage: Stage, file: Path, language: str = SOURCE) -> str:
    out = StringIO()
    asked = parsed("council", str(file), "--language", language)
    assert await cli.run(asked, stage.runtime, out) == 0
    assert out.getvalue().startswith(f"Wrote {file}.")
    return await asyncio.to_thread(file.read_text, "utf-8")


def test_every_table_says_what_it_holds_whose_it_is_and_how_long() -> None:
    assert set(KEPT) == set(Base.metadata.tables)
    of_people = {table for table in KEPT if whose(table) == "by person"}
    assert {source.table for source in PERSONAL_TABLES} <= of_people
    assert {"invitations", "named_responses"} <= of_people


def test_every_audience_and_rhythm_has_words() -> None:
    assert set(AUDIENCES) == set(AudienceKind)
    assert set(CADENCES) == set(Cadence)


def test_every_act_of_the_operator_has_words() -> None:
    assert set(ACTS) == set(OPERATOR_ACTIONS)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_it_says_what_was_asked_who_looked_and_no_answer(
    database_url: str, tmp_path: Path
) -> None:
    own = question(1, text="What is loud?", driver="own", scale="text")
    own.translations = stored([Translation("fr", "Qu'est-ce qui fait du bruit ?")])
    of_bank = question(text="I can get my work done within my normal hours.")
    asked = survey(of_bank, own, name="Noise <script>", workspace_id=TEAM_ID)
    async with open_stage(database_url) as stage:
        await publish_one(stage, asked)
        await stage.pulse(MAYA.id, "results")
        await stage.pulse(OTHER.id, "results")

        page = await written(stage, tmp_path / "council.html")
        german = await written(stage, tmp_path / "council.de.html", "de")
        french = await written(stage, tmp_path / "council.fr.html", "fr")

    assert "Noise &lt;script&gt;" in page
    assert "<script" not in page
    assert "I can get my work done within my normal hours." in page
    assert "1 round · 3 Nov 2026 · 20 people invited" in page
    assert f"<td>{MAYA.name}</td><td>figures</td>" in page
    assert "Refused looks by people without the right: 1." in page
    assert "at least <strong>9 people</strong> (k = 9)" in page
    assert "<td>for 7 months</td><td><code>published_comments</code></td>" in page
    assert "zebra" not in page
    assert "<li>Attune writes to a person on at most 2 days a week, from 09:00 to 17:00 " in page
    assert "and shares need 22 people" in page
    assert "<td>12 months after the conversation&#x27;s last message</td>" in page
    assert "differencing</td><td>0 of " in page
    assert '<html lang="de">' in german
    assert "1 Runde · 3. Nov. 2026 · 20 Personen eingeladen" in german
    assert (
        "<td>Ich schaffe meine Arbeit in meiner normalen Arbeitszeit.</td><td>Arbeitslast</td>"
        in german
    )
    assert f"<td>{MAYA.name}</td><td>Zahlen</td>" in german
    assert "an höchstens 2 Tagen pro Woche, von 09:00 bis 17:00 Uhr" in german
    assert "<td>12 Monate nach der letzten Nachricht der Unterhaltung</td>" in german
    assert "Differenzbildung</td><td>0 von " in german
    assert "<td>What is loud?</td><td>eigene Frage von HR</td>" in german
    assert "<td>Qu&#x27;est-ce qui fait du bruit ?</td>" in french


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_milestones_stand_in_their_own_order_after_hrs_surveys(session: AsyncSession) -> None:
    await company(session, {"Design": 6})
    await milestones.start(session, Actor(WORKSPACE, ADMIN), NOW)
    session.add(survey(name="Later", created_at=NOW + timedelta(days=1)))
    await session.flush()

    facts = await facts_of(session, WORKSPACE, NOW)

    in_order = [each.name for each in MILESTONES if each.asks]
    assert [each.name for each in facts.surveys] == ["Later", *in_order]
    made = [each.survey_name for each in facts.record.surveys if isinstance(each, SurveyMade)]
    assert made == in_order


def test_options_are_told_apart_although_they_hold_commas() -> None:
    asked = replace(SURVEY.questions[0], options=("Tools, slow or broken", "Nothing"))
    assert "one of: Tools, slow or broken · Nothing<" in asked_survey(
        replace(SURVEY, questions=(asked,))
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_no_table_with_answers_comments_or_results_is_read(
    session: AsyncSession, engine: AsyncEngine
) -> None:
    await company(session, {"Design": 6})
    session.add(survey())
    await session.flush()
    read: set[str] = set()

    def note(*details: object) -> None:
        read.update(re.findall(r"\b(?:FROM|JOIN)\s+(\w+)", str(details[2])))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    await facts_of(session, WORKSPACE, NOW)
    event.remove(engine.sync_engine, "before_cursor_execute", note)

    assert read & set(Base.metadata.tables) == {
        *("workspaces", "employees", "role_grants", "surveys", "survey_questions", "waves"),
        *("audit_entries", "digest_subscriptions", "alert_channels"),
    }


async def publish_one(stage: Stage, asked: Survey) -> None:
    """Publish a survey of 20 people in a company with k = 9."""
    stage.runtime.settings.attune_retention_months = 7
    async with stage.runtime.sessions.begin() as session:
        (await session.get_one(Workspace, TEAM_ID)).min_group_size = 9
        session.add(asked)
        await session.flush()
        comments = [("Design", 1, COMMENT)] * 20
        wave = await sealed_wave(session, asked, {"Design": everyone(4, 5) * 10}, comments)
        await publish(session, TEAM_ID, wave.id, NOW)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_company_that_has_asked_nothing_gets_a_dossier_too(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_stage(database_url) as stage:
        page = await written(stage, tmp_path / "council.html")
        assert "No survey has been made yet." in page
        assert "Nobody looked." in page

        monkeypatch.setattr(cli, "PRIVACY", tmp_path / "missing.md")
        out = StringIO()
        asked = parsed("council", str(tmp_path / "council.html"))
        assert await cli.run(asked, stage.runtime, out) == 1
        assert out.getvalue() == f"{cli.NOT_A_CHECKOUT}\n"


def test_a_file_in_no_folder_is_refused_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (tmp_path, tmp_path / "nope" / "council.html"):
        with pytest.raises(SystemExit):
            parsed("council", str(path))
        assert f"{path} can't be written" in capsys.readouterr().err


@pytest.mark.asyncio(loop_scope="module")
async def test_chromium_shows_and_prints_it_without_scripts(browser: Browser) -> None:
    tab = await browser.new_page(java_script_enabled=False, viewport={"width": 800, "height": 900})
    for language in (*LANGUAGES, SOURCE):
        with speaking(language):
            await tab.set_content(council_page(FACTS, HERE))
        for width in (1_100, 420):
            await tab.set_viewport_size({"width": width, "height": 900})
            box = await tab.locator("main").bounding_box()
            assert box
            assert box["x"] + box["width"] <= width
    assert await tab.locator("h2").count() == 11
    assert await tab.get_by_role("heading", name="Weekly <b>pulse</b>").count() == 2
    assert await tab.locator("script, img, link").count() == 0
    assert (await tab.pdf(prefer_css_page_size=True)).startswith(b"%PDF")
    await tab.close()


def test_documentation_that_lost_a_part_is_noticed() -> None:
    text = "# A\n\n| x | y |\n|---|---|\n| 1 | **2** |\n\n## B\n\n- one\n- two\n"
    assert table_under(text, "A") == [["x", "y"], ["1", "**2**"]]
    assert list_under(text, "B") == ["one", "two"]
    for read, heading in ((table_under, "B"), (list_under, "A"), (table_under, "C")):
        with pytest.raises(LookupError):
            read(text, heading)
    assert inline_html("*a* **b** `<c>` [d](e) & <f>") == (
        "<em>a</em> <strong>b</strong> <code>&lt;c&gt;</code> d &amp; &lt;f&gt;"
    )
