import csv
from pathlib import Path

import pytest

from bot.insights.pure.words.language import UNKNOWN, language_of

DATA = Path(__file__).parents[1] / "bench" / "data"


def texts(name: str) -> list[str]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "en"),
        ("👍", "en"),
        ("n/a", "en"),
        ("terrible", "en"),
        ("I'm fine, thanks", "en"),
        ("The café on the first floor is great", "en"),
        ("Mein Chef hört nie zu", "de"),
        ("Trop de réunions", "fr"),
        ("El sueldo es muy bajo", "es"),
        ("Não temos tempo para nada", "pt"),
        ("会議が多すぎる", "ja"),
        ("太忙了", UNKNOWN),
        ("слишком много работы", UNKNOWN),
    ],
)
def test_language(text: str, language: str) -> None:
    assert language_of(text) == language


def test_english_is_hardly_ever_taken_for_another_language() -> None:
    comments = texts("workplace_comments.csv")
    others = [text for text in comments if language_of(text) != "en"]
    assert len(others) <= len(comments) / 200


def test_other_languages_are_recognised() -> None:
    comments = texts("masking_languages.csv")
    english = [text for text in comments if language_of(text) == "en"]
    assert len(english) <= len(comments) / 20
