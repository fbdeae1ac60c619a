"""Reads from Slack what may say who is in which team: user groups, and a field of profiles."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import partial
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.people.pure.team_names import clean_name
from bot.people.pure.team_reading import NamedChoice
from bot.slack.client import NETWORK_ERRORS, error_code, patiently

SECONDS_BETWEEN: Final = 0.6
"""Between two profiles: at most 100 calls a minute, which Slack grants at least.

https://docs.slack.dev/reference/methods/users.profile.get
"""
TOLD_EVERY: Final = 10
"""Profiles between two words about how far the reading is."""
ATTEMPTS: Final = 5
"""How often one profile is asked for if no answer comes."""
NAMES: Final = ("text", "options_list")
"""Types of fields whose value can be the name of a team; others hold dates, links and people."""
NOBODY: Final = ("user_not_found", "user_not_visible")
"""Refusals that concern one person only."""

PROFILES_A_MINUTE: Final = 90
"""About as many are read."""

Tell = Callable[[int], Awaitable[None]]


async def fetch_groups(client: AsyncWebClient) -> list[NamedChoice]:
    """Return the workspace's user groups that have a name, sorted. Raises SlackApiError.

    https://docs.slack.dev/reference/methods/usergroups.list
    """
    answer = await patiently(client.usergroups_list)
    return _by_name((str(each["id"]), str(each["name"])) for each in answer["usergroups"])


async def fetch_fields(client: AsyncWebClient) -> list[NamedChoice]:
    """Return the labelled fields of profiles that can name a team. Raises SlackApiError.

    https://docs.slack.dev/reference/methods/team.profile.get
    """
    answer: Any = await patiently(client.team_profile_get)
    return _by_name(
        (str(each["id"]), str(each["label"]))
        for each in answer["profile"]["fields"]
        if each["type"] in NAMES
    )


async def read_members(client: AsyncWebClient, groups: Collection[str]) -> list[tuple[str, str]]:
    """Return the people of some user groups, by id, each with the name of a group.

    A group that has gone meanwhile has none. Raises SlackApiError.
    """
    answer = await patiently(partial(client.usergroups_list, include_users=True))
    return [
        (str(person), str(group["name"]))
        for group in answer["usergroups"]
        if group["id"] in groups
        for person in group.get("users") or ()
    ]


async def read_values(
    client: AsyncWebClient, field: str, people: Sequence[str], tell: Tell
) -> list[tuple[str, str]]:
    """Return what people have in a field of their profile, an empty text for nothing.

    `tell` hears now and then how many profiles are read. Takes about six minutes for 500 people,
    and waits as long as Slack asks. Raises SlackApiError, or what the last of ATTEMPTS got instead
    of an answer.
    """
    values: list[tuple[str, str]] = []
    for done, person in enumerate(people, 1):
        try:
            answer = await _profile(client, person)
            values.append((person, _value(answer, field)))
        except SlackApiError as error:
            if error_code(error) not in NOBODY:
                raise
        if done % TOLD_EVERY == 0:
            await tell(done)
        await asyncio.sleep(SECONDS_BETWEEN)
    return values


def minutes_for(people: int) -> int:
    """Return about how many minutes it takes to read people's profiles, at least one."""
    return max(1, round(people / PROFILES_A_MINUTE))


async def _profile(client: AsyncWebClient, person: str) -> Any:
    for _attempt in range(1, ATTEMPTS):
        try:
            return await patiently(partial(client.users_profile_get, user=person))
        except NETWORK_ERRORS:
            await asyncio.sleep(SECONDS_BETWEEN)
    return await patiently(partial(client.users_profile_get, user=person))


def _value(answer: Any, field: str) -> str:
    # Slack gives no object where somebody has filled in nothing.
    fields = answer["profile"].get("fields") or {}
    return str((fields.get(field) or {}).get("value") or "")


def _by_name(pairs: Any) -> list[NamedChoice]:
    choices = (NamedChoice(id_, clean_name(name)) for id_, name in pairs)
    return sorted(
        (choice for choice in choices if choice.name),
        key=lambda choice: choice.name.casefold(),
    )
