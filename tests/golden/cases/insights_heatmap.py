"""The heat map of groups by drivers, as HR sees it."""

from dataclasses import replace
from typing import Any

from bot.blockkit.blocks import Message, actions
from bot.insights.heatmap import blocks
from bot.insights.heatmap.service import DRIVERS, ROWS, HeatMap
from bot.insights.wave_results import GroupResults, PublishedNumber, Score, WaveResults
from tests.golden.cases._texts import LONG
from tests.golden.cases._waves import GROWTH, TRUST, WAVE, WORKLOAD
from tests.golden.shown import Cases, Sentences


def score(of: Score, mean: float, *, least: bool = False, most: bool = False) -> Score:
    return replace(of, mean=PublishedNumber(mean, least, most))


def team(name: str, *scores: Score, merged: bool = False) -> GroupResults:
    return GroupResults("team", name, merged, 5, 9, 9, scores, None)


TEAMS = (
    team("Support", score(WORKLOAD, 2.5, least=True), score(GROWTH, 5.0), score(TRUST, 6.0)),
    team("Sales", score(GROWTH, 6.0), score(TRUST, 7.5, most=True)),
    team("Design", score(WORKLOAD, 7.0), score(GROWTH, 7.0), score(TRUST, 8.0)),
    team("Legal + Ops", score(WORKLOAD, 6.0), merged=True),
    team("Everyone else"),
)
OF_TEAMS = replace(WAVE, groups=TEAMS, group_counts={"team": 5, "location": 2})
MANY = tuple(replace(WORKLOAD, label=f"Driver {n:02}", ref=f"d{n}") for n in range(40))


def wave(**changes: Any) -> WaveResults:
    return replace(OF_TEAMS, **changes)


def hostile() -> HeatMap:
    """Return the largest page: as many groups and drivers as fit, all with long names."""
    drivers = tuple(replace(each, label=f"{each.label} {LONG}") for each in MANY[:DRIVERS])
    teams = tuple(team(f"{LONG} {n}", *drivers) for n in range(ROWS))
    return HeatMap(wave(drivers=drivers, groups=teams, group_counts={"team": 9 * ROWS}), "team", 3)


CASES: Cases = {
    "heat-map": lambda: blocks.heat_map_message(HeatMap(OF_TEAMS, "team", 0)),
    "heat-map-as-text": lambda: plain(HeatMap(OF_TEAMS, "team", 0)),
    "heat-map-of-one-team": lambda: blocks.heat_map_message(
        HeatMap(wave(groups=TEAMS[:1], group_counts={"team": 1}), "team", 0)
    ),
    "heat-map-40-drivers": lambda: blocks.heat_map_message(
        HeatMap(wave(drivers=MANY, groups=(team("Support", *MANY),)), "team", 0)
    ),
    "heat-map-hostile": lambda: blocks.heat_map_message(hostile()),
    "heat-map-hostile-as-text": lambda: plain(hostile()),
    "button": lambda: [actions([blocks.heat_map_button("w1")])],
    "sentences": lambda: Sentences(
        {
            "above the picture": blocks.picture_comment(HeatMap(OF_TEAMS, "team", 0), "Note."),
            "while it is drawn": blocks.DRAWING,
            "not sent": blocks.NO_PICTURE,
            "not allowed to": blocks.NO_SCOPE,
        }
    ),
}


def plain(heat: HeatMap) -> Message:
    message = blocks.heat_map_message(heat)
    return Message(message.text, message.plain or [])
