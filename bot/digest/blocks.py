"""Block Kit for the digest and for replies to `/digest`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.blockkit.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    divider,
    header,
    section,
    sections,
)
from bot.blockkit.text import local_time, shorten
from bot.digest.pure.posting_time import EXAMPLE, next_post
from bot.digest.service import Digest, Subscription
from bot.errors import OutdatedError
from bot.insights import wording
from bot.insights.pure.segments import TOTAL
from bot.insights.wave_results import Score, WaveResults
from bot.products.decisions.blocks import came_of_it_blocks
from bot.surveys.pure.schedule import DAYS, when_asked

POST: Final = "digest:post"

WAVES_SHOWN: Final = 4
"""Surveys that are shown in full; the others are listed."""
LINES_SHOWN: Final = 10
CHARTS_SHOWN: Final = 2
FEWEST_BARS: Final = 3
"""With fewer bars, a chart says less than the lines beneath."""
CHART_LABEL: Final = 20
CHART_CATEGORIES: Final = 20
CHART_TITLE: Final = 50
LONG_DATE: Final = "{date_long}"


def digest_message(digest: Digest) -> Message:
    """Return the digest with charts, and a plain version for workspaces that refuse them."""
    text = _summary(digest)
    plain = _digest_blocks(digest, charts=0)
    return Message(text, _digest_blocks(digest, charts=CHARTS_SHOWN), plain)


def digest_preview(digest: Digest, until: datetime, *, may_post: bool) -> Message:
    """Return a preview for one person, with a button to post it if they may."""
    message = digest_message(digest)
    note = context("Only you can see this preview of the digest.")
    button_row = [actions([_post_button(until)])] if may_post else []
    return Message(
        f"Preview: {message.text}",
        [note, *message.blocks, *button_row],
        [note, *(message.plain or []), *button_row],
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
    return button("Post it in this channel", POST, until.isoformat(), style="primary")


def lost_digest(channel_id: str) -> Message:
    """Tell an admin that a digest may not have arrived."""
    text = (
        f"I couldn't confirm that this week's digest reached <#{channel_id}>. I haven't sent it "
        "again, so that it isn't posted twice. If it is missing, run `/digest now` in that "
        "channel: you get a preview with a button that posts it."
    )
    return Message(text, [section(text)])


def refused_digest(channel_id: str) -> Message:
    """Tell an admin that Slack refused a post in the channel."""
    text = (
        f"I couldn't post this week's digest in <#{channel_id}>: I'm no longer a member there, "
        "or the channel is archived or shared with another organisation. Write `/invite "
        "@Attune` there and then `/digest now`, or run `/digest off` if nobody needs it."
    )
    return Message(text, [section(text)])


def subscribed(subscription: Subscription, before: Subscription | None, now: datetime) -> str:
    """Confirm a subscription and say what comes next; `before` is the one it replaces."""
    soonest = next_post(subscription.weekday, subscription.post_at, subscription.tz, now)
    comes = f"comes {local_time(subscription.next_at)}"
    first = f"The first {comes}"
    if subscription.next_at > soonest:
        first = f"This week's is out already, so the next {comes}"
    elif before:
        first = f"The next {comes}"
    replaced = ""
    if before and _when(before) != _when(subscription):
        replaced = f" This replaces the earlier time, {_when(before)}."
    return (
        f"This channel gets the digest {_when(subscription)}.{replaced} {first}, and everyone in "
        "this channel will see it. `/digest now` shows you what is in it; `/digest off` ends it."
    )


def state(subscription: Subscription | None) -> str:
    """Say whether this channel gets the digest, and when."""
    if subscription is None:
        return (
            f"This channel gets no digest. An HR admin can start one with {EXAMPLE}; "
            "`/digest help` lists what else I can do."
        )
    return (
        f"This channel gets the digest {_when(subscription)}. The next comes "
        f"{local_time(subscription.next_at)}. `/digest now` shows you what is in it; "
        "`/digest off` ends it."
    )


def _when(subscription: Subscription) -> str:
    day, at = DAYS[subscription.weekday], subscription.post_at
    return f"every {day} at {at:%H:%M} ({subscription.tz})"


def _summary(digest: Digest) -> str:
    """Return the plain text for notifications."""
    if not digest.waves:
        return "Pulse digest: no new results."
    first = digest.waves[0]
    more = f" And {len(digest.waves) - 1} more." if len(digest.waves) > 1 else ""
    name = wording.short_text(first.survey_name, wording.NAME_LIMIT)
    return f"Pulse digest: {name}: {wording.participation(first)}.{more}"


def _digest_blocks(digest: Digest, charts: int) -> list[Block]:
    about = context("What is new for this channel") if digest.waves else section(_nothing(digest))
    blocks = [header("Pulse digest"), about]
    for number, wave in enumerate(digest.waves[:WAVES_SHOWN]):
        blocks += _wave(wave, with_chart=number < charts)
    if others := digest.waves[WAVES_SHOWN:]:
        blocks += sections([_other(wave) for wave in others[:LINES_SHOWN]], "*Also closed*")
        if len(others) > LINES_SHOWN:
            blocks.append(
                context(f"And {len(others) - LINES_SHOWN} more: `/pulse results` has them.")
            )
    return [*blocks, *came_of_it_blocks(digest.came_of_it), *_running(digest), *_notes(digest)]


def _nothing(digest: Digest) -> str:
    text = "There are no new results this time."
    if digest.running:
        return f"{text} What is open now comes in a later digest."
    if digest.coming:
        name = wording.short_text(digest.coming.name, wording.NAME_LIMIT)
        when = when_asked(digest.coming.held_on, digest.coming.ask_at)
        return f"{text} Next, *{name}* opens {when}."
    return f"{text} No survey is planned; HR can start one with `/pulse new`."


def _wave(wave: WaveResults, *, with_chart: bool) -> list[Block]:
    name = wording.short_text(wave.survey_name, wording.NAME_LIMIT)
    closed = local_time(wave.closed_at, LONG_DATE)
    kept = "" if wave.anonymous else " (answered with names)"
    title = f"*{name}*{kept}\n{wording.participation(wave)}; it closed {closed}."
    if wave.answered is None:
        return [divider(), section(f"*{name}*{kept}\n{wording.too_few(wave)}")]
    blocks = [divider(), section(title), *_stands_out(wave)]
    blocks += sections(wording.enps_lines(wave.enps[:LINES_SHOWN]))
    scores = wave.drivers or wave.questions
    if with_chart and len(scores) >= FEWEST_BARS:
        blocks.append(_chart(wave, scores))
    blocks += sections([wording.score_line(score) for score in scores[:LINES_SHOWN]])
    if len(scores) > LINES_SHOWN:
        blocks.append(
            context(
                f"These are the {LINES_SHOWN} lowest of {len(scores)}; "
                "`/pulse results` has them all."
            )
        )
    if wave.mood:
        blocks.append(section(wording.mood_line(wave.mood)))
    return blocks


def _stands_out(wave: WaveResults) -> list[Block]:
    """Return what stands out in the company; groups are named to HR only."""
    everybody = [each for each in wave.stands_out if each.statement.cell.segment == TOTAL]
    lines = wording.stands_out_lines(everybody)
    if groups := len(wave.stands_out) - len(everybody):
        which = "One group stands" if groups == 1 else f"{groups} groups stand"
        lines.append(f"{which} out. HR sees which with `/pulse results`.")
    return sections(lines, "*What stands out*") if lines else []


def _chart(wave: WaveResults, scores: Sequence[Score]) -> Block:
    """Return a bar chart of the means; the lines beneath say the same in words.

    https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
    """
    data: dict[str, float] = {}
    for score in scores[:CHART_CATEGORIES]:
        data[_chart_label(score.label, data)] = round(score.mean.value, 1)
    points = [{"label": label, "value": value} for label, value in data.items()]
    return {
        "type": "data_visualization",
        "title": shorten(f"{wave.survey_name}: means out of 10", CHART_TITLE),
        "chart": {
            "type": "bar",
            "series": [{"name": "Mean", "data": points}],
            "axis_config": {"categories": list(data), "y_label": "0 is bad, 10 is good"},
        },
    }


def _chart_label(label: str, taken: dict[str, float]) -> str:
    """Shorten a label, and number it if another has the same short form."""
    name, number = shorten(label, CHART_LABEL), 1
    while name in taken:
        number += 1
        name = f"{shorten(label, CHART_LABEL - len(str(number)) - 1)} {number}"
    return name


def _other(wave: WaveResults) -> str:
    name = wording.short_text(wave.survey_name, wording.NAME_LIMIT)
    kept = "" if wave.anonymous else " (answered with names)"
    return f"*{name}*{kept} {wording.participation(wave)}."


def _running(digest: Digest) -> list[Block]:
    if not digest.running:
        return []
    lines = [wording.running_line(each) for each in digest.running[:LINES_SHOWN]]
    if len(digest.running) > LINES_SHOWN:
        lines.append(f"And {len(digest.running) - LINES_SHOWN} more.")
    return [divider(), *sections(lines, "*Open now*")]


def _notes(digest: Digest) -> list[Block]:
    scores = [
        score for wave in digest.waves[:WAVES_SHOWN] for score in wave.drivers or wave.questions
    ]
    if not scores:
        return []
    enps = [each for wave in digest.waves[:WAVES_SHOWN] for each in wave.enps[:LINES_SHOWN]]
    anonymous = any(wave.anonymous for wave in digest.waves[:WAVES_SHOWN])
    note = wording.range_note(scores, enps, anonymous=anonymous)
    return [context(note, "HR sees teams with `/pulse results`.")]
