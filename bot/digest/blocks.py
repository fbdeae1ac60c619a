"""Block Kit for the digest and for replies to `/digest`."""

from datetime import datetime
from typing import Final

from bot.blockkit.blocks import Block, Message, actions, button, context, header, section, sections
from bot.blockkit.text import local_time
from bot.digest import wording
from bot.digest.pure.posting_time import EXAMPLE, MONTHLY_EXAMPLE, Rhythm, next_post
from bot.digest.service import Digest, Subscription
from bot.errors import OutdatedError
from bot.products.decisions.blocks import came_of_it_blocks
from bot.surveys.pure.schedule import DAYS

POST: Final = "digest:post"

LINES: Final = 12
"""Lines of a digest; the rest is for `/pulse results`."""


def digest_message(digest: Digest) -> Message:
    """Return the digest: the one thing to know first, at most twelve lines, and what came of it."""
    first, *lines = wording.digest_lines(digest, LINES)
    title = "Pulse digest for the month" if digest.is_monthly else "Pulse digest"
    notes = [context(*wording.notes(digest.news[0].wave))] if digest.news else []
    return Message(
        f"{title}: {first.replace('*', '')}",
        [
            header(title),
            *sections([first, *lines]),
            *came_of_it_blocks(digest.came_of_it),
            *notes,
        ],
    )


def digest_preview(digest: Digest, until: datetime, *, may_post: bool) -> Message:
    """Return a preview for one person, with a button to post it if they may."""
    message = digest_message(digest)
    note = context("Only you can see this preview of the digest.")
    button_row = [actions([_post_button(until)])] if may_post else []
    return Message(f"Preview: {message.text}", [note, *message.blocks, *button_row])


def read_post_button(value: str) -> datetime:
    """Return the time of the preview; raise OutdatedError if the value is malformed."""
    try:
        until = datetime.fromisoformat(value)
    except ValueError:
        raise OutdatedError from None
    if until.tzinfo is None:
        raise OutdatedError
    return until


def _post_button(until: datetime) -> Block:
    return button("Post it in this channel", POST, until.isoformat(), style="primary")


def lost_digest(channel_id: str) -> Message:
    """Tell an admin that a digest may not have arrived."""
    text = (
        f"I couldn't confirm that the latest digest reached <#{channel_id}>. I haven't sent it "
        "again, so that it isn't posted twice. If it is missing, run `/digest now` in that "
        "channel: you get a preview with a button that posts it."
    )
    return Message(text, [section(text)])


def refused_digest(channel_id: str) -> Message:
    """Tell an admin that Slack refused a post in the channel."""
    text = (
        f"I couldn't post the latest digest in <#{channel_id}>: I'm no longer a member there, "
        "or the channel is archived or shared with another organisation. Write `/invite "
        "@Attune` there and then `/digest now`, or run `/digest off` if nobody needs it."
    )
    return Message(text, [section(text)])


def subscribed(subscription: Subscription, before: Subscription | None, now: datetime) -> str:
    """Confirm a subscription and say what comes next; `before` is the one it replaces."""
    rhythm = subscription.rhythm
    soonest = next_post(rhythm, subscription.tz, now)
    comes = f"comes {local_time(subscription.next_at)}"
    first = f"The first {comes}"
    if subscription.next_at > soonest:
        period = "month" if rhythm.ordinal else "week"
        first = f"This {period}'s is out already, so the next {comes}"
    elif before:
        first = f"The next {comes}"
    replaced = ""
    if before and _when(before) != _when(subscription):
        replaced = f" This replaces the earlier time, {_when(before)}."
    return (
        f"This channel gets the digest {_when(subscription)}.{replaced} {_shows(subscription)} "
        f"{first}, and everyone in this channel will see it. `/digest now` shows you what is in "
        "it; `/digest off` ends it."
    )


def state(subscription: Subscription | None, *, has_alerts: bool = False) -> str:
    """Say whether this channel gets the digest, and when."""
    alerts = " It gets alerts, too; `/digest alerts off` ends them." if has_alerts else ""
    if subscription is None:
        return (
            f"This channel gets no digest. An HR admin can start one with {EXAMPLE} or "
            f"{MONTHLY_EXAMPLE}; `/digest help` lists what else I can do.{alerts}"
        )
    return (
        f"This channel gets the digest {_when(subscription)}. {_shows(subscription)} The next "
        f"comes {local_time(subscription.next_at)}. `/digest now` shows you what is in it; "
        f"`/digest off` ends it.{alerts}"
    )


def _when(subscription: Subscription) -> str:
    rhythm = subscription.rhythm
    which = f"on the {rhythm.ordinal} {_day(rhythm)} of every month"
    day = which if rhythm.ordinal else f"every {_day(rhythm)}"
    return f"{day} at {rhythm.post_at:%H:%M} ({subscription.tz})"


def _day(rhythm: Rhythm) -> str:
    return DAYS[rhythm.weekday]


def _shows(subscription: Subscription) -> str:
    """Say what HR lets the digest show, and how to leave it out."""
    choices = subscription.choices
    teams = "names teams that stand out" if choices.teams else "names no teams"
    quotes = "quotes up to two comments, without their authors"
    text = f"It {teams} and {quotes if choices.quotes else 'quotes no comments'}."
    if not (choices.teams or choices.quotes):
        return text
    return (
        f"{text} End the command with `without teams`, `without quotes` or "
        "`without teams and quotes` to leave that out."
    )
