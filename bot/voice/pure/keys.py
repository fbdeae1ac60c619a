"""The button that leads an anonymous author back to their conversation.

A random token is in the button's value, and nowhere else. The conversation's id is an HMAC of the
token under a secret of the workspace, so the button leads to the conversation, and the conversation
to no button. A second HMAC ties the button to the person whom it was sent to.

HMAC-SHA256: RFC 2104.
"""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Final

from bot.errors import UserError
from bot.languages import _, marked

LIFE: Final = timedelta(days=97)
"""From the Monday of the week in which a button was made: it works for at least 90 days."""
_LENGTH: Final = 32
"""Hexadecimal characters of a token, an id and a proof: 128 bits each."""
_VALUE: Final = re.compile(r"([0-9a-f]{32})\.(\d{4}-\d{2}-\d{2})\.([0-9a-f]{32})")

NOT_YOURS: Final = marked(
    "This button works only for the person to whom I sent it, so I show nothing. To write to HR "
    "yourself, use `/voice`."
)
EXPIRED: Final = marked(
    "This button has expired: it works for three months. To go on, please write to HR again with "
    "`/voice`."
)


@dataclass(frozen=True)
class Button:
    """The value of an author's button."""

    token: str
    week: date
    """The Monday of the week in which the button was made."""
    proof: str

    def encode(self) -> str:
        """Encode the value in 76 characters."""
        return f"{self.token}.{self.week.isoformat()}.{self.proof}"


def make_button(secret: str, user_id: str, week: date, token: str | None = None) -> Button:
    """Return a person's button to a new conversation, or to that of a `token`."""
    token = token or secrets.token_hex(_LENGTH // 2)
    return Button(token, week, _proof(secret, token, user_id, week))


def read_button(secret: str, value: str, user_id: str, week: date) -> Button:
    """Return the button that a person pressed in a week.

    Raises UserError if it is forged, was sent to somebody else, or has expired. None of this looks
    into the database.
    """
    match = _VALUE.fullmatch(value)
    if match is None:
        raise UserError(_(NOT_YOURS))
    token, made_in, proof = match.groups()
    try:
        button = Button(token, date.fromisoformat(made_in), proof)
    except ValueError:
        raise UserError(_(NOT_YOURS)) from None
    if not hmac.compare_digest(proof, _proof(secret, token, user_id, button.week)):
        raise UserError(_(NOT_YOURS))
    if week - button.week >= LIFE:
        raise UserError(_(EXPIRED))
    return button


def thread_id(secret: str, token: str) -> str:
    """Return the id of the conversation to which a token leads."""
    return _hmac(secret, f"thread:{token}")


def _proof(secret: str, token: str, user_id: str, week: date) -> str:
    return _hmac(secret, f"button:{token}:{user_id}:{week.isoformat()}")


def _hmac(secret: str, text: str) -> str:
    """Return an HMAC for one purpose: the secret also seeds the rounding of figures."""
    return hmac.new(secret.encode(), f"voice:{text}".encode(), sha256).hexdigest()[:_LENGTH]
