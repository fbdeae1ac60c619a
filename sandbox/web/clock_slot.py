"""The clock in the header, and the demo's buttons that move it."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from nicegui import ui
from nicegui.element import Element

from sandbox.web.extras import CLOCK_STEPS
from sandbox.web.live import Web
from sandbox.web.names import Names
from sandbox.web.tags import EMIT_PRESS, el, put, set_text

logger = logging.getLogger(__name__)

REFRESH_SECONDS = 15.0
MOVING = "Time moves …"
STOPPED = "Time stopped on the way. Press again: it goes on from here, and nothing is left out."


class ClockSlot:
    """Shows the time in the viewer's zone; without a demo there is nothing to press."""

    def __init__(self, web: Web, names: Callable[[], Names]) -> None:
        self._web = web
        self._names = names
        self._buttons: list[Element] = []
        self._trouble = ""
        with el("div", classes="clock"):
            # First, so that the buttons stay beneath the pointer when it says something.
            self._status = el("span", "", "clock-status", role="status")
            with el("span", classes="clock-now"):
                self._time = el("time", "", "clock-time")
                self._zone = el("span", "", "clock-zone")
            if web.extras.advance is not None:
                with el("div", classes="clock-buttons", role="group", aria_label="Move the clock"):
                    for label, by in CLOCK_STEPS.items():
                        self._add_button(label, by)
        ui.timer(REFRESH_SECONDS, self.show)

    def _add_button(self, label: str, by: timedelta) -> None:
        async def press() -> None:
            await self._advance(by)

        button = el("button", label, "button quiet", type="button")
        button.on("click", press, js_handler=EMIT_PRESS)
        self._buttons.append(button)

    async def _advance(self, by: timedelta) -> None:
        if self._web.is_held:
            return
        self._trouble = ""
        try:
            await self._web.move_clock(by)
        except Exception:
            # What went wrong is for the log; who plays needs to know what to do.
            logger.exception("the clock stopped on its way")
            self._trouble = STOPPED
        self.show()

    def show(self) -> None:
        """Show the time as it is now, and whether it may be moved."""
        names = self._names()
        given = self._web.extras.clock_now
        moment: datetime = (given() if given else names.now()).astimezone(names.zone)
        set_text(self._time, f"{moment:%a} {moment.day} {moment:%b %Y}, {moment:%H:%M}")
        zone = names.viewer.tz or "UTC"
        put(self._time, datetime=moment.isoformat(timespec="minutes"), title=zone)
        set_text(self._zone, city(zone))
        # Not `disabled`: that would take the focus away from who has just pressed.
        held = "true" if self._web.is_held else None
        for button in self._buttons:
            if not button.is_deleted and button.props.get("aria-disabled") != held:
                put(button, aria_disabled=held)
        set_text(self._status, MOVING if self._web.is_moving else self._trouble)


def city(zone: str) -> str:
    """Return the place that names a zone: clocks differ between the people one can be."""
    return zone.rpartition("/")[2].replace("_", " ")
