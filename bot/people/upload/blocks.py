"""The form in which HR uploads its file of people, sees what it changes, and imports it."""

import json
from collections.abc import Sequence
from typing import Final

from bot.blockkit.blocks import (
    Block,
    View,
    actions,
    field_input,
    modal,
    option,
    section,
    sections,
    select,
)
from bot.blockkit.text import escape, mention
from bot.languages import _, marked
from bot.people.import_wording import look_alike_lines, plan_lines, problem_lines
from bot.people.pure.import_file import COLUMNS
from bot.people.pure.import_plan import ImportPlan
from bot.people.pure.team_reading import Source

UPLOAD_FORM: Final = "people:upload"
PREVIEW_FORM: Final = "people:import"
FILE_FIELD: Final = "people:file"
SOURCE: Final = "people:source"
TITLE: Final = marked("People")

WHERE: Final = marked("*Where do teams come from?*")
SOURCES: Final = {
    Source.FILE: marked("A CSV file, with all that HR knows of people"),
    Source.GROUPS: marked("Slack user groups: each one that you choose is a team"),
    Source.FIELD: marked("A field of people's profiles in Slack"),
}
HOW: Final = marked(
    "Choose a CSV file with one person a line; the first line names the columns: {columns}. All "
    "but `email` may be left out. I first show what would change, and change nothing.\n\nSlack "
    "keeps the file among yours. Delete it there once you are done."
)
READING: Final = marked(
    "I am reading the file. This window shows what it would change in a few seconds."
)
IMPORTING: Final = marked("I am importing the file. This window says so when it is done.")
NOTHING_NEW: Final = marked("The file changes nothing: the directory says all of it already.")
NOT_READ: Final = marked(
    "I couldn't read the file just now, and nothing has changed. Please try `/pulse people` again "
    "in a few minutes."
)
NO_SCOPE: Final = marked(
    "I may not read files in this workspace yet. Somebody who manages apps can allow it: add the "
    "scope `files:read` under *OAuth & Permissions* of this app, then install it again. The "
    "operator of Attune can import the file, too: `python -m bot people import FILE`."
)
TOO_LARGE: Final = marked(
    "This file is larger than 50 MB, and nothing has changed. Please choose the CSV file of people."
)
OVERTAKEN: Final = marked(
    "Somebody imported people or teams meanwhile, so your file has changed nothing. "
    "`/pulse people` begins again."
)
DONE: Final = marked("Imported.")
NO_FILE: Final = marked("Please choose a CSV file.")


def why_unreadable(word: str) -> str:
    """Return what HR is told for the word of a `bot.slack.files.FileUnreadableError`."""
    if word == "size":
        return _(TOO_LARGE)
    return _(NO_SCOPE) if word.startswith("status 30") or word == "status 200" else _(NOT_READ)


def form_view(source: Source, fields: Sequence[Block], callback_id: str | None) -> View:
    """Return the form for a source of teams; without `callback_id` it can't be sent."""
    options = {each: option(_(text), each.value) for each, text in SOURCES.items()}
    chosen = select(
        "radio_buttons", SOURCE, options=list(options.values()), initial_option=options[source]
    )
    return modal(
        _(TITLE),
        [section(_(WHERE)), actions([chosen], SOURCE), *fields],
        callback_id=callback_id or UPLOAD_FORM,
        submit=_("Show changes") if callback_id else None,
        close=_("Cancel"),
    )


def upload_view() -> View:
    """Return the form with the field for the file."""
    columns = ", ".join(f"`{column}`" for column in COLUMNS)
    element = {
        "type": "file_input",
        "action_id": FILE_FIELD,
        "filetypes": ["csv", "txt"],
        "max_files": 1,
    }
    return form_view(
        Source.FILE,
        [
            section(_(HOW).format(columns=columns)),
            field_input(_("CSV file"), element, block_id=FILE_FIELD),
        ],
        UPLOAD_FORM,
    )


def note_view(text: str) -> View:
    """Return a window that only says something."""
    return modal(_(TITLE), [section(text)], callback_id=UPLOAD_FORM)


def preview_view(
    plan: ImportPlan, alike: Sequence[Sequence[str]], url: str, last_import: str | None
) -> View:
    """Show what an import changes, with a button to import unless something is wrong.

    `alike` are teams that are easily taken for each other. `url` is the file's, to read it again,
    and `last_import` the audit entry of the latest import until now: `confirmed` returns both.
    """
    lines = [*look_alike_lines(alike), *_escaped(plan)]
    told = sections(lines, _("*What the file changes*"))
    if plan.problems or not plan.updates:
        return modal(_(TITLE), told, callback_id=UPLOAD_FORM)
    return modal(
        _(TITLE),
        told,
        callback_id=PREVIEW_FORM,
        submit=_("Import"),
        close=_("Cancel"),
        private_metadata=json.dumps([url, last_import]),
    )


def confirmed(private_metadata: str) -> tuple[str, str | None]:
    """Return the file's URL and the latest import that a confirmed preview knew."""
    url, last_import = json.loads(private_metadata)
    return url, last_import


def overtaken_view() -> View:
    """Say that another import came in between."""
    return note_view(_(OVERTAKEN))


def done_view(plan: ImportPlan) -> View:
    """Show what was imported."""
    return modal(_(TITLE), sections(_escaped(plan), f"*{_(DONE)}*"), callback_id=UPLOAD_FORM)


def _escaped(plan: ImportPlan) -> list[str]:
    problems = [escape(line) for line in problem_lines(plan.problems)]
    nothing = [] if problems or plan.updates else [_(NOTHING_NEW)]
    return [*problems, *nothing, *plan_lines(plan, mention)]
