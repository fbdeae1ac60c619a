"""Exchanges tokens that expire for new ones, by one process at a time.

A refresh token works once. Slack gives a new one with the new token; the old token serves on until
it expires, so processes that have it cached are not cut off.
https://docs.slack.dev/authentication/using-token-rotation
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.settings import Settings
from models import Organisation, Workspace

EARLY: Final = timedelta(hours=2)
"""How long before a token expires it is replaced. Slack's tokens last twelve hours."""
CLAIM: Final = timedelta(minutes=1)
"""How long a process may use a refresh token alone; a call to Slack ends much earlier."""

Holder = type[Workspace] | type[Organisation]


@dataclass(frozen=True)
class Claim:
    """The right of one process to use a refresh token."""

    holder: Holder
    id: str
    refresh_token: str
    installed_at: datetime
    """Of the installation whose token it is."""


@dataclass(frozen=True)
class Refreshed:
    """What Slack gave for a refresh token."""

    token: str
    refresh_token: str
    expires_in: timedelta


async def due_for_refresh(session: AsyncSession, now: datetime) -> list[str]:
    """List workspaces and organisations whose token expires soon, in a stable order."""
    found: list[str] = []
    for holder in (Organisation, Workspace):
        soon = select(holder.id).where(holder.token_expires_at <= now + EARLY)
        found += sorted(await session.scalars(soon))
    return found


async def claim_refresh(
    session: AsyncSession, holder_id: str, now: datetime, wall_clock: datetime
) -> Claim | None:
    """Claim the refresh token of a workspace or an organisation, if its token expires soon.

    Returns None if another process has claimed it, or has refreshed it meanwhile.
    """
    holder: Holder = Organisation if holder_id.startswith("E") else Workspace
    until = wall_clock + CLAIM
    free = or_(holder.refresh_claimed_until.is_(None), holder.refresh_claimed_until <= wall_clock)
    claimed = await session.execute(
        update(holder)
        .where(holder.id == holder_id, holder.token_expires_at <= now + EARLY, free)
        .where(holder.refresh_token.is_not(None))
        .values(refresh_claimed_until=until)
        .returning(holder.refresh_token, holder.installed_at)
    )
    row = claimed.one_or_none()
    return Claim(holder, holder_id, row.refresh_token, row.installed_at) if row else None


async def exchange(client: AsyncWebClient, settings: Settings, refresh_token: str) -> Refreshed:
    """Ask Slack for a new token. Raises SlackApiError if it refuses, or an error of the network."""
    secret = settings.slack_client_secret
    answer = await client.oauth_v2_access(
        client_id=settings.slack_client_id or "",
        client_secret=secret.get_secret_value() if secret else "",
        grant_type="refresh_token",
        refresh_token=refresh_token,
    )
    return Refreshed(
        str(answer["access_token"]),
        str(answer["refresh_token"]),
        timedelta(seconds=int(answer["expires_in"])),
    )


async def store_refreshed(
    session: AsyncSession, claim: Claim, refreshed: Refreshed, now: datetime
) -> bool:
    """Store a new token; False if the app was installed again meanwhile, whose token counts."""
    holder = claim.holder
    stored = await session.scalar(
        update(holder)
        .where(holder.id == claim.id, holder.installed_at == claim.installed_at)
        .values(
            bot_token=refreshed.token,
            refresh_token=refreshed.refresh_token,
            token_expires_at=now + refreshed.expires_in,
            refresh_claimed_until=None,
        )
        .returning(holder.id)
    )
    if stored is None:
        return False
    is_served = (
        Workspace.organisation_id == claim.id
        if holder is Organisation
        else Workspace.id == claim.id
    )
    # An expired token was perhaps refused: the new one is tried at once.
    refused = Workspace.token_refused_at.is_not(None)
    await session.execute(update(Workspace).where(is_served, refused).values(token_retry_at=now))
    return True
