"""Messages: their authors, when they came, what they hold, and what a press in them brought."""

from nicegui import ui

from sandbox.engine import Engine
from sandbox.state import Channel, Json, Message
from sandbox.web.blockkit import Blocks
from sandbox.web.elements import FILES, image
from sandbox.web.mrkdwn import mrkdwn
from sandbox.web.names import Names, avatar
from sandbox.web.surface import Ask, MessageSurface
from sandbox.web.tags import el, icon, raw, set_text


class MessageRow:
    """One message on the page."""

    def __init__(
        self, engine: Engine, names: Names, ask: Ask, channel: Channel, message: Message
    ) -> None:
        self.message = message
        self._names = names
        author = names.user(message.user) or message.user
        kind = "message ephemeral" if message.is_ephemeral else "message"
        # It can take the focus when the button that had it is gone: a press replaces messages.
        whole = {"tabindex": "-1", "data_focus": message.ts, "aria_label": author}
        with el("article", classes=kind, **whole) as self.root:
            avatar(author, message.user)
            with el("div", classes="message-main"):
                if message.is_ephemeral:
                    with el("div", classes="ephemeral-note"):
                        icon("visibility")
                        el("span", " Only visible to you")
                with el("div", classes="message-head"):
                    el("span", author, "author")
                    if message.bot_id:
                        el("span", "APP", "app-badge")
                    el("time", names.moment(message.ts), "quiet-text")
                self._text = raw(mrkdwn("", names), classes="message-text")
                surface = MessageSurface(engine, names, ask, self._tell, channel, message)
                self._blocks = Blocks(surface)
                self._files = el("div", classes="message-files")
                self._said = el("p", "", "error-line", role="alert")
        self.update()

    def _tell(self, text: str) -> None:
        set_text(self._said, text)

    def update(self) -> None:
        """Show the message as it is now; blocks that stayed the same are left alone."""
        message = self.message
        self._text.set_content(mrkdwn("" if message.blocks else message.text, self._names))
        self._blocks.show(message.blocks)
        self._files.clear()
        with self._files:
            for one in message.files:
                shared_file(one, self._names)


def shared_file(shown: Json, names: Names) -> None:
    """Draw a file of the workspace: a picture as such, anything else as a link."""
    title = str(shown.get("title") or shown.get("name"))
    if str(shown.get("mimetype", "")).startswith("image/"):
        content = {"slack_file": {"id": shown["id"]}, "alt_text": shown.get("alt_txt") or title}
        with el("figure", classes="figure"):
            el("figcaption", title)
            image(content, names, "large-picture")
        return
    with el("div", classes="attachment"):
        icon("attach_file")
        ui.link(title, f"{FILES}/{shown['id']}", new_tab=True)
