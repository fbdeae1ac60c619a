"""Identifiers in Slack's shapes."""

import hashlib
import secrets

from sandbox.clock import Clock


def stable_id(prefix: str, name: str) -> str:
    """Derive an id from a name, so that one workspace file always gives the same ids."""
    return prefix + "0" + hashlib.sha256(f"{prefix}:{name}".encode()).hexdigest()[:9].upper()


def new_id(prefix: str) -> str:
    """Return a fresh id such as ``V0A1B2C3D4``."""
    return prefix + "0" + secrets.token_hex(5)[:9].upper()


def new_secret() -> str:
    """Return 24 characters that nobody guesses."""
    return secrets.token_hex(12)


def new_block_id() -> str:
    """Return a short id, as Slack gives to blocks that came without one."""
    return secrets.token_hex(4)


class TimeStamps:
    """Message time stamps: ``seconds.microseconds``, unique and in order."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> str:
        """Return a time stamp later than all before it."""
        now = int(self._clock.now().timestamp() * 1_000_000)
        self._last = max(now, self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"
