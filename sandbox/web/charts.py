"""Slack's charts, drawn by the ECharts that NiceGUI ships, each with its figures as a table.

Source: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
"""

from typing import Any

from nicegui import ui

from sandbox.web.elements import unknown_box
from sandbox.web.markup import Html, join, tag
from sandbox.web.surface import Json, Surface
from sandbox.web.tags import el, raw

COLOURS = [
    "#3b76d9",
    "#e08a1e",
    "#2b9a66",
    "#b4559e",
    "#d1495b",
    "#5f9ea8",
    "#8c6bd1",
    "#a3833c",
    "#4f7f3f",
    "#c96f4a",
    "#6b7a90",
    "#2e8fb8",
]
INK = "#7d8590"
"""Readable on light and dark ground."""
FONT = "system-ui, Segoe UI, Roboto, Noto Sans, DejaVu Sans, sans-serif"
"""Named, as the chart measures its texts before the page's font is known to it."""
FAINT = "rgba(125,133,144,0.25)"


def data_visualization(block: Json, surface: Surface) -> None:
    """Draw a chart of one of the four kinds."""
    del surface
    chart = block.get("chart") or {}
    kind = chart.get("type")
    if kind == "pie":
        options, figures = pie_options(chart), pie_table(chart)
    elif kind in {"bar", "line", "area"}:
        options, figures = axis_options(chart), axis_table(chart)
    else:
        unknown_box("chart", chart)
        return
    title = str(block.get("title", ""))
    with el("figure", classes="figure chart"):
        el("figcaption", title)
        with el("div", role="img", aria_label=f"{kind} chart: {title}. The figures follow."):
            ui.echart(options, renderer="svg").classes("chart-canvas")
        with el("details", classes="chart-figures"):
            el("summary", "Show the figures")
            raw(figures, "table", "table")


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
    data = [{"name": s["label"], "value": s["value"]} for s in chart.get("segments", [])]
    pie = {
        "type": "pie",
        "radius": ["45%", "72%"],
        "center": ["50%", "44%"],
        "data": data,
        "label": {"color": INK, "formatter": "{b}: {d}%"},
    }
    return shared_options() | {"series": [pie]}


def axis_options(chart: Json) -> dict[str, Any]:
    """Return ECharts' options for bars, lines or areas."""
    config = chart.get("axis_config") or {}
    categories = config.get("categories") or []
    axis_name = {"nameLocation": "middle", "nameTextStyle": {"color": INK}}
    options = shared_options() | {
        "grid": {"left": 52, "right": 16, "top": 16, "bottom": 72},
        "xAxis": {
            "type": "category",
            "data": categories,
            "name": config.get("x_label", ""),
            "nameGap": 28,
            "axisLabel": {"color": INK},
            **axis_name,
        },
        "yAxis": {
            "type": "value",
            "name": config.get("y_label", ""),
            "nameGap": 36,
            "axisLabel": {"color": INK},
            "splitLine": {"lineStyle": {"color": FAINT}},
            **axis_name,
        },
    }
    return options | {
        "series": [one_series(s, chart["type"], categories) for s in all_series(chart)]
    }


def all_series(chart: Json) -> list[Json]:
    """Return the series of a chart."""
    return chart.get("series") or []


def values_of(series: Json, categories: list[str]) -> list[Any]:
    """Return a series' values in the order of the categories; None where there is none."""
    by_label = {point["label"]: point["value"] for point in series.get("data", [])}
    return [by_label.get(category) for category in categories]


def one_series(series: Json, kind: str, categories: list[str]) -> dict[str, Any]:
    """Return ECharts' options for one series."""
    drawn: dict[str, Any] = {
        "name": series.get("name", ""),
        "type": "bar" if kind == "bar" else "line",
        "data": values_of(series, categories),
    }
    if kind == "bar":
        drawn |= {"barMaxWidth": 36, "itemStyle": {"borderRadius": [3, 3, 0, 0]}}
    else:
        drawn |= {"symbolSize": 7, "lineStyle": {"width": 2.5}}
    if kind == "area":
        drawn["areaStyle"] = {"opacity": 0.25}
    return drawn


def pie_table(chart: Json) -> Html:
    """Return the figures of a pie as the inside of a table."""
    rows = [[s["label"], s["value"]] for s in chart.get("segments", [])]
    return figures_table(["Segment", "Value"], rows)


def axis_table(chart: Json) -> Html:
    """Return the figures of the other charts as the inside of a table."""
    config = chart.get("axis_config") or {}
    categories = config.get("categories") or []
    columns = [values_of(series, categories) for series in all_series(chart)]
    rows = [
        [category, *(column[index] for column in columns)]
        for index, category in enumerate(categories)
    ]
    names = [str(series.get("name", "")) for series in all_series(chart)]
    return figures_table([config.get("x_label") or "Category", *names], rows)


def figures_table(head: list[str], rows: list[list[Any]]) -> Html:
    """Return a table's inside: its first column names the rows."""
    heads = tag("tr", *(tag("th", name, scope="col") for name in head))
    body = [
        tag(
            "tr",
            tag("th", str(first), scope="row"),
            *(tag("td", "–" if v is None else f"{v:g}", class_="align-right") for v in rest),
        )
        for first, *rest in rows
    ]
    return join([tag("thead", heads), tag("tbody", *body)])
