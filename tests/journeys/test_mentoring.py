"""Mentors decline, lapse and accept until a pair meets three times and closes; in Slack."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.actor import Actor
from bot.mentoring.finder import blocks as finder_blocks
from bot.mentoring.finder.service import ASKED_TODAY
from bot.mentoring.pairs import blocks as pair_blocks
from bot.mentoring.pairs.pure.stages import Stage as PairStage
from bot.mentoring.profiles import forms
from bot.mentoring.profiles.service import NOT_AN_EMPLOYEE
from bot.mentoring.programme import blocks as admin_blocks
from bot.mentoring.programme.service import plan_round
from bot.mentoring.proposals import blocks
from bot.mentoring.proposals.service import NOT_OPEN
from bot.mentoring.rounds.blocks import waiting_message
from bot.mentoring.rounds.pure.matching import Why
from bot.mentoring.rounds.pure.scoring import ScorePart
from models import (
    Delivery,
    MentoringFeedback,
    MentoringMatch,
    MentoringMeeting,
    MentoringProfile,
)
from sandbox.demo.company import TEAM_ID, people
from tests.journeys.stage import Stage, buttons_of, text_of

STAFF = {person.name.split()[0].lower(): person for person in people()}
MAYA = STAFF["maya"].id
AFTERNOON = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
"""Everybody in the company is at work: 10:00 in Toronto, 16:00 in Berlin."""
MENTEE = "noor"
MENTORS = ("kofi", "arjun", "lena")


@pytest.fixture(autouse=True)
def no_failures(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Jobs pass over a unit that raises; here nothing may."""
    yield
    said = caplog.get_records("call")
    assert [each.getMessage() for each in said if each.levelname == "ERROR"] == []


async def joined(stage: Stage, person: str, **answers: Any) -> None:
    opened = await stage.sandbox.command(person, "/mentor", "")
    assert opened.view, opened.shown
    saved = await stage.sandbox.submit(person, opened.view["id"], answers)
    assert saved.ok, (saved.shown, saved.errors)
    assert saved.view
    assert "Saved" in text_of(saved.view)


async def open_match(stage: Stage) -> MentoringMatch | None:
    async with stage.runtime.sessions.begin() as session:
        found = await session.scalars(
            select(MentoringMatch).where(
                MentoringMatch.status.in_(("proposed", "accepted", "active"))
            )
        )
        return found.one_or_none()


async def current(stage: Stage) -> MentoringMatch:
    match = await open_match(stage)
    assert match
    return match


def in_group(stage: Stage, channel: str) -> list[dict[str, Any]]:
    return stage.sandbox.messages(channel, MENTEE)


async def press_in_group(stage: Stage, person: str, channel: str, action_id: str) -> None:
    message = next(
        each for each in reversed(in_group(stage, channel)) if not each.get("is_ephemeral")
    )
    pressed = await stage.sandbox.press(
        person, action_id, channel=channel, message_ts=message["ts"]
    )
    assert pressed.ok, pressed.shown
    await stage.settled()


async def begin(stage: Stage) -> None:
    """Let everybody fill in the form, and HR start a round."""
    hopes = "To run <!channel> *clusters* & sleep."
    await joined(stage, MENTEE, **{forms.OWN_WANTS: "k8s", forms.HOPES: hopes})
    for mentor in MENTORS:
        await joined(stage, mentor, **{forms.OFFERS: ["Kubernetes"], forms.YEARS: "12"})
    await stage.at(AFTERNOON)
    async with stage.runtime.sessions.begin() as session:
        assert await plan_round(session, Actor(TEAM_ID, MAYA), stage.now)
        assert not await plan_round(session, Actor(TEAM_ID, MAYA), stage.now)
    await stage.at(stage.now)


def told_to_mentee(stage: Stage) -> str:
    return "\n".join(text_of(message) for message in stage.sandbox.messages("dm", MENTEE))


def offered(stage: Stage, person: str) -> set[str]:
    return {button["action_id"] for button in buttons_of(stage.last(person))}


def is_asked(stage: Stage, match: MentoringMatch) -> bool:
    """Return True if the mentor's newest message asks for an answer."""
    return blocks.ACCEPT in offered(stage, match.mentor_id)


def is_to_confirm(stage: Stage) -> bool:
    return blocks.CONFIRM in str(stage.sandbox.messages("dm", MENTEE))


async def declined(stage: Stage) -> str:
    """Let the mentor who is asked say "not now", and why; return who it was."""
    match = await current(stage)
    asked = text_of(stage.last(match.mentor_id))
    assert is_asked(stage, match)
    assert "*Kubernetes*" in asked
    assert "&lt;!channel&gt;" in asked
    pressed = await stage.press(match.mentor_id, blocks.NOT_NOW)
    assert pressed.view, "the reason is asked for in a form, which may be skipped"
    assert buttons_of(stage.last(match.mentor_id)) == []
    why = {blocks.WHY_FIELD: "no time"}
    assert (await stage.sandbox.submit(match.mentor_id, pressed.view["id"], why)).ok
    await stage.at(stage.now)
    return match.mentor_id


async def lapsed(stage: Stage) -> str:
    """Let the mentor who is asked stay silent, and press when it is too late."""
    match = await current(stage)
    assert match.answer_by
    await stage.at(match.answer_by - timedelta(hours=7))
    assert len(stage.sandbox.messages("dm", match.mentor_id)) == 2, "a reminder came"
    assert is_asked(stage, match)
    await stage.at(match.answer_by)
    await stage.press(match.mentor_id, blocks.ACCEPT)
    assert NOT_OPEN in text_of(stage.last(match.mentor_id))
    return match.mentor_id


async def paired(stage: Stage, *before: str) -> MentoringMatch:
    """Let the next mentor accept and the mentee confirm."""
    match = await current(stage)
    assert match.mentor_id not in before
    await stage.at(AFTERNOON + timedelta(days=6))
    assert not told_to_mentee(stage), "the mentee is asked nothing until a mentor has accepted"
    await stage.press(match.mentor_id, blocks.ACCEPT)
    await stage.at(stage.now)
    assert is_to_confirm(stage)
    assert not any(mentor in told_to_mentee(stage) for mentor in before)
    await stage.press(MENTEE, blocks.CONFIRM)
    await stage.at(stage.now)
    pair = await current(stage)
    assert pair.status == "active"
    return pair


async def met(stage: Stage, pair: MentoringMatch, person: str) -> None:
    """Let one of the pair say that they met, and both rate it."""
    assert pair.channel
    await press_in_group(stage, person, pair.channel, f"{pair_blocks.MET}:met")
    await press_in_group(stage, MENTEE, pair.channel, f"{pair_blocks.RATE}:meeting:4")
    await press_in_group(stage, pair.mentor_id, pair.channel, f"{pair_blocks.RATE}:meeting:3")


async def test_mentors_decline_lapse_and_accept_until_a_pair_has_met(stage: Stage) -> None:
    await begin(stage)
    pair = await paired(stage, await declined(stage), await lapsed(stage))
    assert pair.channel
    introduction, file = in_group(stage, pair.channel)
    assert "meet <@" in text_of(introduction)
    assert pair_blocks.AGENDAS[PairStage.GOALS][0] in text_of(introduction)
    assert file["files"][0]["name"] == "mentoring.ics"

    assert pair.started_at
    assert pair.ends_at
    await stage.at(pair.started_at + timedelta(weeks=2))
    await met(stage, pair, pair.mentor_id)
    await stage.at(pair.started_at + timedelta(weeks=4))
    assert f"{pair_blocks.RATE}:fit:4" in offered(stage, MENTEE)
    await stage.press(MENTEE, f"{pair_blocks.RATE}:fit:4")
    assert pair_blocks.STAY in offered(stage, MENTEE)
    # The day's message was that one.
    await stage.at(pair.started_at + timedelta(weeks=4, days=1))
    await press_in_group(stage, MENTEE, pair.channel, f"{pair_blocks.MET}:not yet")
    await stage.at(pair.started_at + timedelta(weeks=6))
    await met(stage, pair, MENTEE)
    await stage.at(pair.started_at + timedelta(weeks=8))
    await met(stage, pair, MENTEE)
    await stage.at(pair.ends_at)
    for person in (MENTEE, pair.mentor_id):
        assert f"{pair_blocks.RATE}:closing:4" in offered(stage, person)
    opened = await stage.press(MENTEE, forms.PROFILE)
    assert opened.view
    assert f"<@{pair.mentor_id}>" in text_of(opened.view)
    await stage.sandbox.close(MENTEE, opened.view["id"])
    for person in (MENTEE, pair.mentor_id):
        await stage.press(person, f"{pair_blocks.RATE}:closing:4")

    assert await open_match(stage) is None
    async with stage.runtime.sessions.begin() as session:
        outcomes = list(await session.scalars(select(MentoringMeeting.outcome)))
        assert outcomes.count("met") == 3
        assert len((await session.scalars(select(MentoringFeedback))).all()) == 3 * 2 + 1 + 2
        profile = await session.get_one(MentoringProfile, (TEAM_ID, STAFF[MENTEE].id))
        assert profile.looking_since is None
        failed = await session.scalars(select(Delivery).where(Delivery.status == "failed"))
        assert failed.all() == []


async def test_hr_previews_sets_and_starts_rounds(stage: Stage) -> None:
    refused = await stage.sandbox.command(MENTEE, "/mentor", "admin")
    assert refused.message
    assert "/pulse admins" in text_of(refused.message)
    await joined(stage, MENTEE, **{forms.WANTS: ["Kubernetes", "Python"]})
    await joined(stage, "amara", **{forms.OWN_WANTS: "Basket weaving"})
    await joined(stage, "kofi", **{forms.OFFERS: ["Kubernetes"], forms.YEARS: "12"})
    await stage.at(AFTERNOON)
    opened = await stage.sandbox.command("maya", "/mentor", "admin")
    assert opened.view, opened.shown
    shown = text_of(opened.view)
    assert "*Basket weaving*" in shown

    await stage.sandbox.press("maya", admin_blocks.PREVIEW, view_id=opened.view["id"])
    await stage.settled()
    previewed = stage.sandbox.views("maya")["modals"][-1]
    assert f"<@{STAFF[MENTEE].id}> with <@{STAFF['kofi'].id}>" in text_of(previewed)
    assert admin_blocks.WHY_LEFT_OUT[Why.NOBODY_OFFERS] in text_of(previewed)
    assert await open_match(stage) is None
    await stage.sandbox.close("maya", previewed["id"])

    chosen = {admin_blocks.LENGTH: "8", admin_blocks.EVERY: "4", "mentoring:weight:topics": "80"}
    saved = await stage.sandbox.submit("maya", opened.view["id"], chosen)
    assert saved.ok, saved.errors
    assert saved.view
    zeros = {f"mentoring:weight:{part.value}": "0" for part in ScorePart}
    wrong = await stage.sandbox.submit("maya", opened.view["id"], zeros)
    assert list(wrong.errors) == ["mentoring:weight:topics"]
    await stage.sandbox.press("maya", admin_blocks.START, view_id=opened.view["id"])
    await stage.at(stage.now)
    assert (await current(stage)).mentor_id == STAFF["kofi"].id
    # News waits a day for company.
    await stage.at(stage.now + timedelta(days=1))
    told = text_of(stage.last("amara"))
    waiting = waiting_message(Why.NOBODY_OFFERS, [("Basket weaving", 1)])
    assert told == text_of({"text": waiting.text, "blocks": waiting.blocks})


async def test_colleagues_who_agreed_are_found_and_asked(stage: Stage) -> None:
    await joined(stage, "kofi", **{forms.OFFERS: ["Kubernetes"], forms.CHOICES: [forms.FINDABLE]})
    await joined(stage, "arjun", **{forms.OFFERS: ["Kubernetes"]})
    found = await stage.sandbox.command(MENTEE, "/mentor", "find k8s")
    assert found.message
    assert f"<@{STAFF['kofi'].id}>" in text_of(found.message)
    assert f"<@{STAFF['arjun'].id}>" not in text_of(found.message)
    form = await stage.sandbox.press(
        MENTEE, finder_blocks.ASK, channel="dm", message_ts=found.message["ts"]
    )
    assert form.view, form.shown
    sent = await stage.sandbox.submit(
        MENTEE, form.view["id"], {finder_blocks.ASK_FIELD: "Why <!here> & how?"}
    )
    assert sent.view, sent.shown
    await stage.at(AFTERNOON)
    asked = text_of(stage.last("kofi"))
    assert f"<@{STAFF[MENTEE].id}>" in asked
    assert "*Kubernetes*" in asked
    assert "Why &lt;!here&gt; &amp; how?" in asked
    await stage.sandbox.close(MENTEE, sent.view["id"])
    again = await stage.sandbox.press(
        MENTEE, finder_blocks.ASK, channel="dm", message_ts=found.message["ts"]
    )
    assert again.view is None
    await stage.settled()
    assert ASKED_TODAY in text_of(stage.last(MENTEE))
    nobody = await stage.sandbox.command(MENTEE, "/mentor", "find kubernetes operators")
    assert nobody.message
    assert "*Kubernetes*" in text_of(nobody.message)
    assert finder_blocks.ASK not in str(nobody.message)


async def test_a_guest_finds_nobody_and_asks_nobody(stage: Stage) -> None:
    await joined(stage, "kofi", **{forms.OFFERS: ["Kubernetes"], forms.CHOICES: [forms.FINDABLE]})
    found = await stage.sandbox.command(MENTEE, "/mentor", "find kubernetes")
    assert found.message
    form = await stage.sandbox.press(
        MENTEE, finder_blocks.ASK, channel="dm", message_ts=found.message["ts"]
    )
    assert form.view
    assert (await stage.sandbox.change_user(MENTEE, is_restricted=True)).ok

    sent = await stage.sandbox.submit(MENTEE, form.view["id"], {finder_blocks.ASK_FIELD: "How?"})
    assert NOT_AN_EMPLOYEE in sent.errors.values()
    refused = await stage.sandbox.command(MENTEE, "/mentor", "find kubernetes")
    assert refused.message
    assert text_of(refused.message) == NOT_AN_EMPLOYEE
    await stage.sandbox.close(MENTEE, form.view["id"])
    again = await stage.sandbox.press(
        MENTEE, finder_blocks.ASK, channel="dm", message_ts=found.message["ts"]
    )
    assert again.view is None


async def asked_by_a_round(stage: Stage) -> MentoringMatch:
    """Let one mentor be asked for one mentee."""
    await joined(stage, MENTEE, **{forms.WANTS: ["Kubernetes"]})
    await joined(stage, "kofi", **{forms.OFFERS: ["Kubernetes"]})
    await stage.at(AFTERNOON)
    async with stage.runtime.sessions.begin() as session:
        assert await plan_round(session, Actor(TEAM_ID, MAYA), stage.now)
    await stage.at(stage.now)
    return await current(stage)


async def test_not_now_on_the_first_message_takes_no_yes_back_unasked(stage: Stage) -> None:
    match = await asked_by_a_round(stage)
    assert match.answer_by
    first = stage.last("kofi")
    await stage.at(match.answer_by - timedelta(hours=7))
    await stage.press("kofi", blocks.ACCEPT)
    pressed = await stage.sandbox.press(
        "kofi", blocks.NOT_NOW, channel="dm", message_ts=first["ts"]
    )
    await stage.settled()
    assert pressed.ok
    assert blocks.WHY_FORM not in str(stage.sandbox.views("kofi")["modals"])
    await stage.at(match.answer_by - timedelta(hours=6))
    assert is_to_confirm(stage)
    await stage.at(match.answer_by)
    assert pair_blocks.NEWS["taken back"] not in told_to_mentee(stage)
    stands = stage.sandbox.messages("dm", "kofi")[0]
    assert [button["action_id"] for button in buttons_of(stands)] == [blocks.TAKE_BACK]

    await stage.sandbox.press("kofi", blocks.TAKE_BACK, channel="dm", message_ts=first["ts"])
    await stage.settled()
    await stage.at(AFTERNOON + timedelta(days=6))
    assert buttons_of(stage.sandbox.messages("dm", "kofi")[0]) == []
    assert pair_blocks.NEWS["taken back"] in told_to_mentee(stage)


async def test_whose_only_mentor_declines_hears_that_the_search_goes_on(stage: Stage) -> None:
    match = await asked_by_a_round(stage)
    await stage.press("kofi", blocks.NOT_NOW)
    for days in (0, 1, 7, 30, 60):
        await stage.at(AFTERNOON + timedelta(days=days))
    (told,) = stage.sandbox.messages("dm", MENTEE)
    assert [button["action_id"] for button in buttons_of(told)] == [forms.PROFILE]
    assert match.mentor_id not in str(told)


async def test_one_line_leaves_and_one_form_comes_back(stage: Stage) -> None:
    await joined(stage, MENTEE, **{forms.WANTS: ["Kubernetes"]})
    for said in (forms.LEFT, forms.NOT_IN):
        left = await stage.sandbox.command(MENTEE, "/mentor", "Leave")
        assert left.message
        assert text_of(left.message) == said
    await joined(stage, MENTEE, **{forms.WANTS: ["Kubernetes"]})
    helped = await stage.sandbox.command(MENTEE, "/mentor", "help")
    assert helped.message
    assert "/mentor leave" in text_of(helped.message)


async def test_a_pause_in_the_past_is_refused_at_its_field(stage: Stage) -> None:
    opened = await stage.sandbox.command(MENTEE, "/mentor", "")
    assert opened.view
    answers = {forms.WANTS: ["Kubernetes"], forms.PAUSED_UNTIL: "2020-01-01"}
    refused = await stage.sandbox.submit(MENTEE, opened.view["id"], answers)
    assert list(refused.errors) == [forms.PAUSED_UNTIL]


@pytest.mark.parametrize("typed", ["<@U0DEMO0005>", "<@U0DEMO0005|kofi>", "@kofi"])
async def test_whoever_looks_for_a_person_is_told_to_name_a_topic(stage: Stage, typed: str) -> None:
    found = await stage.sandbox.command(MENTEE, "/mentor", f"find {typed}")
    assert found.message
    assert text_of(found.message) == finder_blocks.NO_PERSON
