"""HR composes and runs surveys, through the real bot and the sandbox."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.people.roles import REFUSALS, Role
from bot.surveys import blocks, drafts, form_fields, forms, handlers
from bot.surveys.audience import Audience, AudienceKind
from bot.surveys.audience_history import TooAlike
from bot.surveys.audience_words import audience_words
from bot.surveys.form_validation import NO_REF, read_survey
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.scales import AGREE_LABELS
from bot.surveys.slack_audience import (
    NO_CHANNELS,
    NO_SUCH_GROUP,
    NOT_IN_CHANNEL,
    SLACK_IS_BUSY,
)
from models import AuditEntry, Survey
from sandbox.demo.company import HR_CHANNEL, people
from sandbox.outcome import Outcome
from sandbox.state import UserGroup
from tests.conftest import NOW
from tests.journeys.stage import Stage, buttons_of, open_stage, text_of

MAYA, TOMAS = (person.id for person in people()[:2])
KEYS = [question.key for question in load_bank().questions[:2]]
FILLED = {form_fields.NAME: "Weekly pulse", form_fields.BANK: KEYS}


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    async with open_stage(database_url) as stage:
        yield stage


def view_of(stage: Stage) -> dict[str, Any]:
    view: dict[str, Any] = stage.sandbox.views(MAYA)["view"]
    return view


async def opened(stage: Stage) -> dict[str, Any]:
    outcome = await stage.compose(MAYA)
    assert outcome.ok, outcome
    return view_of(stage)


async def choose(stage: Stage, action_id: str, value: str | None = None) -> None:
    outcome = await stage.sandbox.press(
        MAYA, action_id, view_id=view_of(stage)["id"], selected=value
    )
    assert outcome.ok, outcome


async def submit(stage: Stage, values: dict[str, Any] | None = None) -> Outcome:
    return await stage.sandbox.submit(MAYA, view_of(stage)["id"], values or {})


async def created(stage: Stage, name: str = "Weekly pulse") -> None:
    await opened(stage)
    assert (await submit(stage, {**FILLED, form_fields.NAME: name})).ok
    assert (await submit(stage)).ok
    await stage.sandbox.close(MAYA, view_of(stage)["id"])


async def statuses(stage: Stage) -> list[str]:
    async with stage.runtime.sessions.begin() as session:
        return list(await session.scalars(select(Survey.status).order_by(Survey.name)))


async def audited(stage: Stage, action: str) -> int:
    async with stage.runtime.sessions.begin() as session:
        entries = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == action)
        return await session.scalar(entries) or 0


async def said(stage: Stage, text: str, user: str = MAYA) -> str:
    outcome = await stage.pulse(user, text)
    assert outcome.ok, outcome
    return text_of(outcome.message or {})


async def test_a_survey_is_composed_previewed_and_created(stage: Stage) -> None:
    await opened(stage)
    preview = await submit(stage, FILLED)
    assert preview.ok, preview
    shown = text_of(preview.view or {})
    assert "46" in shown
    assert load_bank().questions[0].wording in shown
    assert await statuses(stage) == ["draft"]
    created = await submit(stage)
    assert created.ok, created
    assert "*Weekly pulse*" in text_of(created.view or {})
    assert await statuses(stage) == ["active"]
    await stage.sandbox.close(MAYA, view_of(stage)["id"])
    assert view_of(stage) is None, "the form beneath is closed too"


async def test_the_form_keeps_what_was_typed_while_it_changes(stage: Stage) -> None:
    await opened(stage)
    name = await stage.sandbox.press(
        MAYA, form_fields.NAME, view_id=view_of(stage)["id"], value="Pulse & <!channel>"
    )
    assert name.note, "typing a name sends nothing"
    await choose(stage, forms.ADD_OWN)
    await stage.sandbox.press(
        MAYA,
        form_fields.own(form_fields.OWN_TEXT, 0),
        view_id=view_of(stage)["id"],
        value="Where do you work best?",
    )
    await choose(stage, form_fields.own(form_fields.OWN_SCALE, 0), "choice")
    await choose(stage, form_fields.WHEN, "monthly")
    await choose(stage, form_fields.AUDIENCE, "team")
    preview = await submit(
        stage,
        {
            form_fields.own(form_fields.OWN_OPTIONS, 0): "Home\nOffice",
            form_fields.TEAM: "Engineering",
        },
    )
    assert preview.ok, preview
    shown = text_of(preview.view or {})
    assert "*Pulse &amp; &lt;!channel&gt;*" in shown
    assert "*Where do you work best?*\nHome\nOffice" in shown
    assert audience_words(Audience(AudienceKind.TEAM, "Engineering")) in shown
    assert " 12 " in shown
    assert f"{blocks.ORDINAL_WORDS['1st']} Tuesday" in shown


async def test_errors_appear_at_the_field_that_is_wrong(stage: Stage) -> None:
    await opened(stage)
    nothing = await submit(stage, {form_fields.NAME: "Pulse"})
    assert list(nothing.errors) == [form_fields.BANK]
    await choose(stage, form_fields.AUDIENCE, "team")
    small = await submit(stage, {**FILLED, form_fields.TEAM: "Legal"})
    assert " 3 " in small.errors[form_fields.TEAM]
    await choose(stage, form_fields.WHEN, "once")
    past = await submit(stage, {form_fields.TEAM: "Support", form_fields.DATE: "2026-11-02"})
    assert list(past.errors) == [form_fields.DATE]
    late = await submit(stage, {form_fields.DATE: "2026-11-03", form_fields.TIME: "08:00"})
    assert late.errors == {form_fields.TIME: drafts.PASSED}
    assert await statuses(stage) == []


async def test_a_channels_members_are_asked_of_slack(stage: Stage) -> None:
    await opened(stage)
    await choose(stage, form_fields.AUDIENCE, "channel")
    small = await submit(stage, {**FILLED, form_fields.CHANNEL: HR_CHANNEL})
    assert " 4 " in small.errors[form_fields.CHANNEL]
    named = await submit(stage, {form_fields.ANONYMITY: "named"})
    assert named.ok, named
    shown = text_of(named.view or {})
    assert audience_words(Audience(AudienceKind.CHANNEL, HR_CHANNEL)) in shown
    assert " 4 " in shown


@pytest.mark.parametrize(
    ("lost", "sentence"),
    [("member", NOT_IN_CHANNEL), ("scope", NO_CHANNELS)],
)
async def test_a_channel_that_attune_cannot_read(stage: Stage, lost: str, sentence: str) -> None:
    channel = stage.sandbox.world.channels[HR_CHANNEL]
    channel.kind = "private_channel"
    await opened(stage)
    await choose(stage, form_fields.AUDIENCE, "channel")
    if lost == "member":
        stage.sandbox.world.leave_channel(channel, stage.sandbox.app.bot_user_id)
    else:
        stage.sandbox.app.scopes.clear()
    refused = await submit(stage, {**FILLED, form_fields.CHANNEL: HR_CHANNEL})
    assert refused.errors == {form_fields.CHANNEL: sentence}


async def test_a_slack_that_is_too_slow_is_not_waited_for(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers, "AUDIENCE_SECONDS", 0.05)
    stage.sandbox.engine.faults.add(kind="delay", method="conversations.members", seconds=0.5)
    await opened(stage)
    await choose(stage, form_fields.AUDIENCE, "channel")
    refused = await submit(stage, {**FILLED, form_fields.CHANNEL: HR_CHANNEL})
    assert refused.errors == {form_fields.CHANNEL: handlers.TOO_SLOW}


async def test_the_form_reads_members_once_and_opens_while_slack_is_away(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers, "REACH_SECONDS", 10)
    engine, method = stage.sandbox.engine, "conversations.members"
    await opened(stage)
    await choose(stage, form_fields.AUDIENCE, "channel")
    engine.faults.add(kind="drop", method=method)
    await choose(stage, form_fields.CHANNEL, HR_CHANNEL)
    assert "This asks" not in text_of(view_of(stage))
    engine.faults.clear()
    await choose(stage, form_fields.CHANNEL, HR_CHANNEL)
    (counted,) = re.findall(r"This asks \d+ people|needs at least", text_of(view_of(stage)))
    read = engine.log.find(method=method)
    await choose(stage, form_fields.WHEN, "now")
    assert counted in text_of(view_of(stage))
    assert engine.log.find(method=method) == read


async def test_a_user_group_is_chosen_from_those_that_slack_knows(stage: Stage) -> None:
    world = stage.sandbox.world
    members = [person.id for person in people()[4:16]]
    world.usergroups["S1"] = UserGroup("S1", "Managers & leads", "managers", users=members)
    await opened(stage)
    await choose(stage, form_fields.AUDIENCE, "usergroup")
    preview = await submit(stage, {**FILLED, form_fields.USERGROUP: "S1"})
    assert preview.ok, preview
    assert "<!subteam^S1>" in text_of(preview.view or {})
    assert " 12 " in text_of(preview.view or {})
    await stage.sandbox.close(MAYA, view_of(stage)["id"])
    stage.sandbox.engine.faults.add(kind="429", method="usergroups.users.list", times=1)
    busy = await submit(stage)
    assert busy.errors == {form_fields.USERGROUP: SLACK_IS_BUSY}
    del world.usergroups["S1"]
    gone = await submit(stage)
    assert gone.errors == {form_fields.USERGROUP: NO_SUCH_GROUP}


async def test_a_survey_of_almost_the_same_people_is_refused_with_the_way_out(
    stage: Stage,
) -> None:
    await opened(stage)
    await choose(stage, form_fields.WHEN, "now")
    assert (await submit(stage, FILLED)).ok
    assert (await submit(stage)).ok
    await stage.sandbox.close(MAYA, view_of(stage)["id"])
    await stage.at(stage.now)
    assert " 46 " in text_of(stage.last(TOMAS))

    members = [person.id for person in people()[1:]]
    group = UserGroup("S1", "Everybody else", "others", users=members)
    stage.sandbox.world.usergroups["S1"] = group
    await opened(stage)
    await choose(stage, form_fields.AUDIENCE, "usergroup")
    second = {**FILLED, form_fields.NAME: "Second", form_fields.USERGROUP: "S1"}
    refused = await submit(stage, second)
    alike = TooAlike("Weekly pulse", datetime(2027, 2, 1, tzinfo=UTC), of_everyone=True)
    assert refused.errors == {form_fields.USERGROUP: alike.sentence}
    group.users = members[:20]
    assert (await submit(stage, second)).ok


async def test_without_the_scope_for_user_groups_the_form_says_so(stage: Stage) -> None:
    await opened(stage)
    stage.sandbox.app.scopes.discard("usergroups:read")
    await choose(stage, form_fields.AUDIENCE, "usergroup")
    assert form_fields.USERGROUP not in str(view_of(stage))


async def test_a_workspace_without_user_groups(stage: Stage) -> None:
    stage.sandbox.world.usergroups.clear()
    await opened(stage)
    await choose(stage, form_fields.AUDIENCE, "usergroup")
    assert form_fields.USERGROUP not in str(view_of(stage))
    refused = await submit(stage, FILLED)
    assert refused.errors == {form_fields.AUDIENCE: NO_REF["usergroup"]}


async def test_a_press_on_the_preview_is_answered_kindly(stage: Stage) -> None:
    await opened(stage)
    await submit(stage, FILLED)
    drawn = buttons_of(view_of(stage))
    assert set(AGREE_LABELS.values()) < {each["text"]["text"] for each in drawn}
    for pressed in (drawn[0], drawn[-1]):
        await choose(stage, pressed["action_id"])
        await stage.settled()
        assert handlers.ONLY_A_PREVIEW in text_of(view_of(stage))
        await stage.sandbox.close(MAYA, view_of(stage)["id"])
    assert (await submit(stage)).ok
    assert await statuses(stage) == ["active"]


async def test_going_back_and_previewing_again_makes_one_survey(stage: Stage) -> None:
    await opened(stage)
    await submit(stage, FILLED)
    await stage.sandbox.close(MAYA, view_of(stage)["id"])
    assert (await submit(stage, {form_fields.NAME: "Better name"})).ok
    assert (await submit(stage)).ok
    assert await statuses(stage) == ["active"]
    assert "*Better name*" in await said(stage, "list")


async def test_the_list_pauses_resumes_and_ends(stage: Stage) -> None:
    await created(stage)
    assert "*Weekly pulse*" in await said(stage, "list")
    for action_id, expected in (
        (blocks.PAUSE, "paused"),
        (blocks.RESUME, "active"),
        (blocks.END, "ended"),
    ):
        outcome = await stage.press(MAYA, action_id)
        assert outcome.ok, outcome
        assert await statuses(stage) == [expected]
        assert "*Weekly pulse*" in text_of(stage.last(MAYA))
    offered = [each["action_id"] for each in buttons_of(stage.last(MAYA))]
    assert offered == [blocks.RESULTS, blocks.DUPLICATE]
    for action in ("surveys.created", "surveys.paused", "surveys.resumed", "surveys.ended"):
        assert await audited(stage, action) == 1


async def test_surveys_are_changed_by_name(stage: Stage) -> None:
    await created(stage)
    answers = []
    for text, expected in (
        ("pause WEEKLY", "paused"),
        ("pause weekly", "paused"),
        ("resume weekly pulse", "active"),
        ("resume “weekly  pulse”", "active"),
        ("end week", "active"),
        ("end weekly pulse", "ended"),
        ("end weekly pulse", "ended"),
        ("pause weekly", "ended"),
        ("pause", "ended"),
    ):
        answers.append(await said(stage, text))
        assert await statuses(stage) == [expected]
    assert len(set(answers)) == len(answers), "what was so already is said to be so"
    assert "“&lt;!here&gt;”" in await said(stage, "end <!here>")


@pytest.mark.parametrize("name", ["a\x00b", "a\ud83db", " a\x00b\udc00 "])
async def test_what_no_database_can_store_is_left_out_of_a_form(stage: Stage, name: str) -> None:
    form = await opened(stage)
    values = {
        field: {field: {"type": "plain_text_input", "value": text}}
        for field, text in (
            (form_fields.NAME, name),
            (form_fields.own(form_fields.OWN_TEXT, 0), "What\x00 else?"),
            (form_fields.own(form_fields.OWN_OPTIONS, 0), "One\x00\nTwo\ud83d"),
        )
    }
    kept = form["private_metadata"].replace('"own": 0', '"own": 1')
    read = forms.form_in({"private_metadata": kept, "state": {"values": values}})
    assert (read.name, read.own[0].text) == ("ab", "What else?")
    own = replace(read.own[0], scale="choice")
    new = read_survey(replace(read, own=(own,)), NOW.date())
    assert new.questions[-1].options == ("One", "Two")
    sent = await submit(stage, {**FILLED, form_fields.NAME: name.replace("\ud83d", "\x00")})
    assert sent.ok, sent


async def test_a_name_with_special_characters_is_found(stage: Stage) -> None:
    await created(stage, "R&D <core> pulse")
    assert "*R&amp;D &lt;core&gt; pulse*" in await said(stage, "pause r&d <core>")
    assert await statuses(stage) == ["paused"]


@pytest.mark.parametrize("text", ["new", "list", "pause Weekly", "resume Weekly", "end Weekly"])
async def test_others_are_refused_and_it_is_written_down(stage: Stage, text: str) -> None:
    assert await said(stage, text, TOMAS) == REFUSALS[Role.ADMIN]
    assert await audited(stage, "refused") == 1
