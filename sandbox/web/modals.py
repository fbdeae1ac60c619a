"""Modals: the uppermost of the stack, in one dialog of the page."""

import json
from collections.abc import Awaitable, Callable

from nicegui.element import Element

from sandbox.acting import close, submit
from sandbox.engine import Engine
from sandbox.outcome import TROUBLE, CannotError, Outcome
from sandbox.state import View
from sandbox.web.blockkit import Blocks
from sandbox.web.buttons import busy, words
from sandbox.web.dialogs import ON_CANCEL
from sandbox.web.names import Names
from sandbox.web.surface import Json
from sandbox.web.surfaces import ViewSurface
from sandbox.web.tags import EMIT_NOTHING, el, icon_button, put, set_text


class ModalWindow:
    """Shows whichever modal lies on top for one person; the window is open while there is one."""

    def __init__(self, engine: Engine, ask: Callable[[Json], Awaitable[bool]]) -> None:
        self._engine = engine
        self._ask = ask
        self._view: View | None = None
        self._names: Names | None = None
        self._blocks: Blocks | None = None
        self._errors: list[Element] = []
        self._dialog = el("dialog", classes="dialog modal")
        self._dialog.on("cancel", self._close, js_handler=ON_CANCEL)

    def show(self, names: Names) -> None:
        """Bring the window up to date with the person's stack of modals."""
        view = top_view(self._engine, names.viewer.id)
        same = self._view is not None and view is self._view and self._names == names
        was_open = self._view is not None
        self._view, self._names = view, names
        if view is None:
            if was_open:
                self._dialog.run_method("close")
                self._dialog.clear()
            return
        if same and self._blocks is not None:
            self._update(view)
        else:
            self._build(view, names)
        if not was_open:
            self._dialog.run_method("showModal")
        if not same:
            self._focus(f"#{self._dialog.html_id} .modal-body :is(input, select, textarea)")

    def _build(self, view: View, names: Names) -> None:
        self._dialog.clear()
        self._errors = []
        surface = ViewSurface(self._engine, names, self._ask, self._tell, view)
        with self._dialog:
            with el("div", classes="modal-head"):
                self._title = el("h2", "", "dialog-title")
                cross = icon_button("close", "Close the window")
            with el("div", classes="modal-body"):
                self._blocks = Blocks(surface)
                self._said = el("p", "", "error-line", role="alert")
            self._foot = el("div", classes="dialog-buttons")
        cross.on("click", self._close, js_handler=EMIT_NOTHING)
        put(self._dialog, aria_labelledby=self._title.html_id)
        self._update(view)

    def _update(self, view: View) -> None:
        content = view.content
        set_text(self._title, words(content.get("title")))
        if self._blocks is not None:
            self._blocks.show(view.blocks)
        self._foot.clear()
        with self._foot:
            closing = words(content.get("close")) or (
                "Cancel" if content.get("submit") else "Close"
            )
            cancel = el("button", closing, "button", type="button")
            cancel.on("click", self._close, js_handler=EMIT_NOTHING)
            if content.get("submit"):
                self._submit_button = el(
                    "button", words(content["submit"]), "button primary", type="button"
                )
                self._submit_button.on("click", self._submit, js_handler=EMIT_NOTHING)

    async def _submit(self) -> None:
        view, names = self._view, self._names
        if view is None or names is None:
            return
        self._clear_errors()
        button = self._submit_button
        busy(button, True)
        try:
            outcome = await submit(self._engine, names.viewer.id, view.id)
        except CannotError as error:
            self._tell(f"That did not work: {error}.")
            return
        finally:
            busy(button, False)
        if outcome.errors:
            self._show_errors(outcome)
        elif not outcome.ok:
            self._tell(outcome.shown or TROUBLE)

    async def _close(self) -> None:
        view, names = self._view, self._names
        if view is None or names is None:
            return
        try:
            await close(self._engine, names.viewer.id, view.id)
        except CannotError:
            self.show(names)

    def _tell(self, text: str) -> None:
        set_text(self._said, text)

    def _clear_errors(self) -> None:
        self._tell("")
        for shown in self._errors:
            if not shown.is_deleted:
                shown.delete()
        self._errors = []
        for controls in self._controls().values():
            for control in controls:
                if not control.is_deleted and "aria-invalid" in control.props:
                    put(control, aria_invalid=None)

    def _controls(self) -> dict[str, list[Element]]:
        return self._blocks.surface.controls if self._blocks is not None else {}

    def _show_errors(self, outcome: Outcome) -> None:
        """Show each error beneath its field, and put the focus on the first."""
        first: Element | None = None
        for block_id, text in outcome.errors.items():
            frame = self._blocks.element_of(block_id) if self._blocks is not None else None
            if frame is None:
                self._tell(text)
                continue
            with frame:
                shown = el("p", text, "field-error", role="alert")
            self._errors.append(shown)
            for control in self._controls().get(block_id, []):
                put(control, aria_invalid="true", aria_describedby=shown.html_id)
                first = first or control
        if first is not None:
            self._focus(f"#{first.html_id}")

    def _focus(self, selector: str) -> None:
        """Put the focus on the first element that is found."""
        self._dialog.client.run_javascript(
            f"document.querySelector({json.dumps(selector)})?.focus()"
        )


def top_view(engine: Engine, user_id: str) -> View | None:
    """Return the uppermost modal that somebody has open."""
    stacks = (stack for (owner, _), stack in engine.world.modals.items() if owner == user_id)
    return next((stack[-1] for stack in stacks if stack), None)
