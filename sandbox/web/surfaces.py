"""The two kinds of surface: a message and a view. Presses take the engine's own path."""

from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.acting import press, suggest
from sandbox.acting.forms import fill_in_one
from sandbox.elements import InputError, state_of, typed_state
from sandbox.engine import Engine
from sandbox.ids import new_id, new_secret
from sandbox.outcome import TROUBLE, CannotError, Outcome
from sandbox.render import file_json
from sandbox.state import Channel, File, Message, View
from sandbox.web.names import Names
from sandbox.web.surface import Json, Surface

Ask = Callable[[Json], Awaitable[bool]]
Tell = Callable[[str], None]


class LiveSurface(Surface):
    """A surface of a running workspace."""

    def __init__(self, engine: Engine, names: Names, ask: Ask, tell: Tell) -> None:
        super().__init__()
        self.engine = engine
        self.names = names
        self._ask = ask
        self._tell = tell

    async def confirmed(self, confirm: Json) -> bool:
        """Ask in a dialog."""
        return await self._ask(confirm)

    def upload(self, name: str, content: bytes) -> Json:
        """Keep a file as if it had been uploaded in Slack's client."""
        world = self.engine.world
        user_id = self.names.viewer.id
        file = File(new_id("F"), name, len(content), user_id, world.epoch(), new_secret())
        file.content, file.completed, file.title = content, True, name
        world.files[file.id] = file
        return file_json(world, file, self.engine.base_url)

    async def suggest(self, block: Json, element: Json, typed: str) -> list[Json]:
        """Ask the app for options; in messages the sandbox has no way to ask."""
        del block, element, typed
        return []

    async def _act(self, acting: Awaitable[Outcome]) -> Outcome | None:
        """Wait for what comes of a press and say what went wrong."""
        self._tell("")
        try:
            outcome = await acting
        except CannotError as error:
            self._tell(f"That did not work: {error}.")
            return None
        if not outcome.ok:
            self._tell(outcome.shown or TROUBLE)
        return outcome


def is_button(element: Json) -> bool:
    """Tell whether an element's value picks it out, rather than being what is chosen."""
    return element.get("type") in {"button", "icon_button"}


def pressed_with(element: Json, given: Any) -> dict[str, Any]:
    """Return how the engine is told of a choice or of a press."""
    return {"value": given} if is_button(element) else {"selected": given}


class MessageSurface(LiveSurface):
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
        super().__init__(engine, names, ask, tell)
        self._channel = channel
        self._message = message
        self.id = message.ts

    def _key(self) -> tuple[str, str, str]:
        return (self.names.viewer.id, self._channel.id, self._message.ts)

    def state(self, block: Json, element: Json) -> Json:
        """Return what this person chose in the message."""
        values = self.engine.world.message_values.get(self._key(), {})
        state: Json = values.get(block.get("block_id", ""), {}).get(
            element.get("action_id", ""), {}
        )
        return state

    async def press(self, block: Json, element: Json, given: Any) -> None:
        """Press an element of the message."""
        await self._act(
            press(
                self.engine,
                self.names.viewer.id,
                element.get("action_id", ""),
                channel=self._channel.id,
                message_ts=self._message.ts,
                block_id=block.get("block_id"),
                **pressed_with(element, given),
            )
        )

    def fill(self, block: Json, element: Json, given: Any) -> None:
        """Keep what was typed into an input of the message."""
        world = self.engine.world
        values = state_of(self._message.blocks, world.message_values.get(self._key()))
        try:
            state = typed_state(element, given, world)
        except InputError as error:
            self._tell(str(error))
            return
        values.setdefault(block["block_id"], {})[element["action_id"]] = state
        world.message_values[self._key()] = values


class ViewSurface(LiveSurface):
    """A modal or a Home tab."""

    keeps_values = True
    takes_focus = True

    def __init__(self, engine: Engine, names: Names, ask: Ask, tell: Tell, view: View) -> None:
        super().__init__(engine, names, ask, tell)
        self.view = view
        self.id = view.id

    def state(self, block: Json, element: Json) -> Json:
        """Return what stands in the view now."""
        values = self.view.values.get(block.get("block_id", ""), {})
        state: Json = values.get(element.get("action_id", ""), {})
        return state

    async def press(self, block: Json, element: Json, given: Any) -> None:
        """Press an element of the view."""
        await self._act(
            press(
                self.engine,
                self.names.viewer.id,
                element.get("action_id", ""),
                view_id=self.view.id,
                block_id=block.get("block_id"),
                **pressed_with(element, given),
            )
        )

    def fill(self, block: Json, element: Json, given: Any) -> None:
        """Keep what was typed; the app learns of it with the submit."""
        try:
            fill_in_one(self.engine, self.view, element["action_id"], block["block_id"], given)
        except CannotError as error:
            self._tell(f"That did not work: {error}.")

    async def suggest(self, block: Json, element: Json, typed: str) -> list[Json]:
        """Ask the app for options that fit what was typed."""
        del block
        viewer = self.names.viewer.id
        outcome = await self._act(
            suggest(self.engine, viewer, self.view.id, element["action_id"], typed)
        )
        body = outcome.reply.body if outcome and outcome.ok and outcome.reply else None
        if not isinstance(body, dict):
            return []
        groups = body.get("option_groups") or []
        return [*(body.get("options") or []), *(o for g in groups for o in g.get("options", []))]
