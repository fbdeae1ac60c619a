"""Before a comment is saved, its author sees how HR would read it and what may give them away."""

from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.masking import mask
from bot.people.names import known_names
from bot.pulse.pure.telling_phrases import Phrase, find_phrases
from bot.pulse.pure.tokens import Press
from bot.pulse.service import comment_form
from bot.pulse.steps import CommentForm


@dataclass(frozen=True)
class CommentReview:
    """A comment that is not saved yet, as HR would read it."""

    form: CommentForm
    """The form that it was written in, with what was written."""
    masked: str
    phrases: tuple[Phrase, ...]


async def review_comment(
    session: AsyncSession, actor: Actor, press: Press, text: str
) -> CommentReview | None:
    """Return what to show the author first, even if nothing is masked; None to save at once.

    Nothing is stored. HR reads the comments of a survey with names word for word, so there is
    nothing to check; neither is there in an empty field. Raises what `service.comment` raises.
    """
    form = await comment_form(session, actor, press)
    written = text.strip()
    if not form.anonymous or not written:
        return None
    masked = mask(written, await known_names(session, actor.workspace_id))
    return CommentReview(replace(form, written=text), masked.text, find_phrases(written))
