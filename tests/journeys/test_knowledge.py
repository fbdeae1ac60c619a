"""Colleagues ask, answer and keep answers for others, in Slack."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.knowledge import blocks, forms
from bot.knowledge.service import LASTS, TOO_LATE
from bot.knowledge.unnamed import BUTTON_REFUSED
from bot.mentoring.profiles import forms as profile_forms
from models import KnowledgeCard, KnowledgeQuestion, KnowledgeRequest
from sandbox.demo.company import people
from sandbox.outcome import Outcome
from tests.journeys.stage import Stage, buttons_of, text_of

STAFF = {person.name.split()[0].lower(): person for person in people()}
AFTERNOON = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
"""Everybody in the company is at work."""
QUESTION = "How do I roll back a failed Kubernetes deployment?"
ANSWER = "Run kubectl rollout undo on the deployment, then ask Maya Lindqvist to check."


Json = Mapping[str, Any]
NOTHING: Json = {}


@pytest.fixture(autouse=True)
def no_failures(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Jobs pass over a unit that raises; here nothing may."""
    yield
    said = caplog.get_records("call")
    assert [each.getMessage() for each in said if each.levelname == "ERROR"] == []


async def offers(stage: Stage, *names: str, more: Json = NOTHING) -> None:
    """Let people agree to be found for a topic."""
    for name in names:
        form = await stage.sandbox.command(name, "/mentor", "")
        assert form.view
        answers = {
            profile_forms.OFFERS: ["Kubernetes"],
            profile_forms.CHOICES: [profile_forms.FINDABLE],
            **more,
        }
        assert (await stage.sandbox.submit(name, form.view["id"], answers)).ok


async def ask(stage: Stage, name: str, text: str = QUESTION, more: Json = NOTHING) -> Outcome:
    """Fill in the form and look at what is found; return the form to be sent."""
    form = await stage.sandbox.command(name, "/ask", text)
    assert form.view, form.shown
    return await stage.sandbox.submit(name, form.view["id"], dict(more))


async def send(stage: Stage, name: str, text: str = QUESTION, more: Json = NOTHING) -> Outcome:
    """Ask colleagues; return what is said then."""
    found = await ask(stage, name, text, more)
    assert found.view, found.errors
    sent = await stage.sandbox.submit(name, found.view["id"], dict(more))
    assert sent.view, (sent.shown, sent.errors)
    await stage.settled()
    return sent


async def answer(stage: Stage, name: str, text: str = ANSWER, *, keep: bool) -> Outcome:
    """Answer the newest message's question."""
    form = await stage.press(name, blocks.ANSWER)
    assert form.view, form.shown
    fields = {blocks.ANSWER_TEXT: text, blocks.MAY_KEEP: [forms.YES] if keep else []}
    sent = await stage.sandbox.submit(name, form.view["id"], fields)
    if keep:
        assert sent.view, sent.errors
        sent = await stage.sandbox.submit(name, sent.view["id"], fields)
    await stage.settled()
    return sent


async def rows(stage: Stage, table: Any) -> list[Any]:
    async with stage.runtime.sessions.begin() as session:
        return list(await session.scalars(select(table)))


async def kept_card(stage: Stage) -> KnowledgeCard:
    """Let noor ask and kofi answer, and both agree to keep the answer."""
    await offers(stage, "kofi")
    await send(stage, "noor")
    await stage.at(AFTERNOON)
    await answer(stage, "kofi", keep=True)
    await stage.at(stage.now)
    read = await stage.press("noor", forms.READ)
    assert read.view
    offered = await stage.sandbox.press("noor", forms.HELPED, view_id=read.view["id"])
    assert offered.view, offered.shown
    kept = await stage.sandbox.submit("noor", offered.view["id"])
    assert kept.view, kept.errors
    assert forms.KEPT in text_of(kept.view)
    (card,) = await rows(stage, KnowledgeCard)
    assert isinstance(card, KnowledgeCard)
    return card


async def test_the_first_answer_wins_and_is_found_by_the_next(stage: Stage) -> None:
    await offers(stage, "kofi", "arjun")
    sent = await send(stage, "noor")
    assert sent.view
    assert "2 colleagues" in text_of(sent.view)
    await stage.at(AFTERNOON)
    for name in ("kofi", "arjun"):
        asked = text_of(stage.last(name))
        assert f"<@{STAFF['noor'].id}> has a question" in asked
        assert QUESTION in asked
    late = await stage.press("arjun", blocks.ANSWER)
    assert late.view
    done = await answer(stage, "kofi", keep=True)
    assert done.view
    assert blocks.THANKS in text_of(done.view)
    assert text_of(stage.last("arjun")) == f"{blocks.FASTER}\n{blocks.FASTER}"
    too_late = await stage.sandbox.submit("arjun", late.view["id"], {blocks.ANSWER_TEXT: "Me!"})
    assert TOO_LATE in str(too_late.errors)

    await stage.at(stage.now)
    assert ANSWER not in str(stage.last("noor"))
    read = await stage.press("noor", forms.READ)
    assert read.view
    assert ANSWER in text_of(read.view)
    offered = await stage.sandbox.press("noor", forms.HELPED, view_id=read.view["id"])
    assert offered.view
    assert "Maya" not in text_of(offered.view)
    assert (await stage.sandbox.submit("noor", offered.view["id"])).ok
    await stage.at(AFTERNOON + timedelta(days=6))
    assert "says that your answer about *Kubernetes* helped" in text_of(stage.last("kofi"))

    before = len(await rows(stage, KnowledgeRequest))
    found = await ask(stage, "amara", "deployment failed, roll it back on k8s?")
    assert found.view
    shown = text_of(found.view)
    assert "kubectl rollout undo" in shown
    assert "Maya" not in shown
    glad = await stage.sandbox.press("amara", forms.THIS_HELPS, view_id=found.view["id"])
    assert glad.view
    assert forms.GLAD in text_of(glad.view)
    assert len(await rows(stage, KnowledgeRequest)) == before
    assert sorted(each.status for each in await rows(stage, KnowledgeQuestion)) == ["found", "kept"]


async def test_passed_on_to_the_next_and_closed_after_a_week(stage: Stage) -> None:
    await offers(stage, "kofi", "arjun", "lena", "amara")
    await send(stage, "noor")
    await stage.at(AFTERNOON)
    asked = {each.helper_id for each in await rows(stage, KnowledgeRequest)}
    assert len(asked) == 3
    (first, *_) = [name for name in ("kofi", "arjun", "lena") if STAFF[name].id in asked]
    await stage.press(first, blocks.NOT_ME)
    assert blocks.PASSED_ON in text_of(stage.last(first))
    await stage.at(stage.now)
    requests = await rows(stage, KnowledgeRequest)
    assert len(requests) == 4
    assert sorted(each.status for each in requests) == ["asked", "asked", "asked", "declined"]

    await stage.at(AFTERNOON + LASTS)
    (question,) = await rows(stage, KnowledgeQuestion)
    assert question.status == "closed"
    assert "Nobody could answer" in text_of(stage.last("noor"))
    message = stage.last("lena")
    assert text_of(message).startswith(f"<@{STAFF['noor'].id}> has a question")
    await stage.press("lena", blocks.ANSWER)
    assert text_of(stage.last("lena")) == TOO_LATE


async def test_without_a_name_only_the_button_leads_to_the_answer(stage: Stage) -> None:
    await offers(stage, "kofi")
    hide = {forms.UNNAMED: [forms.YES]}
    sent = await send(stage, "noor", more=hide)
    assert sent.view
    assert forms.ASKED_UNNAMED in text_of(sent.view)
    (button,) = buttons_of(stage.last("noor"))
    noor = STAFF["noor"].id
    (question,) = await rows(stage, KnowledgeQuestion)
    assert question.asker_id is None
    assert question.asked_at == datetime(2026, 11, 3, 23, 0, tzinfo=UTC)
    assert button["value"].split(".")[0] not in question.id
    await stage.at(AFTERNOON)
    assert await rows(stage, KnowledgeRequest)
    waiting = await stage.press("noor", forms.READ)
    assert waiting.view
    assert forms.NOT_YET in text_of(waiting.view)
    await stage.sandbox.close("noor", waiting.view["id"])

    await stage.at(AFTERNOON + timedelta(days=1))
    asked = text_of(stage.last("kofi"))
    assert "A colleague has a question" in asked
    assert noor not in asked
    await answer(stage, "kofi", keep=False)
    await stage.at(stage.now)
    read = await stage.press("noor", forms.READ)
    assert read.view
    assert ANSWER in text_of(read.view)
    done = await stage.sandbox.press("noor", forms.HELPED, view_id=read.view["id"])
    assert done.view
    (question,) = await rows(stage, KnowledgeQuestion)
    assert question.status == "helped"
    stolen = await stage.sandbox.press(
        "kofi",
        forms.READ,
        channel="dm",
        message_ts=stage.last("kofi")["ts"],
        force=True,
        action={"value": button["value"]},
    )
    await stage.settled()
    assert ANSWER not in text_of(stolen.view or {})
    assert text_of(stage.last("kofi")) == BUTTON_REFUSED


async def test_nobody_is_asked_where_nobody_can_be(stage: Stage) -> None:
    await offers(stage, "kofi", more={profile_forms.NEVER_WITH: [STAFF["noor"].id]})
    await offers(stage, "noor")
    sent = await send(stage, "noor")
    assert sent.view
    assert "Nobody can be asked about *Kubernetes* just now" in text_of(sent.view)
    (question,) = await rows(stage, KnowledgeQuestion)
    assert (question.status, question.text) == ("nobody", "")
    assert await rows(stage, KnowledgeRequest) == []


async def test_an_author_is_asked_after_ninety_days_and_retires(stage: Stage) -> None:
    card = await kept_card(stage)
    assert card.review_at
    await stage.at(card.review_at + timedelta(days=4))
    asked = stage.last("kofi")
    assert "Is it still true?" in text_of(asked)
    await stage.press("kofi", blocks.STILL_TRUE)
    assert blocks.CONFIRMED in text_of(stage.last("kofi"))
    (card,) = await rows(stage, KnowledgeCard)
    assert card.review_at == stage.now + timedelta(days=90)
    found = await ask(stage, "kofi", QUESTION)
    assert found.view
    form = await stage.sandbox.press("kofi", forms.EDIT, view_id=found.view["id"])
    assert form.view, form.shown
    named = {blocks.ANSWER_TEXT: "Use helm rollback instead, or write to kofi@acme.example."}
    preview = await stage.sandbox.submit("kofi", form.view["id"], named)
    assert preview.view
    assert "or write to [email]" in text_of(preview.view)
    (card,) = await rows(stage, KnowledgeCard)
    assert " kubectl " in card.words, "nothing is saved before its author has seen it"
    assert (await stage.sandbox.submit("kofi", preview.view["id"], named)).ok
    (card,) = await rows(stage, KnowledgeCard)
    assert " helm " in card.words
    assert card.answer.endswith("or write to [email].")
    assert " kubectl " not in card.words
    found = await ask(stage, "kofi", QUESTION)
    assert found.view
    form = await stage.sandbox.press("kofi", forms.EDIT, view_id=found.view["id"])
    assert form.view
    assert (await stage.sandbox.press("kofi", blocks.RETIRE, view_id=form.view["id"])).ok
    assert await rows(stage, KnowledgeCard) == []


async def test_home_opens_in_a_window_and_lists_what_one_can_type(stage: Stage) -> None:
    for name, for_hr in (("maya", True), ("amara", False)):
        opened = await stage.sandbox.command(name, "/attune", "")
        assert opened.view, opened.shown
        shown = text_of(opened.view)
        assert "`/ask`" in shown
        assert ("`/pulse new`" in shown) is for_hr
        form = await stage.sandbox.press(name, forms.OPEN, view_id=opened.view["id"])
        assert form.view
        assert form.view["title"]["text"] == forms.TITLE
        assert form.view["previous_view_id"] == opened.view["id"]
