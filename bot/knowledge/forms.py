"""The form for a question, what is found for it, and the answer as its asker reads it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from typing import Any, Final

from bot.blockkit.blocks import (
    SECTION_TEXT,
    Block,
    Message,
    View,
    actions,
    button,
    context,
    divider,
    field_input,
    modal,
    option,
    section,
    select,
    text_input,
    verbatim,
)
from bot.blockkit.form_state import FormState
from bot.blockkit.text import escape, mention, shorten, storable
from bot.errors import FieldErrors, OutdatedError
from bot.knowledge.cards import Preview
from bot.knowledge.pure.states import Status
from bot.knowledge.search import Card
from bot.knowledge.service import QUESTION_LENGTH, Question
from bot.languages import _, _n, _p, marked, write_day, write_number
from bot.mentoring import wording
from bot.mentoring.profiles.pure.topics import curated, topic_in, topic_name
from bot.pulse.comment_blocks import hidden_note, telling_blocks
from bot.pulse.pure.telling_phrases import Phrase

OPEN: Final = "knowledge:open"
FORM: Final = "knowledge:form"
NOTE: Final = "knowledge:note"
QUESTION: Final = "knowledge:question"
TOPIC: Final = "knowledge:topic"
OWN_TOPIC: Final = "knowledge:own_topic"
UNNAMED: Final = "knowledge:unnamed"
YES: Final = "yes"
THIS_HELPS: Final = "knowledge:this_helps"
EDIT: Final = "knowledge:edit"
SEND_BUTTON: Final = "knowledge:send_button"
READ: Final = "knowledge:read"
HELPED: Final = "knowledge:helped"
NOT_HELPED: Final = "knowledge:not_helped"
KEEP_FORM: Final = "knowledge:keep_form"

TITLE: Final = marked("Ask those who know")
YOUR_QUESTION: Final = marked("Your question")
EMPTY: Final = marked("Please write your question in a sentence or two.")
TOO_LONG: Final = marked("Please keep it to {most} characters; Slack may count emoji as several.")
NO_TOPIC: Final = marked("I can't tell the topic from your question: please choose one.")
OWN_TOPIC_TOO_LONG: Final = marked("Please keep the topic to {most} characters.")
HOW_IT_WORKS: Final = marked(
    "I look first among the answers that colleagues have kept. Only if none fits, your question "
    "goes to at most three people who agreed to be found. The first answer wins."
)
NOBODY: Final = marked(
    "Nobody can be asked about {topic} just now. Either nobody has offered it yet, or those who "
    "have are away or have had their questions for this week. Nothing has been sent. `/mentor "
    "find` shows who offers what."
)

ASKED_BY_NAME: Final = marked(
    "They read it in their working hours. I'll write to you as soon as somebody answers, or in a "
    "week if nobody could."
)
ASKED_UNNAMED: Final = marked(
    "Your question goes out after midnight, so that the time doesn't show who asked. I don't keep "
    "who did, so I can't tell you about the answer: the button that I sent to our messages opens "
    "it, and only you can use it."
)
BUTTON_SENT: Final = marked(
    "You asked a question without your name. From tomorrow on, this button shows whether somebody "
    "has answered."
)
ONLY_HERE: Final = marked(
    "It is the only way to the answer, for everybody: please keep this message. It works for three "
    "months, and for you alone."
)
NO_BUTTON: Final = marked(
    "Your question will go out. But I could not send you the message with the button that opens "
    "the answer. Please press *Send me the button*: if you close this window first, nobody can "
    "find the answer, you included."
)
GLAD: Final = marked("I'm glad that helps. Nobody was disturbed.")
NOT_YET: Final = marked("Nobody has answered yet. Your question stays open for a week.")
CLOSED: Final = marked(
    "This question is closed. `/ask` asks again, and `/mentor find` shows whom you can write to."
)
THANKED: Final = marked("Thank you: I tell {author} that it helped.")
SORRY: Final = marked(
    "I'm sorry that it didn't help. {author} is not told. `/ask` asks again, perhaps in other "
    "words."
)
KEPT: Final = marked("Thank you. From now on, `/ask` finds this answer for everybody.")


@dataclass(frozen=True)
class Draft:
    """What is filled in."""

    topic: str
    text: str
    is_unnamed: bool

    def fingerprint(self) -> str:
        """Return what tells this draft from any other."""
        return fingerprint_of(json.dumps([self.topic, self.text, self.is_unnamed]))


@dataclass(frozen=True)
class Found:
    """What the asker sees before anybody is disturbed."""

    cards: tuple[Card, ...]
    masked: str
    phrases: tuple[Phrase, ...] = ()
    """What may give away who asks; empty for a question with a name."""


def ask_view(typed: str = "", *, may_hide: bool) -> View:
    """Build the form, with what was typed after the command."""
    return _ask_view([section(_(HOW_IT_WORKS))], typed, may_hide, _("Look for an answer"), "")


def found_view(draft: Draft, found: Found, reader: str, *, may_hide: bool) -> View:
    """Build the form again, with the kept answers and how colleagues would read the question."""
    above: list[Block] = []
    if found.cards:
        above = [section(_("*Does one of these answer it?*"))]
        for card in found.cards:
            above += _card_blocks(card, reader, draft)
        above.append(divider())
    text = _("Colleagues who know about {topic} would read, with your name:")
    if draft.is_unnamed:
        text = _("Colleagues who know about {topic} would read, without your name:")
    intro = text.format(topic=wording.shown_topics([draft.topic]))
    lead = _("*Or ask.*") if found.cards else _("I found no kept answer.")
    above += [
        section(f"{lead} {intro}"),
        verbatim(shorten(found.masked, SECTION_TEXT)),
        context(hidden_note(draft.text, found.masked)),
        *telling_blocks(found.phrases),
    ]
    return _ask_view(above, draft.text, may_hide, _("Ask colleagues"), draft.fingerprint())


def draft_in(view: Mapping[str, Any]) -> Draft:
    """Read the form; raise FieldErrors for what can't be asked."""
    state = FormState(view)
    text = storable(state.one(QUESTION))
    if not text:
        raise FieldErrors({QUESTION: _(EMPTY)})
    if len(text) > QUESTION_LENGTH:
        most = write_number(QUESTION_LENGTH)
        raise FieldErrors({QUESTION: _(TOO_LONG).format(most=most)})
    return Draft(_topic_in(state, text), text, YES in state.many(UNNAMED))


def asked_view(topic: str, people: int) -> View:
    """Say to how many colleagues a question with a name goes, and what happens next."""
    if not people:
        return _note(_(TITLE), _(NOBODY).format(topic=wording.shown_topics([topic])))
    asked = _n(
        "Your question about {topic} is on its way to {count} colleague.",
        "Your question about {topic} is on its way to {count} colleagues.",
        people,
    ).format(topic=wording.shown_topics([topic]))
    return _note(_(TITLE), f"{asked} {_(ASKED_BY_NAME)}")


def asked_unnamed_view() -> View:
    """Say what happens with a question without a name."""
    return _note(_(TITLE), _(ASKED_UNNAMED))


def no_button_view(value: str) -> View:
    """Say that the button could not be sent, and offer it again."""
    again = actions([button(_("Send me the button"), SEND_BUTTON, value, style="primary")])
    return modal(_(TITLE), [section(_(NO_BUTTON)), again], callback_id=NOTE)


def button_message(value: str) -> Message:
    """Give the asker the button that leads to the answer; it holds no text."""
    return Message(
        _(BUTTON_SENT),
        [
            section(_(BUTTON_SENT)),
            actions([button(_("Is there an answer?"), READ, value)]),
            context(_(ONLY_HERE)),
        ],
    )


def glad_view() -> View:
    """Close the form after a card has answered the question."""
    return _note(_(TITLE), _(GLAD))


def answer_view(question: Question, value: str) -> View:
    """Show the asker what became of their question; `value` is their button's."""
    blocks: list[Block] = [section(_asked_about(question))]
    if question.answer is None:
        blocks.append(section(_(NOT_YET) if question.status is Status.OPEN else _(CLOSED)))
    else:
        blocks += [
            section(_("{author} answered:").format(author=mention(question.author_id or ""))),
            verbatim(question.answer),
        ]
    if question.status is Status.ANSWERED:
        blocks.append(
            actions(
                [
                    button(_("It helped"), HELPED, value, style="primary"),
                    button(_("Not what I needed"), NOT_HELPED, value),
                ]
            )
        )
    return modal(_(YOUR_QUESTION), blocks, callback_id=NOTE)


def helped_view(question: Question, value: str, preview: Preview | None) -> View:
    """Thank the asker and, if the author agreed, offer to keep the answer for others."""
    author = mention(question.author_id or "")
    thanks = _(THANKED).format(author=author)
    may_others = _(
        "*May others find it, too?* {author} agrees. This is how everybody would read it, without "
        "your name:"
    ).format(author=author)
    if preview is None:
        return _note(_(YOUR_QUESTION), thanks)
    return modal(
        _(YOUR_QUESTION),
        [
            section(f"{thanks}\n{may_others}"),
            verbatim(shorten(preview.question, SECTION_TEXT)),
            verbatim(shorten(preview.answer, SECTION_TEXT)),
            context(_("I hide what is in [brackets].")),
        ],
        callback_id=KEEP_FORM,
        submit=_("Keep it for others"),
        close=_("Not this one"),
        private_metadata=value,
    )


def not_helped_view(question: Question) -> View:
    """Say what can be done after an answer that did not help."""
    return _note(_(YOUR_QUESTION), _(SORRY).format(author=mention(question.author_id or "")))


def kept_view() -> View:
    """Say that the answer is a card."""
    return _note(_(YOUR_QUESTION), _(KEPT))


def read_card_press(value: str) -> tuple[str, bool]:
    """Read a question's topic, and whether it was without a name, from a card's button."""
    try:
        topic, is_unnamed = json.loads(value)
    except ValueError:
        raise OutdatedError from None
    return str(topic), bool(is_unnamed)


def fingerprint_of(text: str) -> str:
    """Return what tells a text from any other."""
    return sha256(text.encode(errors="replace")).hexdigest()[:32]


def _ask_view(
    above: Sequence[Block], written: str, may_hide: bool, submit: str, shown: str
) -> View:
    groups = [
        (_(group), [option(_(topic.name), topic.name) for topic in topics])
        for group, topics in groupby(curated(), key=lambda topic: topic.group)
    ]
    hide = select(
        "checkboxes",
        UNNAMED,
        options=[
            option(_("Ask without my name"), YES, _("Only a button in our messages leads to you."))
        ],
    )
    hidden = (
        [field_input(_("Your name"), hide, block_id=UNNAMED, optional=True)] if may_hide else []
    )
    return modal(
        _(TITLE),
        [
            *above,
            field_input(
                _("Question"),
                text_input(QUESTION, max_length=QUESTION_LENGTH, multiline=True, initial=written),
                block_id=QUESTION,
            ),
            field_input(
                _("Topic"),
                select(
                    "static_select", TOPIC, placeholder=_("As in my question"), option_groups=groups
                ),
                block_id=TOPIC,
                optional=True,
            ),
            field_input(
                _("Another topic"),
                text_input(OWN_TOPIC, max_length=wording.TOPIC_LENGTH),
                block_id=OWN_TOPIC,
                optional=True,
            ),
            *hidden,
        ],
        callback_id=FORM,
        submit=submit,
        close=_("Cancel"),
        private_metadata=shown,
    )


def _topic_in(state: FormState, question: str) -> str:
    """Return the topic that is chosen, typed, or named in the question."""
    own = storable(state.one(OWN_TOPIC))
    if len(own) > wording.TOPIC_LENGTH:
        most = write_number(wording.TOPIC_LENGTH)
        raise FieldErrors({OWN_TOPIC: _(OWN_TOPIC_TOO_LONG).format(most=most)})
    chosen = state.one(TOPIC) or own
    named = topic_in(question)
    if any(char.isalnum() for char in chosen):
        return topic_name(chosen)
    if named is None:
        raise FieldErrors({TOPIC: _(NO_TOPIC)})
    return named.name


def _card_blocks(card: Card, reader: str, draft: Draft) -> list[Block]:
    value = json.dumps([draft.topic, draft.is_unnamed], ensure_ascii=False)
    press = (
        button(_p("button", "Change"), EDIT, str(card.id))
        if card.author_id == reader
        else button(_("This helps"), THIS_HELPS, value)
    )
    return [
        section(f"*{escape(' '.join(card.question.split()))}*", press),
        verbatim(shorten(card.answer, SECTION_TEXT)),
        context(card_line(card)),
    ]


def card_line(card: Card) -> str:
    """Say whose answer a card is, on what, and since when it is known to be true."""
    topic = wording.shown_topics([card.topic])
    return _("{author} on {topic}, true on {day}").format(
        author=mention(card.author_id), topic=topic, day=write_day(card.checked_on)
    )


def _asked_about(question: Question) -> str:
    topic = wording.shown_topics([question.topic])
    return f"{_('You asked about {topic}:').format(topic=topic)}\n{wording.quoted(question.text)}"


def _note(title: str, text: str) -> View:
    return modal(title, [section(text)], callback_id=NOTE)
