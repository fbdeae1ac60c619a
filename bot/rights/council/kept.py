"""What is in each table, in plain words, and how long it stays: from the limits that act on it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, NamedTuple

from bot.attention.readers import MEMORY
from bot.journeys.welcome.preparing import KEPT as WELCOMES_KEPT
from bot.knowledge.personal_data import QUESTIONS_KEPT
from bot.people.teams.kept_reading import KEPT as READING_KEPT
from bot.pulse.company.choosing import HISTORY
from bot.pulse.pools import LONGEST_WAIT, LONGEST_WAIT_AT_MILESTONE
from bot.replays import REMEMBERED_SECONDS
from bot.rights.personal_tables import PERSONAL_TABLES
from bot.rights.retention import (
    BLOCKERS_KEPT_MONTHS,
    INVITATIONS_KEPT,
    LEARNING_KEPT,
    LEAVERS_KEPT,
    MESSAGES_KEPT,
    WORKSPACE_KEPT,
)
from bot.surveys.drafts import DRAFT_LIFE
from bot.voice.personal_data import KEPT_MONTHS


class Kept(NamedTuple):
    """What a table holds, and until when."""

    what: str
    how_long: str


def _days(length: timedelta) -> str:
    return f"{length.days} days"


COMMENT_MONTHS: Final = "{comment_months}"
"""Stands for the number of months that the company's settings keep comments."""
WITH_WORKSPACE: Final = f"until Attune is removed, and {_days(WORKSPACE_KEPT)} more"
UNTIL_PUBLISHED: Final = "until the results are published, soon after the survey closed"
WITH_PERSON: Final = f"until {_days(LEAVERS_KEPT)} after the person left, or asked to be forgotten"
UNTIL_COUNTED: Final = "until the month's figures are made, early in the next month"
UNTIL_DECIDED: Final = "until HR decides about it"
_PULSE: Final = "the company pulse"
WHILE_WAITING: Final = (
    f"at most {_days(LONGEST_WAIT)}, at a milestone {_days(LONGEST_WAIT_AT_MILESTONE)}"
)
_POOLED: Final = f"{_PULSE} or at a milestone"

KEPT: Final[Mapping[str, Kept]] = {
    "alert_channels": Kept("channels that get alerts, and who set them up", WITH_WORKSPACE),
    "answers": Kept(
        "answers to surveys that are not anonymous, and say so to everybody who is asked",
        WITH_WORKSPACE,
    ),
    "attention_preferences": Kept("when and how often a person wants messages", WITH_PERSON),
    "audit_entries": Kept(
        "the record of who did what with Attune; entries cannot be changed or deleted",
        WITH_WORKSPACE,
    ),
    "blocker_checks": Kept(
        "when to ask next whether anything is in the way",
        WITH_WORKSPACE,
    ),
    "blocker_pools": Kept(
        "the key to the codes of a month's counted blockers",
        UNTIL_COUNTED,
    ),
    "blocker_preferences": Kept(
        "how often a person wants to be asked for help, and about blockers",
        WITH_PERSON,
    ),
    "blocker_requests": Kept(
        "who was asked to help with a blocker",
        f"{BLOCKERS_KEPT_MONTHS} months",
    ),
    "blockers": Kept(
        "what a person needs help with, for them and their helper",
        f"{BLOCKERS_KEPT_MONTHS} months",
    ),
    "coffee_groups": Kept("who was invited to a coffee with whom", WITH_WORKSPACE),
    "cohorts": Kept("groups of invited people, with their size and without names", WITH_WORKSPACE),
    "comments": Kept(
        "comments on surveys that are not anonymous, without their authors' names",
        f"{COMMENT_MONTHS} months",
    ),
    "counted_blockers": Kept(
        "kinds of blockers that people had counted, under a code",
        UNTIL_COUNTED,
    ),
    "deliveries": Kept("messages that Attune sends, and to whom", _days(MESSAGES_KEPT)),
    "digest_subscriptions": Kept("channels that get a digest, and who set it up", WITH_WORKSPACE),
    "employees": Kept(
        "name, e-mail, team, department, location, manager, first day, time zone and absences",
        WITH_PERSON,
    ),
    "figures": Kept("published results of groups", WITH_WORKSPACE),
    "goal_checkins": Kept(
        "what a person said of their own goal, for them alone",
        WITH_PERSON,
    ),
    "goals": Kept(
        "a person's own goals, for them and whom they share them with",
        WITH_PERSON,
    ),
    "interruptions": Kept("the days on which a person got a message", _days(MEMORY)),
    "invitations": Kept(
        "who was asked in which survey; never whether they answered",
        f"{_days(INVITATIONS_KEPT)} after the survey closed",
    ),
    "item_effects": Kept("what an improvement should change, and what figures say", WITH_WORKSPACE),
    "item_steps": Kept("what HR decided, with reasons, and who did", WITH_WORKSPACE),
    "journey_pauses": Kept(
        "whose milestones are paused",
        WITH_PERSON,
    ),
    "journey_steps": Kept(
        "which milestones a person passed; never whether they answered",
        WITH_PERSON,
    ),
    "knowledge_cards": Kept(
        "answers that colleagues keep for everybody",
        WITH_PERSON,
    ),
    "knowledge_questions": Kept(
        "questions to colleagues, with the answers; HR does not see them",
        _days(QUESTIONS_KEPT),
    ),
    "knowledge_requests": Kept(
        "who was asked a question",
        _days(QUESTIONS_KEPT),
    ),
    "last_times": Kept(
        "when a scheduler last ran and when the last backup was made",
        "always; it is about no company",
    ),
    "learning_answers": Kept(
        "whether a person got their learning time in a month",
        UNTIL_COUNTED,
    ),
    "learning_policies": Kept(
        "how much learning time the company gives",
        WITH_WORKSPACE,
    ),
    "learning_slots": Kept(
        "learning time that a person booked, with their own notes",
        f"{_days(LEARNING_KEPT)} after the slot",
    ),
    "mentoring_feedback": Kept("how a person rated their mentoring pair", WITH_PERSON),
    "mentoring_matches": Kept("who was brought together with whom, and when", WITH_WORKSPACE),
    "mentoring_meetings": Kept("whether a pair met, if one of them says so", WITH_WORKSPACE),
    "mentoring_offers": Kept(
        "topics by which a person can be found",
        WITH_PERSON,
    ),
    "mentoring_outcomes": Kept("published figures of mentoring", WITH_WORKSPACE),
    "mentoring_profiles": Kept(
        "what a person looks for and offers in mentoring", f"{WITH_PERSON}, or left mentoring"
    ),
    "mentoring_programmes": Kept("how mentoring is set up", WITH_WORKSPACE),
    "mentoring_rounds": Kept("rounds of matching, and who started them", WITH_WORKSPACE),
    "milestones": Kept(
        "which milestones are on, and when they ask",
        WITH_WORKSPACE,
    ),
    "monthly_figures": Kept(
        "published figures of groups in calendar months",
        WITH_WORKSPACE,
    ),
    "named_responses": Kept(
        "whose an answer is, only in surveys that are not anonymous",
        f"{WITH_WORKSPACE}; until the person asked to be forgotten",
    ),
    "open_answers": Kept(
        "answers and comments under a code. The key to the codes is destroyed when the survey "
        "closes",
        UNTIL_PUBLISHED,
    ),
    "organisations": Kept(
        "Slack's token of an organisation with several workspaces", "until it removes Attune"
    ),
    "people_products": Kept("what HR makes for people, and who looks after it", WITH_WORKSPACE),
    "pool_entries": Kept(
        f"answers in {_POOLED} under a code, until enough people answered",
        WHILE_WAITING,
    ),
    "pool_comments": Kept(
        "comments at milestones under a code, masked, until enough people wrote one",
        f"at most {_days(LONGEST_WAIT_AT_MILESTONE)}",
    ),
    "pools": Kept(
        f"which answers in {_POOLED} wait for others, with the key to their codes",
        WHILE_WAITING,
    ),
    "product_items": Kept("what HR wants to improve, with published figures", WITH_WORKSPACE),
    "published_comments": Kept(
        "comments as HR reads them: masked, without author and day", f"{COMMENT_MONTHS} months"
    ),
    "questions_asked": Kept(f"which questions {_PULSE} asked whom", _days(HISTORY)),
    "role_grants": Kept("who is HR admin or analyst", WITH_PERSON),
    "seen_requests": Kept(
        "fingerprints of requests, so that none counts twice", f"{REMEMBERED_SECONDS // 60} minutes"
    ),
    "sender_leases": Kept("which process sends messages at the moment", "seconds"),
    "support_rounds": Kept(
        "the key to the codes of who said “same for me”",
        UNTIL_DECIDED,
    ),
    "supports": Kept(
        "who said “same for me”, under a code",
        UNTIL_DECIDED,
    ),
    "survey_questions": Kept("the questions of surveys", WITH_WORKSPACE),
    "surveys": Kept(
        "surveys, whom they ask, and who made them",
        f"{WITH_WORKSPACE}; drafts {_days(DRAFT_LIFE)}",
    ),
    "team_readings": Kept(
        "who is in which team by Slack, until HR imports it",
        f"{READING_KEPT.days} day",
    ),
    "theme_terms": Kept("words that HR added to a theme of comments", WITH_WORKSPACE),
    "told_alerts": Kept("which results an alert has told", WITH_WORKSPACE),
    "told_waves": Kept("which results a digest has told", WITH_WORKSPACE),
    "voice_messages": Kept(
        "what people write to HR, and the answers; an anonymous author's name is not in it",
        f"{KEPT_MONTHS} months after the conversation's last message",
    ),
    "voice_threads": Kept(
        "conversations with HR; an author only if they chose to write by name",
        f"{KEPT_MONTHS} months after the conversation's last message",
    ),
    "waves": Kept(
        "rounds of surveys: when, how many were asked, how many answered in steps", WITH_WORKSPACE
    ),
    "welcomes": Kept(
        "who is told of a newcomer, and who is asked to be the buddy",
        f"{_days(WELCOMES_KEPT)} after the first day",
    ),
    "workspaces": Kept("settings of the company, and Slack's token", WITH_WORKSPACE),
}
"""Every table of the database; a test demands it."""

_IDS_ELSEWHERE: Final = {"answers", "invitations", "named_responses", "voice_messages"}
"""Tables of people that slices of their own read and erase; some lead to them by another table."""
_UNDER_A_CODE: Final = {
    "blocker_pools",
    "counted_blockers",
    "open_answers",
    "pool_comments",
    "pool_entries",
    "pools",
    "support_rounds",
    "supports",
}


def whose(table: str) -> str:
    """Say whether a table's rows can be tied to people."""
    if table in _UNDER_A_CODE:
        return "under a code"
    is_personal = any(each.table == table for each in PERSONAL_TABLES)
    return "by person" if is_personal or table in _IDS_ELSEWHERE else "no person"
