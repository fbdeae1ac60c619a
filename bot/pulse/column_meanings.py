"""Explains each stored column about an answer, as found in the real database."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import AsyncSession

_SHARED: Final = {
    "workspace_id": "your Slack workspace",
    "wave_id": "which round of which survey it belongs to",
    "position": "which question it answers; −1 for a comment on the whole survey",
}
_GROUP: Final = {
    "cohort_id": "the group that you share with at least as many people as figures need"
}
_SHARED_VALUE: Final = "if enough people of the group share it, else empty"
MEANINGS: Final = {
    "invitations": {
        "workspace_id": _SHARED["workspace_id"],
        "wave_id": "which round of which survey asks you",
        "employee_id": "your Slack id, so that you are asked, and only once",
        "cohort_id": "the group that your answers would be kept with; emptied when the survey "
        "closes",
        "positions": "which questions of the company pulse or of the survey about wellbeing you "
        "are asked; empty for all of a survey, and emptied when the survey closes",
        "status": "`pending` before you are asked, then `asked`, or `skipped` if you skipped it "
        "all; `closed` for everybody when the survey closes. It never says whether you answered. "
        "The whole row goes 90 days later",
    },
    "open_answers": {
        **_SHARED,
        **_GROUP,
        "token": "the code that stands in for your name, so that you can change your answer; "
        "nobody can compute it without a key that is destroyed when the survey closes",
        "value": "what you pressed, as a number",
        "comment": "what you wrote",
    },
    "questions_asked": {
        "workspace_id": _SHARED["workspace_id"],
        "survey_id": "which survey the company pulse is",
        "held_on": "in which week you were asked",
        "employee_id": "your Slack id, so that you aren't asked the same again soon",
        "position": "which question",
        "label": "the team that your answer would count for; empty for small teams together. The "
        "whole row goes 90 days later, and never says whether you answered",
    },
    "pools": {
        "workspace_id": _SHARED["workspace_id"],
        "id": "a random number",
        "kind": "what waits in it: answers to the company pulse, or answers or comments at a "
        "milestone such as day 30",
        "source": "which survey or milestone that is",
        "topic": "what its answers are about",
        "label": "whose answers wait in it: a team, or small teams together; empty for a milestone",
        "key": "a secret from which its codes are made; destroyed when its result comes out",
        "min_group_size": "how many people must have answered or written before something comes "
        "out",
        "opened_on": "since when it waits; after half a year, or a year at a milestone, it is "
        "deleted unread",
        "looked": "at a milestone, how many had been asked when it was last looked at",
    },
    "pool_entries": {
        "workspace_id": _SHARED["workspace_id"],
        "pool_id": "what it is about, and for which team",
        "token": "the code that stands in for your name, so that you count once; nobody can "
        "compute it once the pool's key is destroyed. At a milestone the code is random: nobody "
        "can find yours again, you neither",
        "value": "how favourable your answer is, from 0 to 4, or at a milestone what you pressed, "
        "as a number; of comments, a random number that stands for their author. Empty if you were "
        "asked only",
    },
    "pool_comments": {
        "workspace_id": _SHARED["workspace_id"],
        "pool_id": "which milestone it was written at",
        "author": "a random number, so that an author counts once; it leads to nobody",
        "topic": "a code of the question; empty for all of them",
        "comment": "what was written, with names hidden",
    },
    "answers": {
        **_SHARED,
        "id": "a random number, made when the survey closed",
        "response_id": "a random number that your answers of this round share",
        "position": "which question it answers",
        "value": "what was pressed, as a number",
    },
    "cohorts": {
        "workspace_id": _SHARED["workspace_id"],
        "wave_id": _SHARED["wave_id"],
        "id": "the group's number in this round",
        "team": f"the team, {_SHARED_VALUE}",
        "department": f"the department, {_SHARED_VALUE}",
        "mentoring": "whether the people of the group have a mentor at present, if more people "
        "than figures need answers have one and more have none, else empty",
        "location": f"the place, {_SHARED_VALUE}",
        "invited": "how many people are in the group",
        "asked": "how many of them were asked; others were away, for example",
        "digest": "a code that changes when the group's people change, and names nobody",
    },
    "comments": {
        **_SHARED,
        "id": "a random number, made when the survey closed; it leads to no other answer",
        "text": "what was written",
    },
    "published_comments": {
        **_SHARED,
        "id": "a random number, made when results came out; it leads to no answer",
        "month": "the month in which HR could first read it",
        "position": "which question it is about, or −1 for the whole survey; empty where too few "
        "people wrote about it",
        "team": "a team, or several together, where enough of its people wrote",
        "text": "what was written, without names, addresses and long numbers",
    },
    "named_responses": {
        "workspace_id": _SHARED["workspace_id"],
        "wave_id": _SHARED["wave_id"],
        "response_id": "the number that your answers of this round share",
        "employee_id": "your Slack id",
    },
    "voice_threads": {
        "workspace_id": _SHARED["workspace_id"],
        "id": "a random number; if HR can answer you anonymously, computed from the one in your "
        "button, which is kept nowhere else",
        "way": "whether you wrote with your name, and whether HR can answer",
        "author_id": "your Slack id if you wrote with your name, else empty",
        "topic": "the topic that you chose",
        "status": "whether HR has read, answered or closed it",
        "label": "the word under which HR sorted it",
        "item_id": "what HR took it up as, for everybody; nothing there leads back to it",
    },
    "voice_messages": {
        "workspace_id": _SHARED["workspace_id"],
        "thread_id": "which conversation it belongs to",
        "number": "its place in the conversation",
        "from_hr": "whether HR wrote it",
        "text": "what was written; of an anonymous author without the names that are recognised",
        "week": "the Monday of the week in which it was written",
        "collect_at": "the midnight after which HR can read it; empty once that is over",
        "told": "whether the weekly news has counted it, of an answer of HR",
    },
    "support_rounds": {
        "workspace_id": _SHARED["workspace_id"],
        "item_id": "what waits for a decision",
        "key": "a secret from which its codes are made; destroyed when HR decides",
        "counted_in": "the Monday of the week in which it was counted last",
    },
    "supports": {
        "workspace_id": _SHARED["workspace_id"],
        "item_id": "of what you said “same for me”",
        "token": "the code that stands in for your name, so that you count once and can take it "
        "back; nobody can compute it once the key is destroyed",
    },
}
"""The meaning of each column, for the person who answered."""

NO_MEANING: Final = "what this is for, nobody has written down yet"
"""The text for a column that this version does not know."""

HEADINGS: Final = {
    "invitations": "Of being asked",
    "open_answers": "While a survey is open; deleted when its results are published",
    "questions_asked": "Of being asked in the company pulse",
    "pools": "While answers to the company pulse wait for others of your team",
    "pool_entries": "In such a pool; deleted when its result comes out",
    "pool_comments": "Of a comment at a milestone that waits for those of others",
    "cohorts": "Of your group, which an answer is kept with",
    "published_comments": "Of a comment that HR may read",
    "named_responses": "Only of a survey that is not anonymous, after it has closed",
    "answers": "Only of a survey that is not anonymous, of each answer",
    "comments": "Only of a survey that is not anonymous, of each comment",
    "voice_threads": "Of a conversation with HR",
    "voice_messages": "Of each message in it",
    "support_rounds": "Of what waits for a decision",
    "supports": "Of “same for me”; deleted when HR decides",
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
            heading,
            tuple((name, MEANINGS[table].get(name, NO_MEANING)) for name in columns[table]),
        )
        for table, heading in HEADINGS.items()
    )


def _columns(connection: Connection) -> dict[str, list[str]]:
    """Read the real column names by table, whatever the models say."""
    found = inspect(connection)
    return {table: [each["name"] for each in found.get_columns(table)] for table in HEADINGS}
