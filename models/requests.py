"""Fingerprints of answered requests, so that a copy is refused."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, Moment


class SeenRequest(Base):
    """A request that some process answered; kept until a copy would be stale.

    It names no workspace and no person, and its time is rounded to the hour: a row must not tell
    when somebody pressed.
    """

    __tablename__ = "seen_requests"

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the signature, which covers time stamp and body."""
    forget_at: Mapped[Moment] = mapped_column(index=True)
