"""Block Kit for the digest and for replies to `/digest`."""

from datetime import datetime
from typing import Final

from bot.blockkit.blocks import Block, Message, actions, button, context, header, section, sections
from bot.blockkit.text import local_time
from bot.digest import wording
from bot.digest.pure.posting_time import EXAMPLE, MONTHLY_EXAMPLE, Rhythm, next_post
from bot.digest.service import Digest, Subscription
from bot.errors import OutdatedError
from bot.languages import _, marked, write_weekday
from bot.products.decisions.blocks import came_of_it_blocks

POST: Final = "digest:post"

WHAT_NOW: Final = marked("`/digest now` shows you what is in it; `/digest off` ends it.")
LINES: Final = 12
"""Lines of a digest; the rest is for `/pulse results`."""


def digest_message(digest: Digest) -> Message:
    """Return the digest: the one thing to know first, at most twelve lines, and what came of it."""
    first, *lines = wording.digest_lines(digest, LINES)
    title = _("Pulse digest for the month") if digest.is_monthly else _("Pulse digest")
    notes = [context(*wording.notes(digest.news[0].wave))] if digest.news else []
    return Message(
        _("{title}: {first_line}").format(title=title, first_line=first.replace("*", "")),
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
    note = context(_("Only you can see this preview of the digest."))
    button_row = [actions([_post_button(until)])] if may_post else []
    return Message(
        _("Preview: {text}").format(text=message.text), [note, *message.blocks, *button_row]
    )


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
    return button(_("Post it in this channel"), POST, until.isoformat(), style="primary")


def lost_digest(channel_id: str) -> Message:
    """Tell an admin that a digest may not have arrived."""
    text = _(
        "I couldn't confirm that the latest digest reached {channel}. I "
        "haven't sent it again, so that it isn't posted twice. If it is "
        "missing, run `/digest now` in that channel: you get a preview with a "
        "button that posts it."
    ).format(channel=f"<#{channel_id}>")
    return Message(text, [section(text)])


def refused_digest(channel_id: str) -> Message:
    """Tell an admin that Slack refused a post in the channel."""
    text = _(
        "I couldn't post the latest digest in {channel}: I'm no longer "
        "a member there, or the channel is archived or shared with another "
        "organisation. Write `/invite @Attune` there and then `/digest now`, "
        "or run `/digest off` if nobody needs it."
    ).format(channel=f"<#{channel_id}>")
    return Message(text, [section(text)])


def subscribed(subscription: Subscription, before: Subscription | None, now: datetime) -> str:
    """Confirm a subscription and say what comes next; `before` is the one it replaces."""
    rhythm = subscription.rhythm
    if subscription.next_at > next_post(rhythm, subscription.tz, now):
        next_one = (
            _(
                "This month's is out already, so the next comes {day_and_time}, and everyone in "
                "this channel will see it."
            )
            if rhythm.ordinal
            else _(
                "This week's is out already, so the next comes {day_and_time}, and everyone in "
                "this channel will see it."
            )
        )
    elif before:
        next_one = _("The next comes {day_and_time}, and everyone in this channel will see it.")
    else:
        next_one = _("The first comes {day_and_time}, and everyone in this channel will see it.")
    sentences = [_("This channel gets the digest {when}.").format(when=_when(subscription))]
    if before and _when(before) != _when(subscription):
        sentences.append(_("This replaces the earlier time, {when}.").format(when=_when(before)))
    return " ".join(
        [
            *sentences,
            _shows(subscription),
            next_one.format(day_and_time=local_time(subscription.next_at)),
            _(WHAT_NOW),
        ]
    )


def state(subscription: Subscription | None, *, has_alerts: bool = False) -> str:
    """Say whether this channel gets the digest, and when."""
    alerts = [_("It gets alerts, too; `/digest alerts off` ends them.")] if has_alerts else []
    if subscription is None:
        none = _(
            "This channel gets no digest. An HR admin can start one with {command} or "
            "{other_command}; `/digest help` lists what else I can do."
        ).format(command=EXAMPLE, other_command=MONTHLY_EXAMPLE)
        return " ".join([none, *alerts])
    return " ".join(
        [
            _("This channel gets the digest {when}.").format(when=_when(subscription)),
            _shows(subscription),
            _("The next comes {day_and_time}.").format(
                day_and_time=local_time(subscription.next_at)
            ),
            _(WHAT_NOW),
            *alerts,
        ]
    )


def _when(subscription: Subscription) -> str:
    """Say on which days, and at what time."""
    rhythm = subscription.rhythm
    return _("{on_which_day} at {time} ({time_zone})").format(
        on_which_day=_days(rhythm).format(weekday=write_weekday(rhythm.weekday)),
        time=f"{rhythm.post_at:%H:%M}",
        time_zone=subscription.tz,
    )


def _days(rhythm: Rhythm) -> str:
    if rhythm.ordinal is None:
        return _("every {weekday}")
    return {
        "1st": _("on the 1st {weekday} of every month"),
        "2nd": _("on the 2nd {weekday} of every month"),
        "3rd": _("on the 3rd {weekday} of every month"),
        "4th": _("on the 4th {weekday} of every month"),
        "last": _("on the last {weekday} of every month"),
    }[rhythm.ordinal]


def _shows(subscription: Subscription) -> str:
    """Say what HR lets the digest show, and how to leave it out."""
    choices = subscription.choices
    if not (choices.teams or choices.quotes):
        return _("It names no teams and quotes no comments.")
    if not choices.quotes:
        text = _("It names teams that stand out and quotes no comments.")
    elif choices.teams:
        text = _(
            "It names teams that stand out and quotes up to two comments, without their authors."
        )
    else:
        text = _("It names no teams and quotes up to two comments, without their authors.")
    how = _(
        "End the command with `without teams`, `without quotes` or `without teams and quotes` to "
        "leave that out."
    )
    return f"{text} {how}"
