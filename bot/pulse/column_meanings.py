"""Explains each stored column about an answer, as found in the real database."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import AsyncSession

from bot.languages import _, marked

_SHARED: Final = {
    "workspace_id": marked("your Slack workspace"),
    "wave_id": marked("which round of which survey it belongs to"),
    "position": marked("which question it answers; −1 for a comment on the whole survey"),
}
_GROUP: Final = {
    "cohort_id": marked("the group that you share with at least as many people as figures need")
}
MEANINGS: Final = {
    "invitations": {
        "workspace_id": _SHARED["workspace_id"],
        "wave_id": marked("which round of which survey asks you"),
        "employee_id": marked("your Slack id, so that you are asked, and only once"),
        "cohort_id": marked(
            "the group that your answers would be kept with; emptied when the survey closes"
        ),
        "positions": marked(
            "which questions of the company pulse or of the survey about wellbeing you "
            "are asked; empty for all of a survey, and emptied when the survey closes"
        ),
        "status": marked(
            "`pending` before you are asked, then `asked`, or `skipped` if you skipped it "
            "all; `closed` for everybody when the survey closes. It never says whether you "
            "answered. The whole row goes 90 days later"
        ),
    },
    "open_answers": {
        **_SHARED,
        **_GROUP,
        "token": marked(
            "the code that stands in for your name, so that you can change your answer; "
            "nobody can compute it without a key that is destroyed when the survey closes"
        ),
        "value": marked("what you pressed, as a number"),
        "comment": marked("what you wrote"),
    },
    "questions_asked": {
        "workspace_id": _SHARED["workspace_id"],
        "survey_id": marked("which survey the company pulse is"),
        "held_on": marked("in which week you were asked"),
        "employee_id": marked("your Slack id, so that you aren't asked the same again soon"),
        "position": marked("which question"),
        "label": marked(
            "the team that your answer would count for; empty for small teams together. The "
            "whole row goes 90 days later, and never says whether you answered"
        ),
    },
    "pools": {
        "workspace_id": _SHARED["workspace_id"],
        "id": marked("a random number"),
        "kind": marked(
            "what waits in it: answers to the company pulse, or answers or comments at a "
            "milestone such as day 30"
        ),
        "source": marked("which survey or milestone that is"),
        "topic": marked("what its answers are about"),
        "label": marked(
            "whose answers wait in it: a team, or small teams together; empty for a milestone"
        ),
        "key": marked(
            "a secret from which its codes are made; destroyed when its result comes out"
        ),
        "min_group_size": marked(
            "how many people must have answered or written before something comes out"
        ),
        "opened_on": marked(
            "since when it waits; after half a year, or a year at a milestone, it is deleted unread"
        ),
        "looked": marked("at a milestone, how many had been asked when it was last looked at"),
    },
    "pool_entries": {
        "workspace_id": _SHARED["workspace_id"],
        "pool_id": marked("what it is about, and for which team"),
        "token": marked(
            "the code that stands in for your name, so that you count once; nobody can "
            "compute it once the pool's key is destroyed. At a milestone the code is random: "
            "nobody can find yours again, you neither"
        ),
        "value": marked(
            "how favourable your answer is, from 0 to 4, or at a milestone what you pressed, "
            "as a number; of comments, a random number that stands for their author. Empty if you "
            "were asked only"
        ),
    },
    "pool_comments": {
        "workspace_id": _SHARED["workspace_id"],
        "pool_id": marked("which milestone it was written at"),
        "author": marked("a random number, so that an author counts once; it leads to nobody"),
        "topic": marked("a code of the question; empty for all of them"),
        "comment": marked("what was written, with names hidden"),
    },
    "answers": {
        **_SHARED,
        "id": marked("a random number, made when the survey closed"),
        "response_id": marked("a random number that your answers of this round share"),
        "position": marked("which question it answers"),
        "value": marked("what was pressed, as a number"),
    },
    "cohorts": {
        "workspace_id": _SHARED["workspace_id"],
        "wave_id": _SHARED["wave_id"],
        "id": marked("the group's number in this round"),
        "team": marked("the team, if enough people of the group share it, else empty"),
        "department": marked("the department, if enough people of the group share it, else empty"),
        "mentoring": marked(
            "whether the people of the group have a mentor at present, if more people "
            "than figures need answers have one and more have none, else empty"
        ),
        "location": marked("the place, if enough people of the group share it, else empty"),
        "invited": marked("how many people are in the group"),
        "asked": marked("how many of them were asked; others were away, for example"),
        "digest": marked("a code that changes when the group's people change, and names nobody"),
    },
    "comments": {
        **_SHARED,
        "id": marked("a random number, made when the survey closed; it leads to no other answer"),
        "text": marked("what was written"),
    },
    "published_comments": {
        **_SHARED,
        "id": marked("a random number, made when results came out; it leads to no answer"),
        "month": marked("the month in which HR could first read it"),
        "position": marked(
            "which question it is about, or −1 for the whole survey; empty where too few "
            "people wrote about it"
        ),
        "team": marked("a team, or several together, where enough of its people wrote"),
        "text": marked("what was written, without names, addresses and long numbers"),
    },
    "named_responses": {
        "workspace_id": _SHARED["workspace_id"],
        "wave_id": _SHARED["wave_id"],
        "response_id": marked("the number that your answers of this round share"),
        "employee_id": marked("your Slack id"),
    },
    "voice_threads": {
        "workspace_id": _SHARED["workspace_id"],
        "id": marked(
            "a random number; if HR can answer you anonymously, computed from the one in your "
            "button, which is kept nowhere else"
        ),
        "way": marked("whether you wrote with your name, and whether HR can answer"),
        "author_id": marked("your Slack id if you wrote with your name, else empty"),
        "topic": marked("the topic that you chose"),
        "status": marked("whether HR has read, answered or closed it"),
        "label": marked("the word under which HR sorted it"),
        "item_id": marked("what HR took it up as, for everybody; nothing there leads back to it"),
    },
    "voice_messages": {
        "workspace_id": _SHARED["workspace_id"],
        "thread_id": marked("which conversation it belongs to"),
        "number": marked("its place in the conversation"),
        "from_hr": marked("whether HR wrote it"),
        "text": marked(
            "what was written; of an anonymous author without the names that are recognised"
        ),
        "week": marked("the Monday of the week in which it was written"),
        "collect_at": marked("the midnight after which HR can read it; empty once that is over"),
        "told": marked("whether the weekly news has counted it, of an answer of HR"),
    },
    "support_rounds": {
        "workspace_id": _SHARED["workspace_id"],
        "item_id": marked("what waits for a decision"),
        "key": marked("a secret from which its codes are made; destroyed when HR decides"),
        "counted_in": marked("the Monday of the week in which it was counted last"),
    },
    "supports": {
        "workspace_id": _SHARED["workspace_id"],
        "item_id": marked("of what you said “same for me”"),
        "token": marked(
            "the code that stands in for your name, so that you count once and can take it "
            "back; nobody can compute it once the key is destroyed"
        ),
    },
}
"""The meaning of each column, for the person who answered."""

NO_MEANING: Final = marked("what this is for, nobody has written down yet")
"""The text for a column that this version does not know."""

HEADINGS: Final = {
    "invitations": marked("Of being asked"),
    "open_answers": marked("While a survey is open; deleted when its results are published"),
    "questions_asked": marked("Of being asked in the company pulse"),
    "pools": marked("While answers to the company pulse wait for others of your team"),
    "pool_entries": marked("In such a pool; deleted when its result comes out"),
    "pool_comments": marked("Of a comment at a milestone that waits for those of others"),
    "cohorts": marked("Of your group, which an answer is kept with"),
    "published_comments": marked("Of a comment that HR may read"),
    "named_responses": marked("Only of a survey that is not anonymous, after it has closed"),
    "answers": marked("Only of a survey that is not anonymous, of each answer"),
    "comments": marked("Only of a survey that is not anonymous, of each comment"),
    "voice_threads": marked("Of a conversation with HR"),
    "voice_messages": marked("Of each message in it"),
    "support_rounds": marked("Of what waits for a decision"),
    "supports": marked("Of “same for me”; deleted when HR decides"),
}


@dataclass(frozen=True)
class StoredTable:
    """A table with answers."""

    heading: str
    columns: tuple[tuple[str, str], ...]
    """Each column's name and meaning, in the table's order."""


async def stored_about_an_answer(session: AsyncSession) -> tuple[StoredTable, ...]:
    """Return every column that the database has now in the tables about answers."""
    connection = await session.connection()
    columns = await connection.run_sync(_columns)
    return tuple(
        StoredTable(
            _(heading),
            tuple((name, _(MEANINGS[table].get(name, NO_MEANING))) for name in columns[table]),
        )
        for table, heading in HEADINGS.items()
    )


def _columns(connection: Connection) -> dict[str, list[str]]:
    """Read the real column names by table, whatever the models say."""
    found = inspect(connection)
    return {table: [each["name"] for each in found.get_columns(table)] for table in HEADINGS}
