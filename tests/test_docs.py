"""The documentation says what is so: links lead somewhere, and what it names exists."""

import ast
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.app import COMMANDS
from bot.settings import Settings
from tests.conftest import HANGS, ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"(?:\]\(|src=\")(?!\w+:)([^)#\s\"]*)(?:#([^)\s\"]+))?")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^( *)```\w*\n(.*?)^\1```", re.MULTILINE | re.DOTALL)

NOT_COMMANDS = {"/invite", "/metrics", "/healthz", "/readyz"}
"""Slack's own command, and addresses of an operator's monitoring."""

OURS = re.compile(r"\b(?:ATTUNE|SLACK|DATABASE|METRICS|SCHEDULER|LOG)_[A-Z_]+\b")
"""Names that look like settings of Attune."""

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def _text(page: Path) -> str:
    return page.read_text("utf-8")


def _anchors(page: Path) -> set[str]:
    """GitHub's anchors of a page's headings; the site is built with the same."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", _text(page)), re.MULTILINE)
    plain = [re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", heading).lower() for heading in headings]
    return {re.sub(r"[^\w\- ]", "", heading).strip().replace(" ", "-") for heading in plain}


def _code(page: Path) -> Iterator[str]:
    """Each piece of code of a page: spans between backticks, and lines of blocks."""
    text = _text(page)
    for _indent, block in FENCE.findall(text):
        yield from block.splitlines()
    yield from CODE.findall(FENCE.sub("", text))


def _cells(page: str) -> list[str]:
    """The pieces of code in the first column of a page's tables."""
    rows = re.findall(r"^\| ([^|]+) \|", _text(ROOT / page), re.MULTILINE)
    return [code for row in rows for code in CODE.findall(row)]


@each_page
def test_relative_links_and_anchors_lead_somewhere(page: Path) -> None:
    for link, anchor in LINK.findall(CODE.sub("", FENCE.sub("", _text(page)))):
        target = (page.parent / link).resolve() if link else page
        assert target.is_file(), f"{link} is no file"
        assert not anchor or anchor in _anchors(target), f"{link}#{anchor} is no heading"


@each_page
def test_make_targets_in_docs_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", _text(ROOT / "Makefile"), re.MULTILINE))
    for code in _code(page):
        named = re.match(r"(?:\$ )?make ([a-z]+)", code)
        assert not named or named[1] in targets, code


def test_every_make_target_is_documented() -> None:
    shown_by_help = re.findall(r"^([a-z]+):.*##", _text(ROOT / "Makefile"), re.MULTILINE)
    documented = [code.removeprefix("make ") for code in _cells("CONTRIBUTING.md")]
    assert sorted(documented) == sorted(set(shown_by_help) - {"help"})


@each_page
def test_modules_and_console_commands_in_docs_exist(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for code in _code(page):
        for module, rest in re.findall(r"python[\d.]* -m ([\w.]+)(.*)", code):
            assert find_spec(module), code
            words = [word for word in shlex.split(rest) if re.fullmatch(r"[a-z][a-z-]*", word)]
            if module == "bot" and words:
                known = 2 if words[0] == "people" else 1
                with pytest.raises(SystemExit) as ended:
                    main([*words[:known], "--help"])
                assert ended.value.code == 0, code
                options = capsys.readouterr().out
                assert all(option in options for option in re.findall(r"--[a-z-]+", rest)), code


@each_page
def test_slash_commands_in_docs_exist(page: Path) -> None:
    """A command counts as known by its words in the lists of help; what follows is its input."""
    known = {" ".join(usage.command.split()[:2]) for usage in COMMANDS}
    first = {usage.command.split()[0] for usage in COMMANDS}
    for code in _code(page):
        name, *words = code.split() or [""]
        if name in first and words and name != "/ask":
            assert words[0] == "help" or " ".join([name, words[0]]) in known, code
        elif re.fullmatch(r"/[a-z]+", name):
            assert name in first | NOT_COMMANDS, code


def test_every_setting_is_documented_and_no_other() -> None:
    names = [code for code in _cells("docs/operators/settings.md") if code.isupper()]
    assert sorted(names) == sorted(name.upper() for name in Settings.model_fields)


@each_page
def test_settings_in_docs_exist(page: Path) -> None:
    known = {name.upper() for name in Settings.model_fields}
    for code in _code(page):
        for name in re.findall(
            r"\b(?:ATTUNE|SLACK|DATABASE|METRICS|SCHEDULER|LOG)_[A-Z_]+\b", code
        ):
            assert name in known, code


def test_every_command_is_documented_and_no_other() -> None:
    _, everybody, hr = (
        _text(ROOT / "docs/commands.md").partition("## On the server")[0].split("\n## ")
    )
    for section, for_hr in ((everybody, False), (hr, True)):
        documented = re.findall(r"^\| `(/[^`]+)` \|", section, re.MULTILINE)
        told = [usage.command for usage in COMMANDS if usage.for_hr == for_hr]
        assert sorted(documented) == sorted(told)


def test_every_console_command_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    listed = re.search(r"\{([^}]+)\}", capsys.readouterr().out)
    documented = " ".join(_cells("docs/commands.md"))
    assert listed
    assert all(f"python -m bot {name}" in documented for name in listed[1].split(","))


def test_examples_for_servers_name_what_exists() -> None:
    page = _text(ROOT / "docs/operators/deploying.md")
    server = ast.parse(_text(ROOT / "bot/server.py"))
    routes = {node.value for node in ast.walk(server) if isinstance(node, ast.Constant)}
    assert "location /slack/ {" in page
    assert "/slack/events" in routes
    instances = set(re.findall(r"attune@(\w+)\b", page)) - {"service"}
    assert instances == {"bot", "scheduler"}
    assert f"proxy_pass http://127.0.0.1:{Settings.model_fields['port'].default};" in page
    dockerfile = _text(ROOT / "Dockerfile")
    assert '["python", "-m", "bot"]' in dockerfile
    for lock in re.findall(r"requirements[\w.-]+", dockerfile + page):
        assert (ROOT / lock).is_file()
    for command in re.findall(r"^\w+: (.+)$", _text(ROOT / "Procfile"), re.MULTILINE):
        assert command in page + dockerfile


def test_the_changelog_begins_with_this_version() -> None:
    version = tomllib.loads(_text(ROOT / "pyproject.toml"))["project"]["version"]
    assert re.findall(r"^## \[([\d.]+)\]", _text(ROOT / "CHANGELOG.md"), re.MULTILINE)[0] == version


def test_the_site_builds_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=HANGS,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) > len(PAGES) - 2
    loaded = r"<(?:script|img|iframe)[^>]+src=[\"']?https?:|<link[^>]+href=[\"']?https?:"
    for page in pages:
        assert not re.findall(loaded, page.read_text("utf-8")), page
