"""What an error from Slack says about the message that was to be posted."""

from enum import Enum, auto

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.slack.client import error_code, retry_after, status_code

WORKSPACE_REFUSALS = frozenset(
    {
        "access_denied",
        "accesslimited",
        "account_inactive",  # the token's own account: "a deleted user or workspace"
        "ekm_access_denied",
        "enterprise_is_restricted",
        "invalid_auth",
        "message_limit_exceeded",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "team_added_to_org",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
        "unknown_method",
    }
)
"""Errors that every other message in the workspace would get as well.

https://docs.slack.dev/reference/methods/chat.postMessage#errors
"""

TOKEN_REFUSALS = frozenset({"account_inactive", "invalid_auth", "token_expired", "token_revoked"})
"""Errors that every call with this token gets until the app is installed again."""
FINAL_REFUSALS = frozenset(
    {
        "cannot_dm_bot",
        "is_archived",
        "msg_too_long",
        "no_text",
        "not_in_channel",
        "too_many_attachments",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
    }
)
"""Errors that are certainly caused by this person, channel or message.

`channel_not_found` is not among them: it also means a token of another workspace.
"""

UNSURE = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
"""Slack on `fatal_error`: "some aspect of the operation" may have succeeded."""


class Outcome(Enum):
    """The fate of a message that was not simply posted."""

    MESSAGE_REFUSED = auto()
    """It will never be posted: a deactivated person, an archived channel, …"""
    REFUSED_FOR_NOW = auto()
    """Not posted, for a reason that may pass: a setting of the app or workspace, or unknown."""
    WORKSPACE_REFUSED = auto()
    """Not posted; the workspace accepts no messages for now."""
    LIMITED = auto()
    """Not posted; it may be, later."""
    NOT_REACHED = auto()
    """Not posted: there was no connection."""
    UNKNOWN = auto()
    """The request went out and no readable answer came: it may have been posted."""


_BY_CODE = {
    **dict.fromkeys(WORKSPACE_REFUSALS, Outcome.WORKSPACE_REFUSED),
    **dict.fromkeys(FINAL_REFUSALS, Outcome.MESSAGE_REFUSED),
    **dict.fromkeys(UNSURE | {"no_answer"}, Outcome.UNKNOWN),
}


def outcome_of(error: Exception) -> Outcome:
    """Say what an error of chat.postMessage means; when in doubt, the fate is unknown."""
    # The second is a TimeoutError of connecting, not of waiting for an answer.
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return Outcome.NOT_REACHED
    if not isinstance(error, SlackApiError):
        return Outcome.UNKNOWN
    if retry_after(error) is not None:
        return Outcome.LIMITED
    if status_code(error) >= 500:
        return Outcome.UNKNOWN
    return _BY_CODE.get(error_code(error), Outcome.REFUSED_FOR_NOW)
