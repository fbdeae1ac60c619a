"""People products: what HR makes for people, and the figures and items of each."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.text import tidy
from bot.errors import FieldErrors, UserError
from bot.insights.pure.segments import TOTAL
from bot.insights.service import wave_totals
from bot.insights.wave_results import Score
from bot.languages import _, marked
from bot.mentoring.programme.outcomes import OutcomeFigure, OutcomeMeasure, published
from bot.people import audit, roles
from bot.products.access import require_admin
from bot.products.board.pure.starting import MENTORING, starting_products
from bot.products.items.pure.states import State
from bot.surveys.pure.bank import driver_label
from models import Figure, PeopleProduct, ProductItem, Wave
from models.database import insert_into

NAME_LENGTH: Final = 60
PURPOSE_LENGTH: Final = 200
MOST_PRODUCTS: Final = 25
"""Each takes three blocks of the board's hundred."""
NAME_FIELD: Final = "products:name"
PURPOSE_FIELD: Final = "products:purpose"
OWNER_FIELD: Final = "products:owner"
INTO_FIELD: Final = "products:into"
SHOWN_SIGNS: Final = (OutcomeMeasure.MATCHED, OutcomeMeasure.MEETINGS)

NAME_TAKEN: Final = marked("Another product has this name. Please choose a different one.")
NOT_HERE: Final = marked("Please choose somebody who works here.")
GONE: Final = marked("This product no longer exists. `/improve` shows those that do.")
TOO_MANY: Final = marked("There are {most} products already. Please merge two of them first.")
HAS_ITEMS: Final = marked(
    "This product has items, so it can't be deleted. Please choose the product that takes them."
)
LAST_ONE: Final = marked("This is the only product, and somebody has to look after what comes up.")


@dataclass(frozen=True)
class NewProduct:
    """A product as HR filled it in."""

    name: str
    purpose: str
    owner_id: str | None
    drivers: tuple[str, ...]
    signs: str | None


@dataclass(frozen=True)
class Product:
    """A product on the board."""

    id: str
    name: str
    purpose: str
    owner_id: str | None
    drivers: tuple[str, ...]
    signs: str | None
    counts: Mapping[State, int]
    """Its items by state, without states that have none."""
    scores: tuple[Score, ...]
    """The latest published means of its drivers over everybody, in the order of the drivers."""
    used: tuple[OutcomeFigure, ...]
    """Published signs of use."""


@dataclass(frozen=True)
class Board:
    """All products, and what waits for a decision."""

    products: tuple[Product, ...]
    late: int
    """Items whose decision is late."""
    undecided: int
    """Items that wait for a decision, late or not."""
    homeless: int
    """Items that no product serves."""
    is_admin: bool
    decision_days: int


async def ensure_products(session: AsyncSession, workspace_id: str, now: datetime) -> None:
    """Give a workspace without products those of the file; two at once make one set."""
    has_some = select(PeopleProduct.id).where(PeopleProduct.workspace_id == workspace_id).limit(1)
    if await session.scalar(has_some):
        return
    for each in starting_products():
        await session.execute(
            insert_into(session, PeopleProduct)
            .values(
                workspace_id=workspace_id,
                name=each.name,
                purpose=each.purpose,
                drivers=list(each.drivers),
                signs=each.signs,
                created_at=now,
            )
            .on_conflict_do_nothing(index_elements=["workspace_id", "name"])
        )


async def products_of(session: AsyncSession, workspace_id: str) -> list[PeopleProduct]:
    """Return a workspace's products by name."""
    found = await session.scalars(
        select(PeopleProduct)
        .where(PeopleProduct.workspace_id == workspace_id)
        .order_by(PeopleProduct.name, PeopleProduct.id)
    )
    return list(found)


async def product_of_driver(
    session: AsyncSession, workspace_id: str, driver: str
) -> PeopleProduct | None:
    """Return the first product, by name, that serves a driver; None if none does."""
    products = await products_of(session, workspace_id)
    return next((each for each in products if driver in each.drivers), None)


async def shown_products(
    session: AsyncSession, workspace_id: str, products: Sequence[PeopleProduct]
) -> tuple[tuple[Product, ...], set[str]]:
    """Return products with items and figures, and the ids of the waves whose figures they show."""
    rows = await session.execute(
        select(ProductItem.product_id, ProductItem.state, func.count())
        .where(ProductItem.workspace_id == workspace_id)
        .group_by(ProductItem.product_id, ProductItem.state)
    )
    counts: dict[str | None, Counter[State]] = {}
    for product_id, state, count in rows:
        counts.setdefault(product_id, Counter())[State(state)] = count
    drivers = {driver for each in products for driver in each.drivers}
    scores, waves = await latest_scores(session, workspace_id, drivers)
    is_mentoring = any(each.signs == MENTORING for each in products)
    mentoring = await published(session, workspace_id) if is_mentoring else {}
    used = tuple(mentoring[each] for each in SHOWN_SIGNS if each in mentoring)
    return tuple(
        Product(
            each.id,
            each.name,
            each.purpose,
            each.owner_id,
            tuple(each.drivers),
            each.signs,
            counts.get(each.id, Counter()),
            tuple(scores[driver] for driver in each.drivers if driver in scores),
            used if each.signs == MENTORING else (),
        )
        for each in products
    ), waves


async def latest_scores(
    session: AsyncSession, workspace_id: str, drivers: Collection[str]
) -> tuple[dict[str, Score], set[str]]:
    """Return each driver's latest published mean over everybody, and the waves they are from."""
    newest = func.row_number().over(
        partition_by=Figure.measure_ref, order_by=(Wave.published_at.desc(), Wave.id)
    )
    ranked = (
        select(Figure.measure_ref, Figure.wave_id, newest.label("number"))
        .join(Wave, (Wave.workspace_id == Figure.workspace_id) & (Wave.id == Figure.wave_id))
        .where(
            Figure.workspace_id == workspace_id,
            Figure.measure == "driver",
            Figure.segment == TOTAL,
            Figure.measure_ref.in_(drivers),
        )
        .subquery()
    )
    rows = await session.execute(
        select(ranked.c.measure_ref, ranked.c.wave_id).where(ranked.c.number == 1)
    )
    wave_of = {str(driver): str(wave_id) for driver, wave_id in rows}
    scores: dict[str, Score] = {}
    for wave_id in sorted(set(wave_of.values())):
        wave = await wave_totals(session, workspace_id, wave_id)
        by_label = {each.label: each for each in wave.drivers} if wave else {}
        scores |= {
            driver: by_label[driver_label(driver)]
            for driver, its_wave in wave_of.items()
            if its_wave == wave_id and driver_label(driver) in by_label
        }
    return scores, set(wave_of.values())


async def locked_product(
    session: AsyncSession, workspace_id: str, product_id: str
) -> PeopleProduct:
    """Return a product with its row locked; raise UserError if it is gone."""
    product = await session.get(
        PeopleProduct, (workspace_id, product_id), with_for_update=True, populate_existing=True
    )
    if product is None:
        raise UserError(_(GONE))
    return product


async def check_owner(session: AsyncSession, workspace_id: str, owner_id: str | None) -> None:
    """Raise FieldErrors unless the owner works here; nobody may be chosen."""
    if owner_id and not await roles.is_employee(session, Actor(workspace_id, owner_id)):
        raise FieldErrors({OWNER_FIELD: _(NOT_HERE)})


async def save_product(
    session: AsyncSession, actor: Actor, product_id: str | None, new: NewProduct, now: datetime
) -> str:
    """Store a new or changed product, and return its id; raise FieldErrors for its fields."""
    await require_admin(session, actor)
    everything = await products_of(session, actor.workspace_id)
    name = tidy(new.name)
    if not name:
        raise FieldErrors({NAME_FIELD: _("Please give it a name.")})
    if any(each.name.casefold() == name.casefold() for each in everything if each.id != product_id):
        raise FieldErrors({NAME_FIELD: _(NAME_TAKEN)})
    await check_owner(session, actor.workspace_id, new.owner_id)
    if product_id:
        product = await locked_product(session, actor.workspace_id, product_id)
    elif len(everything) >= MOST_PRODUCTS:
        raise FieldErrors({NAME_FIELD: _(TOO_MANY).format(most=MOST_PRODUCTS)})
    else:
        product = PeopleProduct(workspace_id=actor.workspace_id, created_at=now)
        session.add(product)
    product.name, product.purpose, product.owner_id = name, new.purpose.strip(), new.owner_id
    product.drivers, product.signs = list(new.drivers), new.signs
    await session.flush()
    await _adopt(session, product)
    action = "products.changed" if product_id else "products.created"
    audit.record(session, actor, action, subject=product.id, now=now)
    return product.id


async def _adopt(session: AsyncSession, product: PeopleProduct) -> None:
    """Give a product the items about its drivers that no product served."""
    await session.execute(
        update(ProductItem)
        .where(
            ProductItem.workspace_id == product.workspace_id,
            ProductItem.product_id.is_(None),
            ProductItem.driver.in_(product.drivers),
        )
        .values(product_id=product.id)
        .execution_options(synchronize_session=False)
    )


async def delete_product(
    session: AsyncSession, actor: Actor, product_id: str, into: str | None, now: datetime
) -> None:
    """Delete a product; `into` is the product that takes its items and drivers.

    Raises FieldErrors if it has items and none is chosen, UserError if it is the only one.
    """
    await require_admin(session, actor)
    product = await locked_product(session, actor.workspace_id, product_id)
    if len(await products_of(session, actor.workspace_id)) < 2:
        raise UserError(_(LAST_ONE))
    if into == product_id:
        raise FieldErrors({INTO_FIELD: _("Please choose another product.")})
    target = await locked_product(session, actor.workspace_id, into) if into else None
    of_product = (
        ProductItem.workspace_id == actor.workspace_id,
        ProductItem.product_id == product_id,
    )
    if target is None and await session.scalar(select(ProductItem.id).where(*of_product).limit(1)):
        raise FieldErrors({INTO_FIELD: _(HAS_ITEMS)})
    if target is not None:
        target.drivers = list(dict.fromkeys([*target.drivers, *product.drivers]))
        target.signs = target.signs or product.signs
        await session.execute(update(ProductItem).where(*of_product).values(product_id=into))
    await session.delete(product)
    await session.flush()
    detail = {"into": into}
    audit.record(session, actor, "products.deleted", subject=product_id, detail=detail, now=now)


def record_look(
    session: AsyncSession, actor: Actor, wave_ids: Iterable[str], now: datetime
) -> None:
    """Record a look at the figures of these waves."""
    for wave_id in sorted(wave_ids):
        audit.record(session, actor, "figures.viewed", subject=wave_id, now=now)
