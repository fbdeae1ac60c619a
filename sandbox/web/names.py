"""The people and conversations that ids stand for, and times, for one person who looks."""

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nicegui.element import Element

from sandbox.state import Channel, User
from sandbox.web.tags import el
from sandbox.world import SLACKBOT, World

HUES = (205, 262, 330, 12, 36, 92, 150, 180)


@dataclass(frozen=True)
class Names:
    """The workspace as one person sees it."""

    world: World
    viewer: User

    @property
    def zone(self) -> tzinfo:
        """The viewer's time zone; UTC where the profile has none."""
        try:
            return ZoneInfo(self.viewer.tz) if self.viewer.tz else UTC
        except (ZoneInfoNotFoundError, ValueError):
            return UTC

    def now(self) -> datetime:
        """Return the workspace's time in the viewer's zone."""
        return self.world.clock.now().astimezone(self.zone)

    def moment(self, timestamp: str) -> str:
        """Return seconds since 1970 as date and time in the viewer's zone."""
        at = datetime.fromtimestamp(float(timestamp), UTC).astimezone(self.zone)
        year = "" if at.year == self.now().year else f" {at.year}"
        return f"{at.day} {at:%b}{year}, {at:%H:%M}"

    def user(self, user_id: str) -> str | None:
        """Return the name that is shown for a person, or None for a stranger."""
        user = self.world.users.get(user_id)
        return person_name(user) if user else None

    def channel(self, channel: Channel) -> str:
        """Return what a conversation is called, a channel with its #."""
        if not channel.is_direct:
            return f"#{channel.name}"
        members = [m for m in channel.members if m != self.viewer.id]
        return ", ".join(filter(None, map(self.user, members))) or person_name(self.viewer)


def people(world: World) -> list[User]:
    """Return everybody who works here, by name: no bots, nobody who left."""
    present = [u for u in world.users.values() if not (u.is_bot or u.deleted or u.id == SLACKBOT)]
    return sorted(present, key=lambda user: person_name(user).casefold())


def person_name(user: User) -> str:
    """Return a person's full name, else their display name or handle."""
    return user.real_name or user.display_name or user.name


def avatar(name: str, user_id: str, classes: str = "avatar") -> Element:
    """Draw initials on a colour of the person's own; screen readers read the name beside it."""
    parts = name.split()
    letters = parts[0][:1] + (parts[-1][:1] if len(parts) > 1 else "") if parts else "?"
    hue = HUES[zlib.crc32(user_id.encode()) % len(HUES)]
    drawn = el("span", letters.upper(), classes, aria_hidden="true")
    drawn.style(f"background:hsl({hue} 45% 32%)")
    return drawn
