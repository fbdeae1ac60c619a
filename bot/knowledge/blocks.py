"""Messages about questions and answers, the forms of those who answer, and their part of Home."""

from collections.abc import Mapping
from typing import Any, Final

from bot.blockkit.blocks import (
    SECTION_TEXT,
    Block,
    Message,
    View,
    actions,
    button,
    confirmation,
    context,
    field_input,
    modal,
    option,
    section,
    sections,
    select,
    text_input,
    verbatim,
)
from bot.blockkit.form_state import FormState
from bot.blockkit.text import mention, shorten, storable
from bot.errors import FieldErrors
from bot.knowledge.forms import EDIT, NOTE, OPEN, READ, YES, fingerprint_of
from bot.knowledge.pure.states import Status
from bot.knowledge.search import Card
from bot.knowledge.service import ANSWER_LENGTH, HomeQuestions, Question
from bot.mentoring import wording

ANSWER: Final = "knowledge:answer"
NOT_ME: Final = "knowledge:not_me"
ANSWER_FORM: Final = "knowledge:answer_form"
ANSWER_TEXT: Final = "knowledge:answer_text"
MAY_KEEP: Final = "knowledge:may_keep"
STILL_TRUE: Final = "knowledge:still_true"
EDIT_FORM: Final = "knowledge:edit_form"
RETIRE: Final = "knowledge:retire"

YOUR_ANSWER: Final = "Your answer"
YOUR_CARD: Final = "An answer of yours"
EMPTY: Final = "Please write your answer in a few sentences."
TOO_LONG: Final = (
    f"Please keep it to {ANSWER_LENGTH:,} characters; Slack may count emoji as several."
)
WHY_YOU: Final = (
    "You get this because you agreed to be found: at most two questions a week. `/mentor` changes "
    "that. The first answer wins, so a colleague may be faster."
)
PASSED_ON: Final = (
    "That's fine: somebody else gets the question. Nobody is told that you passed it on."
)
FASTER: Final = (
    "Solved: a colleague has answered this question. There is nothing left for you to do."
)
THANKS: Final = "Thank you! Your answer is on its way."
TO_NOBODY_KNOWN: Final = (
    "Thank you! The person who asked did so without their name, and can read it from now on."
)
CONFIRMED: Final = "Thank you. I'll ask you again in three months."
CHANGED: Final = "Saved. `/ask` finds the new answer from now on."
RETIRED: Final = "Done: nobody finds this answer any more, and it is deleted."
HOME_LINES: Final = 3
HOME_TEXT: Final = 200


def question_message(question: Question) -> Message:
    """Ask a colleague."""
    asking = _asking(question)
    return Message(
        asking,
        [
            section(f"{asking}\n{wording.quoted(question.text)}"),
            actions(
                [
                    button("Answer", ANSWER, question.id, style="primary"),
                    button("Not me", NOT_ME, question.id),
                ]
            ),
            context(WHY_YOU),
        ],
    )


def note_message(text: str) -> Message:
    """Replace a message whose buttons have done their part."""
    return Message(text, [section(text)])


def result_message(question: Question) -> Message:
    """Tell the asker that there is an answer, or that nobody could answer."""
    topic = wording.shown_topics([question.topic])
    if question.status is Status.CLOSED:
        return note_message(
            f"Nobody could answer your question about {topic}, so I have closed it. `/ask` asks "
            "again, perhaps in other words; `/mentor find` shows whom you can write to."
        )
    text = f"{mention(question.author_id or '')} has answered your question about {topic}."
    return Message(
        text, [section(text), actions([button("Read it", READ, question.id, style="primary")])]
    )


def thanks_message(question: Question) -> Message:
    """Tell the author that their answer helped."""
    who = mention(question.asker_id) if question.asker_id else "The person who asked"
    text = f"{who} says that your answer about {wording.shown_topics([question.topic])} helped."
    if question.status is Status.KEPT:
        text += " It is kept for others now, as you agreed."
    return note_message(f"{text} Thank you for taking the time.")


def review_message(card: Card) -> Message:
    """Ask an author whether a kept answer is still true."""
    text = f"An answer of yours about {wording.shown_topics([card.topic])} is kept for others."
    return Message(
        f"{text} Is it still true?",
        [
            section(f"{text} *Is it still true?*\n{wording.quoted(card.question)}"),
            actions(
                [
                    button("Still true", STILL_TRUE, str(card.id), style="primary"),
                    button("Read or change it", EDIT, str(card.id)),
                    _retire(card),
                ]
            ),
            context("I ask this once, three months after you last confirmed it."),
        ],
    )


def answer_form(question: Question, written: str = "", masked: str | None = None) -> View:
    """Build the form for an answer; `masked` is how others would read what is written in it."""
    keep = select(
        "checkboxes",
        MAY_KEEP,
        options=[
            option(
                "Others may find this answer later",
                YES,
                "With your name, if the person who asked agrees, too.",
            )
        ],
    )
    reading: list[Block] = []
    if masked is not None:
        reading = [
            section(
                "*This is how others would read it*, if it helped. Nothing is sent yet. The person "
                "who asked reads it word for word."
            ),
            verbatim(shorten(masked, SECTION_TEXT)),
            context("I hide what is in [brackets]."),
        ]
    return modal(
        YOUR_ANSWER,
        [
            section(f"{_asking(question)}\n{wording.quoted(question.text)}"),
            *reading,
            _answer_field(written),
            field_input("For others", keep, block_id=MAY_KEEP, optional=True),
        ],
        callback_id=ANSWER_FORM,
        submit="Send",
        close="Cancel",
        private_metadata=f"{question.id}:{'' if masked is None else fingerprint_of(written)}",
    )


def answer_in(view: Mapping[str, Any]) -> tuple[str, bool]:
    """Read an answer, and True if others may find it; raise FieldErrors for what can't be sent."""
    state = FormState(view)
    text = storable(state.one(ANSWER_TEXT))
    if not text:
        raise FieldErrors({ANSWER_TEXT: EMPTY})
    if len(text) > ANSWER_LENGTH:
        raise FieldErrors({ANSWER_TEXT: TOO_LONG})
    return text, YES in state.many(MAY_KEEP)


def read_answering(view: Mapping[str, Any], text: str) -> tuple[str, bool]:
    """Return the question's id, and True if the author has seen how others would read the text."""
    question_id, _, shown = str(view["private_metadata"]).partition(":")
    return question_id, shown == fingerprint_of(text)


def answered_view(question: Question) -> View:
    """Thank for an answer."""
    text = THANKS if question.asker_id else TO_NOBODY_KNOWN
    return modal(YOUR_ANSWER, [section(text)], callback_id=NOTE)


def edit_form(card: Card) -> View:
    """Build the form in which an author changes or retires a kept answer."""
    return modal(
        YOUR_CARD,
        [
            section(wording.quoted(card.question)),
            _answer_field(card.answer),
            context("Everybody can read it. I hide names, addresses and numbers of people."),
            actions([_retire(card)]),
        ],
        callback_id=EDIT_FORM,
        submit="Save",
        close="Cancel",
        private_metadata=str(card.id),
    )


def changed_view() -> View:
    """Say that a kept answer was changed."""
    return modal(YOUR_CARD, [section(CHANGED)], callback_id=NOTE)


def retired_view() -> View:
    """Say that a kept answer is gone."""
    return modal(YOUR_CARD, [section(RETIRED)], callback_id=NOTE)


def waiting_blocks(questions: HomeQuestions) -> list[Block]:
    """Show on the Home tab the questions that wait for the person's answer."""
    return [
        section(
            f"{_asking(each)}\n{wording.quoted(shorten(each.text, HOME_TEXT))}",
            button("Answer", ANSWER, each.id),
        )
        for each in questions.to_answer[:HOME_LINES]
    ]


def home_blocks(questions: HomeQuestions) -> list[Block]:
    """Offer to ask on the Home tab, with what the person waits for."""
    offer = section(
        "*Ask those who know*\nKept answers first; then at most three colleagues.",
        button("Ask", OPEN),
    )
    own = [
        f"• {wording.shown_topics([each.topic])}: waits for a colleague"
        for each in questions.own[:HOME_LINES]
    ]
    return [offer, *(sections(own, "*Your questions*") if own else [])]


def _asking(question: Question) -> str:
    who = mention(question.asker_id) if question.asker_id else "A colleague"
    unnamed = "" if question.asker_id else ", without their name"
    return f"{who} has a question about {wording.shown_topics([question.topic])}{unnamed}."


def _answer_field(written: str) -> Block:
    element = text_input(ANSWER_TEXT, max_length=ANSWER_LENGTH, multiline=True, initial=written)
    return field_input("Answer", element, block_id=ANSWER_TEXT)


def _retire(card: Card) -> Block:
    return button(
        "Retire it",
        RETIRE,
        str(card.id),
        confirm=confirmation(
            "Retire this answer?",
            "Nobody finds it any more, and it is deleted.",
            yes="Retire it",
            no="Keep it",
        ),
    )
