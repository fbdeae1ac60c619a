"""Proofs of a button's owner, and names for answers while their wave is open.

Both are HMACs, each under a key of its own of the wave. Nobody can compute them without the keys,
and sealing destroys both. The key of the proofs opens no answer, so that a backup can hold it, and
buttons that were sent before a restore still work.
"""

import hmac
import re
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final, Self

from bot.errors import OutdatedError

NONCE_LENGTH: Final = 16

_PRESS: Final = re.compile(
    rf"([0-9a-f]{{32}})\.(-1|[0-9]{{1,3}})\.([0-9]{{1,3}}|-)\.([0-9a-f]{{{NONCE_LENGTH}}})"
)


def respondent_token(key: bytes, employee_id: str) -> str:
    """Return the name of an employee's answers: 64 hexadecimal characters.

    HMAC-SHA256 (RFC 2104) of the employee's id under the wave's key.
    """
    return hmac.new(key, employee_id.encode(), sha256).hexdigest()


def press_nonce(key: bytes, employee_id: str) -> str:
    """Return the proof that an employee's buttons were sent to that employee.

    `key` is the wave's `press_key`. The prefix makes the proof unrelated to the respondent token,
    which Slack must never learn, also in old waves that have one key for both.
    """
    return hmac.new(key, b"press:" + employee_id.encode(), sha256).hexdigest()[:NONCE_LENGTH]


@dataclass(frozen=True)
class Press:
    """The value of a question's button, sent through Slack and back.

    `value` is the answer, from 0; None for other buttons, such as Skip.
    """

    wave_id: str
    position: int
    """The question's position; −1 for the whole survey."""
    nonce: str
    value: int | None = None

    def encode(self) -> str:
        """Encode the press in at most 57 characters; an option's value may have 150."""
        value = "-" if self.value is None else self.value
        return f"{self.wave_id}.{self.position}.{value}.{self.nonce}"

    @classmethod
    def decode(cls, encoded: object) -> Self:
        """Read what `encode` wrote; raise OutdatedError for anything else."""
        match = _PRESS.fullmatch(encoded) if isinstance(encoded, str) else None
        if match is None:
            raise OutdatedError
        wave_id, position, value, nonce = match.groups()
        return cls(wave_id, int(position), nonce, None if value == "-" else int(value))

    def with_value(self, value: int) -> Self:
        """Return the press of one answer to the same question."""
        return replace(self, value=value)

    def is_for(self, key: bytes, employee_id: str) -> bool:
        """Return True if the button was sent to this employee; takes constant time."""
        return hmac.compare_digest(self.nonce, press_nonce(key, employee_id))
