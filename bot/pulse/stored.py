"""Exactly what is stored about an answer: read from the real tables, told in plain words."""

from dataclasses import dataclass
from typing import Final

from models import Base

_SHARED: Final = {
    "workspace_id": "your Slack workspace",
    "wave_id": "which round of which survey it belongs to",
    "position": "which question it answers",
}
_GROUP: Final = {
    "cohort_id": "the group that you share with at least as many people as figures need"
}
_SHARED_VALUE: Final = "if enough people of the group share it, else empty"
MEANINGS: Final = {
    "open_answers": {
        **_SHARED,
        **_GROUP,
        "token": "the code that stands in for your name, so that you can change your answer; "
        "nobody can compute it without a key that is destroyed when the survey closes",
        "value": "what you pressed, as a number",
        "comment": "what you wrote",
    },
    "answers": {
        **_SHARED,
        **_GROUP,
        "id": "a random number, made when the survey closed",
        "response_id": "a random number that your answers of this round share",
        "value": "what was pressed, as a number",
    },
    "cohorts": {
        "workspace_id": _SHARED["workspace_id"],
        "wave_id": _SHARED["wave_id"],
        "id": "the group's number in this round",
        "team": f"the team, {_SHARED_VALUE}",
        "department": f"the department, {_SHARED_VALUE}",
        "mentoring": "whether the people of the group have a mentor at present, if as many people "
        "as figures need have one and as many have none, else empty",
        "location": f"the place, {_SHARED_VALUE}",
        "tenure_band": f"for how many years people have been here, roughly, {_SHARED_VALUE}",
        "manager": f"whom they report to, {_SHARED_VALUE}",
        "invited": "how many people are in the group",
    },
    "comments": {
        **_SHARED,
        **_GROUP,
        "id": "a random number, made when the survey closed; it leads to no other answer",
        "text": "what was written",
    },
    "published_comments": {
        **_SHARED,
        "id": "a random number, and not the one above",
        "month": "the month in which HR could first read it",
        "position": "which question it is about, where enough people wrote about it",
        "team": "a team, or several together, where enough of its people wrote",
        "text": "what was written, without names, addresses and long numbers",
    },
}
"""What each column means to the person who answered."""

HEADINGS: Final = {
    "open_answers": "While a survey is open",
    "answers": "After it has closed, of each answer",
    "comments": "After it has closed, of each comment",
    "cohorts": "Of your group, which an answer and a comment are kept with",
    "published_comments": "Of a comment that HR may read",
}


@dataclass(frozen=True)
class StoredTable:
    """A table that answers are kept in."""

    heading: str
    columns: tuple[tuple[str, str], ...]
    """Each column's name and plain meaning, in the table's order."""


def stored_about_an_answer() -> tuple[StoredTable, ...]:
    """Return every column of the tables that hold answers.

    Raises KeyError for a column without a plain meaning: nothing may be stored that is not told.
    """
    return tuple(
        StoredTable(
            heading,
            tuple(
                (column.name, MEANINGS[table][column.name])
                for column in Base.metadata.tables[table].columns
            ),
        )
        for table, heading in HEADINGS.items()
    )
