"""Slack falters while a pair is brought together: nothing is lost, and nothing comes twice."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.actor import Actor
from bot.mentoring.pairs import blocks as pair_blocks
from bot.mentoring.pairs.pure.stages import Stage as PairStage
from bot.mentoring.profiles import forms
from bot.mentoring.programme.service import plan_round
from bot.mentoring.proposals import blocks
from models import MentoringMatch
from sandbox.demo.company import TEAM_ID
from tests.journeys.stage import Stage, buttons_of, text_of
from tests.journeys.test_mentoring import AFTERNOON, MAYA, MENTEE, joined

MENTOR = "kofi"


async def asked(stage: Stage) -> None:
    """Let a mentor be asked."""
    await joined(stage, MENTEE, **{forms.WANTS: ["Kubernetes"]})
    await joined(stage, MENTOR, **{forms.OFFERS: ["Kubernetes"]})
    await stage.at(AFTERNOON)
    async with stage.runtime.sessions.begin() as session:
        assert await plan_round(session, Actor(TEAM_ID, MAYA), stage.now)
    await stage.at(stage.now)


async def agreed(stage: Stage, **fault: Any) -> MentoringMatch:
    """Let two people agree to meet, with a fault in force from then on; return the match."""
    await asked(stage)
    await stage.press(MENTOR, blocks.ACCEPT)
    await stage.at(stage.now)
    stage.sandbox.engine.faults.add(**fault)
    await stage.press(MENTEE, blocks.CONFIRM)
    await stage.at(stage.now)
    return await current(stage)


async def current(stage: Stage) -> MentoringMatch:
    async with stage.runtime.sessions.begin() as session:
        return (await session.scalars(select(MentoringMatch))).one()


def in_group(stage: Stage, match: MentoringMatch) -> tuple[int, int]:
    """Return how many introductions and how many files the pair's group DM holds."""
    assert match.channel
    messages = stage.sandbox.messages(match.channel, MENTEE)
    introductions = sum(
        pair_blocks.AGENDAS[PairStage.GOALS][0] in text_of(each) for each in messages
    )
    return introductions, sum(len(each.get("files") or []) for each in messages)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "5xx", "method": "conversations.open"},
        {"kind": "429", "method": "conversations.open"},
        {"kind": "drop", "method": "conversations.open"},
        {"kind": "drop_answer", "method": "conversations.open"},
        {"kind": "5xx", "method": "files.getUploadURLExternal"},
        {"kind": "429", "method": "files.getUploadURLExternal"},
        {"kind": "5xx", "method": "upload"},
        {"kind": "drop", "method": "upload"},
        {"kind": "429", "method": "files.completeUploadExternal"},
    ],
    ids=lambda fault: f"{fault['kind']} {fault['method']}",
)
async def test_a_passing_fault_costs_neither_the_group_nor_the_invitation(
    stage: Stage, fault: dict[str, Any]
) -> None:
    # A lost connection is tried again by the SDK at once; so the fault comes twice.
    await agreed(stage, times=2, **fault)
    for _ in range(3):
        await stage.at(stage.now)
    assert in_group(stage, await current(stage)) == (1, 1)


@pytest.mark.parametrize("kind", ["5xx", "drop_answer"])
async def test_a_file_of_unknown_fate_is_not_shared_twice(stage: Stage, kind: str) -> None:
    await agreed(stage, kind=kind, method="files.completeUploadExternal", times=1)
    for _ in range(3):
        await stage.at(stage.now)
    introductions, files = in_group(stage, await current(stage))
    assert introductions == 1
    assert files <= 1


async def test_where_there_can_be_no_group_each_is_written_to(stage: Stage) -> None:
    """A server without the method: given up at once, and for good."""
    stage.sandbox.app.lacks.add("conversations.open")
    pair = await agreed(stage, kind="delay", method="nothing", times=0)
    assert (pair.introduced, pair.channel) == (True, None)
    for person in (MENTEE, MENTOR):
        assert pair_blocks.AGENDAS[PairStage.GOALS][0] in text_of(stage.last(person))


async def test_without_a_response_url_a_mentors_own_message_changes_all_the_same(
    stage: Stage,
) -> None:
    await asked(stage)
    message = stage.last(MENTOR)
    stage.sandbox.engine.faults.add(kind="5xx", method="response_url")
    await stage.press(MENTOR, blocks.ACCEPT)
    left = stage.last(MENTOR)
    assert left["ts"] == message["ts"]
    assert buttons_of(left) == []


@pytest.mark.parametrize("action_id", [blocks.NOT_NOW, blocks.ACCEPT, blocks.PAUSE_ME])
async def test_what_a_mentor_answers_in_a_copy_before_others_is_theirs_to_read(
    stage: Stage, action_id: str
) -> None:
    await asked(stage)
    sent = await stage.sandbox.forward(MENTOR, "dm", stage.last(MENTOR)["ts"], "general")
    assert sent.message
    ts = sent.message["ts"]
    await stage.sandbox.press(MENTEE, action_id, channel="general", message_ts=ts)
    await stage.settled()
    assert (await current(stage)).status == "proposed"

    before = [text_of(each) for each in stage.sandbox.messages("general", MAYA)]
    await stage.sandbox.press(MENTOR, action_id, channel="general", message_ts=ts)
    await stage.settled()
    assert (await current(stage)).status != "proposed"
    assert [text_of(each) for each in stage.sandbox.messages("general", MAYA)] == before
    assert len(stage.sandbox.messages("general", MENTOR)) > len(before)
