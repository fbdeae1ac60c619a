"""Selects with a search: those of many choices, and those whose options the app gives."""

from typing import Any

from nicegui import events

from sandbox.state import Json
from sandbox.web.choices import Choice, choices_of, key_of, option_choice
from sandbox.web.mrkdwn import words
from sandbox.web.surface import Place
from sandbox.web.tags import (
    CLOSE_ON_ESCAPE,
    CLOSE_WHEN_LEFT,
    EMIT_VALUE,
    el,
    put,
    set_text,
)

MOST_SHOWN = 50
EMIT_CHOICE = "(event) => emit([event.target.value, event.target.checked])"


class Picker:
    """A select that opens a list with a search field. What is chosen stands in its summary."""

    def __init__(self, element: Json, place: Place) -> None:
        self._element = element
        self._place = place
        self._many = element["type"].startswith("multi_")
        self._external = "external" in element["type"]
        self._choices = [] if self._external else choices_of(element, place.names)
        self._chosen = self._start()
        self._least = int(element.get("min_query_length", 3)) if self._external else 0
        self._query = ""
        self._draw()

    def _start(self) -> list[Choice]:
        value = self._place.current(self._element)
        values = value if isinstance(value, list) else [value] if value else []
        if self._external:
            return [option_choice(one) for one in values]
        known = {choice.key: choice for choice in self._choices}
        return [known.get(key_of(v)) or Choice(key_of(v), v, key_of(v)) for v in values]

    def _draw(self) -> None:
        group = el("details", classes="picker", data_focus=self._place.focus_key(self._element))
        group.on("focusout", js_handler=CLOSE_WHEN_LEFT).on("keydown", js_handler=CLOSE_ON_ESCAPE)
        with group:
            self._summary = el("summary", self._summary_text(), "field")
            self._name_summary()
            put(self._summary, aria_describedby=self._place.described_by)
            with el("div", classes="menu-panel"):
                search = el(
                    "input",
                    classes="field",
                    type="search",
                    placeholder="Search",
                    autocomplete="off",
                )
                search.props["aria-label"] = "Search the options"
                search.on("input", self._search, js_handler=EMIT_VALUE, throttle=0.2)
                self._list = el("div", classes="picker-list", role="group")
                self._list.props["aria-label"] = "Options"
                self._list.on("change", self._changed, js_handler=EMIT_CHOICE)
        self._show()
        self._place.controls.append(self._summary)

    def _name_summary(self) -> None:
        label = self._place.label or words(self._element.get("placeholder")) or "Choose"
        self._summary.props["aria-label"] = f"{label}: {self._summary_text()}"

    def _summary_text(self) -> str:
        names = " · ".join(choice.text for choice in self._chosen)
        return names or words(self._element.get("placeholder")) or "Choose"

    async def _search(self, event: events.GenericEventArguments) -> None:
        typed = self._query = str(event.args).strip()
        if self._external and len(typed) >= self._least:
            options = await self._place.surface.suggest(self._element, typed)
            if typed != self._query:
                return  # a later search has its own answer
            self._choices = [option_choice(option) for option in options]
        if not self._list.is_deleted:
            self._show()

    def _found(self) -> list[Choice]:
        if self._external:
            kept = {choice.key for choice in self._choices}
            return [*(c for c in self._chosen if c.key not in kept), *self._choices]
        wanted = self._query.casefold()
        return [c for c in self._choices if wanted in c.text.casefold()]

    def _show(self) -> None:
        self._list.clear()
        found = self._found()
        with self._list:
            group = ""
            for choice in found[:MOST_SHOWN]:
                if choice.group != group:
                    group = choice.group
                    el("div", group, "picker-group")
                self._draw_choice(choice)
            self._say_more(found)

    def _say_more(self, found: list[Choice]) -> None:
        if self._external and len(self._query) < self._least:
            el("p", f"Type at least {self._least} letters.", "quiet-text")
        elif not found:
            el("p", "Nothing matches.", "quiet-text")
        elif len(found) > MOST_SHOWN:
            el("p", f"{len(found) - MOST_SHOWN} more: type to find them.", "quiet-text")

    def _draw_choice(self, choice: Choice) -> None:
        kind = "checkbox" if self._many else "radio"
        is_chosen = any(choice.key == one.key for one in self._chosen)
        with el("label", classes="choice"):
            name = self._list.html_id
            el("input", type=kind, name=name, value=choice.key, checked=is_chosen)
            el("span", choice.text)

    async def _changed(self, event: events.GenericEventArguments) -> None:
        """Take a choice. A search may have redrawn its box meanwhile, so the list hears of it."""
        key, is_chosen = event.args
        known = {choice.key: choice for choice in [*self._chosen, *self._choices]}
        if key in known:
            await self._toggle(known[key], bool(is_chosen))

    async def _toggle(self, choice: Choice, is_chosen: bool) -> None:
        others = [c for c in self._chosen if c.key != choice.key] if self._many else []
        most = self._element.get("max_selected_items")
        if is_chosen and most and len(others) >= most:
            self._list.client.run_javascript(
                f"document.querySelectorAll('#{self._list.html_id} input:checked')"
                f".forEach((box, index) => {{ if (index >= {int(most)}) box.checked = false }})"
            )
            return
        self._chosen = [*others, choice] if is_chosen else others
        set_text(self._summary, self._summary_text())
        self._name_summary()
        given: Any = [one.given for one in self._chosen]
        await self._place.changed(self._element, given if self._many else choice.given)
