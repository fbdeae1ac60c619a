"""Acts for the story's people through Slack's surface, and prints what they do and see."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sandbox.demo.company import CAST, Company, DemoPerson, slack_user
from sandbox.demo.errors import DemoError
from sandbox.demo.hosting import Hosted
from sandbox.demo.terminal import says, shows
from sandbox.demo.timeline import Timeline

Json = dict[str, Any]

STEP, LONGEST_WAIT = timedelta(hours=2), timedelta(days=5)


class Players:
    """Does what visitors do in the page; people are named by their handle.

    If it `is_quiet`, nothing is printed.
    """

    def __init__(
        self,
        company: Company,
        hosted: Hosted,
        timeline: Timeline,
        story_began: datetime,
        *,
        is_quiet: bool = False,
    ) -> None:
        self.company = company
        self.story_began = story_began
        self._hosted = hosted
        self._sandbox = hosted.sandbox
        self._timeline = timeline
        self._is_quiet = is_quiet
        self._names = {person.id: person.name for person in company.ever}

    async def command(self, who: str, command: str, text: str, *, is_shown: bool = True) -> Json:
        """Run a command and show what comes; return it."""
        await self.close_forms(who)
        self._says(f"{who.title()} types `{f'{command} {text}'.strip()}`.")
        came = await self._sandbox.command(who, command, text, "dm")
        content = came.view or came.message or {}
        self._shows(who.title(), content if is_shown else {})
        return content

    async def submit(self, who: str, form: Json, answers: Json | None = None) -> Json:
        """Fill in a form, press its button and show what comes; return it."""
        fills_in = "fills in the form and " if answers else ""
        self._says(f"{who.title()} {fills_in}presses *{form['submit']['text']}*.")
        came = await self._sandbox.submit(who, form["id"], answers or {})
        if came.errors:
            raise DemoError(f"The form was refused: {came.errors}.")
        await self._hosted.settled()
        self._shows(who.title(), came.view or {})
        return came.view or {}

    async def press(
        self, who: str, action_id: str, view: Json | None = None, **choice: Any
    ) -> Json:
        """Press a button of a form, or of the newest message that has it; return what opens."""
        content = view or self._newest(who, action_id)
        element = next(each for each in elements(content) if each.get("action_id") == action_id)
        done = f"presses *{element['text']['text']}*" if "text" in element else "makes a choice"
        self._says(f"{who.title()} {done}.")
        if view:
            await self._sandbox.press(who, action_id, view_id=view["id"], **choice)
        else:
            await self.close_forms(who)
            where = {"channel": "dm", "message_ts": content["ts"]}
            await self._sandbox.press(who, action_id, **where, **choice)
        await self._hosted.settled()
        opened: Json = self._sandbox.views(who)["view"] or {}
        self._shows(who.title(), opened)
        return opened

    async def home(self, who: str) -> None:
        """Open the app's Home, and show it."""
        await self._sandbox.home(who)
        await self._hosted.settled()
        self._says(f"{who.title()} opens Attune's Home.")
        self._shows(who.title(), self._sandbox.views(who)["home"] or {})

    async def hire(self, people: Sequence[DemoPerson], first_day: date) -> None:
        """Let people join the workspace, and import HR's file with their first day."""
        hired = [replace(person, hired_on=first_day.isoformat()) for person in people]
        for person in hired:
            await self._sandbox.join(**slack_user(person))
        await self._hosted.import_directory(self.company.directory_csv(hired))

    async def let_go(self, person: DemoPerson) -> None:
        """Close the account of somebody who has left."""
        await self._sandbox.deactivate(person.id)
        await self._hosted.settled()

    async def close_forms(self, who: str) -> None:
        """Close what somebody has open."""
        if view := self._sandbox.views(who)["view"]:
            await self._sandbox.close(who, view["id"], everything=True)

    def options(self, who: str, action_id: str, text: str) -> list[Json]:
        """Return a menu's options with a text, from the newest message that has the menu."""
        found = elements(self._newest(who, action_id))
        menu = next(each for each in found if each.get("action_id") == action_id)
        return [option for option in menu["options"] if text in option["text"]["text"]]

    async def pass_time(self, by: timedelta) -> None:
        """Move time, and do everything that is due."""
        await self._timeline.advance(by)

    async def wait_for(self, who: str, action_id: str = "", text: str = "") -> None:
        """Let time pass until somebody's message with an element or a text has come."""
        for _ in range(LONGEST_WAIT // STEP):
            if self._has(who, action_id, text):
                return
            await self.pass_time(STEP)

    def _has(self, who: str, action_id: str, text: str) -> bool:
        try:
            return bool(self._newest(who, action_id, text))
        except DemoError:
            return False

    def show_newest(self, who: str, action_id: str = "", text: str = "") -> None:
        """Show somebody's newest message with an element or a text."""
        self._shows(who.title(), self._newest(who, action_id, text))

    def show_channel(self, channel: str) -> None:
        """Show the newest message of a channel."""
        self._shows("#people-ops", self._sandbox.messages(channel)[-1])

    def show_first_reminder(self, survey: str) -> None:
        """Show a reminder to somebody who hasn't answered a survey."""
        for person in self.company.people:
            for message in self._sandbox.messages("dm", person.id):
                is_reminder = all(words in str(message) for words in ("still time", survey))
                if is_reminder and person.handle not in CAST:
                    self._says("A day later, everybody who hasn't answered gets one reminder.")
                    self._shows(person.name, message)
                    return
        raise DemoError("Nobody got a reminder.")

    def _newest(self, who: str, action_id: str = "", text: str = "") -> Json:
        for message in reversed(self._sandbox.messages("dm", who)):
            ids = [element.get("action_id") for element in elements(message)]
            if (not action_id or action_id in ids) and text in str(message):
                return message
        raise DemoError(f"{who.title()} has no message with {action_id or text}.")

    def _says(self, text: str) -> None:
        if not self._is_quiet:
            says(text)

    def _shows(self, who: str, content: Json) -> None:
        if content and not self._is_quiet:
            shows(who, content, self._names)


def value_of(content: Json, action_id: str, text: str = "") -> str | None:
    """Return the value of the first button beside a text; None if there is none."""
    for block in content["blocks"]:
        button = block.get("accessory", {})
        if button.get("action_id") == action_id and text in block["text"]["text"]:
            return str(button.get("value", ""))
    return None


def elements(content: Json) -> list[Json]:
    """Return the buttons and menus of a message or form."""
    found: list[Json] = []
    for block in content.get("blocks", []):
        found += block.get("elements", []) if block["type"] == "actions" else []
        found += [block["accessory"]] if "accessory" in block else []
    return found
