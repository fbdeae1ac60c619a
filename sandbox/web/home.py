"""The app's Home tab. Opening it tells the app, as in Slack."""

from nicegui import background_tasks
from nicegui.element import Element

from sandbox.acting import home
from sandbox.engine import Engine
from sandbox.outcome import TROUBLE, CannotError
from sandbox.web.blockkit import Blocks
from sandbox.web.conversation import notice
from sandbox.web.names import Names
from sandbox.web.surface import Ask, ViewSurface
from sandbox.web.tags import el, set_text


class HomeTab:
    """The Home tab of one person."""

    def __init__(self, engine: Engine, names: Names, ask: Ask) -> None:
        self._engine = engine
        self._names = names
        self._ask = ask
        self._app = app = engine.world.app()
        self._blocks: Blocks | None = None
        self._notice: Element | None = None
        label = f"Home of {app.name}"
        with el("div", classes="scroller home", tabindex="0", role="region", aria_label=label):
            self._said = el("p", "", "error-line", role="alert")
            self._frame = el("div", classes="home-inner")
        self.show()
        background_tasks.create(self._open(), name="open the Home tab")

    async def _open(self) -> None:
        try:
            outcome = await home(self._engine, self._names.viewer.id)
        except CannotError as error:
            set_text(self._said, str(error))
            return
        if not outcome.ok:
            set_text(self._said, outcome.shown or TROUBLE)
        elif self._blocks is None and self._notice is not None:
            set_text(self._notice, f"{self._app.name} has nothing in its Home tab for you.")

    def show(self) -> None:
        """Bring the tab up to date."""
        view = self._engine.world.homes.get(self._names.viewer.id)
        if self._frame.is_deleted:
            return
        if view is None:
            with self._frame:
                self._notice = self._notice or notice(f"Asking {self._app.name} …")
            return
        if self._blocks is None:
            self._frame.clear()
            with self._frame:
                surface = ViewSurface(self._engine, self._names, self._ask, self._tell, view)
                self._blocks = Blocks(surface)
        self._blocks.show(view.blocks)

    def _tell(self, text: str) -> None:
        set_text(self._said, text)
