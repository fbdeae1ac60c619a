"""A small Bolt app that uses all that the page has to show."""

import asyncio
import re
from typing import Any

from slack_bolt.async_app import AsyncApp

from tests.sandbox.samples import BLOCKS, PIE, plain

Json = dict[str, Any]


def button(text: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


CONFIRM = {
    "title": plain("Close the survey?"),
    "text": {"type": "mrkdwn", "text": "It closes for *everybody*."},
    "confirm": plain("Close it"),
    "deny": plain("Keep it open"),
    "style": "danger",
}

QUESTION: list[Json] = [
    {
        "type": "section",
        "block_id": "question",
        "text": {"type": "mrkdwn", "text": "*How was your week?* :wave:"},
        "accessory": {
            "type": "overflow",
            "action_id": "more",
            "options": [{"text": plain("Skip this one"), "value": "skip"}],
        },
    },
    {
        "type": "actions",
        "block_id": "answers",
        "elements": [button(str(n), f"answer_{n}", value=str(n)) for n in range(1, 6)],
    },
    {
        "type": "actions",
        "block_id": "others",
        "elements": [
            button("Comment", "comment"),
            button("Close", "close_survey", style="danger", confirm=CONFIRM),
            button("Break", "break"),
            button("Done", "done"),
        ],
    },
]


def survey_modal(extra: bool = False) -> Json:
    blocks: list[Json] = [
        {
            "type": "input",
            "block_id": "name",
            "label": plain("Name"),
            "hint": plain("People see it above each question."),
            "element": {"type": "plain_text_input", "action_id": "name", "max_length": 40},
        },
        {
            "type": "input",
            "block_id": "when",
            "label": plain("When"),
            "dispatch_action": True,
            "element": {
                "type": "static_select",
                "action_id": "when",
                "options": [
                    {"text": plain("Now"), "value": "now"},
                    {"text": plain("Later"), "value": "later"},
                ],
            },
        },
        {
            "type": "input",
            "block_id": "drivers",
            "optional": True,
            "label": plain("Drivers"),
            "element": {
                "type": "multi_static_select",
                "action_id": "drivers",
                "max_selected_items": 2,
                "options": [
                    {"text": plain(name), "value": name.lower()}
                    for name in ("Workload", "Growth", "Recognition")
                ],
            },
        },
    ]
    if extra:
        # As many an app does: the chosen option is named as the initial one.
        when = blocks[1]["element"]
        when["initial_option"] = when["options"][1]
        blocks.insert(
            2,
            {
                "type": "input",
                "block_id": "day",
                "label": plain("Day"),
                "element": {"type": "datepicker", "action_id": "day"},
            },
        )
    blocks.append(
        {
            "type": "actions",
            "block_id": "deeper",
            "elements": [
                button("Preview", "preview"),
                button("Slow", "slow"),
                button("Add own question", "own"),
            ],
        }
    )
    return {
        "type": "modal",
        "callback_id": "new_survey",
        "title": plain("New survey"),
        "submit": plain("Create"),
        "close": plain("Cancel"),
        "notify_on_close": True,
        "blocks": blocks,
    }


def with_own_question(view: Json) -> Json:
    """The same form, with a field in the place of the buttons."""
    element = {"type": "plain_text_input", "action_id": "own"}
    own = {"type": "input", "block_id": "own", "label": plain("Own question"), "element": element}
    return {**view, "blocks": [*view["blocks"][:-1], own]}


def choosing_modal() -> Json:
    """A form of fields to choose with, all of them needed."""
    options = [{"text": plain(name), "value": name.lower()} for name in ("Growth", "Workload")]
    kinds = {"Drivers": "multi_static_select", "Team": "radio_buttons", "Days": "checkboxes"}
    blocks = [
        {
            "type": "input",
            "block_id": label.lower(),
            "label": plain(label),
            "hint": plain(f"Hint for {label.lower()}."),
            "element": {"type": kind, "action_id": label.lower(), "options": options},
        }
        for label, kind in kinds.items()
    ]
    return {
        "type": "modal",
        "callback_id": "choosing",
        "title": plain("Choose"),
        "submit": plain("Send"),
        "blocks": blocks,
    }


def preview_modal() -> Json:
    text = {"type": "mrkdwn", "text": "People will see *this*."}
    search = {"type": "external_select", "action_id": "question", "min_query_length": 2}
    drivers = [{"text": plain(name), "value": name.lower()} for name in ("Growth", "Workload")]
    boxes = {"type": "checkboxes", "action_id": "boxes", "options": drivers}
    return {
        "type": "modal",
        "callback_id": "preview",
        "title": plain("Preview"),
        "blocks": [
            {"type": "section", "text": text},
            {"type": "actions", "block_id": "chosen", "elements": [search, boxes]},
        ],
    }


def create_sample_app(token: str, signing_secret: str, api_url: str) -> AsyncApp:
    """Make the app; ``app.heard`` lists what it was told."""
    app = AsyncApp(token=token, signing_secret=signing_secret, process_before_response=True)
    app.client.base_url = api_url
    heard: list[tuple[str, Any]] = []
    app.heard = heard  # type: ignore[attr-defined] # for the tests to look at
    add_commands(app)
    add_actions(app, heard)
    add_choices(app, heard)
    add_views(app, heard)
    return app


def add_commands(app: AsyncApp) -> None:
    @app.command("/ask")
    async def ask(ack: Any, client: Any, command: Json) -> None:
        await ack()
        await client.chat_postMessage(
            channel=command["user_id"], text="How was your week?", blocks=QUESTION
        )

    @app.command("/hello")
    async def hello(ack: Any, command: Json) -> None:
        await ack(f"You said: {command['text']}")

    @app.command("/new")
    async def new(ack: Any, client: Any, command: Json) -> None:
        await client.views_open(trigger_id=command["trigger_id"], view=survey_modal())
        await ack()

    @app.command("/choose")
    async def choose(ack: Any, client: Any, command: Json) -> None:
        await client.views_open(trigger_id=command["trigger_id"], view=choosing_modal())
        await ack()

    @app.command("/gallery")
    async def gallery(ack: Any, client: Any, command: Json) -> None:
        await ack()
        names = ["section", "header", "context", "rich_text", "card", "carousel", "data_table"]
        for blocks in ([BLOCKS[name] for name in names], [BLOCKS["data_visualization"], PIE]):
            await client.chat_postMessage(channel=command["user_id"], text="-", blocks=blocks)


def add_actions(app: AsyncApp, heard: list[tuple[str, Any]]) -> None:
    @app.action(re.compile(r"answer_\d"))
    async def answer(ack: Any, respond: Any, action: Json) -> None:
        heard.append(("answer", action["value"]))
        text = f"Thank you. You answered {action['value']}."
        section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
        await respond(text=text, blocks=[section, QUESTION[1]], replace_original=True)
        await ack()

    @app.action("more")
    async def more(ack: Any, action: Json) -> None:
        heard.append(("more", action["selected_option"]["value"]))
        await ack()

    @app.action("close_survey")
    async def close_survey(ack: Any) -> None:
        heard.append(("closed", None))
        await ack()

    @app.action("done")
    async def done(ack: Any, respond: Any) -> None:
        heard.append(("done", None))
        await respond(text="All done.", blocks=[QUESTION[0]], replace_original=True)
        await ack()

    @app.action("own")
    async def own(ack: Any, client: Any, body: Json) -> None:
        view = with_own_question(survey_modal())
        await client.views_update(view_id=body["view"]["id"], view=view)
        await ack()

    @app.action("break")
    async def broken(ack: Any) -> None:
        await ack()
        raise RuntimeError

    @app.action("comment")
    async def comment(ack: Any, client: Any, body: Json) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=survey_modal())
        await ack()

    @app.action("when")
    async def when(ack: Any, client: Any, body: Json, action: Json) -> None:
        later = action["selected_option"]["value"] == "later"
        await client.views_update(view_id=body["view"]["id"], view=survey_modal(extra=later))
        await ack()

    @app.action("preview")
    async def preview(ack: Any, client: Any, body: Json) -> None:
        await client.views_push(trigger_id=body["trigger_id"], view=preview_modal())
        await ack()


def add_choices(app: AsyncApp, heard: list[tuple[str, Any]]) -> None:
    @app.options("question")
    async def questions(ack: Any, payload: Json) -> None:
        found = [f"{payload['value']} {number}" for number in (1, 2)]
        await ack(options=[{"text": plain(text), "value": text} for text in found])

    @app.action("question")
    async def question(ack: Any, action: Json) -> None:
        heard.append(("question", action["selected_option"]["value"]))
        await ack()

    @app.action("boxes")
    async def boxes(ack: Any, action: Json) -> None:
        heard.append(("boxes", [option["value"] for option in action["selected_options"]]))
        await ack()

    @app.action("slow")
    async def slow(ack: Any) -> None:
        await asyncio.sleep(8)  # longer than the tests' sandbox waits
        await ack()


def add_views(app: AsyncApp, heard: list[tuple[str, Any]]) -> None:
    @app.view("new_survey")
    async def created(ack: Any, view: Json) -> None:
        values = view["state"]["values"]
        name = values["name"]["name"]["value"]
        if "<" in name:
            await ack(response_action="errors", errors={"name": "Use letters and numbers."})
            return
        heard.append(("created", values))
        await ack()

    @app.view_closed("new_survey")
    async def closed(ack: Any) -> None:
        heard.append(("view_closed", None))
        await ack()

    @app.event("app_home_opened")
    async def opened(client: Any, event: Json) -> None:
        title = {"type": "header", "text": plain("Welcome home")}
        row = {"type": "actions", "elements": [button("New survey", "comment", style="primary")]}
        view = {"type": "home", "blocks": [title, row]}
        await client.views_publish(user_id=event["user"], view=view)

    @app.event("message")
    async def message() -> None:
        """Hear messages, so that Bolt does not warn."""
