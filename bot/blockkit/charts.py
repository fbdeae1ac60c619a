"""Slack's chart block, within its limits.

https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bot.blockkit.blocks import Block
from bot.blockkit.text import shorten

CHART_LABEL: Final = 20
CHART_POINTS: Final = 20
CHART_TITLE: Final = 50
FEWEST_POINTS: Final = 2
"""A single point is no chart: a sentence says it better."""


def line_chart(
    title: str, lines: Mapping[str, Sequence[float]], categories: Sequence[str], y_label: str
) -> Block:
    """Build a line chart; each line has one value per category.

    `categories`, 2 to 20, are unique and have at most 20 characters. Names of lines and the title
    are shortened. Raises ValueError for too few or too many points.
    """
    if not FEWEST_POINTS <= len(categories) <= CHART_POINTS:
        raise ValueError(f"a chart has {FEWEST_POINTS} to {CHART_POINTS} points")
    names = numbered_labels(lines)
    return {
        "type": "data_visualization",
        "title": shorten(title, CHART_TITLE),
        "chart": {
            "type": "line",
            "series": [
                {
                    "name": name,
                    "data": [
                        {"label": label, "value": value}
                        for label, value in zip(categories, values, strict=True)
                    ],
                }
                for name, values in zip(names, lines.values(), strict=True)
            ],
            "axis_config": {"categories": list(categories), "y_label": y_label},
        },
    }


def numbered_labels(names: Iterable[str], limit: int = CHART_LABEL) -> list[str]:
    """Return a short form of each name, numbered where two would be alike."""
    found: dict[str, None] = {}
    for name in names:
        label, number = shorten(name, limit), 1
        while label in found:
            number += 1
            label = f"{shorten(name, limit - len(str(number)) - 1)} {number}"
        found[label] = None
    return list(found)
