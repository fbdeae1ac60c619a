"""A conversation: a window onto its messages, at first the newest, and the composer.

The page draws so many messages at most: each that is there makes every change slower.
"""

import json
from collections.abc import Callable

from nicegui.element import Element

from sandbox.state import Change, Channel, Message
from sandbox.web.composer import Composer
from sandbox.web.live import Web
from sandbox.web.messages import MessageRow
from sandbox.web.names import Names
from sandbox.web.surfaces import Ask
from sandbox.web.tags import el

PAGE = 50
"""Messages shown at first, and added by each "Show earlier"."""
MOST = 3 * PAGE
"""Messages shown at once; going on in one direction, those at the other end leave the page."""
SLACK = 50
"""How many more live messages may pile up before the oldest leave the page."""
HOLD = "(event) => { holdPlace(event.target.closest('.scroller')); emit() }"


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
        self._at_end = True
        """Whether the newest message is among them."""
        self._edges: tuple[bool, bool] | None = None
        self._today = names.now().date()
        label = f"Messages in {names.channel(channel.id)}"
        with el("div", classes="conversation"):
            self._scroller = el("div", classes="scroller", tabindex="0", role="log")
            self._scroller.props["aria-label"] = label
            with self._scroller, el("div", classes="scroller-inner"):
                self._top = el("div", classes="earlier")
                self._list = el("div")
                self._bottom = el("div", classes="later")
            Composer(web, names, channel, self.to_newest)
        self._fill()
        self._show_newest(always=False)

    def apply(self, changes: list[Change]) -> None:
        """Show what changed in this conversation; after a flood, only its end."""
        if self._names.now().date() != self._today:
            self._today = self._names.now().date()
            for row in self._rows.values():
                row.show_day()
        mine = [c for c in changes if c.channel is self._channel and c.message is not None]
        posted = [c.message for c in mine if c.kind == "message_posted" and c.message is not None]
        for change in mine:
            if change.message is not None and change.kind == "message_deleted":
                self._deleted(change.message)
            elif change.message is not None and change.kind != "message_posted":
                self._changed(change.message)
        if len(posted) > PAGE and self._at_end:
            self._fill()
        else:
            for message in posted:
                self._posted(message)
            self._trim()
        if posted:
            self._show_newest(always=any(self._is_answer(message) for message in posted))

    def to_newest(self) -> None:
        """Go back to the end, as somebody who writes wants to see what comes of it."""
        if not self._at_end:
            self._fill()
        self._show_newest(always=True)

    def _is_answer(self, message: Message) -> bool:
        """Tell whether a message is this person's own, or an answer to them alone."""
        return self._names.viewer.id in {message.user, message.visible_to}

    def _show_newest(self, *, always: bool) -> None:
        if self._at_end:
            call = f"showNewest({json.dumps(self._scroller.html_id)}, {json.dumps(always)})"
            self._scroller.client.run_javascript(call)

    def _visible(self, message: Message) -> bool:
        is_reply = message.thread_ts not in {None, message.ts}
        return not is_reply and message.visible_to in {None, self._names.viewer.id}

    def _all(self) -> list[Message]:
        """Return everything that this person may see here, oldest first."""
        both = [*self._channel.messages.values(), *self._channel.ephemerals.values()]
        return sorted(filter(self._visible, both), key=lambda message: message.ts)

    def _fill(self) -> None:
        """Show the newest messages."""
        self._limit = PAGE
        everything = self._all()
        self._lay(everything, max(len(everything) - self._limit, 0), len(everything))

    def _lay(self, everything: list[Message], start: int, end: int) -> None:
        """Show these and no others; those that stay are left as they are."""
        wanted = {message.ts for message in everything[start:end]}
        for ts in [ts for ts in self._rows if ts not in wanted]:
            self._rows.pop(ts).delete()
        rows: dict[str, MessageRow] = {}
        before: Message | None = None
        for index, message in enumerate(everything[start:end]):
            row = self._rows.get(message.ts)
            if row is not None:
                row.follow(before)
            else:
                row = self._row(message, before)
                if row.root is not self._list.default_slot.children[index]:
                    row.root.move(target_index=index)
            rows[message.ts] = row
            before = message
        self._rows = rows
        self._at_end = end == len(everything)
        self._show_edges(start > 0)

    def _row(self, message: Message, before: Message | None) -> MessageRow:
        with self._list:
            return MessageRow(
                self._web.engine, self._names, self._ask, self._channel, message, before
            )

    def _show_edges(self, more: bool) -> None:
        """Offer what lies before and after the messages that are shown."""
        if (more, self._at_end) == self._edges:
            return  # who pages by keyboard presses the same button again
        self._edges = (more, self._at_end)
        self._top.clear()
        self._bottom.clear()
        with self._top:
            if more:
                edge_button("Show earlier", self._earlier)
            else:
                name = self._names.channel(self._channel.id)
                mark = "" if self._channel.is_direct else "#"
                el("p", f"This is the beginning of {mark}{name}.", "quiet-text")
        if not self._at_end:
            with self._bottom:
                edge_button("Show later", self._later)
                newest = el("button", "Go to the newest", "button quiet", type="button")
                newest.on("click", self.to_newest, js_handler="() => emit()")

    def _earlier(self) -> None:
        """Add a page of earlier messages above."""
        everything = self._all()
        start, end = self._shown(everything)
        start = max(start - PAGE, 0)
        self._go_to(everything, start, min(end, start + MOST))

    def _later(self) -> None:
        """Add a page of later messages beneath."""
        everything = self._all()
        start, end = self._shown(everything)
        end = min(end + PAGE, len(everything))
        self._go_to(everything, max(start, end - MOST), end)

    def _go_to(self, everything: list[Message], start: int, end: int) -> None:
        self._limit = end - start
        self._lay(everything, start, end)

    def _shown(self, everything: list[Message]) -> tuple[int, int]:
        """Return where the shown messages begin and end among all."""
        places = [index for index, message in enumerate(everything) if message.ts in self._rows]
        return (places[0], places[-1] + 1) if places else (len(everything), len(everything))

    def _posted(self, message: Message) -> None:
        parent = self._rows.get(message.thread_ts or "")
        if parent is not None and parent.message is not message:
            parent.update()
        if not self._visible(message) or message.ts in self._rows or not self._at_end:
            return
        last = next(reversed(self._rows), None)
        self._rows[message.ts] = self._row(message, self._rows[last].message if last else None)

    def _changed(self, message: Message) -> None:
        row = self._rows.get(message.ts) or self._rows.get(message.thread_ts or "")
        if row is not None:
            row.update()

    def _deleted(self, message: Message) -> None:
        row = self._rows.pop(message.ts, None)
        if row is None:
            return
        row.delete()
        before: Message | None = None
        for other in self._rows.values():
            other.follow(before)
            before = other.message

    def _trim(self) -> None:
        """Let the oldest go when live messages pile up, so that the page stays light."""
        surplus = len(self._rows) - self._limit
        if surplus <= SLACK:
            return
        for ts in list(self._rows)[:surplus]:
            self._rows.pop(ts).delete()
        next(iter(self._rows.values())).follow(None)
        self._show_edges(True)


def edge_button(label: str, act: Callable[[], None]) -> None:
    """Draw a button at an end of what is shown; what is read stays where it is."""
    button = el("button", label, "button quiet", type="button", data_focus=f"edge|{label}")
    button.on("click", act, js_handler=HOLD)


def notice(text: str) -> Element:
    """Draw a friendly line where there is nothing else to see."""
    return el("p", text, "empty-notice")
