"""Modals: the uppermost of the stack, in one dialog of the page."""

from nicegui.element import Element

from sandbox.acting import close, submit
from sandbox.engine import Engine
from sandbox.outcome import CannotError, Outcome
from sandbox.state import View
from sandbox.web.blockkit import Blocks
from sandbox.web.dialogs import ON_CANCEL, ON_CLOSED
from sandbox.web.elements import busy
from sandbox.web.mrkdwn import words
from sandbox.web.names import Names
from sandbox.web.surface import Ask, ViewSurface
from sandbox.web.tags import EMIT_NOTHING, EMIT_PRESS, el, icon_button, put, run_on_page, set_text


class ModalWindow:
    """Shows the uppermost modal of one person; the window is open while there is one."""

    def __init__(self, engine: Engine, ask: Ask) -> None:
        self._engine = engine
        self._ask = ask
        self._view: View | None = None
        self._names: Names | None = None
        self._hash = ""
        """Tells what the app gave last from what it gave before."""
        self._blocks: Blocks | None = None
        self._errors: list[Element] = []
        self._buttons = ("", "")
        """Texts of the buttons at the foot: to close, and to submit."""
        self._described: list[tuple[Element, str | None]] = []
        """Each field with an error, and its description before the error."""
        self._dialog = el("dialog", classes="dialog modal")
        self._dialog.on("cancel", self._close, js_handler=ON_CANCEL)
        self._dialog.on("close", self._close, js_handler=ON_CLOSED)

    def show(self, names: Names) -> None:
        """Bring the window up to date with the person's stack of modals."""
        stack = self._engine.world.stack(names.viewer.id)
        view = stack[-1] if stack else None
        same = self._view is not None and view is self._view and self._names == names
        was_open = self._view is not None
        self._view, self._names = view, names
        if view is None:
            if was_open:
                run_on_page(self._dialog, "leaveDialog", self._dialog.html_id)
                self._dialog.clear()
            return
        if same and self._blocks is not None:
            self._update(view)
        else:
            self._build(view, names)
        if not same:
            run_on_page(self._dialog, "enterDialog", self._dialog.html_id, view.id)

    def _build(self, view: View, names: Names) -> None:
        self._dialog.clear()
        self._errors, self._described, self._buttons = [], [], ("", "")
        surface = ViewSurface(self._engine, names, self._ask, self._tell, view)
        with self._dialog:
            with el("div", classes="modal-head"):
                self._title = el("h2", "", "dialog-title", tabindex="-1")
                cross = icon_button("close", "Close the window")
            with el("div", classes="modal-body"):
                self._blocks = Blocks(surface)
                self._said = el("p", "", "error-line", role="alert")
            self._foot = el("div", classes="dialog-buttons")
        cross.on("click", self._close, js_handler=EMIT_NOTHING)
        put(self._dialog, aria_labelledby=self._title.html_id, data_view=view.id)
        self._update(view)

    def _update(self, view: View) -> None:
        if view.hash != self._hash:
            self._hash = view.hash
            self._clear_errors()  # they are about the form as it was
        content = view.content
        set_text(self._title, words(content.get("title")))
        if self._blocks is not None:
            self._blocks.show(view.blocks)
        submitting = words(content.get("submit"))
        closing = words(content.get("close")) or ("Cancel" if submitting else "Close")
        if self._buttons != (closing, submitting):
            self._buttons = (closing, submitting)
            self._draw_buttons(closing, submitting)

    def _draw_buttons(self, closing: str, submitting: str) -> None:
        self._foot.clear()
        with self._foot:
            cancel = el("button", closing, "button", type="button", data_focus="modal|close")
            cancel.on("click", self._close, js_handler=EMIT_NOTHING)
            if submitting:
                self._submit_button = el("button", submitting, "button primary", type="button")
                put(self._submit_button, data_focus="modal|submit")
                self._submit_button.on("click", self._submit, js_handler=EMIT_PRESS)

    async def _submit(self) -> None:
        view, names, button = self._view, self._names, self._submit_button
        if view is None or names is None or self._blocks is None or "aria-busy" in button.props:
            return
        self._clear_errors()
        busy(button, True)
        outcome = await self._blocks.surface.act(submit(self._engine, names.viewer.id, view.id))
        busy(button, False)
        if outcome is not None and outcome.errors:
            self._show_errors(outcome)
        elif outcome is not None and outcome.ok:
            run_on_page(self._dialog, "toTop", self._dialog.html_id)

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
        for control, described_by in self._described:
            if not control.is_deleted:
                put(control, aria_invalid=None, aria_describedby=described_by)
        self._described = []

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
                before = control.props.get("aria-describedby")
                self._described.append((control, before))
                described = f"{shown.html_id} {before}" if before else shown.html_id
                put(control, aria_invalid="true", aria_describedby=described)
                first = first or control
        if first is not None:
            run_on_page(self._dialog, "enterField", first.html_id)
