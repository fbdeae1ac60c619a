from datetime import date

import pytest

from bot.languages import (
    DayStyle,
    plural,
    speaking,
    within_sentence,
    write_clauses,
    write_day,
    write_list,
    write_number,
    write_percent,
    write_sentences,
    write_signed,
    write_weekday,
)

DAY = date(2026, 9, 3)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", ["1,234.5", "45%", "3 September 2026", "3 Sep 2026", "Thursday, 3 September"]),
        (
            "de",
            [
                "1.234,5",
                "45\xa0%",
                "3. September 2026",
                "3. Sept. 2026",
                "Donnerstag, 3. September",
            ],
        ),
        (
            "fr",
            ["1\u202f234,5", "45\xa0%", "3 septembre 2026", "3 sept. 2026", "jeudi 3 septembre"],
        ),
        (
            "es",
            [
                "1.234,5",
                "45\xa0%",
                "3 de septiembre de 2026",
                "3 sept 2026",
                "jueves, 3 de septiembre",
            ],
        ),
        (
            "pt_BR",
            [
                "1.234,5",
                "45%",
                "3 de setembro de 2026",
                "3 de set. de 2026",
                "quinta-feira, 3 de setembro",
            ],
        ),
        ("ja", ["1,234.5", "45%", "2026年9月3日", "2026年9月3日", "9月3日(木)"]),
    ],
)
def test_numbers_and_days_are_written_as_usual_there(language: str, written: list[str]) -> None:
    with speaking(language):
        assert [
            write_number(1234.5, 1),
            write_percent(0.451),
            write_day(DAY),
            write_day(DAY, DayStyle.SHORT),
            write_day(DAY, DayStyle.WEEKDAY),
        ] == written


def test_sentences_are_parted_as_usual_there() -> None:
    assert write_sentences(["Almost certain", "Ask why."]) == "Almost certain. Ask why."
    assert write_clauses(["pay fell", "so did trust"]) == "pay fell; so did trust"
    with speaking("ja"):
        assert write_clauses(["低下", "同様"]) == "低下、同様"
        assert write_sentences(["ほぼ確実。", "聞きましょう。"]) == "ほぼ確実。聞きましょう。"


def test_lists_end_as_in_a_sentence() -> None:
    assert write_list(["a", "b", "c"]) == "a, b and c"
    assert write_list(["a", "b"], "or") == "a or b"
    assert write_list(["a"]) == "a"
    assert write_list([]) == ""
    with speaking("ja"):
        assert write_list(["a", "b", "c"]) == "a、b、c"


def test_differences_have_a_sign() -> None:
    assert [write_signed(each) for each in (12, -3, 0, -0.2)] == ["+12", "−3", "0", "0"]
    with speaking("de"):
        assert write_signed(-0.25, 1) == "−0,2"


def test_counts_have_their_noun() -> None:
    assert [plural(each, "person", "people") for each in (1, 1200)] == ["1 person", "1,200 people"]
    assert plural(2, "day") == "2 days"


def test_labels_are_small_within_a_sentence() -> None:
    assert [within_sentence(each) for each in ("Pay", "HR", "")] == ["pay", "HR", ""]
    with speaking("de"):
        assert within_sentence("Gehalt") == "Gehalt"


def test_a_week_begins_on_monday() -> None:
    assert write_weekday(0) == "Monday"
    with speaking("fr"):
        assert write_weekday(6) == "dimanche"
