"""A conversation: the newest messages, earlier ones on demand, and the composer."""

from itertools import islice

from nicegui.element import Element

from sandbox.state import Change, Channel, Message
from sandbox.web.composer import Composer
from sandbox.web.live import Web
from sandbox.web.messages import MessageRow
from sandbox.web.names import Names
from sandbox.web.surfaces import Ask
from sandbox.web.tags import EMIT_NOTHING, el

PAGE = 50
"""Messages shown at first, and added by each "Show earlier"."""
SLACK = 50
"""How many more live messages may pile up before the oldest leave the page."""


class Conversation:
    """One conversation before one person."""

    def __init__(self, web: Web, names: Names, ask: Ask, channel: Channel) -> None:
        self._web = web
        self._names = names
        self._ask = ask
        self._channel = channel
        self._limit = PAGE
        self._rows: dict[str, MessageRow] = {}
        self._today = names.now().date()
        label = f"Messages in {names.channel(channel.id)}"
        with el("div", classes="conversation"):
            scroller = el("div", classes="scroller", tabindex="0", role="log", aria_label=label)
            with scroller, el("div", classes="scroller-inner"):
                self._top = el("div", classes="earlier")
                self._list = el("div")
            Composer(web.engine, web.extras, names, channel)
        self._fill()

    def apply(self, changes: list[Change]) -> None:
        """Show what changed in this conversation; after a flood or at midnight, all anew."""
        mine = [change for change in changes if change.channel is self._channel]
        if len(mine) > PAGE or self._names.now().date() != self._today:
            self._fill()
            return
        for change in mine:
            message = change.message
            if message is None:
                continue
            if change.kind == "message_posted":
                self._posted(message)
            elif change.kind == "message_deleted":
                self._deleted(message)
            else:
                self._changed(message)
        self._trim()

    def _visible(self, message: Message) -> bool:
        is_reply = message.thread_ts not in {None, message.ts}
        return not is_reply and message.visible_to in {None, self._names.viewer.id}

    def _newest(self, count: int) -> list[Message]:
        """Return the last messages in order, ephemeral ones among them."""
        channel = self._channel
        posted = islice(filter(self._visible, reversed(channel.messages.values())), count)
        ephemeral = filter(self._visible, channel.ephemerals.values())
        return sorted([*posted, *ephemeral], key=lambda message: message.ts)[-count:]

    def _fill(self) -> None:
        self._list.clear()
        self._rows = {}
        self._today = self._names.now().date()
        shown = self._newest(self._limit + 1)
        more = len(shown) > self._limit
        before: Message | None = None
        with self._list:
            for message in shown[-self._limit :]:
                self._rows[message.ts] = self._row(message, before)
                before = message
        self._show_top(more)

    def _row(self, message: Message, before: Message | None) -> MessageRow:
        return MessageRow(self._web.engine, self._names, self._ask, self._channel, message, before)

    def _show_top(self, more: bool) -> None:
        self._top.clear()
        with self._top:
            if more:
                button = el("button", "Show earlier", "button quiet", type="button")
                button.on("click", self._earlier, js_handler=EMIT_NOTHING)
            else:
                name = self._names.channel(self._channel.id)
                mark = "" if self._channel.is_direct else "#"
                el("p", f"This is the beginning of {mark}{name}.", "quiet-text")

    def _earlier(self) -> None:
        """Add a page of earlier messages above; those shown stay as they are."""
        self._limit = len(self._rows) + PAGE
        shown = self._newest(self._limit + 1)
        more = len(shown) > self._limit
        before: Message | None = None
        for index, message in enumerate(shown[-self._limit :]):
            if message.ts not in self._rows:
                with self._list:
                    row = self._row(message, before)
                row.root.move(target_index=index)
                self._rows[message.ts] = row
            before = message
        self._show_top(more)

    def _posted(self, message: Message) -> None:
        parent = self._rows.get(message.thread_ts or "")
        if parent is not None and parent.message is not message:
            parent.update()
        if not self._visible(message) or message.ts in self._rows:
            return
        last = max(self._rows, default=None)
        before = self._rows[last].message if last else None
        with self._list:
            self._rows[message.ts] = self._row(message, before)

    def _changed(self, message: Message) -> None:
        row = self._rows.get(message.ts) or self._rows.get(message.thread_ts or "")
        if row is not None:
            row.update()

    def _deleted(self, message: Message) -> None:
        row = self._rows.pop(message.ts, None)
        if row is not None:
            row.delete()

    def _trim(self) -> None:
        """Let the oldest go when live messages pile up, so that the page stays light."""
        surplus = len(self._rows) - self._limit
        if surplus <= SLACK:
            return
        for ts in sorted(self._rows)[:surplus]:
            self._rows.pop(ts).delete()
        self._show_top(True)


def notice(text: str) -> Element:
    """Draw a friendly line where there is nothing else to see."""
    return el("p", text, "empty-notice")
