"""The page: one person's Slack, put together from its parts and kept up to date."""

from pathlib import Path

from nicegui import ui
from nicegui.element import Element
from starlette.requests import Request

from sandbox.calls import CallRecord
from sandbox.state import Change, Channel, Json, User
from sandbox.web.clock_slot import ClockSlot
from sandbox.web.conversation import Conversation
from sandbox.web.dialogs import ConfirmDialog
from sandbox.web.extras import TourStep
from sandbox.web.home import HomeTab
from sandbox.web.inspector import Inspector
from sandbox.web.live import Feed, Web
from sandbox.web.modals import ModalWindow
from sandbox.web.names import Names, people, person_name
from sandbox.web.sidebar import Sidebar
from sandbox.web.tags import EMIT_NOTHING, el, icon_button, put, set_text
from sandbox.web.tour import Tour

STYLE = Path(__file__).with_name("style.css").read_text("utf-8")
SCRIPT = Path(__file__).with_name("page.js").read_text("utf-8")
MESSAGE_CHANGES = {"message_posted", "message_changed", "message_deleted"}
SIDEBAR_CHANGES = {"message_posted", "member_joined", "member_left", "channel_created"}
PEOPLE_CHANGES = {"user_changed", "user_joined"}
VIEW_CHANGES = {"view_opened", "view_updated", "view_closed", "home_opened"}


class Page:
    """One browser page."""

    def __init__(self, web: Web, user: User, place: str) -> None:
        self._web = web
        self._world = web.engine.world
        self._user = user
        self._place = place
        self._main: Conversation | HomeTab | None = None
        ui.add_css(STYLE)
        ui.add_head_html(f"<script>{SCRIPT}</script>")
        self._confirm = ConfirmDialog()
        self._modal = ModalWindow(web.engine, self._ask)
        self._build()
        for around in self._frame.ancestors():
            if around.tag == "q-page":
                put(around, role="none")  # the page has a main part of its own
        self._feed = Feed(web.engine, self._show_news)
        self._frame.client.on_delete(self._feed.close)

    @property
    def _names(self) -> Names:
        return Names(self._world, self._user)

    async def _ask(self, confirm: Json) -> bool:
        return await self._confirm.ask(confirm, self._names)

    def _build(self) -> None:
        extras = self._web.extras
        self._panel_titles = {"inspector": "Inspector"}
        if extras.tour_steps is not None:
            self._panel_titles["tour"] = extras.tour_title
        with el("div", classes="frame") as self._frame:
            with el("header", classes="top"):
                el("span", self._world.team.name, "team-name")
                self._clock = ClockSlot(self._web, lambda: self._names)
                names = self._panel_titles
                self._panel_buttons = {name: self._panel_button(name) for name in names}
            self._banner = el("p", "", "banner", role="status")
            with el("div", classes="columns"):
                with el("nav", classes="side", aria_label="Conversations"):
                    self._sidebar = Sidebar(self._web, self.go, self.become)
                self._main_frame = el("main", classes="main", tabindex="-1")
                self._build_panel()
        self._sidebar.show_person(self._user)
        self._open_place()
        self._open_panel("tour" if extras.tour_steps else "")
        self._show_clock()
        self._modal.show(self._names)
        self._tell_who()

    def _panel_button(self, name: str) -> Element:
        button = el("button", self._panel_titles[name], "button quiet", type="button")
        button.on("click", lambda: self._toggle_panel(name), js_handler=EMIT_NOTHING)
        return button

    def _build_panel(self) -> None:
        with el("aside", classes="panel") as self._panel_frame:
            with el("div", classes="panel-head"):
                self._panel_title = el("h2", "", "panel-title")
                cross = icon_button("close", "Close panel")
                cross.on("click", lambda: self._open_panel(""), js_handler=EMIT_NOTHING)
            names = self._panel_titles
            self._panel_bodies = {name: el("div", classes="panel-body") for name in names}
        with self._panel_bodies["inspector"]:
            self._inspector = Inspector(self._web)
        self._tour: Tour | None = None
        if "tour" in names:
            with self._panel_bodies["tour"]:
                self._tour = Tour(self._web.extras, self._follow)
            self._show_tour()

    def _toggle_panel(self, name: str) -> None:
        self._open_panel("" if self._panel == name else name)

    def _open_panel(self, name: str) -> None:
        self._panel = name
        title = self._panel_titles.get(name, "")
        self._panel_frame.set_visibility(bool(name))
        set_text(self._panel_title, title)
        put(self._panel_frame, aria_label=title or None)
        for key, body in self._panel_bodies.items():
            body.set_visibility(key == name)
            button = self._panel_buttons[key]
            put(button, aria_expanded="true" if key == name else "false")
            if key == name:  # where the focus goes when the panel is closed
                put(self._panel_frame, data_then=button.html_id)
        self._inspector.set_open(name == "inspector")

    def become(self, user: User) -> None:
        """Switch to another person, and stay in the same place if they can see it."""
        self._user = user
        self._tell_who()
        self._sidebar.show_person(user)
        self._clock.show()
        self._modal.show(self._names)
        self.go(self._place)

    def _tell_who(self) -> None:
        ui.page_title(f"{person_name(self._user)} · {self._world.team.name}")
        if self._web.extras.became is not None:
            self._web.extras.became(self._user.id)

    def go(self, place: str) -> None:
        """Open a place: ``home``, ``app`` or a conversation by id or name."""
        self._place = place
        self._open_place()

    def _follow(self, step: TourStep) -> None:
        user = self._world.find_user(step.as_user) if step.as_user else None
        self._place = step.place or self._place
        if user is not None and user is not self._user:
            self.become(user)
        elif step.place:
            self.go(step.place)
        # On a narrow page, the tour is below what it leads to.
        self._frame.client.run_javascript(
            f"document.getElementById('{self._main_frame.html_id}').scrollIntoView()"
        )

    def _channel(self) -> Channel | None:
        """Return the conversation of the place; None stands for Home."""
        if self._place == "home":
            return None
        found = None if self._place == "app" else self._world.find_channel(self._place)
        if found is not None and self._user.id in found.members:
            self._place = found.id
            return found
        self._place = "app"
        return self._world.direct_channel([self._world.app().bot_user_id, self._user.id])[0]

    def _open_place(self) -> None:
        channel = self._channel()
        names = self._names
        self._main_frame.clear()
        with self._main_frame:
            self._draw_main_head(channel, names)
            if channel is None:
                self._main = HomeTab(self._web.engine, names, self._ask)
            else:
                self._main = Conversation(self._web, names, self._ask, channel)
        self._seen(channel)
        self._sidebar.show(names, self._place)
        # Kept in the address, so that a reload shows the same.
        address = f"?as={self._user.id}&in={self._place}"
        self._frame.client.run_javascript(f"history.replaceState(null, '', {address!r})")

    def _draw_main_head(self, channel: Channel | None, names: Names) -> None:
        with el("div", classes="main-head"):
            if self._place in {"home", "app"}:
                name = self._world.app().name
                el("h1", name, "main-title")
                with el("div", classes="tabs", role="group", aria_label=name):
                    self._tab("home", "Home")
                    self._tab("app", "Messages")
            elif channel is not None:
                el("h1", names.channel(channel), "main-title")
                el("span", channel.topic, "quiet-text")

    def _tab(self, place: str, label: str) -> None:
        current = "page" if self._place == place else None
        tab = el("button", label, "tab", type="button", aria_current=current)
        put(tab, data_focus=f"tab|{place}")
        tab.on("click", lambda: self.go(place), js_handler=EMIT_NOTHING)

    def _seen(self, channel: Channel | None) -> None:
        if channel is not None:
            self._web.unread.pop((self._user.id, channel.id), None)

    def _show_news(self, changes: list[Change], records: list[CallRecord]) -> None:
        """Redraw what the news touch, and nothing else."""
        if self._frame.is_deleted:
            self._feed.close()
            return
        kinds = {change.kind for change in changes}
        if isinstance(self._main, Conversation):
            self._main.apply([c for c in changes if c.kind in MESSAGE_CHANGES])
            self._seen(self._channel())
        elif kinds & VIEW_CHANGES and isinstance(self._main, HomeTab):
            self._main.show()
        if any(self._is_mine(change) for change in changes if change.kind in VIEW_CHANGES):
            self._modal.show(self._names)
        if kinds & SIDEBAR_CHANGES:
            self._sidebar.show(self._names, self._place)
        if kinds & PEOPLE_CHANGES:
            self._sidebar.show_person(self._user)
        if "clock_moved" in kinds:
            self._show_clock()
        self._show_tour()
        self._inspector.add(records)

    def _show_clock(self) -> None:
        self._clock.show()
        set_text(self._banner, self._web.preparing)

    def _show_tour(self) -> None:
        if self._tour is not None:
            self._tour.show(self._names, waits=bool(self._web.preparing))

    def _is_mine(self, change: Change) -> bool:
        return change.view is None or change.view.user_id == self._user.id


def show_page(request: Request) -> None:
    """Build the page for one request: ``?as=`` says who one is, ``in=`` what is open."""
    web: Web = request.scope["sandbox_web"]
    world, extras, query = web.engine.world, web.extras, request.query_params
    everybody = people(world)
    asked = (query.get("as"), extras.start_as)
    found = (world.find_user(reference) for reference in asked if reference)
    user = next((user for user in found if user in everybody), everybody[0])
    Page(web, user, query.get("in") or extras.start_in or "app")
