"""Builds HTML that is safe by construction: all text is escaped, few tags and attributes exist.

Texts of people and apps become HTML only here. A plain ``str`` is always escaped; only what
`tag` and `join` made is taken as it is.
"""

import html
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

TAGS: Final = frozenset({"a", "b", "blockquote", "br", "code", "div", "i", "pre", "s", "span", "u"})
LISTS: Final = frozenset({"li", "ol", "ul"})
TABLES: Final = frozenset({"caption", "table", "tbody", "td", "th", "thead", "tr"})
ATTRIBUTES: Final = frozenset({"class", "href", "rel", "scope", "target", "title"})
VOID: Final = frozenset({"br"})
SCHEMES: Final = frozenset({"http", "https", "mailto", "tel", "slack"})


class Html(str):
    """Markup that may go onto the page as it is."""

    __slots__ = ()


def escaped(text: str) -> Html:
    """Return text as markup; what is markup already stays."""
    return text if isinstance(text, Html) else Html(html.escape(text, quote=True))


def join(parts: Iterable[str], between: str = "") -> Html:
    """Put parts after one another."""
    return Html(escaped(between).join(escaped(part) for part in parts))


def tag(name: str, *children: str, **attributes: str | int | None) -> Html:
    """Return an element; ``class_`` is class, None leaves out.

    Raises ValueError for a tag or attribute that is not on the list.
    """
    if name not in TAGS | LISTS | TABLES:
        raise ValueError(f"the tag {name} is not allowed")
    written = ""
    for key, value in attributes.items():
        if key.strip("_") not in ATTRIBUTES:
            raise ValueError(f"the attribute {key} is not allowed")
        if value is not None:
            written += f' {key.strip("_")}="{html.escape(str(value), quote=True)}"'
    opening = f"<{name}{written}>"
    return Html(opening if name in VOID else f"{opening}{join(children)}</{name}>")


def link(url: str, *children: str) -> Html:
    """Return a link to another page, or only its text when the address could run a script."""
    address = safe_url(url)
    if address is None:
        return tag("span", *children, class_="refused-link", title="This address is not opened")
    return tag("a", *children, href=address, target="_blank", rel="noopener noreferrer")


def safe_url(url: str) -> str | None:
    """Return an address that is safe to open: http, https, mailto, tel or slack, else None."""
    try:
        scheme = urlsplit(url.strip()).scheme.lower()
    except ValueError:
        return None
    return url.strip() if scheme in SCHEMES else None


def lines(text: str) -> Html:
    """Return text with its line breaks."""
    return join(text.split("\n"), tag("br"))
