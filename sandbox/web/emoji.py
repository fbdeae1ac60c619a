"""Emoji by their shortcodes, as Slack names them."""

import re
import tomllib
from functools import cache
from pathlib import Path

from emoji import EMOJI_DATA, STATUS

SHORTCODE = re.compile(r":([a-z0-9_+'-]+)(?:::skin-tone-([2-6]))?:")
SKIN_TONES = {str(number): chr(0x1F3F9 + number) for number in range(2, 7)}


@cache
def table() -> dict[str, str]:
    """Return all shortcodes without their colons: the package's, and over them Slack's own."""
    whole = {STATUS["fully_qualified"], STATUS["component"]}
    names: dict[str, str] = {}
    for character, about in EMOJI_DATA.items():
        if about["status"] in whole:
            for name in (about["en"], *about.get("alias", ())):
                names.setdefault(spelled(name.strip(":")), character)
    own = tomllib.loads(Path(__file__).with_name("emoji.toml").read_text("utf-8"))
    return names | {spelled(name): character for name, character in own.items()}


def spelled(name: str) -> str:
    """Return a name in the one spelling that the table has: Slack's has hyphens as well."""
    return name.lower().replace("-", "_")


@cache
def emoji(name: str) -> str | None:
    """Return the emoji of a shortcode without its colons, or None."""
    if match := re.fullmatch(r"flag-([a-z]{2})", name):
        return "".join(chr(0x1F1E6 + ord(letter) - ord("a")) for letter in match.group(1))
    return table().get(spelled(name))


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
