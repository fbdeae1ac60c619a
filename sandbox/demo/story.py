"""The story in steps: the terminal plays them, and the page offers them as its tour."""

import tomllib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.blockers import forms as blockers
from bot.journeys.pure.milestones import BY_KEY
from bot.knowledge import forms as asking
from bot.learning import forms as learning
from bot.mentoring.profiles import forms
from bot.mentoring.programme import blocks as admin_blocks
from bot.mentoring.proposals import blocks
from bot.products.board import blocks as board
from bot.surveys import form_fields
from bot.voice import forms as voice
from sandbox.demo.acts import PROBLEM, PRODUCT
from sandbox.demo.company import ADAM, CAST, HR_CHANNEL, MAYA, MILA, NOOR
from sandbox.demo.players import Players, value_of

SURVEY: Final = "The reorganisation"
QUESTIONS: Final = ("change_heard_before", "recognition_noticed", "commitment_suggest_to_friend")
COMMENT: Final = "Tell us earlier next time, then we can plan for it."
HOPES: Final = "I'd like to speak at a conference next spring."
IN_THE_WAY: Final = "I need somebody to look at my slides before Friday."
FAILED: Final = "How do I undo a failed Kubernetes deployment?"
WAVES: Final = "insights:wave"
WORN_OUT: Final = 5
"""How many waves before the newest Support was worn out."""
CHANGE: Final = "pulse:change"


@dataclass(frozen=True)
class Step:
    """One step: when, who does what, and what to look at. `story.toml` explains the fields."""

    key: str
    heading: str
    """The title with its number, and with the person where that changes."""
    who: str
    do: str
    look: str
    ends_with: list[str]
    by_anybody: bool = False
    after: str = ""
    place: str = "app"
    """Where the page shows it, as in `TourStep.place`."""
    wait_hours: int = 0


def _steps() -> list[Step]:
    written = tomllib.loads(Path(__file__).with_name("story.toml").read_text("utf-8"))
    steps: list[Step] = []
    for number, (key, step) in enumerate(written.items(), 1):
        who, title = step["who"], step.pop("title")
        you = "" if steps and steps[-1].who == who else f"You're {who.title()}, {CAST[who]}. "
        steps.append(Step(key, f"{number}. {you}{title}", **step))
    return steps


STEPS: Final = _steps()


async def play(step: Step, players: Players) -> None:
    """Let the time before a step pass, and do the step on the terminal."""
    await players.pass_time(timedelta(hours=step.wait_hours))
    await PLAYED[step.key](players)


async def _look_at_figures(players: Players) -> None:
    await players.command(MAYA, "/pulse", "results weekly")


async def _find_when_it_began(players: Players) -> None:
    earlier = [option["value"] for option in players.options(MAYA, WAVES, "Weekly pulse")]
    await players.press(MAYA, WAVES, selected=earlier[WORN_OUT])
    players.show_newest(MAYA, WAVES)


async def _open_the_board(players: Players) -> None:
    view = await players.command(MAYA, "/improve", "")
    product = value_of(view, board.OPEN_PRODUCT, PRODUCT)
    view = await players.press(MAYA, board.OPEN_PRODUCT, view, value=product)
    if item := value_of(view, board.OPEN_ITEM, PROBLEM.rstrip(".")):
        await players.press(MAYA, board.OPEN_ITEM, view, value=item)


async def _see_whether_it_helped(players: Players) -> None:
    players.show_newest(MAYA, board.OPEN_ITEM)
    await players.press(MAYA, board.OPEN_ITEM)


async def _be_curious(players: Players) -> None:
    for words in ("results", "privacy"):
        await players.command(NOOR, "/pulse", words)


async def _see_who_is_new(players: Players) -> None:
    await players.command(MAYA, "/journey", "")
    await players.command(MAYA, "/pulse", f"results {BY_KEY['joined_7'].name}")


async def _ask_everybody(players: Players) -> None:
    start = await players.command(MAYA, "/pulse", "new")
    form = await players.submit(MAYA, start)
    answers = {form_fields.NAME: SURVEY, form_fields.BANK: list(QUESTIONS), form_fields.WHEN: "now"}
    preview = await players.submit(MAYA, form, answers)
    await players.submit(MAYA, preview)


async def _answer(players: Players) -> None:
    await players.wait_for(NOOR, text=SURVEY)
    players.show_newest(NOOR, text=SURVEY)
    for answer in ("pulse:answer:2", "pulse:answer:4", "pulse:answer:6"):
        await players.press(NOOR, answer)
    players.show_newest(NOOR)


async def _say_more(players: Players) -> None:
    form = await players.press(NOOR, "pulse:comment_after_thanks")
    preview = await players.submit(NOOR, form, {"pulse:comment_text": COMMENT})
    await players.submit(NOOR, preview)
    for action_id in (CHANGE, "pulse:answer:1", "pulse:skip", "pulse:skip"):
        await players.press(NOOR, action_id)
    players.show_newest(NOOR)


async def _find_a_mentor(players: Players) -> None:
    form = await players.command(NOOR, "/mentor", "")
    answers = {forms.WANTS: ["Public speaking"], forms.HOPES: HOPES}
    await players.submit(NOOR, form, answers)


async def _get_help(players: Players) -> None:
    form = await players.command(NOOR, "/blocker", "")
    written = {
        blockers.KIND: "waiting",
        blockers.TEXT: IN_THE_WAY,
        blockers.WISH: blockers.GET_HELP,
    }
    await players.press(NOOR, blockers.ASK, await players.submit(NOOR, form, written))


async def _take_time_to_learn(players: Players) -> None:
    view = await players.command(NOOR, "/learn", "", is_shown=False)
    await players.press(NOOR, f"{learning.BOOK}:60", view)


async def _find_a_kept_answer(players: Players) -> None:
    form = await players.command(NOOR, "/ask", FAILED, is_shown=False)
    found = await players.submit(NOOR, form)
    await players.press(NOOR, asking.THIS_HELPS, found)


async def _start_a_round(players: Players) -> None:
    form = await players.command(MAYA, "/mentor", "admin", is_shown=False)
    await players.press(MAYA, admin_blocks.START, view=form)


async def _say_yes(players: Players) -> None:
    await players.wait_for(ADAM, blocks.ACCEPT)
    players.show_newest(ADAM, blocks.ACCEPT)
    await players.press(ADAM, blocks.ACCEPT)
    players.show_newest(ADAM)


async def _let_a_week_pass(players: Players) -> None:
    await players.pass_time(timedelta(weeks=1))
    players.show_first_reminder(SURVEY)
    await players.press(NOOR, CHANGE)
    players.show_newest(NOOR, text="has closed")
    await players.command(MAYA, "/pulse", f"results {SURVEY}")
    players.show_channel(HR_CHANNEL)


PLAYED: Final[Mapping[str, Callable[[Players], Awaitable[object]]]] = {
    "figures": _look_at_figures,
    "beginning": _find_when_it_began,
    "board": _open_the_board,
    "decision": lambda players: players.home(MILA),
    "conversation": lambda players: players.press(MILA, voice.OPEN),
    "effect": _see_whether_it_helped,
    "journeys": _see_who_is_new,
    "ask": _ask_everybody,
    "answer": _answer,
    "more": _say_more,
    "curious": _be_curious,
    "mentor": _find_a_mentor,
    "blocked": _get_help,
    "learning": _take_time_to_learn,
    "kept": _find_a_kept_answer,
    "goals": lambda players: players.home(NOOR),
    "participation": lambda players: players.command(MAYA, "/pulse", f"results {SURVEY}"),
    "round": _start_a_round,
    "accept": _say_yes,
    "week": _let_a_week_pass,
}
"""What is done on the terminal, by the step's key."""
