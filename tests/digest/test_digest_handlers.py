"""`/digest`, through the real bot, the scheduler and the sandbox."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.app import help_text
from bot.digest.blocks import POST, refused_digest, state, subscribed
from bot.digest.handlers import OBSTACLES
from bot.digest.pure.posting_time import ALL, EXAMPLE, Choices, Rhythm
from bot.digest.service import Subscription
from bot.digest.told import KIND
from bot.insights.wording import capitalised, of_invited
from bot.people.roles import REFUSALS, Role
from bot.slack.channels import Obstacle
from models import AuditEntry, Delivery, DigestSubscription, RoleGrant, Survey
from sandbox.demo.company import HR_CHANNEL, TEAM_ID, people
from sandbox.outcome import Outcome
from tests.conftest import NOW
from tests.factories import question, survey
from tests.insights.waves import Response, everyone, publish, sealed_wave
from tests.journeys.stage import Stage, buttons_of, open_stage, text_of

MAYA, ANALYST, *_ = (person.id for person in people())
MONDAY = datetime(2026, 11, 9, 8, 0, tzinfo=UTC)
TODAY = NOW.date()
WRITTEN = [f"There is too much work in our shift, reason {n}." for n in range(10)]


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url) as stage:
        yield stage


async def digest(stage: Stage, text: str, user: str = MAYA, channel: str = HR_CHANNEL) -> Outcome:
    outcome = await stage.sandbox.command(user, "/digest", text, channel)
    await stage.settled()
    return outcome


def answer(outcome: Outcome) -> str:
    assert outcome.message, outcome.shown
    return text_of(outcome.message)


def posts(stage: Stage) -> list[dict[str, Any]]:
    """Return the digests that everybody in the channel sees."""
    return [
        message
        for message in stage.sandbox.messages(HR_CHANNEL, people()[2].id)
        if message["user"] == stage.sandbox.app.bot_user_id
    ]


def preview(stage: Stage, user: str = MAYA) -> dict[str, Any]:
    return stage.sandbox.messages(HR_CHANNEL, user)[-1]


async def closed_wave(stage: Stage, at: datetime = NOW) -> str:
    async with stage.runtime.sessions.begin() as session:
        pulse = survey(
            question(0),
            question(1, driver="growth"),
            question(2, driver="recognition"),
            workspace_id=TEAM_ID,
            status="ended",
            next_open_at=None,
            next_on=None,
        )
        session.add(pulse)
        await session.flush()
        given = [{0: value, 1: value, 2: value} for value in (4, 5, 4, 3, 5, 4)]
        wave = await sealed_wave(session, pulse, {"Design": given})
        await publish(session, TEAM_ID, wave.id, at)
    return wave.id


async def subscriptions(stage: Stage) -> list[DigestSubscription]:
    async with stage.runtime.sessions.begin() as session:
        return list(await session.scalars(select(DigestSubscription)))


async def test_a_channel_gets_its_digest_once_a_week(stage: Stage) -> None:
    confirmed = await digest(stage, "here weekly monday 09:00")
    (row,) = await subscriptions(stage)
    made = Subscription(row.channel_id, Rhythm(0, time(9)), ALL, "Europe/Berlin", row.next_at)
    assert (row.weekday, row.post_at, row.tz, row.ordinal) == (0, time(9), made.tz, None)
    assert (row.with_teams, row.with_quotes) == (True, True)
    assert answer(confirmed) == subscribed(made, None, NOW)
    assert answer(await digest(stage, "")) == state(made)
    await closed_wave(stage)

    await stage.at(MONDAY)
    await stage.at(MONDAY.replace(hour=12))

    (post,) = posts(stage)
    assert capitalised(of_invited(5, 6)) in text_of(post)
    await stage.at(datetime(2026, 11, 16, 8, 0, tzinfo=UTC))
    assert "Workload" not in text_of(posts(stage)[1]), "that was told"
    assert len(posts(stage)) == 2


async def test_a_digest_can_be_ended(stage: Stage) -> None:
    await digest(stage, "here")

    assert answer(await digest(stage, "off")) != answer(await digest(stage, "OFF"))
    assert answer(await digest(stage, "")) == state(None)
    assert await subscriptions(stage) == []


async def wave_of_support(
    stage: Stage, comments: Sequence[str] = (), on: date = TODAY, at: datetime = NOW
) -> None:
    """Publish a wave of one survey in which Support is far below the others."""
    async with stage.runtime.sessions.begin() as session:
        pulse = await session.scalar(select(Survey).where(Survey.workspace_id == TEAM_ID))
        if pulse is None:
            pulse = survey(workspace_id=TEAM_ID, status="ended", next_open_at=None, next_on=None)
            session.add(pulse)
            await session.flush()
        content = everyone(*[4, 5] * 12)
        teams: Mapping[str | None, Sequence[Response]] = {
            "Support": everyone(*[1] * 20, 2, 2),
            "Sales": content,
            "Engineering": content,
        }
        written = [("Sales", 0, text) for text in comments]
        wave = await sealed_wave(session, pulse, teams, written, held_on=on)
        await publish(session, TEAM_ID, wave.id, at)


@pytest.mark.parametrize(
    ("left_out", "choices"),
    [
        ("", ALL),
        (" without teams", Choices(teams=False)),
        (" without quotes", Choices(quotes=False)),
        (" without teams and quotes", Choices(teams=False, quotes=False)),
    ],
)
async def test_hr_chooses_whether_teams_are_named_and_comments_quoted(
    stage: Stage, left_out: str, choices: Choices
) -> None:
    confirmed = answer(await digest(stage, f"weekly monday 9:00{left_out}"))
    assert ("names no teams" in confirmed, "quotes no comments" in confirmed) == (
        not choices.teams,
        not choices.quotes,
    )
    await wave_of_support(stage, WRITTEN)

    await stage.at(MONDAY)

    text = text_of(posts(stage)[0])
    assert ("Support" in text) is choices.teams
    assert text.count("> “") == (2 if choices.quotes else 0)


async def test_nobody_is_quoted_where_too_few_wrote(stage: Stage) -> None:
    await digest(stage, "here")
    await wave_of_support(stage, WRITTEN[:9])

    await stage.at(MONDAY)

    assert "far below" in text_of(posts(stage)[0])
    assert "> “" not in text_of(posts(stage)[0])


async def test_a_preview_quotes_to_those_who_may_read_comments(stage: Stage) -> None:
    await digest(stage, "here")
    await wave_of_support(stage, WRITTEN)
    async with stage.runtime.sessions.begin() as session:
        grant = {"employee_id": ANALYST, "role": "analyst", "granted_at": NOW}
        session.add(RoleGrant(workspace_id=TEAM_ID, **grant))

    quotes = []
    for user in (ANALYST, MAYA):
        await digest(stage, "now", user)
        quotes.append(text_of(preview(stage, user)).count("> “"))

    assert quotes == [0, 2]
    async with stage.runtime.sessions.begin() as session:
        readers = await session.scalars(
            select(AuditEntry.actor_id).where(AuditEntry.action == "comments.viewed")
        )
        assert list(readers) == [MAYA]


async def test_leaders_get_the_month_once(stage: Stage) -> None:
    for week in range(3):
        at = NOW - timedelta(weeks=2 - week)
        await wave_of_support(stage, on=at.date(), at=at)
    confirmed = answer(await digest(stage, "monthly 1st monday 9:00"))
    assert "on the 1st Monday of every month at 09:00" in confirmed
    first_monday = datetime(2026, 12, 7, 8, 0, tzinfo=UTC)

    await stage.at(MONDAY)
    assert posts(stage) == []
    for _ in range(2):
        await stage.at(first_monday)

    (post,) = posts(stage)
    assert "Pulse digest for the month" in text_of(post)
    assert "Taking part, round by round: 93% → 93% → 93%" in text_of(post)
    await stage.at(datetime(2027, 1, 4, 8, 0, tzinfo=UTC))
    assert "no new results" in text_of(posts(stage)[1]), "that was told"


async def test_what_cannot_be_read_gets_an_example(stage: Stage) -> None:
    for text in ("here someday", "weekly 1st monday", "monthly whenever"):
        assert EXAMPLE in answer(await digest(stage, text))
    assert "`without teams`" in answer(await digest(stage, "here monday without names"))
    assert await subscriptions(stage) == []


async def test_where_attune_is_no_member_it_asks_to_be_invited(stage: Stage) -> None:
    refused = answer(await digest(stage, "here", channel="general"))
    assert refused == OBSTACLES[Obstacle.NOT_A_MEMBER]
    assert answer(await digest(stage, "here", channel="dm")) != refused
    assert await subscriptions(stage) == []


@pytest.mark.parametrize(
    ("flag", "why"),
    [
        ("is_ext_shared", Obstacle.SHARED),
        ("is_pending_ext_shared", Obstacle.SHARED),
        ("is_archived", Obstacle.ARCHIVED),
    ],
)
async def test_no_digest_goes_where_others_read_or_nobody_does(
    stage: Stage, flag: str, why: Obstacle
) -> None:
    channel = stage.sandbox.world.channels[HR_CHANNEL]
    setattr(channel, flag, True)
    assert answer(await digest(stage, "here")) == OBSTACLES[why]
    assert await subscriptions(stage) == []

    setattr(channel, flag, False)
    await digest(stage, "here")
    setattr(channel, flag, True)
    await stage.at(MONDAY)

    assert posts(stage) == []
    assert refused_digest(HR_CHANNEL).text in text_of(stage.last(MAYA))


async def test_only_admins_manage_digests_and_only_hr_previews(stage: Stage) -> None:
    for text in ("here", "off"):
        assert answer(await digest(stage, text, ANALYST)) == REFUSALS[Role.ADMIN]
    assert answer(await digest(stage, "now", ANALYST)) == REFUSALS[Role.ANALYST]
    async with stage.runtime.sessions.begin() as session:
        session.add(
            RoleGrant(workspace_id=TEAM_ID, employee_id=ANALYST, role="analyst", granted_at=NOW)
        )

    await digest(stage, "now", ANALYST)

    assert preview(stage, ANALYST)["is_ephemeral"]
    assert not buttons_of(preview(stage, ANALYST))


async def test_a_preview_is_posted_once_though_pressed_twice(stage: Stage) -> None:
    wave_id = await closed_wave(stage, NOW)
    await digest(stage, "now")
    shown = preview(stage)
    assert capitalised(of_invited(5, 6)) in text_of(shown)
    assert posts(stage) == []

    for _ in range(2):
        await stage.sandbox.press(
            MAYA, POST, channel=HR_CHANNEL, message_ts=shown["ts"], force=True
        )
    await stage.settled()
    await stage.at(NOW)

    assert len(posts(stage)) == 1
    async with stage.runtime.sessions.begin() as session:
        kinds = list(await session.scalars(select(Delivery.status).where(Delivery.kind == KIND)))
        looks = list(
            await session.scalars(
                select(AuditEntry.subject).where(AuditEntry.action == "figures.viewed")
            )
        )
    assert kinds == ["sent"]
    assert looks == [wave_id]


async def test_help_lists_the_command(stage: Stage) -> None:
    assert answer(await digest(stage, "help")) == help_text("/digest", for_hr=True)
