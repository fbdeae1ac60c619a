"""A conversation: its newest messages, earlier ones on demand, and the composer."""

import json

from nicegui.element import Element

from sandbox.state import Change, Channel, Message
from sandbox.web.composer import Composer
from sandbox.web.live import Web
from sandbox.web.messages import MessageRow
from sandbox.web.names import Names
from sandbox.web.surface import Ask
from sandbox.web.tags import EMIT_NOTHING, el

PAGE = 50
"""Messages shown at first, and added by each "Show earlier"; each one slows down the page."""


class Conversation:
    """One conversation before one person."""

    def __init__(self, web: Web, names: Names, ask: Ask, channel: Channel) -> None:
        self._web = web
        self._names = names
        self._ask = ask
        self._channel = channel
        self._limit = PAGE
        self._rows: dict[str, MessageRow] = {}
        """What is shown, oldest first, by its time stamp."""
        label = f"Messages in {names.channel(channel)}"
        with el("div", classes="conversation"):
            self._scroller = el(
                "div", classes="scroller", tabindex="0", role="log", aria_label=label
            )
            with self._scroller, el("div", classes="scroller-inner"):
                self._top = el("div", classes="earlier")
                self._list = el("div")
            Composer(web, names, channel)
        self._show()
        self._go_to_newest(always=True)

    def apply(self, changes: list[Change]) -> None:
        """Show what changed in this conversation."""
        mine = [c for c in changes if c.channel is self._channel and c.message is not None]
        if not mine:
            return
        for change in mine:
            row = self._rows.get(change.message.ts) if change.message else None
            if row is not None and change.kind == "message_changed":
                row.update()
        self._show()
        posted = [c.message for c in mine if c.kind == "message_posted"]
        if posted:
            self._go_to_newest(always=any(self._is_answer(message) for message in posted))

    def _is_answer(self, message: Message | None) -> bool:
        """Return True if a message is this person's own, or an answer to them alone."""
        return message is not None and self._names.viewer.id in {message.user, message.visible_to}

    def _go_to_newest(self, *, always: bool) -> None:
        call = f"showNewest({json.dumps(self._scroller.html_id)}, {json.dumps(always)})"
        self._scroller.client.run_javascript(call)

    def _show(self) -> None:
        """Show the newest messages up to the limit; those that stay are left as they are."""
        both = [*self._channel.messages.values(), *self._channel.ephemerals.values()]
        seen = [m for m in both if m.visible_to in {None, self._names.viewer.id}]
        seen.sort(key=lambda message: message.ts)
        shown = seen[-self._limit :]
        wanted = {message.ts for message in shown}
        for ts in [ts for ts in self._rows if ts not in wanted]:
            self._rows.pop(ts).root.delete()
        rows = {}
        for index, message in enumerate(shown):
            row = self._rows.get(message.ts)
            if row is None:
                with self._list:
                    row = MessageRow(
                        self._web.engine, self._names, self._ask, self._channel, message
                    )
                if row.root is not self._list.default_slot.children[index]:
                    row.root.move(target_index=index)
            rows[message.ts] = row
        self._rows = rows
        self._show_top(has_more=len(seen) > len(shown))

    def _show_top(self, *, has_more: bool) -> None:
        """Offer earlier messages, or say that this is the beginning."""
        self._top.clear()
        with self._top:
            if has_more:
                button = el("button", "Show earlier", "button quiet", data_focus="earlier")
                button.on("click", self._earlier, js_handler=EMIT_NOTHING)
            else:
                name = self._names.channel(self._channel)
                el("p", f"This is the beginning of {name}.", "quiet-text")

    def _earlier(self) -> None:
        self._limit += PAGE
        self._show()


def notice(text: str) -> Element:
    """Draw a friendly line where there is nothing else to see."""
    return el("p", text, "empty-notice")
