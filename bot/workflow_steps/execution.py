"""One execution of a step, as Slack sends it, and the guard that lets it act once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.errors import UserError
from bot.languages import _, marked
from bot.replays import ADD_MARK, Mark
from bot.workflow_steps.definitions import PERSON, PERSON_TYPE
from models.database import backend

REMEMBERED: Final = timedelta(days=2)
"""Slack repeats an event for minutes, or for a day with delayed events."""
NOBODY: Final = marked(
    "I can't tell who runs this workflow, so I did nothing. Let it start with a link, or let "
    "an HR admin press a button before this step."
)


@dataclass(frozen=True)
class Execution:
    """An execution of a step, and the person on whose behalf it acts."""

    id: str
    actor: Actor
    inputs: Mapping[str, Any]

    @property
    def key(self) -> str:
        """The id of the row that this execution makes, the same each time it comes."""
        return uuid5(NAMESPACE_OID, f"{self.actor.workspace_id}:{self.id}").hex

    def text(self, name: str) -> str:
        """Return an input without surrounding space; empty if it is missing or no text."""
        value = self.inputs.get(name)
        return value.strip() if isinstance(value, str) else ""

    def day(self, name: str) -> date | None:
        """Return an input that is a date; None if it is missing or no date."""
        try:
            return date.fromisoformat(self.text(name))
        except ValueError:
            return None


def read_execution(event: Mapping[str, Any], workspace_id: str) -> Execution:
    """Return the execution that a `function_executed` event describes.

    Raises UserError unless Slack itself says who runs the workflow. With a manifest in which the
    person is an input of another type, whoever builds a workflow could name an HR admin there.
    https://docs.slack.dev/reference/events/function_executed
    """
    inputs = event["inputs"]
    declared = event["function"]["input_parameters"]
    is_vouched = any(each["name"] == PERSON and each["type"] == PERSON_TYPE for each in declared)
    person = inputs.get(PERSON)
    user_id = person.get("id") if isinstance(person, dict) else None
    if not is_vouched or not user_id:
        raise UserError(_(NOBODY))
    return Execution(event["function_execution_id"], Actor(workspace_id, str(user_id)), inputs)


async def is_first_time(session: AsyncSession, execution: Execution, now: datetime) -> bool:
    """Remember an execution together with what it does; False if that was done already."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    mark = Mark(sha256(execution.key.encode()).hexdigest(), hour + REMEMBERED)
    return await session.scalar(ADD_MARK[backend(session)], mark.values) is not None
