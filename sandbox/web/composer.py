"""Where people write: messages, and slash commands with their names completed."""

import json
from collections.abc import Awaitable, Callable

from nicegui import events
from nicegui.element import Element

from sandbox.acting import command, message
from sandbox.acting.lookup import read_only_app
from sandbox.engine import Engine
from sandbox.outcome import TROUBLE, CannotError, Outcome
from sandbox.state import Channel
from sandbox.web.live import Web
from sandbox.web.names import Names
from sandbox.web.tags import EMIT_VALUE, el, put, set_text

KEYS = """(event) => {
  const open = event.target.getAttribute('aria-expanded') === 'true'
  const moves = {ArrowDown: 1, ArrowUp: -1}
  if (open && event.key in moves) { event.preventDefault(); emit(['move', moves[event.key]]) }
  else if (open && event.key === 'Escape') { event.preventDefault(); emit(['hide', 0]) }
  else if (open && (event.key === 'Tab' || event.key === 'Enter') && !event.shiftKey
           && event.target.dataset.exact !== 'yes') { event.preventDefault(); emit(['take', 0]) }
  else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault()
    const text = event.target.value
    if (text.trim()) { event.target.value = ''; emit(['send', text]) }
  }
}"""


class Composer:
    """The field at the foot of a conversation."""

    def __init__(
        self, web: Web, names: Names, channel: Channel, sending: Callable[[], None]
    ) -> None:
        """Draw it; ``sending`` is told before anything is sent."""
        self._engine = web.engine
        self._names = names
        self._channel = channel
        self._sending = sending
        self._commands = known_commands(web.engine)
        self._found: list[str] = []
        self._selected = 0
        silent = read_only_app(web.engine, channel)
        if silent is not None:
            el("p", f"Sending messages to {silent.name} has been turned off.", "empty-notice")
        else:
            self._draw()

    def _draw(self) -> None:
        channel = self._channel
        where = self._names.channel(channel.id) or ""
        label = f"Message {'' if channel.is_direct else '#'}{where}"
        with el("div", classes="composer"):
            self._list = el("div", classes="suggestions", role="listbox", aria_label="Commands")
            with el("div", classes="composer-row"):
                self._field = el(
                    "textarea",
                    classes="composer-field",
                    rows=1,
                    role="combobox",
                    aria_label=label,
                    aria_autocomplete="list",
                    aria_expanded="false",
                    aria_controls=self._list.html_id,
                    placeholder=label,
                )
                send = el("button", "Send", "button primary", type="button")
            self._said = el("p", "", "error-line", role="alert")
            self._status = el("p", "", "quiet-text", role="status")
        self._field.on("keydown", self._key, js_handler=KEYS)
        self._field.on("input", self._typed, js_handler=EMIT_VALUE)
        field_id = json.dumps(self._field.html_id)
        send.on(
            "click",
            self._key,
            js_handler=f"() => {{ const field = document.getElementById({field_id});"
            " if (field.value.trim()) { emit(['send', field.value]); field.value = '' }"
            " field.focus() }",
        )

    def _typed(self, event: events.GenericEventArguments) -> None:
        text = str(event.args)
        is_name = text.startswith("/") and " " not in text and "\n" not in text
        self._found = [c for c in self._commands if c.startswith(text)] if is_name else []
        self._selected = 0
        put(self._field, data_exact="yes" if text in self._commands else None)
        set_text(self._said, "")
        self._show_found()

    def _show_found(self) -> None:
        self._list.clear()
        chosen: Element | None = None
        with self._list:
            for index, name in enumerate(self._found):
                is_chosen = index == self._selected
                row = el("div", classes="suggestion", role="option", data_command=name)
                put(row, aria_selected="true" if is_chosen else "false")
                with row:
                    el("b", name)
                    el("span", self._commands[name], "quiet-text")
                row.on(
                    "mousedown", self._taker(name), js_handler="(e) => {e.preventDefault(); emit()}"
                )
                chosen = row if is_chosen else chosen
        put(
            self._field,
            aria_expanded="true" if self._found else "false",
            aria_activedescendant=chosen.html_id if chosen else None,
        )

    def _taker(self, name: str) -> Callable[[], None]:
        return lambda: self._take(name)

    def _take(self, name: str) -> None:
        self._found = []
        self._show_found()
        self._write(f"{name} ")

    def _write(self, text: str) -> None:
        self._field.client.run_javascript(
            f"const field = document.getElementById({json.dumps(self._field.html_id)});"
            f" if (field) {{ field.value = {json.dumps(text)}; field.focus() }}"
        )

    async def _key(self, event: events.GenericEventArguments) -> None:
        kind, what = event.args
        if kind == "send":
            await self._send(str(what).strip())
        elif kind == "take" and self._found:
            self._take(self._found[self._selected])
        elif kind == "move" and self._found:
            self._selected = (self._selected + int(what)) % len(self._found)
            self._show_found()
        else:
            self._found = []
            self._show_found()

    async def _send(self, text: str) -> None:
        self._found = []
        self._show_found()
        set_text(self._said, "")
        self._sending()
        viewer, channel = self._names.viewer.id, self._channel.id
        if text.startswith("/"):
            name, _, rest = text.partition(" ")
            set_text(self._status, f"Sending {name} …")
            acting = command(self._engine, viewer, name, rest.strip(), channel)
            outcome = await self._outcome(acting, text)
            set_text(self._status, "")
            if outcome is not None and not outcome.ok:
                set_text(self._said, outcome.shown or TROUBLE)
        else:
            await self._outcome(message(self._engine, viewer, text, channel), text)

    async def _outcome(self, acting: Awaitable[Outcome], text: str) -> Outcome | None:
        """Wait for what comes of it; what can't be done goes back into the field."""
        try:
            return await acting
        except CannotError as error:
            set_text(self._said, str(error))
            self._write(text)
            return None


def known_commands(engine: Engine) -> dict[str, str]:
    """Return all slash commands of the apps with what may follow each, as the manifest has it."""
    return {
        name: app.usage_hints.get(name, app.name)
        for app in engine.world.apps.values()
        for name in sorted(app.commands or ())
    }
