"""What an error of a call to Slack means for the message that was to be posted."""

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
"""Errors that every other message of the workspace would get, too.

https://docs.slack.dev/reference/methods/chat.postMessage#errors
"""

TOKEN_REFUSALS = frozenset({"account_inactive", "invalid_auth", "token_expired", "token_revoked"})
"""Errors that every call with this token would get, until the app is installed again."""
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
"""Errors whose reason is certainly this person, channel or message.

`channel_not_found` may mean a person who is gone, but also a token of another workspace.
"""

UNSURE = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
"""Errors after which the message may have been posted.

Slack on `fatal_error`: "some aspect of the operation" may have succeeded.
"""


class Outcome(Enum):
    """What became of a message whose post raised an error."""

    MESSAGE_REFUSED = auto()
    """It will never be posted: a deactivated person, an archived channel, …"""
    REFUSED_FOR_NOW = auto()
    """Not posted, for a reason that may pass: a setting, or a code that we do not know."""
    WORKSPACE_REFUSED = auto()
    """Not posted; nothing can be posted in this workspace now."""
    LIMITED = auto()
    """Not posted; it may be, later."""
    NOT_REACHED = auto()
    """Not posted: there was no connection."""
    UNKNOWN = auto()
    """The request went out, but no readable answer came: the message may have been posted."""


_BY_CODE = {
    **dict.fromkeys(WORKSPACE_REFUSALS, Outcome.WORKSPACE_REFUSED),
    **dict.fromkeys(FINAL_REFUSALS, Outcome.MESSAGE_REFUSED),
    **dict.fromkeys(UNSURE | {"no_answer"}, Outcome.UNKNOWN),
}


def outcome_of(error: Exception) -> Outcome:
    """Return what an error of chat.postMessage means; when in doubt, UNKNOWN."""
    # The second is a TimeoutError while connecting, not while waiting for an answer.
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return Outcome.NOT_REACHED
    if not isinstance(error, SlackApiError):
        return Outcome.UNKNOWN
    if retry_after(error) is not None:
        return Outcome.LIMITED
    if status_code(error) >= 500:
        return Outcome.UNKNOWN
    return _BY_CODE.get(error_code(error), Outcome.REFUSED_FOR_NOW)
