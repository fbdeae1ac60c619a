"""Text on its way to Slack: escaped, shortened, dated."""

from datetime import datetime

ELLIPSIS = "…"


def escape(text: str) -> str:
    """Make a person's text inert in mrkdwn, so that `<!channel>` pings nobody.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Give back what somebody typed behind a command, which Slack escapes on its way to us.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def storable(text: str) -> str:
    """Drop what no database can store: NUL, and halves of characters (lone surrogates)."""
    return text.replace("\x00", "").encode(errors="ignore").decode().strip()


def shorten(text: str, limit: int) -> str:
    """Cut `text` to at most `limit` characters; a cut text ends in an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + ELLIPSIS


def plural(count: int, noun: str, nouns: str | None = None) -> str:
    """Write a count with its noun: `1 person`, `3 people`, `1,200 answers`."""
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"


def local_time(moment: datetime, style: str = "{date_short_pretty} at {time}") -> str:
    """Write a moment that Slack shows in each reader's own zone and language.

    https://docs.slack.dev/messaging/formatting-message-text#date-formatting
    """
    fallback = moment.strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{int(moment.timestamp())}^{style}|{fallback}>"


def mention(user_id: str) -> str:
    """Name a person in a message; Slack shows the name that they go by."""
    return f"<@{user_id}>"
