"""Everything that people are shown, compared with files; a change of wording is a diff there."""

import difflib
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import CodeType, ModuleType
from typing import Any

import pytest

import bot
from bot.blockkit.blocks import MESSAGE_TEXT, Block, Message, View
from bot.languages import LANGUAGES, SOURCE, speaking
from sandbox.blockkit import validate_blocks, validate_view
from tests.golden.files import ENDINGS, HERE, SOURCES, all_cases, contents, stored
from tests.golden.shown import Sentences, Shown, blocks_of, formatted_texts

REVIEW = "run `make golden` and review the diff"
NAMES = [(name, case) for name, those in all_cases().items() for case in those]
SHOWN_TYPES = (Message, Message | None, View, list[Block], Block, str)
IN_MODULES = ("blocks", "forms", "messages", "undelivered")
STORY = "story-"
"""A company is published for these cases, which takes a second; other cases call the same code."""
NOT_SHOWN = {"bot.pulse.comment_blocks.written", "bot.voice.forms.read_text"}
"""They read what was typed."""


def case_of(name: str, case: str) -> Shown:
    return all_cases()[name][case]()


@pytest.mark.parametrize(("name", "case"), NAMES)
def test_people_are_shown_what_the_golden_files_hold(name: str, case: str) -> None:
    """Slack takes it in each language, too, and it pings nobody."""
    for ending, content in contents(name, partial(case_of, name, case)).items():
        path = HERE / name / f"{case}{ending}"
        golden = path.read_text(encoding="utf-8") if path.exists() else ""
        if content != golden:
            where = str(path.relative_to(HERE))
            lines = golden.splitlines(), content.splitlines()
            diff = difflib.unified_diff(*lines, where, "now", lineterm="")
            pytest.fail("\n".join([*diff, REVIEW]), pytrace=False)
    for language in LANGUAGES if name != SOURCES else (SOURCE,):
        with speaking(language):
            assert_slack_takes(case_of(name, case))


def assert_slack_takes(shown: Shown) -> None:
    if isinstance(shown, dict):
        assert validate_view(shown) == []
    elif isinstance(shown, Sentences):
        texts = shown.texts.values() if isinstance(shown.texts, Mapping) else shown.texts
        assert all(0 < len(text) <= MESSAGE_TEXT for text in texts)
    else:
        assert validate_blocks(blocks_of(shown), "message") == []
    if isinstance(shown, Message):
        assert validate_blocks(shown.plain or [], "message") == []
    assert "<!channel>" not in "".join(formatted_texts(blocks_of(shown)))


def test_no_golden_file_is_without_its_case() -> None:
    of_cases = {HERE / name / f"{case}{ending}" for name, case in NAMES for ending in ENDINGS}
    assert stored() - of_cases == set(), REVIEW


def test_no_message_is_forgotten() -> None:
    """Each function that builds what people see is called by a case."""
    called = code_called_by_cases()
    forgotten = [name for name, function in builders() if function.__code__ not in called]
    assert forgotten == []


def code_called_by_cases() -> set[CodeType]:
    called: set[CodeType] = set()
    before = sys.getprofile()
    sys.setprofile(lambda frame, event, _: called.add(frame.f_code) if event == "call" else None)
    try:
        for name, case in NAMES:
            if not case.startswith(STORY):
                case_of(name, case)
    finally:
        sys.setprofile(before)
    return called


def builders() -> Iterator[tuple[str, Callable[..., Any]]]:
    for module in modules():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            full = f"{module.__name__}.{name}"
            is_own = function.__module__ == module.__name__ and not name.startswith("_")
            if is_own and full not in NOT_SHOWN and is_shown(function):
                yield full, function


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(bot.__path__, "bot."):
        is_ours = not found.name.startswith("bot.blockkit.")
        if is_ours and found.name.endswith(IN_MODULES):
            yield importlib.import_module(found.name)


def is_shown(function: Callable[..., Any]) -> bool:
    returned = inspect.signature(function).return_annotation
    return returned in SHOWN_TYPES and not inspect.iscoroutinefunction(function)
