"""Tells Bolt whose request it is: which workspace's installation, and its token.

Through an organisation's installation, a payload may name its workspace elsewhere than usual, or
nowhere. https://docs.slack.dev/enterprise/developing-for-enterprise-orgs
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.internals import extract_is_enterprise_install

from bot.slack.installations import Installations

RESPONSE_URL_TEAM: Final = re.compile(r"/(?:actions|commands)/(T[A-Z0-9]+)/")
"""The workspace in `https://hooks.slack.com/actions/T…/…`."""


class Authorise(AsyncAuthorize):
    """Finds the token for a request without a call to Slack or, mostly, to the database."""

    def __init__(self, installations: Installations) -> None:
        self._installations = installations

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult | None:
        """Return the installation of `team_id`, or None, which Bolt answers politely.

        An event for the whole organisation is authorised without a workspace and a token.
        """
        installed = await self._installations.find(team_id) if team_id else None
        if installed is not None:
            return AuthorizeResult(
                enterprise_id=enterprise_id,
                team_id=installed.workspace_id,
                bot_user_id=installed.bot_user_id,
                bot_token=installed.token,
            )
        if team_id or not enterprise_id or not context.is_enterprise_install:
            return None
        if not await self._installations.is_organisation(enterprise_id):
            return None
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=None)


async def workspaces_told(context: AsyncBoltContext, installations: Installations) -> list[str]:
    """Return the workspaces that an event about a person concerns.

    Slack tells an organisation's installation once, and names at most one of its workspaces.
    https://docs.slack.dev/apis/events-api#authorizations
    """
    if context.is_enterprise_install and context.enterprise_id:
        return await installations.workspaces_of(context.enterprise_id)
    return [str(context.team_id)]


def name_workspace(content: dict[str, Any]) -> None:
    """Write into a request through an organisation's installation which workspace it comes from.

    Slack leaves `team` out then. A view or a message names where it is, an event its context. The
    person's home workspace, which may be another one, counts only if nothing else is named.
    https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
    """
    if extract_is_enterprise_install(content):
        named = next(filter(_is_workspace, _names(content)), None)
        content["team"] = {"id": named}
        if isinstance(view := content.get("view"), dict):
            view["app_installed_team_id"] = named
        if content.get("authorizations"):
            content["authorizations"][0]["team_id"] = named


def _names(content: Mapping[str, Any]) -> Iterator[Any]:
    """Yield all that may name the workspace, the surest first."""
    yield from (_part(content, "authorizations").get("team_id"), content.get("context_team_id"))
    yield _part(content, "team").get("id")
    yield _part(content, "view").get("team_id")
    yield _part(_part(content, "event"), "view").get("team_id")
    yield _part(content, "message").get("team")
    yield from RESPONSE_URL_TEAM.findall(str(content.get("response_url")))
    if not content.get("is_ext_shared_channel"):
        yield content.get("team_id")
    yield _part(content, "user").get("team_id")


def _part(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = content.get(name)
    if isinstance(part, list):
        part = part[0] if part else None
    return part if isinstance(part, Mapping) else {}


def _is_workspace(name: Any) -> bool:
    return isinstance(name, str) and name.startswith("T")
