"""Time zones by name, as Slack and the database give them."""

import logging
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

logger = logging.getLogger(__name__)

OTHERWISE: Final = "UTC"


def is_known(name: str) -> bool:
    """Return True if this machine knows a zone."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """Return a zone by its name, or UTC if this machine does not know it.

    A stored name may come from another machine or an older list of zones. It must not stop
    everybody else's messages. The log names the zone once.
    """
    if is_known(name):
        return ZoneInfo(name)
    logger.warning("this machine does not know the time zone %r and uses %s", name, OTHERWISE)
    return ZoneInfo(OTHERWISE)
