"""Workspaces that installed Attune, and organisations of Enterprise Grid that did."""

import secrets
from datetime import date, datetime, time

from sqlalchemy import JSON, CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, Moment, SlackId, UtcDateTime
from models.encryption import Encrypted


class BotToken:
    """Attune's identity and token in a workspace or an organisation."""

    name: Mapped[str] = mapped_column(String(200), default="")
    bot_user_id: Mapped[SlackId]
    bot_token: Mapped[str | None] = mapped_column(Encrypted)
    """Empty when it comes from the environment, or from the workspace's organisation."""
    refresh_token: Mapped[str | None] = mapped_column(Encrypted)
    """Buys the next token, once; empty unless tokens expire."""
    token_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refresh_claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until when one process alone may use the refresh token."""
    scopes: Mapped[str] = mapped_column(Text, default="")
    installed_at: Mapped[Moment]
    """When it was last known to be installed. Older uninstall events are ignored."""


class Organisation(BotToken, Base):
    """An organisation of Enterprise Grid that installed Attune for several workspaces.

    Its row goes when it removes Attune.
    """

    __tablename__ = "organisations"
    __table_args__ = (Index(None, "token_expires_at"), Index(None, "read_at"))

    id: Mapped[SlackId] = mapped_column(primary_key=True)
    """Slack's enterprise id, E…"""
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its workspaces were last read from Slack."""


class Workspace(BotToken, Base):
    """One Slack team that installed Attune, itself or through its organisation."""

    __tablename__ = "workspaces"
    __table_args__ = (
        CheckConstraint("min_group_size >= 4", name="min_group_size"),
        CheckConstraint("days_a_week BETWEEN 1 AND 5", name="days_a_week"),
        CheckConstraint("decision_days BETWEEN 7 AND 60", name="decision_days"),
        Index(None, "organisation_id"),
        Index(None, "synced_at"),
        Index(None, "token_expires_at"),
        Index(None, "token_retry_at"),
        Index(None, "uninstalled_at"),
    )

    id: Mapped[SlackId] = mapped_column(primary_key=True)
    """Slack's team id, T…"""
    organisation_id: Mapped[SlackId | None]
    """The organisation whose installation serves it, if it has none of its own."""
    installer_id: Mapped[SlackId | None]
    owner_id: Mapped[SlackId | None]
    """The workspace's primary owner, as Slack's directory says; may always appoint HR admins."""
    tz: Mapped[str] = mapped_column(String(64), default="UTC")
    """IANA zone of survey dates and digests."""
    min_group_size: Mapped[int] = mapped_column(default=5)
    """k of the disclosure gate; each wave copies it when it opens."""
    days_a_week: Mapped[int] = mapped_column(default=2)
    """Most days a week on which Attune writes to a person, unless they choose fewer."""
    work_starts: Mapped[time] = mapped_column(default=time(9))
    work_ends: Mapped[time] = mapped_column(default=time(17))
    """Local working hours of people who have not chosen their own."""
    language: Mapped[str] = mapped_column(String(16), default="en", server_default="en")
    """Of what is posted to channels, which many people read."""
    figure_secret: Mapped[str] = mapped_column(Encrypted, default=lambda: secrets.token_hex(32))
    """Seed of the hidden rounding thresholds of figures."""
    wrongdoing_url: Mapped[str | None] = mapped_column(String(500))
    """Where HR sends people who report wrongdoing: the page of the company's own channel."""
    managers_see_team: Mapped[bool] = mapped_column(default=False)
    """True if HR lets managers see the published figures of their own team."""
    decision_days: Mapped[int] = mapped_column(default=14)
    """How many days after publication HR decides what comes of it."""
    improvements_told_on: Mapped[date | None]
    """The month of the last report to HR of what came of surveys: its first day."""
    help_page: Mapped[str | None] = mapped_column(String(300))
    """Web address of the company's help for people under strain."""
    help_person: Mapped[SlackId | None]
    """A person who listens to them."""
    company_goals: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The company's goals as HR listed them, which people may tie their own goals to."""
    setup: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """What HR did with the first steps, where no other table tells: `bot.setup.service`."""
    synced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the whole directory was last read from Slack."""
    uninstalled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When Attune was removed. Its data is erased later, unless it is installed again."""
    token_refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when Slack has refused the token; nothing is sent meanwhile."""
    token_retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the token is tried again."""
