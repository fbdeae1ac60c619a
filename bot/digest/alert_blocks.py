"""Block Kit for alerts, and replies to `/digest alerts`."""

from typing import Final

from bot.blockkit.blocks import Message, section, sections
from bot.blockkit.text import local_time
from bot.digest.alerts import Alert
from bot.insights.headlines import evidence, headline, short_name
from bot.languages import _
from bot.surveys.pure.names import shown_name

EXAMPLE: Final = "`/digest alerts here`"


def alert_message(alert: Alert) -> Message:
    """Return an alert: a line for each thing that stands out, at most three, and where it is."""
    lines = [f"*{headline(each)}*. {evidence(each)}" for each in alert.headlines]
    wave = alert.wave
    where = _("New in *{survey}*, closed {day}. `/pulse results` has the figures.").format(
        survey=short_name(shown_name(wave.survey_name)), day=local_time(wave.closed_at, "{date}")
    )
    return Message(headline(alert.headlines[0]), sections([*lines, where]))


def lost_alert(channel_id: str) -> Message:
    """Tell an admin that an alert may not have arrived."""
    text = _(
        "I couldn't confirm that an alert reached {channel}. I haven't "
        "sent it again, so that it isn't posted twice. `/pulse results` has "
        "what it was about."
    ).format(channel=f"<#{channel_id}>")
    return Message(text, [section(text)])


def refused_alert(channel_id: str) -> Message:
    """Tell an admin that Slack refused an alert."""
    text = _(
        "I couldn't post an alert in {channel}: I'm no longer a member "
        "there, or the channel is archived or shared with another "
        "organisation. `/pulse results` has what it was about. Write `/invite "
        "@Attune` there, or run {command} in another channel."
    ).format(channel=f"<#{channel_id}>", command=EXAMPLE)
    return Message(text, [section(text)])


def alerts_set(moved_from: str | None) -> str:
    """Confirm that alerts come here; `moved_from` is the channel that had them before."""
    sentences = [
        _(
            "When something stands out in a survey that has closed, this channel hears of it at "
            "once: at most once a week about the same thing, with names of teams."
        )
    ]
    if moved_from:
        sentences.append(_("They no longer go to {channel}.").format(channel=f"<#{moved_from}>"))
    sentences.append(_("Everyone in this channel will see it. `/digest alerts off` ends it."))
    return " ".join(sentences)


def alerts_state(channel_id: str | None) -> str:
    """Say where alerts go."""
    if channel_id is None:
        return _("No channel gets alerts. {command}, in a channel, has them posted there.").format(
            command=EXAMPLE
        )
    return _(
        "Alerts go to {channel}. {command} moves them to the channel "
        "where you run it; `/digest alerts off` ends them."
    ).format(channel=f"<#{channel_id}>", command=EXAMPLE)
