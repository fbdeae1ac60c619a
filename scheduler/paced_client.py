"""Slack as jobs call it: each call waits for its turn, and Slack's answer sets the pace.

The sender paces its posts and lookups itself, because they also wait for their channel.
"""

import asyncio
import logging
import time
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.runtime import Runtime
from bot.slack.client import NETWORK_ERRORS, REQUEST_SECONDS, error_code, retry_after
from bot.slack.pacing import Calls, Pacer
from bot.slack.post_errors import Outcome, outcome_of

logger = logging.getLogger(__name__)

LONGEST_WAIT = 2.0
"""Longest wait for a turn in seconds; if it is further off, the run ends."""
SHARED: Final = {
    "conversations.open": Calls.LOOKUPS,
    "conversations.history": Calls.LOOKUPS,
    "files.getUploadURLExternal": Calls.FILES,
    "files.completeUploadExternal": Calls.FILES,
    "conversations.members": Calls.AUDIENCES,
    "usergroups.users.list": Calls.AUDIENCES,
    "users.list": Calls.DIRECTORY,
}
METHOD_REFUSALS: Final = frozenset(
    {"missing_scope", "no_permission", "not_allowed_token_type", "unknown_method"}
)
"""Refusals of the workspace that concern this method only, not others."""


class SlackSilentError(Exception):
    """Slack gave no answer at all. Unlike a silent database, that concerns one unit only."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(type(cause).__name__)
        self.cause = cause


class SlackBusyError(Exception):
    """The workspace takes no more calls of this kind now: its other units wait as well."""


class PacedClient(AsyncWebClient):
    """A client for one workspace whose calls wait for their turn. It repeats no call.

    Raises SlackBusyError if the turn is too far off or Slack limits the rate, SlackSilentError if
    no answer came, and SlackApiError for other refusals.
    """

    def __init__(self, runtime: Runtime, workspace_id: str, token: str) -> None:
        super().__init__(
            token=token,
            team_id=workspace_id,
            base_url=runtime.settings.slack_api_url,
            timeout=REQUEST_SECONDS,
            session=runtime.http,
            retry_handlers=[],
        )
        self._runtime = runtime
        self._workspace_id = workspace_id

    async def api_call(self, api_method: str, **options: Any) -> AsyncSlackResponse:
        """Make one call when its turn has come, and set the pace by the answer."""
        calls = SHARED.get(api_method, Calls.OTHERS)
        pacer = self._runtime.pacing.of(self._workspace_id, calls)
        if not await take_turn(self._runtime, pacer, patience=60.0):
            raise SlackBusyError
        try:
            answer = await super().api_call(api_method, **options)
        except SlackApiError as error:
            self._learn(pacer, calls, error)
            raise
        except NETWORK_ERRORS as error:
            pacer.failed(time.monotonic())
            raise SlackSilentError(error) from None
        pacer.succeeded()
        return answer

    def _learn(self, pacer: Pacer, calls: Calls, error: SlackApiError) -> None:
        moment = time.monotonic()
        if (seconds := retry_after(error)) is not None:
            logger.warning("Slack limits calls to %s for %s seconds", calls.label, seconds)
            pacer.limited(seconds, moment)
            pacer.wanted = True
            raise SlackBusyError from None
        outcome = outcome_of(error)
        if outcome is Outcome.UNKNOWN:
            pacer.failed(moment)
        elif outcome is Outcome.WORKSPACE_REFUSED and error_code(error) not in METHOD_REFUSALS:
            # The token may have been replaced. If not, each further call would fail, too.
            self._runtime.installations.forget_cached(self._workspace_id)
            pacer.closed(moment)


async def take_turn(
    runtime: Runtime, pacer: Pacer, channel: str = "", patience: float = LONGEST_WAIT
) -> bool:
    """Wait until a call may go out, and count it; False if that is too far off.

    `patience` is the longest wait in seconds. A pause that Slack asked for is not waited for if it
    is longer than LONGEST_WAIT.
    """
    while (wait := pacer.wait(channel, time.monotonic())) > 0:
        paused = pacer.pause(time.monotonic()) > LONGEST_WAIT
        if paused or wait > patience or runtime.stopping.is_set():
            pacer.wanted = True
            return False
        await asyncio.sleep(wait)
    pacer.took(channel, time.monotonic())
    return True


async def paced_client(runtime: Runtime, workspace_id: str) -> PacedClient | None:
    """Return a client for a workspace, or None if it has no token."""
    installed = await runtime.installations.find(workspace_id)
    return PacedClient(runtime, workspace_id, installed.token) if installed else None
