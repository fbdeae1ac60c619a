"""The workspaces that one server plays, as Slack serves all of them at one address.

An app's token says which workspace a call concerns. The token of an organisation's installation
serves several, so its calls name one with ``team_id``.
https://docs.slack.dev/enterprise/developing-for-enterprise-orgs
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.engine import Engine


class Neighbours:
    """The running workspaces of one server, the one that opened it first."""

    def __init__(self) -> None:
        self.engines: list[Engine] = []

    def with_token(self, token: str, team_id: str) -> Engine:
        """Return the workspace that a call concerns; the first one for an unknown token."""
        served = [each for each in self.engines if each.world.app_with_token(token)]
        named = [each for each in served if each.world.team.id == team_id]
        return (named or served or self.engines)[0]

    def of_team(self, team_id: str | None) -> Engine:
        """Return a workspace by its id; the first one for an unknown id."""
        found = [each for each in self.engines if each.world.team.id == team_id]
        return (found or self.engines)[0]

    def with_upload(self, key: str) -> Engine:
        """Return the workspace that waits for an upload."""
        found = [each for each in self.engines if each.world.file_named(key)]
        return (found or self.engines)[0]

    def with_file(self, file_id: str) -> Engine:
        """Return the workspace that has a file."""
        found = [each for each in self.engines if file_id in each.world.files]
        return (found or self.engines)[0]

    def with_grant(self, secret: str) -> Engine:
        """Return the workspace that gave out an OAuth code or a refresh token."""
        found = [
            each
            for each in self.engines
            if secret in each.oauth_codes or secret in each.world.app().refresh_tokens
        ]
        return (found or self.engines)[0]

    def of_organisation(self, enterprise_id: str) -> list[Engine]:
        """Return the workspaces of an organisation of Enterprise Grid."""
        return [each for each in self.engines if each.world.team.enterprise_id == enterprise_id]
