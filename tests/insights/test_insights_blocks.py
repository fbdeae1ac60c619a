"""Results in Block Kit, within Slack's limits for any input."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.blockkit.blocks import Block, Message
from bot.errors import OutdatedError
from bot.insights import wording
from bot.insights.blocks import ITEMS_ON_A_PAGE, ITEMS_SHOWN, results_message
from bot.insights.by_person_blocks import BY_PERSON, by_person_view
from bot.insights.named_surveys import NamedAnswers, NamedComment, NamedPage
from bot.insights.paging import page_of
from bot.insights.positions import SHOW, PagePosition, ResultsPart
from bot.insights.pure.change import CellChange
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
NOTHING_NEW = CellChange(0.2, 1.2, 1)
WORKLOAD = Score(
    "Workload",
    30,
    PublishedNumber(6.0),
    5.1,
    6.5,
    PublishedNumber(0.4),
    NOTHING_NEW,
)
RISE = CellChange(1.5, 0.8, 3)
GROWTH = Score("Growth", 30, PublishedNumber(7.0), 6.2, 7.8, PublishedNumber(0.7), RISE)
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
        "enps": (Enps("How likely?", 30, PublishedNumber(10.0), -18.2, 40.0, None),),
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


def test_a_named_survey_does_not_mention_protection() -> None:
    protected = lines(results_message(results()))
    named = lines(results_message(results(wave(anonymous=False, invited=41, named=41))))

    for protection in (wording.STEPS, str(wave().hidden)):
        assert protection in protected
        assert protection not in named


def test_several_enps_questions_are_told_apart() -> None:
    one, other = (
        Enps(f"Question {n}?", 30, PublishedNumber(10), -18.2, 40.0, None) for n in (1, 2)
    )

    assert "Question" not in lines(results_message(results(wave(enps=(one,)))))
    text = lines(results_message(results(wave(enps=(one, other)))))
    assert "Question 1?" in text
    assert "Question 2?" in text


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

    _menus, controls = [block for block in message.blocks if block["type"] == "actions"]
    values = [each["value"] for each in controls["elements"] if each["action_id"].startswith(SHOW)]
    assert [PagePosition.decode(value).part for value in values] == [
        ResultsPart.DRIVERS,
        ResultsPart.QUESTIONS,
        ResultsPart.CHOICES,
        ResultsPart.GROUPS,
    ]
    assert "600" in str(controls), "all groups are counted"


def test_pages_of_groups_are_counted_from_all_groups() -> None:
    groups = (huge("Fish").groups * 3)[:ITEMS_ON_A_PAGE]
    read = replace(huge("Fish"), groups=groups)

    message = results_message(results(read), ResultsPart.GROUPS, 3)

    assert lines(message).count(" Fish*") == ITEMS_ON_A_PAGE
    turns = {
        PagePosition.decode(each["value"]).page
        for block in message.blocks
        if block["type"] == "actions"
        for each in block["elements"]
    }
    assert turns == {2, 4, 0}, "the pages beside it and the overview"


def test_only_admins_are_offered_answers_by_person_and_only_of_named_surveys() -> None:
    named = results(wave(anonymous=False))

    def offered(message: Message) -> bool:
        return BY_PERSON in str(message.blocks)

    assert offered(results_message(named, sees_names=True))
    assert not offered(results_message(named, sees_names=False))
    assert not offered(results_message(results(), sees_names=True))


@pytest.mark.parametrize("value", ["", "w1", "w1:overview", "w1:nothing:0", "w1:drivers:x", "::"])
def test_a_button_of_an_older_release_is_outdated(value: str) -> None:
    with pytest.raises(OutdatedError):
        PagePosition.decode(value)
    with pytest.raises(OutdatedError):
        page_of(value)


def test_answers_by_person_fit_and_show_comments_as_written() -> None:
    person = NamedAnswers("U1", NASTY[:200], tuple((NASTY[:300], NASTY[:75]) for _ in range(10)))
    comments = tuple(NamedComment(NASTY[:300], "&<>" * 1000) for _ in range(20))

    people = by_person_view(NamedPage("w1", NASTY[:120], 1, 3, (person,) * 8, ()))
    remarks = by_person_view(NamedPage("w1", NASTY[:120], 2, 3, (), comments))
    empty = by_person_view(NamedPage("w1", "Weekly", 0, 1, (), ()))

    assert not [validate_view(view) for view in (people, remarks, empty) if validate_view(view)]
    assert "&<>&<>" in str(remarks)
