"""The inspector: every exchange between the sandbox and the app, newest first."""

import json
from typing import Any

from nicegui import events
from nicegui.element import Element

from sandbox.calls import CallRecord
from sandbox.web.live import Web
from sandbox.web.tags import EMIT_OPEN, el

MOST_SHOWN = 100
MOST_CHARACTERS = 60_000
"""A longer payload is cut, so that one export does not freeze the page."""


class Inspector:
    """The panel; it does nothing while it is closed."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._rows: list[Element] = []
        self._is_open = False
        self._list = el("div", classes="records")

    def set_open(self, is_open: bool) -> None:
        """Start or stop showing."""
        self._is_open = is_open
        self._list.clear()
        self._rows = []
        self.add([*self._web.records])

    def add(self, records: list[CallRecord]) -> None:
        """Show new exchanges at the top."""
        if not self._is_open:
            return
        for record in records[-MOST_SHOWN:]:
            with self._list:
                row = record_row(record)
            row.move(target_index=0)
            self._rows.append(row)
        while len(self._rows) > MOST_SHOWN:
            self._rows.pop(0).delete()


def record_row(record: CallRecord) -> Element:
    """Draw one exchange; its JSON is written when it is opened."""
    details = el("details", classes="record")
    with details:
        with el("summary"):
            to_app = record.direction == "to_app"
            direction = "to the app" if to_app else "from the app"
            el("span", "→" if to_app else "←", "arrow", role="img", aria_label=direction)
            el("span", record.method, "record-name")
            good = record.error is None and (record.status or 200) < 400
            said = record.error or str(record.status or "")
            el("span", said, "record-status" if good else "record-status bad")
            el("span", f"{record.ms:.0f} ms", "record-ms")
        body = el("div", classes="record-body")

    def opened(event: events.GenericEventArguments) -> None:
        body.clear()
        if event.args:
            with body:
                el("p", f"{record.time:%Y-%m-%d %H:%M:%S} UTC, {direction}", "quiet-text")
                part("Payload", record.arguments)
                part("Answer", record.answer)

    details.on("toggle", opened, js_handler=EMIT_OPEN)
    return details


def part(title: str, content: Any) -> None:
    """Draw a titled piece of JSON."""
    el("h3", title, "record-part")
    el("pre", pretty(content), "json", tabindex="0", role="region", aria_label=title)


def pretty(content: Any) -> str:
    """Return JSON with indents, cut where it is very long."""
    text = json.dumps(content, indent=2, ensure_ascii=False, default=str)
    if len(text) > MOST_CHARACTERS:
        return f"{text[:MOST_CHARACTERS]}\n… {len(text) - MOST_CHARACTERS} characters more"
    return text
