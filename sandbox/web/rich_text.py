"""Rich text as HTML: a function per kind of element.

Source: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from collections.abc import Callable
from typing import Any

from sandbox.web import mentions
from sandbox.web.emoji import SKIN_TONES, emoji, from_code_points, with_emoji
from sandbox.web.markup import Html, join, lines, link, tag
from sandbox.web.names import Names

Json = dict[str, Any]

STYLES = {
    "bold": "b",
    "italic": "i",
    "strike": "s",
    "underline": "u",
    "highlight": "mark",
    "client_highlight": "mark",
    "code": "code",
}
MARKERS = {
    "bullet": ("disc", "circle", "square"),
    "ordered": ("decimal", "lower-alpha", "lower-roman"),
}


def rich_text(block: Json, names: Names) -> Html:
    """Return a rich text block or object."""
    return join(part(element, names) for element in block.get("elements", []))


def part(element: Json, names: Names) -> Html:
    """Return a section, list, quote or preformatted part."""
    draw = PARTS.get(element.get("type", ""))
    return draw(element, names) if draw else unknown(element)


def section(element: Json, names: Names) -> Html:
    """Return a run of text."""
    return tag("div", inline(element, names))


def inline(element: Json, names: Names) -> Html:
    """Return the elements within a part."""
    return join(styled(child, names) for child in element.get("elements", []))


def listing(element: Json, names: Names) -> Html:
    """Return one list; deeper levels come as lists of their own with an indent."""
    ordered = element.get("style") == "ordered"
    indent = int(element.get("indent") or 0)
    markers = MARKERS["ordered" if ordered else "bullet"]
    style = f"list-style-type:{markers[indent % 3]};margin-left:{1.5 * indent}rem"
    items = [tag("li", inline(item, names)) for item in element.get("elements", [])]
    start = int(element.get("offset") or 0) + 1 if ordered else None
    border = "bordered" if element.get("border") else None
    return tag("ol" if ordered else "ul", *items, start=start, style=style, class_=border)


def quote(element: Json, names: Names) -> Html:
    """Return a quotation."""
    return tag("blockquote", inline(element, names))


def preformatted(element: Json, names: Names) -> Html:
    """Return text as typed on a machine."""
    return tag("pre", inline(element, names))


PARTS: dict[str, Callable[[Json, Names], Html]] = {
    "rich_text_section": section,
    "rich_text_list": listing,
    "rich_text_quote": quote,
    "rich_text_preformatted": preformatted,
}


def styled(element: Json, names: Names) -> Html:
    """Return one inline element with its styles around it."""
    draw = INLINE.get(element.get("type", ""))
    shown = draw(element, names) if draw else unknown(element)
    style = element.get("style") or {}
    for name, wrapper in STYLES.items():
        if style.get(name):
            shown = tag(wrapper, shown)
    return shown


def text(element: Json, _names: Names) -> Html:
    """Return plain text."""
    return lines(with_emoji(element.get("text", "")))


def a_link(element: Json, _names: Names) -> Html:
    """Return a link."""
    url = element.get("url", "")
    return link(url, element.get("text") or url)


def an_emoji(element: Json, _names: Names) -> Html:
    """Return an emoji, or its shortcode when it is not known."""
    name = element.get("name", "")
    shown = from_code_points(element.get("unicode") or "") or emoji(name)
    if shown and not element.get("unicode"):
        shown += SKIN_TONES.get(str(element.get("skin_tone")), "")
    return tag("span", shown or f":{name}:", class_="emoji", title=f":{name}:")


def a_date(element: Json, names: Names) -> Html:
    """Return a moment in the viewer's zone."""
    return mentions.date(
        element.get("timestamp", ""),
        element.get("format", "{date}"),
        names,
        element.get("url"),
        element.get("fallback", ""),
    )


def a_team(element: Json, names: Names) -> Html:
    """Return a workspace's name."""
    team = names.world.team
    team_id = element.get("team_id", "")
    return tag("span", team.name if team_id == team.id else team_id, class_="mention")


def unknown(element: Json) -> Html:
    """Return a mark in the place of something that is not known here."""
    return tag("span", f"[{element.get('type', 'element')}]", class_="unknown-inline")


INLINE: dict[str, Callable[[Json, Names], Html]] = {
    "text": text,
    "link": a_link,
    "emoji": an_emoji,
    "user": lambda e, names: mentions.person(e.get("user_id", ""), names),
    "channel": lambda e, names: mentions.channel(e.get("channel_id", ""), names),
    "usergroup": lambda e, names: mentions.usergroup(e.get("usergroup_id", ""), names),
    "broadcast": lambda e, _names: mentions.broadcast(e.get("range", "")),
    "color": lambda e, _names: mentions.colour(e.get("value", "")),
    "date": a_date,
    "team": a_team,
}
