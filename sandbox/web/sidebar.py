"""The left side: who one is, the app, channels and direct messages with unread counts."""

from collections.abc import Callable
from dataclasses import dataclass

from nicegui import events

from sandbox.state import User
from sandbox.web.live import Web
from sandbox.web.names import Names, avatar, people, person_name
from sandbox.web.tags import EMIT_NOTHING, EMIT_VALUE, el, icon


@dataclass(frozen=True)
class Entry:
    """One line: ``place`` is where it leads."""

    section: str
    place: str
    label: str
    icon: str
    unread: int = 0


class Sidebar:
    """Redraws its lines only when they change."""

    def __init__(self, web: Web, go: Callable[[str], None], become: Callable[[User], None]) -> None:
        self._web = web
        self._go = go
        self._become = become
        self._shown: tuple[list[Entry], str] | None = None
        self._me = el("div", classes="me")
        self._list = el("div", classes="places")

    def show_person(self, user: User) -> None:
        """Show who one is now, and offer the others, the demo's roles first."""
        world = self._web.engine.world
        found = [(world.find_user(role.user), role.label) for role in self._web.extras.roles]
        roles = [(person, label) for person, label in found if person is not None]
        everybody = [(person, person.title) for person in people(world)]
        self._me.clear()
        with self._me:
            avatar(person_name(user), user.id)
            label = "Switch to another person"
            with el("select", classes="field", aria_label=label, data_focus="switch") as switch:
                for title, listed in (("Try these", roles), ("Everybody", everybody)):
                    with el("optgroup", label=title):
                        for person, about in listed:
                            text = " · ".join(filter(None, [person_name(person), about]))
                            el("option", text, value=person.id, selected=person is user)
        switch.on("change", self._switch, js_handler=EMIT_VALUE)

    def _switch(self, event: events.GenericEventArguments) -> None:
        self._become(self._web.engine.world.users[str(event.args)])

    def show(self, names: Names, place: str) -> None:
        """Bring everything up to date for this person and place."""
        entries = entries_of(self._web, names)
        if (entries, place) == self._shown:
            return
        self._shown = entries, place
        self._list.clear()
        section = ""
        with self._list:
            for entry in entries:
                if entry.section != section:
                    section = entry.section
                    el("h2", section, "places-title")
                self._draw(entry, is_current=entry.place == place)

    def _draw(self, entry: Entry, *, is_current: bool) -> None:
        button = el(
            "button",
            classes="place unread" if entry.unread else "place",
            type="button",
            data_focus=f"place|{entry.place}",
            aria_current="page" if is_current else None,
        )
        with button:
            icon(entry.icon)
            el("span", entry.label, "place-label")
            if entry.unread:
                el("span", str(entry.unread), "badge", title="Unread messages")
        button.on("click", lambda: self._go(entry.place), js_handler=EMIT_NOTHING)


def entries_of(web: Web, names: Names) -> list[Entry]:
    """Return the lines for one person: the app, channels, direct messages."""
    world, viewer = web.engine.world, names.viewer
    app = world.app()
    own = world.direct_channel([app.bot_user_id, viewer.id])[0]
    entries = [
        Entry(app.name, "home", "Home", "home"),
        Entry(app.name, "app", "Messages", "mail", web.unread[viewer.id, own.id]),
    ]
    mine = [c for c in world.channels.values() if viewer.id in c.members and not c.is_archived]
    for channel in sorted(mine, key=lambda c: (c.is_direct, c.name)):
        if channel is own or (channel.is_direct and not channel.messages):
            continue
        section = "Direct messages" if channel.is_direct else "Channels"
        mark = {"public_channel": "tag", "private_channel": "lock"}.get(channel.kind, "person")
        label = names.channel(channel).removeprefix("#")
        unread = web.unread[viewer.id, channel.id]
        entries.append(Entry(section, channel.id, label, mark, unread))
    return entries
