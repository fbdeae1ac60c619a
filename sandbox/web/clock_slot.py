"""The clock in the header, and the demo's buttons that move it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from nicegui import ui
from nicegui.element import Element

from sandbox.web.extras import CLOCK_STEPS
from sandbox.web.live import Web
from sandbox.web.names import Names
from sandbox.web.tags import EMIT_NOTHING, el, put, set_text

REFRESH_SECONDS = 15.0


class ClockSlot:
    """Shows the time in the viewer's zone; without a demo there is nothing to press."""

    def __init__(self, web: Web, names: Callable[[], Names], moved: Callable[[], None]) -> None:
        self._web = web
        self._names = names
        self._moved = moved
        self._buttons: list[Element] = []
        with el("div", classes="clock"):
            self._time = el("time", "", "clock-time")
            if web.extras.advance is not None:
                with el("div", classes="clock-buttons", role="group", aria_label="Move the clock"):
                    for step in CLOCK_STEPS:
                        self._add_button(step.label, step.by)
            self._status = el("span", "", "clock-status", role="status")
        ui.timer(REFRESH_SECONDS, self.show)

    def _add_button(self, label: str, by: timedelta) -> None:
        async def press() -> None:
            await self._advance(by)

        button = el("button", label, "button quiet", type="button")
        button.on("click", press, js_handler=EMIT_NOTHING)
        self._buttons.append(button)

    async def _advance(self, by: timedelta) -> None:
        if self._web.extras.advance is None:
            return
        self._hold(True)
        set_text(self._status, "Time moves …")
        try:
            await self._web.extras.advance(by)
        except Exception as error:
            set_text(self._status, f"The clock did not move: {error}")
            raise
        else:
            set_text(self._status, "")
        finally:
            self._hold(False)
            self.show()
            self._moved()

    def _hold(self, is_held: bool) -> None:
        for button in self._buttons:
            if not button.is_deleted:
                put(button, disabled=is_held or None)

    def show(self) -> None:
        """Show the time as it is now."""
        names = self._names()
        given = self._web.extras.clock_now
        moment: datetime = (given() if given else names.now()).astimezone(names.zone)
        text = f"{moment:%a} {moment.day} {moment:%b %Y}, {moment:%H:%M}"
        set_text(self._time, text)
        zone = names.viewer.tz or "UTC"
        put(self._time, datetime=moment.isoformat(timespec="minutes"), title=zone)
