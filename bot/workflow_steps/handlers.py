"""Executions of Attune's steps in workflows: act, then tell Slack how it went.

Slack hears the result before the event is acknowledged. If that fails, Slack sends the event again,
and what was done is not done twice.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.error_handler import record_refusal, sentence_of
from bot.errors import NotAllowedError, UserError
from bot.languages import _, speak
from bot.people.languages import language_of
from bot.slack.client import NETWORK_ERRORS, error_code
from bot.surveys.handlers import AUDIENCE_SECONDS, TOO_SLOW
from bot.surveys.slack_audience import fetch_members
from bot.workflow_steps import service
from bot.workflow_steps.definitions import ADD_TO_IMPROVE, ASK_PULSE, START_JOURNEY, SUMMARY
from bot.workflow_steps.execution import Execution, read_execution
from models.database import Sessions, is_unavailable, reading

logger = logging.getLogger(__name__)

OVER: Final = ("execution_not_in_running_state", "function_execution_not_found")
"""Slack's answers for an execution that has its result, or whose workflow is gone.

https://docs.slack.dev/reference/methods/functions.completeSuccess
"""
Act = Callable[[Execution, AsyncWebClient, Sessions, datetime], Awaitable[str]]


def register(app: AsyncApp) -> None:
    """Register the steps' listeners."""
    for name, act in (
        (START_JOURNEY, start_journey),
        (ASK_PULSE, ask_pulse),
        (ADD_TO_IMPROVE, add_to_improve),
    ):
        app.function(name)(_listener(act))


async def start_journey(
    execution: Execution, _client: AsyncWebClient, sessions: Sessions, now: datetime
) -> str:
    """Set the date from which a person's milestones come."""
    async with sessions.begin() as session:
        return await service.start_journey(session, execution, now)


async def ask_pulse(
    execution: Execution, client: AsyncWebClient, sessions: Sessions, now: datetime
) -> str:
    """Ask a prepared pulse. No transaction waits for Slack."""
    async with sessions.begin() as session:
        new = await service.compose_pulse(session, execution, now)
    try:
        async with asyncio.timeout(AUDIENCE_SECONDS):
            members = await fetch_members(client, new.audience.kind, new.audience.ref)
    except TimeoutError as error:
        raise UserError(_(TOO_SLOW)) from error
    async with sessions.begin() as session:
        return await service.ask_pulse(session, execution, new, members, now)


async def add_to_improve(
    execution: Execution, _client: AsyncWebClient, sessions: Sessions, now: datetime
) -> str:
    """Put a proposal on HR's board."""
    async with sessions.begin() as session:
        return await service.add_to_improve(session, execution, now)


def _listener(act: Act) -> Callable[..., Coroutine[Any, Any, None]]:
    async def execute(
        body: dict[str, Any],
        event: dict[str, Any],
        context: AsyncBoltContext,
        client: AsyncWebClient,
        sessions: Sessions,
        clock: Clock,
    ) -> None:
        execution_id = event["function_execution_id"]
        try:
            execution = read_execution(event, str(context.team_id))
            context["actor"] = execution.actor
            async with reading(sessions) as session:
                speak(await language_of(session, execution.actor))
            said = await act(execution, client, sessions, clock())
        except Exception as error:
            if is_unavailable(error) or isinstance(error, NETWORK_ERRORS):
                raise  # Slack sends the event again.
            if isinstance(error, NotAllowedError):
                await record_refusal(error, context)
            sentence = sentence_of(error, body)
            await _tell(
                client.functions_completeError(function_execution_id=execution_id, error=sentence)
            )
        else:
            await _tell(
                client.functions_completeSuccess(
                    function_execution_id=execution_id, outputs={SUMMARY: said}
                )
            )

    return execute


async def _tell(call: Awaitable[Any]) -> None:
    try:
        await call
    except SlackApiError as error:
        if error_code(error) not in OVER:
            raise
        logger.info("a step's execution is over: %s", error_code(error))
