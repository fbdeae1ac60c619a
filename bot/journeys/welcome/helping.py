"""Who can help somebody on a journey: the button beneath the thanks at every milestone.

Everybody who comes to the end of a milestone's questions gets the same button in the same words,
whatever they answered. Pressing it reads, and stores, logs and counts nothing: the request is among
those that leave no trace. So neither the database, the outbox, the log, the numbers nor Slack's
message can tell a low answer from a high one.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import Block, View, actions, button, context, modal, section
from bot.blockkit.text import encode, mention
from bot.journeys.welcome.buddies import buddy_of
from bot.journeys.wellbeing.forms import HELP
from bot.journeys.wellbeing.service import Help, help_of
from bot.languages import _, marked
from bot.mentoring.profiles.forms import PROFILE
from models import MentoringMatch

TITLE: Final = marked("Who can help")
KEPT_NOWHERE: Final = marked(
    "Everybody who gets these questions is shown this, whatever they answered. That you opened it "
    "is kept nowhere."
)


@dataclass(frozen=True)
class Helpers:
    """Who can help a person."""

    buddy_id: str | None
    mentor_id: str | None
    help_here: Help


async def helpers_of(session: AsyncSession, actor: Actor) -> Helpers:
    """Return who can help; reads only."""
    mentor = await session.scalar(
        select(MentoringMatch.mentor_id).where(
            MentoringMatch.workspace_id == actor.workspace_id,
            MentoringMatch.mentee_id == actor.user_id,
            MentoringMatch.status == "active",
        )
    )
    buddy = await buddy_of(session, actor.workspace_id, actor.user_id)
    return Helpers(buddy, mentor, await help_of(session, actor.workspace_id))


def helpers_view(helpers: Helpers) -> View:
    """Name who can help."""
    help_here = helpers.help_here
    lines = []
    if helpers.buddy_id:
        lines.append(
            _("• {buddy}, your buddy, knows how things are done here.").format(
                buddy=mention(helpers.buddy_id)
            )
        )
    if helpers.mentor_id:
        lines.append(_("• {mentor} is your mentor.").format(mentor=mention(helpers.mentor_id)))
    if help_here.person:
        lines.append(
            _("• {person} has time for you, in confidence.").format(
                person=mention(help_here.person)
            )
        )
    if help_here.page:
        lines.append(
            _("• <{page}|The help that your company offers>").format(page=encode(help_here.page))
        )
    lines.append(_("• `/voice` writes to HR, with your name or without it."))
    heading = _("*Is something hard just now?* You need not sort it out alone:")
    blocks: list[Block] = [section("\n".join([heading, *lines]))]
    if not helpers.mentor_id:
        blocks += [
            section(_("A mentor could help as well: an experienced colleague from another team.")),
            actions([button(_("Find a mentor"), PROFILE)]),
        ]
    return modal(_(TITLE), [*blocks, context(_(KEPT_NOWHERE))], callback_id="journeys:helpers")


def helpers_blocks() -> list[Block]:
    """Let HR name who helps, on the page of journeys."""
    text = _(
        "*Who can help*\nAt the end of each milestone's questions everybody is offered help: their "
        "buddy, a mentor, and the person and page that you name."
    )
    return [section(text, button(_("Change"), HELP))]
