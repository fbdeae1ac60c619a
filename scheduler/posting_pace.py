"""What becomes of a post sets the pace of the next ones in its workspace."""

import logging
import time

from slack_sdk.errors import SlackApiError

from bot.runtime import Runtime
from bot.slack.client import retry_after
from bot.slack.pacing import Pacer
from bot.slack.post_errors import TOKEN_REFUSALS, Outcome
from scheduler.sweeps import describe_failure

logger = logging.getLogger(__name__)


def note_success(pacer: Pacer) -> None:
    """Speed up after a post that Slack took, and say in the log if it was the first again."""
    pacer.succeeded()
    if pacer.troubled_since is not None:
        seconds = time.monotonic() - pacer.troubled_since
        logger.info("messages of a workspace go out again after %.0f seconds", seconds)
        pacer.troubled_since = None


def note_failure(
    runtime: Runtime,
    workspace_id: str,
    pacer: Pacer,
    outcome: Outcome,
    error: Exception,
    reason: str,
) -> bool:
    """Slow down after a failed post; return True if this run must not post any more."""
    if outcome is Outcome.MESSAGE_REFUSED:
        note_success(pacer)
        return False
    moment = time.monotonic()
    halts = False
    match outcome:
        case Outcome.REFUSED_FOR_NOW:
            halts = pacer.refused(reason, moment)
        case Outcome.LIMITED if isinstance(error, SlackApiError):
            halts = True
            pacer.limited(retry_after(error) or 1.0, moment)
        case Outcome.UNKNOWN:
            pacer.failed(moment)
        case _:
            # Every other message of the workspace would fail in the same way.
            halts = True
            pacer.closed(moment)
            runtime.installations.forget_cached(workspace_id)
    # A refused token is logged once, where the refusal is recorded.
    if reason not in TOKEN_REFUSALS and pacer.troubled_since is None:
        pacer.troubled_since = moment
        logger.warning("messages of a workspace have to wait: %s", describe_failure(error))
    return halts
