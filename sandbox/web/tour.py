"""The tour: steps that tick themselves off."""

from collections.abc import Callable

from sandbox.web.extras import Extras, TourStep
from sandbox.web.mrkdwn import mrkdwn
from sandbox.web.names import Names
from sandbox.web.tags import EMIT_NOTHING, el, raw


class Tour:
    """The panel with the steps and how far one is."""

    def __init__(self, extras: Extras, follow: Callable[[TourStep], None]) -> None:
        self._steps = extras.tour_steps or tuple
        self._end = extras.tour_end
        self._follow = follow
        self._shown: tuple[tuple[TourStep, ...], bool] | None = None
        self._root = el("div", classes="tour")

    def show(self, names: Names, *, waits: bool = False) -> None:
        """Bring the steps up to date; while the demo is being prepared, none can be taken."""
        steps = tuple(self._steps())
        if (steps, waits) == self._shown:
            return
        self._shown = steps, waits
        done = sum(step.is_done for step in steps)
        following = next((index for index, step in enumerate(steps) if not step.is_done), None)
        self._root.clear()
        with self._root:
            said = f"{done} of {len(steps)} done"
            el("p", said, "tour-progress", role="status")
            el("progress", max=str(len(steps)), value=str(done), aria_label=said)
            if waits:
                el("p", "The steps count as soon as the company is ready.", "quiet-text")
            with el("ol", classes="tour-steps"):
                for index, step in enumerate(steps):
                    self._draw(step, names, is_next=index == following)
            if steps and following is None:
                raw(mrkdwn(self._end, names), classes="tour-end")

    def _draw(self, step: TourStep, names: Names, *, is_next: bool) -> None:
        state = "done" if step.is_done else "next" if is_next else ""
        with el("li", classes=f"tour-step {state}"):
            mark, said = ("✓", "done") if step.is_done else ("○", "to do")
            el("span", mark, "tour-mark", role="img", aria_label=said)
            with el("div"):
                leads = bool(step.as_user or step.place)
                if leads and not is_next:
                    self._link(step, step.title, "tour-title tour-link")
                else:
                    el("div", step.title, "tour-title")
                if step.detail and not step.is_done:
                    raw(mrkdwn(step.detail, names), classes="quiet-text")
                if leads and is_next:
                    self._link(step, "Take me there", "button quiet")

    def _link(self, step: TourStep, label: str, classes: str) -> None:
        """Draw a button that goes to a step's person and place."""
        go = el("button", label, classes, type="button")
        go.on("click", lambda: self._follow(step), js_handler=EMIT_NOTHING)
