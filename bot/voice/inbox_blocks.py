"""What HR sees of conversations: the list without any text, and one conversation at a time.

They appear only in a modal: Slack keeps messages, but not a closed modal.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from bot.blockkit.blocks import (
    OPTION_TEXT,
    Block,
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
)
from bot.blockkit.form_state import FormState
from bot.blockkit.text import mention, shorten, storable
from bot.errors import FieldErrors, OutdatedError
from bot.languages import _, _p, marked, write_number
from bot.voice.inbox import NO_ANSWER_POSSIBLE, Decision, Entry, Inbox
from bot.voice.pure.asking_who import asks_who
from bot.voice.service import TEXT_LENGTH, Conversation, Status, Way
from bot.voice.wording import LABELS, led_to_words, message_blocks, topic_words, week_words

INBOX: Final = "voice:inbox"
"""Prefix of the ids of the buttons that show a part of the list."""
INBOX_VIEW: Final = "voice:inbox_view"
READ: Final = "voice:read"
DECIDE_FORM: Final = "voice:decide_form"
REPLY: Final = "voice:reply"
READY: Final = "voice:ready"
REASON: Final = "voice:reason"
LABEL: Final = "voice:label"
CLOSE: Final = "voice:close"
MAKE_ITEM: Final = "voice:make_item"
LINK_ITEM: Final = "voice:link_item"
OPEN_ITEM: Final = "voice:open_item"
"""People products listen to these three."""
WRONGDOING: Final = "voice:wrongdoing"
WRONGDOING_FORM: Final = "voice:wrongdoing_form"
URL: Final = "voice:url"

TITLE: Final = marked("Written to HR")
URL_LENGTH: Final = 500
REASON_LENGTH: Final = 300
NO_LABEL: Final = "none"
STATUSES: Final[Mapping[Status, str]] = {
    Status.NEW: marked("New"),
    Status.WAITING: marked("Waiting"),
    Status.ANSWERED: marked("Answered"),
    Status.CLOSED: marked("Closed"),
}
READY_REPLIES: Final[Mapping[str, str]] = {
    "read": marked("Thank you for telling us. We have read it."),
    "looking": marked("Thank you. We are looking into it, and will write here again."),
    "acting": marked("Thank you. We will do something about it, and will tell everybody what."),
    "not_now": marked("Thank you. We have talked about it, and can't change it for now."),
    "more": marked("Thank you. Please tell us more: what happens, and what would help?"),
}
READING_NOTE: Final = marked(
    "I keep the week in which it was written, and no day. Please do not guess who it was. Each "
    "look is written down: everybody can read who looked, not at what."
)
ASKS_WHO: Final = marked(
    "*Nothing is sent yet.* Your answer asks who wrote this. The author trusted that nobody would. "
    "Say why you need to know; they can then decide to tell you. Or take the question out."
)
REASON_IN_REPLY: Final = marked("{answer}\n\nWhy we ask: {reason}")
NO_URL: Final = marked(
    "Please write an address that begins with https://, or leave the field empty."
)


@dataclass(frozen=True)
class Decided:
    """What HR filled in about a conversation."""

    thread_id: str
    number: int
    """How many messages HR had seen of it."""
    decision: Decision
    asks_who: bool
    """True if the answer asks an anonymous author who they are, without a reason."""
    label_shown: str | None = None
    """The label when the window opened, and whether the conversation was closed."""
    closed_shown: bool = False


def inbox_view(inbox: Inbox) -> View:
    """Return the list of conversations of one status, with buttons to the others."""
    return modal(_(TITLE), _list(inbox), callback_id=INBOX_VIEW)


def place_in(value: str) -> tuple[Status, int]:
    """Return (status, page) from a button's value; raise OutdatedError if it is malformed."""
    status, _colon, page = value.partition(":")
    if status not in tuple(STATUSES) or not page.isdecimal():
        raise OutdatedError
    return Status(status), int(page)


def thread_view(conversation: Conversation, unsent: Decided | None = None) -> View:
    """Show one conversation, with what HR can do.

    `unsent` is an answer that asks who wrote: its fields stay filled in, and a reason is asked for.
    """
    with_reason = unsent is not None
    number = unsent.number if unsent else len(conversation.messages)
    is_closed = conversation.status is Status.CLOSED
    shown = (unsent.label_shown, unsent.closed_shown) if unsent else (conversation.label, is_closed)
    return modal(
        _(TITLE),
        [
            section(f"*{topic_words(conversation.topic)}* · {_from_whom(conversation)}"),
            context(_(READING_NOTE)),
            *message_blocks(conversation, author=_("The author"), hr=_("HR")),
            divider(),
            *([section(_(ASKS_WHO))] if with_reason else []),
            *_answer_fields(conversation, number, with_reason=with_reason),
            *_sorting_fields(conversation, number),
            *_item_blocks(conversation),
            actions([_show(_("Back to the list"), _status_of(conversation), 0)]),
        ],
        callback_id=DECIDE_FORM,
        submit=_("Save"),
        private_metadata=json.dumps([conversation.id, number, conversation.way, *shown]),
    )


def read_decision(view: Mapping[str, Any]) -> Decided:
    """Read what HR filled in; raise FieldErrors for what can't be sent.

    A label or a tick that HR left as it was decides nothing: somebody else may have changed it
    since the window opened.
    """
    thread_id, number, way, label_shown, closed_shown = json.loads(str(view["private_metadata"]))
    state = FormState(view)
    own, ready = storable(state.one(f"{REPLY}:{number}")), state.one(f"{READY}:{number}")
    reason, chosen = storable(state.one(REASON)), state.one(f"{LABEL}:{number}")
    label = chosen if chosen in LABELS else ""
    close = bool(state.many(f"{CLOSE}:{number}"))
    reply = "\n\n".join(part for part in (READY_REPLIES.get(ready, ""), own) if part)
    is_asking = way != Way.NAMED and asks_who(own)
    if is_asking and reason:
        reply = _(REASON_IN_REPLY).format(answer=reply, reason=reason)
    if len(reply) > TEXT_LENGTH:
        raise FieldErrors(
            {
                f"{REPLY}:{number}": _("Please keep it to {most} characters.").format(
                    most=write_number(TEXT_LENGTH)
                )
            }
        )
    return Decided(
        thread_id,
        number,
        Decision(
            reply,
            label if label != (label_shown or "") else None,
            close=close if close != closed_shown else None,
        ),
        is_asking and not reason,
        label_shown,
        closed_shown,
    )


def wrongdoing_view(url: str | None) -> View:
    """Build the form for the address where people report wrongdoing."""
    return modal(
        _(TITLE),
        [
            section(
                _(
                    "Attune is no channel for whistleblowers. Where does your company have one? "
                    "I show the address wherever somebody writes to HR."
                )
            ),
            field_input(
                _("Address of the page"),
                text_input(URL, max_length=URL_LENGTH, placeholder="https://…", initial=url),
                block_id=URL,
                optional=True,
            ),
        ],
        callback_id=WRONGDOING_FORM,
        submit=_("Save"),
        close=_("Cancel"),
    )


def wrongdoing_saved_view(url: str | None) -> View:
    """Say what people are shown from now on."""
    if url:
        text = _("Saved. People who write to HR see the address that you gave.")
    else:
        text = _("Saved. People who write to HR see no address, and that HR tells them where.")
    return modal(_(TITLE), [section(text)], callback_id=INBOX_VIEW)


def read_url(view: Mapping[str, Any]) -> str | None:
    """Read the address; None if the field is empty. Raises FieldErrors if it is none."""
    url = FormState(view).one(URL).strip()
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        raise FieldErrors({URL: _(NO_URL)}) from None
    if parts.scheme != "https" or not parts.netloc or any(each in url for each in "<>| \n"):
        raise FieldErrors({URL: _(NO_URL)})
    return url


def _list(inbox: Inbox) -> list[Block]:
    tabs = [
        _show(
            f"{_(name)} ({write_number(inbox.counts[status])})",
            status,
            0,
            is_on=status is inbox.status,
        )
        for status, name in STATUSES.items()
    ]
    entries = [_entry(entry) for entry in inbox.entries] or [section(_("Nothing here."))]
    turns = [
        _show(label, inbox.status, page, name)
        for label, page, name in (
            (_("Previous page"), inbox.page - 1, "previous"),
            (_("Next page (of {pages})").format(pages=inbox.pages), inbox.page + 1, "next"),
        )
        if 0 <= page < inbox.pages
    ]
    other = button(_("Where to report wrongdoing"), WRONGDOING)
    return [
        actions(tabs),
        divider(),
        *entries,
        divider(),
        context(_(READING_NOTE)),
        actions([*turns, other]),
    ]


def _entry(entry: Entry) -> Block:
    parts = [f"*{topic_words(entry.topic)}*", week_words(entry.week)]
    parts.append(_("with a name") if entry.named else _("anonymous"))
    if entry.label:
        parts.append(_(LABELS.get(entry.label, "")))
    return section(" · ".join(filter(None, parts)), button(_p("verb", "Read"), READ, entry.id))


def inbox_button() -> Block:
    """Return a button that opens the list where it begins."""
    return _show(_("What people wrote"), Status.NEW, 0)


def _show(label: str, status: Status, page: int, name: str = "", *, is_on: bool = False) -> Block:
    """Return a button that shows a part of the list; `name` tells it from the others."""
    action_id = f"{INBOX}:{name or status}"
    return button(label, action_id, f"{status}:{page}", style="primary" if is_on else None)


def _from_whom(conversation: Conversation) -> str:
    if conversation.author_id:
        return mention(conversation.author_id)
    return _("anonymous")


def _status_of(conversation: Conversation) -> Status:
    return conversation.status if conversation.status in STATUSES else Status.NEW


def _answer_fields(
    conversation: Conversation, number: int, *, with_reason: bool
) -> Sequence[Block]:
    """Return the fields of an answer. Their ids change with each message, to empty them."""
    if conversation.way is Way.ANONYMOUS:
        return [context(_(NO_ANSWER_POSSIBLE))]
    own, ready = f"{REPLY}:{number}", f"{READY}:{number}"
    options = [option(_short(_(text)), name) for name, text in READY_REPLIES.items()]
    reason = field_input(
        _("Why do you need to know who it is?"),
        text_input(REASON, max_length=REASON_LENGTH),
        block_id=REASON,
        hint=_("The author reads it below your answer."),
        optional=True,
    )
    return [
        field_input(
            _("Your answer"),
            text_input(own, max_length=TEXT_LENGTH, multiline=True),
            block_id=own,
            hint=_("It appears only in the author's own window."),
            optional=True,
        ),
        *([reason] if with_reason else []),
        field_input(
            _("Or one of these"),
            select("static_select", ready, placeholder=_("Choose a sentence"), options=options),
            block_id=ready,
            hint=_("If you write as well, it comes first."),
            optional=True,
        ),
    ]


def _sorting_fields(conversation: Conversation, number: int) -> Sequence[Block]:
    label, close = f"{LABEL}:{number}", f"{CLOSE}:{number}"
    options = [option(_("No label"), NO_LABEL)]
    options += [option(_(words), name) for name, words in LABELS.items()]
    chosen = next((each for each in options if each["value"] == conversation.label), options[0])
    choice = option(_("This conversation is closed"), "yes")
    is_closed = conversation.status is Status.CLOSED
    ticked: dict[str, Any] = {"initial_options": [choice]} if is_closed else {}
    return [
        field_input(
            _("Label"),
            select("static_select", label, options=options, initial_option=chosen),
            block_id=label,
            hint=_("Only HR sees it."),
        ),
        field_input(
            _("Close"),
            select("checkboxes", close, options=[choice], **ticked),
            block_id=close,
            optional=True,
        ),
    ]


def _item_blocks(conversation: Conversation) -> list[Block]:
    """Show the item that a conversation led to, or offer to make one of it."""
    led_to = conversation.led_to
    if led_to is None:
        return [
            actions(
                [
                    button(_("Make it an item"), MAKE_ITEM, conversation.id),
                    button(_("It belongs to an item"), LINK_ITEM, conversation.id),
                ]
            )
        ]
    return [
        section(led_to_words(led_to)),
        actions(
            [
                button(_("Open the item"), OPEN_ITEM, led_to.item_id),
                button(_("Another item"), LINK_ITEM, conversation.id),
            ]
        ),
    ]


def _short(text: str) -> str:
    return shorten(text, OPTION_TEXT)
