"""In which language people read Attune: as they chose, else as in Slack, else in English."""

from collections.abc import Collection

from sqlalchemy import and_, select

from bot.actor import Actor
from bot.languages import best_language
from models import AttentionPreference, Employee, Workspace
from models.database import Transaction


async def language_of(session: Transaction, person: Actor) -> str:
    """Return the language of one person."""
    languages = await languages_of(session, person.workspace_id, [person.user_id])
    return languages[person.user_id]


async def languages_of(
    session: Transaction, workspace_id: str, recipients: Collection[str]
) -> dict[str, str]:
    """Return the language of each recipient; channels have the one that HR chose for them."""
    chosen = and_(
        AttentionPreference.workspace_id == Employee.workspace_id,
        AttentionPreference.employee_id == Employee.id,
    )
    rows = await session.execute(
        select(Employee.id, AttentionPreference.locale, Employee.locale)
        .outerjoin(AttentionPreference, chosen)
        .where(Employee.workspace_id == workspace_id, Employee.id.in_(recipients))
    )
    found = {id_: best_language(preferred, of_slack) for id_, preferred, of_slack in rows}
    others = set(recipients) - set(found)
    if others:
        chosen_by_hr = select(Workspace.language).where(Workspace.id == workspace_id)
        found |= dict.fromkeys(others, best_language(await session.scalar(chosen_by_hr)))
    return found
