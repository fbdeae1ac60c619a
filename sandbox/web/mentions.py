"""People, groups, channels and dates as they stand within a text."""

import re

from sandbox.web.dates import formatted
from sandbox.web.markup import Html, link, tag
from sandbox.web.names import Names

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def person(user_id: str, names: Names, label: str = "") -> Html:
    """Return a mention of somebody."""
    own = " mention-me" if user_id == names.viewer.id else ""
    return tag("span", f"@{names.user(user_id) or label or user_id}", class_=f"mention{own}")


def channel(channel_id: str, names: Names, label: str = "") -> Html:
    """Return a mention of a channel."""
    shown = names.channel(channel_id) or label or channel_id
    return tag("span", f"#{shown}", class_="mention")


def usergroup(group_id: str, names: Names, label: str = "") -> Html:
    """Return a mention of a user group."""
    handle = names.usergroup(group_id) or label.removeprefix("@") or group_id
    return tag("span", f"@{handle}", class_="mention")


def broadcast(name: str) -> Html:
    """Return @here, @channel or @everyone."""
    return tag("span", f"@{name}", class_="mention mention-all")


def date(
    timestamp: str | int, pattern: str, names: Names, url: str | None = None, fallback: str = ""
) -> Html:
    """Return a moment in the viewer's zone, or the fallback when it can't be told."""
    try:
        moment = names.moment(timestamp)
    except (ValueError, OverflowError, OSError):
        return tag("span", fallback or str(timestamp))
    shown = tag("time", formatted(pattern, moment, names.now()), datetime=moment.isoformat())
    return link(url, shown) if url else shown


def colour(value: str) -> Html:
    """Return a colour's code with a patch of it."""
    style = f"background:{value}" if COLOUR.fullmatch(value) else None
    return tag("span", tag("span", class_="colour-patch", style=style), value, class_="colour")
