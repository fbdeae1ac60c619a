"""Block Kit for a person's own answers, comments and ratings.

They appear only in a modal: Slack keeps messages and files, but not a closed modal.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from bot.blockers.pure.kinds import NOUNS, BlockerKind
from bot.blockkit.blocks import (
    SECTION_TEXT,
    Block,
    View,
    actions,
    button,
    context,
    modal,
    section,
    sections,
    verbatim,
)
from bot.blockkit.text import mention, shorten
from bot.insights import wording
from bot.languages import _, marked
from bot.rights.personal_tables import for_json
from bot.surveys.pure.names import shown_name

OWN_DATA_VIEW: Final = "rights:own"
OWN_PAGE: Final = "rights:own_page"
"""Prefix of the ids of the two paging buttons."""
BLOCKS_ON_A_PAGE: Final = 20
"""Blocks per page: a view may have a hundred, but only 250 KB."""

WHY_HERE: Final = marked(
    "Slack keeps messages and files, so what you answered and wrote is shown only here. Nobody "
    "else sees it. The rest is in a file in our direct messages."
)
OWN_DATA_TITLE: Final = marked("What you told Attune")
GATHERING: Final = marked(
    "I am gathering what Attune holds about you. It appears here in a few seconds, and a file with "
    "the rest comes to our direct messages."
)
READ_FAILED: Final = marked(
    "I couldn't read your data just now. Please run `/pulse my-data` again in a few minutes."
)
NOTHING_HELD: Final = marked("Attune holds no answer, comment or rating that can be tied to you.")
NO_FORM: Final = marked(
    "I can't open a window here, so what you answered and wrote can't be shown. The rest is on its "
    "way to our direct messages."
)
RATED_SUBJECTS: Final = {
    "meeting": marked("A meeting"),
    "fit": marked("How well you fit"),
    "closing": marked("Mentoring as a whole"),
}
BEST_RATING: Final = 4
NOTE_LIMIT: Final = 300
SAID_LIMIT: Final = 750
SUPPORT_LIMIT: Final = 600


def gathering_view() -> View:
    """Say that the data is being read."""
    return modal(_(OWN_DATA_TITLE), [section(_(GATHERING))], callback_id=OWN_DATA_VIEW)


def failed_view() -> View:
    """Say that the data could not be read, and what to do."""
    return modal(_(OWN_DATA_TITLE), [section(_(READ_FAILED))], callback_id=OWN_DATA_VIEW)


def own_view(data: Mapping[str, Any], page: int = 0) -> View:
    """Return the modal with a page of `personal_data`; a page beyond the last is the last."""
    parts = (
        *(_open, _waiting, _named, _to_hr, _supports, _mentoring),
        *(_counted, _goals, _learning),
    )
    blocks = [block for part in parts for block in part(data)] or [section(_(NOTHING_HELD))]
    pages = -(-len(blocks) // BLOCKS_ON_A_PAGE)
    page = min(page, pages - 1)
    shown = [context(_(WHY_HERE)), *blocks[page * BLOCKS_ON_A_PAGE : (page + 1) * BLOCKS_ON_A_PAGE]]
    return modal(_(OWN_DATA_TITLE), [*shown, *_page_turner(page, pages)], callback_id=OWN_DATA_VIEW)


def _open(data: Mapping[str, Any]) -> list[Block]:
    blocks: list[Block] = []
    for survey, answers in groupby(
        data["answers_to_open_surveys"], key=lambda each: each["survey_name"]
    ):
        blocks.append(
            section(
                _("*{survey}*, open").format(
                    survey=wording.short_text(shown_name(survey), wording.NAME_LIMIT)
                )
            )
        )
        for each in answers:
            blocks += _answer(each)
    return [*blocks, context(data["about_answers_to_open_surveys"])] if blocks else []


def _waiting(data: Mapping[str, Any]) -> list[Block]:
    blocks: list[Block] = []
    for survey, answers in groupby(data["answers_that_wait"], key=lambda each: each["survey_name"]):
        heading = _("*{survey}*, waiting for others").format(
            survey=wording.short_text(shown_name(survey), wording.NAME_LIMIT)
        )
        blocks += sections([_line(each["driver"], each["in_words"]) for each in answers], heading)
    return [*blocks, context(data["about_answers_that_wait"])] if blocks else []


def _answer(answer: Mapping[str, Any]) -> list[Block]:
    blocks = [section(_line(answer["question"], answer["in_words"]))]
    if answer["comment"]:
        blocks.append(verbatim(shorten(answer["comment"], SECTION_TEXT)))
    return blocks


def _named(data: Mapping[str, Any]) -> list[Block]:
    blocks: list[Block] = []
    for each in data["answers_to_named_surveys"]:
        name = wording.short_text(shown_name(each["survey_name"]), wording.NAME_LIMIT)
        heading = _("*{survey}*, held {held_on}").format(survey=name, held_on=each["held_on"])
        blocks += sections([_line(*answer) for answer in each["answers"]], heading)
    return blocks


def _to_hr(data: Mapping[str, Any]) -> list[Block]:
    blocks: list[Block] = []
    for conversation in data["what_you_wrote_to_hr_by_name"]:
        blocks.append(
            section(_("*To HR, by name:* {topic}").format(topic=_(conversation["topic"])))
        )
        for said in conversation["messages"]:
            who = _("HR") if said["from_hr"] else _("You")
            week = for_json(said["week"])
            blocks.append(context(_("{who}, in the week of {day}").format(who=who, day=week)))
            blocks.append(verbatim(shorten(said["text"], SECTION_TEXT)))
    return blocks


def _supports(data: Mapping[str, Any]) -> list[Block]:
    lines = [f"• {wording.short_text(each, SUPPORT_LIMIT)}" for each in data["what_you_support"]]
    return sections(lines, _("*Where you said “same for me”*")) if lines else []


def _mentoring(data: Mapping[str, Any]) -> list[Block]:
    lines = [
        _("• {subject}: {rating} of {best}").format(
            subject=_(RATED_SUBJECTS[row["about"]]), rating=row["rating"], best=BEST_RATING
        )
        for row in data["mentoring_feedback"]
    ]
    blocks = sections(lines, _("*Your ratings in mentoring*")) if lines else []
    apart: Sequence[str] = [
        person for row in data["mentoring_profile"] for person in row["never_with"]
    ]
    if apart:
        people = [f"• {mention(person)}" for person in apart]
        blocks += sections(people, _("*With whom you asked never to be paired*"))
    return blocks


def _counted(data: Mapping[str, Any]) -> list[Block]:
    lines = [
        _("• {blocker}, in the month from {day}").format(
            blocker=_(NOUNS[BlockerKind(row["kind"])]), day=row["month"]
        )
        for row in data["blockers_only_counted"]
    ]
    return sections(lines, _("*What is in your way, only counted*")) if lines else []


def _goals(data: Mapping[str, Any]) -> list[Block]:
    said = {row["id"]: [row["text"], row["measure"]] for row in data["goals"]}
    for row in data["what_you_said_of_goals"]:
        said.get(row["goal_id"], []).extend(filter(None, (row["state"], row["learned"])))
    lines = [f"• {wording.short_text(' · '.join(each), SAID_LIMIT)}" for each in said.values()]
    shared = [
        f"• {mention(row['employee_id'])}: {wording.short_text(row['text'], SAID_LIMIT)}"
        for row in data["goals_shared_with_you"]
    ]
    blocks = sections(lines, _("*Your goals, and what you said of them*")) if lines else []
    return blocks + (
        sections(shared, _("*Goals that colleagues share with you*")) if shared else []
    )


def _learning(data: Mapping[str, Any]) -> list[Block]:
    lines = [
        f"• {row['starts_at'][:10]}: {wording.short_text(row['note'] or _('no line'), NOTE_LIMIT)}"
        for row in data["learning_slots"]
    ]
    for row in data["learning_time_you_got"]:
        answer = " · ".join(filter(None, (row["got"], row["taken_by"])))
        lines.append(_("• The month from {day}: {answer}").format(day=row["month"], answer=answer))
    return sections(lines, _("*Your learning time*")) if lines else []


def _line(question: str, answer: str | None) -> str:
    answer_text = f" {wording.short_text(answer, wording.LABEL_LIMIT)}" if answer else ""
    return f"{wording.short_text(question, wording.QUESTION_LIMIT)}{answer_text}"


def _page_turner(page: int, pages: int) -> list[Block]:
    turns = [
        button(label, f"{OWN_PAGE}:{number}", str(number))
        for label, number in (
            (_("Previous page"), page - 1),
            (_("Next page (of {pages})").format(pages=pages), page + 1),
        )
        if 0 <= number < pages
    ]
    return [actions(turns)] if turns else []
