"""The gate where more people were asked than answered, so that all who answered count."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.insights import disclosure
from bot.insights.disclosure import Cell, Decision


def decide(cells: Iterable[Cell], respondents: Mapping[Any, int], k: int, **rest: Any) -> Decision:
    asked = {cohort: people + 1 for cohort, people in respondents.items()}
    return disclosure.decide(cells, respondents, k, asked=asked, **rest)
