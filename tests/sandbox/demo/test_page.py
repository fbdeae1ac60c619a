"""The page's tour, whom visitors may play, and whose port it is; without a browser."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.app import COMMANDS
from sandbox.calls import CallRecord
from sandbox.demo.company import ADAM, HR_CHANNEL, MAYA, MILA, NOOR
from sandbox.demo.engine import Demo
from sandbox.demo.errors import DemoError
from sandbox.demo.page import PREPARING, Deed, Page, Tour, deed_of_change, deed_of_record
from sandbox.demo.story import PLAYED, STEPS
from sandbox.state import Change, Channel, Message
from sandbox.workspace import manifest_settings
from tests.conftest import ROOT

NOW = datetime(2026, 11, 9, 10, 0, tzinfo=UTC)
WALK = [
    Deed(MAYA, "/pulse results weekly"),
    Deed(MAYA, "insights:wave"),
    Deed(MAYA, "products:item"),
    Deed(MILA, "home"),
    Deed(MILA, "voice:open"),
    Deed(MAYA, "products:item"),
    Deed(MAYA, "/journey "),
    Deed(MAYA, "surveys:preview"),
    Deed(NOOR, "pulse:answer:4"),
    Deed(NOOR, "pulse:comment_form"),
    Deed(NOOR, "/pulse privacy"),
    Deed(NOOR, "mentoring:form"),
    Deed(NOOR, "blockers:ask"),
    Deed(NOOR, "learning:book:60"),
    Deed(NOOR, "knowledge:this_helps"),
    Deed(NOOR, "home"),
    Deed(MAYA, "/pulse results"),
    Deed(MAYA, "mentoring:start"),
    Deed(ADAM, "mentoring:accept"),
    Deed("UBOT", "digest"),
]


class Crowd:
    """Stands for the crowd: notes whom it leaves alone."""

    def __init__(self) -> None:
        self.left: set[str] = set()

    def leave_alone(self, people: set[str]) -> None:
        self.left |= people


class Timeline:
    """Stands for the timeline, in which no time passes."""

    async def run(self) -> None:
        """Do nothing."""


@pytest.fixture
def demo() -> Demo:
    """A demo whose page can be opened, though it doesn't run."""
    made = Demo(0, lambda: NOW)
    stands_in: Any = made
    stands_in.crowd, stands_in.timeline = Crowd(), Timeline()
    return made


def tour() -> Tour:
    """A tour in which a handle is its own id."""
    return Tour(lambda handle: handle)


def done(one: Tour) -> list[int]:
    return [number for number, step in enumerate(one.steps(), 1) if step.is_done]


def test_each_deed_of_the_walk_ends_the_next_step() -> None:
    walking = tour()
    for number, deed in enumerate(WALK, 1):
        walking.note(deed)
        assert done(walking) == list(range(1, number + 1))
    assert len(STEPS) == len(WALK)
    assert [step.key for step in STEPS] == list(PLAYED), "the terminal plays the same steps"


def test_what_somebody_else_does_ends_nothing() -> None:
    watched = tour()
    for deed in (*WALK[:-1], None, Deed(MAYA, "/pulse resul")):
        watched.note(deed and Deed("UELSE" if deed in WALK else deed.user, deed.name))
    assert done(watched) == []


def test_steps_may_be_taken_in_any_order_but_only_an_open_survey_shows_who_takes_part() -> None:
    jumping = tour()
    curious, ask, look = WALK[10], WALK[7], WALK[16]
    for deed in (curious, curious, Deed(NOOR, "pulse:change"), WALK[0], look):
        jumping.note(deed)
    assert done(jumping) == [1, 10, 11]
    jumping.note(ask)
    jumping.note(look)
    assert done(jumping) == [1, 8, 10, 11, 17]


def record(method: str, arguments: Any, answer: Any = None, error: str | None = None) -> CallRecord:
    return CallRecord(1, NOW, "to_app", method, arguments, answer, 200, 5.0, error=error)


COMMAND = {"user_id": "U1", "command": "/pulse", "text": " results "}
PRESS = {"user": {"id": "U1"}, "actions": [{"action_id": "pulse:change"}]}
FORM = {"user": {"id": "U1"}, "view": {"callback_id": "surveys:preview"}}
SUBMITTED = "interaction:view_submission"
SHOWN = {"callback_id": "surveys:preview"}
HOME = Deed("U1", "home")


@pytest.mark.parametrize(
    ("made", "deed"),
    [
        (record("command:/pulse", COMMAND), Deed("U1", "/pulse results")),
        (record("interaction:block_actions", PRESS), Deed("U1", "pulse:change")),
        (record(SUBMITTED, FORM), Deed("U1", "surveys:preview")),
        (record(SUBMITTED, FORM, {"response_action": "errors"}), None),
        # The form comes back as a preview before it's saved.
        (record(SUBMITTED, FORM, {"view": {**SHOWN, "submit": {"text": "Save"}}}), None),
        (record(SUBMITTED, FORM, {"view": SHOWN}), Deed("U1", "surveys:preview")),
        (record("interaction:block_actions", PRESS, error="operation_timeout"), None),
        (record("event:app_home_opened", {"event": {"user": "U1", "tab": "home"}}), HOME),
        (record("event:app_home_opened", {"event": {"user": "U1", "tab": "messages"}}), None),
        (record("event:app_uninstalled", {"event": {}}), None),
    ],
)
def test_deeds_are_read_from_the_log(made: CallRecord, deed: Deed | None) -> None:
    assert deed_of_record(made) == deed


@pytest.mark.parametrize(
    ("channel_id", "user", "visible_to", "text", "counts"),
    [
        ("CHR", "UBOT", None, "Pulse digest: news", True),
        ("CHR", "UBOT", None, "An alert", False),
        ("CHR", "UBOT", "U1", "Pulse digest: news", False),
        ("CHR", "U1", None, "Pulse digest: news", False),
        ("CELSE", "UBOT", None, "Pulse digest: news", False),
    ],
)
def test_only_a_digest_that_all_can_see_counts_as_one(
    channel_id: str, user: str, visible_to: str | None, text: str, counts: bool
) -> None:
    channel = Channel(channel_id, "people-ops", "public_channel", 0, "U1")
    message = Message("1.000001", channel_id, user=user, text=text, visible_to=visible_to)
    posted = Change("message_posted", user_id=user, channel=channel, message=message)
    deed = deed_of_change(posted, "CHR", "UBOT")
    assert deed == (Deed("UBOT", "digest") if counts else None)


async def test_nobody_acts_for_people_whom_a_visitor_has_played(demo: Demo) -> None:
    page = Page(demo)
    became = page.extras().became
    assert became is not None
    became("UEARLY")
    async with page.open():
        became("ULATER")
    cast = {demo.company.find(handle).id for handle in (MAYA, NOOR, ADAM, MILA)}
    crowd: Any = demo.crowd
    assert crowd.left == cast | {"UEARLY", "ULATER"}


async def test_the_page_shows_how_the_past_is_made_until_visitors_may_begin(demo: Demo) -> None:
    page = Page(demo)
    told: list[str] = []
    demo.sandbox.world.subscribe(lambda change: told.append(change.kind))
    preparing, advance = page.extras().preparing, page.extras().advance
    assert preparing is not None
    assert advance is not None
    assert "its people" in preparing()
    page.prepare("week 7 of 12")
    assert preparing() == PREPARING.format(part="week 7 of 12")
    with pytest.raises(DemoError, match="isn't ready"):
        await advance(NOW - NOW)
    async with page.open():
        assert preparing() == ""
        assert told == ["clock_moved", "clock_moved"]


async def test_the_switcher_offers_one_person_of_each_kind(demo: Demo) -> None:
    extras = Page(demo).extras()
    assert [role.user for role in extras.roles[:4]] == [MAYA, NOOR, ADAM, MILA]
    assert demo.company.find(extras.roles[4].user).team.name == "Support"
    assert (extras.start_as, extras.start_in) == (MAYA, HR_CHANNEL)


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody else listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield int(other.getsockname()[1])


async def test_a_taken_port_leaves_the_other_demos_files_alone(tmp_path: Path, taken: int) -> None:
    kept = tmp_path / "attune.sqlite3"
    kept.write_text("the first demo's")
    with pytest.raises(DemoError, match="in use"):
        async with Demo(taken).running(tmp_path):
            pass
    assert kept.read_text() == "the first demo's"


def test_the_manifest_hints_at_every_command() -> None:
    hints = manifest_settings(ROOT / "manifest.json")["usage_hints"]
    for usage in COMMANDS:
        name, *words = usage.command.split()
        if len(words) == 1:  # what a survey's name follows is offered in the list of surveys
            assert words[0] in hints[name].split(" | "), usage.command
    assert all("help" in hint for hint in hints.values())
