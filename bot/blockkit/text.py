"""Texts for Slack: escaping, shortening, dates."""

import re
from datetime import datetime

from bot.languages import _
from bot.languages import plural as plural  # noqa: PLC0414 (files not yet converted import it here)

ELLIPSIS = "…"


_MARKS = re.compile(r"[*`]|(?<!\w)[_~]+|[_~]+(?!\w)")
"""Characters that Slack may read as formatting, except an underscore within a word."""
_LOOKALIKES = str.maketrans(
    {
        "*": "\N{ASTERISK OPERATOR}",
        "_": "\N{FULLWIDTH LOW LINE}",
        "~": "\N{TILDE OPERATOR}",
        "`": "\N{MODIFIER LETTER GRAVE ACCENT}",
    }
)

_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Invisible characters that can turn the rest of a sentence around (Unicode TR9, section 2)."""

QUOTATION_MARKS = "\"'“”‘’„«»"


def encode(text: str) -> str:
    """Encode a text for a code span or an address, where Slack reads no formatting.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape(text: str) -> str:
    """Make a person's text inert in mrkdwn: `<!channel>` pings nobody, `*` makes nothing bold.

    Marks that change the direction of the text around them are removed.

    Slack can't escape its formatting, so its marks become look-alike characters. A zero-width
    character beside them would not help: they would still end the bold text around them.
    """
    plain = encode(_DIRECTIONS.sub("", text))
    return _MARKS.sub(lambda mark: mark[0].translate(_LOOKALIKES), plain)


def code(text: str, limit: int = 40) -> str:
    """Show a person's text in a code span, shortened."""
    return f"`{encode(shorten(text.replace('`', chr(39)), limit))}`"


def unescape(text: str) -> str:
    """Return what somebody typed after a command; Slack escapes it.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def storable(text: str) -> str:
    """Remove what no database can store: NUL and lone surrogates."""
    return text.replace("\x00", "").encode(errors="ignore").decode().strip()


def shorten(text: str, limit: int) -> str:
    """Cut `text` to at most `limit` characters; a cut text ends in an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + ELLIPSIS


def local_time(moment: datetime, style: str | None = None) -> str:
    """Return a moment that Slack shows in each reader's own zone and language.

    https://docs.slack.dev/messaging/formatting-message-text#date-formatting
    """
    style = style or _("{date_short_pretty} at {time}")
    fallback = moment.strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{int(moment.timestamp())}^{style}|{fallback}>"


def mention(user_id: str) -> str:
    """Return a mention; Slack shows the person's display name."""
    return f"<@{user_id}>"


def tidy(name: str) -> str:
    """Return a name without surrounding quotation marks and repeated spaces."""
    return " ".join(name.split()).strip(QUOTATION_MARKS).strip()
