"""Zones by name, known and unknown."""

import logging
from zoneinfo import ZoneInfo

import pytest

from bot.attention.pure.zones import is_known, zone_of


def test_a_known_zone_is_found() -> None:
    assert zone_of("Europe/Berlin") == ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "Europe", "a\0b"])
def test_an_unknown_zone_is_utc_and_named_once(name: str, caplog: pytest.LogCaptureFixture) -> None:
    zone_of.cache_clear()
    assert not is_known(name)
    with caplog.at_level(logging.WARNING):
        assert zone_of(name) == zone_of(name) == ZoneInfo("UTC")
    assert caplog.text.count("does not know the time zone") == 1
    assert repr(name) in caplog.text
