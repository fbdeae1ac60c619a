"""The part of the compose form that says who is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.blockkit.blocks import Block, context, field_input, select
from bot.blockkit.form_state import FormState
from bot.languages import _, marked
from bot.surveys import form_fields
from bot.surveys.audience import AudienceKind, Filters
from bot.surveys.form_elements import (
    INVITE_FIRST,
    NEEDED,
    channel_choice,
    choice,
    long_choice,
    several,
)

AUDIENCES: Final = {
    "everyone": marked("Everyone"),
    "channel": marked("The members of a channel"),
    "usergroup": marked("A user group"),
    "team": marked("A team"),
    "chosen": marked("People by teams, places, managers or time here"),
}
LONGEST_MONTHS: Final = 600


@dataclass(frozen=True)
class Chosen:
    """What is typed and chosen of `Filters` so far."""

    teams: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()
    joined_at_most: str = ""
    joined_at_least: str = ""


NOTHING_CHOSEN: Final = Chosen()


@dataclass(frozen=True)
class Offered:
    """What there is to choose from."""

    teams: Sequence[str] = ()
    groups: Sequence[tuple[str, str]] = ()
    """User groups as (id, name)."""
    departments: Sequence[str] = ()
    locations: Sequence[str] = ()
    reach: str = ""
    """How many people that asks, or why it can't, in plain text; empty if not known."""


def chosen_in(state: FormState) -> Chosen:
    """Read the choices from a view's state."""
    return Chosen(
        teams=state.many(form_fields.TEAMS),
        departments=state.many(form_fields.DEPARTMENTS),
        locations=state.many(form_fields.LOCATIONS),
        managers=state.people(form_fields.MANAGERS),
        joined_at_most=state.one(form_fields.JOINED_AT_MOST),
        joined_at_least=state.one(form_fields.JOINED_AT_LEAST),
    )


def chosen_of(filters: Filters) -> Chosen:
    """Return what a form shows of stored filters."""
    return Chosen(
        filters.teams,
        filters.departments,
        filters.locations,
        filters.managers,
        _months(filters.joined_at_most),
        _months(filters.joined_at_least),
    )


def _months(number: int | None) -> str:
    return "" if number is None else str(number)


def audience_fields(audience: str, ref: str, chosen: Chosen, offered: Offered) -> list[Block]:
    """Build the fields of an audience, and a line with its size."""
    kinds = {value: _(text) for value, text in AUDIENCES.items()}
    blocks = [choice(_("Who is asked"), form_fields.AUDIENCE, kinds, audience, dispatch=True)]
    if audience == AudienceKind.CHANNEL:
        hint = f"{_(NEEDED)} {_(INVITE_FIRST)}"
        blocks.append(
            channel_choice(_("Channel"), form_fields.CHANNEL, ref, hint=hint, dispatch=True)
        )
    elif audience == AudienceKind.TEAM and offered.teams:
        named = [(team, team) for team in offered.teams]
        blocks.append(long_choice(_("Team"), form_fields.TEAM, named, ref))
    elif audience == AudienceKind.TEAM:
        blocks.append(context(_("No teams are known yet. An import of people brings them.")))
    elif audience == AudienceKind.USERGROUP and offered.groups:
        blocks.append(long_choice(_("User group"), form_fields.USERGROUP, offered.groups, ref))
    elif audience == AudienceKind.USERGROUP:
        blocks.append(context(_("This workspace has no user groups that I can see.")))
    elif audience == AudienceKind.CHOSEN:
        blocks += _chosen_fields(chosen, offered)
    if offered.reach:
        blocks.append({**context(offered.reach), "block_id": form_fields.REACH})
    return blocks


def reach_in(view: Mapping[str, Any]) -> str:
    """Read the line with the number of people from a view; empty without one."""
    shown = (block for block in view["blocks"] if block.get("block_id") == form_fields.REACH)
    return next((str(block["elements"][0]["text"]) for block in shown), "")


def _chosen_fields(chosen: Chosen, offered: Offered) -> list[Block]:
    blocks = [
        context(_("Within one field any choice counts; of several fields, all must be true."))
    ]
    for label, name, names, picked in (
        (_("Teams"), form_fields.TEAMS, offered.teams, chosen.teams),
        (_("Departments"), form_fields.DEPARTMENTS, offered.departments, chosen.departments),
        (_("Locations"), form_fields.LOCATIONS, offered.locations, chosen.locations),
    ):
        if names:
            blocks.append(several(label, name, names, picked))
    if len(blocks) == 1:
        blocks.append(
            context(_("No teams, departments or locations are known yet. An import brings them."))
        )
    managers = select("multi_users_select", form_fields.MANAGERS, placeholder=_("Any"))
    if chosen.managers:
        managers["initial_users"] = list(chosen.managers)
    return [
        *blocks,
        field_input(
            _("Managers, and everybody below them"),
            managers,
            block_id=form_fields.MANAGERS,
            hint=_("Those who report to them, directly or through others, and the managers."),
            optional=True,
            dispatch=True,
        ),
        _months_field(
            _("Joined at most … months ago"), form_fields.JOINED_AT_MOST, chosen.joined_at_most
        ),
        _months_field(
            _("Joined at least … months ago"), form_fields.JOINED_AT_LEAST, chosen.joined_at_least
        ),
    ]


def _months_field(label: str, name: str, typed: str) -> Block:
    element: Block = {
        "type": "number_input",
        "action_id": name,
        "is_decimal_allowed": False,
        "min_value": "0",
        "max_value": str(LONGEST_MONTHS),
    }
    if typed:
        element["initial_value"] = typed
    return field_input(label, element, block_id=name, optional=True, dispatch=True)
