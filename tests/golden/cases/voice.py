"""Conversations with HR: what authors see, what HR sees, and the messages to both."""

from dataclasses import replace
from datetime import date
from functools import partial

from bot.pulse.pure.telling_phrases import find_phrases
from bot.voice import forms, inbox, inbox_blocks, messages, service
from bot.voice.inbox import Decision, Entry, Inbox
from bot.voice.pure import keys
from bot.voice.service import Conversation, LedTo, Review, Said, Status, Terms, Way
from tests.golden.cases._texts import HOSTILE, LONG
from tests.golden.shown import Cases, Sentences

WEEK = date(2026, 11, 2)
VALUE = f"{'1' * 32}.2026-11-02.{'2' * 32}"
URL = "https://example.com/report?a=1&b=2"
TERMS = Terms(tuple(Way), URL)
TEXT = "I am the only designer, and Ana shouts."
REVIEW = Review(Way.REPLY, TEXT, "I am the only designer, and [name] shouts.", find_phrases(TEXT))
HARMLESS = Review(Way.REPLY, "The lifts are broken.", "The lifts are broken.", ())
DRAFT = forms.Draft(Way.REPLY, "together", TEXT)
ASKED = Said(REVIEW.masked, False, WEEK, True)
ANSWERED = Said("Thank you. See https://intranet.example.com/rota", True, WEEK, True)
UNREAD = Said("It goes on.", False, WEEK, False)
TALK = Conversation("3" * 32, Way.REPLY, "together", Status.ANSWERED, "look", (ASKED, ANSWERED))
NAMED = replace(TALK, way=Way.NAMED, author_id="U0ANA", status=Status.CLOSED, label=None)
LED_TO = LedTo("7" * 32, "The rota <changes> every week.")
DEAF = replace(TALK, way=Way.ANONYMOUS, messages=(ASKED,), status=Status.NEW, label=None)
HOSTILE_TALK = replace(TALK, topic="gone", messages=(replace(ASKED, text=LONG * 12),) * 31)
ENTRIES = (
    Entry("4" * 32, "together", False, "look", WEEK),
    Entry("5" * 32, "other", True, None, date(2026, 10, 26)),
)
COUNTS = {Status.NEW: 2, Status.WAITING: 1, Status.ANSWERED: 1_200, Status.CLOSED: 0}
LIST = Inbox(Status.NEW, COUNTS, 0, 1, ENTRIES)
UNSENT = inbox_blocks.Decided(TALK.id, 2, Decision("Who are you?"), asks_who=True)

CASES: Cases = {
    "write": lambda: forms.write_view(TERMS),
    "write-few-people": lambda: forms.write_view(Terms((Way.NAMED,), None)),
    "write-check": lambda: forms.check_view(TERMS, DRAFT, REVIEW),
    "write-check-harmless": lambda: forms.check_view(TERMS, DRAFT, HARMLESS),
    "write-check-named": lambda: forms.check_view(
        TERMS, replace(DRAFT, way=Way.NAMED), Review(Way.NAMED, HOSTILE, HOSTILE, ())
    ),
    **{f"sent-{way}": partial(forms.sent_view, way) for way in Way},
    "sent-without-button": lambda: forms.no_button_view(VALUE),
    "confirmation": lambda: forms.confirmation_message(VALUE),
    "conversation": lambda: forms.conversation_view(
        replace(TALK, messages=(ASKED, ANSWERED, UNREAD)), VALUE
    ),
    "conversation-led-to": lambda: forms.conversation_view(replace(TALK, led_to=LED_TO), VALUE),
    "conversation-check": lambda: forms.conversation_view(TALK, VALUE, REVIEW),
    "conversation-named": lambda: forms.conversation_view(NAMED, "6" * 32),
    "written-again": forms.written_again_view,
    "withdrawn": forms.withdrawn_view,
    "home": forms.home_blocks,
    "inbox": lambda: inbox_blocks.inbox_view(LIST),
    "inbox-pages": lambda: inbox_blocks.inbox_view(
        replace(LIST, status=Status.ANSWERED, page=1, pages=3)
    ),
    "inbox-empty": lambda: inbox_blocks.inbox_view(
        Inbox(Status.CLOSED, dict.fromkeys(COUNTS, 0), 0, 1, ())
    ),
    "thread": lambda: inbox_blocks.thread_view(TALK),
    "thread-named": lambda: inbox_blocks.thread_view(NAMED),
    "thread-led-to": lambda: inbox_blocks.thread_view(replace(TALK, led_to=LED_TO)),
    "thread-no-answer": lambda: inbox_blocks.thread_view(DEAF),
    "thread-asks-who": lambda: inbox_blocks.thread_view(TALK, UNSENT),
    "thread-hostile": lambda: inbox_blocks.thread_view(HOSTILE_TALK),
    "wrongdoing": lambda: inbox_blocks.wrongdoing_view(URL),
    "wrongdoing-saved": lambda: inbox_blocks.wrongdoing_saved_view(URL),
    "wrongdoing-none": lambda: inbox_blocks.wrongdoing_saved_view(None),
    "news": lambda: messages.news_message(3),
    "news-one": lambda: messages.news_message(1),
    "reply": lambda: messages.reply_message("6" * 32),
    "to-hr": messages.inbox_message,
    "sentences": lambda: Sentences(
        [
            forms.EMPTY,
            forms.too_long(),
            keys.NOT_YOURS,
            keys.EXPIRED,
            service.GONE,
            service.NOT_AN_EMPLOYEE,
            service.TOO_FEW_PEOPLE,
            inbox.NOT_FOR_YOU,
            inbox_blocks.NO_URL,
            *inbox_blocks.READY_REPLIES.values(),
        ]
    ),
}
