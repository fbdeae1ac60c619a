"""Where blocks stand: a message, a modal or a Home tab, before one person."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from nicegui.element import Element

from sandbox.elements import RULES, initial_state
from sandbox.web.names import Names

Json = dict[str, Any]


class Surface(ABC):
    """What the drawn elements need: who looks, what is filled in, and where presses go."""

    names: Names
    id = ""
    """What tells this surface from all others on the page."""
    keeps_values = False
    """Whether what is chosen stays when the app changes the rest, as in views."""
    takes_focus = False
    """Whether an element may ask for the focus; in messages that would tear it away."""

    def __init__(self) -> None:
        self.controls: dict[str, list[Element]] = {}
        """What was drawn to type into or to choose with, by block id."""

    @abstractmethod
    def state(self, block: Json, element: Json) -> Json:
        """Return the state of an element, such as ``{"type": …, "value": …}``."""

    @abstractmethod
    async def press(self, block: Json, element: Json, given: Any) -> None:
        """Act on an element and show what came of it."""

    @abstractmethod
    def fill(self, block: Json, element: Json, given: Any) -> None:
        """Note what was typed or chosen, without telling the app."""

    @abstractmethod
    async def suggest(self, block: Json, element: Json, typed: str) -> list[Json]:
        """Ask the app for the options of an external select."""

    @abstractmethod
    async def confirmed(self, confirm: Json) -> bool:
        """Ask the person whether they are sure."""

    @abstractmethod
    def upload(self, name: str, content: bytes) -> Json:
        """Keep a file; returns it as files.info shows it."""


@dataclass
class Place:
    """One block on a surface, and the label that its element goes by."""

    surface: Surface
    block: Json
    label: str = ""
    """What a screen reader says for the element, where the element has no words of its own."""
    label_id: str | None = None
    described_by: str | None = None
    required: bool = False

    @property
    def controls(self) -> list[Element]:
        """What was drawn in this block to type into or to choose with."""
        return self.surface.controls.setdefault(self.block.get("block_id", ""), [])

    @property
    def names(self) -> Names:
        """Who looks, and what ids mean to them."""
        return self.surface.names

    @property
    def sends(self) -> bool:
        """Whether a change goes to the app at once."""
        return self.block.get("type") != "input" or bool(self.block.get("dispatch_action"))

    def current(self, element: Json) -> Any:
        """Return the value that an element holds now."""
        rule = RULES[element["type"]]
        state = self.surface.state(self.block, element) or initial_state(element)
        return state.get(rule.key)

    async def changed(self, element: Json, given: Any) -> None:
        """Take a new value: tell the app, or keep it for the submit."""
        if not self.sends:
            self.surface.fill(self.block, element, given)
            return
        if "confirm" in element and not await self.surface.confirmed(element["confirm"]):
            return
        await self.surface.press(self.block, element, given)

    def focus_key(self, element: Json, part: str = "") -> str:
        """Return what an element is known by when it is drawn anew, so that the focus finds it."""
        ids = (self.surface.id, self.block.get("block_id"), element.get("action_id"), part)
        return "|".join(str(one) for one in ids)

    def aria(self, element: Json) -> dict[str, Any]:
        """Return the attributes that name, describe and identify an element."""
        named: dict[str, Any] = {"data_focus": self.focus_key(element)}
        if self.label_id:
            named["aria_labelledby"] = self.label_id
        else:
            placeholder = (element.get("placeholder") or {}).get("text")
            named["aria_label"] = placeholder or self.label or element["type"].replace("_", " ")
        if self.described_by:
            named["aria_describedby"] = self.described_by
        if self.required:
            named["aria_required"] = "true"
        return named
