"""Published figures and comments: all that anybody ever sees of the answers."""

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, Key, Moment, SlackId, new_key
from models.encryption import Encrypted


class Figure(Base):
    """One number for one cell: a measure of a wave within a segment.

    Which of the columns are filled depends on the measure; empty means "does not apply".
    """

    __tablename__ = "figures"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "wave_id"], ["waves.workspace_id", "waves.id"], ondelete="CASCADE"
        ),
        UniqueConstraint(
            "workspace_id", "wave_id", "measure", "measure_ref", "segment", "segment_ref"
        ),
        # Readers want everybody, or some groups, of a wave.
        Index(None, "workspace_id", "wave_id", "segment", "segment_ref"),
        CheckConstraint(
            "measure IN ('participation', 'driver', 'question', 'enps', 'choice', 'sentiment', "
            "'difference')",
            name="measure",
        ),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    id: Mapped[Key] = mapped_column(primary_key=True, default=new_key)
    wave_id: Mapped[Key]
    measure: Mapped[str] = mapped_column(String(16))
    measure_ref: Mapped[str] = mapped_column(String(60), default="")
    """The driver's key, the question's position, or position and option number (`2.0`).

    For a difference, that of the means or scores which are compared."""
    segment: Mapped[str] = mapped_column(String(16), default="all")
    """all, team, department, location or mentoring."""
    segment_ref: Mapped[str] = mapped_column(String(400), default="")
    """The segment's value; merged ones joined (`Design + Legal`)."""
    n: Mapped[int]
    """Respondents in the cell, rounded down to a multiple of the wave's `min_group_size`."""
    population: Mapped[int | None]
    """Invited people in the cell (participation), or respondents in the cell that it is compared
    with (difference); else empty."""
    members: Mapped[int | None]
    """Invited people who have the segment's values, those who are counted elsewhere included
    (participation of a team, department or location)."""
    mean: Mapped[float | None]
    """0–10 for drivers and questions; −10..10 for the difference of two. No finer than the cell
    can bear (`bot.insights.pure.resolution`), like each number here."""
    error: Mapped[float | None]
    """Standard error of the mean or score, from the spread of the whole wave."""
    favourable: Mapped[float | None]
    """Share 0..1 of favourable answers; of positive comments; of the option chosen."""
    unfavourable: Mapped[float | None]
    """Share 0..1 of negative comments."""
    score: Mapped[float | None]
    """eNPS, −100..100; −200..200 for the difference of two."""
    low: Mapped[float | None]
    high: Mapped[float | None]
    """95 % interval of the mean, or of the score; of all of a wave's differences together."""
    note: Mapped[str | None] = mapped_column(String(120))
    """Such as `merged to protect privacy`."""
    segment_values: Mapped[list[str] | None] = mapped_column(JSON)
    """The values that a segment consists of; several where they were merged."""
    cohorts: Mapped[list[int] | None] = mapped_column(JSON)
    """Whose answers are in it, by the cohorts' numbers: with it, this table is the ledger of all
    that was ever released of a wave."""
    published_at: Mapped[Moment]


class PublishedComment(Base):
    """A comment as HR may read it: masked, and without anything that tells when it was written."""

    __tablename__ = "published_comments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "wave_id"], ["waves.workspace_id", "waves.id"], ondelete="CASCADE"
        ),
        Index(None, "workspace_id", "wave_id"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    id: Mapped[Key] = mapped_column(primary_key=True, default=new_key)
    """Random, and the order in which comments are shown; not the sealed comment's id."""
    wave_id: Mapped[Key]
    month: Mapped[str] = mapped_column(String(7))
    """`2026-10`: when it came out, without the day."""
    position: Mapped[int | None]
    """Which question it is about, where enough people wrote about that one; −1 for the pulse."""
    team: Mapped[str | None] = mapped_column(String(400))
    """The team, or merged teams, in which enough people wrote about the same question."""
    text: Mapped[str] = mapped_column(Encrypted)
