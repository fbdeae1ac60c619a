"""What HR is shown when it writes, previews, lists and ends surveys."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import partial

from bot.pulse.preview import as_asked
from bot.surveys import blocks, forms, not_asked_blocks, template_form
from bot.surveys.audience import Audience, AudienceKind, Filters
from bot.surveys.audience_fields import Chosen, Offered
from bot.surveys.drafts import NewQuestion, SurveyPreview
from bot.surveys.forms import Form, OwnQuestion
from bot.surveys.preview_blocks import preview_view
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.scales import Scale
from bot.surveys.pure.schedule import Cadence, Plan
from bot.surveys.pure.templates import load_templates
from bot.surveys.service import SurveyChange
from bot.surveys.survey_rows import Ending, SurveySummary
from bot.surveys.translations import Translation
from tests.golden.cases._texts import HOSTILE, LONG
from tests.golden.shown import Cases, Sentences

FIRST = datetime(2026, 11, 9, 20, 0, tzinfo=UTC)
LAST = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
WEEKLY = Plan(Cadence.WEEKLY, date(2026, 11, 10), time(10, 0))
RIGHT_AWAY = Plan(Cadence.ONCE, date(2026, 11, 3), None)
SURVEY = SurveySummary(
    id="5" * 32,
    name="Weekly pulse",
    status="active",
    anonymous=True,
    audience=Audience(AudienceKind.EVERYONE),
    plan=WEEKLY,
    open_hours=72,
    next_open_at=FIRST,
    next_on=date(2026, 11, 10),
)
CHANNEL = Audience(AudienceKind.CHANNEL, "C0DESIGN")
GROUP = Audience(AudienceKind.USERGROUP, "S0LEADS")
MANY = Audience(
    AudienceKind.CHOSEN,
    filters=Filters(
        ("Design", "R&D <!here>"), ("Products",), tuple("ABCDEFG"), ("U0MAYA", "U0TOMAS"), 24, 1
    ),
)
LATELY = Filters(joined_at_most=6)
QUARTERLY = Plan(
    Cadence.QUARTERLY, date(2026, 11, 10), time(10, 0), date(2027, 12, 31), working_in="DE"
)
TEAM = Audience(AudienceKind.TEAM, "R&D <!here>")
NAMED = replace(
    SURVEY,
    name="Summer party",
    anonymous=False,
    audience=TEAM,
    plan=RIGHT_AWAY,
    open_hours=24,
)
HARMFUL = replace(SURVEY, name=LONG[:120], audience=Audience(AudienceKind.TEAM, "<" * 120))
PREVIEW = SurveyPreview(
    survey=SURVEY,
    questions=(NewQuestion.from_bank(load_bank().questions[0]),),
    people=42,
    min_group_size=5,
    first_asked_at=FIRST,
    last_asked_at=LAST,
)
NAMED_PREVIEW = replace(
    PREVIEW,
    survey=NAMED,
    people=3,
    questions=(
        NewQuestion("Where shall we go?", Scale.CHOICE, options=("The lake", "The hills")),
        NewQuestion("Anything we should know?", Scale.TEXT),
    ),
)
TRANSLATED_PREVIEW = replace(
    NAMED_PREVIEW,
    questions=(
        NewQuestion.from_bank(load_bank().questions[0]),
        NewQuestion(
            "Where shall we go?",
            Scale.CHOICE,
            options=("The lake", "The hills"),
            translations=(
                Translation("de", "Wohin gehen wir?", ("An den See", "In die Hügel")),
                Translation("fr", "Où allons-nous ?", ("Au lac", "Dans les collines")),
            ),
        ),
        NewQuestion("Anything we should know?", Scale.TEXT),
        NewQuestion("What should we do differently next time?", Scale.TEXT),
    ),
)
HARMFUL_PREVIEW = replace(
    PREVIEW,
    survey=HARMFUL,
    people=100_000,
    questions=(
        NewQuestion("?" * 300, Scale.CHOICE, options=tuple(f"{n} {LONG}"[:75] for n in range(10))),
    )
    * 10,
)

COMPANY = replace(
    SURVEY,
    name="Company pulse",
    plan=Plan(Cadence.STANDING, date(2026, 11, 10), time(10, 0)),
    questions_a_week=2,
)
PAUSED = replace(SURVEY, status="paused")
ENDED = replace(SURVEY, status="ended", next_open_at=None)
OPEN = replace(SURVEY, open_until=LAST)
ENDING = Ending(LAST, invited=46, needed=14, at_once=True, is_decided=True)
CLOSING = replace(ENDED, open_until=LAST, is_closing=True, ending=ENDING)
CLOSING_LATER = replace(ENDED, open_until=LAST, ending=replace(ENDING, at_once=False))
UNDECIDED = replace(ENDING, at_once=False, is_decided=False)

FILLED = Form(
    "5" * 32,
    name="Monthly check",
    bank=tuple(question.key for question in load_bank().questions[:2]),
    own=(
        OwnQuestion("I can work without interruptions."),
        OwnQuestion("Which days suit you?", "choice", "Monday\nTuesday"),
        OwnQuestion("What else?", "text"),
    ),
    audience="channel",
    audience_ref="C0DESIGN",
    when="monthly",
    ordinal="2nd",
    open_hours="168",
    anonymity="named",
)
TRANSLATING = replace(
    FILLED,
    own=(
        OwnQuestion(
            "I can work without interruptions.", translations={"de": "Ich arbeite in Ruhe."}
        ),
        OwnQuestion(
            "Which days suit you?",
            "choice",
            "Monday\nTuesday",
            {"fr": "Quels jours vous conviennent ?\nLundi\nMardi", "en": "Which?\nMon\nTue"},
        ),
    ),
    is_translating=True,
)
ONCE = Form("5" * 32, audience="team", audience_ref="Design", when="once", date="2026-11-30")
CHOSEN = Chosen(
    teams=("Design",),
    locations=("Berlin", "Kyoto"),
    managers=("U0MAYA",),
    joined_at_most="24",
    joined_at_least="3",
)
OFFERED = Offered(("Design", "Ops"), (), ("Products",), ("Berlin", "Kyoto", "Lima"))
TEAMS = tuple(f"{number:03} {HOSTILE}"[:75] for number in range(150))


def preview(shown: SurveyPreview) -> dict[str, object]:
    return preview_view(shown, as_asked(shown, "U0MAYA"))


def planned(name: str, plan: Plan, audience: Audience) -> SurveySummary:
    return replace(SURVEY, name=name, plan=plan, audience=audience)


def changed(survey: SurveySummary, *, was_so: bool = False) -> str:
    return blocks.changed_text(SurveyChange(survey, was_so))


CASES: Cases = {
    "form-translating": lambda: forms.compose_view(TRANSLATING),
    "form-empty": lambda: forms.compose_view(Form("5" * 32)),
    "form-filled": lambda: forms.compose_view(FILLED),
    "form-team": lambda: forms.compose_view(ONCE, Offered(("Design", "Ops"))),
    "form-no-teams": lambda: forms.compose_view(replace(ONCE, when=forms.NOW)),
    "form-group": lambda: forms.compose_view(
        replace(ONCE, audience="usergroup", audience_ref="", when="biweekly"),
        Offered(groups=(("S0LEADS", "Leads"),)),
    ),
    "form-no-groups": lambda: forms.compose_view(replace(ONCE, audience="usergroup")),
    "form-hostile": lambda: forms.compose_view(
        replace(ONCE, name=LONG[:120], own=(OwnQuestion(LONG[:300]),)), Offered(TEAMS)
    ),
    "form-chosen": lambda: forms.compose_view(
        replace(ONCE, audience="chosen", chosen=CHOSEN, when="quarterly", ends_on="2027-06-30"),
        replace(OFFERED, reach="This asks 43 people."),
    ),
    "form-chosen-nothing-known": lambda: forms.compose_view(replace(ONCE, audience="chosen")),
    "form-chosen-hostile": lambda: forms.compose_view(
        replace(ONCE, audience="chosen", chosen=replace(CHOSEN, teams=TEAMS[:3])),
        Offered(TEAMS, (), TEAMS, TEAMS),
    ),
    "form-edit": lambda: forms.compose_view(
        replace(FILLED, edits="6" * 32, open_hours="30", days_off="working")
    ),
    "start": template_form.start_view,
    **{
        f"start-{key}": partial(template_form.start_view, template)
        for key, template in load_templates().items()
    },
    "preview-translated": lambda: preview(TRANSLATED_PREVIEW),
    "preview": lambda: preview(PREVIEW),
    "preview-named": lambda: preview(NAMED_PREVIEW),
    "preview-channel": lambda: preview(
        replace(PREVIEW, survey=replace(SURVEY, audience=CHANNEL), people=300)
    ),
    "preview-hostile": lambda: preview(HARMFUL_PREVIEW),
    "preview-chosen": lambda: preview(
        replace(PREVIEW, survey=replace(SURVEY, audience=MANY, plan=QUARTERLY), people=300)
    ),
    "preview-edit": lambda: preview(replace(PREVIEW, survey=replace(SURVEY, replaces="6" * 32))),
    "changed-in-place": lambda: blocks.created_view(replace(OPEN, plan=QUARTERLY), is_saved=True),
    "changed-paused": lambda: blocks.created_view(replace(PAUSED, replaces="6" * 32)),
    "created": lambda: blocks.created_view(SURVEY),
    "created-right-away": lambda: blocks.created_view(NAMED),
    "list": lambda: blocks.list_blocks(
        [
            SURVEY,
            replace(OPEN, name="Open now", ending=UNDECIDED),
            PAUSED,
            replace(ENDED, name="Asked once", plan=RIGHT_AWAY, open_until=LAST),
            CLOSING_LATER,
            CLOSING,
            ENDED,
            NAMED,
        ]
    ),
    "list-plans": lambda: blocks.list_blocks(
        [
            planned("Once", Plan(Cadence.ONCE, date(2026, 11, 3), time(9, 5)), CHANNEL),
            planned("Biweekly", Plan(Cadence.BIWEEKLY, date(2026, 11, 6), time(10, 0)), GROUP),
            planned("Monthly", Plan(Cadence.MONTHLY, date(2026, 11, 10), time(10, 0)), TEAM),
            planned("Quarterly", QUARTERLY, MANY),
            planned("Joined lately", WEEKLY, Audience(AudienceKind.CHOSEN, filters=LATELY)),
            COMPANY,
        ],
        changed(PAUSED),
    ),
    "list-empty": lambda: blocks.list_view([]),
    "list-hostile": lambda: blocks.list_blocks([HARMFUL] * 22, changed(HARMFUL)),
    "changed": lambda: Sentences(
        {
            "resumed": changed(SURVEY),
            "paused": changed(PAUSED),
            "paused while a wave is open": changed(replace(PAUSED, open_until=LAST)),
            "ended": changed(ENDED),
            "ended, the company pulse": changed(replace(COMPANY, status="ended")),
            "ended, its wave closes at once": changed(CLOSING),
            "ended, its wave closes later": changed(CLOSING_LATER),
            "ended, a named one": changed(replace(CLOSING, ending=replace(ENDING, needed=None))),
            "ended, its wave closes as planned": changed(
                replace(CLOSING_LATER, ending=replace(UNDECIDED, is_early=False, needed=None))
            ),
            "running already": changed(SURVEY, was_so=True),
            "paused already": changed(PAUSED, was_so=True),
            "ended already": changed(ENDED, was_so=True),
        }
    ),
    "ask-before-ending": lambda: blocks.ask_before_ending(replace(OPEN, ending=UNDECIDED)),
    "ask-before-ending-hostile": lambda: blocks.ask_before_ending(
        replace(
            OPEN,
            name="&" * 120,
            ending=replace(UNDECIDED, invited=100_000, needed=30_000, at_once=True),
        )
    ),
    "too-few-to-ask": lambda: not_asked_blocks.too_few_to_ask("Weekly pulse", 1, 5),
    "too-much-alike": lambda: not_asked_blocks.too_much_alike(
        "Weekly pulse", "Upstairs", date(2027, 2, 1), together=False
    ),
    "too-much-alike-together": lambda: not_asked_blocks.too_much_alike(
        "Weekly pulse", "Upstairs", date(2027, 2, 1), together=True
    ),
    "too-much-alike-hostile": lambda: not_asked_blocks.too_much_alike(
        LONG[:120], LONG[:120], date(2027, 2, 1), together=True
    ),
    "audience-unreadable": lambda: not_asked_blocks.audience_unreadable("Weekly pulse"),
}
