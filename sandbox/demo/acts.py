"""What people do in the company's past, as visitors could: from a proposal to its effect.

Attune proposes to do something about Support; Maya takes that up with an outcome and declines
something else. People join Support, and published figures say whether it helped. Mila writes to HR
without her name, and they exchange two turns.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final

from bot.products.board import blocks as board
from bot.products.decisions.service import CHOICE_FIELD, REASON_FIELD
from bot.products.effects import blocks as effects
from bot.products.effects.service import LOOK_FIELD, OUTCOME_FIELD, TEAMS_FIELD
from bot.products.items import blocks as items
from bot.products.items.forms import DRIVER_FIELD, PRODUCT_FIELD
from bot.products.items.pure.states import State
from bot.products.items.service import PROBLEM_FIELD
from bot.voice import forms as voice
from bot.voice import inbox_blocks as inbox
from bot.voice.service import Way
from sandbox.demo.company import MAYA, MILA, SUPPORT
from sandbox.demo.moods import HELP, REORGANISATION
from sandbox.demo.players import Json, Players, value_of

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(5)
TAKEN_UP: Final = REORGANISATION + 2
"""The week in which Maya decides: by then Attune has seen two weeks of it."""
LOOK: Final = timedelta(weeks=HELP + 2)
"""When the effect is looked at, since the story began: three weeks after people came."""

PRODUCT: Final = "Workload and rest"
PROBLEM: Final = "Support looks after two products since the reorganisation, with as many people."
WE_WILL: Final = "Six people start in Support the week after next: one for every four of you."
THE_SAME: Final = "It has the same cause: six people start in Support soon, and then we look again."
HELP_CAME: Final = "It has the same cause. Six people have joined, and we look at the next figures."
WE_DID: Final = "Six people have joined Support, so both products have enough people for a rota."
IN_THE_WAY: Final = "in people's way"
ON_TIME: Final = "Each Monday we list the open decisions, with who makes them and by when."
TAKES_TIME: Final = "What takes time to learn"
NO_MEETINGS: Final = "Until the new year, Wednesday afternoons stay free of meetings for everybody."
DECLINED_PRODUCT: Final = "Pay and fairness"
DECLINED: Final = "Some of you write that other companies pay more for the same work."
WE_WONT: Final = (
    "We compared our pay with that of 40 companies in spring: it is in the middle. We compare "
    "again each spring, and don't change it in between."
)
LETTER: Final = "The weekend rota changes every week, so I can't plan anything with my family."
ANSWER: Final = "Thank you. Would it help if the rota was fixed for four weeks?"
REPLY: Final = "Yes, four weeks would do. Weekends matter most to me."


@dataclass(frozen=True)
class Act:
    """Something that people do, at a time since the story's first Monday at 06:00 UTC."""

    at: timedelta
    do: Callable[[Players], Awaitable[object]]


async def _take_up(players: Players) -> None:
    """Take up what is proposed about Support, and say what should change by when."""
    item = await _open_waiting(players, SUPPORT)
    if item is None:
        return
    form = await players.press(MAYA, items.TAKE_UP, item)
    item = await players.submit(MAYA, form, {PROBLEM_FIELD: PROBLEM, PRODUCT_FIELD: PRODUCT})
    item = await _decide(players, item, State.DOING, WE_WILL)
    form = await players.press(MAYA, effects.PLAN, item)
    look_on = (players.story_began + LOOK).date().isoformat()
    outcome = {OUTCOME_FIELD: "driver:workload", TEAMS_FIELD: [SUPPORT], LOOK_FIELD: look_on}
    await players.submit(MAYA, form, outcome)
    await _answer_the_rest(players, THE_SAME)


async def _answer_the_rest(players: Players, reason: str, about: str = SUPPORT) -> None:
    """Decide what else is proposed about something."""
    while (item := await _open_waiting(players, about)) is not None:
        await _decide(players, item, State.DOING, reason)


async def _decline(players: Players) -> None:
    """Write down what people say about pay, and say why nothing changes."""
    view = await players.command(MAYA, "/improve", "")
    product = value_of(view, board.OPEN_PRODUCT, DECLINED_PRODUCT)
    view = await players.press(MAYA, board.OPEN_PRODUCT, view, value=product)
    form = await players.press(MAYA, board.WRITE_ITEM, view)
    written = {PROBLEM_FIELD: DECLINED, DRIVER_FIELD: "reward"}
    item = await players.submit(MAYA, form, written)
    await _decide(players, item, State.WONT, WE_WONT)


async def _hire(players: Players) -> None:
    """Let six people come, so that their manager hears of it on the working day before."""
    await players.hire(players.company.coming, (players.story_began + on(HELP, MONDAY)).date())


async def _ship(players: Players) -> None:
    """Tell Support that it is done."""
    view = await players.command(MAYA, "/improve", "")
    product = value_of(view, board.OPEN_PRODUCT, PRODUCT)
    view = await players.press(MAYA, board.OPEN_PRODUCT, view, value=product)
    if item := value_of(view, board.OPEN_ITEM, PROBLEM.rstrip(".")):
        view = await players.press(MAYA, board.OPEN_ITEM, view, value=item)
        await _decide(players, view, State.SHIPPED, WE_DID)


async def _write_to_hr(players: Players) -> None:
    form = await players.command(MILA, "/voice", "")
    written = {voice.WAY: Way.REPLY.value, voice.TOPIC: "workload", voice.TEXT: LETTER}
    await players.submit(MILA, await players.submit(MILA, form, written))


async def _answer(players: Players) -> None:
    view = await players.command(MAYA, "/voice", "inbox")
    view = await players.press(MAYA, inbox.READ, view)
    reply = next(
        block["block_id"]
        for block in view["blocks"]
        if block.get("block_id", "").startswith(f"{inbox.REPLY}:")
    )
    await players.submit(MAYA, view, {reply: ANSWER})


async def _reply(players: Players) -> None:
    form = await players.press(MILA, voice.OPEN)
    await players.submit(MILA, await players.submit(MILA, form, {voice.TEXT: REPLY}))


async def _open_waiting(players: Players, text: str) -> Json | None:
    """Open the first item with a text that waits for a decision; None if there is none."""
    view = await players.command(MAYA, "/improve", "")
    if value_of(view, board.TO_DECIDE) is None:
        return None
    view = await players.press(MAYA, board.TO_DECIDE, view)
    item = value_of(view, board.OPEN_ITEM, text)
    return await players.press(MAYA, board.OPEN_ITEM, view, value=item) if item else None


async def _decide(players: Players, item: Json, state: State, reason: str) -> Json:
    """Decide, looking once at what people will read; return the item."""
    form = await players.press(MAYA, items.DECIDE, item)
    chosen: dict[str, Any] = {CHOICE_FIELD: state.value, REASON_FIELD: reason}
    return await players.submit(MAYA, await players.submit(MAYA, form, chosen))


def on(week: int, weekday: int) -> timedelta:
    """Return a weekday of a week, counted from 1, when Berlin and Lisbon are at work."""
    return timedelta(weeks=week - 1, days=weekday, hours=3)


ACTS: Final = (
    Act(on(TAKEN_UP, THURSDAY), _take_up),
    Act(on(TAKEN_UP + 1, THURSDAY), partial(_answer_the_rest, reason=THE_SAME)),
    Act(on(HELP - 1, FRIDAY), _hire),
    Act(on(HELP, THURSDAY), _ship),
    Act(on(HELP, THURSDAY), partial(_answer_the_rest, reason=ON_TIME, about=IN_THE_WAY)),
    Act(on(HELP, THURSDAY), partial(_answer_the_rest, reason=NO_MEETINGS, about=TAKES_TIME)),
    Act(on(HELP + 1, TUESDAY), _decline),
    Act(on(HELP + 1, TUESDAY), _write_to_hr),
    Act(on(HELP + 1, THURSDAY), _answer),
    Act(on(HELP + 1, THURSDAY), partial(_answer_the_rest, reason=HELP_CAME)),
    Act(on(HELP + 2, WEDNESDAY), _reply),
    Act(on(HELP + 2, THURSDAY), partial(_answer_the_rest, reason=HELP_CAME)),
)
"""In the order of their times."""
