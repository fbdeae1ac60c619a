"""Workspaces that installed Attune."""

import secrets
from datetime import date, datetime, time

from sqlalchemy import JSON, CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, Moment, SlackId, UtcDateTime
from models.encryption import Encrypted


class Workspace(Base):
    """One Slack team that installed Attune."""

    __tablename__ = "workspaces"
    __table_args__ = (
        CheckConstraint("min_group_size >= 4", name="min_group_size"),
        CheckConstraint("days_a_week BETWEEN 1 AND 5", name="days_a_week"),
        CheckConstraint("decision_days BETWEEN 7 AND 60", name="decision_days"),
        Index(None, "synced_at"),
        Index(None, "token_retry_at"),
        Index(None, "uninstalled_at"),
    )

    id: Mapped[SlackId] = mapped_column(primary_key=True)
    """Slack's team id, T…"""
    name: Mapped[str] = mapped_column(String(200), default="")
    bot_user_id: Mapped[SlackId]
    bot_token: Mapped[str | None] = mapped_column(Encrypted)
    """Empty when the one workspace's token comes from the environment."""
    scopes: Mapped[str] = mapped_column(Text, default="")
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
    installed_at: Mapped[Moment]
    """When it was last known to be installed. Older uninstall events are ignored."""
    synced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the whole directory was last read from Slack."""
    uninstalled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When Attune was removed. Its data is erased later, unless it is installed again."""
    token_refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when Slack has refused the token; nothing is sent meanwhile."""
    token_retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the token is tried again."""
