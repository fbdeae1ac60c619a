"""Rich text as HTML.

Source: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from typing import Any

from sandbox.web.markup import Html, join, lines, link, tag
from sandbox.web.mrkdwn import mention
from sandbox.web.names import Names

Json = dict[str, Any]

STYLES = {
    "bold": "b",
    "italic": "i",
    "strike": "s",
    "underline": "u",
    "highlight": "b",
    "code": "code",
}
PARTS = {
    "rich_text_section": "div",
    "rich_text_quote": "blockquote",
    "rich_text_preformatted": "pre",
}
MENTIONS = {"user": ("@", "user_id"), "channel": ("#", "channel_id"), "broadcast": ("!", "range")}


def rich_text(block: Json, names: Names) -> Html:
    """Return a rich text block or object."""
    return join(part(element, names) for element in block.get("elements", []))


def part(element: Json, names: Names) -> Html:
    """Return a section, list, quote or preformatted part."""
    if element.get("type") == "rich_text_list":
        items = [tag("li", inline(item, names)) for item in element.get("elements", [])]
        return tag("ol" if element.get("style") == "ordered" else "ul", *items)
    return tag(PARTS.get(str(element.get("type")), "div"), inline(element, names))


def inline(element: Json, names: Names) -> Html:
    """Return the elements within a part, each with its styles around it."""
    shown = []
    for child in element.get("elements", []):
        html = one(child, names)
        for style, wrapper in STYLES.items():
            if (child.get("style") or {}).get(style):
                html = tag(wrapper, html)
        shown.append(html)
    return join(shown)


def one(element: Json, names: Names) -> Html:
    """Return one inline element; a date or a user group as its text."""
    kind = str(element.get("type"))
    if kind == "text":
        return lines(str(element.get("text", "")))
    if kind == "link":
        url = str(element.get("url", ""))
        return link(url, str(element.get("text") or url))
    if kind in MENTIONS:
        mark, key = MENTIONS[kind]
        return mention(mark, str(element.get(key, "")), names)
    return tag("span", str(element.get("unicode") or element.get("fallback") or f"[{kind}]"))
