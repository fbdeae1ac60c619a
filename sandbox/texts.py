"""Typed text as Slack's client sends it."""

import re

from sandbox.world import World

BROADCASTS = ("channel", "here", "everyone")


def escape(text: str) -> str:
    """Escape the three characters that carry meaning in Slack's text format.

    Source: https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed(text: str, world: World, *, with_names: bool = False) -> str:
    """Return typed text as Slack stores it: escaped, with @names and #channels as references.

    ``with_names`` adds the readable name (``<@U1|ada>``), as slash commands carry it.
    """

    def person(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in BROADCASTS:
            return f"<!{name}>"
        user = next((u for u in world.users.values() if u.name == name), None)
        if user is None:
            return match.group(0)
        return f"<@{user.id}|{user.name}>" if with_names else f"<@{user.id}>"

    def channel(match: re.Match[str]) -> str:
        found = world.find_channel(match.group(0))
        return match.group(0) if found is None else f"<#{found.id}|{found.name}>"

    text = re.sub(r"(?<![\w/])@([\w.-]*\w)", person, escape(text))
    return re.sub(r"(?<![\w/&])#[\w-]+", channel, text)
