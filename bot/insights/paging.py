"""The buttons that turn the pages of a modal, and how their values are read."""

from bot.blockkit.blocks import Block, button
from bot.errors import OutdatedError
from bot.languages import _


def page_buttons(prefix: str, subject: str, page: int, pages: int) -> list[Block]:
    """Return the buttons to the pages beside `page`, from 0; none if there is one page only.

    `prefix` is that of their ids; `subject`, such as a survey's id, stands in their values.
    """
    return [
        button(label, f"{prefix}:{number}", f"{subject}:{number}")
        for label, number in (
            (_("Previous page"), page - 1),
            (_("Next page (of {pages})").format(pages=pages), page + 1),
        )
        if 0 <= number < pages
    ]


def page_of(value: str) -> tuple[str, int]:
    """Return (subject, page) from a button's value; raise OutdatedError if it is malformed."""
    subject, _, page = value.partition(":")
    if not subject or not page.isdecimal():
        raise OutdatedError
    return subject, int(page)
