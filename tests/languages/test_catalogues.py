"""The catalogues hold every text of the code, and translations that fit where the text stands."""

import re
from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from bot.blockkit.blocks import BUTTON_TEXT
from bot.languages import LANGUAGES, SOURCE, _, speaking
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.scales import AGREE_LABELS
from tests.languages.sources import FOR_OPERATORS, ROOT

LANGUAGES_FOLDER = ROOT / "bot" / "languages"
TRANSLATED = sorted(set(LANGUAGES) - {SOURCE})
Key = tuple[str, str | None]
"""The English text, of a plural the singular, and its context."""


@cache
def catalogue(language: str) -> Catalog:
    path = LANGUAGES_FOLDER / "catalogues" / language / "LC_MESSAGES" / "attune.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def messages(language: str) -> Iterator[Message]:
    return (each for each in catalogue(language) if each.id)


def ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def strings(message: Message) -> tuple[str, ...]:
    text = message.string or ""
    return (text,) if isinstance(text, str) else tuple(text)


def is_translated(message: Message) -> bool:
    return all(strings(message)) and not message.fuzzy


def places(message: Message) -> list[str]:
    return [place for place, _line in message.locations]


@cache
def in_the_code() -> frozenset[Key]:
    with (LANGUAGES_FOLDER / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call] # Babel's own
    found = extract_from_dir(ROOT / "bot", methods, options)
    return frozenset(
        (text[0] if isinstance(text, tuple) else text, context)
        for _file, _line, text, _comments, context in found
    )


@pytest.mark.parametrize("language", TRANSLATED)
def test_it_holds_what_the_code_says(language: str) -> None:
    known = {(ids(each)[0], each.context) for each in messages(language)}
    assert known == in_the_code(), "run `make catalogues`"


@pytest.mark.parametrize("language", TRANSLATED)
def test_everything_is_translated(language: str) -> None:
    missing = [
        ids(each)[0]
        for each in messages(language)
        if not is_translated(each)
        and any(not place.startswith(FOR_OPERATORS) for place in places(each))
    ]
    assert missing == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_names_of_arguments_stay(language: str) -> None:
    for each in messages(language):
        if is_translated(each):
            known = set().union(*(names_in(text) for text in ids(each)))
            for text in strings(each):
                # "One person" may do without the number.
                needed = known - {"{count}"} if each.pluralizable else known
                assert needed <= names_in(text) <= known, text


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_slack_reads_stays(language: str) -> None:
    for each in messages(language):
        if is_translated(each):
            for text in strings(each):
                assert marks_in(text) == marks_in(ids(each)[-1]), text


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_text_brings_spaces_along(language: str) -> None:
    assert all(text == text.strip() for each in messages(language) for text in strings(each))


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_banks_answers_fit_on_buttons(language: str) -> None:
    labels = [each.label for each in load_bank().drivers] + list(AGREE_LABELS.values())
    options = [option for each in load_bank().questions for option in each.options]
    with speaking(language):
        assert [_(each) for each in labels + options if len(_(each)) > BUTTON_TEXT] == []


def test_bold_has_room_in_japanese() -> None:
    """Slack shows stars that touch a letter as stars; Japanese has no spaces around words."""
    for each in messages("ja"):
        for text in strings(each):
            for bold in re.finditer(r"\*[^*\n]+\*", text):
                around = text[: bold.start()][-1:] + text[bold.end() :][:1]
                assert not re.search(r"\w", around), text


def names_in(text: str) -> set[str]:
    return set(re.findall(r"\{\w*\}", text))


def marks_in(text: str) -> tuple[list[str], int, list[str]]:
    """Return commands, the number of stars, and links."""
    return sorted(re.findall(r"`[^`]*`", text)), text.count("*"), re.findall(r"<[^|>]*", text)
