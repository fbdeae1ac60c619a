"""Texts that are encrypted in the database while a key is set.

A Fernet token (https://github.com/fernet/spec) shows when it was encrypted. A comment must not tell
when it was written, so every text is encrypted as if at the beginning of 1970.
"""

from collections.abc import Sequence
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

CIPHERTEXT: Final = "enc:"
PLAINTEXT: Final = "txt:"
"""Marks a plain text that begins like one of the two marks, so that nobody can forge either."""

_NO_TIME: Final = 0


class UnreadableError(Exception):
    """A stored text was encrypted with a key that is not set now."""


class Keyring:
    """Keys for stored texts: the first encrypts, all decrypt; without any, texts stay plain."""

    def __init__(self, keys: Sequence[str] = ()) -> None:
        """Take keys as `new_secret_key` makes them; raise ValueError for anything else."""
        self._fernet = MultiFernet([Fernet(key) for key in keys]) if keys else None

    def seal(self, text: str) -> str:
        """Return what is stored for `text`."""
        if self._fernet is not None:
            return CIPHERTEXT + self._fernet.encrypt_at_time(text.encode(), _NO_TIME).decode()
        return PLAINTEXT + text if text.startswith((CIPHERTEXT, PLAINTEXT)) else text

    def open(self, stored: str) -> str:
        """Return the text that was stored by `seal`, or before there was a key.

        Raises UnreadableError if none of the keys fits.
        """
        if not stored.startswith(CIPHERTEXT):
            return stored.removeprefix(PLAINTEXT)
        if self._fernet is None:
            raise UnreadableError("an encrypted text, and no key is set")
        try:
            return self._fernet.decrypt(stored.removeprefix(CIPHERTEXT)).decode()
        except InvalidToken:
            raise UnreadableError("a text that was encrypted with another key") from None


class _Held:
    """Holds the process's keyring: a column type is made before any setting is read."""

    keyring = Keyring()


def use_keyring(keyring: Keyring) -> None:
    """Set the keyring for all encrypted columns of this process; called once at the start."""
    _Held.keyring = keyring


def new_secret_key() -> str:
    """Return a fresh random key: 44 characters."""
    return Fernet.generate_key().decode()


class Encrypted(TypeDecorator[str]):
    """A text that is encrypted while a key is set. It cannot be searched for or compared."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Encrypt on the way in."""
        return None if value is None else _Held.keyring.seal(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        """Decrypt on the way out; raise UnreadableError if no key fits."""
        return None if value is None else _Held.keyring.open(value)
