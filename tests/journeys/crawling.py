"""Somebody who opens, fills in and presses everything they see: it leaves rows of most kinds."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from sandbox.elements import elements_in
from sandbox.outcome import CannotError, Outcome
from tests.conftest import NOW
from tests.journeys.stage import Stage

Json = dict[str, Any]
FORMS_DEEP = 3
"""How many forms in a row are submitted: a form, its preview, and what follows."""
PEOPLE = ["maya", "kofi"]
SIMPLE = {"number_input": "3", "timepicker": "10:00", "datepicker": f"{NOW:%Y-%m-28}"}


class Crawler:
    """One person of a workspace, who writes `text` wherever they can write."""

    def __init__(self, stage: Stage, person: str, text: str, leaves: Iterable[str] = ()) -> None:
        """`leaves` are action ids and callback ids that they keep away from."""
        self.stage = stage
        self.person = person
        self.text = text
        self.done: set[tuple[str, str]] = set()
        self.leaves = set(leaves)

    async def command(self, name: str, text: str) -> None:
        """Run a command, and use what it shows."""
        with suppress(CannotError):
            await self._use(await self.stage.sandbox.command(self.person, name, text))

    async def look_around(self) -> None:
        """Press each button of Home and of the messages once, and use what it opens."""
        await self.stage.sandbox.home(self.person)
        await self.stage.settled()
        home = self.stage.sandbox.views(self.person)["home"]
        if home:
            await self._press_all(home["blocks"], view_id=home["id"])
        for message in self.stage.sandbox.messages("dm", self.person):
            blocks = message.get("blocks", [])
            await self._press_all(blocks, channel="dm", message_ts=message["ts"])

    async def _use(self, outcome: Outcome) -> None:
        if outcome.message:
            place = {"channel": "dm", "message_ts": outcome.message["ts"]}
            await self._press_all(outcome.message.get("blocks", []), **place)
        if outcome.view:
            await self._fill_in(outcome.view)
        self.stage.sandbox.world.close_all_views(self._id())

    async def _press_all(self, blocks: list[Json], **place: Any) -> None:
        for _, element in elements_in(blocks):
            button = (element["action_id"], str(element.get("value")))
            if element["type"] != "button" or button in self.done or self._leaves(button[0]):
                continue
            self.done.add(button)
            with suppress(CannotError):
                pressed = await self.stage.sandbox.press(
                    self.person, button[0], value=element.get("value"), **place
                )
                await self.stage.settled()
                if pressed.view and "view_id" not in place:
                    await self._fill_in(pressed.view)
                elif modal := self.stage.sandbox.views(self.person)["view"]:
                    await self._fill_in(modal)
            self.stage.sandbox.world.close_all_views(self._id())

    async def _fill_in(self, view: Json) -> None:
        """Submit a form with something in each field, and the forms that follow it."""
        shown: Json | None = view
        for _ in range(FORMS_DEEP):
            if not shown or shown["type"] != "modal" or not shown.get("submit"):
                return
            if self._leaves(shown["callback_id"]):
                return
            values = {
                element["action_id"]: self._filling(element)
                for _, element in elements_in(shown["blocks"])
                if element["type"] != "button"
            }
            with suppress(CannotError):
                submitted = await self.stage.sandbox.submit(
                    self.person, shown["id"], {k: v for k, v in values.items() if v}, force=True
                )
                await self.stage.settled()
                if submitted.view and submitted.view["hash"] == shown["hash"]:
                    return
                shown = submitted.view
                continue
            return

    def _filling(self, element: Json) -> Any:
        match element["type"]:
            case "plain_text_input" | "email_text_input" | "url_text_input":
                return self.text
            case "number_input" | "timepicker" | "datepicker" as kind:
                return element.get(f"initial_{kind[:4]}") or SIMPLE[kind]
            case "users_select" | "multi_users_select" as kind:
                return PEOPLE if kind.startswith("multi_") else PEOPLE[1]
            case kind:
                groups = element.get("option_groups") or [element]
                options = [each for group in groups for each in group.get("options", [])]
                first = [each["value"] for each in options[:2]]
                is_many = kind.startswith("multi_") or kind == "checkboxes"
                return first if is_many else next(iter(first), None)

    def _leaves(self, name: str) -> bool:
        return name in self.leaves

    def _id(self) -> str:
        found = self.stage.sandbox.world.find_user(self.person)
        assert found
        return found.id
