"""A person's rights: to get everything held about them, and to be forgotten.

`bot.rights.blocks` tells people what is erased and what stays, with the reasons; this module does
exactly that. The record of acts keeps ids but no names. It lets people check on HR and could not be
trusted if entries went missing; Article 17(3)(b) and (e) GDPR allow ids to stay for this.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockers import personal_data as blockers
from bot.blockers.counting import own_counted
from bot.errors import UserError
from bot.insights.erase import unname_responses
from bot.insights.named_surveys import own_named_answers
from bot.knowledge import personal_data as knowledge
from bot.languages import _, marked
from bot.people import audit, roles
from bot.people.audit import Attune
from bot.products.decisions.reminders import hand_over, items_of_owner
from bot.products.supports.service import erase_own as erase_supports
from bot.products.supports.service import own_supports
from bot.pulse.personal_data import (
    erase_own,
    own_invitations,
    own_open_answers,
    own_waiting_answers,
)
from bot.rights.erase_references import erase_references
from bot.rights.personal_tables import PERSONAL_TABLES, for_json, rows_about
from bot.voice.personal_data import erase_named, own_named
from models import (
    AttentionPreference,
    Employee,
    Goal,
    Interruption,
    JourneyPause,
    JourneyStep,
    LearningAnswer,
    LearningSlot,
    MentoringFeedback,
    MentoringProfile,
    RoleGrant,
    Survey,
    TeamReading,
    Workspace,
)

LAST_ADMIN_STAYS: Final = marked(
    "You are the only HR admin here, and somebody has to be one. Please choose another person with "
    "`/pulse admins` first; then I can forget you. Nothing has changed."
)
CANNOT_BE_TIED: Final = (
    marked(
        "Answers to anonymous surveys that have closed: the key that could tell whose they were is "
        "destroyed, and they are deleted when results are published. Nobody can find yours, Attune "
        "included."
    ),
    marked(
        "Answers at a milestone, such as your first week, once your two weeks to answer are over: "
        "they wait under random names until enough people have answered. Nobody can find yours, "
        "Attune included."
    ),
    marked(
        "What was written to HR anonymously: nothing that is kept leads to its author. If HR may "
        "answer, only the button in the author's own messages does."
    ),
    marked(
        "Comments on surveys that have closed: they are kept without a name, in named surveys too."
    ),
    marked("Figures: each is made of the answers of a group, and holds nothing about one person."),
)
OPEN_ANSWERS: Final = marked(
    "While a survey is open, your answers are kept under a code that Attune can compute from a key "
    "of that survey and your Slack id. It did so to show them to you. When the survey closes, the "
    "key is destroyed. Answers to anonymous surveys are deleted when results are published."
)
WAITING_ANSWERS: Final = marked(
    "Answers to the company pulse wait until enough people of your team have given theirs. Until "
    "then they are kept under a code, like answers to an open survey; then the key is destroyed, "
    "one result comes out, and the answers are deleted. What waits for half a year is deleted "
    "unread."
)
IN_NO_FILE: Final = (
    "answers_that_wait",
    "answers_to_open_surveys",
    "answers_to_named_surveys",
    "mentoring_feedback",
    "what_you_wrote_to_hr_by_name",
    "blockers_only_counted",
    "goals",
    "what_you_said_of_goals",
    "goals_shared_with_you",
    "learning_slots",
    "learning_time_you_got",
    "what_you_support",
)
SHOWN_IN_SLACK: Final = marked(
    "What you answered and wrote, to HR as well, where you said “same for me”, your goals and your "
    "learning time, how you rated mentoring, what you only had counted, and with whom you asked "
    "never to be paired: Slack keeps files and messages, so none of them holds it. /pulse my-data "
    "shows it to you in a window, which Slack does not keep."
)
WITHHELD: Final = (
    marked(
        "Whether colleagues asked never to be paired with you in mentoring or for a coffee. They "
        "said it in confidence, and nobody but them is told, HR neither."
    ),
    marked(
        "Why the other one of a mentoring pair declined or ended it, how they rated it, and who "
        "declined before you heard of them."
    ),
    marked("Who was asked to be a newcomer's buddy and could not."),
)
"""What others said in confidence. Everybody gets the same list, so it reveals nothing."""
ERASED_FROM: Final = (
    "blocker_preferences",
    "blocker_requests",
    "blockers",
    "comments",
    "coffee_groups",
    "counted_blockers",
    "deliveries",
    "employees",
    "goal_checkins",
    "goals",
    "invitations",
    "item_steps",
    "journey_pauses",
    "journey_steps",
    "knowledge_cards",
    "knowledge_questions",
    "knowledge_requests",
    "learning_answers",
    "learning_slots",
    "mentoring_feedback",
    "mentoring_offers",
    "mentoring_profiles",
    "named_responses",
    "open_answers",
    "people_products",
    "product_items",
    "pool_comments",
    "pool_entries",
    "pools",
    "published_comments",
    "questions_asked",
    "role_grants",
    "support_rounds",
    "supports",
    "surveys",
    "team_readings",
    "voice_messages",
    "voice_threads",
    "welcomes",
)
"""Tables in which erasing and retention delete rows or clear columns."""
ONLY_TO_THEMSELVES: Final = marked(
    "Answers to open surveys, what messages say, what was written to HR, “same for me”, mentoring "
    "profile and mentoring ratings are left out: only the person can have them, with `/pulse "
    "my-data`."
)


async def personal_data(
    session: AsyncSession,
    workspace_id: str,
    person_id: str,
    now: datetime,
    *,
    for_themselves: bool,
) -> dict[str, Any]:
    """Return everything held about a person, ready for JSON, and what cannot be tied to them.

    Data that is confidential to the person is left out unless it is `for_themselves`.
    """
    data: dict[str, Any] = {
        "person": person_id,
        "workspace": workspace_id,
        "made_at": now.isoformat(),
        "cannot_be_tied_to_you": [_(each) for each in CANNOT_BE_TIED],
        "withheld": [_(each) for each in WITHHELD],
    }
    for source in PERSONAL_TABLES:
        if for_themselves or not source.only_to_themselves:
            data[source.title] = await rows_about(
                session, source, workspace_id, person_id, for_themselves=for_themselves
            )
    data["survey_invitations"] = [
        _for_json(each) for each in await own_invitations(session, workspace_id, person_id)
    ]
    data["answers_to_named_surveys"] = [
        _for_json(each) for each in await own_named_answers(session, workspace_id, person_id)
    ]
    if for_themselves:
        data["answers_to_open_surveys"] = [
            _for_json(each) for each in await own_open_answers(session, workspace_id, person_id)
        ]
        data["about_answers_to_open_surveys"] = _(OPEN_ANSWERS)
        data["answers_that_wait"] = [
            _for_json(each) for each in await own_waiting_answers(session, workspace_id, person_id)
        ]
        data["about_answers_that_wait"] = _(WAITING_ANSWERS)
        data["what_you_wrote_to_hr_by_name"] = [
            _for_json(each) for each in await own_named(session, workspace_id, person_id)
        ]
        data["blockers_only_counted"] = [
            _for_json(each) for each in await own_counted(session, workspace_id, person_id)
        ]
        data["what_you_support"] = await own_supports(session, workspace_id, person_id)
    else:
        data["left_out"] = _(ONLY_TO_THEMSELVES)
    return data


def for_file(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a person's data that may be in a Slack file, and where the rest is."""
    kept = {title: value for title, value in data.items() if title not in IN_NO_FILE}
    kept["mentoring_profile"] = [
        {name: value for name, value in row.items() if name != "never_with"}
        for row in data["mentoring_profile"]
    ]
    return {**kept, "not_in_this_file": _(SHOWN_IN_SLACK)}


async def is_in_directory(session: AsyncSession, workspace_id: str, person_id: str) -> bool:
    """Return True if a person is in the directory, even as one who was forgotten."""
    return await session.get(Employee, (workspace_id, person_id)) is not None


async def is_forgotten(session: AsyncSession, workspace_id: str, person_id: str) -> bool:
    """Return True if a person was forgotten."""
    known = await session.get(Employee, (workspace_id, person_id))
    return known is not None and known.do_not_contact


async def is_owner(session: AsyncSession, workspace_id: str, person_id: str) -> bool:
    """Return True if a person is the workspace's owner."""
    workspace = await session.get_one(Workspace, workspace_id)
    return workspace.owner_id == person_id


async def forget(session: AsyncSession, by: Actor | Attune, person_id: str, now: datetime) -> None:
    """Erase what is held about a person; their id stays, marked "do not contact".

    The id also stays in a few other columns; `bot.rights.blocks` and the tests list them. Calling
    this again changes nothing. Raises UserError for the only HR admin.
    """
    if await is_forgotten(session, by.workspace_id, person_id):
        return
    await refuse_last_admin(session, by.workspace_id, person_id)
    looked_after = await items_of_owner(session, by.workspace_id, person_id)
    await _erase(session, by.workspace_id, person_id)
    await session.execute(
        delete(Survey).where(
            Survey.workspace_id == by.workspace_id,
            Survey.created_by == person_id,
            Survey.status == "draft",
        )
    )
    await _mark(session, by.workspace_id, person_id)
    await hand_over(session, by.workspace_id, looked_after, now)
    audit.record(session, by, "person.forgotten", subject=person_id, now=now)


async def come_back(session: AsyncSession, actor: Actor, now: datetime) -> None:
    """Delete a forgotten person's mark; the next directory sync brings them back."""
    if not await is_forgotten(session, actor.workspace_id, actor.user_id):
        return
    await _delete_row(session, actor.workspace_id, actor.user_id)
    audit.record(session, actor, "person.came_back", subject=actor.user_id, now=now)


async def erase_again(session: AsyncSession, workspace_id: str, person_id: str) -> None:
    """Erase what was stored about a person after they were forgotten."""
    await _erase(session, workspace_id, person_id)


async def erase_leaver(session: AsyncSession, workspace_id: str, person_id: str) -> None:
    """Erase what is held about a person who left, with their row in the directory.

    They need no mark: a sync does not bring back people who are not in Slack's directory. Their id
    stays in the same other columns as a forgotten person's.
    """
    await _erase(session, workspace_id, person_id)
    await _delete_row(session, workspace_id, person_id)


async def _erase(session: AsyncSession, workspace_id: str, person_id: str) -> None:
    # First, because it locks the workspace: others lock it before they change rows.
    await erase_named(session, workspace_id, person_id)
    await erase_own(session, workspace_id, person_id)
    await erase_supports(session, workspace_id, person_id)
    await unname_responses(session, workspace_id, person_id)
    await erase_references(session, workspace_id, person_id)
    await blockers.erase_own(session, workspace_id, person_id)
    await knowledge.erase_own(session, workspace_id, person_id)
    for table in (
        RoleGrant,
        AttentionPreference,
        Goal,
        Interruption,
        JourneyPause,
        JourneyStep,
        LearningAnswer,
        LearningSlot,
        MentoringProfile,
        MentoringFeedback,
        TeamReading,
    ):
        await session.execute(
            delete(table).where(table.workspace_id == workspace_id, table.employee_id == person_id)
        )


async def refuse_last_admin(session: AsyncSession, workspace_id: str, person_id: str) -> None:
    """Raise UserError if the person is the only HR admin."""
    team = await roles.hr_team(session, workspace_id)
    if team.admins == (person_id,):
        raise UserError(_(LAST_ADMIN_STAYS))


async def _mark(session: AsyncSession, workspace_id: str, person_id: str) -> None:
    """Reduce a directory row to an id and its mark, or insert such a row."""
    nothing: dict[str, Any] = {
        column.name: None for column in Employee.__table__.columns if column.nullable
    }
    marked = Employee(
        workspace_id=workspace_id,
        id=person_id,
        name="",
        active=False,
        tz="UTC",
        slack_updated=0,
        introduced=False,
        do_not_contact=True,
        **nothing,
    )
    await session.merge(marked)
    await session.flush()


async def _delete_row(session: AsyncSession, workspace_id: str, person_id: str) -> None:
    await session.execute(
        delete(Employee).where(Employee.workspace_id == workspace_id, Employee.id == person_id)
    )


def _for_json(record: Any) -> dict[str, Any]:
    return {name: for_json(value) for name, value in asdict(record).items()}
