"""Slack's ``mrkdwn`` and ``plain_text`` as HTML.

Source: https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from typing import Any

from sandbox.web import mentions
from sandbox.web.emoji import with_emoji
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
"""What is taken whole before emphasis is looked for."""

EMPHASIS = re.compile(
    r"(?<![\w*])\*(?=[^\s*])(?P<b>[^\n]*?[^\s*])\*(?![\w*])"
    r"|(?<![\w_])_(?=[^\s_])(?P<i>[^\n]*?[^\s_])_(?![\w_])"
    r"|(?<![\w~])~(?=[^\s~])(?P<s>[^\n]*?[^\s~])~(?![\w~])"
)
HELD = re.compile("\ue000(\\d+)\ue001")
"""Where an atom stands while emphasis is looked for."""

QUOTE = re.compile(r"(?:&gt;|>)(?!&gt;|>) ?(.*)", re.DOTALL)
QUOTE_REST = re.compile(r"(?:&gt;|>){3} ?(.*)", re.DOTALL)
BROADCASTS = frozenset({"here", "channel", "everyone", "group"})


def text_html(text: Json | str, names: Names) -> Html:
    """Return a text object, ``mrkdwn`` or ``plain_text``, as HTML."""
    if isinstance(text, str):
        return plain(text)
    if text.get("type") == "mrkdwn":
        return mrkdwn(str(text.get("text", "")), names, verbatim=bool(text.get("verbatim")))
    return plain(str(text.get("text", "")), emoji=text.get("emoji", True))


def plain(text: str, *, emoji: bool = True) -> Html:
    """Return a text without formatting."""
    return lines(with_emoji(text) if emoji else text)


def mrkdwn(text: str, names: Names, *, verbatim: bool = False) -> Html:
    """Return formatted text. ``verbatim`` leaves addresses without angle brackets alone."""
    return Reader(names, verbatim=verbatim).read(text)


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
        label = with_emoji(unescaped(label))
        target = unescaped(target)
        if target.startswith("@"):
            return mentions.person(target[1:], self._names, label)
        if target.startswith("#"):
            return mentions.channel(target[1:], self._names, label)
        if target.startswith("!"):
            return self._special(target[1:], label)
        return link(target, label or target.removeprefix("mailto:"))

    def _special(self, target: str, label: str) -> Html:
        kind, *rest = target.split("^")
        if kind == "subteam" and rest:
            return mentions.usergroup(rest[0], self._names, label)
        if kind == "date" and len(rest) >= 2:
            url = rest[2] if len(rest) > 2 else None
            return mentions.date(rest[0], with_emoji(rest[1]), self._names, url, label)
        if kind in BROADCASTS:
            return mentions.broadcast(kind)
        return tag("span", label or f"<{kind}>")

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
        words = [with_emoji(unescaped(piece)) for piece in pieces[::2]]
        atoms = [self._atoms[int(number)] for number in pieces[1::2]]
        mixed: list[str] = [words[0]]
        for atom, word in zip(atoms, words[1:], strict=True):
            mixed += [atom, word]
        return join(mixed)


def stacked(shown: list[Html]) -> Html:
    """Put lines beneath one another; after a block of code the next line begins by itself."""
    parts: list[Html] = []
    for line in shown:
        if parts and not parts[-1].endswith("</pre>"):
            parts.append(tag("br"))
        parts.append(line)
    return join(parts)


def quotes(text: str) -> list[tuple[bool, list[str]]]:
    """Split a text into runs of lines that are quoted or not."""
    runs: list[tuple[bool, list[str]]] = []
    everything_quoted = False
    for line in text.split("\n"):
        match = None if everything_quoted else QUOTE_REST.match(line) or QUOTE.match(line)
        everything_quoted = everything_quoted or bool(QUOTE_REST.match(line))
        body = match.group(1) if match else line
        is_quote = everything_quoted or match is not None
        if runs and runs[-1][0] == is_quote:
            runs[-1][1].append(body)
        else:
            runs.append((is_quote, [body]))
    return runs
