"""Block Kit for alerts, and replies to `/digest alerts`."""

from typing import Final

from bot.blockkit.blocks import Message, section, sections
from bot.blockkit.text import local_time
from bot.digest.alerts import Alert
from bot.insights.headlines import evidence, headline, short_name

EXAMPLE: Final = "`/digest alerts here`"


def alert_message(alert: Alert) -> Message:
    """Return an alert: a line for each thing that stands out, at most three, and where it is."""
    lines = [f"*{headline(each)}*. {evidence(each)}" for each in alert.headlines]
    wave = alert.wave
    where = (
        f"New in *{short_name(wave.survey_name)}*, closed {local_time(wave.closed_at, '{date}')}. "
        "`/pulse results` has the figures."
    )
    return Message(headline(alert.headlines[0]), sections([*lines, where]))


def lost_alert(channel_id: str) -> Message:
    """Tell an admin that an alert may not have arrived."""
    text = (
        f"I couldn't confirm that an alert reached <#{channel_id}>. I haven't sent it again, so "
        "that it isn't posted twice. `/pulse results` has what it was about."
    )
    return Message(text, [section(text)])


def refused_alert(channel_id: str) -> Message:
    """Tell an admin that Slack refused an alert."""
    text = (
        f"I couldn't post an alert in <#{channel_id}>: I'm no longer a member there, or the "
        "channel is archived or shared with another organisation. `/pulse results` has what it "
        f"was about. Write `/invite @Attune` there, or run {EXAMPLE} in another channel."
    )
    return Message(text, [section(text)])


def alerts_set(moved_from: str | None) -> str:
    """Confirm that alerts come here; `moved_from` is the channel that had them before."""
    moved = f" They no longer go to <#{moved_from}>." if moved_from else ""
    return (
        "When something stands out in a survey that has closed, this channel hears of it at once: "
        f"at most once a week about the same thing, with names of teams.{moved} Everyone in this "
        "channel will see it. `/digest alerts off` ends it."
    )


def alerts_state(channel_id: str | None) -> str:
    """Say where alerts go."""
    if channel_id is None:
        return f"No channel gets alerts. {EXAMPLE}, in a channel, has them posted there."
    return (
        f"Alerts go to <#{channel_id}>. {EXAMPLE} moves them to the channel where you run it; "
        "`/digest alerts off` ends them."
    )
