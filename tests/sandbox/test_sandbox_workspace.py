"""The description of a workspace, the clock and the world."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sandbox.clock import Clock
from sandbox.texts import typed
from sandbox.workspace import WorkspaceError, build_world, load_workspace


def test_json_works_as_well(tmp_path: Path) -> None:
    path = tmp_path / "workspace.json"
    path.write_text(json.dumps({"users": [{"name": "ada", "tz": "Asia/Tokyo"}]}))
    world = load_workspace(path, app_url="http://127.0.0.1:3000")
    assert world.app().events_url == "http://127.0.0.1:3000/slack/events"
    ada = world.find_user("ada@example.com")
    assert ada is not None
    assert ada.id in next(iter(world.channels.values())).members


@pytest.mark.parametrize(
    ("described", "said"),
    [
        ({"users": [{"real_name": "Ada"}]}, "every user needs a name"),
        ({"users": [{"name": "ada", "shoe_size": 38}]}, "user ada: unknown shoe_size"),
        ({"channels": [{"name": "a", "members": ["bob"]}]}, "channel a: there is no user bob"),
        ({"channels": [{"name": "a", "kind": "secret"}]}, "kind is public or private"),
        ({"usergroups": [{"handle": "g", "users": ["bob"]}]}, "there is no user bob"),
    ],
)
def test_a_wrong_description_says_what_is_wrong(described: dict[str, object], said: str) -> None:
    with pytest.raises(WorkspaceError, match=said):
        build_world(described)


def test_an_app_manifest_says_what_the_app_may(tmp_path: Path) -> None:
    manifest = {
        "display_information": {"name": "Attune"},
        "features": {"slash_commands": [{"command": "/pulse", "should_escape": True}]},
        "oauth_config": {"scopes": {"bot": ["chat:write"]}},
        "settings": {"event_subscriptions": {"bot_events": ["team_join"]}},
    }
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(manifest))
    app = load_workspace(manifest=path).app()
    assert app.scopes == {"chat:write"}
    assert app.events == {"team_join"}
    assert app.commands == {"/pulse"}
    assert app.should_escape


def test_the_clock_moves_forward_only() -> None:
    clock = Clock(lambda: datetime(2026, 12, 1, 9, tzinfo=UTC))
    assert clock.advance(60) == datetime(2026, 12, 1, 9, 1, tzinfo=UTC)
    assert clock.move_to(datetime(2026, 12, 2, tzinfo=UTC)).day == 2
    with pytest.raises(ValueError, match="forward only"):
        clock.advance(-1)
    with pytest.raises(ValueError, match="zone"):
        clock.move_to(datetime(2026, 12, 3))  # noqa: DTZ001 - without a zone on purpose


def test_typed_text_is_data_with_references() -> None:
    world = load_workspace()
    ada, general = world.find_user("ada"), world.find_channel("general")
    assert ada is not None
    assert general is not None
    assert typed("<!channel> & 5 > 3", world) == "&lt;!channel&gt; &amp; 5 &gt; 3"
    assert typed("@ada, see #general!", world) == f"<@{ada.id}>, see <#{general.id}|general>!"
    assert typed("@ada", world, with_names=True) == f"<@{ada.id}|ada>"
    assert typed("@here", world) == "<!here>"
    assert typed("mail ada@example.com or @nobody", world) == "mail ada@example.com or @nobody"
