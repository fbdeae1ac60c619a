"""The one error handler: an error that we know becomes a kind sentence, others a reference."""

import json
import logging
import secrets
from typing import Any

from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import OUTDATED, FieldErrors, NotAllowedError, UserError
from bot.people import audit
from bot.slack.blocks import modal, section
from bot.slack.client import NO_FORMS, Followups, error_code
from bot.slack.responding import whisper
from bot.slack.text import code, unescape
from models.database import is_unavailable

logger = logging.getLogger(__name__)

NOT_SAVED = (
    "I could not save that just now, so nothing has changed. Please press again in a minute."
)
NOT_REACHED = "I can't reach my records just now. Please run {} again in a minute."
NOTICE = "notice"
MALFORMED = (AttributeError, LookupError, TypeError)
"""What reading a payload raises in which something is missing, or is of another kind."""
OURS = ("bot.", "scheduler.", "models.")
"""Packages whose functions the log names; where a library was called tells more than its inside."""
REPEATED = 150
"""How much of what somebody typed is repeated to them."""


async def answer_failure(
    error: Exception,
    body: dict[str, Any],
    context: dict[str, Any],
    client: AsyncWebClient,
    respond: Any,
) -> BoltResponse:
    """Tell the person what happened and what to do; log what failed, never what was sent."""
    sentence = _sentence(error, body)
    if isinstance(error, NotAllowedError):
        await _record_refusal(error, context)
    if body.get("type") == "event_callback":
        return _for_event(error)
    if body.get("command"):
        return _json({"response_type": "ephemeral", "text": sentence})
    if body.get("type") == "view_submission":
        return _for_form(error, body["view"], sentence)
    if body.get("type") == "block_actions":
        _start(context, _tell(body, client, respond, sentence))
    return BoltResponse(status=200, body="")


async def _record_refusal(error: NotAllowedError, context: dict[str, Any]) -> None:
    async with context["sessions"].begin() as session:
        audit.record(
            session, context["actor"], "refused", subject=error.action, now=context["clock"]()
        )


def _sentence(error: Exception, body: dict[str, Any]) -> str:
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, BoltUnhandledRequestError):
        if command := body.get("command"):
            return f"I don't know {code(str(command))}. `/pulse help` lists what I can do."
        return OUTDATED
    if is_unavailable(error):
        logger.error("the database is unavailable: %s", type(error).__name__)
        return _without_records(body)
    if isinstance(error, SlackApiError) and error_code(error) == "unknown_method":
        return NO_FORMS
    reference = secrets.token_hex(4)
    logger.error("unexpected failure %s: %s", reference, describe(error))
    return (
        "Something went wrong on our side, and nothing was saved. Please try again. If it happens "
        f"again, give this reference to whoever runs Attune's server: {reference}."
    )


def _without_records(body: dict[str, Any]) -> str:
    """Say how to try again what the database was not there for."""
    if not body.get("command"):
        return NOT_SAVED
    typed = f"{body['command']} {unescape(str(body.get('text') or ''))}"
    return NOT_REACHED.format(code(typed.strip(), REPEATED))


def describe(error: BaseException) -> str:
    """Name an error and where our code met it, for the log: messages may hold what people wrote."""
    frame, ours = error.__traceback__, None
    while frame:
        ours = frame if frame.tb_frame.f_globals.get("__name__", "").startswith(OURS) else ours
        frame = frame.tb_next
    where = f"{ours.tb_frame.f_code.co_qualname}:{ours.tb_lineno}" if ours else "?"
    detail = f" {error_code(error)}" if isinstance(error, SlackApiError) else ""
    return f"{type(error).__name__}{detail} in {where}"


def _for_event(error: Exception) -> BoltResponse:
    """Let Slack send an event again when it may work then; drop what we did not subscribe to.

    What is not as Slack writes it is refused: it would be no better a second time.
    """
    if isinstance(error, UserError | BoltUnhandledRequestError):
        return BoltResponse(status=200, body="")
    return BoltResponse(status=400 if isinstance(error, MALFORMED) else 503, body="")


def _for_form(error: Exception, view: dict[str, Any], sentence: str) -> BoltResponse:
    """Show errors at their fields, so that what was typed is kept."""
    if isinstance(error, FieldErrors):
        return _json({"response_action": "errors", "errors": error.fields})
    fields = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    if fields:
        return _json({"response_action": "errors", "errors": {fields[0]: sentence}})
    return _json({"response_action": "update", "view": _notice(sentence)})


def _start(context: dict[str, Any], call: Any) -> None:
    followups: Followups = context.get("followups") or Followups()
    followups.start(call)


async def _tell(body: dict[str, Any], client: AsyncWebClient, respond: Any, sentence: str) -> None:
    """Answer a press: beneath its message, or above the form or Home tab that it was in."""
    if body.get("response_url"):
        await whisper(respond, sentence)
    elif body.get("view", {}).get("type") == "modal":
        await client.views_push(trigger_id=body["trigger_id"], view=_notice(sentence))
    else:
        await client.views_open(trigger_id=body["trigger_id"], view=_notice(sentence))


def _notice(sentence: str) -> dict[str, Any]:
    return modal("Attune", [section(sentence)], callback_id=NOTICE)


def _json(body: dict[str, Any]) -> BoltResponse:
    return BoltResponse(
        status=200, body=json.dumps(body), headers={"content-type": "application/json"}
    )
