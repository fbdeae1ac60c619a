"""Published figures of calendar months: what blockers, goals and the like come to."""

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, Moment, SlackId


class MonthlyFigure(Base):
    """A number about a month for one cell; `bot.insights.tallies` says what there is.

    Each tallied month has at least the row of everybody, whose `n` is 0 if too few people are in
    it: the row says that the month is done.
    """

    __tablename__ = "monthly_figures"

    workspace_id: Mapped[SlackId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    subject: Mapped[str] = mapped_column(String(24), primary_key=True)
    """What is counted, such as `blockers`."""
    month: Mapped[date] = mapped_column(primary_key=True)
    """The month's first day."""
    segment: Mapped[str] = mapped_column(String(16), primary_key=True, default="all")
    """all or team."""
    segment_ref: Mapped[str] = mapped_column(String(400), primary_key=True, default="")
    """The team, or merged teams; empty for everybody."""
    measure: Mapped[str] = mapped_column(String(40), primary_key=True)
    """`people`, `hours`, or a category of the subject, whose share it is."""
    n: Mapped[int]
    """People in the cell, rounded down to a multiple of k."""
    value: Mapped[float | None]
    """A share 0..1, or a median in hours; empty for `people`."""
    low: Mapped[float | None]
    high: Mapped[float | None]
    """Interval of the median, in hours, that has at least 95 % confidence."""
    made_at: Mapped[Moment]
