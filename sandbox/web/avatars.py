"""Avatars: initials on a colour of the person's own, so that nothing is fetched."""

import zlib

from nicegui.element import Element

from sandbox.web.tags import el

HUES = (205, 262, 330, 12, 36, 92, 150, 180)


def avatar(name: str, user_id: str, classes: str = "avatar") -> Element:
    """Draw somebody's avatar; the name stands beside it, so screen readers skip it."""
    hue = HUES[zlib.crc32(user_id.encode()) % len(HUES)]
    drawn = el("span", initials(name), classes, aria_hidden="true")
    drawn.style(f"background:hsl({hue} 45% 32%)")
    return drawn


def initials(name: str) -> str:
    """Return up to two first letters."""
    parts = name.split()
    letters = parts[0][:1] + (parts[-1][:1] if len(parts) > 1 else "")
    return letters.upper() or "?"
