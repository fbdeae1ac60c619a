"""Emoji by their shortcodes: Unicode's own names, and Slack's where those differ."""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

SHORTCODE = re.compile(r":([a-z0-9_+'-]+)(?:::skin-tone-([2-6]))?:")
SKIN_TONES = {str(number): chr(0x1F3F9 + number) for number in range(2, 7)}


@cache
def table() -> dict[str, str]:
    """Return the shortcodes whose names are Slack's alone."""
    names: dict[str, str] = tomllib.loads(Path(__file__).with_name("emoji.toml").read_text("utf-8"))
    return names


@cache
def emoji(name: str) -> str | None:
    """Return the emoji of a shortcode without its colons, or None."""
    if found := table().get(name):
        return found
    if match := re.fullmatch(r"flag-([a-z]{2})", name):
        return "".join(chr(0x1F1E6 + ord(letter) - ord("a")) for letter in match.group(1))
    if len(name) < 3 or name.isdigit():
        return None
    try:
        character = unicodedata.lookup(name.replace("_", " ").replace("-", " ").upper())
    except KeyError:
        return None
    # Letters and punctuation have names too; only symbols are emoji.
    return character if unicodedata.category(character) == "So" else None


def with_emoji(text: str) -> str:
    """Replace the shortcodes that are known; others stay as they are."""

    def character(match: re.Match[str]) -> str:
        found = emoji(match.group(1))
        if found is None:
            return match.group(0)
        return found + SKIN_TONES.get(match.group(2) or "", "")

    return SHORTCODE.sub(character, text) if ":" in text else text


def from_code_points(unicode: str) -> str | None:
    """Return the character of code points such as ``1f44b-1f3fd``."""
    try:
        return "".join(chr(int(point, 16)) for point in unicode.split("-"))
    except (ValueError, OverflowError):
        return None
