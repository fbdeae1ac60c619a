"""What the sandbox's tests share: views, blocks, and a Bolt app as anybody would write one."""

import asyncio
import copy
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.server import Sandbox, listening_socket
from sandbox.state import Json

MODAL: Json = {
    "type": "modal",
    "callback_id": "survey",
    "private_metadata": "kept",
    "title": {"type": "plain_text", "text": "New survey"},
    "submit": {"type": "plain_text", "text": "Save"},
    "close": {"type": "plain_text", "text": "Cancel"},
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "name",
            "label": {"type": "plain_text", "text": "Name"},
            "element": {"type": "plain_text_input", "action_id": "name", "max_length": 20},
        },
        {
            "type": "input",
            "block_id": "when",
            "optional": True,
            "label": {"type": "plain_text", "text": "When"},
            "element": {"type": "datepicker", "action_id": "when", "initial_date": "2026-12-01"},
        },
    ],
}

HOME: Json = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": {"type": "plain_text", "text": "Hello"}},
        {
            "type": "actions",
            "block_id": "home",
            "elements": [
                {
                    "type": "button",
                    "action_id": "home_go",
                    "text": {"type": "plain_text", "text": "Go"},
                    "value": "go",
                }
            ],
        },
    ],
}

QUESTION: list[Json] = [
    {"type": "section", "block_id": "q", "text": {"type": "mrkdwn", "text": "How is it?"}},
    {
        "type": "actions",
        "block_id": "answers",
        "elements": [
            {
                "type": "button",
                "action_id": f"answer_{score}",
                "text": {"type": "plain_text", "text": str(score)},
                "value": str(score),
            }
            for score in range(1, 6)
        ],
    },
]


def modal(**changes: Any) -> Json:
    """Return a modal of two fields."""
    return copy.deepcopy(MODAL) | changes


def typed_modal(*blocks: Json) -> Json:
    """Return a modal with other blocks."""
    return modal(blocks=list(blocks))


def input_block(block_id: str, element: Json, **more: Any) -> Json:
    """Return an input block whose element has the block's id as its action id."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": {"type": "plain_text", "text": block_id},
        "element": {"action_id": block_id, **element},
        **more,
    }


def options(*labels: str) -> list[Json]:
    """Return options whose values are their labels in small letters."""
    return [{"text": {"type": "plain_text", "text": x}, "value": x.lower()} for x in labels]


@dataclass
class Heard:
    """What the Bolt app received, and how it answers view submissions."""

    bodies: list[Json] = field(default_factory=list)
    answer: Callable[..., Awaitable[None]] | None = None

    def of_type(self, kind: str) -> list[Json]:
        """Return the bodies of one type: of the interaction, or of the event inside."""
        return [b for b in self.bodies if kind in {b.get("type"), b.get("event", {}).get("type")}]


def bolt_app(sandbox: Sandbox, heard: Heard, **more: Any) -> AsyncApp:
    """Return a Bolt app, as anybody would write one, that talks to the sandbox."""
    client = AsyncWebClient(sandbox.app.bot_token, base_url=sandbox.api_url)
    quiet = logging.getLogger("tests.sandbox.bolt")
    quiet.setLevel(logging.CRITICAL)
    app = AsyncApp(
        client=client,
        signing_secret=sandbox.app.signing_secret,
        process_before_response=True,
        logger=quiet,
        **more,
    )

    @app.middleware
    async def note(body: Json, next: Callable[[], Awaitable[None]]) -> None:  # noqa: A002 - Bolt's name
        heard.bodies.append(body)
        await next()

    hear_commands(app)
    hear_actions(app)
    hear_views(app, heard)
    hear_events(app)
    return app


def hear_commands(app: AsyncApp) -> None:
    """Answer the command."""

    @app.command("/pulse")
    async def pulse(ack: Any, body: Json, client: AsyncWebClient) -> None:
        if body["text"] == "new":
            await client.views_open(trigger_id=body["trigger_id"], view=modal())
            await ack()
        else:
            await ack(text=f"Heard: {body['text']}")


def hear_actions(app: AsyncApp) -> None:
    """Answer what is pressed or looked for."""

    @app.action({"action_id": "answer_3"})
    async def answered(ack: Any, body: Json, respond: Any) -> None:
        await ack()
        await respond(text="Thank you", replace_original=True)

    @app.action({"action_id": "home_go"})
    async def went(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        await ack()

    @app.options("pick")
    async def pick(ack: Any, payload: Json) -> None:
        await ack(options=options(payload["value"].title()))


def hear_views(app: AsyncApp, heard: Heard) -> None:
    """Answer submitted and closed modals."""

    @app.view("survey")
    async def submitted(ack: Any, body: Json) -> None:
        if heard.answer is not None:
            await heard.answer(ack, body)
        else:
            await ack()

    @app.view_closed("survey")
    async def closed(ack: Any) -> None:
        await ack()


def hear_events(app: AsyncApp) -> None:
    """Publish the Home tab; acknowledge the other events."""

    @app.event("app_home_opened")
    async def opened(event: Json, client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view=HOME)

    @app.event("message")
    async def written() -> None:
        pass

    for event in ("team_join", "user_change"):
        app.event(event)(written)


@asynccontextmanager
async def serving(asgi: Starlette) -> AsyncIterator[str]:
    """Serve an application on a free port; yields its URL."""
    listener = listening_socket(0)
    config = uvicorn.Config(asgi, log_config=None, lifespan="off", ws="none")
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[listener])
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        for one in server.servers:
            one.close()
        for connection in tuple(server.server_state.connections):
            connection.shutdown()
        while server.server_state.connections:
            await asyncio.sleep(0.001)


@asynccontextmanager
async def over_http(sandbox: Sandbox, heard: Heard, **more: Any) -> AsyncIterator[AsyncApp]:
    """Run the Bolt app behind its Starlette adapter."""
    app = bolt_app(sandbox, heard, **more)
    handler = AsyncSlackRequestHandler(app)

    async def endpoint(request: Request) -> Response:
        return await handler.handle(request)

    route = Route("/slack/events", endpoint, methods=["POST"])
    async with serving(Starlette(routes=[route])) as url:
        sandbox.connect(f"{url}/slack/events")
        yield app


@asynccontextmanager
async def over_socket(sandbox: Sandbox, heard: Heard, **more: Any) -> AsyncIterator[AsyncApp]:
    """Run the Bolt app with its Socket Mode adapter."""
    sandbox.app.socket_mode = True
    app = bolt_app(sandbox, heard, **more)
    handler = AsyncSocketModeHandler(app, sandbox.app.app_token, ping_interval=0.2)
    await handler.connect_async()  # type: ignore[no-untyped-call] # Bolt leaves it untyped
    try:
        yield app
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call] # Bolt leaves it untyped
        # The SDK cancels its tasks without waiting for them.
        await asyncio.sleep(0)
