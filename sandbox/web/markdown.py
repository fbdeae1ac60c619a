"""Standard Markdown, as the ``markdown`` block takes it, as HTML.

Raw HTML in it stays text. Source: https://docs.slack.dev/reference/block-kit/blocks/markdown-block
"""

import re

from sandbox.web.emoji import with_emoji
from sandbox.web.markup import Html, join, link, tag

FENCE = re.compile(r"^```[^\n]*\n(.*?)(?:\n```[ ]*$|\Z)", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
BULLET = re.compile(r"\s*[-*+]\s+(.*)")
NUMBER = re.compile(r"\s*(\d+)[.)]\s+(.*)")
QUOTE = re.compile(r">\s?(.*)")
INLINE = re.compile(
    r"`(?P<code>[^`]+)`"
    r"|!?\[(?P<text>[^\]]*)\]\((?P<url>[^\s)]+)\)"
    r"|\*\*(?P<b>.+?)\*\*|__(?P<b2>.+?)__"
    r"|~~(?P<s>.+?)~~"
    r"|(?<!\w)[*](?P<i>[^\s*](?:[^*]*[^\s*])?)[*]|(?<!\w)_(?P<i2>[^\s_](?:[^_]*[^\s_])?)_(?!\w)"
)


def markdown(text: str) -> Html:
    """Return a Markdown text: headings, lists, quotes, code and inline formatting."""
    parts: list[Html] = []
    end = 0
    for match in FENCE.finditer(text):
        parts += paragraphs(text[end : match.start()])
        parts.append(tag("pre", match.group(1)))
        end = match.end()
    return join([*parts, *paragraphs(text[end:])])


def paragraphs(text: str) -> list[Html]:
    """Return the parts of a text without fenced code."""
    parts: list[Html] = []
    kind = ""
    gathered: list[str] = []
    for line in [*text.splitlines(), ""]:
        found, content = classified(line)
        if found != kind and gathered:
            parts.append(finished(kind, gathered))
            gathered = []
        kind = found
        if found == "heading":
            parts.append(heading(line))
        elif found:
            gathered.append(content)
    return parts


def classified(line: str) -> tuple[str, str]:
    """Return which kind of line this is, and its content."""
    if not line.strip():
        return "", ""
    if HEADING.fullmatch(line):
        return "heading", ""
    for kind, pattern in (("quote", QUOTE), ("bullet", BULLET), ("number", NUMBER)):
        if match := pattern.fullmatch(line):
            return kind, match.group(match.re.groups)
    return "text", line


def heading(line: str) -> Html:
    """Return a heading; the page has its own above it."""
    match = HEADING.fullmatch(line)
    marks, title = match.groups() if match else ("#", line)
    return tag(f"h{min(len(marks) + 1, 4)}", inline(title))


def finished(kind: str, gathered: list[str]) -> Html:
    """Return lines of one kind as one element."""
    if kind in {"bullet", "number"}:
        items = [tag("li", inline(line)) for line in gathered]
        return tag("ul" if kind == "bullet" else "ol", *items)
    body = join([inline(line) for line in gathered], tag("br"))
    return tag("blockquote" if kind == "quote" else "p", body)


def inline(text: str) -> Html:
    """Return a line with its formatting."""
    parts: list[str] = []
    end = 0
    for match in INLINE.finditer(text):
        parts += [with_emoji(text[end : match.start()]), formatted(match)]
        end = match.end()
    return join([*parts, with_emoji(text[end:])])


def formatted(match: re.Match[str]) -> Html:
    """Return one formatted run."""
    if match["url"] is not None:
        return link(match["url"], inline(match["text"]) or match["url"])
    if match["code"] is not None:
        return tag("code", match["code"])
    name = str(match.lastgroup)
    return tag(name.rstrip("2"), inline(match[name]))
