"""Who acts: read from a request that Slack signed, handed to services as plain ids."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """A person of a workspace. Says nothing of roles: these are read from the table each time."""

    workspace_id: str
    user_id: str
