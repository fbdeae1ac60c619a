"""Slack's limits on how fast Attune may send."""

MESSAGES_PER_MINUTE = 240
"""Messages per minute to people of one workspace; Slack promises only "several hundred".

https://docs.slack.dev/apis/web-api/rate-limits
"""


def sending_minutes(messages: int) -> int:
    """Return how many minutes it takes to send some messages, rounded up."""
    return -(-messages // MESSAGES_PER_MINUTE)
