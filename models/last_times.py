"""When something last happened that the operator of this installation wants to know."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, Moment


class LastTime(Base):
    """The last time of one event of the whole installation. It names no workspace and no person."""

    __tablename__ = "last_times"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    """`scheduler`: a scheduler ran. `backup`: a backup was finished."""
    at: Mapped[Moment]
