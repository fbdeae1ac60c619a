"""Text on its way to Slack: escaped, shortened, dated."""

import re
from datetime import datetime

ELLIPSIS = "…"


_MARKS = re.compile(r"[*`]|(?<!\w)[_~]+|[_~]+(?!\w)")
"""What Slack may take for formatting; an underscore within a word is none."""
_LOOKALIKES = str.maketrans(
    {
        "*": "\N{ASTERISK OPERATOR}",
        "_": "\N{FULLWIDTH LOW LINE}",
        "~": "\N{TILDE OPERATOR}",
        "`": "\N{MODIFIER LETTER GRAVE ACCENT}",
    }
)

QUOTATION_MARKS = "\"'“”‘’„«»"


def encode(text: str) -> str:
    """Write a text where no formatting is read: in a code span or in an address.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape(text: str) -> str:
    """Make a person's text inert in mrkdwn: `<!channel>` pings nobody, `*` makes nothing bold.

    Slack has no way to escape its formatting, so its marks become characters that look like them;
    a character of no width beside them does not keep them from ending the bold text around.
    """
    return _MARKS.sub(lambda mark: mark[0].translate(_LOOKALIKES), encode(text))


def code(text: str, limit: int = 40) -> str:
    """Show a person's text in a code span, shortened."""
    return f"`{encode(shorten(text.replace('`', chr(39)), limit))}`"


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


def tidy(name: str) -> str:
    """Return a name without surrounding quotation marks and repeated spaces."""
    return " ".join(name.split()).strip(QUOTATION_MARKS).strip()
