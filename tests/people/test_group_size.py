"""What ATTUNE_MIN_GROUP_SIZE says counts from the next start on, for waves that open after it."""

from sqlalchemy import select, update

from bot.runtime import check_and_register
from models import AuditEntry, Wave, Workspace
from sandbox.demo.company import TEAM_ID
from tests.conftest import NOW
from tests.factories import survey
from tests.journeys.stage import Stage, open_stage
from tests.pulse.opening import open_wave


async def start_with(stage: Stage, size: int) -> None:
    stage.runtime.settings.attune_min_group_size = size
    await check_and_register(stage.runtime)


async def open_a_wave(stage: Stage, name: str) -> None:
    async with stage.runtime.sessions.begin() as session:
        session.add(made := survey(workspace_id=TEAM_ID, name=name))
        await session.flush()
        assert await open_wave(session, TEAM_ID, made.id, None, NOW)


async def test_a_change_is_taken_over_at_the_start_for_new_waves_and_written_down(
    database_url: str,
) -> None:
    async with open_stage(database_url) as stage:
        await open_a_wave(stage, "before")
        for size in (10, 10, 4):
            await start_with(stage, size)
            await open_a_wave(stage, f"at {size}")
        async with stage.runtime.sessions.begin() as session:
            await session.execute(update(Workspace).values(min_group_size=7))
        stage.runtime.settings.slack_bot_token = None
        await check_and_register(stage.runtime)

        async with stage.runtime.sessions.begin() as session:
            assert await session.scalar(select(Workspace.min_group_size)) == 4
            sizes = await session.scalars(select(Wave.min_group_size))
            assert sorted(sizes) == [4, 5, 10, 10]
            changes = await session.scalars(
                select(AuditEntry).where(AuditEntry.action == "group_size.changed")
            )
            told = [
                (each.actor_id, each.detail["before"], each.detail["after"]) for each in changes
            ]
            assert sorted(told, key=str) == [(None, 10, 4), (None, 5, 10), (None, 7, 4)]
