"""The first steps of a workspace: what is set, and what HR chooses there.

What is set is read from its own tables. `Workspace.setup` only keeps what no other table tells:
steps that were skipped, whether somebody tried a question, and whom the first survey asks.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.digest import alerts
from bot.digest import service as digest
from bot.digest.pure.posting_time import Rhythm
from bot.errors import FieldErrors
from bot.languages import _, plural
from bot.outbox.kinds import NOTICE
from bot.people import roles
from bot.people.roles import HrTeam, Role
from bot.people.setup_notice import FIRST_STEPS, offer_first_steps
from bot.setup.announcement import announced_in
from bot.surveys.audience import Audience, AudienceKind, least_people, measure
from bot.surveys.form_fields import audience_field
from models import Delivery, DigestSubscription, Survey, Workspace
from models.database import KEY_SHARE

ACTION: Final = "setup.change"
"""What somebody who is not an HR admin tried, for the record."""
SKIPPED: Final = "skipped"
DONE: Final = "done"
WEEKLY_DIGEST: Final = Rhythm(0, time(9))
"""Mondays at nine."""
EVERYONE: Final = Audience(AudienceKind.EVERYONE)


class StepName(StrEnum):
    """The steps in their order; `Workspace.setup` stores the value."""

    HR = "hr"
    CHANNEL = "channel"
    AUDIENCE = "audience"
    TRIAL = "trial"


@dataclass(frozen=True)
class Standing:
    """How far a workspace has got with its first steps."""

    workspace_name: str
    k: int
    team: HrTeam
    channel_id: str | None
    """HR's channel: the one with the first digest or the alerts."""
    audience: Audience | None
    """Whom the first survey asks; None until somebody has chosen."""
    survey: Survey | None
    """The survey that is asked next, or was made last; None if there is none."""
    kept: dict[StepName, str]
    """As in `Workspace.setup`."""
    announced_in: str | None = None
    """A channel with the announcement, posted or on its way."""

    def is_done(self, step: StepName) -> bool:
        """Return True if a step is done, here or in another way."""
        is_set = {
            StepName.HR: len(self.team.admins) + len(self.team.analysts) > 1,
            StepName.CHANNEL: self.channel_id is not None,
            StepName.AUDIENCE: self.audience is not None or self.survey is not None,
            StepName.TRIAL: False,
        }
        return is_set[step] or self.kept.get(step) == DONE

    def is_skipped(self, step: StepName) -> bool:
        """Return True if somebody skipped a step, and nobody did it since."""
        return self.kept.get(step) == SKIPPED and not self.is_done(step)

    @property
    def left(self) -> list[StepName]:
        """The steps that are neither done nor skipped, in their order."""
        return [each for each in StepName if not (self.is_done(each) or self.is_skipped(each))]

    @property
    def next_step(self) -> StepName | None:
        """The first step that is left; None after all."""
        return next(iter(self.left), None)


async def require_hr(session: AsyncSession, actor: Actor) -> None:
    """Raise NotAllowedError for everybody but HR admins."""
    await roles.require(session, actor, Role.ADMIN, action=ACTION)


async def standing_of(session: AsyncSession, workspace_id: str) -> Standing:
    """Return how far a workspace has got."""
    workspace = await session.get_one(Workspace, workspace_id, populate_existing=True)
    kept = workspace.setup
    return Standing(
        workspace_name=workspace.name,
        k=workspace.min_group_size,
        team=await roles.hr_team(session, workspace_id),
        channel_id=await hr_channel(session, workspace_id),
        audience=_audience_in(kept.get(StepName.AUDIENCE, "")),
        survey=await _survey(session, workspace_id),
        kept={step: kept[step] for step in StepName if step in kept},
        announced_in=await announced_in(session, workspace_id),
    )


async def skip(session: AsyncSession, actor: Actor, step: StepName) -> None:
    """Skip a step, unless somebody has done it."""
    await require_hr(session, actor)
    standing = await standing_of(session, actor.workspace_id)
    if not standing.is_done(step):
        await _keep(session, actor.workspace_id, step, SKIPPED)


async def note_trial(session: AsyncSession, actor: Actor) -> Standing:
    """Note that somebody tried a question; how they answer it is never stored."""
    await require_hr(session, actor)
    await _keep(session, actor.workspace_id, StepName.TRIAL, DONE)
    return await standing_of(session, actor.workspace_id)


async def choose_hr(
    session: AsyncSession,
    actor: Actor,
    admins: Collection[str],
    analysts: Collection[str],
    now: datetime,
) -> None:
    """Decide who is HR. If the actor is not among its admins, one of them gets the next steps.

    Errors as for `roles.change_hr_team`.
    """
    await require_hr(session, actor)
    team = await roles.change_hr_team(session, actor, admins, analysts, now)
    await _keep(session, actor.workspace_id, StepName.HR, DONE)
    if actor.user_id not in team.admins:
        await offer_first_steps(session, actor.workspace_id, team.admins[0], now)


async def choose_channel(
    session: AsyncSession, actor: Actor, channel_id: str, now: datetime
) -> None:
    """Give HR's channel a digest on Mondays, unless it has one, and the alerts."""
    await require_hr(session, actor)
    if await digest.subscription(session, actor.workspace_id, channel_id) is None:
        await digest.subscribe(session, actor, channel_id, WEEKLY_DIGEST, now)
    if await alerts.channel_of(session, actor.workspace_id) != channel_id:
        await alerts.set_channel(session, actor, channel_id, now)


async def choose_audience(
    session: AsyncSession, actor: Actor, audience: Audience, members: set[str] | None, now: datetime
) -> None:
    """Keep whom the first survey asks; `members` as in `surveys.audience.measure`.

    Raises FieldErrors if an anonymous survey can't ask so few people.
    """
    await require_hr(session, actor)
    workspace = await session.get_one(Workspace, actor.workspace_id)
    reach = await measure(session, actor.workspace_id, audience, members, now.date())
    needed = least_people(audience.kind, workspace.min_group_size, anonymous=True)
    if reach.people < needed and audience != EVERYONE:
        people = plural(reach.people, "person", "people")
        sentence = _(
            "That is {people}. An anonymous survey of some needs at least "
            "{needed}, so that nobody can be recognised. Please choose more "
            "people."
        ).format(people=people, needed=needed)
        raise FieldErrors({audience_field(audience.kind): sentence})
    chosen = f"{audience.kind}:{audience.ref}" if audience.ref else audience.kind.value
    await _keep(session, actor.workspace_id, StepName.AUDIENCE, chosen)


async def sent_to(session: AsyncSession, workspace_id: str) -> list[Delivery]:
    """Return the messages with the first steps that were sent, to one person each."""
    found = await session.scalars(
        select(Delivery).where(
            Delivery.workspace_id == workspace_id,
            Delivery.key.startswith(f"{NOTICE}:{FIRST_STEPS}:", autoescape=True),
            Delivery.status == "sent",
        )
    )
    return list(found)


async def hr_channel(session: AsyncSession, workspace_id: str) -> str | None:
    """Return the channel with the first digest, or else the one with the alerts; or None."""
    subscribed: str | None = await session.scalar(
        select(DigestSubscription.channel_id)
        .where(DigestSubscription.workspace_id == workspace_id)
        .order_by(DigestSubscription.created_at, DigestSubscription.channel_id)
        .limit(1)
    )
    return subscribed or await alerts.channel_of(session, workspace_id)


async def _survey(session: AsyncSession, workspace_id: str) -> Survey | None:
    found: Survey | None = await session.scalar(
        select(Survey)
        .where(
            Survey.workspace_id == workspace_id,
            Survey.status != "draft",
            Survey.audience != AudienceKind.MILESTONE,
        )
        .order_by(Survey.status != "active", Survey.next_open_at, Survey.id)
        .limit(1)
    )
    return found


def _audience_in(kept: str) -> Audience | None:
    kind, _, ref = kept.partition(":")
    return Audience(AudienceKind(kind), ref or None) if kind not in ("", SKIPPED) else None


async def _keep(session: AsyncSession, workspace_id: str, step: StepName, what: str) -> None:
    workspace = await session.get_one(
        Workspace, workspace_id, with_for_update=KEY_SHARE, populate_existing=True
    )
    workspace.setup = {**workspace.setup, step.value: what}
    await session.flush()
