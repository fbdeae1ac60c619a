"""The form's parts for teams that come from Slack, and what importing them changes."""

from collections.abc import Sequence
from typing import Final

from bot.blockkit.blocks import (
    OPTION_TEXT,
    Block,
    View,
    field_input,
    long_select,
    modal,
    option,
    section,
    sections,
)
from bot.blockkit.text import mention, shorten
from bot.languages import _, _n, marked, plural, write_list, write_number
from bot.people.import_wording import (
    MOVES,
    NAMES_SHOWN,
    SHOWN,
    few,
    look_alike_lines,
    more_than,
    team_name,
)
from bot.people.pure.team_reading import NamedChoice, Source, TeamChanges, TeamReading
from bot.people.upload.blocks import DONE, TITLE, UPLOAD_FORM, form_view

GROUPS_FORM: Final = "people:groups-form"
FIELD_FORM: Final = "people:field-form"
TEAMS_PREVIEW: Final = "people:import-teams"
GROUPS_FIELD: Final = "people:groups"
PROFILE_FIELD: Final = "people:profile-field"

GROUPS_HOW: Final = marked(
    "Each group that you choose is a team, with the group's name and people. Whoever is in none of "
    "them, or in several, keeps the present team. I first show what would change, and change "
    "nothing."
)
FIELD_HOW: Final = marked(
    "The field says in which team somebody is. Whoever has nothing in it keeps the present "
    "team. I first show what would change, and change nothing."
)
NO_GROUPS: Final = marked("This workspace has no user groups. They need a paid plan of Slack.")
NO_FIELDS: Final = marked(
    "Profiles in this workspace have no custom field that holds a text or one of several choices."
)
GROUPS_SCOPE: Final = marked("I may not read user groups in this workspace yet.")
FIELD_SCOPE: Final = marked("I may not read the fields of profiles in this workspace yet.")
HOW_TO_ALLOW: Final = marked(
    "Somebody who manages apps can allow it: add the scope {scope} under *OAuth & Permissions* of "
    "this app, then install it again. Teams can come from a CSV file meanwhile."
)
NOT_TOLD: Final = marked(
    "I couldn't read this from Slack just now, and nothing has changed. In a few minutes, please "
    "choose another source and then this one again."
)
NOT_STORED: Final = marked(
    "That didn't work just now, and nothing has changed. Please try `/pulse people` again in a few "
    "minutes."
)
READING_GROUPS: Final = marked(
    "I am reading the groups. This window shows what they would change in a few seconds."
)
LEAVE_OPEN: Final = marked(
    "Please leave this window open: it shows what would change. If it stands still for longer than "
    "two minutes, `/pulse people` begins again."
)
IMPORTING: Final = marked("I am importing the teams. This window says so when it is done.")
OVERTAKEN: Final = marked(
    "Somebody imported people or read teams meanwhile, or it was too long ago, so nothing has "
    "changed. `/pulse people` begins again."
)
NOTHING_NEW: Final = marked("This changes nothing: everybody is in these teams already.")
NOBODY: Final = {
    Source.GROUPS: marked("Nobody is in these groups."),
    Source.FIELD: marked("Nobody has anything in this field."),
}
IN_SEVERAL: Final = marked("In more than one team, so they keep the one that they have:")
STAY: Final = marked("Afterwards teams stay as they are until the next import.")
NO_GROUP: Final = marked("Please choose the groups that are teams.")
NO_FIELD: Final = marked("Please choose a field.")
_SCOPES: Final = {
    Source.GROUPS: (GROUPS_SCOPE, "usergroups:read"),
    Source.FIELD: (FIELD_SCOPE, "users.profile:read"),
}
_NOT_ALLOWED: Final = ("missing_scope", "no_permission", "not_allowed_token_type")
_NOT_THERE: Final = ("plan_upgrade_required", "paid_teams_only", "unknown_method")


def why_not_told(source: Source, code: str, otherwise: str | None = None) -> str:
    """Return what HR is told for Slack's error code; `otherwise` replaces NOT_TOLD."""
    if code in _NOT_ALLOWED:
        sentence, scope = _SCOPES[source]
        return f"{_(sentence)} {_(HOW_TO_ALLOW).format(scope=f'`{scope}`')}"
    if code in _NOT_THERE:
        return _(NO_GROUPS) if source is Source.GROUPS else _(NO_FIELDS)
    return otherwise or _(NOT_TOLD)


def refused_view(source: Source, why: str) -> View:
    """Return the form that says why teams can't come from there."""
    return form_view(source, [section(why)], None)


def groups_view(choices: Sequence[NamedChoice]) -> View:
    """Return the form with the user groups."""
    if not choices:
        return refused_view(Source.GROUPS, _(NO_GROUPS))
    return form_view(
        Source.GROUPS,
        [
            section(_(GROUPS_HOW)),
            _menu("multi_static_select", GROUPS_FIELD, _("Groups"), choices),
        ],
        GROUPS_FORM,
    )


def fields_view(choices: Sequence[NamedChoice]) -> View:
    """Return the form with the fields of profiles."""
    if not choices:
        return refused_view(Source.FIELD, _(NO_FIELDS))
    return form_view(
        Source.FIELD,
        [
            section(_(FIELD_HOW)),
            _menu("static_select", PROFILE_FIELD, _("Field"), choices),
        ],
        FIELD_FORM,
    )


def _menu(kind: str, field: str, label: str, choices: Sequence[NamedChoice]) -> Block:
    options = [option(shorten(each.name, OPTION_TEXT), each.id) for each in choices]
    return field_input(label, long_select(kind, field, options, _("Choose")), block_id=field)


def progress_text(done: int, people: int, minutes: int) -> str:
    """Say how many of all profiles are read; `minutes` is about how long all of them take."""
    read = _n("Read {done} of {count} profile.", "Read {done} of {count} profiles.", people)
    takes = _("All of them take about {minutes}.").format(
        minutes=plural(minutes, "minute", "minutes")
    )
    return f"{read.format(done=write_number(done))} {takes}\n\n{_(LEAVE_OPEN)}"


def preview_view(source: Source, reading: TeamReading, changes: TeamChanges, key: str) -> View:
    """Show what importing teams changes, with a button to import; `key` names what was read."""
    told = [
        *_nothing(source, reading, changes),
        *_staying(changes),
        *look_alike_lines(changes.look_alike),
        *_problems(reading),
        *_changes(changes),
        *_kept(changes),
        _(STAY),
    ]
    return modal(
        _(TITLE),
        sections(told, _("*What these teams change*")),
        callback_id=TEAMS_PREVIEW if changes.moves else UPLOAD_FORM,
        submit=_("Import") if changes.moves else None,
        close=_("Cancel") if changes.moves else None,
        private_metadata=key,
    )


def done_view(changes: TeamChanges) -> View:
    """Show what was imported."""
    told = [*_changes(changes), _(STAY)]
    return modal(_(TITLE), sections(told, f"*{_(DONE)}*"), callback_id=UPLOAD_FORM)


def _nothing(source: Source, reading: TeamReading, changes: TeamChanges) -> list[str]:
    """Say why nothing changes, unless something does or the people's teams are unclear."""
    if changes.as_before and not changes.moves:
        return [_(NOTHING_NEW)]
    is_empty = not (reading.teams or reading.in_several or reading.unusable)
    return [_(NOBODY[source])] if is_empty else []


def _staying(changes: TeamChanges) -> list[str]:
    """Name all of the few who stay behind, because nobody looks for them among those who move."""
    return [
        _("Stay in *{team}*: {people}.").format(
            team=team_name(team), people=", ".join(map(mention, people))
        )
        for team, people in changes.staying.items()
    ]


def _problems(reading: TeamReading) -> list[str]:
    """Say whose team Slack leaves unclear."""
    lines: list[str] = []
    if reading.in_several:
        shown = [
            _("• {person} is in {teams}.").format(
                person=mention(person),
                teams=write_list([team_name(team) for team in teams[:NAMES_SHOWN]]),
            )
            for person, teams in list(reading.in_several.items())[:SHOWN]
        ]
        lines += [_(IN_SEVERAL), *shown, *more_than(SHOWN, len(reading.in_several))]
    if reading.unusable:
        lines.append(
            _(
                "With a team whose name is longer than 120 characters, so they keep theirs: "
                "{people}."
            ).format(people=_mentions(reading.unusable))
        )
    return lines


def _kept(changes: TeamChanges) -> list[str]:
    """Say for whom nothing changes."""
    lines: list[str] = []
    if changes.as_before:
        lines.append(_("As before, {people}.").format(people=_people(changes.as_before)))
    if changes.in_none:
        lines.append(
            _("In none of these teams, so they keep theirs, {people}: {names}.").format(
                people=_people(len(changes.in_none)), names=_mentions(changes.in_none)
            )
        )
    return lines


def _changes(changes: TeamChanges) -> list[str]:
    """Say who comes to which team, and how large the teams then are."""
    lines = [
        _("Moving to *{team}*, {people}: {names}.").format(
            team=team_name(team), people=_people(len(people)), names=_mentions(people)
        )
        for team, people in list(changes.moves.items())[:SHOWN]
    ]
    lines += more_than(SHOWN, len(changes.moves))
    if changes.counted_later:
        lines.append(_(MOVES))
    lines.append(
        _n("There will be {count} team.", "There will be {count} teams.", len(changes.sizes))
    )
    small = [
        f"{team_name(team)} ({write_number(size)})"
        for team, size in changes.sizes.items()
        if size <= changes.k
    ]
    if small:
        lines.append(
            _(
                "Too small for figures of their own, which need more than {k} people: {teams}."
            ).format(k=write_number(changes.k), teams=few(small, NAMES_SHOWN))
        )
    return lines


def _people(count: int) -> str:
    return plural(count, "person", "people")


def _mentions(people: Sequence[str]) -> str:
    return few([mention(person) for person in people])
