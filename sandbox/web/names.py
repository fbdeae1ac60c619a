"""Who and what the ids in a message mean, and when, for one person who looks at it."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.state import Channel, User
from sandbox.world import World


@dataclass(frozen=True)
class Names:
    """The workspace in the eyes of one person."""

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

    def moment(self, timestamp: float | str) -> datetime:
        """Return seconds since 1970 as a time in the viewer's zone."""
        return datetime.fromtimestamp(float(timestamp), UTC).astimezone(self.zone)

    def user(self, user_id: str) -> str | None:
        """Return the name that is shown for a person, or None for a stranger."""
        user = self.world.users.get(user_id)
        return person_name(user) if user else None

    def channel(self, channel_id: str) -> str | None:
        """Return the name of a channel without its #, or None."""
        channel = self.world.channels.get(channel_id)
        return channel_name(self.world, channel, self.viewer) if channel else None

    def usergroup(self, group_id: str) -> str | None:
        """Return the handle of a user group without its @, or None."""
        group = self.world.usergroups.get(group_id)
        return group.handle if group else None


def person_name(user: User) -> str:
    """Return somebody's full name, or what there is."""
    return user.real_name or user.display_name or user.name


def channel_name(world: World, channel: Channel, viewer: User) -> str:
    """Return what a conversation is called for this person."""
    if not channel.is_direct:
        return channel.name
    others = [world.users[m] for m in channel.members if m != viewer.id and m in world.users]
    return ", ".join(person_name(user) for user in others) or person_name(viewer)


def clock_time(moment: datetime) -> str:
    """Return the time of day as ``09:05``."""
    return f"{moment:%H:%M}"


def day_name(moment: datetime, now: datetime) -> str:
    """Return Today, Yesterday or the date."""
    days = (now.date() - moment.date()).days
    if days in {0, 1}:
        return ("Today", "Yesterday")[days]
    year = "" if moment.year == now.year else f" {moment.year}"
    return f"{moment:%A}, {moment.day} {moment:%B}{year}"
