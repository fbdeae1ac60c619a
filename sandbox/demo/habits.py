"""What colleagues do with messages about their work, and about newcomers.

Most are answered with one press. Where a form opens, they fill it in.
"""

import random
import tomllib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from bot.blockers import blocks as blockers
from bot.goals import blocks as goals
from bot.goals.pure.rounds import State
from bot.journeys.welcome import blocks as welcome
from bot.knowledge import blocks as answering
from bot.knowledge import forms as asking
from bot.learning import blocks as learning
from bot.learning import forms as learning_forms
from bot.learning import notes
from bot.learning.months import Got, TakenBy

Json = dict[str, Any]
Written = Mapping[str, str]

WORK: Final[Mapping[str, Sequence[Written]]] = tomllib.loads(
    Path(__file__).with_name("work.toml").read_text("utf-8")
)
"""What people write, by what it is about."""

HELPS: Final = 0.9
"""The chance that somebody who is asked for help gives it."""
SOLVED: Final = 0.95
"""The chance that it is out of the way two days later."""
SHARES_NOTE: Final = 0.6
SAYS_OF_MONTH: Final = 0.4
"""The chance that somebody says whether they got their time to learn."""
GOES: Final[Mapping[str, int]] = {State.ON_TRACK: 6, State.AT_RISK: 3, State.STUCK: 1}
GOT: Final[Mapping[str, int]] = {Got.ALL: 2, Got.SOME: 5, Got.NONE: 3}
TAKEN: Final[Mapping[str, int]] = {TakenBy.MEETINGS: 7, TakenBy.URGENT: 2, TakenBy.NO_PLAN: 1}
"""How many of ten people say so: meetings eat the time to learn."""
UNKNOWN_QUESTION: Final = "Yes, I can show you: it takes ten minutes. Shall we say tomorrow at ten?"

_ANY: Final = {
    *(blockers.HELP, blockers.NOT_YET, blockers.CHOOSE),
    *(f"{goals.STATE}:{State.ON_TRACK}", goals.LOOK_BACK),
    *(learning.NOTE, f"{learning.GOT}:{Got.ALL}"),
    *(answering.ANSWER, asking.READ),
    welcome.YES,
}


class Hands(Protocol):
    """Acts for one person on one message."""

    async def press(self, action_id: str, view: Json | None = None) -> Json | None:
        """Press a button of the message, or of a form; return the form that is open then."""

    async def submit(self, view: Json, answers: Json) -> Json | None:
        """Fill in a form and send it; return the form that is open then."""

    async def pick_buddy(self, picker: str) -> None:
        """Pick a newcomer's buddy from a menu."""


def asks_about_work(offered: Collection[str]) -> bool:
    """Return True if buttons (their action ids) ask for something of which this module knows."""
    return not _ANY.isdisjoint(offered) or bool(pickers_in(offered))


async def answer_about_work(hands: Hands, offered: Collection[str], chance: random.Random) -> None:
    """Answer each part of a message, by its buttons' action ids."""
    if blockers.HELP in offered:
        await _help(hands, chance)
    if blockers.NOT_YET in offered:
        is_solved = chance.random() < SOLVED
        await hands.press(blockers.SOLVED if is_solved else blockers.NOT_YET)
    elif blockers.CHOOSE in offered:
        await hands.press(blockers.DROPPED)
    if f"{goals.STATE}:{State.ON_TRACK}" in offered:
        await hands.press(f"{goals.STATE}:{_drawn(GOES, chance)}")
    if goals.LOOK_BACK in offered:
        await _look_back(hands)
    if learning.NOTE in offered:
        await _note(hands, chance)
    if f"{learning.GOT}:{Got.ALL}" in offered and chance.random() < SAYS_OF_MONTH:
        await _say_of_month(hands, chance)
    if answering.ANSWER in offered:
        await _answer(hands)
    if asking.READ in offered:
        await _read(hands)
    await _welcome(hands, offered)


async def _help(hands: Hands, chance: random.Random) -> None:
    if chance.random() < HELPS:
        await hands.press(blockers.HELP)
    elif form := await hands.press(blockers.NOT_ME):
        await hands.submit(form, {})


async def _look_back(hands: Hands) -> None:
    """Go on with all goals at the end of a quarter."""
    if form := await hands.press(goals.LOOK_BACK):
        ids = [block.get("block_id", "") for block in form["blocks"]]
        kept = {each: State.KEPT.value for each in ids if each.startswith("goal:")}
        await hands.submit(form, kept)


async def _note(hands: Hands, chance: random.Random) -> None:
    form = await hands.press(learning.NOTE)
    if form is None:
        return
    note = chance.choice(WORK["notes"])
    written = {notes.NOTE_FIELD: note["text"]}
    if chance.random() < SHARES_NOTE:
        written |= {notes.SHOWN_FIELD: notes.TOPIC, notes.TOPIC_FIELD: note["topic"]}
        form = await hands.submit(form, written) or form
    await hands.submit(form, written)


async def _say_of_month(hands: Hands, chance: random.Random) -> None:
    form = await hands.press(f"{learning.GOT}:{_drawn(GOT, chance)}")
    if form is not None:
        await hands.press(f"{learning_forms.TAKEN}:{_drawn(TAKEN, chance)}", form)


async def _answer(hands: Hands) -> None:
    """Answer a question, and let others find the answer if it is one of the company's."""
    form = await hands.press(answering.ANSWER)
    if form is None:
        return
    known = next((each for each in WORK["questions"] if _is_asked(each, form)), None)
    if known is None:
        await hands.submit(form, {answering.ANSWER_TEXT: UNKNOWN_QUESTION})
        return
    written = {answering.ANSWER_TEXT: known["answer"], answering.MAY_KEEP: [asking.YES]}
    if shown := await hands.submit(form, written):
        await hands.submit(shown, written)


async def _welcome(hands: Hands, offered: Collection[str]) -> None:
    """Pick each newcomer a buddy, and be one."""
    for picker in pickers_in(offered):
        await hands.pick_buddy(picker)
    if welcome.YES in offered:
        await hands.press(welcome.YES)


async def _read(hands: Hands) -> None:
    """Read an answer, say that it helped, and let others find it."""
    view = await hands.press(asking.READ)
    if view and asking.HELPED in str(view):
        view = await hands.press(asking.HELPED, view)
        if view and view.get("submit"):
            await hands.submit(view, {})


def pickers_in(offered: Collection[str]) -> list[str]:
    """Return the menus in which a manager picks newcomers' buddies."""
    return [each for each in offered if each.startswith(welcome.PICK)]


def _is_asked(question: Written, form: Json) -> bool:
    return any(question[words] in str(form) for words in ("text", "again"))


def _drawn(weights: Mapping[str, int], chance: random.Random) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]
