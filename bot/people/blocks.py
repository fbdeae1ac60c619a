"""The list of HR's members for everybody, and the form in which admins change it."""

from collections.abc import Sequence
from typing import Any, Final

from bot.blockkit.blocks import (
    Block,
    View,
    actions,
    button,
    field_input,
    modal,
    option,
    section,
    select,
)
from bot.blockkit.text import mention
from bot.languages import _, _n, marked
from bot.people.roles import ADMINS_FIELD, ANALYSTS_FIELD, HrTeam

CHANGE_HR_TEAM: Final = "people:change_hr_team"
HR_TEAM_FORM: Final = "people:hr_team"
MANAGERS_FIELD: Final = "people:managers"
MENTIONS_SHOWN: Final = 50
"""How many people are named: a section's text holds about 200 mentions."""

HR_TEAM_TITLE: Final = marked("Who runs Attune here")


def hr_team_text(team: HrTeam) -> str:
    """Return the list of HR's members in mrkdwn."""
    lines = [
        f"*{_(HR_TEAM_TITLE)}*",
        _(
            "*HR admins* write surveys, see figures and comments, and choose who is HR: {admins}"
        ).format(admins=mentions(team.admins) or _("nobody yet")),
        _("*HR analysts* see the figures, and no comments: {analysts}").format(
            analysts=mentions(team.analysts) or _("nobody")
        ),
    ]
    if team.owner:
        owner = mention(team.owner)
        lines.append(
            _("*The workspace's owner* can choose HR admins too: {owner}").format(owner=owner)
        )
    lines += [
        _(
            "*Managers* see the published figures of their own team, if most of it reports to "
            "them, and nothing of smaller groups."
        )
        if team.managers_see_team
        else _("*Managers* see no figures."),
        _(
            "None of them can see who gave which answer to an anonymous survey. `/pulse record` "
            "shows who looked at which figures."
        ),
    ]
    return "\n".join(lines)


def hr_team_blocks(team: HrTeam, *, can_change: bool) -> list[Block]:
    """Show HR's members, with a button for people who may change them."""
    blocks = [section(hr_team_text(team))]
    if can_change:
        blocks.append(actions([button(_("Change"), CHANGE_HR_TEAM)]))
    return blocks


def mentions(people: Sequence[str]) -> str:
    """Name people in mrkdwn, the first fifty of them; empty for nobody."""
    shown = ", ".join(mention(person) for person in people[:MENTIONS_SHOWN])
    hidden = len(people) - MENTIONS_SHOWN
    if hidden <= 0:
        return shown
    return _n("{people} and {count} other", "{people} and {count} others", hidden).format(
        people=shown
    )


def hr_team_form(team: HrTeam, *, with_switch: bool) -> View:
    """Build the form with the present values; `with_switch` adds what only HR admins may change."""
    return modal(
        _("HR team"),
        [
            _people_field(
                _("HR admins"),
                _("They write surveys, see figures and comments, and choose who is HR."),
                ADMINS_FIELD,
                team.admins,
                optional=False,
            ),
            _people_field(
                _("HR analysts"),
                _("They see the figures, no comments, and change nothing."),
                ANALYSTS_FIELD,
                team.analysts,
                optional=True,
            ),
            *([_managers_field(team)] if with_switch else []),
        ],
        callback_id=HR_TEAM_FORM,
        submit=_("Save"),
        close=_("Cancel"),
    )


def hr_team_saved(team: HrTeam) -> View:
    """Show what was saved."""
    return modal(
        _("HR team"),
        [section("\n\n".join([_("Saved."), hr_team_text(team)]))],
        callback_id=HR_TEAM_FORM,
    )


def _people_field(
    label: str, hint: str, field: str, people: Sequence[str], *, optional: bool
) -> Block:
    element = select("multi_users_select", field, placeholder=_("Choose people"))
    if people:
        element["initial_users"] = list(people)
    return field_input(label, element, block_id=field, hint=hint, optional=optional)


def _managers_field(team: HrTeam) -> Block:
    choice = option(_("See the published figures of their own team"), "yes")
    chosen: dict[str, Any] = {"initial_options": [choice]} if team.managers_see_team else {}
    return field_input(
        _("Managers may"),
        select("checkboxes", MANAGERS_FIELD, options=[choice], **chosen),
        block_id=MANAGERS_FIELD,
        hint=_(
            "With /pulse results: only figures that HR sees as well, of teams most of whose "
            "people report to them, and no comments. Everybody can read who looked, with "
            "/pulse record."
        ),
        optional=True,
    )
