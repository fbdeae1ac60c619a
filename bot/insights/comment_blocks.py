"""Block Kit for published comments, as people wrote them but masked.

Comments appear only in a modal: Slack keeps messages, but not a closed modal.
"""

from datetime import date
from typing import Final

from bot.blockkit.blocks import (
    HEADER_TEXT,
    SECTION_TEXT,
    Block,
    View,
    actions,
    button,
    context,
    divider,
    header,
    modal,
    section,
    verbatim,
)
from bot.blockkit.text import shorten
from bot.insights import wording
from bot.insights.comment_filter_fields import filter_fields
from bot.insights.comments import EVERYTHING, SEARCHED, CommentsPage, ReadableComment
from bot.insights.paging import page_buttons
from bot.insights.theme_term_form import ADD_TERM
from bot.languages import DayStyle, _, marked, plural, write_day, write_number
from bot.surveys.pure.names import shown_name

COMMENTS: Final = "insights:comments"
"""Prefix of the ids of the two paging buttons."""
COMMENTS_VIEW: Final = "insights:comments_view"

NOTHING_PUBLISHED: Final = marked(
    "There is nothing to read yet. Comments come out when a survey has closed."
)
NO_MATCH: Final = marked(
    "No comment matches. Try fewer or other words, or set a filter back to its first option."
)
READING_NOTE: Final = marked(
    "In random order and without the day. Software hides names, addresses and long numbers, and "
    "misses some. Please do not guess who wrote what. Each look at this page is written down."
)


def comments_view(page: CommentsPage | None) -> View:
    """Return the modal with a page of comments, or with the reason why there are none."""
    can_search = page is not None and bool(page.months)
    return modal(
        _("Comments"),
        _shown(page),
        callback_id=COMMENTS_VIEW,
        submit=_("Search") if can_search else None,
        private_metadata=page.survey_id if page else "",
    )


def _shown(page: CommentsPage | None) -> list[Block]:
    if page is None:
        return [section(_(NOTHING_PUBLISHED))]
    if not page.comments and page.chosen == EVERYTHING:
        return [section(_why_none(page))]
    blocks: list[Block] = [
        header(shorten(shown_name(page.survey_name), HEADER_TEXT)),
        context(_(READING_NOTE)),
        *(filter_fields(page) if page.months else []),
        context(_count(page)),
    ]
    if not page.comments:
        return [*blocks, section(_(NO_MATCH))]
    heading = None
    for comment in page.comments:
        if _heading(comment) != heading:
            heading = _heading(comment)
            blocks += [divider(), context(heading)]
        blocks.append(verbatim(shorten(comment.text, SECTION_TEXT)))
    return [*blocks, _buttons(page)]


def _count(page: CommentsPage) -> str:
    """Say how many comments there are, or match."""
    if page.chosen == EVERYTHING:
        return f"{plural(page.count, 'comment')}."
    found = plural(page.count, "comment")
    if not page.has_more:
        return _("{comments} found.").format(comments=found)
    return _("{comments} found among the newest {searched}.").format(
        comments=found, searched=write_number(SEARCHED)
    )


def _why_none(page: CommentsPage) -> str:
    name = wording.short_text(shown_name(page.survey_name), wording.NAME_LIMIT)
    if page.by_person == 0:
        return _("Nobody commented on *{survey}*.").format(survey=name)
    if page.by_person:
        return _(
            "*{survey}* was answered with names: its comments stand under “Answers "
            "by person”, a button of `/pulse results`."
        ).format(survey=name)
    return _(
        "No comments of *{survey}* have come out. They do when at least "
        "{people} wrote one in the same round; among fewer, somebody could be "
        "recognised."
    ).format(survey=name, people=plural(page.enough, "person", "people"))


def _heading(comment: ReadableComment) -> str:
    month = write_day(date.fromisoformat(f"{comment.month}-01"), DayStyle.MONTH)
    question = (
        wording.label_text(comment.question, wording.QUESTION_LIMIT) if comment.question else None
    )
    team = wording.group_text(comment.team) if comment.team else None
    return " · ".join(part for part in (question, team, month) if part)


def _buttons(page: CommentsPage) -> Block:
    turns = page_buttons(COMMENTS, page.survey_id, page.page, page.pages)
    here = f"{page.survey_id}:{page.page}"
    return actions([*turns, button(_("Add a word to a theme"), ADD_TERM, here)])
