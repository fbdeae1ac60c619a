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
            "measure IN ('participation', 'driver', 'question', 'enps', 'choice', 'strain', "
            "'sentiment', 'theme', 'difference')",
            name="measure",
        ),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    id: Mapped[Key] = mapped_column(primary_key=True, default=new_key)
    wave_id: Mapped[Key]
    measure: Mapped[str] = mapped_column(String(16))
    measure_ref: Mapped[str] = mapped_column(String(60), default="")
    """The driver's or theme's key, the question's position, or position and option number (`2.0`).

    For a difference: the reference of the compared means or scores."""
    segment: Mapped[str] = mapped_column(String(16), default="all")
    """all, team, department, location or mentoring."""
    segment_ref: Mapped[str] = mapped_column(String(400), default="")
    """The segment's value; merged ones joined (`Design + Legal`)."""
    n: Mapped[int]
    """Respondents in the cell, or writers about the theme, rounded down to a multiple of the wave's
    `min_group_size`."""
    population: Mapped[int | None]
    """Invited people in the cell (participation), respondents in the other cell (difference), all
    comments, also those that could not be scored (sentiment), or all writers (theme); otherwise
    empty."""
    members: Mapped[int | None]
    """Invited people with the segment's values, including people that are counted elsewhere
    (participation of a team, department or location)."""
    mean: Mapped[float | None]
    """0–10 for drivers and questions; −10..10 for a difference. Like each number here, it is no
    finer than the cell's size allows (`bot.insights.pure.resolution`)."""
    error: Mapped[float | None]
    """Standard error of the mean or score, from the spread of the whole wave."""
    favourable: Mapped[float | None]
    """Share 0..1 of favourable answers, of positive comments, or of people who chose the option."""
    unfavourable: Mapped[float | None]
    """Share 0..1 of negative comments."""
    score: Mapped[float | None]
    """eNPS, −100..100; −200..200 for a difference; for strain the share of people, 0..1."""
    low: Mapped[float | None]
    high: Mapped[float | None]
    """95 % interval of the mean or score. For differences it holds for all of a wave together."""
    change: Mapped[float | None]
    """The mean's or score's difference from earlier waves (`bot.insights.pure.change`); of
    participation, the share's. Empty if there is no earlier figure of the cell."""
    change_margin: Mapped[float | None]
    """The smallest difference that would have been detectable."""
    change_weeks: Mapped[int | None]
    """Weeks from the earlier waves to this one."""
    note: Mapped[str | None] = mapped_column(String(120))
    """Such as `merged to protect privacy`."""
    segment_values: Mapped[list[str] | None] = mapped_column(JSON)
    """The segment's values; several if segments were merged."""
    cohorts: Mapped[list[int] | None] = mapped_column(JSON)
    """The numbers of the cohorts whose answers are in it. They make this table a complete record
    of everything released about a wave."""
    published_at: Mapped[Moment]


class ThemeTerm(Base):
    """A word or phrase that HR added to a theme; it counts from the next published wave on."""

    __tablename__ = "theme_terms"
    __table_args__ = (
        ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], ondelete="CASCADE"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(60), primary_key=True)
    """In lower case; a * at the end stands for the rest of a word."""
    theme: Mapped[str] = mapped_column(String(20))
    """A key of `bot/insights/pure/words/themes.toml`."""


class PublishedComment(Base):
    """A comment as HR may read it: masked, and without the time of writing."""

    __tablename__ = "published_comments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "wave_id"], ["waves.workspace_id", "waves.id"], ondelete="CASCADE"
        ),
        Index(None, "workspace_id", "wave_id"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    id: Mapped[Key] = mapped_column(primary_key=True, default=new_key)
    """Random; comments are shown in this order. It is not the sealed comment's id."""
    wave_id: Mapped[Key]
    month: Mapped[str] = mapped_column(String(7))
    """The month of publication, such as `2026-10`."""
    position: Mapped[int | None]
    """The question's position, if enough people wrote about that question; −1 for the pulse."""
    team: Mapped[str | None] = mapped_column(String(400))
    """The team, or merged teams, in which enough people wrote about the same question."""
    text: Mapped[str] = mapped_column(Encrypted)
