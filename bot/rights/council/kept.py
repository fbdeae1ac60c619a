"""What is in each table, in plain words, and how long it stays: from the limits that act on it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, NamedTuple

from bot.attention.readers import MEMORY
from bot.journeys.welcome.preparing import KEPT as WELCOMES_KEPT
from bot.knowledge.personal_data import QUESTIONS_KEPT
from bot.languages import _, _n, marked, plural
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
    """What a table holds, and until when; `how_long` says the latter with its numbers."""

    what: str
    how_long: str


DAYS: Final[Mapping[str, timedelta]] = {
    "days_after_leaving": LEAVERS_KEPT,
    "days_after_removal": WORKSPACE_KEPT,
    "days_of_drafts": DRAFT_LIFE,
    "days_of_history": HISTORY,
    "days_of_invitations": INVITATIONS_KEPT,
    "days_of_learning": LEARNING_KEPT,
    "days_of_memory": MEMORY,
    "days_of_messages": MESSAGES_KEPT,
    "days_of_questions": QUESTIONS_KEPT,
    "days_of_reading": READING_KEPT,
    "days_of_waiting": LONGEST_WAIT,
    "days_of_waiting_at_milestone": LONGEST_WAIT_AT_MILESTONE,
    "days_of_welcomes": WELCOMES_KEPT,
}
"""Lengths of time by their names in the texts below."""

WITH_WORKSPACE: Final = marked("until Attune is removed, and {days_after_removal} more")
UNTIL_PUBLISHED: Final = marked("until the results are published, soon after the survey closed")
WITH_PERSON: Final = marked(
    "until the person asks to be forgotten, or {days_after_leaving} after they left"
)
UNTIL_COUNTED: Final = marked("until the month's figures are made, early in the next month")
UNTIL_DECIDED: Final = marked("until HR decides about it")
WHILE_WAITING: Final = marked(
    "at most {days_of_waiting}, at a milestone {days_of_waiting_at_milestone}"
)
AFTER_CONVERSATION: Final = "{months_after_conversation}"

KEPT: Final[Mapping[str, Kept]] = {
    "alert_channels": Kept(marked("channels that get alerts, and who set them up"), WITH_WORKSPACE),
    "answers": Kept(
        marked("answers to surveys that are not anonymous, and say so to everybody who is asked"),
        WITH_WORKSPACE,
    ),
    "attention_preferences": Kept(
        marked("when and how often a person wants messages"), WITH_PERSON
    ),
    "audit_entries": Kept(
        marked("the record of who did what with Attune; entries cannot be changed or deleted"),
        WITH_WORKSPACE,
    ),
    "blocker_checks": Kept(
        marked("when to ask next whether anything is in the way"), WITH_WORKSPACE
    ),
    "blocker_pools": Kept(
        marked("the key to the codes of a month's counted blockers"), UNTIL_COUNTED
    ),
    "blocker_preferences": Kept(
        marked("how often a person wants to be asked for help, and about blockers"), WITH_PERSON
    ),
    "blocker_requests": Kept(
        marked("who was asked to help with a blocker"), "{months_of_blockers}"
    ),
    "blockers": Kept(
        marked("what a person needs help with, for them and their helper"), "{months_of_blockers}"
    ),
    "coffee_groups": Kept(marked("who was invited to a coffee with whom"), WITH_WORKSPACE),
    "cohorts": Kept(
        marked("groups of invited people, with their size and without names"), WITH_WORKSPACE
    ),
    "comments": Kept(
        marked("comments on surveys that are not anonymous, without their authors' names"),
        "{months_of_comments}",
    ),
    "counted_blockers": Kept(
        marked("kinds of blockers that people had counted, under a code"), UNTIL_COUNTED
    ),
    "deliveries": Kept(marked("messages that Attune sends, and to whom"), "{days_of_messages}"),
    "digest_subscriptions": Kept(
        marked("channels that get a digest, and who set it up"), WITH_WORKSPACE
    ),
    "employees": Kept(
        marked(
            "name, e-mail, team, department, location, manager, time zone, language, first and "
            "last day, return from a long leave, absences, and until when not to be disturbed"
        ),
        WITH_PERSON,
    ),
    "figures": Kept(marked("published results of groups"), WITH_WORKSPACE),
    "goal_checkins": Kept(
        marked("what a person said of their own goal, for them alone"), WITH_PERSON
    ),
    "goals": Kept(
        marked("a person's own goals, for them and whom they share them with"), WITH_PERSON
    ),
    "interruptions": Kept(marked("the days on which a person got a message"), "{days_of_memory}"),
    "invitations": Kept(
        marked("who was asked in which survey; never whether they answered"),
        marked("{days_of_invitations} after the survey closed"),
    ),
    "item_effects": Kept(
        marked("what an improvement should change, and what figures say"), WITH_WORKSPACE
    ),
    "item_steps": Kept(marked("what HR decided, with reasons, and who did"), WITH_WORKSPACE),
    "journey_pauses": Kept(marked("whose milestones are paused"), WITH_PERSON),
    "journey_steps": Kept(
        marked("which milestones a person passed; never whether they answered"), WITH_PERSON
    ),
    "knowledge_cards": Kept(marked("answers that colleagues keep for everybody"), WITH_PERSON),
    "knowledge_questions": Kept(
        marked("questions to colleagues, with the answers; HR does not see them"),
        "{days_of_questions}",
    ),
    "knowledge_requests": Kept(marked("who was asked a question"), "{days_of_questions}"),
    "last_times": Kept(
        marked("when a scheduler last ran and when the last backup was made"),
        marked("always; it is about no company"),
    ),
    "learning_answers": Kept(
        marked("whether a person got their learning time in a month"), UNTIL_COUNTED
    ),
    "learning_policies": Kept(marked("how much learning time the company gives"), WITH_WORKSPACE),
    "learning_slots": Kept(
        marked("learning time that a person booked, with their own notes"),
        marked("{days_of_learning} after the slot"),
    ),
    "mentoring_feedback": Kept(marked("how a person rated their mentoring pair"), WITH_PERSON),
    "mentoring_matches": Kept(
        marked("who was brought together with whom, and when"), WITH_WORKSPACE
    ),
    "mentoring_meetings": Kept(
        marked("whether a pair met, if one of them says so"), WITH_WORKSPACE
    ),
    "mentoring_offers": Kept(marked("topics by which a person can be found"), WITH_PERSON),
    "mentoring_outcomes": Kept(marked("published figures of mentoring"), WITH_WORKSPACE),
    "mentoring_profiles": Kept(
        marked("what a person looks for and offers in mentoring"),
        marked(
            "until the person asks to be forgotten, leaves mentoring, or "
            "{days_after_leaving} after they left"
        ),
    ),
    "mentoring_programmes": Kept(marked("how mentoring is set up"), WITH_WORKSPACE),
    "mentoring_rounds": Kept(marked("rounds of matching, and who started them"), WITH_WORKSPACE),
    "milestones": Kept(marked("which milestones are on, and when they ask"), WITH_WORKSPACE),
    "monthly_figures": Kept(
        marked("published figures of groups in calendar months"), WITH_WORKSPACE
    ),
    "named_responses": Kept(
        marked("whose an answer is, only in surveys that are not anonymous"),
        marked(
            "until the person asked to be forgotten, or Attune is removed, and "
            "{days_after_removal} more"
        ),
    ),
    "open_answers": Kept(
        marked(
            "answers and comments under a code. The key to the codes is destroyed when "
            "the survey closes"
        ),
        UNTIL_PUBLISHED,
    ),
    "organisations": Kept(
        marked("Slack's token of an organisation with several workspaces"),
        marked("until it removes Attune"),
    ),
    "people_products": Kept(
        marked("what HR makes for people, and who looks after it"), WITH_WORKSPACE
    ),
    "pool_entries": Kept(
        marked(
            "answers in the company pulse or at a milestone under a code, until enough "
            "people answered"
        ),
        WHILE_WAITING,
    ),
    "pool_comments": Kept(
        marked("comments at milestones under a code, masked, until enough people wrote one"),
        marked("at most {days_of_waiting_at_milestone}"),
    ),
    "pools": Kept(
        marked(
            "which answers in the company pulse or at a milestone wait for others, with "
            "the key to their codes"
        ),
        WHILE_WAITING,
    ),
    "product_items": Kept(
        marked("what HR wants to improve, with published figures"), WITH_WORKSPACE
    ),
    "published_comments": Kept(
        marked("comments as HR reads them: masked, without author and day"), "{months_of_comments}"
    ),
    "questions_asked": Kept(
        marked("which questions the company pulse asked whom"), "{days_of_history}"
    ),
    "role_grants": Kept(marked("who is HR admin or analyst"), WITH_PERSON),
    "seen_requests": Kept(
        marked("fingerprints of requests, so that none counts twice"), "{minutes_of_requests}"
    ),
    "sender_leases": Kept(marked("which process sends messages at the moment"), marked("seconds")),
    "support_rounds": Kept(marked("the key to the codes of who said “same for me”"), UNTIL_DECIDED),
    "supports": Kept(marked("who said “same for me”, under a code"), UNTIL_DECIDED),
    "survey_questions": Kept(marked("the questions of surveys"), WITH_WORKSPACE),
    "surveys": Kept(
        marked("surveys, whom they ask, and who made them"),
        marked("until Attune is removed, and {days_after_removal} more; drafts {days_of_drafts}"),
    ),
    "team_readings": Kept(
        marked("who is in which team by Slack, until HR imports it"), "{days_of_reading}"
    ),
    "theme_terms": Kept(marked("words that HR added to a theme of comments"), WITH_WORKSPACE),
    "told_alerts": Kept(marked("which results an alert has told"), WITH_WORKSPACE),
    "told_waves": Kept(marked("which results a digest has told"), WITH_WORKSPACE),
    "voice_messages": Kept(
        marked("what people write to HR, and the answers; an anonymous author's name is not in it"),
        AFTER_CONVERSATION,
    ),
    "voice_threads": Kept(
        marked("conversations with HR; an author only if they chose to write by name"),
        AFTER_CONVERSATION,
    ),
    "waves": Kept(
        marked("rounds of surveys: when, how many were asked, how many answered in steps"),
        WITH_WORKSPACE,
    ),
    "welcomes": Kept(
        marked("who is told of a newcomer, and who is asked to be the buddy"),
        marked("{days_of_welcomes} after the first day"),
    ),
    "workspaces": Kept(marked("settings of the company, and Slack's token"), WITH_WORKSPACE),
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
    """Say whether a table's rows can be tied to people, in words that are marked."""
    if table in _UNDER_A_CODE:
        return marked("under a code")
    is_personal = any(each.table == table for each in PERSONAL_TABLES)
    if is_personal or table in _IDS_ELSEWHERE:
        return marked("by person")
    return marked("no person")


def how_long(table: str, comment_months: int) -> str:
    """Say how long a table's rows stay, in the current language.

    `comment_months` is how long the company's settings keep comments.
    """
    days = {name: plural(length.days, "day") for name, length in DAYS.items()}
    months = {
        "months_of_blockers": BLOCKERS_KEPT_MONTHS,
        "months_of_comments": comment_months,
    }
    return _(KEPT[table].how_long).format(
        **days,
        **{
            name: _n("for {count} month", "for {count} months", count)
            for name, count in months.items()
        },
        months_after_conversation=_n(
            "{count} month after the conversation's last message",
            "{count} months after the conversation's last message",
            KEPT_MONTHS,
        ),
        minutes_of_requests=plural(REMEMBERED_SECONDS // 60, "minute"),
    )
