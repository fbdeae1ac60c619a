"""What people at Brightwater do about their own work, week by week: the beginnings.

Some say what is in their way, keep goals, book time to learn, and ask colleagues. What follows by
message is answered as `sandbox.demo.habits` says. It goes on for eight weeks at the same pace, so
that whichever day the demo is opened, a whole month with enough people has ended.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Final

from bot.blockers import forms as blockers
from bot.goals import forms as goals
from bot.goals.service import DUE_FIELD, MEASURE_FIELD, PERSON_FIELD, TEXT_FIELD
from bot.knowledge import forms as asking
from bot.learning import forms as learning
from bot.learning.months import BUDGET_FIELD, HOURS_FIELD
from sandbox.demo.acts import MONDAY, THURSDAY, TUESDAY, WEDNESDAY, Act, on
from sandbox.demo.company import CAST, MAYA, MILA, NOOR
from sandbox.demo.habits import WORK, Written
from sandbox.demo.players import Json, Players, elements, value_of

FIRST_WEEK, LAST_WEEK = 4, 11
MENTEE: Final = "lucia"
"""She shares her goal with Mila, her mentor."""
HOURS: Final = "4"
BUDGET: Final = "Books and courses up to 400 euros a year: order them with Maya."
ASK_FOR_HELP: Final = 4
"""People a week who ask for help; whoever else has something in their way is only counted."""
WITH_GOALS: Final = 14
BOOKING: Final = 2
ASKING: Final = 3
"""People a week."""
APART: Final = 13
"""Neighbours on the list of people who do the same are so far apart: they are of many teams."""


def _others(players: Players, first: int, count: int) -> Iterator[str]:
    """Yield handles of people whom no visitor plays; the same ones again only after 100 people."""
    others = [each.handle for each in players.company.people if each.handle not in CAST]
    for number in range(first, first + count):
        yield others[APART * number % len(others)]


async def _say_what_is_in_the_way(players: Players, week: int) -> None:
    """Report blockers: some ask somebody for help, others are only counted."""
    a_week = len(WORK["blockers"])
    for number, who in enumerate(_others(players, week * a_week, a_week)):
        blocker = WORK["blockers"][number]
        written = {blockers.KIND: blocker["kind"], blockers.WISH: blockers.COUNT}
        if number < ASK_FOR_HELP:
            written |= {
                blockers.WISH: blockers.GET_HELP,
                blockers.TEXT: blocker["text"],
                blockers.TOPIC: blocker.get("topic", ""),
            }
        form = await players.command(who, "/blocker", "")
        shown = await players.submit(who, form, written)
        if blockers.ASK in _ids(shown):
            await players.press(who, blockers.ASK, shown)
        await players.close_forms(who)


async def _write_goals(players: Players) -> None:
    people = (NOOR, MENTEE, *_others(players, 0, WITH_GOALS - 2))
    due = (players.story_began + timedelta(weeks=26)).date().isoformat()
    for number, who in enumerate(dict.fromkeys(people)):
        goal = WORK["goals"][number % len(WORK["goals"])]
        view = await players.command(who, "/goal", "")
        form = await players.press(who, goals.WRITE, view)
        written = {TEXT_FIELD: goal["text"], MEASURE_FIELD: goal["measure"], DUE_FIELD: due}
        await players.submit(who, form, written)
        await players.close_forms(who)


async def _share_a_goal(players: Players) -> None:
    view = await players.command(MENTEE, "/goal", "")
    form = await players.press(MENTEE, goals.SHARE, view)
    await players.submit(MENTEE, form, {PERSON_FIELD: players.company.find(MILA).id})
    await players.close_forms(MENTEE)


async def _state_the_policy(players: Players) -> None:
    form = await players.command(MAYA, "/learn", "policy")
    await players.submit(MAYA, form, {HOURS_FIELD: HOURS, BUDGET_FIELD: BUDGET})


async def _book_time(players: Players, week: int) -> None:
    for who in _others(players, 50 + week * BOOKING, BOOKING):
        view = await players.command(who, "/learn", "")
        await players.press(who, f"{learning.BOOK}:60", view)
        await players.close_forms(who)


async def _ask_questions(players: Players, week: int) -> None:
    """Ask something new while there is something, and what was asked before in other words."""
    questions: list[Written] = list(WORK["questions"])
    known = week - FIRST_WEEK
    for number, who in enumerate(_others(players, 20 + week * ASKING, ASKING)):
        if number == 0 and known < len(questions):
            await _ask(players, who, questions[known], "text")
        elif known:
            await _ask(players, who, questions[(number + week) % min(known, len(questions))])
        await players.close_forms(who)


async def _ask(players: Players, who: str, question: Written, words: str = "again") -> None:
    """Ask; somebody for whom a kept answer is found says that it helps."""
    form = await players.command(who, "/ask", question[words])
    topic = {asking.TOPIC: question["topic"]}
    found = await players.submit(who, form, topic)
    if value_of(found, asking.THIS_HELPS) is not None:
        await players.press(who, asking.THIS_HELPS, found)
    elif value_of(found, asking.EDIT) is None:  # it isn't their own answer either
        await players.submit(who, found, topic)


def _ids(view: Json) -> set[str]:
    return {each.get("action_id", "") for each in elements(view)}


def _acts() -> Iterator[Act]:
    yield Act(on(FIRST_WEEK, MONDAY), _state_the_policy)
    yield Act(on(FIRST_WEEK, MONDAY), _write_goals)
    for week in range(FIRST_WEEK, LAST_WEEK + 1):
        yield Act(on(week, MONDAY), partial(_book_time, week=week))
        yield Act(on(week, TUESDAY), partial(_say_what_is_in_the_way, week=week))
        yield Act(on(week, WEDNESDAY), partial(_ask_questions, week=week))
    yield Act(on(LAST_WEEK - 1, THURSDAY), _share_a_goal)


WORK_ACTS: Final = tuple(_acts())
