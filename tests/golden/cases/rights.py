"""Who looked at what, what is stored, one's own data, and erasing it."""

from datetime import date
from typing import Any

from bot.insights.export.service import EXPORTED
from bot.languages import _
from bot.people.group_size import CHANGED
from bot.people.importing import IMPORTED
from bot.pulse.column_meanings import HEADINGS, MEANINGS, StoredTable
from bot.rights import blocks, personal_data_blocks
from bot.rights.look_pages import ALL_FIGURES, WRITTEN_TO_HR, Look, LookPage, PageStart
from bot.rights.public_record import (
    PERSON_EXPORTED,
    PERSON_FORGOTTEN,
    EarlyEnd,
    OperatorAct,
    PeopleMoved,
    PublicRecord,
    SurveyMade,
)
from bot.rights.record_blocks import RECORD_TITLE, STORED_TITLE, record_blocks, stored_blocks
from bot.surveys.audience import Audience, AudienceKind
from tests.golden.cases._texts import HOSTILE, LONG
from tests.golden.shown import Cases, Sentences

DAY = date(2026, 11, 3)
EVERYONE = Audience(AudienceKind.EVERYONE)
LOOKS = (
    Look(DAY, "U0MAYA", False, "figures", "Weekly pulse", DAY, 3),
    Look(DAY, "U0LEE", True, "figures", "Weekly pulse", DAY, 1),
    Look(DAY, "U0MAYA", False, "comments", "Weekly pulse", None, 1),
    Look(DAY, "U0MAYA", False, "answers by person", "Summer party", DAY, 1),
    Look(DAY, "U0MAYA", False, "participation", None, None, 1_200),
    Look(DAY, "U0MAYA", False, "figures", None, None, 1, of="mentoring"),
    Look(DAY, "U0MAYA", False, "figures", None, None, 2, of="questions to colleagues"),
    Look(DAY, "U0MAYA", False, WRITTEN_TO_HR, None, None, 2),
    Look(DAY, "U0MAYA", False, ALL_FIGURES, None, None, 1),
)
RECORD = PublicRecord(
    page=LookPage(LOOKS, PageStart(DAY), PageStart(date(2026, 11, 2), 4)),
    by_operator=(
        OperatorAct(DAY, PERSON_EXPORTED, None, None, None, 1),
        OperatorAct(DAY, PERSON_FORGOTTEN, None, None, None, 2),
        OperatorAct(DAY, CHANGED, 5, 8, None, 1),
        OperatorAct(DAY, IMPORTED, None, None, 1, 1),
        OperatorAct(DAY, EXPORTED, None, None, None, 1),
    ),
    surveys=(
        SurveyMade(DAY, "U0MAYA", "Weekly pulse", EVERYONE, 46),
        SurveyMade(DAY, "U0MAYA", "Check", Audience(AudienceKind.CHANNEL, "C0DESIGN"), None),
        EarlyEnd(DAY, "U0MAYA", "Weekly pulse", 46, 5, None),
        EarlyEnd(DAY, "U0MAYA", "Weekly pulse", 46, 5, 30),
        EarlyEnd(DAY, "U0MAYA", "Weekly pulse", 46, 5, 0),
        PeopleMoved(DAY, "U0MAYA", 3),
    ),
    refused=2,
    digest_channels=("C0PULSE", "C0HR"),
    quotes_comments=True,
)
EMPTY = PublicRecord(LookPage((), None, None), (), (), 0, ())
HARMFUL = PublicRecord(
    page=LookPage((Look(DAY, "U0MAYA", False, "figures", LONG, DAY, 1),) * 25, None, None),
    by_operator=(OperatorAct(DAY, PERSON_FORGOTTEN, None, None, None, 1),) * 22,
    surveys=(SurveyMade(DAY, "U0MAYA", LONG, Audience(AudienceKind.TEAM, LONG[:120]), 1),) * 22,
    refused=1,
    digest_channels=tuple(f"C{n}" for n in range(22)),
)
TABLES = tuple(
    StoredTable(heading, tuple(MEANINGS[table].items())) for table, heading in HEADINGS.items()
)
DATA: dict[str, Any] = {
    "answers_to_open_surveys": [
        {
            "survey_name": "Weekly pulse",
            "question": "My workload is manageable.",
            "in_words": "Agree",
            "comment": "Fewer meetings.",
        },
        {
            "survey_name": "Weekly pulse",
            "question": "Anything to add?",
            "in_words": None,
            "comment": HOSTILE,
        },
    ],
    "about_answers_to_open_surveys": "These are under a code until the survey closes.",
    "answers_that_wait": [
        {"survey_name": "Company pulse", "driver": "Workload", "in_words": "Agree"},
        {"survey_name": "Company pulse", "driver": "Growth", "in_words": "Disagree"},
    ],
    "about_answers_that_wait": "These wait under a code until enough people have answered.",
    "answers_to_named_surveys": [
        {
            "survey_name": "Summer party",
            "held_on": "2026-10-01",
            "answers": [("Where shall we go?", "The lake")],
        }
    ],
    "mentoring_feedback": [
        {"about": "meeting", "rating": 3},
        {"about": "fit", "rating": 1},
        {"about": "closing", "rating": 4},
    ],
    "mentoring_profile": [{"never_with": ["U0KIM"]}],
    "what_you_wrote_to_hr_by_name": [
        {
            "topic": "Pay and benefits",
            "messages": [
                {"week": DAY, "from_hr": False, "text": HOSTILE},
                {"week": DAY, "from_hr": True, "text": "Thank you. We have read it."},
            ],
        }
    ],
    "blockers_only_counted": [{"month": "2026-11-01", "kind": "load"}],
    "goals": [{"id": "g1", "text": "Give a talk", "measure": "It was held"}],
    "what_you_said_of_goals": [
        {"goal_id": "g1", "state": "on track", "learned": ""},
        {"goal_id": "g1", "state": "reached", "learned": HOSTILE},
    ],
    "goals_shared_with_you": [{"employee_id": "U0KIM", "text": "Learn Rust"}],
    "learning_slots": [
        {"starts_at": "2026-11-03T15:00:00+00:00", "note": HOSTILE},
        {"starts_at": "2026-11-04T15:00:00+00:00", "note": None},
    ],
    "learning_time_you_got": [
        {"month": "2026-11-01", "got": "some", "taken_by": "meetings"},
        {"month": "2026-10-01", "got": "all", "taken_by": None},
    ],
    "what_you_support": ["Too many meetings", HOSTILE],
}
NO_DATA: dict[str, Any] = {name: [] for name in DATA}
MANY = {
    **NO_DATA,
    "answers_to_named_surveys": [
        {
            "survey_name": LONG,
            "held_on": "2026-10-01",
            "answers": [(LONG, LONG)],
        }
    ]
    * 30,
}

CASES: Cases = {
    "record": lambda: blocks.note_view(_(RECORD_TITLE), record_blocks(RECORD)),
    "record-empty": lambda: blocks.note_view(_(RECORD_TITLE), record_blocks(EMPTY)),
    "record-hostile": lambda: blocks.note_view(_(RECORD_TITLE), record_blocks(HARMFUL)),
    "stored": lambda: blocks.note_view(_(STORED_TITLE), stored_blocks(TABLES)),
    "home": blocks.privacy_home_blocks,
    "forget": lambda: blocks.forget_view(is_owner=False),
    "forget-owner": lambda: blocks.forget_view(is_owner=True),
    "erasing": blocks.erasing_view,
    "not-forgotten": blocks.not_forgotten_view,
    "forgotten": blocks.forgotten_view,
    "return": blocks.return_view,
    "returned": blocks.returned_view,
    "gathering": personal_data_blocks.gathering_view,
    "failed": personal_data_blocks.failed_view,
    "own": lambda: personal_data_blocks.own_view(DATA),
    "own-nothing": lambda: personal_data_blocks.own_view(NO_DATA),
    "own-hostile": lambda: personal_data_blocks.own_view(MANY, 1),
    "sentences": lambda: Sentences(
        {
            "on its way": blocks.ON_ITS_WAY,
            "not sent": blocks.NOT_SENT,
            "the file": blocks.YOUR_DATA,
            "no form": personal_data_blocks.NO_FORM,
        }
    ),
}
