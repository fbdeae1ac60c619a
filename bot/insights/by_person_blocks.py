"""Block Kit for the answers of a named survey, by person; in modals only."""

from typing import Final

from bot.blockkit.blocks import (
    SECTION_TEXT,
    Block,
    View,
    actions,
    context,
    modal,
    section,
    sections,
    verbatim,
)
from bot.blockkit.text import shorten
from bot.insights import wording
from bot.insights.named_surveys import NamedAnswers, NamedPage
from bot.insights.paging import page_buttons
from bot.languages import _
from bot.surveys.pure.names import shown_name

BY_PERSON: Final = "insights:by_person"
BY_PERSON_PAGE: Final = "insights:by_person_page"
"""Prefix of the ids of the two paging buttons."""
BY_PERSON_VIEW: Final = "insights:by_person_view"


def by_person_view(page: NamedPage) -> View:
    """Return the modal with a page of a named survey's answers or comments."""
    name = wording.short_text(shown_name(page.survey_name), wording.NAME_LIMIT)
    blocks = [
        context(
            _("*{survey}* was answered with names. Each look at this page is written down.").format(
                survey=name
            )
        )
    ]
    for person in page.people:
        blocks += _person(person)
    if page.comments:
        blocks.append(section(_("*What people wrote*, kept without names")))
    for comment in page.comments:
        if comment.question:
            blocks.append(context(wording.label_text(comment.question, wording.QUESTION_LIMIT)))
        blocks.append(verbatim(shorten(comment.text, SECTION_TEXT)))
    if not page.people and not page.comments:
        blocks.append(section(_("Nobody answered.")))
    if page.pages > 1:
        blocks.append(actions(page_buttons(BY_PERSON_PAGE, page.wave_id, page.page, page.pages)))
    return modal(_("Answers by person"), blocks, callback_id=BY_PERSON_VIEW)


def _person(person: NamedAnswers) -> list[Block]:
    lines = [
        f"{wording.label_text(question, wording.QUESTION_LIMIT)} "
        f"{wording.short_text(answer, wording.LABEL_LIMIT)}"
        for question, answer in person.answers
    ]
    return sections(lines, f"*{wording.short_text(person.name, wording.NAME_LIMIT)}*")
