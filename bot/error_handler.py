"""The one error handler: a known error becomes a kind sentence, an unknown one a reference."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.blockkit.blocks import modal, section
from bot.blockkit.text import code, unescape
from bot.errors import OUTDATED, FieldErrors, MalformedError, NotAllowedError, UserError
from bot.languages import _, marked
from bot.logs import current_request, place_of
from bot.people import audit
from bot.replays import RequestRefusedError
from bot.slack.client import NETWORK_ERRORS, NO_FORMS, Followups, error_code
from bot.slack.post_errors import TOKEN_REFUSALS, Outcome, outcome_of
from bot.slack.reply import say_privately
from models.database import is_unavailable

logger = logging.getLogger(__name__)

NOT_SAVED = marked(
    "I can't reach my records just now, so this may not be saved. Please press again in a minute: "
    "pressing twice does no harm."
)
NOT_REACHED = marked("I can't reach my records just now. Please run {command} again in a minute.")
SLACK_SILENT = marked("I can't reach Slack just now. Please press again in a minute.")
SLACK_SILENT_TO = marked("I can't reach Slack just now. Please run {command} again in a minute.")
SLACK_BUSY = marked("Slack is busy just now. Please press again in a moment.")
SLACK_BUSY_TO = marked("Slack is busy just now. Please run {command} again in a moment.")
DISCONNECTED = marked(
    "Attune is no longer connected to this workspace, so I can't do that. Please tell the person "
    "who runs Attune's server: the app has to be installed again."
)
UNEXPECTED = marked(
    "Something went wrong on our side, and this may not be saved. Please check, then try again. If "
    "it happens again, give this reference to the person who runs Attune's server: {reference}."
)
TOO_LATE = ("expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id")
"""Errors of views.open for a press that was not answered within three seconds.

https://docs.slack.dev/reference/methods/views.open#errors
"""
NOTICE = "notice"
MALFORMED = (AttributeError, LookupError, MalformedError, TypeError)
"""Raised by reading a payload that lacks something, or has a value of another type."""
REPEATED = 150
"""At most this many characters of a command are repeated to the person who typed it."""


async def answer_failure(
    error: Exception,
    body: dict[str, Any],
    context: dict[str, Any],
    client: AsyncWebClient,
    respond: Any,
) -> BoltResponse:
    """Tell the person what happened and what to do; log the failure, never the request."""
    if isinstance(error, RequestRefusedError):
        logger.info("refused a request: %s", error)
        return BoltResponse(status=error.status, body=str(error))
    sentence = sentence_of(error, body)
    if isinstance(error, NotAllowedError):
        await record_refusal(error, context)
    if body.get("type") == "event_callback":
        return _for_event(error)
    if body.get("command"):
        return _json({"response_type": "ephemeral", "text": sentence})
    if body.get("type") == "view_submission":
        return _for_form(error, body.get("view"), sentence)
    if body.get("type") == "block_actions":
        _start(context, _tell(body, client, respond, sentence))
    return BoltResponse(status=200, body="")


async def record_refusal(error: NotAllowedError, context: Mapping[str, Any]) -> None:
    """Write into the record what somebody's role didn't allow."""
    async with context["sessions"].begin() as session:
        audit.record(
            session, context["actor"], "refused", subject=error.action, now=context["clock"]()
        )


def sentence_of(error: Exception, body: dict[str, Any]) -> str:
    """Return what the person reads; log what is not their mistake."""
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, BoltUnhandledRequestError):
        if command := body.get("command"):
            return _("I don't know {command}. `/pulse help` lists what I can do.").format(
                command=code(str(command))
            )
        return _(OUTDATED)
    if is_unavailable(error):
        logger.error("the database is unavailable: %s", type(error).__name__)
        return _again(body, _(NOT_SAVED), _(NOT_REACHED))
    if sentence := _of_slack(error, body):
        return sentence
    reference = current_request()
    logger.error("unexpected failure %s: %s", reference, describe(error))
    return _(UNEXPECTED).format(reference=reference)


def _of_slack(error: Exception, body: dict[str, Any]) -> str | None:
    """Explain a call that Slack failed or refused; return None for all other errors."""
    if isinstance(error, NETWORK_ERRORS):
        logger.error("Slack does not answer: %s", type(error).__name__)
        return _again(body, _(SLACK_SILENT), _(SLACK_SILENT_TO))
    if not isinstance(error, SlackApiError):
        return None
    refused = error_code(error)
    if refused == "unknown_method":
        return _(NO_FORMS)
    if refused in TOKEN_REFUSALS:
        logger.error("Slack refused the token: %s", refused)
        return _(DISCONNECTED)
    if refused in TOO_LATE or outcome_of(error) in (Outcome.LIMITED, Outcome.UNKNOWN):
        logger.warning("Slack is busy: %s", refused)
        return _again(body, _(SLACK_BUSY), _(SLACK_BUSY_TO))
    return None


def _again(body: dict[str, Any], of_press: str, of_command: str) -> str:
    """Say how to try again after a press or a command."""
    if not body.get("command"):
        return of_press
    typed = f"{body['command']} {unescape(str(body.get('text') or ''))}"
    return of_command.format(command=code(typed.strip(), REPEATED))


def describe(error: BaseException) -> str:
    """Name an error and its place in our code, without its message, which may quote people."""
    detail = f" {error_code(error)}" if isinstance(error, SlackApiError) else ""
    return f"{type(error).__name__}{detail} in {place_of(error)}"


def _for_event(error: Exception) -> BoltResponse:
    """Let Slack send an event again if it may work then; drop events that we didn't subscribe to.

    A malformed event is refused, because a second attempt would fail as well.
    """
    if isinstance(error, UserError | BoltUnhandledRequestError):
        return BoltResponse(status=200, body="")
    return BoltResponse(status=400 if isinstance(error, MALFORMED) else 503, body="")


def _for_form(error: Exception, view: Any, sentence: str) -> BoltResponse:
    """Show errors at their fields, so that the form keeps its input; refuse a malformed form."""
    if not isinstance(view, dict) or not isinstance(view.get("blocks"), list):
        return BoltResponse(status=400, body="")
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
    """Answer a press: beneath its message, or in a modal above its form or Home tab."""
    if body.get("response_url"):
        await say_privately(respond, sentence)
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
