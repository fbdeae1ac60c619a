"""The demo's story, told in order: HR asks, people answer, HR reads the result."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.surveys import form_fields
from sandbox.demo.colleagues import (
    AFTER_REMINDER,
    PARTICIPATION,
    Colleagues,
)
from sandbox.demo.company import HR_CHANNEL, people
from sandbox.demo.narrate import heading, says, shows
from sandbox.demo.running import Demo, DemoError
from sandbox.demo.staff import DemoPerson
from sandbox.outcome import Outcome
from sandbox.state import Json

QUESTIONS = (
    "workload_normal_hours",
    "recognition_noticed",
    "commitment_suggest_to_friend",
)
OPEN_HOURS = 72
ARRIVAL_SECONDS = 90.0


class Story:
    """Plays the story on a running company."""

    def __init__(self, demo: Demo) -> None:
        self._demo = demo
        self._sandbox = demo.sandbox
        self._staff = people()
        self._maya = self._staff[0]
        self._amara = next(person for person in self._staff if person.handle == "amara")
        self._colleagues = Colleagues(demo.sandbox)

    async def play(self) -> None:
        """Tell everything, from the directory to the digest."""
        await self._directory()
        asked_at = await self._create_survey()
        await self._questions_arrive()
        await self._amara_answers()
        await self._others_answer()
        await self._while_it_is_open()
        await self._subscribe(asked_at)
        await self._reminders(asked_at + timedelta(hours=24, minutes=5))
        await self._seal(asked_at + timedelta(hours=OPEN_HOURS, minutes=5))
        await self._digest(asked_at)
        await self._employee_looks_it_up()

    async def _directory(self) -> None:
        heading("1. Attune knows the company")
        await self._demo.run("bot", "people", "sync")
        await self._demo.run("bot", "people", "import", str(self._demo.folder / "people.csv"))
        teams = sorted({person.team.name for person in self._staff})
        says(
            f"{len(self._staff)} people came from Slack's directory; HR's CSV file told that they "
            f"work in {len(teams)} teams: {', '.join(teams)}. Maya, the workspace's owner, is HR "
            "admin."
        )

    async def _create_survey(self) -> datetime:
        heading("2. Maya (HR) types /pulse new")
        form = _view(await self._command(self._maya, "/pulse", "new"))
        self._shows("Maya", form)
        says("She names it, picks three questions from the bank and presses Preview.")
        previewed = await self._sandbox.submit(
            self._maya.id,
            form["id"],
            {
                form_fields.NAME: "How is it going?",
                form_fields.BANK: list(QUESTIONS),
                form_fields.WHEN: "now",
                form_fields.OPEN_HOURS: str(OPEN_HOURS),
            },
        )
        preview = _view(previewed)
        self._shows("Maya", preview)
        says("She presses Create survey.")
        asked_at = datetime.now(UTC)
        created = await self._sandbox.submit(self._maya.id, preview["id"])
        self._shows("Maya", created.view or created.message)
        return asked_at

    async def _questions_arrive(self) -> None:
        heading("3. The scheduler opens the wave, and everybody gets a direct message")
        waiting = set(self._staff)
        async with asyncio.timeout(ARRIVAL_SECONDS):
            while waiting:
                waiting = {person for person in waiting if not self._colleagues.newest(person)}
                await asyncio.sleep(0.2)
        says(
            f"All {len(self._staff)} questions arrived, paced below Slack's limits. "
            "This is Amara's, in Engineering:"
        )
        self._shows("Amara", self._colleagues.newest(self._amara))

    async def _amara_answers(self) -> None:
        heading("4. Amara answers with one press each")
        says("She presses Agree; the next question takes the place of the first.")
        await self._colleagues.press(self._amara, "pulse:answer:4")
        self._shows("Amara", self._colleagues.newest(self._amara))
        await self._colleagues.press(self._amara, "pulse:answer:5")
        await self._colleagues.press(self._amara, "pulse:answer:9")
        says("After the last one she is thanked. The message repeats no answer.")
        self._shows("Amara", self._colleagues.newest(self._amara))
        says("She adds a comment, and sees how HR will read it before it is saved:")
        form = await self._colleagues.comment(
            self._amara, "Really enjoyed the quiet weeks without meetings."
        )
        self._shows("Amara", form)
        says("Then she changes her first answer to Strongly agree, and keeps the others.")
        await self._colleagues.press(self._amara, "pulse:change")
        await self._colleagues.press(self._amara, "pulse:answer:5")
        await self._colleagues.press(self._amara, "pulse:skip")
        await self._colleagues.press(self._amara, "pulse:skip")

    async def _others_answer(self) -> None:
        heading("5. Her colleagues answer too")
        others = [person for person in self._staff if person is not self._amara]
        answered = [await self._colleagues.answer(person, PARTICIPATION) for person in others]
        says(f"{sum(answered) + 1} of {len(self._staff)} people have answered so far.")

    async def _while_it_is_open(self) -> None:
        heading("6. Maya looks while the wave is open: participation only, in steps of five")
        self._shows("Maya", (await self._command(self._maya, "/pulse", "results")).message)
        says("Amara is not HR. She tries it too:")
        self._shows("Amara", (await self._command(self._amara, "/pulse", "results")).message)

    async def _subscribe(self, asked_at: datetime) -> None:
        heading("7. Maya wants a weekly digest in #people-ops")
        day = self._digest_moment(asked_at).strftime("%A").lower()
        subscribed = await self._command(
            self._maya, "/digest", f"here weekly {day} 09:00", HR_CHANNEL
        )
        self._shows("Maya", subscribed.message)

    async def _reminders(self, now: datetime) -> None:
        heading("8. A day later, only those who have not answered get the one reminder")
        before = {person: self._message_count(person) for person in self._staff}
        await self._demo.do_all_that_is_due(now)
        reminded = [p for p in self._staff if self._message_count(p) > before[p]]
        if not reminded:
            raise DemoError("Nobody was reminded, though some have not answered.")
        says(f"{len(reminded)} people are reminded. {reminded[0].name} sees:")
        self._shows(reminded[0].name, self._colleagues.newest(reminded[0]))
        late = [await self._colleagues.answer(person, AFTER_REMINDER) for person in reminded]
        says(f"{sum(late)} of them answer now.")

    async def _seal(self, now: datetime) -> None:
        heading("9. After three days the wave closes and is sealed; its figures are published")
        await self._demo.do_all_that_is_due(now)
        says("Somebody who presses an old button now learns that it is too late:")
        await self._press_too_late()
        says("Maya runs /pulse results:")
        self._shows("Maya", (await self._command(self._maya, "/pulse", "results")).message)

    async def _press_too_late(self) -> None:
        await self._colleagues.press(self._amara, "pulse:change")
        self._shows("Amara", self._colleagues.newest(self._amara))

    async def _digest(self, asked_at: datetime) -> None:
        heading("10. The digest lands in #people-ops")
        await self._demo.do_all_that_is_due(self._digest_moment(asked_at) + timedelta(minutes=1))
        posted = self._sandbox.messages(HR_CHANNEL)
        if len(posted) != 1:
            raise DemoError(f"{len(posted)} messages are in #people-ops instead of one digest.")
        self._shows("#people-ops", posted[0])

    async def _employee_looks_it_up(self) -> None:
        heading("11. Anybody can read how answers are kept")
        self._shows("Amara", (await self._command(self._amara, "/pulse", "privacy")).message)

    def _shows(self, who: str, content: Json | None) -> None:
        shows(who, content, {person.id: person.name for person in self._staff})

    async def _command(
        self, person: DemoPerson, command: str, text: str, channel: str = "dm"
    ) -> Outcome:
        return await self._sandbox.command(person.id, command, text, channel)

    def _digest_moment(self, asked_at: datetime) -> datetime:
        """Return nine o'clock of Maya's first morning after the wave has closed."""
        closed = (asked_at + timedelta(hours=OPEN_HOURS)).astimezone(ZoneInfo(self._maya.place.tz))
        next_day = closed + timedelta(days=1)
        return next_day.replace(hour=9, minute=0, second=0, microsecond=0)

    def _message_count(self, person: DemoPerson) -> int:
        return len(self._sandbox.messages("dm", person.id))


def _view(outcome: Outcome) -> Json:
    if outcome.view is None or not outcome.ok:
        raise DemoError(f"A form did not open: {outcome.shown or outcome.note or outcome.error}.")
    return outcome.view
