"""What people are asked, and what they are told when they answer."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from bot.outbox.states import FATE_UNKNOWN, WAVE_CLOSED
from bot.pulse import blocks, comment_blocks
from bot.pulse.comment_blocks import CommentOrigin
from bot.pulse.comment_review import CommentReview
from bot.pulse.progress import progress_text
from bot.pulse.pure.telling_phrases import find_phrases
from bot.pulse.pure.tokens import Press
from bot.pulse.steps import (
    ANYTHING_TO_ADD,
    CommentForm,
    DoneStep,
    Note,
    QuestionStep,
    Refusal,
    WaveInfo,
    with_privacy_page,
)
from bot.pulse.undelivered import undelivered
from bot.surveys.pure.scales import Scale
from bot.surveys.sending_progress import Sending
from tests.conftest import NOW
from tests.golden.cases._texts import HOSTILE, LONG
from tests.golden.shown import Cases, Sentences

PAGE = "https://example.com/docs/privacy.md"
PRESS = Press("0" * 32, 0, "a" * 16)
PULSE = WaveInfo(
    survey_name="Weekly pulse",
    asked_by="U0MAYA",
    anonymous=True,
    min_group_size=5,
    closes_at=NOW + timedelta(days=3),
    question_count=2,
    invited=46,
)
NAMED = replace(PULSE, survey_name="Summer party", anonymous=False, question_count=1, invited=3)
HARMFUL = replace(PULSE, survey_name=LONG[:120], asked_by="U" * 11, question_count=10)
QUESTION = QuestionStep(
    wave=PULSE,
    press=PRESS,
    number=1,
    text="My workload is manageable.",
    scale=Scale.AGREE,
    options=(),
    answered=False,
    commented=False,
)
SECOND = replace(QUESTION, number=2, text="I know what is expected of me.", note=Note.SAVED)
CHANGING = replace(QUESTION, answered=True, commented=True, note=Note.KEPT)
COMPANY = replace(
    QUESTION,
    wave=replace(PULSE, survey_name="Company pulse", is_company_pulse=True, takes_comments=False),
)
MILESTONE = replace(
    QUESTION,
    wave=replace(
        PULSE,
        survey_name="New here: day 30",
        invited=1,
        is_milestone=True,
    ),
)
LIKELY = replace(QUESTION, wave=NAMED, text="Would you recommend us?", scale=Scale.ENPS)
WRITTEN = replace(QUESTION, text="What should we stop doing?", scale=Scale.TEXT)
CHOSEN = replace(
    QUESTION, text="Where shall we go?", scale=Scale.CHOICE, options=("The lake", "The hills")
)
HARMFUL_QUESTION = replace(
    QUESTION,
    wave=HARMFUL,
    text="&" * 300,
    scale=Scale.CHOICE,
    options=tuple(f"{number} {LONG}"[:75] for number in range(10)),
)
DONE = DoneStep(PULSE, PRESS, answered=True, commented=False)
ONE_ANSWER = replace(DONE, wave=NAMED)
SKIPPED = replace(DONE, answered=False, note=Note.SKIPPED)
FORM = CommentForm(
    press=PRESS,
    question="My workload is manageable.",
    scale=Scale.AGREE,
    anonymous=True,
    needed=10,
    written="",
)
ORIGIN = CommentOrigin(PRESS, None, after_thanks=False)
TELLING = (
    "As the only designer in Oslo I asked Kim Larsen about my pregnancy. I joined in March, and "
    "I am the only one who works on Fridays."
)
REVIEW = CommentReview(
    replace(FORM, written=TELLING), TELLING.replace("Kim Larsen", "[name]"), find_phrases(TELLING)
)
HARMLESS = CommentReview(replace(FORM, written=" Fewer meetings. "), "Fewer meetings.", ())

CASES: Cases = {
    "question-first-of-all": lambda: blocks.with_introduction(blocks.question_message(QUESTION), 5),
    "progress": lambda: Sentences(
        [
            progress_text("Weekly pulse", 31_000, Sending(12_400, 18_600, 0, None), NOW),
            progress_text("Weekly pulse", 31_000, Sending(30_988, 0, 12, None), NOW),
            progress_text("Fish & <chips>", 1_000, Sending(0, 988, 12, NOW), NOW),
        ]
    ),
    "question": lambda: blocks.question_message(with_privacy_page(QUESTION, PAGE)),
    "question-second": lambda: blocks.question_message(with_privacy_page(SECOND, PAGE)),
    "question-changing": lambda: blocks.question_message(CHANGING),
    "question-named-enps": lambda: blocks.question_message(LIKELY),
    "question-choice": lambda: blocks.question_message(CHOSEN),
    "question-text": lambda: blocks.question_message(WRITTEN),
    "question-offering-mentor": lambda: blocks.question_message(
        replace(SECOND, offers_mentor=True)
    ),
    "question-hostile": lambda: blocks.question_message(HARMFUL_QUESTION),
    "reminder": lambda: blocks.reminder_message(with_privacy_page(QUESTION, PAGE)),
    "reminder-hostile": lambda: blocks.reminder_message(HARMFUL_QUESTION),
    "question-company": lambda: blocks.question_message(with_privacy_page(COMPANY, PAGE)),
    "reminder-company": lambda: blocks.reminder_message(COMPANY),
    "question-milestone": lambda: blocks.question_message(MILESTONE),
    "done-milestone": lambda: blocks.done_message(replace(DONE, wave=MILESTONE.wave)),
    "done-company": lambda: blocks.done_message(replace(DONE, wave=COMPANY.wave)),
    "moved": blocks.moved_message,
    "done": lambda: blocks.step_message(with_privacy_page(DONE, PAGE)),
    "done-one-answer": lambda: blocks.done_message(ONE_ANSWER),
    "done-after-writing": lambda: blocks.done_message(
        replace(DONE, commented=True, wrote=True, note=Note.COMMENT_SAVED, offers_mentor=True)
    ),
    "done-after-writing-elsewhere": lambda: blocks.done_message(replace(DONE, wrote=True)),
    "done-skipped": lambda: blocks.done_message(SKIPPED),
    "done-hostile": lambda: blocks.done_message(replace(DONE, wave=HARMFUL)),
    "refusals": lambda: Sentences(
        {refusal.name: blocks.refusal_message(refusal).text for refusal in Refusal}
    ),
    "notes": lambda: [
        block
        for note in Note
        for block in blocks.question_message(replace(WRITTEN, note=note)).blocks[:1]
    ],
    "privacy": lambda: blocks.privacy_message(5, PAGE),
    "privacy-no-page": lambda: blocks.privacy_message(4),
    "comment": lambda: comment_blocks.comment_view(FORM, ORIGIN),
    "comment-milestone": lambda: comment_blocks.comment_view(
        replace(FORM, is_milestone=True), ORIGIN
    ),
    "comment-named": lambda: comment_blocks.comment_view(
        replace(FORM, question=ANYTHING_TO_ADD, scale=None, anonymous=False), ORIGIN
    ),
    "comment-instead-of-answer": lambda: comment_blocks.comment_view(
        replace(FORM, question=WRITTEN.text, scale=Scale.TEXT, written="Meetings."), ORIGIN
    ),
    "comment-hostile": lambda: comment_blocks.comment_view(
        replace(FORM, question="&" * 300, written=HOSTILE), ORIGIN
    ),
    "comment-sentences": lambda: Sentences(
        {
            "no form for a comment": comment_blocks.no_form(FORM),
            "no form for an answer": comment_blocks.no_form(replace(FORM, scale=Scale.TEXT)),
            "too long": comment_blocks.too_long(),
        }
    ),
    "check": lambda: comment_blocks.check_view(REVIEW, ORIGIN),
    "check-milestone": lambda: comment_blocks.check_view(
        replace(HARMLESS, form=replace(FORM, is_milestone=True)), ORIGIN
    ),
    "check-nothing-found": lambda: comment_blocks.check_view(HARMLESS, ORIGIN),
    "check-hostile": lambda: comment_blocks.check_view(
        CommentReview(replace(FORM, written=LONG), LONG, tuple(REVIEW.phrases) * 9), ORIGIN
    ),
    "undelivered": lambda: undelivered(
        "Weekly pulse",
        46,
        Counter(
            user_disabled=1,
            messages_tab_disabled=12,
            restricted_action=2,
            **{WAVE_CLOSED: 3, FATE_UNKNOWN: 1},
        ),
        goes_on=True,
    ),
    "undelivered-hostile": lambda: undelivered(
        LONG[:120], 1, Counter({"*odd* `reason`": 1}), goes_on=False
    ),
}
