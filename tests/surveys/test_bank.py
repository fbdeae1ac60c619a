from importlib import resources
from pathlib import Path

import pytest

import bot.surveys.pure.bank as bank_module
from bot.surveys.pure.bank import BANK_FILE, BankError, BankQuestion, load_bank, parse_bank
from bot.surveys.pure.scales import AGREE_LABELS, TEXT_MAX_LENGTH, VALUE_RANGES, Scale, is_valid

OPTION_LIMIT = 75  # the longest option text Slack shows

VALID = """
[[drivers]]
key = "workload"
label = "Workload"
measures = "Whether the work can be managed."

[[questions]]
key = "workload_hours"
driver = "workload"
wording = "My hours suit me."
scale = "agree"
direction = 1
"""
SECOND_QUESTION = VALID[VALID.index("[[questions]]") :]


def questions_on(scale: Scale) -> list[BankQuestion]:
    return [question for question in load_bank().questions if question.scale is scale]


def test_the_bank_has_enough_drivers_and_questions() -> None:
    bank = load_bank()
    assert len(bank.drivers) >= 12
    assert len(bank.questions) >= 48
    assert len(questions_on(Scale.ENPS)) >= 1
    assert len(questions_on(Scale.TEXT)) >= 2
    assert len(questions_on(Scale.CHOICE)) >= 2


def test_every_driver_has_several_questions_and_one_that_is_reversed() -> None:
    bank = load_bank()
    for driver in bank.drivers:
        agree = [q for q in bank.by_driver(driver.key) if q.scale is Scale.AGREE]
        assert {question.direction for question in agree} == {1, -1}, driver.key


def test_keys_and_wordings_are_unique() -> None:
    bank = load_bank()
    assert len({driver.key for driver in bank.drivers}) == len(bank.drivers)
    assert len({driver.label.casefold() for driver in bank.drivers}) == len(bank.drivers)
    assert len({question.key for question in bank.questions}) == len(bank.questions)
    assert len({question.wording.casefold() for question in bank.questions}) == len(bank.questions)


def test_keys_start_with_their_driver() -> None:
    for question in load_bank().questions:
        assert question.key.startswith(f"{question.driver}_")


def test_instruments_say_where_they_come_from_and_what_they_do_not_say() -> None:
    bank = load_bank()
    used = {question.instrument for question in bank.questions} - {""}
    causes = {driver.cause for driver in bank.drivers} - {""}
    assert used <= {each.key for each in bank.instruments}
    assert len(causes) == 6
    for each in bank.instruments:
        assert all((each.name, each.source, each.terms, each.limits))


def test_wordings_are_short_and_hold_one_idea() -> None:
    for question in load_bank().questions:
        assert len(question.wording) < 120
        assert question.wording.endswith("." if question.scale is Scale.AGREE else "?")
        words = question.wording.lower().split()
        assert not {"and", "or"} & set(words), question.wording


def test_everything_shown_as_an_option_fits_slack() -> None:
    labels = [driver.label for driver in load_bank().drivers]
    options = [option for question in load_bank().questions for option in question.options]
    for text in [*labels, *options, *AGREE_LABELS.values()]:
        assert 0 < len(text) <= OPTION_LIMIT


def test_the_data_file_is_next_to_the_module_and_read_as_a_resource() -> None:
    resource = resources.files("bot.surveys.pure").joinpath(BANK_FILE)
    assert Path(str(resource)).parent == Path(bank_module.__file__).parent
    assert parse_bank(resource.read_text("utf-8")) == load_bank()
    assert load_bank() is load_bank()


def test_look_up() -> None:
    bank = load_bank()
    first = bank.questions[0]
    assert bank.get(first.key) is first
    assert first in bank.by_driver(first.driver)
    assert sum(len(bank.by_driver(driver.key)) for driver in bank.drivers) == len(bank.questions)
    with pytest.raises(KeyError):
        bank.get("no_such_question")
    with pytest.raises(KeyError):
        bank.by_driver("no_such_driver")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[drivers]", "not valid TOML"),
        (VALID.replace('"agree"', '"stars"'), r"questions\.0\.scale: .*'agree'"),
        (VALID.replace("direction = 1", "direction = 0"), r"questions\.0\.direction"),
        (VALID.replace("My hours suit me.", "x" * 120), r"questions\.0\.wording: .* 119"),
        (VALID.replace("direction = 1", "direction = 1\nnote = 2"), r"questions\.0\.note"),
        (VALID.replace('driver = "workload"\n', ""), r"questions\.0\.driver"),
        (VALID.replace('driver = "workload"', 'driver = "pay"'), "there is no driver pay"),
        (VALID.replace('driver = "workload"', 'driver = "pay"'), "workload: it has no question"),
        (VALID + 'instrument = "mbi"', "there is no instrument mbi"),
        (VALID.replace('"agree"', '"choice"'), "two options or more"),
        (VALID + 'options = ["Yes", "No"]', "only a choice has options"),
        (VALID.replace('"agree"', '"choice"') + 'options = ["No", "no"]', "given twice"),
        (VALID + SECOND_QUESTION, "question workload_hours: the key is used twice"),
        (VALID + SECOND_QUESTION, "'my hours suit me.' is used twice"),
    ],
)
def test_a_broken_bank_says_what_is_wrong(text: str, message: str) -> None:
    assert len(parse_bank(VALID).questions) == 1
    with pytest.raises(BankError, match=message):
        parse_bank(text)


def test_agree_labels_cover_the_scale() -> None:
    assert list(AGREE_LABELS) == list(VALUE_RANGES[Scale.AGREE])
    assert AGREE_LABELS[1] == "Strongly disagree"
    assert AGREE_LABELS[5] == "Strongly agree"


@pytest.mark.parametrize(
    ("scale", "accepted", "refused"),
    [
        (Scale.AGREE, [1, 5], [0, 6, -1, 3.0, "3", None, True]),
        (Scale.ENPS, [0, 10], [-1, 11, 5.5, "5", False]),
        (Scale.CHOICE, [0, 2], [3, -1, "0", True]),
        (Scale.TEXT, ["ok", "x" * TEXT_MAX_LENGTH], ["", " \n", "x" * (TEXT_MAX_LENGTH + 1), 4]),
    ],
)
def test_is_valid(scale: Scale, accepted: list[object], refused: list[object]) -> None:
    assert all(is_valid(scale, value, option_count=3) for value in accepted)
    assert not any(is_valid(scale, value, option_count=3) for value in refused)


def test_a_choice_without_options_accepts_nothing() -> None:
    assert not is_valid(Scale.CHOICE, 0)
