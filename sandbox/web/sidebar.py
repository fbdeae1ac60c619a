"""The left side: who you are, the app, channels and direct messages with unread counts."""

from collections.abc import Callable
from dataclasses import dataclass

from nicegui import events
from nicegui.element import Element

from sandbox.state import Channel, User
from sandbox.web.avatars import avatar
from sandbox.web.live import Web
from sandbox.web.names import Names, channel_name, person_name
from sandbox.web.tags import EMIT_NOTHING, EMIT_VALUE, el, icon, menu, put, set_text

MOST_PEOPLE = 30
TELL_OPEN = (
    "(event) => { const menu = event.target;"
    " if (!menu.open) menu.querySelector('input').value = ''; emit(menu.open) }"
)
"""Whoever opens the menu again searches anew."""


@dataclass(frozen=True)
class Entry:
    """One line: ``place`` is where it leads."""

    section: str
    place: str
    label: str
    icon: str = ""
    unread_in: str = ""


class Sidebar:
    """Redraws its lines only when they change; counts change in place."""

    def __init__(self, web: Web, go: Callable[[str], None], become: Callable[[User], None]) -> None:
        self._web = web
        self._go = go
        self._become = become
        self._entries: list[Entry] = []
        self._drawn: dict[str, tuple[Element, Element]] = {}
        self._query = ""
        with el("div", classes="me"):
            self._me = el("div", classes="me-shown")
            self._menu, panel = menu(
                "Switch to another person", "people-menu", "expand_more", "Switch"
            )
            with panel:
                search = el("input", classes="field", type="search", placeholder="Search people")
                put(search, aria_label="Search people", autocomplete="off")
                search.on("input", self._search, js_handler=EMIT_VALUE, throttle=0.1)
                self._people = el("div", classes="people")
            # Drawn only while it is open: so many lines would slow down all the page does.
            self._is_open = False
            self._menu.on("toggle", self._toggled, js_handler=TELL_OPEN)
        self._list = el("div", classes="places")

    def show(self, names: Names, place: str) -> None:
        """Bring everything up to date for this person and place."""
        entries = entries_of(self._web, names)
        if entries != self._entries:
            self._entries = entries
            self._rebuild()
        for entry in entries:
            button, badge = self._drawn[entry.place]
            count = self._web.unread.get((names.viewer.id, entry.unread_in), 0)
            current = entry.place == place
            if button.props.get("aria-current") != ("page" if current else None):
                put(button, aria_current="page" if current else None)
            said = str(count) if count else ""
            set_text(badge, said)
            badge.set_visibility(bool(count))
            button.classes(add="unread") if count else button.classes(remove="unread")

    def show_person(self, user: User) -> None:
        """Show who one is now, and offer the others."""
        self._me.clear()
        with self._me:
            avatar(person_name(user), user.id)
            with el("div", classes="me-name"):
                el("strong", person_name(user))
                el("span", user.title or user.name, "me-title")
        self._show_people()

    def _toggled(self, event: events.GenericEventArguments) -> None:
        self._is_open = bool(event.args)
        if not self._is_open:
            self._query = ""
        self._show_people()

    def _rebuild(self) -> None:
        self._list.clear()
        self._drawn = {}
        section = ""
        with self._list:
            for entry in self._entries:
                if entry.section != section:
                    section = entry.section
                    el("h2", section, "places-title")
                self._drawn[entry.place] = self._draw(entry)

    def _draw(self, entry: Entry) -> tuple[Element, Element]:
        key = f"place|{entry.place}"
        button = el("button", classes="place", type="button", data_focus=key)
        with button:
            if entry.icon:
                icon(entry.icon)
            el("span", entry.label, "place-label")
            badge = el("span", "", "badge", title="Unread messages")
        button.on("click", lambda: self._go(entry.place), js_handler=EMIT_NOTHING)
        return button, badge

    def _search(self, event: events.GenericEventArguments) -> None:
        self._query = str(event.args).casefold().strip()
        self._show_people()

    def _show_people(self) -> None:
        self._people.clear()
        if not self._is_open:
            return
        found = [u for u in people(self._web) if self._query in searched(u)]
        with self._people:
            if not self._query and (cast := self._cast()):
                el("h2", "Try these", "places-title")
                for user, role in cast:
                    self._draw_person(user, role)
                el("h2", "Everybody", "places-title")
            for user in found[:MOST_PEOPLE]:
                self._draw_person(user, user.title)
            if len(found) > MOST_PEOPLE:
                el("p", f"{len(found) - MOST_PEOPLE} more: type to find them.", "quiet-text")
            elif not found:
                el("p", "Nobody is called that.", "quiet-text")

    def _cast(self) -> list[tuple[User, str]]:
        """Return whom to be first of all, and what they are."""
        found = [
            (self._web.engine.world.find_user(r.user), r.label) for r in self._web.extras.roles
        ]
        return [(user, label) for user, label in found if user is not None]

    def _draw_person(self, user: User, role: str) -> None:
        button = el("button", classes="menu-item person", type="button")
        with button:
            avatar(person_name(user), user.id, "avatar small-avatar")
            with el("span", classes="person-lines"):
                el("span", person_name(user), "person-name")
                if role:
                    el("span", role, "quiet-text")
        button.on("click", js_handler="(e) => e.target.closest('details').open = false")
        button.on("click", lambda: self._become(user), js_handler=EMIT_NOTHING)


def people(web: Web) -> list[User]:
    """Return everybody one can be: no bots, nobody who left."""
    present = [
        user
        for user in web.engine.world.users.values()
        if not (user.is_bot or user.deleted or user.id == "USLACKBOT")
    ]
    return sorted(present, key=lambda user: person_name(user).casefold())


def searched(user: User) -> str:
    """Return what a search for people looks through."""
    return f"{person_name(user)} {user.name} {user.title}".casefold()


def entries_of(web: Web, names: Names) -> list[Entry]:
    """Return the lines for one person: the app, channels, direct messages."""
    world, viewer = web.engine.world, names.viewer
    app = world.app()
    direct = world.direct_channel([app.bot_user_id, viewer.id])[0]
    lines = [
        Entry(app.name, "home", "Home", "home"),
        Entry(app.name, "app", "Messages", "mail", direct.id),
    ]
    mine = [c for c in world.channels.values() if viewer.id in c.members and not c.is_archived]
    channels = sorted((c for c in mine if not c.is_direct), key=lambda c: c.name)
    directs = [c for c in mine if c.is_direct and c is not direct and c.messages]
    lines += [Entry("Channels", c.id, c.name, mark(c), c.id) for c in channels]
    lines += [
        Entry("Direct messages", c.id, channel_name(world, c, viewer), "person", c.id)
        for c in directs
    ]
    return lines


def mark(channel: Channel) -> str:
    """Return the icon before a channel's name."""
    return "lock" if channel.kind == "private_channel" else "tag"
