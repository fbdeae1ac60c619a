"""What mentoring shows fits Slack's limits, whatever people wrote."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.attention.pure.calendars import Slot
from bot.errors import FieldErrors, OutdatedError
from bot.mentoring.finder import blocks as finder_blocks
from bot.mentoring.finder.service import Expert, Found
from bot.mentoring.match_buttons import press_in
from bot.mentoring.pairs import blocks as pair_blocks
from bot.mentoring.pairs.pure.stages import Stage
from bot.mentoring.pairs.service import About, PairView
from bot.mentoring.profiles import forms
from bot.mentoring.profiles.pure.topics import topic_name
from bot.mentoring.profiles.service import Profile, Standing
from bot.mentoring.programme import blocks as admin_blocks
from bot.mentoring.programme.outcomes import OutcomeFigure, OutcomeMeasure
from bot.mentoring.programme.overview import MissingTopic, Overview, PreviewPair, RoundPreview
from bot.mentoring.programme.service import Programme
from bot.mentoring.proposals import blocks
from bot.mentoring.proposals.service import Proposal
from bot.mentoring.rounds.pure.matching import Why
from bot.mentoring.rounds.pure.scoring import ScorePart
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


@pytest.mark.parametrize(
    ("share", "said"),
    [(0, "10%"), (0.12, "10%"), (0.52, "50%"), (0.9, "90%"), (1, "90%")],
)
def test_shares_are_as_coarse_as_those_of_surveys(share: float, said: str) -> None:
    fits = OutcomeFigure(OutcomeMeasure.FIT, 13, share, NOW)
    shown = str(admin_blocks.admin_view(replace(OVERVIEW, outcomes={OutcomeMeasure.FIT: fits})))
    assert f"*{said} " in shown


@pytest.mark.parametrize("value", [None, "", "x", "0" * 31, f"{'0' * 32}.x", f"{'0' * 32}\n", 7])
def test_a_button_of_something_else_is_outdated(value: object) -> None:
    with pytest.raises(OutdatedError):
        press_in({"value": value})


def test_news_that_nobody_knows_any_more_is_told_to_nobody() -> None:
    for news in pair_blocks.NEWS:
        assert pair_blocks.news_message(news, "U0OTHER", to_mentee=True)
    assert pair_blocks.news_message("of an older release", "U0OTHER", to_mentee=True) is None


def test_every_weight_has_its_words() -> None:
    assert set(admin_blocks.WEIGHT_LABELS) == set(ScorePart)


def test_bold_is_never_within_bold() -> None:
    """Slack shows the stars of `*who knows *Go**`."""
    experts = tuple(Expert(f"U{number}", "Design", 3) for number in range(2))
    found = finder_blocks.found_message(Found("Go", experts)).blocks
    question = finder_blocks.finder_question_message("U0ASKER", "Go", "How?").blocks
    proposal = replace(PROPOSAL, wants=("Go",), hopes="", mentee_team="Design", reasons=())
    asked = blocks.proposal_message(proposal).blocks
    for block in (*found, *question, *asked):
        for line in str((block.get("text") or {}).get("text", "")).splitlines():
            assert "**" not in line
            inner = re.fullmatch(r"\*(.*)\*", line)
            assert inner is None or "*" not in inner[1], line


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
    assert pair_blocks.REMATCH in str(thanks.blocks)
    assert "<@U0MENTOR>" in str(thanks.blocks)
    for about in (About.MEETING, About.CLOSING):
        assert pair_blocks.REMATCH not in str(
            pair_blocks.rated_message(PAIR, about, "U0MENTEE").blocks
        )
