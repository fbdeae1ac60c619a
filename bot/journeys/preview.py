"""A milestone exactly as people get it, for HR."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import Block
from bot.journeys.blocks import welcome_message
from bot.journeys.milestones import MilestoneLine, survey_of
from bot.journeys.people import choices_of
from bot.pulse.preview import as_asked
from bot.pulse.service import min_group_size
from bot.surveys.drafts import SurveyPreview
from bot.surveys.survey_rows import summarise


async def preview_of(
    session: AsyncSession,
    actor: Actor,
    line: MilestoneLine,
    now: datetime,
    privacy_page: str | None,
) -> list[Block]:
    """Return the messages of a milestone as saved, with buttons that do nothing."""
    k = await min_group_size(session, actor.workspace_id)
    survey = await survey_of(session, actor.workspace_id, line.milestone.key)
    if survey is None:
        choices = await choices_of(session, actor.workspace_id)
        return list(welcome_message(actor.user_id, choices, k, privacy_page).blocks)
    preview = SurveyPreview(
        survey=summarise(survey),
        questions=line.questions,
        people=1,
        min_group_size=k,
        first_asked_at=now,
        last_asked_at=now,
    )
    return as_asked(preview, survey.created_by, privacy_page)
