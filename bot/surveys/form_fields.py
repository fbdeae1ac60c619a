"""Ids of the compose form's fields; errors are shown at the field that they name."""

from collections.abc import Collection, Mapping
from typing import Final

NAME: Final = "surveys:name"
BANK: Final = "surveys:bank"
OWN_TEXT: Final = "surveys:own_text"
OWN_SCALE: Final = "surveys:own_scale"
OWN_OPTIONS: Final = "surveys:own_options"
OWN_TRANSLATION: Final = "surveys:own_translation"
AUDIENCE: Final = "surveys:audience"
CHANNEL: Final = "surveys:channel"
USERGROUP: Final = "surveys:usergroup"
TEAM: Final = "surveys:team"
TEAMS: Final = "surveys:teams"
DEPARTMENTS: Final = "surveys:departments"
LOCATIONS: Final = "surveys:locations"
MANAGERS: Final = "surveys:managers"
JOINED_AT_MOST: Final = "surveys:joined_at_most"
JOINED_AT_LEAST: Final = "surveys:joined_at_least"
WHEN: Final = "surveys:when"
DATE: Final = "surveys:date"
ORDINAL: Final = "surveys:ordinal"
WEEKDAY: Final = "surveys:weekday"
TIME: Final = "surveys:time"
ENDS_ON: Final = "surveys:ends_on"
DAYS_OFF: Final = "surveys:days_off"
OPEN_HOURS: Final = "surveys:open_hours"
ANONYMITY: Final = "surveys:anonymity"
DESPITE: Final = "surveys:despite"
TEMPLATE: Final = "surveys:template"
REACH: Final = "surveys:reach"
"""The line with the number of people."""


def own(field: str, number: int) -> str:
    """Return the id of a field of HR's own question with this number, from 0."""
    return f"{field}:{number}"


AUDIENCE_REFS: Final = {"channel": CHANNEL, "usergroup": USERGROUP, "team": TEAM}
"""By kind of audience: the field of the channel, user group or team."""


CHOSEN: Final = (TEAMS, DEPARTMENTS, LOCATIONS, MANAGERS, JOINED_AT_MOST, JOINED_AT_LEAST)
"""The fields of chosen people."""
MEASURED: Final = (AUDIENCE, *AUDIENCE_REFS.values(), *CHOSEN, ANONYMITY)
"""Fields that change how many people are asked, or whether they are enough."""
REDRAWING: Final = (*MEASURED, WHEN, OWN_SCALE)
"""Fields that change what else the form shows."""


def audience_field(kind: str) -> str:
    """Return the field where an invalid audience can be corrected."""
    return AUDIENCE_REFS.get(kind, AUDIENCE)


def shown_at(errors: Mapping[str, str], present: Collection[str]) -> dict[str, str]:
    """Move errors of missing fields to the field that decides about them.

    For example, a workspace without teams has no field to choose a team, and Slack drops errors of
    unknown fields.
    """
    return {_nearest(field, present): sentence for field, sentence in errors.items()}


def _nearest(field: str, present: Collection[str]) -> str:
    if field in present:
        return field
    if field.startswith(OWN_OPTIONS):
        return field.replace(OWN_OPTIONS, OWN_SCALE)
    if field in (*AUDIENCE_REFS.values(), *CHOSEN):
        return AUDIENCE
    return WHEN if field in (DATE, TIME, ENDS_ON) else NAME
