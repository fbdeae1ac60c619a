"""The inspector: every exchange between the sandbox and the app, newest first."""

import json
from typing import Any

from nicegui import events
from nicegui.element import Element

from sandbox.calls import CallRecord
from sandbox.web.live import Web
from sandbox.web.tags import EMIT_NOTHING, EMIT_OPEN, EMIT_VALUE, el, put

MOST_SHOWN = 100
MOST_CHARACTERS = 60_000
"""A longer payload is cut, so that one export does not freeze the page."""


class Inspector:
    """The panel; it does nothing while it is closed."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._query = ""
        self._rows: list[Element] = []
        self._is_open = False
        with el("div", classes="panel-tools"):
            filter_field = el("input", classes="field", type="search", placeholder="Filter by name")
            put(filter_field, aria_label="Filter by name")
            filter_field.on("input", self._filter, js_handler=EMIT_VALUE, throttle=0.2)
            clear = el("button", "Clear", "button quiet", type="button")
            clear.on("click", self._clear, js_handler=EMIT_NOTHING)
        self._list = el("div", classes="records")

    def set_open(self, is_open: bool) -> None:
        """Start or stop showing."""
        self._is_open = is_open
        if is_open:
            self._fill()

    def add(self, records: list[CallRecord]) -> None:
        """Show new exchanges at the top."""
        if not self._is_open:
            return
        for record in records[-MOST_SHOWN:]:
            if self._query in record.method.casefold():
                self._add_one(record)
        while len(self._rows) > MOST_SHOWN:
            self._rows.pop(0).delete()

    def _add_one(self, record: CallRecord) -> None:
        with self._list:
            row = record_row(record)
        row.move(target_index=0)
        self._rows.append(row)

    def _fill(self) -> None:
        self._list.clear()
        self._rows = []
        matching = [r for r in self._web.records if self._query in r.method.casefold()]
        for record in matching[-MOST_SHOWN:]:
            self._add_one(record)

    def _filter(self, event: events.GenericEventArguments) -> None:
        self._query = str(event.args).casefold().strip()
        self._fill()

    def _clear(self) -> None:
        self._web.records.clear()
        self._fill()


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
    """Return JSON with indents; form fields that hold JSON are opened up."""
    if isinstance(content, dict):
        content = {key: opened_up(value) for key, value in content.items()}
    text = json.dumps(opened_up(content), indent=2, ensure_ascii=False, default=str)
    if len(text) > MOST_CHARACTERS:
        return f"{text[:MOST_CHARACTERS]}\n… {len(text) - MOST_CHARACTERS} characters more"
    return text


def opened_up(value: Any) -> Any:
    """Return text that is a JSON object or list as such."""
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
