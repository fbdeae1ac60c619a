import re
import tomllib
from importlib import resources

import pytest

from bot.insights.pure.words.themes import Term, theme_labels, themes_of

LEXICON = tomllib.loads(
    resources.files("bot.insights.pure.words").joinpath("themes.toml").read_text("utf-8")
)


@pytest.mark.parametrize(
    ("text", "themes"),
    [
        ("Pay is below market", {"pay"}),
        ("We are understaffed", {"workload"}),
        ("Our deadlines are made up", {"workload"}),
        ("Please pay attention to the door", set()),
        ("Zu viele Besprechungen", {"meetings"}),
        ("Le salaire est trop bas", {"pay"}),
        ("Demasiadas reuniones", {"meetings"}),
        ("O salário é muito baixo", {"pay"}),
        ("会議が多すぎる", {"meetings"}),
        ("Fine, I guess", set()),
        ("", set()),
    ],
)
def test_themes(text: str, themes: set[str]) -> None:
    assert themes_of(text) == themes


def test_a_workspace_adds_terms_in_any_language() -> None:
    added = [Term("tools", "zebra*"), Term("pay", "月給")]
    assert themes_of("Zebras are slow", added) == {"tools"}
    assert themes_of("月給が遅い", added) == {"pay"}
    assert themes_of("Zebras are slow") == set()


def test_terms_are_written_as_they_are_compared() -> None:
    for theme in [*LEXICON["themes"], LEXICON["silent"]]:
        for name, terms in theme.items():
            if not isinstance(terms, list):
                continue
            assert len(terms) == len(set(terms)), (theme.get("key"), name)
            for term in terms:
                assert term == term.lower().strip()
                assert re.fullmatch(r"[^*]+\*?( [^*]+\*?)*", term), term
                assert "’" not in term


def test_every_term_is_found() -> None:
    languages = {"en", "de", "fr", "es", "pt", "ja"}
    for theme in LEXICON["themes"]:
        assert set(theme) == {"key", "label"} | languages
        for term in theme["en"]:
            found = themes_of(f"it is the {term.replace('*', '')} that i mean")
            assert found or any(
                term.replace("*", "") in silent for silent in LEXICON["silent"]["en"]
            ), term


def test_theme_keys_have_labels() -> None:
    assert theme_labels()["wlb"] == "Work and private life"
    assert len(theme_labels()) == 15
