"""Somebody asked never to be paired with a colleague: nothing that either sees tells so."""

import json
from typing import Any

from bot.mentoring.finder import blocks as finder_blocks
from bot.mentoring.profiles import forms
from tests.journeys.stage import Stage, text_of
from tests.journeys.test_mentoring import AFTERNOON, STAFF, joined

NAMED, COLLEAGUE, EXPERT = "noor", "arjun", "kofi"
OFFERS = {forms.OFFERS: ["Kubernetes"], forms.CHOICES: [forms.FINDABLE]}


async def ask(stage: Stage, person: str) -> tuple[str, str]:
    """Find the expert and ask them; return the list, and what the form says at the end."""
    found = await stage.sandbox.command(person, "/mentor", "find kubernetes")
    assert found.message
    form = await stage.sandbox.press(
        person, finder_blocks.ASK, channel="dm", message_ts=found.message["ts"]
    )
    assert form.view, form.shown
    sent = await stage.sandbox.submit(
        person, form.view["id"], {finder_blocks.ASK_FIELD: f"How, asks {person}?"}
    )
    assert sent.view, (sent.shown, sent.errors)
    return text_of(found.message), text_of(sent.view)


async def own_rows(stage: Stage, person: str) -> list[dict[str, Any]]:
    """Return the messages that somebody's data tells of, but for who is in them and when."""
    await stage.pulse(person, "my-data")
    await stage.settled()
    file = stage.sandbox.world.files[stage.last(person)["files"][0]["id"]]
    assert file.content is not None
    rows = json.loads(file.content)["messages"]
    for row in rows:
        row.update(id="", key="", asked_by="", detail={**row["detail"], "asker": "", "text": ""})
    return list(rows)


async def test_the_named_one_cannot_tell_it_from_how_a_colleague_fares(stage: Stage) -> None:
    await joined(stage, EXPERT, **OFFERS, **{forms.NEVER_WITH: [STAFF[NAMED].id]})
    stage.hands["now"] = AFTERNOON

    assert await ask(stage, NAMED) == await ask(stage, COLLEAGUE)
    await stage.at(AFTERNOON)

    (asked,) = stage.sandbox.messages("dm", EXPERT)
    assert "How, asks arjun?" in text_of(asked)
    rows = await own_rows(stage, NAMED)
    assert [row["status"] for row in rows] == ["settled"]
    assert rows == await own_rows(stage, COLLEAGUE)


async def test_a_list_does_not_tell_whom_its_reader_named(stage: Stage) -> None:
    await joined(stage, EXPERT, **OFFERS)
    await joined(
        stage, NAMED, **{forms.WANTS: ["Kubernetes"], forms.NEVER_WITH: [STAFF[EXPERT].id]}
    )
    stage.hands["now"] = AFTERNOON
    listed = [
        (await stage.sandbox.command(person, "/mentor", "find kubernetes")).message
        for person in (NAMED, COLLEAGUE)
    ]
    assert listed[0]
    assert listed[1]
    assert text_of(listed[0]) == text_of(listed[1])
    assert f"<@{STAFF[EXPERT].id}>" in text_of(listed[0])
