"""The gate on asking holds back new surveys only: what was confirmed before is always asked."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import UserError
from bot.products.board.service import ensure_products, products_of
from bot.products.items.service import Written, write
from bot.surveys.drafts import confirm_draft
from bot.surveys.undecided import undecided_drivers
from models import ProductItem
from models.database import make_engine, make_sessions
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE, company
from tests.pulse.opening import open_wave
from tests.pulse.waves import store_survey

MAYA = Actor(WORKSPACE, ADMIN)
days = st.integers(0, 40)


async def play(
    session: AsyncSession, decided_within: int, confirmed: int, asked: int, reason: str
) -> None:
    """Let an item wait, and somebody confirm a survey about the same and have it asked."""
    (product, *_) = await products_of(session, WORKSPACE)
    written = Written("Too much.", product.id, None, "workload")
    item = await session.get_one(ProductItem, (WORKSPACE, await write(session, MAYA, written, NOW)))
    item.decide_by = NOW + timedelta(days=decided_within)
    at, opens = NOW + timedelta(days=confirmed), NOW + timedelta(days=confirmed + asked, hours=1)
    draft = await store_survey(
        session, status="draft", next_open_at=opens, next_on=opens.date(), created_at=at
    )
    late = confirmed >= decided_within
    assert bool(await undecided_drivers(session, WORKSPACE, ["workload"], at)) == late
    if late and not reason:
        with pytest.raises(UserError, match="still waits for a decision"):
            await confirm_draft(session, MAYA, draft.id, at, reason)
        assert draft.status == "draft"
        return
    await confirm_draft(session, MAYA, draft.id, at, reason)
    again = await confirm_draft(session, MAYA, draft.id, opens)
    assert again.id == draft.id, "confirming it once more is never refused"
    for week in range(2):
        moment = opens + timedelta(weeks=week)
        opened = await open_wave(session, WORKSPACE, draft.id, None, moment)
        assert getattr(opened, "invited", 0) == 13, "however late the decision is by then"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_confirmed_before_is_always_asked(database_url: str) -> None:
    engine = make_engine(database_url)
    sessions = make_sessions(engine)

    async def prepare() -> None:
        async with sessions.begin() as session:
            await company(session, {"Design": 12})
            await ensure_products(session, WORKSPACE, NOW)

    with asyncio.Runner() as runner:
        runner.run(prepare())

        @settings(max_examples=25, derandomize=True, deadline=None)
        @given(days, days, days, st.sampled_from(["", "The law wants it."]))
        def any_order(decided_within: int, confirmed: int, asked: int, reason: str) -> None:
            async def one() -> None:
                async with sessions() as session, session.begin() as undone:
                    await play(session, decided_within, confirmed, asked, reason)
                    await undone.rollback()

            runner.run(one())

        try:
            any_order()
        finally:
            runner.run(engine.dispose())
