"""The form of what people look for and offer, and where they stand."""

from dataclasses import replace
from datetime import timedelta

from bot.mentoring.profiles import forms
from bot.mentoring.profiles.service import Profile, Standing
from tests.conftest import NOW
from tests.golden.cases._mentoring import MENTOR, TOPICS
from tests.golden.cases._texts import HOSTILE
from tests.golden.shown import Cases, Sentences

TODAY = NOW.date()
STANDING = Standing(
    profile=Profile(
        offers=("Kubernetes", "Watercolours"),
        wants=("Go",),
        hopes="I want to run my first service.",
        experience_years=8,
        languages=("de", "en"),
        capacity=2,
        preferred_days=(0, 3),
        never_with=("U0A",),
        findable=True,
        coffee=True,
    ),
    joined=True,
    looking_since=NOW,
    mentor_id=None,
    mentee_ids=(),
    paused=False,
    today=TODAY,
)
NEWCOMER = replace(STANDING, profile=Profile(), joined=False, looking_since=None)
BARE = replace(STANDING, looking_since=None)
WANTS = replace(BARE, profile=Profile(wants=("Go",)))
PAUSED = replace(
    STANDING,
    profile=replace(STANDING.profile, paused_until=TODAY + timedelta(days=30)),
    paused=True,
    mentor_id=MENTOR,
    mentee_ids=("U0A", "U0B"),
)
HARMFUL = replace(
    PAUSED,
    profile=replace(
        PAUSED.profile,
        offers=TOPICS,
        wants=TOPICS,
        hopes=HOSTILE * 4,
        experience_years=70,
        languages=("xx",),
    ),
)
STANDINGS = {
    "not in it": NEWCOMER,
    "looking": replace(WANTS, looking_since=NOW),
    "looking since today": replace(WANTS, looking_since=NOW, new_on_list=True),
    "with a mentor": replace(WANTS, mentor_id=MENTOR),
    "after a mentor": replace(WANTS, past_mentor_id=MENTOR),
    "on no list": WANTS,
    "offering": replace(BARE, profile=Profile(offers=("Go",))),
    "mentoring": replace(BARE, profile=Profile(offers=("Go",)), mentee_ids=("U0A", "U0B")),
    "in for coffee": replace(BARE, profile=Profile(coffee=True)),
    "in for nothing": replace(BARE, profile=Profile()),
    "paused": PAUSED,
}

CASES: Cases = {
    "form": lambda: forms.profile_view(STANDING),
    "form-first": lambda: forms.profile_view(NEWCOMER),
    "form-paused": lambda: forms.profile_view(PAUSED),
    "form-hostile": lambda: forms.profile_view(HARMFUL),
    "saved": lambda: forms.saved_view(STANDING),
    "left": forms.left_view,
    "standing": lambda: Sentences(
        {name: forms.standing_text(each) for name, each in STANDINGS.items()}
    ),
    "home": lambda: forms.mentoring_home_blocks(STANDING),
    "home-first": lambda: forms.mentoring_home_blocks(NEWCOMER),
    "home-after-a-mentor": lambda: forms.mentoring_home_blocks(STANDINGS["after a mentor"]),
    "sentences": lambda: Sentences(
        {
            "not in": forms.NOT_IN,
            "nothing chosen": forms.NOTHING_CHOSEN,
            "pause is over": forms.PAUSE_IS_OVER,
            "too many topics": forms.too_many(),
            "topic too long": forms.topic_too_long(),
        }
    ),
}
