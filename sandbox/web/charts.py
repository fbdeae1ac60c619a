"""The ``data_visualization`` block, drawn by the ECharts that NiceGUI ships, with its figures.

Source: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
"""

from typing import Any

from nicegui import ui

from sandbox.state import Json
from sandbox.web.markup import Html, join, tag
from sandbox.web.surface import Surface
from sandbox.web.tags import el, raw

COLOURS = ["#3b76d9", "#e08a1e", "#2b9a66", "#b4559e", "#d1495b", "#5f9ea8"]
INK = "#5a6472"
FONT = "system-ui, Segoe UI, Roboto, Noto Sans, DejaVu Sans, sans-serif"
"""Named, as the chart measures its texts before the page's font is known to it."""
MOST_LETTERS = 60
"""This many letters of categories fit side by side; more are slanted."""

LETTER = 5
"""Height in pixels of a letter of a slanted category."""


def data_visualization(block: Json, _surface: Surface) -> None:
    """Draw a chart of one of the four kinds, and its figures as a table."""
    chart = block["chart"]
    kind, title = str(chart["type"]), str(block["title"])
    if kind == "pie":
        options, heads = pie_options(chart), ["Segment", "Value"]
        rows = [[s["label"], s["value"]] for s in chart["segments"]]
    else:
        options, config = axis_options(chart), chart["axis_config"]
        columns = [values_of(series, config["categories"]) for series in chart["series"]]
        rows = [list(row) for row in zip(config["categories"], *columns, strict=True)]
        heads = [config.get("x_label") or "Category", *(s["name"] for s in chart["series"])]
    with el("figure", classes="figure chart"):
        el("figcaption", title)
        with el("div", role="img", aria_label=f"{kind} chart: {title}. The figures follow."):
            ui.echart(options, renderer="svg").classes("chart-canvas")
        with el("details", classes="chart-figures"):
            el("summary", "Show the figures")
            raw(figures_table(heads, rows), "table", "table")


def shared_options() -> dict[str, Any]:
    """Return what all charts have in common. Tooltips are drawn text, never HTML."""
    return {
        "color": COLOURS,
        "textStyle": {"color": INK, "fontFamily": FONT},
        "animation": False,
        "tooltip": {"trigger": "item", "renderMode": "richText", "confine": True},
        "legend": {"type": "scroll", "bottom": 0, "textStyle": {"color": INK}},
    }


def pie_options(chart: Json) -> dict[str, Any]:
    """Return ECharts' options for a pie."""
    pie = {
        "type": "pie",
        "radius": ["45%", "72%"],
        "center": ["50%", "44%"],
        "data": [{"name": s["label"], "value": s["value"]} for s in chart["segments"]],
        "label": {"color": INK, "formatter": "{b}: {d}%"},
    }
    return shared_options() | {"series": [pie]}


def axis_options(chart: Json) -> dict[str, Any]:
    """Return ECharts' options for bars, lines or areas."""
    config = chart["axis_config"]
    categories = config["categories"]
    slanted = sum(len(category) + 2 for category in categories) > MOST_LETTERS
    below = min(150, 60 + LETTER * max(map(len, categories))) if slanted else 72
    axis_name = {"nameLocation": "middle", "nameTextStyle": {"color": INK}}
    shape = "bar" if chart["type"] == "bar" else "line"
    area = {"areaStyle": {"opacity": 0.25}} if chart["type"] == "area" else {}
    return shared_options() | {
        "grid": {"left": 52, "right": 16, "top": 16, "bottom": below},
        "xAxis": {
            "type": "category",
            "data": categories,
            "name": config.get("x_label", ""),
            "nameGap": below - 50 if slanted else 28,
            "axisLabel": {"color": INK, "interval": 0, "rotate": 50 if slanted else 0},
            **axis_name,
        },
        "yAxis": {
            "type": "value",
            "name": config.get("y_label", ""),
            "nameGap": 36,
            "axisLabel": {"color": INK},
            **axis_name,
        },
        "series": [
            {"name": s["name"], "type": shape, "data": values_of(s, categories), **area}
            for s in chart["series"]
        ],
    }


def values_of(series: Json, categories: list[str]) -> list[Any]:
    """Return a series' values in the order of the categories."""
    by_label = {point["label"]: point["value"] for point in series["data"]}
    return [by_label[category] for category in categories]


def figures_table(heads: list[str], rows: list[list[Any]]) -> Html:
    """Return a table's inside: its first column names the rows."""
    head = tag("tr", *(tag("th", name, scope="col") for name in heads))
    body = [
        tag(
            "tr",
            tag("th", str(first), scope="row"),
            *(tag("td", f"{value:g}", class_="align-right") for value in rest),
        )
        for first, *rest in rows
    ]
    return join([tag("thead", head), tag("tbody", *body)])
