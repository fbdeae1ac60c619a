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
MOST_BESIDE = 6
"""So many segments' names find room around a pie."""
MOST_LETTERS = 60
"""So many letters of categories find room in a row."""
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
            tall = " tall" if kind != "pie" and is_slanted(options["xAxis"]["data"]) else ""
            ui.echart(options, renderer="svg").classes(f"chart-canvas{tall}")
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
    segments = chart.get("segments", [])
    if len(segments) > MOST_BESIDE:
        return listed_pie_options(segments)
    data = [{"name": s["label"], "value": s["value"]} for s in segments]
    pie = {
        "type": "pie",
        "radius": ["45%", "72%"],
        "center": ["50%", "44%"],
        "data": data,
        "label": {"color": INK, "formatter": "{b}: {d}%"},
    }
    return shared_options() | {"series": [pie]}


def listed_pie_options(segments: list[Json]) -> dict[str, Any]:
    """Return ECharts' options for a pie of many segments, whose names stand in a list."""
    whole = sum(segment["value"] for segment in segments)
    names = [f"{s['label']}: {100 * s['value'] / whole:.3g}%" for s in segments]
    pie = {
        "type": "pie",
        "radius": ["40%", "76%"],
        "center": ["27%", "50%"],
        "data": [
            {"name": name, "value": s["value"]} for name, s in zip(names, segments, strict=True)
        ],
        "label": {"show": False},
    }
    legend = {
        "orient": "vertical",
        "left": "54%",
        "top": "middle",
        "itemGap": 6,
        "textStyle": {"color": INK},
    }
    return shared_options() | {"legend": legend, "series": [pie]}


def axis_options(chart: Json) -> dict[str, Any]:
    """Return ECharts' options for bars, lines or areas."""
    config = chart.get("axis_config") or {}
    categories = config.get("categories") or []
    axis_name = {"nameLocation": "middle", "nameTextStyle": {"color": INK}}
    slanted = is_slanted(categories)
    options = shared_options() | {
        "grid": {"left": 52, "right": 16, "top": 16, "bottom": 150 if slanted else 72},
        "xAxis": {
            "type": "category",
            "data": categories,
            "name": config.get("x_label", ""),
            "nameGap": 100 if slanted else 28,
            "axisLabel": {"color": INK, "interval": 0, "rotate": 50 if slanted else 0},
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


def is_slanted(categories: list[str]) -> bool:
    """Tell whether the categories are too long, or too many, to stand side by side."""
    return sum(len(str(category)) + 2 for category in categories) > MOST_LETTERS


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
