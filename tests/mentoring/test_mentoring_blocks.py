"""What mentoring shows fits Slack's limits, whatever people wrote."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.attention.pure.calendars import Slot
from bot.blockkit.blocks import Message, View
from bot.errors import FieldErrors, OutdatedError
from bot.mentoring import wording
from bot.mentoring.coffee import blocks as coffee_blocks
from bot.mentoring.finder import blocks as finder_blocks
from bot.mentoring.finder.service import Expert, Found
from bot.mentoring.match_buttons import press_in
from bot.mentoring.pairs import blocks as pair_blocks
from bot.mentoring.pairs.service import About, Met, PairView, Stage
from bot.mentoring.profiles import forms
from bot.mentoring.profiles.pure.topics import topic_name
from bot.mentoring.profiles.service import Profile, Standing
from bot.mentoring.programme import blocks as admin_blocks
from bot.mentoring.programme.outcomes import OutcomeFigure, OutcomeMeasure
from bot.mentoring.programme.overview import MissingTopic, Overview, PreviewPair, RoundPreview
from bot.mentoring.programme.service import Programme
from bot.mentoring.proposals import blocks
from bot.mentoring.proposals.service import Proposal
from bot.mentoring.rounds.blocks import waiting_message
from bot.mentoring.rounds.pure.matching import Why
from bot.mentoring.rounds.pure.scoring import ScorePart
from bot.mentoring.wording import Addressee
from sandbox.blockkit import validate_blocks, validate_view
from tests.conftest import NOW

WEIRD = "<!channel> *bold* & _x_ `y` مرحبا 🎉 " * 12
TOPICS = tuple(topic_name(f"{number} {'&' * 20} {WEIRD}"[:60]) for number in range(10))
REASONS: tuple[dict[str, Any], ...] = (
    {"part": "topics", "values": list(TOPICS[:3]), "amount": None},
    {"part": "language", "values": ["de", "xx"], "amount": None},
    {"part": "team", "values": [], "amount": None},
    {"part": "hours", "values": [], "amount": 38.5},
    {"part": "experience", "values": [], "amount": 7.0},
)
TODAY = NOW.date()
PROPOSAL = Proposal(
    match_id="0" * 32,
    status="proposed",
    mentor_id="U0MENTOR",
    mentee_id="U0MENTEE",
    reasons=REASONS,
    wants=TOPICS,
    hopes="&" * forms.HOPES_LENGTH,
    mentee_team=WEIRD,
    mentee_years=1,
    mentor_team=None,
    mentor_years=None,
    answer_by=NOW,
    length_weeks=12,
)
PAIR = PairView(
    match_id="0" * 32,
    status="active",
    mentor_id="U0MENTOR",
    mentee_id="U0MENTEE",
    number=2,
    stage=Stage.FEEDBACK,
    ends_at=NOW,
    reasons=REASONS,
    first_meeting=Slot(NOW, NOW),
)
MESSAGES = {
    "proposal": blocks.proposal_message(PROPOSAL),
    "proposal reminder": blocks.proposal_reminder(PROPOSAL),
    "many lines": blocks.proposal_message(replace(PROPOSAL, hopes="&\n" * 250)),
    "bare proposal": blocks.proposal_message(
        replace(PROPOSAL, reasons=(), wants=(), hopes="", mentee_team=None, mentee_years=None)
    ),
    "confirmation": blocks.confirm_message(PROPOSAL),
    "confirmation reminder": blocks.confirm_reminder(replace(PROPOSAL, mentor_years=3)),
    "introduction": pair_blocks.introduction_message(PAIR),
    "bare introduction": pair_blocks.introduction_message(
        replace(PAIR, reasons=(), first_meeting=None, ends_at=None)
    ),
    "introduction out of hours": pair_blocks.introduction_message(
        replace(PAIR, first_meeting=Slot(NOW, NOW, in_working_hours=False))
    ),
    "introduction on another day": pair_blocks.introduction_message(
        replace(PAIR, first_meeting=Slot(NOW, NOW, on_preferred_days=False))
    ),
    "yes taken back": blocks.answered_message(
        replace(PROPOSAL, status="declined", taken_back=True)
    ),
    "yes stands": blocks.answered_message(
        replace(PROPOSAL, status="accepted", yes_stands=True, paused_until=NOW.date())
    ),
    **{
        f"{name} to {reader}": shown(PAIR, reader)
        for name, shown in {
            "rematched": pair_blocks.rematched_message,
            "ended": pair_blocks.ended_message,
            "alive": pair_blocks.alive_message,
        }.items()
        for reader in ("U0MENTOR", "U0MENTEE")
    },
    "fit": pair_blocks.fit_message(PAIR, "U0MENTOR"),
    "closing": pair_blocks.closing_message(PAIR, "U0MENTEE"),
    "silence": pair_blocks.silence_message(PAIR, "U0MENTEE"),
    "waiting": waiting_message(Why.NOBODY_OFFERS, [(topic, 3) for topic in TOPICS]),
    "coffee": coffee_blocks.coffee_message(["U0A", "U0B", "U0C"]),
    "alone": coffee_blocks.alone_message(),
    "question": finder_blocks.question_message("U0ASKER", "&" * 60, "&" * 500),
    **{f"nudge {stage}": pair_blocks.nudge_message(replace(PAIR, stage=stage)) for stage in Stage},
    **{f"met {met}": pair_blocks.met_message(replace(PAIR, outcome=met)) for met in Met},
    **{f"rated {about}": pair_blocks.rated_message(PAIR, about, "U0MENTEE") for about in About},
    **{f"why {why}": waiting_message(why, []) for why in Why},
    **{
        f"answered {status}": blocks.answered_message(
            replace(PROPOSAL, status=status, paused_until=NOW.date())
        )
        for status in ("accepted", "active", "declined", "ended")
    },
}
STANDING = Standing(
    profile=Profile(
        offers=("Kubernetes", *TOPICS[:9]),
        wants=("Go", TOPICS[0]),
        hopes=WEIRD[:500],
        experience_years=70,
        languages=("de", "xx"),
        capacity=5,
        preferred_days=(0, 6),
        never_with=("U0A",),
        paused_until=TODAY + timedelta(days=1),
        findable=True,
        coffee=True,
    ),
    joined=True,
    looking_since=NOW,
    mentor_id="U0MENTOR",
    mentee_ids=("U0A", "U0B"),
    paused=True,
    today=TODAY,
)
OVERVIEW = Overview(
    programme=Programme(length_weeks=10, every_weeks=3, coffee_weeks=3, next_round_at=NOW),
    looking=1,
    mentors=2,
    free_places=0,
    missing=tuple(MissingTopic(topic, 2, number % 2) for number, topic in enumerate(TOPICS * 2)),
    outcomes={measure: OutcomeFigure(measure, 12, 0.5, NOW) for measure in OutcomeMeasure},
    k=5,
    last_round_at=NOW - timedelta(days=9),
)
PREVIEW = RoundPreview(
    pairs=tuple(PreviewPair(f"U{n:08}", f"W{n:08}", 0.817) for n in range(500)),
    left=dict.fromkeys(Why, 3),
    missing=OVERVIEW.missing,
)
VIEWS = {
    "profile": forms.profile_view(STANDING),
    "first profile": forms.profile_view(replace(STANDING, profile=Profile(), joined=False)),
    "saved": forms.saved_view(STANDING),
    "off the list": forms.profile_view(
        replace(STANDING, looking_since=None, mentor_id=None, past_mentor_id="U0MENTOR")
    ),
    "left": forms.left_view(),
    "why": blocks.why_view("0" * 32),
    "admin": admin_blocks.admin_view(OVERVIEW, "Saved."),
    "admin without figures": admin_blocks.admin_view(replace(OVERVIEW, outcomes={}, missing=())),
    "preview": admin_blocks.preview_view(PREVIEW),
    "empty preview": admin_blocks.preview_view(RoundPreview((), {}, ())),
    "ask": finder_blocks.ask_view("U0A", TOPICS[0]),
}


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_messages_are_valid_and_ping_nobody(message: Message) -> None:
    assert validate_blocks(message.blocks, "message") == []
    assert "<!channel>" not in str(message)


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_views_are_valid(view: View) -> None:
    assert validate_view(view) == []


def test_finding_nobody_and_somebody_is_valid() -> None:
    experts = tuple(Expert(f"U{number}", WEIRD, 3) for number in range(5))
    for found in (Found(WEIRD, experts), Found(WEIRD, (), TOPICS[:3]), Found("Go", ())):
        assert validate_blocks(finder_blocks.found_message(found).blocks, "message") == []


def test_every_news_is_told_in_words() -> None:
    for news in pair_blocks.NEWS:
        for to_mentee in (False, True):
            message = pair_blocks.news_message(news, "U0OTHER", to_mentee=to_mentee)
            assert message
            assert validate_blocks(message.blocks, "message") == []
    assert pair_blocks.news_message("of an older release", "U0OTHER", to_mentee=True) is None


def test_the_form_gives_back_what_it_shows() -> None:
    view = forms.profile_view(STANDING)
    state: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            state[block["block_id"]] = {element["action_id"]: _as_state(element)}
    expected = replace(
        STANDING.profile, experience_years=60, languages=("de",), hopes=WEIRD[:500].strip()
    )
    assert forms.profile_in({"state": {"values": state}}, TODAY) == expected


def _as_state(element: dict[str, Any]) -> dict[str, Any]:
    names = {
        "initial_value": "value",
        "initial_option": "selected_option",
        "initial_options": "selected_options",
        "initial_users": "selected_users",
        "initial_date": "selected_date",
    }
    return {names[name]: value for name, value in element.items() if name in names}


def _typed(**fields: str) -> dict[str, Any]:
    ids = {"wants": forms.OWN_WANTS, "offers": forms.OWN_OFFERS}
    values = {ids[name]: {ids[name]: {"value": text}} for name, text in fields.items()}
    return {"state": {"values": values}}


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({}, forms.WANTS),
        ({"wants": " , ,\n"}, forms.WANTS),
        ({"wants": ",".join(f"own topic {n}" for n in range(11))}, forms.WANTS),
        ({"offers": "x" * 61}, forms.OWN_OFFERS),
    ],
)
def test_what_has_to_be_mended_is_said_at_its_field(fields: dict[str, str], at: str) -> None:
    with pytest.raises(FieldErrors) as refused:
        forms.profile_in(_typed(**fields), TODAY)
    assert list(refused.value.fields) == [at]


def test_own_topics_meet_the_curated_ones() -> None:
    typed = _typed(wants="k8s, Kubernets\nkubernetes\x00")
    assert forms.profile_in(typed, TODAY).wants == ("Kubernetes",)


def test_a_field_of_own_topics_is_taken_apart() -> None:
    typed = _typed(wants="K8s; rust / python, !!!, Gitlab ci", offers="Guitars, guitar;HTML/CSS")
    profile = forms.profile_in(typed, TODAY)
    assert profile.wants == ("Kubernetes", "Rust", "Python", "Gitlab ci")
    assert profile.offers == ("Guitars", "HTML and CSS")


def test_hr_reads_how_many_wait_once() -> None:
    """The exact number and "too few to show" of the same people would contradict each other."""
    few = replace(OVERVIEW, looking=4, outcomes={})
    shown = str(admin_blocks.admin_view(few))
    assert "4 people look for a mentor" in shown
    assert "who wait" not in shown


@pytest.mark.parametrize(
    ("share", "said"),
    [(0, "10% or less"), (0.12, "10% or less"), (0.52, "50%"), (0.9, "90% or more")],
)
def test_shares_are_as_coarse_as_those_of_surveys(share: float, said: str) -> None:
    fits = OutcomeFigure(OutcomeMeasure.FIT, 13, share, NOW)
    shown = str(admin_blocks.admin_view(replace(OVERVIEW, outcomes={OutcomeMeasure.FIT: fits})))
    assert f"*{said} of at least 10* (as of " in shown


@pytest.mark.parametrize("value", [None, "", "x", "0" * 31, f"{'0' * 32}.x", f"{'0' * 32}\n", 7])
def test_a_button_of_something_else_is_outdated(value: object) -> None:
    with pytest.raises(OutdatedError):
        press_in({"value": value})


def test_every_weight_has_its_words() -> None:
    assert set(admin_blocks.WEIGHT_LABELS) == set(ScorePart)


def test_bold_is_never_within_bold() -> None:
    """Slack shows the stars of `*who knows *Go**`."""
    experts = tuple(Expert(f"U{number}", "Design", 3) for number in range(2))
    found = finder_blocks.found_message(Found("Go", experts)).blocks
    question = finder_blocks.question_message("U0ASKER", "Go", "How?").blocks
    proposal = replace(PROPOSAL, wants=("Go",), hopes="", mentee_team="Design", reasons=())
    asked = blocks.proposal_message(proposal).blocks
    for block in (*found, *question, *asked):
        for line in str((block.get("text") or {}).get("text", "")).splitlines():
            assert "**" not in line
            inner = re.fullmatch(r"\*(.*)\*", line)
            assert inner is None or "*" not in inner[1], line


@pytest.mark.parametrize(
    ("reader", "topics", "years"),
    [
        (
            Addressee.MENTOR,
            "They look for *Go*, which you offer.",
            "You have 8 more years of experience.",
        ),
        (
            Addressee.MENTEE,
            "They offer *Go*, which you look for.",
            "They have 8 more years of experience.",
        ),
        (
            Addressee.BOTH,
            "Noor looks for *Go*, and Kofi offers just that.",
            "Kofi has 8 more years of experience.",
        ),
    ],
)
def test_reasons_speak_to_whoever_reads_them(reader: Addressee, topics: str, years: str) -> None:
    reasons: list[dict[str, Any]] = [
        {"part": "topics", "values": ["Go"], "amount": None},
        {"part": "experience", "values": [], "amount": 8.0},
    ]
    assert wording.reason_lines(reasons, reader, "Kofi", "Noor") == [f"• {topics}", f"• {years}"]


def test_a_first_meeting_is_said_to_suit_as_far_as_it_does() -> None:
    def shown(slot: Slot | None) -> str:
        return str(pair_blocks.introduction_message(replace(PAIR, first_meeting=slot)).blocks)

    both = "within both your working hours"
    assert both in shown(Slot(NOW, NOW))
    late = shown(Slot(NOW, NOW, in_working_hours=False))
    assert both not in late
    assert "early or late" in late
    assert "on another one" in shown(Slot(NOW, NOW, on_preferred_days=False))
    assert "find a time that suits you both" in shown(None)


def test_nobody_is_told_what_is_not_so_about_where_they_stand() -> None:
    coffee = Profile(coffee=True)
    wants = Profile(wants=("Go",))
    bare = replace(STANDING, mentor_id=None, mentee_ids=(), paused=False, looking_since=None)
    assert "You are in for coffee" in forms.standing_text(replace(bare, profile=coffee))
    over = replace(bare, profile=wants, past_mentor_id="U0MENTOR")
    told = "Your time with <@U0MENTOR> is over. Press Save to be on the list again."
    assert forms.standing_text(over) == told
    assert "Press below" in str(forms.home_blocks(over))
    new = replace(bare, profile=wants, looking_since=NOW, new_on_list=True)
    assert forms.standing_text(new).startswith("You are on the list from today.")
    assert "since" in forms.standing_text(replace(new, new_on_list=False))


@pytest.mark.parametrize("days", [-2498, -1, 0])
def test_a_pause_that_is_over_is_refused_at_its_field(days: int) -> None:
    def typed(until: date) -> dict[str, Any]:
        state = _typed(wants="Go")
        field = {forms.PAUSED_UNTIL: {"selected_date": until.isoformat()}}
        state["state"]["values"][forms.PAUSED_UNTIL] = field
        return state

    with pytest.raises(FieldErrors) as refused:
        forms.profile_in(typed(TODAY + timedelta(days=days)), TODAY)
    assert refused.value.fields == {forms.PAUSED_UNTIL: forms.PAUSE_IS_OVER}
    tomorrow = TODAY + timedelta(days=1)
    assert forms.profile_in(typed(tomorrow), TODAY).paused_until == tomorrow


def test_a_pause_that_is_over_does_not_stand_in_the_way_of_saving() -> None:
    over = replace(STANDING.profile, paused_until=TODAY - timedelta(days=9))
    view = forms.profile_view(replace(STANDING, profile=over, paused=False))
    assert "initial_date" not in str(view)


def test_only_a_mentee_is_offered_a_new_mentor_at_the_end() -> None:
    for reader, offered in (("U0MENTEE", True), ("U0MENTOR", False)):
        for message in (
            pair_blocks.closing_message(PAIR, reader),
            pair_blocks.ended_message(PAIR, reader),
            pair_blocks.news_message("ended", "U0OTHER", to_mentee=offered),
            pair_blocks.news_message("silence", "U0OTHER", to_mentee=offered),
        ):
            assert message
            assert (forms.PROFILE in str(message.blocks)) == offered


def test_what_follows_a_rating_does_not_tell_it_and_lets_anybody_ask_for_a_change() -> None:
    thanks = pair_blocks.rated_message(PAIR, About.FIT, "U0MENTEE")
    assert "Make a change" in str(thanks.blocks)
    assert "<@U0MENTOR>" in str(thanks.blocks)
    for about in (About.MEETING, About.CLOSING):
        assert "Make a change" not in str(pair_blocks.rated_message(PAIR, about, "U0MENTEE").blocks)


def test_a_proposal_says_for_how_long_the_two_would_meet() -> None:
    proposal = replace(PROPOSAL, length_weeks=16)
    for build in (blocks.proposal_message, blocks.confirm_message):
        assert "for 16 weeks" in str(build(proposal).blocks)
