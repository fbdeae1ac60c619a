"""Requests that have been answered, so that a copy of one is not."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, Moment


class SeenRequest(Base):
    """A request of Slack's that some process took; kept until a copy would be stale anyway.

    It names no workspace and nobody, and no time nearer than the hour: beside answers that have no
    time either, a row must not tell when somebody pressed.
    """

    __tablename__ = "seen_requests"

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the signature, which covers time stamp and body."""
    forget_at: Mapped[Moment] = mapped_column(index=True)
