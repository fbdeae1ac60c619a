"""Reads a person from Slack's directory, and decides if they count as an employee."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from bot.attention.pure.away import away_until
from bot.attention.pure.zones import is_known
from bot.errors import MalformedError

SLACKBOT: Final = "USLACKBOT"
NAME_LENGTH: Final = 200
NICK_LENGTH: Final = 80
EMAIL_LENGTH: Final = 320
LOCALE_LENGTH: Final = 16
LAST_SECOND: Final = 2**40
"""A moment far in the future that every database can store."""
NAMELESS: Final = "(no name)"


@dataclass(frozen=True)
class Person:
    """A person in Slack's directory, with the fields that Attune needs."""

    id: str
    name: str
    email: str | None
    """In lower case, for comparing."""
    tz: str | None
    """An IANA zone that this machine knows; if empty, the workspace's zone counts."""
    locale: str | None
    updated: int
    """Unix seconds of the last change."""
    is_member: bool
    """True for a human member of this workspace, employee or not."""
    active: bool
    """True for an employee."""
    is_primary_owner: bool = False
    nick: str | None = None
    """The display name if it differs from `name`."""
    away_until: datetime | None = None
    """Until when they are away, by their status."""


def _is_of(user: Mapping[str, Any], workspace_id: str) -> bool:
    """Return True if a user belongs to a workspace, even if another one is their home.

    On Enterprise Grid people have a home workspace and may belong to several.
    https://docs.slack.dev/reference/objects/user-object#enterprise-grid
    """
    organisation = user.get("enterprise_user") or {}
    homes = {user.get("team_id"), *(organisation.get("teams") or ())} - {None}
    return not homes or workspace_id in homes


def person_from_slack(user: Mapping[str, Any], workspace_id: str, *, allow_guests: bool) -> Person:
    """Read a `user` object of users.list, team_join or user_change.

    Bots, workflow bots, Slackbot and people of other organisations are never members. Deactivated
    members, invited people who never joined, and guests (unless `allow_guests`) do not count as
    employees. Raises AttributeError, LookupError, TypeError or ValueError for a malformed object or
    one that can't be stored.
    https://docs.slack.dev/reference/objects/user-object
    """
    profile = user.get("profile") or {}
    is_member = not (
        user.get("is_bot")
        or user.get("is_workflow_bot")
        or user.get("is_stranger")
        or user["id"] == SLACKBOT
        or not _is_of(user, workspace_id)
    )
    name = _name(user, profile)
    nick = _fitting(str(profile.get("display_name") or ""), NICK_LENGTH)
    is_guest = bool(user.get("is_restricted") or user.get("is_ultra_restricted"))
    is_gone_or_absent = bool(user.get("deleted") or user.get("is_invited_user"))
    email = _fitting(str(profile.get("email") or "").strip().lower(), EMAIL_LENGTH)
    locale = _fitting(str(user.get("locale") or ""), LOCALE_LENGTH)
    _check_storable(str(user["id"]), name, nick, email, locale)
    return Person(
        id=str(user["id"]),
        name=name,
        email=email,
        tz=_known_zone(user.get("tz")),
        locale=locale,
        updated=_seconds(user.get("updated")),
        is_member=is_member,
        active=is_member and not is_gone_or_absent and (allow_guests or not is_guest),
        is_primary_owner=bool(user.get("is_primary_owner")),
        nick=nick if nick != name else None,
        away_until=away_until(profile),
    )


def quiet_until(status: Any, now: datetime) -> datetime | None:
    """Return until when a `dnd_status` says that somebody is not to be disturbed; None if they may.

    Raises MalformedError for a status that is not as Slack documents it.
    https://docs.slack.dev/reference/events/dnd_updated_user
    """
    try:
        starts, ends = (_seconds(status[f"next_dnd_{end}_ts"]) for end in ("start", "end"))
        is_quiet = bool(status["dnd_enabled"]) and starts <= now.timestamp() < ends
    except (LookupError, TypeError, ValueError) as error:
        raise MalformedError from error
    return datetime.fromtimestamp(ends, UTC) if is_quiet else None


def _name(user: Mapping[str, Any], profile: Mapping[str, Any]) -> str:
    names = (
        profile.get("real_name"),
        user.get("real_name"),
        profile.get("display_name"),
        user.get("name"),
    )
    return next((str(name)[:NAME_LENGTH] for name in names if name), NAMELESS)


def _fitting(text: str, limit: int) -> str | None:
    """Return a text, or None if it is too long: a cut address or locale would be wrong."""
    return text if 0 < len(text) <= limit else None


def _check_storable(*texts: str | None) -> None:
    """Raise ValueError for what no database stores: lone surrogates and NUL."""
    joined = "".join(text or "" for text in texts)
    joined.encode()
    if "\x00" in joined:
        raise ValueError("NUL in a text")


def _seconds(value: Any) -> int:
    """Read a moment in Unix seconds; 0 if there is none."""
    if value is None:
        return 0
    if not isinstance(value, int | float) or not 0 <= value <= LAST_SECOND:
        raise ValueError("no moment")
    return int(value)


def _known_zone(tz: Any) -> str | None:
    return tz if isinstance(tz, str) and tz and is_known(tz) else None
