"""What commands say: to the reader alone, and what is of use to them."""

import pytest

from bot.insights.wording import capitalised, of_invited
from bot.mentoring.profiles.service import FORGOTTEN
from sandbox.demo.company import HR_CHANNEL
from tests.journeys.stage import Stage, text_of
from tests.journeys.test_main_job import STAFF, create_survey


async def test_help_lists_what_the_reader_can_use(stage: Stage) -> None:
    for user, for_hr in (("maya", True), ("amara", False)):
        helped = (await stage.pulse(user, "help")).message
        assert helped
        assert "/pulse my-data" in text_of(helped)
        assert ("/pulse new" in text_of(helped)) is for_hr
        assert ("/pulse results" in text_of(helped)) is for_hr


async def test_results_of_an_open_survey_say_how_it_is_going(stage: Stage) -> None:
    await create_survey(stage)
    await stage.at(stage.now)
    for person in STAFF[:7]:
        await stage.press(person.id, "pulse:answer:4")
    for name in ("how is it", "“HOW IS IT GOING?”"):
        shown = (await stage.pulse("maya", f"results {name}")).message
        assert shown
        assert "<!date^" in text_of(shown)
        assert capitalised(of_invited(5, len(STAFF))) in text_of(shown)
    other = (await stage.pulse("maya", "results lunch")).message
    assert other
    assert "<!date^" not in text_of(other)


async def test_mentoring_tells_who_was_forgotten_the_way_back(stage: Stage) -> None:
    form = await stage.pulse("amara", "forget-me")
    assert form.view
    assert "workspace owner" not in text_of(form.view)
    await stage.sandbox.submit("amara", form.view["id"])
    await stage.settled()
    said = await stage.sandbox.command("amara", "/mentor", "")
    assert said.message
    assert text_of(said.message) == FORGOTTEN


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("/pulse", "help"),
        ("/pulse", "results"),
        ("/pulse", "privacy"),
        ("/pulse", "list"),
        ("/pulse", "pause how"),
        ("/pulse", "record"),
        ("/pulse", "my-data"),
        ("/mentor", "find go"),
        ("/mentor", "leave"),
        ("/digest", ""),
        ("/digest", "here weekly monday 09:00"),
        ("/digest", "off"),
        ("/pulse", "nonsense"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_each_answer_says_that_it_is_for_the_reader_alone(
    stage: Stage, command: str, text: str
) -> None:
    await create_survey(stage)
    log = stage.sandbox.engine.log
    before = log.find()[-1].number
    await stage.sandbox.command("maya", command, text, HR_CHANNEL)
    answers = [each.arguments for each in log.find("response_url", since=before)]
    answers += [each.answer for each in log.find(direction="to_app", since=before)]
    told = [each for each in answers if isinstance(each, dict) and each.get("text")]
    assert told
    assert {each.get("response_type") for each in told} == {"ephemeral"}
