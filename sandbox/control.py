"""The control API for scripts in other processes: act as a person, look, make things go wrong.

``POST /control/<act>`` takes the act's arguments as JSON, such as
``{"user": "maya", "command": "/pulse", "text": "new"}``. What can't be done is answered with 400.
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from sandbox import acting
from sandbox.acting.lookup import conversation, person
from sandbox.api.dispatch import json_object
from sandbox.api.errors import ApiError
from sandbox.engine import Engine
from sandbox.outcome import CannotError, Outcome
from sandbox.render import messages_seen, views_of
from sandbox.state import Json

ACTS = {name: getattr(acting, name) for name in acting.__all__}
BAD_ARGUMENTS = (ApiError, AttributeError, LookupError, TypeError, ValueError)
"""What wrong arguments raise."""
Answer = Callable[[Engine, Json], Awaitable[Json]]


def control_routes(engine: Engine) -> list[Route]:
    """Return the routes under ``/control/``."""
    posts: dict[str, Answer] = {name: partial(_act, act) for name, act in ACTS.items()}
    posts |= {"faults": _faults, "clock": _clock, "limits": _limits}
    gets: dict[str, Answer] = {"messages": _messages, "views": _views, "calls": _calls}
    return [
        Route(f"/control/{name}", _endpoint(engine, answer), methods=[method])
        for method, answers in (("POST", posts), ("GET", gets))
        for name, answer in answers.items()
    ]


def _endpoint(engine: Engine, answer: Answer) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def endpoint(request: Request) -> JSONResponse:
        try:
            body = dict(request.query_params) | json_object(await request.body())
            return JSONResponse(await answer(engine, body))
        except CannotError as error:
            refused = {"ok": False, "error": error.code, "detail": str(error)}
        except BAD_ARGUMENTS as error:
            refused = {"ok": False, "error": "invalid_arguments", "detail": str(error)}
        return JSONResponse(refused, 400)

    return endpoint


async def _act(act: Callable[..., Awaitable[Outcome]], engine: Engine, body: Json) -> Json:
    outcome = await act(engine, **body)
    told = {name: value for name, value in asdict(outcome).items() if value and name != "reply"}
    if reply := outcome.reply:
        told |= {"ack": {"status": reply.status, "body": reply.body}, "ms": round(reply.ms, 2)}
    return {"ok": outcome.ok, **told}


async def _faults(engine: Engine, body: Json) -> Json:
    """Add a fault; ``clear`` removes the others first."""
    if body.pop("clear", False):
        engine.faults.clear()
    if body:
        engine.faults.add(**body)
    return {"ok": True, "faults": [asdict(rule) for rule in engine.faults.rules]}


async def _clock(engine: Engine, body: Json) -> Json:
    """Move the clock by ``advance`` seconds, or to the moment ``at``."""
    clock = engine.world.clock
    if "at" in body:
        now = clock.move_to(datetime.fromisoformat(body["at"]))
    else:
        now = clock.advance(float(body.get("advance", 0)))
    return {"ok": True, "now": now.isoformat()}


async def _limits(engine: Engine, body: Json) -> Json:
    """Set the factor on Slack's rate limits; null switches them off."""
    scale = body.get("scale")
    engine.limiter.scale = None if scale is None else float(scale)
    return {"ok": True, "scale": engine.limiter.scale}


async def _messages(engine: Engine, body: Json) -> Json:
    """Show a conversation as a ``user`` sees it."""
    user = person(engine, body["user"])
    channel = conversation(engine, user, body.get("channel", "dm"))
    seen = messages_seen(engine.world, channel, user.id)
    return {"ok": True, "channel": channel.id, "messages": seen}


async def _views(engine: Engine, body: Json) -> Json:
    return {"ok": True, **views_of(engine.world, person(engine, body["user"]).id)}


async def _calls(engine: Engine, body: Json) -> Json:
    """Show exchanges from number ``since`` on, by ``method`` or ``direction``."""
    since = int(body.get("since", 0))
    found = engine.log.find(body.get("method"), body.get("direction"), since)
    return {
        "ok": True,
        "calls": [vars(record) | {"time": record.time.isoformat()} for record in found],
    }
