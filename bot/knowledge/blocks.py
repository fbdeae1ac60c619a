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
from bot.languages import _, _p, marked, write_number
from bot.mentoring import wording

ANSWER: Final = "knowledge:answer"
NOT_ME: Final = "knowledge:not_me"
ANSWER_FORM: Final = "knowledge:answer_form"
ANSWER_TEXT: Final = "knowledge:answer_text"
MAY_KEEP: Final = "knowledge:may_keep"
STILL_TRUE: Final = "knowledge:still_true"
EDIT_FORM: Final = "knowledge:edit_form"
RETIRE: Final = "knowledge:retire"

YOUR_ANSWER: Final = marked("Your answer")
YOUR_CARD: Final = marked("An answer of yours")
EMPTY: Final = marked("Please write your answer in a few sentences.")
TOO_LONG: Final = marked("Please keep it to {most} characters; Slack may count emoji as several.")
WHY_YOU: Final = marked(
    "You get this because you agreed to be found: at most two questions a week. `/mentor` changes "
    "that. The first answer wins, so a colleague may be faster."
)
PASSED_ON: Final = marked(
    "That's fine: somebody else gets the question. Nobody is told that you passed it on."
)
FASTER: Final = marked(
    "Solved: a colleague has answered this question. There is nothing left for you to do."
)
THANKS: Final = marked("Thank you! Your answer is on its way.")
TO_NOBODY_KNOWN: Final = marked(
    "Thank you! The person who asked did so without their name, and can read it from now on."
)
CONFIRMED: Final = marked("Thank you. I'll ask you again in three months.")
CHANGED: Final = marked("Saved. `/ask` finds the new answer from now on.")
RETIRED: Final = marked("Done: nobody finds this answer any more, and it is deleted.")
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
                    button(_p("button", "Answer"), ANSWER, question.id, style="primary"),
                    button(_("Not me"), NOT_ME, question.id),
                ]
            ),
            context(_(WHY_YOU)),
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
            _(
                "Nobody could answer your question about {topic}, so I have closed "
                "it. `/ask` asks again, perhaps in other words; `/mentor find` shows "
                "whom you can write to."
            ).format(topic=topic)
        )
    text = _("{author} has answered your question about {topic}.").format(
        author=mention(question.author_id or ""), topic=topic
    )
    return Message(
        text, [section(text), actions([button(_("Read it"), READ, question.id, style="primary")])]
    )


def thanks_message(question: Question) -> Message:
    """Tell the author that their answer helped."""
    text = _("The person who asked says that your answer about {topic} helped.")
    if question.asker_id:
        text = _("{asker} says that your answer about {topic} helped.")
    said = [
        text.format(
            asker=mention(question.asker_id or ""), topic=wording.shown_topics([question.topic])
        )
    ]
    if question.status is Status.KEPT:
        said.append(_("It is kept for others now, as you agreed."))
    return note_message(" ".join([*said, _("Thank you for taking the time.")]))


def review_message(card: Card) -> Message:
    """Ask an author whether a kept answer is still true."""
    text = _("An answer of yours about {topic} is kept for others.").format(
        topic=wording.shown_topics([card.topic])
    )
    ask = _("Is it still true?")
    return Message(
        f"{text} {ask}",
        [
            section(f"{text} *{ask}*\n{wording.quoted(card.question)}"),
            actions(
                [
                    button(_("Still true"), STILL_TRUE, str(card.id), style="primary"),
                    button(_("Read or change it"), EDIT, str(card.id)),
                    _retire(card),
                ]
            ),
            context(_("I ask this once, three months after you last confirmed it.")),
        ],
    )


def answer_form(question: Question, written: str = "", masked: str | None = None) -> View:
    """Build the form for an answer; `masked` is how others would read what is written in it."""
    keep = select(
        "checkboxes",
        MAY_KEEP,
        options=[
            option(
                _("Others may find this answer later"),
                YES,
                _("With your name, if the person who asked agrees, too."),
            )
        ],
    )
    reading: list[Block] = []
    if masked is not None:
        reading = [
            section(
                _(
                    "*This is how others would read it*, if it helped. Nothing is sent yet. The "
                    "person who asked reads it word for word."
                )
            ),
            verbatim(shorten(masked, SECTION_TEXT)),
            context(_("I hide what is in [brackets].")),
        ]
    return modal(
        _(YOUR_ANSWER),
        [
            section(f"{_asking(question)}\n{wording.quoted(question.text)}"),
            *reading,
            _answer_field(written),
            field_input(_("For others"), keep, block_id=MAY_KEEP, optional=True),
        ],
        callback_id=ANSWER_FORM,
        submit=_("Send"),
        close=_("Cancel"),
        private_metadata=f"{question.id}:{'' if masked is None else fingerprint_of(written)}",
    )


def answer_in(view: Mapping[str, Any]) -> tuple[str, bool]:
    """Read an answer, and True if others may find it; raise FieldErrors for what can't be sent."""
    state = FormState(view)
    text = storable(state.one(ANSWER_TEXT))
    if not text:
        raise FieldErrors({ANSWER_TEXT: _(EMPTY)})
    if len(text) > ANSWER_LENGTH:
        most = write_number(ANSWER_LENGTH)
        raise FieldErrors({ANSWER_TEXT: _(TOO_LONG).format(most=most)})
    return text, YES in state.many(MAY_KEEP)


def read_answering(view: Mapping[str, Any], text: str) -> tuple[str, bool]:
    """Return whose answer it is, and True if its author has seen how others would read the text.

    The former is the id of a question or, of a kept answer, its own.
    """
    about, _colon, shown = str(view["private_metadata"]).partition(":")
    return about, shown == fingerprint_of(text)


def answered_view(question: Question) -> View:
    """Thank for an answer."""
    text = _(THANKS) if question.asker_id else _(TO_NOBODY_KNOWN)
    return modal(_(YOUR_ANSWER), [section(text)], callback_id=NOTE)


def edit_form(card: Card, written: str = "", masked: str | None = None) -> View:
    """Build the form in which an author changes or retires a kept answer.

    `masked` is how others would read what is written in it.
    """
    note = _("Everybody can read it. I hide names, addresses and numbers of people.")
    reading: list[Block] = []
    if masked is not None:
        note = _("I hide what is in [brackets]. Save it like this, or change it here.")
        reading = [
            section(_("*This is how everybody would read it.* Nothing is saved yet.")),
            verbatim(shorten(masked, SECTION_TEXT)),
        ]
    return modal(
        _(YOUR_CARD),
        [
            section(wording.quoted(card.question)),
            *reading,
            _answer_field(written or card.answer),
            context(note),
            actions([_retire(card)]),
        ],
        callback_id=EDIT_FORM,
        submit=_("Save"),
        close=_("Cancel"),
        private_metadata=f"{card.id}:{'' if masked is None else fingerprint_of(written)}",
    )


def changed_view() -> View:
    """Say that a kept answer was changed."""
    return modal(_(YOUR_CARD), [section(_(CHANGED))], callback_id=NOTE)


def retired_view() -> View:
    """Say that a kept answer is gone."""
    return modal(_(YOUR_CARD), [section(_(RETIRED))], callback_id=NOTE)


def home_blocks(questions: HomeQuestions) -> list[Block]:
    """Offer to ask on the Home tab, with what the person waits for."""
    invite = _("*Ask those who know*\nKept answers first; then at most three colleagues.")
    own = [
        _("• {topic}: waits for a colleague").format(topic=wording.shown_topics([each.topic]))
        for each in questions.own[:HOME_LINES]
    ]
    asked = sections(own, _("*Your questions*")) if own else []
    return [section(invite, button(_("Ask"), OPEN)), *asked]


def waiting_blocks(questions: HomeQuestions) -> list[Block]:
    """Build the questions that wait for a person's answer, for their Home tab."""
    return [
        section(
            f"{_asking(each)}\n{wording.quoted(shorten(each.text, HOME_TEXT))}",
            button(_p("button", "Answer"), ANSWER, each.id),
        )
        for each in questions.to_answer[:HOME_LINES]
    ]


def _asking(question: Question) -> str:
    text = _("A colleague has a question about {topic}, without their name.")
    if question.asker_id:
        text = _("{asker} has a question about {topic}.")
    topic = wording.shown_topics([question.topic])
    return text.format(asker=mention(question.asker_id or ""), topic=topic)


def _answer_field(written: str) -> Block:
    element = text_input(ANSWER_TEXT, max_length=ANSWER_LENGTH, multiline=True, initial=written)
    return field_input(_("Answer"), element, block_id=ANSWER_TEXT)


def _retire(card: Card) -> Block:
    return button(
        _("Retire it"),
        RETIRE,
        str(card.id),
        confirm=confirmation(
            _("Retire this answer?"),
            _("Nobody finds it any more, and it is deleted."),
            yes=_("Retire it"),
            no=_("Keep it"),
        ),
    )
