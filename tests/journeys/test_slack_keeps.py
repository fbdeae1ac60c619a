"""Slack keeps what it is sent, so no message and no file holds an answer, a score or a comment.

Figures of groups, and comments that HR lets a digest quote, are what a digest is there for.
"""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.insights.by_person_blocks import BY_PERSON
from bot.insights.comments import COMMENTS_ON_A_PAGE
from bot.mentoring.enqueue import enqueue
from bot.mentoring.pairs.blocks import RATE, REMATCH, STAY
from bot.mentoring.pairs.service import MENTOR_FIT
from bot.pulse import blocks, comment_blocks
from bot.surveys import form_fields
from models import MentoringMatch, MentoringProfile, PublishedComment
from sandbox.demo.company import HR_CHANNEL, TEAM_ID
from tests.conftest import NOW
from tests.factories import match
from tests.journeys.stage import Stage, text_of
from tests.journeys.test_main_job import STAFF, create_survey

MARK = "Zinnober"
"""In every comment and written answer of this journey, and nowhere else."""
QUESTIONS = ["workload_normal_hours", "commitment_suggest_to_friend", "commitment_change_first"]
LOW, HIGH, *REST = STAFF[4:18]
ANSWERS = {LOW.id: ("1", "0"), HIGH.id: ("5", "10")}


def kept(stage: Stage) -> list[Any]:
    """Return all that the sandbox was sent for messages and files, as it was sent.

    Views are left out: they come by `views.*`, or as the answer to a form.
    """
    log = stage.sandbox.engine.log
    calls = log.find(direction="from_app")
    answers = [each.answer for each in log.find(direction="to_app")]
    return [
        *(each.arguments for each in calls if not each.method.startswith("views.")),
        *(each for each in answers if not (isinstance(each, dict) and "view" in each)),
        *(file.content for file in stage.sandbox.world.files.values()),
    ]


def viewed(stage: Stage) -> str:
    log = stage.sandbox.engine.log
    calls = log.find(direction="from_app")
    return str([each.arguments for each in calls if each.method.startswith("views.")])


async def write(stage: Stage, person: str, action_id: str, text: str) -> None:
    """Write into the form behind a button; save it although HR will read it masked."""
    form = await stage.press(person, action_id)
    assert form.view, form.shown
    typed = {comment_blocks.COMMENT_FIELD: f"{MARK}: {text}"}
    saved = await stage.sandbox.submit(person, form.view["id"], typed)
    if saved.view:
        await stage.sandbox.submit(person, saved.view["id"])
    await stage.settled()


async def answer(stage: Stage, person: str) -> list[str]:
    """Answer, change, comment, withdraw and comment again; return each message on the way."""
    shown: list[str] = []
    agree, likely = ANSWERS.get(person, ("4", "9"))
    other = {"1": "2", "5": "4"}.get(agree, "3")
    for action_id in (
        f"{blocks.ANSWER}:{agree}",
        f"{blocks.ANSWER}:{likely}",
        blocks.SKIP,
        blocks.CHANGE,
        f"{blocks.ANSWER}:{other}",
        blocks.SKIP,
    ):
        await stage.press(person, action_id)
        shown.append(text_of(stage.last(person)))
    await write(stage, person, blocks.WRITE, "I am the only designer, call +44 20 7946 0192")
    shown.append(text_of(stage.last(person)))
    await stage.press(person, blocks.WITHDRAW)
    shown.append(text_of(stage.last(person)))
    await write(stage, person, blocks.COMMENT_AFTER_THANKS, f"more {agree}")
    shown.append(text_of(stage.last(person)))
    return shown


async def read_own(stage: Stage, person: str) -> None:
    asked = await stage.pulse(person, "my-data")
    assert asked.view
    await stage.settled()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("anonymity", ["anonymous", "named"])
async def test_what_people_told_is_in_views_alone(stage: Stage, anonymity: str) -> None:
    await create_survey(
        stage,
        **{form_fields.BANK: QUESTIONS, form_fields.ANONYMITY: anonymity, form_fields.WHEN: "now"},
    )
    await stage.at(stage.now)
    when = "weekly monday 09:00 without quotes"
    await stage.sandbox.command("maya", "/digest", when, HR_CHANNEL)
    await stage.sandbox.command("maya", "/digest", "alerts here", HR_CHANNEL)

    low, high = [await answer(stage, person.id) for person in (LOW, HIGH)]
    assert low == high
    for person in REST:
        await answer(stage, person.id)
    await read_own(stage, LOW.id)
    await stage.pulse("maya", "results")
    await stage.at(NOW + timedelta(hours=24, minutes=1))
    await stage.at(NOW + timedelta(hours=73))

    await stage.sandbox.home("maya")
    await stage.settled()
    for command in ("results", "comments", "record"):
        await stage.pulse("maya", command)
    if anonymity == "named":
        await stage.pulse("maya", "results")
        assert (await stage.press("maya", BY_PERSON)).view
    await read_own(stage, LOW.id)
    await stage.at(NOW + timedelta(days=6, hours=1))
    assert "Pulse digest" in text_of(stage.sandbox.messages(HR_CHANNEL)[-1])
    await stage.settled()

    async with stage.runtime.sessions.begin() as session:
        assert (await session.scalars(select(PublishedComment))).all()
    assert viewed(stage).count(MARK) > COMMENTS_ON_A_PAGE, "comments were read"
    sent = kept(stage)
    assert len(sent) > 200
    assert [each for each in sent if MARK in str(each)] == []
    assert not _backticks_in_plain_text(sent)


def _backticks_in_plain_text(node: Any) -> list[str]:
    """Find texts that Slack shows as they are, with marks that it would show, too."""
    if isinstance(node, dict):
        text = node.get("text")
        if node.get("type") == "plain_text" and "`/" in str(text):
            return [str(text)]
        node = list(node.values())
    if not isinstance(node, list):
        return []
    return [found for each in node for found in _backticks_in_plain_text(each)]


async def test_what_follows_a_rating_is_the_same_whatever_it_was(stage: Stage) -> None:
    mentor = REST[0].id
    async with stage.runtime.sessions.begin() as session:
        for person in (mentor, LOW.id, HIGH.id):
            profile = {"workspace_id": TEAM_ID, "employee_id": person, "joined_at": NOW}
            session.add(MentoringProfile(**profile))
        for person in (LOW.id, HIGH.id):
            session.add(
                match(
                    person,
                    workspace_id=TEAM_ID,
                    mentor_id=mentor,
                    introduced=True,
                    ends_at=NOW + timedelta(weeks=12),
                )
            )
        await session.flush()
        for pair in (await session.scalars(select(MentoringMatch))).all():
            await enqueue(session, TEAM_ID, MENTOR_FIT, pair.mentee_id, pair.id, NOW, match=pair.id)
    await stage.at(NOW + timedelta(hours=6))
    shown = []
    for person, rating in ((LOW.id, 1), (HIGH.id, 4)):
        await stage.press(person, f"{RATE}:fit:{rating}")
        thanks = stage.last(person)
        assert REMATCH in str(thanks)
        await stage.press(person, STAY)
        shown.append((text_of(thanks), text_of(stage.last(person))))
    assert shown[0] == shown[1]
