from dataclasses import replace

import pytest

from bot.people.blocks import (
    MENTIONS_SHOWN,
    hr_team_blocks,
    hr_team_form,
    hr_team_saved,
    hr_team_text,
)
from bot.people.roles import HrTeam
from sandbox.blockkit import validate_blocks, validate_view

TEAM = HrTeam(("U0MAYA", "U0BEN"), ())
LARGE = HrTeam(tuple(f"U{number:010}" for number in range(500)), ("U0ANA",))


def test_many_people_are_counted_rather_than_listed() -> None:
    assert str(500 - MENTIONS_SHOWN) in hr_team_text(LARGE)
    assert hr_team_text(LARGE).count("<@") == MENTIONS_SHOWN + 1


@pytest.mark.parametrize("team", [TEAM, LARGE, HrTeam((), ())])
def test_slack_would_show_it(team: HrTeam) -> None:
    assert validate_blocks(hr_team_blocks(team, can_change=True), "message") == []
    assert validate_view(hr_team_form(team, with_switch=True)) == []
    assert validate_view(hr_team_saved(team)) == []


def test_only_those_who_may_change_it_get_a_button() -> None:
    assert [block["type"] for block in hr_team_blocks(TEAM, can_change=False)] == ["section"]
    assert [block["type"] for block in hr_team_blocks(TEAM, can_change=True)] == [
        "section",
        "actions",
    ]


def test_the_form_begins_with_those_who_are_hr_now() -> None:
    admins, analysts = hr_team_form(TEAM, with_switch=False)["blocks"]
    assert admins["element"]["initial_users"] == ["U0MAYA", "U0BEN"]
    assert not admins["optional"]
    assert "initial_users" not in analysts["element"]
    assert analysts["optional"]


def test_the_switch_for_managers_shows_how_it_stands() -> None:
    allowed = replace(TEAM, owner="U0OWNER", managers_see_team=True)
    for team, chosen in ((TEAM, False), (allowed, True)):
        (switch,) = hr_team_form(team, with_switch=True)["blocks"][2:]
        assert ("initial_options" in switch["element"]) is chosen
