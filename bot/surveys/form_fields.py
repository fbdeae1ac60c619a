"""Ids of the compose form's fields; an error is shown at the field that it names."""

from collections.abc import Collection, Mapping
from typing import Final

NAME: Final = "surveys:name"
BANK: Final = "surveys:bank"
OWN_TEXT: Final = "surveys:own_text"
OWN_SCALE: Final = "surveys:own_scale"
OWN_OPTIONS: Final = "surveys:own_options"
AUDIENCE: Final = "surveys:audience"
CHANNEL: Final = "surveys:channel"
USERGROUP: Final = "surveys:usergroup"
TEAM: Final = "surveys:team"
WHEN: Final = "surveys:when"
DATE: Final = "surveys:date"
ORDINAL: Final = "surveys:ordinal"
WEEKDAY: Final = "surveys:weekday"
TIME: Final = "surveys:time"
OPEN_HOURS: Final = "surveys:open_hours"
ANONYMITY: Final = "surveys:anonymity"


def own(field: str, number: int) -> str:
    """Return the id of a field of the own question with this number, from 0."""
    return f"{field}:{number}"


AUDIENCE_REFS: Final = {"channel": CHANNEL, "usergroup": USERGROUP, "team": TEAM}
"""Which field holds the channel, user group or team, by kind of audience."""


def audience_field(kind: str) -> str:
    """Return the field at which an audience that does not work is mended."""
    return AUDIENCE_REFS.get(kind, AUDIENCE)


def shown_at(errors: Mapping[str, str], present: Collection[str]) -> dict[str, str]:
    """Move errors of fields that a form does not have to the field that decides about them.

    A workspace without teams, for one, has no field to choose a team, and Slack would swallow
    the error.
    """
    return {_nearest(field, present): sentence for field, sentence in errors.items()}


def _nearest(field: str, present: Collection[str]) -> str:
    if field in present:
        return field
    if field.startswith(OWN_OPTIONS):
        return field.replace(OWN_OPTIONS, OWN_SCALE)
    if field in AUDIENCE_REFS.values():
        return AUDIENCE
    return WHEN if field in (DATE, TIME) else NAME
