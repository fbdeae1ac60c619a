from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot.errors import NotAllowedError, UserError
from bot.insights import service
from bot.insights.named_surveys import named_answers, own_named_answers
from bot.insights.publishing import (
    compute_publication,
    read_sealed_wave,
    store_publication,
    waves_to_publish,
)
from bot.insights.wave_results import GROUPS_SHOWN
from models import Answer, Comment, Figure, Invitation, OpenAnswer, Survey, Wave
from models.database import Sessions
from tests.factories import WORKSPACE, company, question, survey
from tests.insights.waves import CLOSED, Response, everyone, publish, sealed_wave, store_wave

NOW = CLOSED + timedelta(minutes=1)
SALES = everyone(1, 2, 3, 2, 3, 4)
DESIGN = everyone(4, 5, 4, 3, 5, 4)


async def figures_of(session: AsyncSession, wave: Wave) -> list[Figure]:
    found = await session.scalars(
        select(Figure).where(Figure.wave_id == wave.id).order_by(Figure.id)
    )
    return list(found)


async def test_publishing_writes_figures_once(session: AsyncSession, weekly: Survey) -> None:
    wave = await sealed_wave(session, weekly, {"Design": DESIGN, "Sales": SALES})
    assert await waves_to_publish(session) == [(WORKSPACE, wave.id)]

    await publish(session, WORKSPACE, wave.id, NOW)

    first = [(each.id, each.mean, each.published_at) for each in await figures_of(session, wave)]
    assert (wave.status, wave.published_at) == ("published", NOW)
    assert len(first) == 6
    assert await waves_to_publish(session) == []
    await publish(session, WORKSPACE, wave.id, NOW + timedelta(days=1))
    again = [(each.id, each.mean, each.published_at) for each in await figures_of(session, wave)]
    assert again == first
    assert wave.published_at == NOW


async def test_two_schedulers_publish_one_set_of_figures(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await company(session, {})
        weekly = survey()
        session.add(weekly)
        await session.flush()
        wave = await sealed_wave(session, weekly, {"Design": DESIGN})
    for _ in range(2):
        async with sessions.begin() as session:
            await publish(session, WORKSPACE, wave.id, NOW)
    async with sessions.begin() as session:
        assert len(await figures_of(session, wave)) == 2


async def test_two_concurrent_publications_store_figures_once(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await company(session, {})
        weekly = survey()
        session.add(weekly)
        await session.flush()
        wave = await sealed_wave(session, weekly, {"Design": DESIGN})
        sources = [await read_sealed_wave(session, WORKSPACE, wave.id) for _ in range(2)]
    stored = []
    for source in sources:
        assert source
        async with sessions.begin() as session:
            stored.append(await store_publication(session, compute_publication(source), NOW))
    assert stored == [True, False]
    async with sessions.begin() as session:
        assert len(await figures_of(session, wave)) == 2


async def test_publishing_an_anonymous_wave_leaves_no_answer(
    session: AsyncSession, weekly: Survey
) -> None:
    comments = [("Design", 0, f"Comment {number}") for number in range(6)]
    wave = await sealed_wave(session, weekly, {"Design": DESIGN, "Sales": SALES}, comments)

    await publish(session, WORKSPACE, wave.id, NOW)

    for table in (OpenAnswer, Answer, Comment):
        assert not await session.scalar(select(func.count()).select_from(table)), table
    assert wave.responded == 10, "in steps of five"


async def test_an_open_or_unknown_wave_publishes_nothing(
    session: AsyncSession, weekly: Survey
) -> None:
    wave = await store_wave(session, weekly, {"Design": DESIGN})

    await publish(session, WORKSPACE, wave.id, NOW)
    await publish(session, WORKSPACE, "nothing", NOW)

    assert wave.status == "open"
    assert await figures_of(session, wave) == []


async def test_results_compare_with_the_wave_before(session: AsyncSession, weekly: Survey) -> None:
    before = await sealed_wave(
        session, weekly, {"Design": DESIGN, "Sales": SALES}, held_on=date(2026, 10, 27)
    )
    await publish(session, WORKSPACE, before.id, NOW - timedelta(days=7))
    much_better = everyone(*[5, 5, 5, 4, 5, 5])
    wave = await sealed_wave(session, weekly, {"Design": much_better, "Sales": much_better})
    await publish(session, WORKSPACE, wave.id, NOW)

    found = await service.latest_results(session, WORKSPACE)

    assert found.wave is not None
    assert found.wave.wave_id == wave.id
    assert (found.wave.answered, found.wave.invited) == (10, 12)
    (workload,) = found.wave.drivers
    assert workload.label == "Workload"
    assert workload.change is not None
    assert workload.change.detectable
    assert workload.change.difference > 2
    assert [(group.name, group.answered) for group in found.wave.groups] == [
        ("Design", 5),
        ("Sales", 5),
    ]
    assert [each.wave_id for each in found.others] == [wave.id, before.id]
    earlier = await service.results(session, WORKSPACE, before.id)
    assert earlier.wave is not None
    assert earlier.wave.drivers[0].change is None


async def test_a_wave_with_too_few_answers_is_published_without_figures(
    session: AsyncSession, weekly: Survey
) -> None:
    full = await sealed_wave(session, weekly, {"Design": DESIGN}, held_on=date(2026, 10, 20))
    empty = await sealed_wave(
        session,
        weekly,
        {"Design": [*everyone(1, 2), None, None, None, None]},
        held_on=date(2026, 10, 27),
    )
    wave = await sealed_wave(session, weekly, {"Design": DESIGN})
    for number, each in enumerate((full, empty, wave)):
        await publish(session, WORKSPACE, each.id, NOW + timedelta(days=number))

    hidden = await service.wave_results(session, WORKSPACE, empty.id)
    latest = await service.wave_results(session, WORKSPACE, wave.id)

    assert hidden is not None
    assert hidden.answered is None
    assert latest is not None
    # Compared with the last wave that has figures.
    assert latest.drivers[0].change is not None
    assert latest.drivers[0].change.difference == 0


async def test_a_survey_is_found_by_its_name(session: AsyncSession, weekly: Survey) -> None:
    other = survey(name="Onboarding & <you>")
    session.add(other)
    await session.flush()
    with pytest.raises(UserError):
        await service.latest_results(session, WORKSPACE, "weekly")
    for number, each in enumerate((weekly, other)):
        wave = await sealed_wave(session, each, {"Design": DESIGN})
        await publish(session, WORKSPACE, wave.id, NOW + timedelta(hours=number))

    by_part = await service.latest_results(session, WORKSPACE, "WEEKLY")
    latest = await service.latest_results(session, WORKSPACE)

    assert by_part.wave is not None
    assert by_part.wave.survey_name == "Weekly pulse"
    assert latest.wave is not None
    assert latest.wave.survey_name == "Onboarding & <you>"
    with pytest.raises(UserError, match="Onboarding &amp; &lt;you&gt;, Weekly pulse"):
        await service.latest_results(session, WORKSPACE, "lunch")
    with pytest.raises(UserError, match="2 surveys match"):
        await service.latest_results(session, WORKSPACE, "u")


async def test_another_workspace_sees_nothing(session: AsyncSession, weekly: Survey) -> None:
    wave = await sealed_wave(session, weekly, {"Design": DESIGN}, anonymous=False)
    await publish(session, WORKSPACE, wave.id, NOW)

    assert (await service.results(session, "T0OTHER", wave.id)).wave is None
    with pytest.raises(UserError, match="can't find"):
        await named_answers(session, "T0OTHER", wave.id)


async def test_an_open_wave_shows_participation_in_steps_of_k(
    session: AsyncSession, weekly: Survey
) -> None:
    await store_wave(session, weekly, {"Design": [*everyone(*[3] * 9), *[None] * 5]})

    (running,) = await service.running_waves(session, WORKSPACE)

    assert (running.at_least, running.invited, running.k) == (5, 14, 5)


async def test_only_the_groups_that_are_shown_are_read(
    session: AsyncSession, weekly: Survey
) -> None:
    names = [f"Team {number:02}" for number in range(37)]
    for days in (7, 0):
        teams = {name: everyone(1, 2, 3, 4, 5, 5) for name in [*names, None]}
        held_on = date(2026, 11, 3) - timedelta(days=days)
        wave = await sealed_wave(session, weekly, teams, held_on=held_on)
        await publish(session, WORKSPACE, wave.id, NOW - timedelta(days=days))

    totals = await service.wave_totals(session, WORKSPACE, wave.id)
    overview = await service.wave_results(session, WORKSPACE, wave.id)
    pages = [
        await service.page_of_groups(session, WORKSPACE, wave.id, page) for page in (-1, 0, 1, 99)
    ]

    assert totals
    assert overview
    assert (totals.drivers, totals.groups, totals.group_counts) == (overview.drivers, (), {})
    assert [group.name for group in overview.groups] == names[:GROUPS_SHOWN]
    assert overview.group_counts == {"team": 38}
    assert all(group.scores[0].change for group in overview.groups)
    first, same, last, too_far = [[group.name for group in page.groups] for page in pages if page]
    assert first == same == names[:25]
    assert last == too_far == [*names[25:], "Everyone else"]


async def test_counting_who_answered_reads_tokens_in_the_order_of_an_index(
    session: AsyncSession, weekly: Survey, engine: AsyncEngine
) -> None:
    await store_wave(session, weekly, {"Design": everyone(*[3] * 9)})
    statements: list[str] = []

    def keep(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if "GROUP BY open_answers.token" in statement:
            statements.append(statement)
            parameters.append(values)

    parameters: list[Any] = []
    event.listen(engine.sync_engine, "before_cursor_execute", keep)
    await service.running_waves(session, WORKSPACE)
    event.remove(engine.sync_engine, "before_cursor_execute", keep)

    connection = await session.connection()
    explain = "EXPLAIN QUERY PLAN "
    if connection.dialect.name == "postgresql":
        for setting in ("enable_seqscan", "enable_bitmapscan"):
            # A table of a few rows would be read as a whole.
            await connection.exec_driver_sql(f"SET LOCAL {setting} = off")
        explain = "EXPLAIN "
    (statement,), (values,) = statements, parameters
    plan = str((await connection.exec_driver_sql(explain + statement, values)).all())
    assert "Index Scan using pk_open_answers" in plan or "USING INDEX sqlite_autoindex" in plan
    # Only the few cohorts may be sorted.
    assert plan.count("TEMP B-TREE") + plan.count("Sort Key") <= 1
    assert "Sort Key: open_answers.token" not in plan


async def test_nobody_is_counted_while_people_are_still_asked(
    session: AsyncSession, weekly: Survey
) -> None:
    await store_wave(session, weekly, {"Design": everyone(*[3] * 9)}, queued=False)

    (running,) = await service.running_waves(session, WORKSPACE)

    assert running.at_least is None


async def test_a_named_survey_with_few_answers_says_how_many_can_be_read(
    session: AsyncSession,
) -> None:
    await company(session, {})
    named = survey(anonymous=False)
    session.add(named)
    await session.flush()
    given: list[Response] = [*everyone(1, 2, 3), {}, None, None]
    wave = await sealed_wave(session, named, {"Design": given}, [("Design", 0, "Dreadful")])
    await publish(session, WORKSPACE, wave.id, NOW)

    found = await service.latest_results(session, WORKSPACE)

    assert found.wave
    assert (found.wave.answered, found.wave.named, found.wave.invited) == (None, 3, 6)


async def test_named_answers_are_refused_for_an_anonymous_wave(
    session: AsyncSession, weekly: Survey
) -> None:
    wave = await sealed_wave(session, weekly, {"Design": DESIGN})

    with pytest.raises(NotAllowedError, match="anonymous") as refusal:
        await named_answers(session, WORKSPACE, wave.id)

    assert refusal.value.action == "answers.view"


async def test_named_answers_come_page_by_page_with_comments_at_the_end(
    session: AsyncSession,
) -> None:
    await company(session, {})
    named = survey(
        question(0),
        question(1, text="Lunch?", scale="choice", driver="own", options=["Soup", "Salad"]),
        question(2, text="Would you recommend us?", scale="enps"),
        anonymous=False,
    )
    session.add(named)
    await session.flush()
    people = [{0: 4, 1: 1, 2: 7}, *[{0: 2} for _ in range(8)], {}]
    wave = await sealed_wave(session, named, {"Design": people}, [("Design", 1, "Soup & <b>")])
    await publish(session, WORKSPACE, wave.id, NOW)

    first = await named_answers(session, WORKSPACE, wave.id, -3)
    last = await named_answers(session, WORKSPACE, wave.id, 99)

    assert (first.page, first.pages, len(first.people)) == (0, 3, 8)
    assert first.people[0].answers == (
        ("My workload is manageable.", "Agree"),
        ("Lunch?", "Salad"),
        ("Would you recommend us?", "7 of 10"),
    )
    assert last.page == 2
    assert [(each.question, each.text) for each in last.comments] == [("Lunch?", "Soup & <b>")]


async def test_a_person_who_only_commented_is_not_listed(
    session: AsyncSession,
) -> None:
    await company(session, {})
    named = survey(anonymous=False)
    session.add(named)
    await session.flush()
    wave = await sealed_wave(session, named, {"Design": [{}, {0: 4}]}, [("Design", 0, "Dreadful")])
    await publish(session, WORKSPACE, wave.id, NOW)
    ids = list(await session.scalars(select(Invitation.employee_id)))
    assert len(ids) == 2

    pages = [await named_answers(session, WORKSPACE, wave.id, number) for number in (0, 1)]
    own = [await own_named_answers(session, WORKSPACE, person) for person in ids]

    assert [(page.pages, len(page.people), len(page.comments)) for page in pages] == [
        (2, 1, 0),
        (2, 0, 1),
    ]
    assert sorted(map(len, own)) == [0, 1]


async def test_named_answers_wait_until_the_wave_has_closed(session: AsyncSession) -> None:
    await company(session, {})
    named = survey(anonymous=False)
    session.add(named)
    await session.flush()
    wave = await store_wave(session, named, {"Design": DESIGN})

    with pytest.raises(UserError):
        await named_answers(session, WORKSPACE, wave.id)


async def test_an_old_survey_is_found_behind_more_waves_than_a_menu_holds(
    session: AsyncSession, weekly: Survey
) -> None:
    yearly = survey(name="Yearly")
    session.add(yearly)
    await session.flush()
    for number in range(service.WAVES_IN_A_MENU + 2):
        session.add(
            Wave(
                workspace_id=WORKSPACE,
                survey_id=(weekly if number else yearly).id,
                held_on=date(2026, 1, 1) + timedelta(days=number),
                opened_at=CLOSED,
                closes_at=CLOSED,
                status="published",
                anonymous=True,
                min_group_size=5,
                invited=10,
                sealed_at=CLOSED,
                published_at=CLOSED + timedelta(hours=number),
            )
        )
    await session.flush()

    found = await service.latest_results(session, WORKSPACE, "yearly")

    assert found.wave is not None
    assert found.wave.survey_name == "Yearly"
    assert len(found.others) == service.WAVES_IN_A_MENU
    assert found.others[0].wave_id == found.wave.wave_id
