import logging
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import resources
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textblob import TextBlob

from bot.insights.pure.words.polarity import polarities

LEXICON = tomllib.loads(
    resources.files("bot.insights.pure.words").joinpath("polarity.toml").read_text("utf-8")
)


def polarity(text: str) -> float:
    found = polarities(text)
    return fmean(found) if found else 0.0


def sign(text: str) -> int:
    value = polarity(text)
    return (value > 0) - (value < 0)


def terms() -> Iterator[tuple[str, float]]:
    for group in LEXICON["terms"]:
        for term in group["terms"]:
            yield term, group["polarity"]


def test_the_lexicon_gives_each_term_once_and_in_lower_case() -> None:
    names = [term for term, _ in terms()]
    assert len(names) == len(set(names))
    assert all(term == term.lower().strip() for term in names)
    assert all("*" not in term[:-1] for term in names)
    assert all(-1 <= value <= 1 for _, value in terms())


def test_every_term_is_found_with_its_polarity() -> None:
    for term, value in terms():
        written = term.removesuffix("*")
        assert polarity(f"({written})") == pytest.approx(value), term
        assert polarity(written.upper()) == pytest.approx(value), term


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The rota is excellent", 1),
        ("Kudos to the support desk", 1),
        ("Two of us are close to burnout", -1),
        ("Our standups are too long", -1),
        ("The team moved to the third floor", 0),
        ("A second monitor would be nice", 0),
        ("I do not enjoy this", -1),
        ("I don't really feel supported", -1),
        ("I don’t feel like I am valued", -1),
        ("It isn't stressful", 1),
        ("Less stress than in spring", 1),
        ("🎉", 1),
        ("Release day :tada:", 1),
        ("Release day:rage:", -1),
        ("👍🏽 and ❤️", 1),
        ("Release day :thumbsdown::skin-tone-3:", -1),
        ("", 0),
        ("مرحبا", 0),
    ],
)
def test_direction(text: str, expected: int) -> None:
    assert sign(text) == expected


def test_the_lexicon_finds_what_textblob_alone_misses() -> None:
    for text in ["Understaffed again", "Kudos to the night crew", "I do not feel valued", "😡"]:
        assert TextBlob(text).sentiment.polarity == 0
        assert sign(text) != 0


def test_terms_match_whole_words_only() -> None:
    assert polarity("The roadshow aprops was in Messynia") == 0


def test_emphasis_still_counts() -> None:
    assert polarity("The food is very good") > polarity("The food is good")


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_has_polarities(text: str) -> None:
    assert all(-1 <= value <= 1 for value in polarities(text))


def test_comments_are_never_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        polarities("My private remark is terrible")
    assert "private remark" not in caplog.text


def test_importing_the_module_does_not_import_textblob() -> None:
    code = "import sys, bot.insights.pure.words.sentiment; print('textblob' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
