"""The charts of a `data_visualization` block.

https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block

The page once said 6 series or segments, which older clients still hold to; 12 is newer.
"""

from collections.abc import Mapping
from typing import Final

from sandbox.blockkit import rules
from sandbox.blockkit.schema import Enum, List, Number, Object, String, Tagged

_LABEL: Final = String(20, 1)
_AXIS_LABEL: Final = String(50)

_PIE: Final = Object(
    required={
        "type": Enum(("pie",)),
        "segments": List(Object({"label": _LABEL, "value": Number(above=0)}), 12, 1),
    },
)

_SERIES: Final = Object(
    required={
        "name": _LABEL,
        "data": List(Object({"label": _LABEL, "value": Number()}), 20, 1),
    },
)


def _series_chart(name: str) -> Object:
    return Object(
        required={
            "type": Enum((name,)),
            "series": List(_SERIES, 12, 1),
            "axis_config": Object(
                required={"categories": List(_LABEL, 20, 1)},
                optional={"x_label": _AXIS_LABEL, "y_label": _AXIS_LABEL},
            ),
        },
        rules=(rules.unique("series", "name"), rules.covers_every_category),
    )


CHART_TYPES: Final[Mapping[str, Object]] = {
    "pie": _PIE,
    "bar": _series_chart("bar"),
    "line": _series_chart("line"),
    "area": _series_chart("area"),
}

CHARTS: Final = Tagged(CHART_TYPES)
