"""The person behind a request that Slack signed, as plain ids for services."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """A person of a workspace. Roles are not part of it: they are read from the table each time."""

    workspace_id: str
    user_id: str
