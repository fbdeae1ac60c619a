"""Where blocks stand: a message or a view, before one person. Presses take the engine's path."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from nicegui.element import Element

from sandbox.acting import press, suggest
from sandbox.acting.forms import fill_in_one
from sandbox.elements import RULES, InputError, initial_state, state_of, typed_state
from sandbox.engine import Engine
from sandbox.outcome import TROUBLE, CannotError, Outcome
from sandbox.state import Channel, Json, Message, View
from sandbox.web.names import Names

Ask = Callable[[Json], Awaitable[bool]]
Tell = Callable[[str], None]


class Surface:
    """A message or view for drawn elements: its reader, its values, and where presses go."""

    keeps_values = False
    """Whether what is chosen stays when the app changes the rest, as in views."""

    def __init__(self, engine: Engine, names: Names, ask: Ask, tell: Tell, id_: str) -> None:
        """``ask`` shows a confirm object, ``tell`` shows what went wrong."""
        self.engine = engine
        self.names = names
        self.confirmed = ask
        self.tell = tell
        self.id = id_
        self.controls: dict[str, list[Element]] = {}
        """Drawn fields, by block id."""

    def values(self) -> Json:
        """Return the state values, by block id and action id."""
        raise NotImplementedError

    def fill(self, block: Json, element: Json, given: Any) -> None:
        """Note what was typed or chosen, without telling the app."""
        raise NotImplementedError

    def place(self) -> dict[str, Any]:
        """Return how the engine finds this surface."""
        raise NotImplementedError

    async def press(self, block: Json, element: Json, given: Any) -> None:
        """Use an element and show what went wrong, if anything did."""
        # A button's value picks it out; in other elements the value is what is chosen.
        how = {"value" if element.get("type") == "button" else "selected": given}
        where = {"block_id": block.get("block_id"), **self.place()}
        viewer, action_id = self.names.viewer.id, element.get("action_id", "")
        await self.act(press(self.engine, viewer, action_id, **where, **how))

    async def suggest(self, element: Json, typed: str) -> list[Json]:
        """Return the app's options for an external select; in messages nothing asks for them."""
        view_id = self.place().get("view_id")
        if view_id is None:
            return []
        viewer = self.names.viewer.id
        outcome = await self.act(suggest(self.engine, viewer, view_id, element["action_id"], typed))
        body = outcome.reply.body if outcome and outcome.ok and outcome.reply else None
        options: list[Json] = body.get("options") or [] if isinstance(body, dict) else []
        return options

    async def act(self, acting: Awaitable[Outcome]) -> Outcome | None:
        """Wait for what comes of an act and tell what went wrong."""
        self.tell("")
        try:
            outcome = await acting
        except CannotError as error:
            self.tell(f"That did not work: {error}.")
            return None
        if not outcome.ok and not outcome.errors:
            self.tell(outcome.shown or TROUBLE)
        return outcome


class MessageSurface(Surface):
    """A message in a conversation."""

    def __init__(
        self,
        engine: Engine,
        names: Names,
        ask: Ask,
        tell: Tell,
        channel: Channel,
        message: Message,
    ) -> None:
        super().__init__(engine, names, ask, tell, message.ts)
        self._channel = channel
        self._message = message
        self._key = (names.viewer.id, channel.id, message.ts)

    def place(self) -> dict[str, Any]:
        """Return channel and time stamp."""
        return {"channel": self._channel.id, "message_ts": self._message.ts}

    def values(self) -> Json:
        """Return what this person chose in the message."""
        return self.engine.world.message_values.get(self._key, {})

    def fill(self, block: Json, element: Json, given: Any) -> None:
        """Keep what was typed into an input of the message."""
        world = self.engine.world
        values = state_of(self._message.blocks, self.values())
        try:
            state = typed_state(element, given, world)
        except InputError as error:
            self.tell(str(error))
            return
        values.setdefault(block["block_id"], {})[element["action_id"]] = state
        world.message_values[self._key] = values


class ViewSurface(Surface):
    """A modal or a Home tab."""

    keeps_values = True

    def __init__(self, engine: Engine, names: Names, ask: Ask, tell: Tell, view: View) -> None:
        super().__init__(engine, names, ask, tell, view.id)
        self.view = view

    def place(self) -> dict[str, Any]:
        """Return the view's id."""
        return {"view_id": self.view.id}

    def values(self) -> Json:
        """Return what stands in the view now."""
        return self.view.values

    def fill(self, block: Json, element: Json, given: Any) -> None:
        """Keep what was typed; the app learns of it with the submit."""
        try:
            fill_in_one(self.engine, self.view, element["action_id"], block["block_id"], given)
        except CannotError as error:
            self.tell(f"That did not work: {error}.")


@dataclass
class Place:
    """One block on a surface, and the label that its element goes by."""

    surface: Surface
    block: Json
    label: str = ""
    """The name that a screen reader says for an element without words of its own."""
    label_id: str | None = None
    described_by: str | None = None
    required: bool = False

    @property
    def controls(self) -> list[Element]:
        """Drawn fields of this block."""
        return self.surface.controls.setdefault(self.block.get("block_id", ""), [])

    @property
    def names(self) -> Names:
        """The workspace as the reader sees it."""
        return self.surface.names

    @property
    def sends(self) -> bool:
        """Whether a change goes to the app at once."""
        return self.block.get("type") != "input" or bool(self.block.get("dispatch_action"))

    def current(self, element: Json) -> Any:
        """Return the value that an element holds now."""
        values = self.surface.values().get(self.block.get("block_id", ""), {})
        state = values.get(element.get("action_id", "")) or initial_state(element)
        return state.get(RULES[element["type"]].key)

    async def changed(self, element: Json, given: Any) -> None:
        """Take a new value: tell the app, or keep it for the submit."""
        if not self.sends:
            self.surface.fill(self.block, element, given)
        elif "confirm" not in element or await self.surface.confirmed(element["confirm"]):
            await self.surface.press(self.block, element, given)

    def focus_key(self, element: Json, part: str = "") -> str:
        """Return what identifies an element across redraws, so that it keeps the focus."""
        ids = (self.surface.id, self.block.get("block_id"), element.get("action_id"), part)
        return "|".join(str(one) for one in ids)

    def aria(self, element: Json) -> dict[str, Any]:
        """Return the attributes that name, describe and identify an element."""
        placeholder = (element.get("placeholder") or {}).get("text")
        named = placeholder or self.label or element["type"].replace("_", " ")
        return {
            "data_focus": self.focus_key(element),
            "aria_labelledby": self.label_id,
            "aria_label": None if self.label_id else named,
            "aria_describedby": self.described_by,
            "aria_required": "true" if self.required else None,
        }
