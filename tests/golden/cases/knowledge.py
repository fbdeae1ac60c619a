"""Questions to colleagues, their answers, and what is kept for others."""

from dataclasses import replace
from datetime import date

from bot.insights.tallies import MedianTime, MonthResults
from bot.insights.wave_results import PublishedNumber
from bot.knowledge import blocks, cards, forms, monthly, service, unnamed
from bot.knowledge.cards import Preview
from bot.knowledge.figures_blocks import figures_message
from bot.knowledge.forms import Draft, Found
from bot.knowledge.monthly import Figures
from bot.knowledge.pure.states import Status
from bot.knowledge.search import Card
from bot.knowledge.service import HomeQuestions, Question
from bot.languages import _
from bot.pulse.pure.telling_phrases import find_phrases
from tests.golden.cases._texts import HOSTILE
from tests.golden.shown import Cases, Sentences

READER = "U0NOOR"
TEXT = "How do I roll back a failed deployment?\nAnd who may?"
ANSWER = "Run `kubectl rollout undo`.\nAnybody of the platform team may."
OPEN = Question("0" * 32, "Kubernetes", TEXT, Status.OPEN, READER)
ANSWERED = replace(OPEN, status=Status.ANSWERED, author_id="U0KOFI", answer=ANSWER, may_keep=True)
UNNAMED = replace(OPEN, asker_id=None)
CLOSED = replace(OPEN, status=Status.CLOSED)
HARMFUL = replace(
    ANSWERED, topic=HOSTILE[:60], text=f"{HOSTILE}\n{'&' * 500}"[:500], answer=f"{HOSTILE} " * 9
)
CARD = Card(7, TEXT, ANSWER, "Kubernetes", "U0KOFI", date(2026, 11, 3))
OWN_CARD = replace(CARD, id=8, author_id=READER)
HARMFUL_CARD = replace(
    CARD, question=f"{HOSTILE}{'&' * 500}"[:500], answer=f"{HOSTILE} " * 12, topic=HOSTILE[:60]
)
DRAFT = Draft("Kubernetes", TEXT, is_unnamed=False)
HIDDEN = Draft("Kubernetes", "I am the only one in Legal. How do I start?", is_unnamed=True)
HARMFUL_DRAFT = Draft(HOSTILE[:60], HARMFUL.text, is_unnamed=True)
BUTTON = f"{'a' * 32}.2026-11-02.{'b' * 32}"

MONTH = date(2026, 10, 1)
SHARES = {
    monthly.FROM_CARD: PublishedNumber(0.4),
    monthly.BY_COLLEAGUE: PublishedNumber(0.5),
    monthly.NOT_ANSWERED: PublishedNumber(0.1, is_least=True),
}
FIGURES = Figures(
    (
        MonthResults(MONTH, "", 40, SHARES, MedianTime(30, 5.7, 2.8, 11.3)),
        MonthResults(MONTH, HOSTILE, 5),
    ),
    (
        MonthResults(
            MONTH, "", 10, {"Engineering": PublishedNumber(0.7), "Data": PublishedNumber(0.3, True)}
        ),
    ),
)

CASES: Cases = {
    "ask": lambda: forms.ask_view(may_hide=True),
    "ask-typed": lambda: forms.ask_view("How do I begin with Go?", may_hide=False),
    "found": lambda: forms.found_view(DRAFT, Found((CARD, OWN_CARD), TEXT), READER, may_hide=True),
    "found-nothing": lambda: forms.found_view(
        DRAFT, Found((), "Ask [name]?"), READER, may_hide=False
    ),
    "found-unnamed": lambda: forms.found_view(
        HIDDEN, Found((), HIDDEN.text, find_phrases(HIDDEN.text)), READER, may_hide=True
    ),
    "found-hostile": lambda: forms.found_view(
        HARMFUL_DRAFT, Found((HARMFUL_CARD,) * 3, HARMFUL.text), READER, may_hide=True
    ),
    "asked": lambda: forms.asked_view("Kubernetes", 3),
    "asked-one": lambda: forms.asked_view(HOSTILE[:60], 1),
    "asked-nobody": lambda: forms.asked_view("Kubernetes", 0),
    "asked-unnamed": forms.asked_unnamed_view,
    "button": lambda: forms.button_message(BUTTON),
    "button-not-sent": lambda: forms.no_button_view(BUTTON),
    "glad": forms.glad_view,
    "waits": lambda: forms.answer_view(UNNAMED, BUTTON),
    "closed": lambda: forms.answer_view(CLOSED, CLOSED.id),
    "answer": lambda: forms.answer_view(ANSWERED, ANSWERED.id),
    "answer-hostile": lambda: forms.answer_view(HARMFUL, BUTTON),
    "answer-again": lambda: forms.answer_view(replace(ANSWERED, status=Status.KEPT), ANSWERED.id),
    "helped": lambda: forms.helped_view(ANSWERED, ANSWERED.id, None),
    "helped-keep": lambda: forms.helped_view(ANSWERED, BUTTON, Preview(TEXT, ANSWER)),
    "not-helped": lambda: forms.not_helped_view(ANSWERED),
    "kept": forms.kept_view,
    "question": lambda: blocks.question_message(OPEN),
    "question-unnamed": lambda: blocks.question_message(UNNAMED),
    "question-hostile": lambda: blocks.question_message(HARMFUL),
    "faster": lambda: blocks.note_message(_(blocks.FASTER)),
    "passed-on": lambda: blocks.note_message(_(blocks.PASSED_ON)),
    "result": lambda: blocks.result_message(ANSWERED),
    "result-closed": lambda: blocks.result_message(CLOSED),
    "thanks": lambda: blocks.thanks_message(replace(ANSWERED, status=Status.HELPED)),
    "thanks-kept": lambda: blocks.thanks_message(
        replace(ANSWERED, status=Status.KEPT, asker_id=None)
    ),
    "review": lambda: blocks.review_message(CARD),
    "review-hostile": lambda: blocks.review_message(HARMFUL_CARD),
    "answer-form": lambda: blocks.answer_form(OPEN),
    "answer-form-shown": lambda: blocks.answer_form(UNNAMED, ANSWER, "Ask [name]."),
    "answer-form-hostile": lambda: blocks.answer_form(HARMFUL, HOSTILE, f"{HOSTILE} " * 20),
    "answered": lambda: blocks.answered_view(OPEN),
    "answered-unnamed": lambda: blocks.answered_view(UNNAMED),
    "edit": lambda: blocks.edit_form(CARD),
    "edit-shown": lambda: blocks.edit_form(CARD, "Ask Kofi.", "Ask [name]."),
    "edit-hostile": lambda: blocks.edit_form(HARMFUL_CARD),
    "changed": blocks.changed_view,
    "retired": blocks.retired_view,
    "home": lambda: blocks.home_blocks(HomeQuestions((), ())),
    "home-asked": lambda: blocks.home_blocks(HomeQuestions((), (OPEN,))),
    "home-waiting": lambda: blocks.waiting_blocks(HomeQuestions((OPEN, UNNAMED), ())),
    "home-hostile": lambda: [
        *blocks.waiting_blocks(HomeQuestions((HARMFUL,) * 9, ())),
        *blocks.home_blocks(HomeQuestions((), (HARMFUL,) * 3)),
    ],
    "figures": lambda: figures_message(FIGURES),
    "figures-none": lambda: figures_message(Figures((), ())),
    "sentences": lambda: Sentences(
        [
            *(forms.EMPTY, _(forms.TOO_LONG).format(most=500), forms.NO_TOPIC),
            _(forms.OWN_TOPIC_TOO_LONG).format(most=60),
            *(blocks.EMPTY, _(blocks.TOO_LONG).format(most="2,000"), blocks.CONFIRMED),
            *(blocks.THANKS, blocks.RETIRED),
            *(service.NOT_AN_EMPLOYEE, _(service.TOO_MANY_OPEN).format(most=service.MOST_OPEN)),
            service.ASKED_ALREADY,
            *(service.TOO_LATE, service.NOT_ASKED, service.GONE),
            *(cards.NOT_YOURS, cards.NOT_YOUR_CARD, cards.CARD_GONE, cards.OVER),
            *(unnamed.BUTTON_REFUSED, unnamed.TOO_FEW_PEOPLE),
        ]
    ),
}
