"""Slack's ``mrkdwn`` and ``plain_text`` as HTML.

Source: https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from datetime import datetime
from itertools import groupby
from typing import Any

from sandbox.web.dates import formatted
from sandbox.web.markup import Html, join, lines, link, tag
from sandbox.web.names import Names

Json = dict[str, Any]

ATOMS = re.compile(
    r"```\n?(?P<pre>.+?)\n?```"
    r"|`(?P<code>[^`\n]+)`"
    r"|<(?P<reference>[^<>\n]+)>"
    r"|(?<![\w/@])(?P<url>https?://[^\s<>|*~`]*[\w/=#&-])",
    re.DOTALL,
)
"""Pieces that are taken whole before emphasis is looked for."""

EMPHASIS = re.compile(
    r"(?<![\w*])\*(?=[^\s*])(?P<b>[^\n]*?[^\s*])\*(?![\w*])"
    r"|(?<![\w_])_(?=[^\s_])(?P<i>[^\n]*?[^\s_])_(?![\w_])"
    r"|(?<![\w~])~(?=[^\s~])(?P<s>[^\n]*?[^\s~])~(?![\w~])"
)
HELD = re.compile("\ue000(\\d+)\ue001")
"""Where an atom stands while emphasis is looked for."""

QUOTE = re.compile(r"(?:&gt;|>) ?(.*)", re.DOTALL)


def text_html(text: Json, names: Names) -> Html:
    """Return a text object, ``mrkdwn`` or ``plain_text``, as HTML."""
    content = str(text.get("text", ""))
    if text.get("type") == "mrkdwn":
        return mrkdwn(content, names, verbatim=bool(text.get("verbatim")))
    return lines(content)


def words(text: Json | None) -> str:
    """Return a plain text object's text."""
    return str((text or {}).get("text", ""))


def mrkdwn(text: str, names: Names, *, verbatim: bool = False) -> Html:
    """Return formatted text. ``verbatim`` leaves addresses without angle brackets alone."""
    return Reader(names, verbatim=verbatim).read(text)


def mention(kind: str, target: str, names: Names, label: str = "") -> Html:
    """Return a person (``@``), channel (``#``) or broadcast (``!``) as it stands within a text."""
    channel = names.world.channels.get(target)
    shown = {"@": names.user(target), "#": channel.name if channel else None}.get(kind)
    mark = "#" if kind == "#" else "@"
    own = " mention-me" if target == names.viewer.id else ""
    return tag("span", f"{mark}{shown or label or target}", class_=f"mention{own}")


def date(target: str, fallback: str, names: Names) -> Html:
    """Return ``!date^1800000000^{date} at {time}`` in the viewer's zone, or the fallback."""
    try:
        _, seconds, pattern = target.split("^", 2)
        moment = datetime.fromtimestamp(int(seconds), names.zone)
    except (ValueError, OverflowError, OSError):
        return tag("span", fallback)
    return tag("span", formatted(pattern, moment, names.now(), names.viewer.locale))


def unescaped(text: str) -> str:
    """Undo the escaping of the three characters that carry meaning."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


class Reader:
    """Reads one text; holds its atoms while emphasis is looked for."""

    def __init__(self, names: Names, *, verbatim: bool) -> None:
        self._names = names
        self._verbatim = verbatim
        self._atoms: list[Html] = []

    def read(self, text: str) -> Html:
        """Return the whole text as HTML."""
        text = text.replace("\ue000", "").replace("\ue001", "").replace("\r\n", "\n")
        parts: list[tuple[bool, Html]] = []
        for is_quote, body in quotes(ATOMS.sub(self._hold, text)):
            inner = stacked([self._emphasis(line) for line in body])
            parts.append((is_quote, tag("blockquote", inner) if is_quote else inner))
        return join(shown for _, shown in parts)

    def _hold(self, match: re.Match[str]) -> str:
        if match["url"] and self._verbatim:
            return match.group(0)
        self._atoms.append(self._atom(match))
        return f"\ue000{len(self._atoms) - 1}\ue001"

    def _atom(self, match: re.Match[str]) -> Html:
        if match["pre"] is not None:
            return tag("pre", unescaped(match["pre"]))
        if match["code"] is not None:
            return tag("code", unescaped(match["code"]))
        if match["url"] is not None:
            url = unescaped(match["url"])
            return link(url, url)
        return self._reference(match["reference"])

    def _reference(self, inside: str) -> Html:
        """Return what stands between angle brackets: mention, date or link."""
        target, _, label = inside.partition("|")
        target, label = unescaped(target), unescaped(label)
        if target.startswith("!date^"):
            return date(target, label, self._names)
        if target[:1] in {"@", "#", "!"}:
            return mention(target[0], target[1:], self._names, label)
        return link(target, label or target.removeprefix("mailto:"))

    def _emphasis(self, text: str) -> Html:
        parts: list[Html] = []
        end = 0
        for match in EMPHASIS.finditer(text):
            parts.append(self._leaf(text[end : match.start()]))
            name = str(match.lastgroup)
            parts.append(tag(name, self._emphasis(match[name])))
            end = match.end()
        parts.append(self._leaf(text[end:]))
        return join(parts)

    def _leaf(self, text: str) -> Html:
        pieces = HELD.split(text)
        words = [unescaped(piece) for piece in pieces[::2]]
        atoms = [self._atoms[int(number)] for number in pieces[1::2]]
        mixed: list[str] = [words[0]]
        for atom, word in zip(atoms, words[1:], strict=True):
            mixed += [atom, word]
        return join(mixed)


def stacked(shown: list[Html]) -> Html:
    """Put lines beneath one another; a block of code needs no line break after it."""
    parts: list[Html] = []
    for line in shown:
        if parts and not parts[-1].endswith("</pre>"):
            parts.append(tag("br"))
        parts.append(line)
    return join(parts)


def quotes(text: str) -> list[tuple[bool, list[str]]]:
    """Split a text into runs of lines that are quoted or not."""
    lines_ = [(QUOTE.match(line), line) for line in text.split("\n")]
    grouped = groupby(lines_, key=lambda pair: pair[0] is not None)
    return [
        (is_quote, [match.group(1) if match else line for match, line in run])
        for is_quote, run in grouped
    ]
