"""What the author of a conversation with HR sees. Its text appears only in modals."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    divider,
    field_input,
    modal,
    option,
    section,
    select,
    text_input,
    verbatim,
)
from bot.blockkit.form_state import FormState, fingerprint
from bot.blockkit.text import encode, shorten, storable
from bot.errors import FieldErrors, OutdatedError
from bot.languages import _, marked, write_number
from bot.masking.addresses import find_addresses
from bot.pulse.comment_blocks import hidden_note, telling_blocks
from bot.voice.service import TEXT_LENGTH, Conversation, LedTo, Review, Status, Terms, Way
from bot.voice.wording import TOPICS, led_to_words, message_blocks, topic_words

WRITE: Final = "voice:write"
WRITE_FORM: Final = "voice:write_form"
OPEN: Final = "voice:open"
ANSWER_FORM: Final = "voice:answer_form"
WITHDRAW: Final = "voice:withdraw"
SEND_BUTTON: Final = "voice:send_button"
NOTE: Final = "voice:note"
WAY: Final = "voice:way"
TOPIC: Final = "voice:topic"
TEXT: Final = "voice:text"

TITLE: Final = marked("Write to HR")
YOUR_CONVERSATION: Final = marked("Your conversation")
WAYS: Final[Mapping[Way, tuple[str, str]]] = {
    Way.NAMED: (marked("With my name"), marked("HR sees who you are, and answers you.")),
    Way.REPLY: (
        marked("Anonymous, and HR can answer"),
        marked("A button in our messages leads back; Slack keeps that you wrote."),
    ),
    Way.ANONYMOUS: (marked("Anonymous"), marked("HR can't answer. Nothing leads back to you.")),
}
"""A name and a line for each way."""
EMPTY: Final = marked("Please write something first.")
HOW_IT_WORKS: Final = marked(
    "HR's admins read it. I collect what is written once a night, and keep the week but no day, so "
    "that the time tells nobody who wrote. In an anonymous text I hide names; your own words may "
    "still give you away."
)
SENT: Final[Mapping[Way, str]] = {
    Way.NAMED: marked(
        "Thank you. HR can read it from tomorrow on, with your name. I tell you when they answer, "
        "and a button in our messages opens the conversation."
    ),
    Way.REPLY: marked(
        "Thank you. HR can read it from tomorrow on, and can't see who you are. I sent you a "
        "button in our messages: it opens the answer, and only you can use it. I don't tell you "
        "singly when one is there. Everybody gets the same news, at most once a week."
    ),
    Way.ANONYMOUS: marked(
        "Thank you. HR can read it from tomorrow on, and can't see who you are. I kept nothing "
        "that leads to you, so HR can't answer and you can't take it back."
    ),
}
WRITTEN_AGAIN: Final = marked("Thank you. HR can read it from tomorrow on.")
CONFIRMED: Final = marked(
    "What you wrote to HR is on its way: they can read it from tomorrow on. This button opens your "
    "conversation, with their answer once there is one."
)
ONLY_HERE: Final = marked(
    "The button works for you alone, for three months. If you wrote anonymously, nothing else "
    "leads back: please keep this message. You can also withdraw there what you wrote."
)
NO_BUTTON: Final = marked(
    "HR gets what you wrote. But I could not send you the message with the button that opens their "
    "answer. Please press *Send me the button*: if you close this window first, nobody can find "
    "your conversation again, you included."
)
WITHDRAWN: Final = marked(
    "Done: the conversation is erased, with everything that was written in it. HR may have read it "
    "before."
)
LINKS: Final = marked(
    "HR's answer holds an address. If you open it, its server can see who you are."
)
TAKEN_UP: Final = marked(
    "Everybody reads that sentence, and nobody that it came from you. What HR decides, and why, "
    "appears here."
)
CLOSED: Final = marked("HR has closed this conversation. If you write again, they see it again.")


@dataclass(frozen=True)
class Draft:
    """What is filled in."""

    way: Way
    topic: str
    text: str

    def fingerprint(self) -> str:
        """Return what tells this draft from any other."""
        return fingerprint(f"{self.way}:{self.topic}:{self.text}")


def write_view(terms: Terms) -> View:
    """Build the empty form."""
    return _write_view(terms, [section(_(HOW_IT_WORKS))], "", _("Preview"))


def check_view(terms: Terms, draft: Draft, review: Review) -> View:
    """Build the form again, with how HR will read what is in it; the fields keep their ids."""
    return _write_view(terms, _reading(draft.way, review), draft.fingerprint(), _("Send"))


def read_draft(view: Mapping[str, Any]) -> Draft:
    """Read the form; raise FieldErrors for what can't be sent."""
    state = FormState(view)
    way, topic = state.one(WAY), state.one(TOPIC)
    if way not in tuple(Way) or topic not in TOPICS:
        raise OutdatedError
    return Draft(Way(way), topic, read_text(view))


def read_text(view: Mapping[str, Any]) -> str:
    """Read a text; raise FieldErrors if it is empty or too long."""
    text = storable(FormState(view).one(TEXT))
    if not text:
        raise FieldErrors({TEXT: _(EMPTY)})
    if len(text) > TEXT_LENGTH:
        raise FieldErrors({TEXT: too_long()})
    return text


def too_long() -> str:
    """Say how long a text may be."""
    return _("Please keep it to {most} characters; Slack may count emoji as several.").format(
        most=write_number(TEXT_LENGTH)
    )


def sent_view(way: Way) -> View:
    """Say that it is sent, and what happens next."""
    return modal(_(TITLE), [section(_(SENT[way]))], callback_id=NOTE)


def written_again_view() -> View:
    """Say that it is sent. A field in this view would still hold the text."""
    return modal(_(YOUR_CONVERSATION), [section(_(WRITTEN_AGAIN))], callback_id=NOTE)


def no_button_view(value: str) -> View:
    """Say that the button could not be sent, and offer it again."""
    again = actions([button(_("Send me the button"), SEND_BUTTON, value, style="primary")])
    return modal(_(TITLE), [section(_(NO_BUTTON)), again], callback_id=NOTE)


def confirmation_message(value: str) -> Message:
    """Give the author the button that leads back to the conversation; it holds no text."""
    return Message(
        _(CONFIRMED),
        [
            section(_(CONFIRMED)),
            actions([button(_("Open the conversation"), OPEN, value)]),
            context(_(ONLY_HERE)),
        ],
    )


def conversation_view(conversation: Conversation, value: str, review: Review | None = None) -> View:
    """Show the author their conversation, with a field to write again.

    `review` is of what was written in the field and is not sent yet.
    """
    shown = "" if review is None else fingerprint(review.text)
    return modal(
        _(YOUR_CONVERSATION),
        [
            section(f"*{topic_words(conversation.topic)}*"),
            *message_blocks(conversation, author=_("You"), hr=_("HR")),
            *(_led_to(conversation.led_to) if conversation.led_to else []),
            *([context(_(LINKS))] if _has_address(conversation) else []),
            *([context(_(CLOSED))] if conversation.status is Status.CLOSED else []),
            divider(),
            *(_reading(conversation.way, review) if review else []),
            _text_field(_("Write again"), review.text if review else None),
            actions([_withdraw(value)]),
        ],
        callback_id=ANSWER_FORM,
        submit=_("Send") if review else _("Preview"),
        private_metadata=json.dumps([value, shown]),
    )


def read_answering(view: Mapping[str, Any]) -> tuple[str, bool]:
    """Return the button's value of a conversation, and True if the text in it has been shown."""
    value, shown = json.loads(str(view["private_metadata"]))
    return str(value), shown == fingerprint(read_text(view))


def withdrawn_view() -> View:
    """Say that the conversation is erased."""
    return modal(_(YOUR_CONVERSATION), [section(_(WITHDRAWN))], callback_id=NOTE)


def home_blocks() -> list[Block]:
    """Offer on the Home tab to write to HR."""
    text = _("With your name, or anonymously. `/voice` does the same.")
    return [section(f"*{_(TITLE)}*\n{text}", button(_("Write"), WRITE))]


def wrongdoing_note(url: str | None) -> Block:
    """Say that this is not the place to report wrongdoing, and which place is."""
    if url:
        text = _(
            "To report wrongdoing with the protection that the law gives to whistleblowers, use "
            "the channel that is made for it: <{address}|your company's own channel>. This is not "
            "one."
        ).format(address=encode(url))
    else:
        text = _(
            "To report wrongdoing with the protection that the law gives to whistleblowers, use "
            "the channel that is made for it: HR tells you where. This is not one."
        )
    return context(text)


def _write_view(terms: Terms, above: Sequence[Block], shown: str, submit: str) -> View:
    return modal(
        _(TITLE),
        [
            *above,
            field_input(
                _("How do you want to write?"),
                select(
                    "radio_buttons",
                    WAY,
                    options=[_way(way) for way in terms.ways],
                ),
                block_id=WAY,
            ),
            field_input(
                _("What is it about?"),
                select(
                    "static_select",
                    TOPIC,
                    placeholder=_("Choose a topic"),
                    options=[option(_(name), topic) for topic, name in TOPICS.items()],
                ),
                block_id=TOPIC,
            ),
            _text_field(_("Your message")),
            wrongdoing_note(terms.wrongdoing_url),
        ],
        callback_id=WRITE_FORM,
        submit=submit,
        close=_("Cancel"),
        private_metadata=shown,
    )


def _way(way: Way) -> dict[str, Any]:
    name, line = WAYS[way]
    return option(_(name), way.value, _(line))


def _reading(way: Way, review: Review) -> list[Block]:
    """Show how HR will read a text."""
    shown = verbatim(shorten(review.masked, SECTION_TEXT))
    if way is Way.NAMED:
        return [section(_("*HR will read this, with your name.* Nothing is sent yet:")), shown]
    return [
        section(_("*This is how HR will read it.* Nothing is sent yet:")),
        shown,
        context(hidden_note(review.text, review.masked)),
        *telling_blocks(review.phrases),
    ]


def _led_to(led_to: LedTo) -> list[Block]:
    return [section(led_to_words(led_to)), context(_(TAKEN_UP))]


def _has_address(conversation: Conversation) -> bool:
    """Return True if an anonymous author could give themselves away by opening an address."""
    if conversation.way is Way.NAMED:
        return False
    of_hr = (said.text for said in conversation.messages if said.from_hr)
    return any(hidden.kind == "link" for text in of_hr for hidden in find_addresses(text))


def _text_field(label: str, written: str | None = None) -> Block:
    element = text_input(TEXT, max_length=TEXT_LENGTH, multiline=True, initial=written)
    return field_input(label, element, block_id=TEXT)


def _withdraw(value: str) -> Block:
    return button(
        _("Withdraw and erase"),
        WITHDRAW,
        value,
        style="danger",
        confirm=confirmation(
            _("Erase this conversation?"),
            _("All of it is erased at once, for you and for HR. They may have read it before."),
            yes=_("Erase it"),
            no=_("Keep it"),
        ),
    )
