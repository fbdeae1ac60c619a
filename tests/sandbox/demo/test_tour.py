"""The tour without a browser: what ticks which step off."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.calls import CallRecord
from sandbox.demo.brightwater import EMPLOYEE, MAYA, MENTOR, staff
from sandbox.demo.tour import DIGEST, STEPS, Deed, Tour, deed_of_change, deed_of_record
from sandbox.state import Change, Channel, Message

NOW = datetime(2026, 11, 9, 10, 0, tzinfo=UTC)
WALK = [
    Deed(MAYA, "/pulse results weekly"),
    Deed(MAYA, "insights:wave"),
    Deed(MAYA, "surveys:preview"),
    Deed(EMPLOYEE, "pulse:answer:4"),
    Deed(EMPLOYEE, "pulse:comment_form"),
    Deed(EMPLOYEE, "/pulse results"),
    Deed(EMPLOYEE, "mentoring:form"),
    Deed(MAYA, "mentoring:start"),
    Deed(MENTOR, "mentoring:accept"),
    Deed("UBOT", DIGEST),
]


def tour() -> Tour:
    """A tour in which a handle is its own id."""
    return Tour(lambda handle: handle)


def done(one: Tour) -> list[int]:
    return [number for number, step in enumerate(one.steps(), 1) if step.is_done]


def test_each_deed_of_the_walk_ends_the_next_step() -> None:
    walking = tour()
    for number, deed in enumerate(WALK, 1):
        assert number not in done(walking)
        walking.note(deed)
        assert done(walking) == list(range(1, number + 1))
    assert len(STEPS) == 10


def test_what_somebody_else_does_ends_nothing() -> None:
    watched = tour()
    for deed in WALK:
        if deed.name != DIGEST:
            watched.note(Deed("UELSE", deed.name))
    watched.note(None)
    watched.note(Deed(MAYA, "/pulse resul"))
    assert done(watched) == []


def test_only_looking_at_an_earlier_wave_tells_when_it_began() -> None:
    reading = tour()
    reading.note(Deed(MAYA, "/pulse results settling"))
    reading.note(Deed(MAYA, "insights:show"))
    assert done(reading) == [1]


def test_steps_may_be_taken_in_any_order() -> None:
    jumping = tour()
    jumping.note(WALK[5])
    jumping.note(WALK[5])
    jumping.note(Deed(EMPLOYEE, "pulse:change"))
    assert done(jumping) == [5, 6]


def test_the_cast_of_the_tour_works_at_the_company() -> None:
    people = {person.handle: person for person in staff(NOW.date())}
    assert {step.handle for step in STEPS} == {MAYA, EMPLOYEE, MENTOR}
    assert people[MAYA].team.name == "People"
    assert people[EMPLOYEE].team.name == "Engineering"
    assert people[MENTOR].team.name == "Design", "another team than Noor's"


def record(method: str, arguments: Any, answer: Any = None, error: str | None = None) -> CallRecord:
    return CallRecord(1, NOW, "to_app", method, arguments, answer, 200, 5.0, error=error)


COMMAND = {"user_id": "U1", "command": "/pulse", "text": " results "}
PRESS = {"user": {"id": "U1"}, "actions": [{"action_id": "pulse:change"}]}
FORM = {"user": {"id": "U1"}, "view": {"callback_id": "surveys:preview"}}


def shown(**more: Any) -> Any:
    """An answer that shows a view of the same kind."""
    return {"response_action": "update", "view": {"callback_id": "surveys:preview", **more}}


@pytest.mark.parametrize(
    ("made", "deed"),
    [
        (record("command:/pulse", COMMAND), Deed("U1", "/pulse results")),
        (record("interaction:block_actions", PRESS), Deed("U1", "pulse:change")),
        (record("interaction:view_submission", FORM), Deed("U1", "surveys:preview")),
        (record("interaction:view_submission", FORM, {"response_action": "errors"}), None),
        (
            record("interaction:view_submission", FORM, shown(submit={"text": "Save"})),
            None,  # the form comes back, to be looked at before it is saved
        ),
        (
            record("interaction:view_submission", FORM, shown()),
            Deed("U1", "surveys:preview"),
        ),
        (record("interaction:block_actions", PRESS, error="operation_timeout"), None),
        (record("event:app_home_opened", {"event": {}}), None),
    ],
)
def test_deeds_are_read_from_the_log(made: CallRecord, deed: Deed | None) -> None:
    assert deed_of_record(made) == deed


def posted(channel_id: str, user: str, visible_to: str | None = None) -> Change:
    channel = Channel(channel_id, "people-ops", "public_channel", 0, "U1")
    message = Message("1.000001", channel_id, user=user, text="Pulse digest", visible_to=visible_to)
    return Change("message_posted", user_id=user, channel=channel, message=message)


def test_only_a_digest_that_all_can_see_counts_as_one() -> None:
    assert deed_of_change(posted("CHR", "UBOT"), "CHR", "UBOT") == Deed("UBOT", DIGEST)
    assert deed_of_change(posted("CHR", "UBOT", visible_to="U1"), "CHR", "UBOT") is None
    assert deed_of_change(posted("CHR", "U1"), "CHR", "UBOT") is None
    assert deed_of_change(posted("CELSE", "UBOT"), "CHR", "UBOT") is None
    assert deed_of_change(Change("clock_moved"), "CHR", "UBOT") is None
