"""What HR makes for people, what there is to improve in it, and what came of that."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.database import Base, Key, Moment, SlackId, UtcDateTime, new_key


def _item_reference() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["workspace_id", "item_id"],
        ["product_items.workspace_id", "product_items.id"],
        ondelete="CASCADE",
    )


class PeopleProduct(Base):
    """Something that HR makes for people, such as onboarding or mentoring."""

    __tablename__ = "people_products"
    __table_args__ = (
        UniqueConstraint("workspace_id", "name"),
        CheckConstraint("signs IN ('mentoring')", name="signs"),
    )

    workspace_id: Mapped[SlackId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[Key] = mapped_column(primary_key=True, default=new_key)
    name: Mapped[str] = mapped_column(String(60))
    purpose: Mapped[str] = mapped_column(String(200))
    owner_id: Mapped[SlackId | None]
    """Empty: HR's admins look after it together."""
    drivers: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Keys of the drivers that it serves."""
    signs: Mapped[str | None] = mapped_column(String(16))
    """Where Attune itself sees that it is used; empty if it does not."""
    created_at: Mapped[Moment]


class ProductItem(Base):
    """One thing to improve, with the evidence as it was published."""

    __tablename__ = "product_items"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "product_id"],
            ["people_products.workspace_id", "people_products.id"],
        ),
        CheckConstraint("origin IN ('people', 'hr', 'manager')", name="origin"),
        CheckConstraint(
            "state IN ('proposed', 'taken up', 'doing', 'later', 'wont', 'asking more', 'shipped')",
            name="state",
        ),
        # A decision ends the wait for it.
        CheckConstraint(
            "(decide_by IS NULL) = (state NOT IN ('proposed', 'taken up'))", name="decide_by"
        ),
        Index(None, "workspace_id", "product_id"),
        Index(None, "workspace_id", "state"),
        # A job looks for these every few seconds, among items that are over.
        Index(
            "ix_product_items_untold",
            "workspace_id",
            postgresql_where=text("told_at IS NULL AND decided_at IS NOT NULL"),
            sqlite_where=text("told_at IS NULL AND decided_at IS NOT NULL"),
        ),
    )

    workspace_id: Mapped[SlackId] = mapped_column(
        ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[Key] = mapped_column(primary_key=True, default=new_key)
    product_id: Mapped[Key | None]
    """Empty while no product serves its driver."""
    problem: Mapped[str] = mapped_column(String(300))
    """One sentence, with names masked: people read it."""
    owner_id: Mapped[SlackId | None]
    """Empty: the product's owner looks after it, or HR's admins."""
    origin: Mapped[str] = mapped_column(String(16))
    """`people`: published figures showed it. `hr` or `manager`: one of them wrote it."""
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(default=1)
    """The number of its last step. A form that was opened before a later step changes nothing."""
    driver: Mapped[str | None] = mapped_column(String(40))
    """What it is about, if a driver; a theme of comments counts as the driver it belongs to."""
    segment: Mapped[str] = mapped_column(String(16), default="all")
    segment_ref: Mapped[str] = mapped_column(String(400), default="")
    """The group that it is about, as its figures name it."""
    segment_values: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The group's values, such as team names; empty for everybody."""
    for_everybody: Mapped[bool]
    """True if everybody may read what comes of it: everybody was asked, or HR wrote it for all."""
    wave_id: Mapped[Key | None]
    """The wave that asked about it; it may be gone."""
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What was published when the item began (`bot.products.items.evidence`), no comment; or the
    `link` that HR's workflow gave."""
    waiting_since: Mapped[Moment]
    """When its evidence was published, or when it had to be decided again."""
    decide_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its decision is late; empty once it is decided."""
    hr_told: Mapped[bool] = mapped_column(default=False)
    """True if HR's admins were told that the decision is late."""
    reason: Mapped[str | None] = mapped_column(String(600))
    """Of the last decision, with names masked: people read it."""
    until: Mapped[date | None]
    """When something put off is to be decided again."""
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the last decision was told to everybody who was asked; empty while it is to be told."""
    supporters: Mapped[int] = mapped_column(default=0)
    """How many said "same for me" when it was last counted, as everybody sees it: a step below."""
    created_at: Mapped[Moment]


class ItemStep(Base):
    """One change of an item's state."""

    __tablename__ = "item_steps"
    __table_args__ = (_item_reference(),)

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    item_id: Mapped[Key] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    """From 1."""
    state: Mapped[str] = mapped_column(String(16))
    at: Mapped[Moment]
    by_id: Mapped[SlackId | None]
    """Empty for Attune, and for somebody who was erased."""
    reason: Mapped[str | None] = mapped_column(String(600))
    until: Mapped[date | None]


class ItemEffect(Base):
    """What an item is to change, where, by when, and what its figures then showed."""

    __tablename__ = "item_effects"
    __table_args__ = (
        _item_reference(),
        CheckConstraint("direction IN (-1, 1)", name="direction"),
        Index(
            "ix_item_effects_unread",
            "look_on",
            postgresql_where=text("read_at IS NULL"),
            sqlite_where=text("read_at IS NULL"),
        ),
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    item_id: Mapped[Key] = mapped_column(primary_key=True)
    survey_id: Mapped[Key]
    measure: Mapped[str] = mapped_column(String(16))
    """driver or question."""
    measure_ref: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(String(300))
    teams: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Names of the shown teams in which something is done."""
    direction: Mapped[int]
    """1 if the figure should rise, −1 if it should fall."""
    started_on: Mapped[date]
    look_on: Mapped[date]
    """The day from which the figures are compared."""
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    found: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The effect (`bot.products.effects.pure.effect`); empty before, or if nothing was shown."""


class SupportRound(Base):
    """The key under which people support an item; a decision destroys it with all of them."""

    __tablename__ = "support_rounds"
    __table_args__ = (_item_reference(), Index(None, "counted_in"))

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    item_id: Mapped[Key] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(32))
    counted_in: Mapped[date]
    """The Monday of the week in which they were last counted, or of the first of them."""


class Support(Base):
    """One person's "same for me", under a code that only the round's key leads to."""

    __tablename__ = "supports"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "item_id"],
            ["support_rounds.workspace_id", "support_rounds.item_id"],
            ondelete="CASCADE",
        ),
        # By key, without row numbers that would tell the order: https://www.sqlite.org/withoutrowid.html
        {"sqlite_with_rowid": False},
    )

    workspace_id: Mapped[SlackId] = mapped_column(primary_key=True)
    item_id: Mapped[Key] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    """HMAC of the person's id under the round's key. Nothing else is kept, no time either."""
