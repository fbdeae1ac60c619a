"""Results in Block Kit, within Slack's limits for any input."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.blockkit.blocks import Block, Message
from bot.errors import OutdatedError
from bot.insights.blocks import (
    ITEMS_ON_A_PAGE,
    ITEMS_SHOWN,
    PagePosition,
    ResultsPart,
    by_person_view,
    page_of_people,
    results_message,
)
from bot.insights.named_surveys import NamedAnswers, NamedComment, NamedPage
from bot.insights.pure.statistics import Change
from bot.insights.wave_results import (
    ChoiceResult,
    Enps,
    GroupResults,
    Mood,
    PublishedNumber,
    Results,
    RunningWave,
    Score,
    WaveOption,
    WaveResults,
)
from sandbox.blockkit import validate_blocks, validate_view

CLOSED = datetime(2026, 11, 6, 9, 0, tzinfo=UTC)
NOTHING_NEW = Change(0.2, -0.8, 1.2, detectable=False)
WORKLOAD = Score(
    "Workload",
    30,
    PublishedNumber(6.0),
    5.1,
    6.5,
    PublishedNumber(0.4),
    PublishedNumber(5.5),
    NOTHING_NEW,
)
RISE = Change(1.5, 0.3, 1.9, detectable=True)
GROWTH = Score(
    "Growth", 30, PublishedNumber(7.0), 6.2, 7.8, PublishedNumber(0.7), PublishedNumber(5.5), RISE
)
NASTY = ("<!channel> & <@U1> *x* " + "😀" * 40 + "\u200fمرحبا" + "&" * 500)[:500]
AMPERSANDS = "&" * 300


def wave(**changes: Any) -> WaveResults:
    fields: dict[str, Any] = {
        "wave_id": "w1",
        "survey_id": "s1",
        "survey_name": "Weekly pulse",
        "held_on": date(2026, 11, 3),
        "closed_at": CLOSED,
        "anonymous": True,
        "k": 5,
        "invited": 41,
        "answered": 30,
        "drivers": (WORKLOAD, GROWTH),
        "questions": (),
        "enps": (Enps("How likely?", 30, PublishedNumber(10.0), -18.2, 40.0, None, None),),
        "choices": (),
        "mood": None,
        "groups": (
            GroupResults("team", "Design", False, 5, 12, 14, (WORKLOAD, GROWTH), None),
            GroupResults("team", "Legal + Ops", True, 10, 10, 10, (), None),
        ),
        "hidden": "3 teams are too small to show alone: they are in the total",
    }
    counts = dict(Counter(group.dimension for group in {**fields, **changes}["groups"]))
    return WaveResults(**{**fields, "group_counts": counts, **changes})


def results(shown: WaveResults | None = None, **changes: Any) -> Results:
    fields: dict[str, Any] = {
        "wave": shown or wave(),
        "others": (
            WaveOption("w1", "Weekly pulse", date(2026, 11, 3)),
            WaveOption("w0", "Weekly pulse", date(2026, 10, 27)),
        ),
        "running": (),
    }
    return Results(**{**fields, **changes})


def lines(message: Message) -> str:
    return "\n".join(_texts(message.blocks))


def _texts(blocks: list[Block]) -> list[str]:
    found = []
    for block in blocks:
        texts = [block["text"]] if "text" in block else []
        texts += [each for each in block.get("elements", []) if "text" in each]
        found += [
            each["text"] if isinstance(each["text"], str) else each["text"]["text"]
            for each in texts
        ]
    return found


def huge(text: str = NASTY) -> WaveResults:
    many = tuple(replace(WORKLOAD, label=f"{number} {text}") for number in range(60))
    return wave(
        survey_name=text[:120],
        drivers=many,
        questions=many,
        enps=tuple(
            Enps(
                text,
                5,
                PublishedNumber(0),
                -60,
                60,
                PublishedNumber(-50, is_least=True),
                NOTHING_NEW,
            )
            for _ in range(20)
        ),
        choices=tuple(
            ChoiceResult(text, 10, ((text, PublishedNumber(0.4)),) * 10) for _ in range(20)
        ),
        mood=Mood(20, PublishedNumber(0.5), PublishedNumber(0.1, is_least=True)),
        groups=tuple(
            GroupResults(dimension, f"{number} {text}", True, 5, 9, 11, many[:3], None)
            for dimension in ("department", "location", "team")
            for number in range(ITEMS_SHOWN)
        ),
        group_counts={"department": 200, "location": 200, "team": 200},
    )


def test_an_overview_shows_figures_with_their_uncertainty() -> None:
    text = lines(results_message(results()))

    assert "At least 30 of 41 invited people answered ·" in text
    assert "*eNPS +10* from at least 30 answers, most likely between −18 and +40" in text
    assert (
        "*Workload* 6.0 (5.1–6.5) · 40% favourable · no detectable change (5.5 last time)" in text
    )
    assert "*Growth* 7.0 (6.2–7.8) · 70% favourable · up 1.5 from 5.5 last time" in text
    assert text.index("Workload") < text.index("Growth")
    assert (
        "*Design* at least 5 of 12 answered (2 more of its people are counted in Everyone else)"
        " · lowest Workload 6.0 (5.1–6.5) · highest Growth 7.0"
    ) in text
    assert "*Legal + Ops* (together, to protect privacy) nearly all of 10 answered" in text
    assert "Counts and figures come in steps, larger ones for small groups" in text
    assert "3 teams are too small to show alone: they are in the total." in text


def test_an_open_survey_that_was_asked_for_has_no_results_yet() -> None:
    running = RunningWave("w2", "R&D", CLOSED, 41, 5, None)
    message = results_message(Results(None, (), (running,), asked_for=True))
    assert message.text == "*R&amp;D* has no results yet; they appear when it closes."

    several = results_message(Results(None, (), (running, replace(running, survey_name="R")), True))
    assert message.text != several.text
    assert "when each one closes" in several.text


def test_a_named_survey_does_not_mention_protection() -> None:
    text = lines(results_message(results(wave(anonymous=False, invited=41, named=41))))

    assert "41 of 41 invited people answered (100%)" in text
    assert "Counts and figures come in steps" not in text
    assert "too small to show alone" not in text


def test_several_enps_questions_are_told_apart() -> None:
    one, other = (
        Enps(f"Question {n}?", 30, PublishedNumber(10), -18.2, 40.0, None, None) for n in (1, 2)
    )

    assert "Question" not in lines(results_message(results(wave(enps=(one,)))))
    text = lines(results_message(results(wave(enps=(one, other)))))
    assert "+40 · Question 1?" in text
    assert "+40 · Question 2?" in text


def test_a_number_at_an_end_of_its_range_stands_for_everything_beyond() -> None:
    top = replace(
        WORKLOAD,
        mean=PublishedNumber(8, is_most=True),
        favourable=PublishedNumber(0.2, is_least=True),
    )

    text = lines(results_message(results(wave(drivers=(top,)))))

    assert "*Workload* 8.0 or more (5.1–6.5) · 20% or less favourable" in text


def test_a_reversed_question_says_which_way_is_good() -> None:
    alone = replace(WORKLOAD, label="I was left alone too much.", reversed=True)

    text = lines(results_message(results(wave(questions=(alone,)))))

    assert "*I was left alone too much.* 6.0 (5.1–6.5) · 40% disagree, which is good" in text


def test_too_few_answers_are_explained() -> None:
    shown = wave(answered=None, drivers=(), enps=(), groups=(), hidden=None)

    message = results_message(results(shown))

    assert "Fewer than 5 of 41 invited people answered, so there are no figures." in lines(message)
    assert not validate_blocks(message.blocks, "message")


def test_without_results_it_says_when_there_will_be_some() -> None:
    running = RunningWave("w1", "Weekly pulse", CLOSED, 41, 5, 15)

    nothing = results_message(Results(None, (), ()))
    under_way = results_message(Results(None, (), (running, replace(running, at_least=0))))

    assert "`/pulse new` starts one." in lines(nothing)
    assert "At least 15 of 41 people have answered so far." in lines(under_way)
    assert "Fewer than 5 of 41 people have answered so far." in lines(under_way)
    assert not validate_blocks([*nothing.blocks, *under_way.blocks], "message")


@pytest.mark.parametrize("part", list(ResultsPart))
@pytest.mark.parametrize("page", [0, 1, 999])
@pytest.mark.parametrize("text", [NASTY, AMPERSANDS])
def test_any_number_of_anything_fits(part: ResultsPart, page: int, text: str) -> None:
    running = tuple(RunningWave("w1", NASTY[:120], CLOSED, 41, 5, 15) for _ in range(50))
    others = tuple(WaveOption(f"w{n}", NASTY[:120], date(2026, 11, 3)) for n in range(100))
    shown = huge(text)
    if part is ResultsPart.GROUPS:
        shown = replace(shown, groups=shown.groups[:ITEMS_ON_A_PAGE])
    everything = results(shown, running=running, others=others)

    message = results_message(everything, part, page, sees_names=True)

    assert not validate_blocks(message.blocks, "message")
    assert "<!channel>" not in lines(message).replace(NASTY[:120], "")


def test_buttons_lead_to_the_full_lists() -> None:
    message = results_message(results(huge()))

    (controls,) = [block for block in message.blocks if block["type"] == "actions"]
    values = [each["value"] for each in controls["elements"] if each["type"] == "button"]
    assert [PagePosition.decode(value).part for value in values] == [
        ResultsPart.DRIVERS,
        ResultsPart.QUESTIONS,
        ResultsPart.CHOICES,
        ResultsPart.GROUPS,
    ]
    assert f"({ITEMS_SHOWN} of 60)" in lines(message)
    assert f"*Teams ({ITEMS_SHOWN} of 200)*" in lines(message)
    assert "All 600 groups" in str(message.blocks)


def test_pages_of_groups_are_counted_from_all_groups() -> None:
    read = replace(huge("Fish"), groups=huge("Fish").groups[:ITEMS_ON_A_PAGE])

    message = results_message(results(read), ResultsPart.GROUPS, 3)

    assert "All groups (page 4 of 24)" in lines(message)
    assert lines(message).count("Fish* (together") == ITEMS_ON_A_PAGE
    turns = {
        each["text"]["text"]: PagePosition.decode(each["value"]).page
        for block in message.blocks
        if block["type"] == "actions"
        for each in block["elements"]
    }
    assert turns == {"Previous page": 2, "Next page": 4, "Back to the overview": 0}


@pytest.mark.parametrize(
    ("named", "words"),
    [
        (3, "3 of 6 invited people answered (50%). Figures need 5 answers; open “Answers by "),
        (1, "1 of 6 invited people answered (17%). Figures need 5 answers; open “Answers by "),
        (0, "0 of 6 invited people answered (0%). Figures need 5 answers."),
    ],
)
def test_few_answers_of_a_named_survey_are_counted_exactly(named: int, words: str) -> None:
    shown = wave(
        anonymous=False, named=named, invited=6, answered=None, drivers=(), enps=(), groups=()
    )

    text = lines(results_message(results(shown), sees_names=True))

    assert words in text
    assert "point to a person" not in text
    analyst = lines(results_message(results(shown), sees_names=False))
    assert "open “Answers by person”" not in analyst


def test_only_admins_are_offered_answers_by_person_and_only_of_named_surveys() -> None:
    named = results(wave(anonymous=False))

    def offered(message: Message) -> bool:
        return "Answers by person" in str(message.blocks)

    assert offered(results_message(named, sees_names=True))
    assert not offered(results_message(named, sees_names=False))
    assert not offered(results_message(results(), sees_names=True))


@pytest.mark.parametrize("value", ["", "w1", "w1:overview", "w1:nothing:0", "w1:drivers:x", "::"])
def test_a_button_of_an_older_release_is_outdated(value: str) -> None:
    with pytest.raises(OutdatedError):
        PagePosition.decode(value)
    with pytest.raises(OutdatedError):
        page_of_people(value)


def test_answers_by_person_fit_and_show_comments_as_written() -> None:
    person = NamedAnswers("U1", NASTY[:200], tuple((NASTY[:300], NASTY[:75]) for _ in range(10)))
    comments = tuple(NamedComment(NASTY[:300], "&<>" * 1000) for _ in range(20))

    people = by_person_view(NamedPage("w1", NASTY[:120], 1, 3, (person,) * 8, ()))
    remarks = by_person_view(NamedPage("w1", NASTY[:120], 2, 3, (), comments))
    empty = by_person_view(NamedPage("w1", "Weekly", 0, 1, (), ()))

    assert not [validate_view(view) for view in (people, remarks, empty) if validate_view(view)]
    assert "&<>&<>" in str(remarks)
    assert "Nobody answered." in str(empty)
