"""The dialog that asks whether somebody is sure."""

import asyncio

from sandbox.state import Json
from sandbox.web.mrkdwn import text_html, words
from sandbox.web.names import Names
from sandbox.web.tags import EMIT_NOTHING, el, put, raw, run_on_page

ON_CANCEL = "(event) => { event.preventDefault(); emit() }"
ON_CLOSED = "(event) => onClosed(event, emit)"


class ConfirmDialog:
    """One dialog for the whole page; asks one question at a time."""

    def __init__(self) -> None:
        self._answer: asyncio.Future[bool] | None = None
        self._dialog = el("dialog", classes="dialog small-dialog")
        self._dialog.on("cancel", lambda: self._reply(False), js_handler=ON_CANCEL)
        # What the browser says of our own closing may come when the next question is shown already.
        self._dialog.on("close", lambda: self._reply(False), js_handler=ON_CLOSED)

    async def ask(self, confirm: Json, names: Names) -> bool:
        """Show a ``confirm`` object and return whether the person agreed."""
        self._reply(False)
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._answer = answer
        self._dialog.clear()
        with self._dialog:
            title = el("h2", words(confirm.get("title")), "dialog-title")
            raw(text_html(confirm["text"], names), classes="dialog-text")
            with el("div", classes="dialog-buttons"):
                no = el("button", words(confirm.get("deny")), "button", type="button")
                kind = confirm.get("style") or "primary"
                yes = el("button", words(confirm.get("confirm")), f"button {kind}", type="button")
        no.on("click", lambda: self._reply(False), js_handler=EMIT_NOTHING)
        yes.on("click", lambda: self._reply(True), js_handler=EMIT_NOTHING)
        put(self._dialog, aria_labelledby=title.html_id)
        self._dialog.run_method("showModal")
        return await answer

    def _reply(self, agreed: bool) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(agreed)
            run_on_page(self._dialog, "leaveDialog", self._dialog.html_id)
