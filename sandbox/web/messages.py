"""Messages: who wrote them, when, what they hold, and what a press in them brought."""

from datetime import timedelta

from nicegui.element import Element

from sandbox.acting import react
from sandbox.engine import Engine
from sandbox.outcome import CannotError
from sandbox.state import Channel, Message
from sandbox.web.avatars import avatar
from sandbox.web.blockkit import Blocks
from sandbox.web.emoji import emoji
from sandbox.web.media import shared_file
from sandbox.web.mrkdwn import mrkdwn, text_html
from sandbox.web.names import Names, clock_time, day_name
from sandbox.web.surface import Json
from sandbox.web.surfaces import Ask, MessageSurface
from sandbox.web.tags import EMIT_PRESS, el, icon, put, raw, set_text

GROUPED_WITHIN = timedelta(minutes=5)


class MessageRow:
    """One message on the page."""

    def __init__(
        self,
        engine: Engine,
        names: Names,
        ask: Ask,
        channel: Channel,
        message: Message,
        before: Message | None,
    ) -> None:
        self.message = message
        self._engine = engine
        self._names = names
        self._channel = channel
        self._ask = ask
        self._before = before
        self._replies: dict[str, MessageRow] = {}
        self._surface = MessageSurface(engine, names, ask, self._tell, channel, message)
        self.root = el("div", classes="message-frame")
        self._build()

    def _build(self) -> None:
        self._day: Element | None = None
        with self.root:
            if self._starts_day(self._before):
                self._day = draw_day(self.message, self._names)
            self._draw(is_grouped(self._before, self.message))
        self.update()

    def _starts_day(self, before: Message | None) -> bool:
        return before is None or starts_day(before, self.message, self._names)

    def follow(self, before: Message | None) -> None:
        """Stand after another message from now on: the day or the author may be named anew."""
        was = self._before
        self._before = before
        if self._starts_day(was) == self._starts_day(before) and is_grouped(
            was, self.message
        ) == is_grouped(before, self.message):
            return
        self.root.clear()
        self._replies = {}
        self._build()

    def show_day(self) -> None:
        """Name the day again: what was today is yesterday by now."""
        if self._day is not None:
            set_text(self._day, day_name(self._names.moment(self.message.ts), self._names.now()))

    def _draw(self, grouped: bool) -> None:
        message, names = self.message, self._names
        kind = "message ephemeral" if message.is_ephemeral else "message"
        # It can take the focus when the button that had it is gone: a press replaces messages.
        whole = {"tabindex": "-1", "data_focus": message.ts}
        with el("article", classes=kind, aria_label=author(message, names), **whole):
            with el("div", classes="message-side"):
                if grouped:
                    el("time", clock_time(names.moment(message.ts)), "hover-time")
                else:
                    avatar(author(message, names), message.user)
            with el("div", classes="message-main"):
                if message.is_ephemeral:
                    with el("div", classes="ephemeral-note"):
                        icon("visibility")
                        el("span", " Only visible to you")
                if not grouped:
                    self._draw_head()
                self._text = raw(mrkdwn("", names), classes="message-text")
                self._blocks = Blocks(self._surface)
                self._rest = el("div", classes="message-rest")
                self._said = el("p", "", "error-line", role="alert")
                self._thread = el("div", classes="thread")

    def _draw_head(self) -> None:
        message, names = self.message, self._names
        moment = names.moment(message.ts)
        with el("div", classes="message-head"):
            el("span", author(message, names), "author")
            if message.bot_id:
                el("span", "APP", "app-badge")
            full = f"{day_name(moment, names.now())} at {clock_time(moment)}"
            el("time", clock_time(moment), "quiet-text", datetime=moment.isoformat(), title=full)

    def _tell(self, text: str) -> None:
        set_text(self._said, text)

    def update(self) -> None:
        """Show the message as it is now; blocks that stayed the same are left alone."""
        message = self.message
        text = "" if shows_blocks(message) else message.text
        shown = mrkdwn(text, self._names)
        if message.edited and not message.bot_id:
            shown = mrkdwn(f"{text} _(edited)_", self._names)
        self._text.set_content(shown)
        self._blocks.show(message.blocks if shows_blocks(message) else [])
        self._rest.clear()
        with self._rest:
            for one in message.attachments:
                attachment(one, self._surface)
            for one in message.files:
                shared_file(one, self._names)
            self._draw_reactions()
        self._show_thread()

    def _draw_reactions(self) -> None:
        if not self.message.reactions:
            return
        with el("div", classes="reactions"):
            for name, users in self.message.reactions.items():
                self._draw_reaction(name, users)

    def _draw_reaction(self, name: str, users: list[str]) -> None:
        own = self._names.viewer.id in users
        chip = el(
            "button",
            f"{emoji(name) or name} {len(users)}",
            "reaction",
            type="button",
            aria_pressed="true" if own else "false",
            aria_label=f"{name}: {len(users)}",
            data_focus=f"{self.message.ts}|reaction|{name}",
        )

        async def toggle() -> None:
            viewer, channel, ts = self._names.viewer.id, self._channel.id, self.message.ts
            try:
                await react(self._engine, viewer, channel, ts, name, take_back=own)
            except CannotError as error:
                self._tell(f"That did not work: {error}.")

        chip.on("click", toggle, js_handler=EMIT_PRESS)

    def _show_thread(self) -> None:
        stamps = [ts for ts in self.message.replies if ts in self._channel.messages]
        if not stamps:
            self._thread.clear()
            self._replies = {}
            return
        if not self._replies:
            with self._thread:
                details = el("details", classes="replies")
            with details:
                self._count = el("summary", "")
                self._reply_list = el("div")
        set_text(self._count, f"{len(stamps)} {'reply' if len(stamps) == 1 else 'replies'}")
        for ts in stamps:
            if ts in self._replies:
                self._replies[ts].update()
                continue
            with self._reply_list:
                reply = self._channel.messages[ts]
                self._replies[ts] = MessageRow(
                    self._engine, self._names, self._ask, self._channel, reply, reply
                )

    def delete(self) -> None:
        """Take the message off the page."""
        if not self.root.is_deleted:
            self.root.delete()


def shows_blocks(message: Message) -> bool:
    """Tell whether blocks stand for the text; what people type is read from the text."""
    return bool(message.blocks) and message.client_msg_id is None


def author(message: Message, names: Names) -> str:
    """Return the name that stands above a message."""
    return message.username or names.user(message.user) or message.user


def is_grouped(before: Message | None, message: Message) -> bool:
    """Tell whether a message follows one of the same author so soon that no head is needed."""
    if before is None or before is message or message.is_ephemeral or before.is_ephemeral:
        return False
    gap = float(message.ts) - float(before.ts)
    same = before.user == message.user and before.username == message.username
    return same and 0 <= gap <= GROUPED_WITHIN.total_seconds()


def starts_day(before: Message, message: Message, names: Names) -> bool:
    """Tell whether a day begins between two messages, for this viewer."""
    return names.moment(before.ts).date() != names.moment(message.ts).date()


def draw_day(message: Message, names: Names) -> Element:
    """Draw the line that names the day; returns the name."""
    with el("div", classes="day"):
        return el("span", day_name(names.moment(message.ts), names.now()))


def attachment(content: Json, surface: MessageSurface) -> None:
    """Draw a legacy attachment: coloured edge, texts, fields, blocks."""
    colour = str(content.get("color") or "").lstrip("#")
    frame: Element = el("div", classes="attachment-legacy")
    if len(colour) == 6 and all(c in "0123456789abcdefABCDEF" for c in colour):
        put(frame, style=f"border-left-color:#{colour}")
    with frame:
        texts = [content.get(part) for part in ("pretext", "title", "text")]
        if not content.get("blocks"):
            for text in filter(None, texts):
                raw(text_html({"type": "mrkdwn", "text": text}, surface.names))
            for one in content.get("fields") or []:
                title = {
                    "type": "mrkdwn",
                    "text": f"*{one.get('title', '')}*\n{one.get('value', '')}",
                }
                raw(text_html(title, surface.names))
        else:
            Blocks(surface).show(content["blocks"])
        if content.get("footer"):
            el("p", str(content["footer"]), "quiet-text")
