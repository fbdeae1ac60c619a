"""The golden files of each case: as people read it, what Slack is sent, and the text in German."""

import importlib
import json
import pkgutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bot.blockkit.blocks import Block, Message
from bot.languages import speaking
from tests.golden import cases
from tests.golden.reading import INVISIBLE, as_text
from tests.golden.shown import Cases, Sentences, Shown, blocks_of

SOURCES = "errors"
"""The case that lists texts as the code has them, in English."""
ENDINGS = (".txt", ".json", ".de.txt")
HERE = Path(__file__).resolve().parent


def all_cases() -> dict[str, Cases]:
    """Return the cases by slice."""
    names = [module.name for module in pkgutil.iter_modules(cases.__path__)]
    return {
        name: importlib.import_module(f"{cases.__name__}.{name}").CASES
        for name in names
        if not name.startswith("_")
    }


def contents(name: str, show: Callable[[], Shown]) -> dict[str, str]:
    """Return what the files of a slice's case hold, by their endings; sentences are no JSON."""
    shown = show()
    written = {".txt": as_text(shown)}
    if not isinstance(shown, Sentences):
        written[".json"] = _as_json(shown)
    if name != SOURCES:
        with speaking("de"):
            written[".de.txt"] = as_text(show())
    return written


def stored() -> set[Path]:
    """Return the golden files that there are."""
    return {path for ending in ("txt", "json") for path in HERE.glob(f"*/*.{ending}")}


def rewrite() -> None:
    """Write all golden files, and delete those whose case is gone."""
    written = set()
    for name, those in all_cases().items():
        (HERE / name).mkdir(exist_ok=True)
        for case, show in those.items():
            for ending, content in contents(name, show).items():
                path = HERE / name / f"{case}{ending}"
                path.write_text(content, encoding="utf-8")
                written.add(path)
    for path in stored() - written:
        path.unlink()


def _as_json(shown: Message | dict[str, Any] | Sequence[Block]) -> str:
    """Write what Slack is sent, a line for each block."""
    parts: dict[str, Any] = {}
    if isinstance(shown, dict):
        parts = {name: value for name, value in shown.items() if name != "blocks"}
    elif isinstance(shown, Message):
        parts = {"text": shown.text}
    lines = [f"{_line(name)}: {_line(value)}" for name, value in sorted(parts.items())]
    lists = {"blocks": blocks_of(shown)}
    if isinstance(shown, Message) and shown.plain is not None:
        lists["plain"] = shown.plain
    lines += [
        f'"{name}": [\n' + ",\n".join(f" {_line(block)}" for block in blocks) + "\n]"
        for name, blocks in lists.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True).translate(INVISIBLE)
