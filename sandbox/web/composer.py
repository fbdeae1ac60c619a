"""The field for messages and slash commands; the browser completes the commands' names."""

from collections.abc import Awaitable

from nicegui import events

from sandbox.acting import command, message
from sandbox.acting.lookup import read_only_app
from sandbox.outcome import TROUBLE, CannotError, Outcome
from sandbox.state import Channel
from sandbox.web.live import Web
from sandbox.web.names import Names
from sandbox.web.tags import el, run_on_page, set_text

SEND = """(event) => {
  if (event.type === 'keydown' && (event.key !== 'Enter' || event.isComposing)) return
  const field = event.currentTarget.closest('.composer').querySelector('input')
  const text = field.value.trim()
  field.value = ''
  field.focus()
  if (text) emit(text)
}"""


class Composer:
    """The field at the foot of a conversation."""

    def __init__(self, web: Web, names: Names, channel: Channel) -> None:
        self._engine = web.engine
        self._names = names
        self._channel = channel
        app = web.engine.world.app()
        if read_only_app(web.engine, channel) is not None:
            el("p", f"Sending messages to {app.name} has been turned off.", "empty-notice")
            return
        label = f"Message {names.channel(channel)}"
        with el("div", classes="composer"):
            with el("div", classes="composer-row"):
                with el("datalist") as commands:
                    for name in sorted(app.commands or ()):
                        el("option", value=f"{name} ", label=app.usage_hints.get(name))
                self._field = el(
                    "input",
                    classes="field composer-field",
                    list=commands.html_id,
                    autocomplete="off",
                    aria_label=label,
                    placeholder=label,
                )
                button = el("button", "Send", "button primary", type="button")
            self._said = el("p", "", "error-line", role="alert")
            self._status = el("p", "", "quiet-text", role="status")
        self._field.on("keydown", self._send, js_handler=SEND)
        button.on("click", self._send, js_handler=SEND)

    async def _send(self, event: events.GenericEventArguments) -> None:
        text = str(event.args)
        set_text(self._said, "")
        viewer, channel = self._names.viewer.id, self._channel.id
        if not text.startswith("/"):
            await self._outcome(message(self._engine, viewer, text, channel), text)
            return
        name, _, rest = text.partition(" ")
        set_text(self._status, f"Sending {name} …")
        acting = command(self._engine, viewer, name, rest.strip(), channel)
        outcome = await self._outcome(acting, text)
        set_text(self._status, "")
        if outcome is not None and not outcome.ok:
            set_text(self._said, outcome.shown or TROUBLE)

    async def _outcome(self, acting: Awaitable[Outcome], text: str) -> Outcome | None:
        """Wait for what comes of it; what can't be done goes back into the field."""
        try:
            return await acting
        except CannotError as error:
            set_text(self._said, str(error))
            run_on_page(self._field, "writeInto", self._field.html_id, text)
            return None
