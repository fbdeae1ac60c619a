"""The playground without its past: who may be played, what the page is told, whose port it is."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.app import COMMANDS
from sandbox.demo import running
from sandbox.demo.brightwater import EMPLOYEE, MAYA, MENTOR, staff, workspace
from sandbox.demo.playground import PREPARING, Guide, playground
from sandbox.demo.running import DemoError, begin_anew, folder_of
from sandbox.demo.tour import Deed
from sandbox.server import Sandbox
from sandbox.workspace import build_world, manifest_settings
from tests.conftest import ROOT

TODAY = datetime(2026, 11, 9, tzinfo=UTC).date()


class Alone:
    """Stands for the crowd: notes whom it leaves alone."""

    def __init__(self) -> None:
        self.left: set[str] = set()

    def leave_alone(self, people: set[str]) -> None:
        self.left |= people


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody else listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield int(other.getsockname()[1])


def guide() -> Guide:
    people = staff(TODAY)
    described = {**workspace(people, TODAY), "app": {"name": "Attune"}}
    return Guide(Sandbox(build_world(described)), people, lambda _: None)


async def test_nobody_acts_for_whom_a_visitor_is_or_has_been() -> None:
    showing, crowd, timeline = guide(), Alone(), object()
    people = {person.handle: person.id for person in staff(TODAY)}
    became = showing.extras().became
    assert became is not None
    became("UEARLY")
    begin: Any = showing.begin
    begin(timeline, crowd)
    became("ULATER")
    cast = {people[handle] for handle in (MAYA, EMPLOYEE, MENTOR)}
    assert crowd.left == cast | {"UEARLY", "ULATER"}


async def test_the_page_knows_when_visitors_may_begin_and_is_told() -> None:
    showing = guide()
    told: list[str] = []
    showing.sandbox.world.subscribe(lambda change: told.append(change.kind))
    preparing = showing.extras().preparing
    assert preparing is not None
    assert "its people" in preparing()
    showing.prepare("week 7 of 12")
    assert preparing() == PREPARING.format(part="week 7 of 12")
    assert told == ["clock_moved"]
    begin: Any = showing.begin
    begin(object(), Alone())
    assert preparing() == ""
    assert told == ["clock_moved", "clock_moved"]
    showing.tour.note(Deed("U0DEMO0000", "/pulse results"))
    assert showing.tour.steps()[0].is_done


def test_the_switcher_offers_one_person_of_each_kind() -> None:
    roles = guide().extras().roles
    people = {person.handle: person for person in staff(TODAY)}
    assert [role.user for role in roles[:3]] == [MAYA, EMPLOYEE, MENTOR]
    assert people[roles[3].user].team.name == "Support"
    assert roles[3].label == "Leads Support"


async def test_a_taken_port_leaves_the_other_demos_files_alone(tmp_path: Path, taken: int) -> None:
    kept = tmp_path / "attune.sqlite3"
    kept.write_text("the first demo's")
    with pytest.raises(DemoError, match="in use"):
        async with playground(taken, tmp_path, bound=lambda _: begin_anew(tmp_path)):
            pass
    assert kept.read_text() == "the first demo's"


async def test_the_story_on_a_taken_port_leaves_them_alone_as_well(
    tmp_path: Path, taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "FOLDER", tmp_path)
    kept = folder_of(taken) / "attune.sqlite3"
    begin_anew(kept.parent)
    kept.write_text("the first demo's")
    with pytest.raises(DemoError, match="in use"):
        async with running.running(taken):
            pass
    assert kept.read_text() == "the first demo's"
    assert folder_of(taken) != folder_of(taken + 1)


def test_the_manifest_hints_at_every_command() -> None:
    hints = manifest_settings(ROOT / "manifest.json")["usage_hints"]
    for usage in COMMANDS:
        name, *words = usage.command.split()
        if len(words) == 1:  # what a survey's name follows is offered in the list of surveys
            assert words[0] in hints[name].split(" | "), usage.command
    assert all("help" in hint for hint in hints.values())
