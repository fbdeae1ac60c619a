"""Slack's limits on how fast Attune may send."""

MESSAGES_PER_MINUTE = 240
"""Messages to people of one workspace in a minute; "several hundred" is all that Slack promises.

https://docs.slack.dev/apis/web-api/rate-limits
"""


def sending_minutes(messages: int) -> int:
    """Return how many minutes it takes to send so many messages, rounded up."""
    return -(-messages // MESSAGES_PER_MINUTE)
