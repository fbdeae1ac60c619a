"""People of a wave whose question never reached them: HR's admins are told when it closes."""

from collections import Counter
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockkit.blocks import Message, section
from bot.blockkit.text import code, escape
from bot.languages import _, marked, plural, write_number
from bot.outbox.deliveries import add_notice
from bot.outbox.kinds import Composing
from bot.outbox.states import FATE_UNKNOWN, HELD, NOTHING_TO_SAY, WAVE_CLOSED
from bot.people.roles import hr_team
from bot.surveys.audience import AudienceKind
from bot.surveys.pure.names import shown_name
from models import Delivery, Survey, Wave

ABOUT: Final = "undelivered"
_NO_ACCOUNT: Final = marked(
    "Slack finds no account that I can write to. Please check whether these people still have one, "
    "and whether Attune is installed in the right workspace."
)
_APP_SETTING: Final = marked(
    "People can't get messages from the Attune app. Please ask the app's manager to turn on "
    "its Messages tab: in the app's settings under App Home."
)
_WORKSPACE_SETTING: Final = marked(
    "A setting of your workspace stops apps from writing. Please ask the workspace's owner to "
    "allow Attune to send messages."
)
_TOO_LATE: Final = marked(
    "The survey closed before their message went out. If nobody ended it early, please ask the "
    "person who runs Attune's server to look into its log."
)
_MAY_HAVE_ARRIVED: Final = marked(
    "Slack didn't confirm the message, so it may or may not have arrived. There is nothing to do."
)
REASONS: Final = {
    "cannot_dm_bot": _NO_ACCOUNT,
    "channel_not_found": _NO_ACCOUNT,
    "user_disabled": _NO_ACCOUNT,
    "user_not_found": _NO_ACCOUNT,
    "user_not_visible": _NO_ACCOUNT,
    "messages_tab_disabled": _APP_SETTING,
    "ekm_access_denied": _WORKSPACE_SETTING,
    "restricted_action": _WORKSPACE_SETTING,
    "team_access_not_granted": _WORKSPACE_SETTING,
    WAVE_CLOSED: _TOO_LATE,
    FATE_UNKNOWN: _MAY_HAVE_ARRIVED,
}
"""What a reason of `deliveries` means and what to do, in plain words.

https://docs.slack.dev/reference/methods/chat.postMessage#errors
"""


async def tell_undelivered(
    session: AsyncSession, workspace_id: str, wave_id: str, now: datetime
) -> int:
    """Tell HR's admins once how many people a closed wave did not reach; return the number.

    It leaves out questions that were not due yet when the wave was closed early. The notice has the
    counts itself: a wave of a milestone is deleted when it has closed.
    """
    reasons = await _reasons(session, workspace_id, wave_id)
    if reasons:
        wave = await session.get_one(Wave, (workspace_id, wave_id))
        detail = {
            "about": ABOUT,
            "survey": wave.survey_id,
            "invited": wave.invited,
            "reasons": dict(reasons),
        }
        for admin in (await hr_team(session, workspace_id)).admins:
            key = f"{wave_id}:{admin}"
            await add_notice(session, workspace_id, key, admin, detail, now)
    return reasons.total()


async def compose_notice(
    session: AsyncSession, delivery: Delivery, _composing: Composing
) -> Message | None:
    """Write how many people a wave did not reach, why, and what to do; None when it is gone."""
    detail = delivery.detail
    survey = await session.get(Survey, (delivery.workspace_id, detail.get("survey", "")))
    if survey is None:
        return None
    comes_again = survey.next_on is not None and survey.audience != AudienceKind.MILESTONE
    reasons = Counter[str](detail["reasons"])
    return undelivered(shown_name(survey.name), detail["invited"], reasons, goes_on=comes_again)


def undelivered(name: str, invited: int, reasons: Counter[str], *, goes_on: bool) -> Message:
    """Say how many people a wave did not reach, and why; `goes_on` if another wave follows."""
    sentences = Counter[str]()
    for reason, people in reasons.items():
        sentences[_(REASONS.get(reason, "")) or _unknown(reason)] += people
    text = _("*{name}* has closed. I couldn't deliver it to {total} of {people}.").format(
        name=escape(name),
        total=write_number(reasons.total()),
        people=plural(invited, "person", "people"),
    )
    if goes_on:
        text = " ".join([text, _("The next round asks them again.")])
    lines = [f"*{people}*: {sentence}" for sentence, people in sentences.most_common()]
    return Message(text, [section(text), *(section(line) for line in lines)])


def _unknown(reason: str) -> str:
    return _(
        "The message could not be posted. Please give this reason to the "
        "person who runs Attune's server: {reason}."
    ).format(reason=code(reason))


async def _reasons(session: AsyncSession, workspace_id: str, wave_id: str) -> Counter[str]:
    found = await session.execute(
        select(Delivery.reason, func.count())
        .where(
            Delivery.workspace_id == workspace_id,
            Delivery.wave_id == wave_id,
            Delivery.kind == "question",
            _never_arrived(),
        )
        .group_by(Delivery.reason)
    )
    return Counter({str(reason): people for reason, people in found})


def _never_arrived() -> ColumnElement[bool]:
    """Match what failed, and what closing dropped although it was due or had been refused.

    People who were away, or had their most messages, are not meant: nothing went wrong.
    """
    closed_at = (
        select(Wave.sealed_at)
        .where(Wave.workspace_id == Delivery.workspace_id, Wave.id == Delivery.wave_id)
        .scalar_subquery()
    )
    refused = Delivery.reason.not_in((WAVE_CLOSED, NOTHING_TO_SAY, *HELD))
    too_late = and_(Delivery.reason == WAVE_CLOSED, Delivery.due_at <= closed_at)
    dropped = and_(Delivery.status == "dropped", or_(refused, too_late))
    return or_(Delivery.status == "failed", dropped)
