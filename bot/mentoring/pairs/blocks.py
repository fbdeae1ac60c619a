"""Builds a pair's introduction, check-ins, ratings and partings, and news of a match."""

from collections.abc import Mapping
from typing import Any, Final

from bot.attention.pure.calendars import Slot
from bot.blockkit.blocks import (
    Block,
    Message,
    actions,
    button,
    confirmation,
    context,
    section,
    sections,
)
from bot.blockkit.text import local_time, mention
from bot.errors import OutdatedError
from bot.mentoring import wording
from bot.mentoring.match_buttons import value_of
from bot.mentoring.pairs.pure.stages import Stage
from bot.mentoring.pairs.service import About, Met, PairView
from bot.mentoring.profiles.forms import look_again
from bot.mentoring.wording import Addressee

MET: Final = "mentoring:met"
"""Prefix of the three answers' ids, such as `mentoring:met:not yet`."""
RATE: Final = "mentoring:rate"
"""Prefix of the ratings' ids, such as `mentoring:rate:meeting:3`."""
REMATCH: Final = "mentoring:rematch"
STAY: Final = "mentoring:stay"
GO_ON: Final = "mentoring:go_on"
END: Final = "mentoring:end"
SHARED_GOALS: Final = "mentoring:shared_goals"
"""Opens the goals that the mentee shares with the mentor; its value is the mentee's id."""

MET_ANSWERS: Final = {
    Met.YES: "Yes, we met",
    Met.NOT_YET: "Not yet",
    Met.RESCHEDULED: "We moved it",
}
RATINGS: Final = {
    About.MEETING: ("1 Of no use", "2 Of little use", "3 Useful", "4 Very useful"),
    About.FIT: ("1 Not at all", "2 Not quite", "3 Well", "4 Very well"),
    About.CLOSING: ("1 Not at all", "2 A little", "3 Much", "4 Very much"),
}
PRIVATE: Final = "Only you can see your rating. HR sees sums of many ratings."
AGENDAS: Final[Mapping[Stage, tuple[str, ...]]] = {
    Stage.GOALS: (
        "What would make these weeks worthwhile? Agree on one or two goals.",
        "What has each of you tried so far, and what came of it?",
        "What is one small step until next time?",
    ),
    Stage.FEEDBACK: (
        "How did the step of last time go?",
        "Look at one real piece of work together: what is good, what could be better?",
        "What should the other do more of, and less of, in these meetings?",
    ),
    Stage.OBSTACLES: (
        "What is in the way at the moment?",
        "Who or what could help with it, beyond the two of you?",
        "Which goal is still right, and which should change?",
    ),
    Stage.CLOSE: (
        "What have you reached, each of you?",
        "What stays open, and how does it go on without these meetings?",
        "Say thank you, and decide whether and when you meet again.",
    ),
}
STAGES: Final[Mapping[Stage, str]] = {
    Stage.GOALS: "goals",
    Stage.FEEDBACK: "feedback",
    Stage.OBSTACLES: "what is in the way",
    Stage.CLOSE: "a good end",
}
NEWS: Final[Mapping[str, str]] = {
    "not confirmed": (
        "Thank you for saying yes to {other}. It does not work out this time, and that is no "
        "reflection on you. Your place is free again."
    ),
    "lapsed": (
        "A mentor was ready for you, but I have not heard from you, so I have let it go. You are "
        "still on the list, and nobody minds. `/mentor` pauses it if this is a bad time."
    ),
    "taken back": (
        "The mentor I wrote to you about can't take part after all. It has nothing to do with "
        "you. You are first in line now, and I am looking already."
    ),
    "no longer looking": (
        "{other} is no longer looking for a mentor, so there is nothing left to answer. Thank you "
        "for being there."
    ),
    "other left": (
        "{other} can no longer take part in mentoring, so your meetings end here. Thank you for "
        "the time you gave. Your place is free again."
    ),
    "mentor left": (
        "{other} can no longer take part in mentoring, so your meetings end here. I am sorry. You "
        "are first in line now, and I am looking for somebody already."
    ),
    "refit mentor": (
        "Not every pair fits, and that is nobody's fault. Your meetings with {other} end here. "
        "Thank you for the time you gave."
    ),
    "refit mentee": (
        "Not every pair fits, and that is nobody's fault. Your meetings with {other} end here. "
        "I am looking for somebody else, and you are first in line."
    ),
    "ended": (
        "Your meetings with {other} have come to an end, a little early. That happens, and is "
        "nobody's fault."
    ),
    "silence": (
        "I haven't heard from you and {other} for a while, so I have closed your pairing. If you "
        "still meet, go on by all means."
    ),
}
"""News of a match, for one of the two."""

ENDINGS: Final = frozenset({"ended", "silence"})
"""News that leave a mentee on no list, so the message offers to look for a new mentor."""


def introduction_message(pair: PairView) -> Message:
    """Introduce the two: why they fit, a first agenda, and a time."""
    mentor, mentee = mention(pair.mentor_id), mention(pair.mentee_id)
    text = f"{mentee}, meet {mentor}, who will be your mentor."
    blocks = [section(f"*{text}*")]
    if lines := wording.reason_lines(pair.reasons, Addressee.BOTH, mentor, mentee):
        blocks += sections(lines, "*Why the two of you*")
    blocks += [section(_first_meeting(pair.first_meeting)), section(_agenda(pair.stage))]
    if pair.ends_at:
        blocks.append(
            context(
                f"Until {local_time(pair.ends_at, '{date}')} I'll check in every two weeks. I "
                "don't read what you write to each other."
            )
        )
    return Message(text, blocks)


def nudge_message(pair: PairView) -> Message:
    """Ask whether they met, and suggest an agenda for the next meeting."""
    text = "Did you two meet in the last two weeks?"
    return Message(
        text,
        [
            section(f"*{text}*"),
            actions(
                [
                    button(label, f"{MET}:{met.value}", _value(pair))
                    for met, label in MET_ANSWERS.items()
                ]
            ),
            section(_agenda(pair.stage)),
            *_shared_goals(pair),
        ],
    )


def met_in(action: Mapping[str, Any]) -> Met:
    """Return the answer of a pressed button; raise OutdatedError for an unknown one."""
    try:
        return Met(action["action_id"].removeprefix(f"{MET}:"))
    except ValueError:
        raise OutdatedError from None


def met_message(pair: PairView) -> Message:
    """Show the answer; after a meeting, let each of the two rate it privately."""
    if pair.outcome is Met.YES:
        text = "You met. How was it?"
        rating = _rating(About.MEETING, pair)
        note = "Rate it privately: your rating is visible only to you."
        return Message(text, [section(f"*{text}*"), rating, context(note)])
    text = (
        "No problem. I'll ask again in two weeks."
        if pair.outcome is Met.RESCHEDULED
        else "That's fine. I'll ask again in two weeks; half an hour is enough for a start."
    )
    changes = actions([button("We have met now", f"{MET}:{Met.YES.value}", _value(pair))])
    return Message(text, [section(text), changes, section(_agenda(pair.stage))])


def fit_message(pair: PairView, reader: str) -> Message:
    """Ask one of the two privately how well they fit."""
    text = f"How well do you and {mention(_other(pair, reader))} fit, so far?"
    return Message(text, [section(f"*{text}*"), _rating(About.FIT, pair), context(PRIVATE)])


def closing_message(pair: PairView, reader: str) -> Message:
    """Thank one of the two at the end and ask how much it helped."""
    other = mention(_other(pair, reader))
    text = f"Your time with {other} in the programme is over. Thank you for it."
    return Message(
        text,
        [
            section(f"*{text}* You can keep meeting, of course; I'll just stop checking in."),
            section("How much did it help you?"),
            _rating(About.CLOSING, pair),
            context(PRIVATE),
            *([look_again()] if reader == pair.mentee_id else []),
        ],
    )


def rating_in(action: Mapping[str, Any]) -> tuple[About, int]:
    """Return what a pressed button rates, and its number; raise OutdatedError for an unknown one.

    >>> rating_in({"action_id": "mentoring:rate:fit:3"})
    (<About.FIT: 'fit'>, 3)
    """
    about, _, rating = action["action_id"].removeprefix(f"{RATE}:").partition(":")
    if about not in set(About) or rating not in ("1", "2", "3", "4"):
        raise OutdatedError
    return About(about), int(rating)


def rated_message(pair: PairView, about: About, reader: str) -> Message:
    """Thank the person for a rating. Slack keeps the message, so it does not show the rating.

    After a rating of the fit it offers a change, whatever the rating was.
    """
    text = "Thanks, your rating is saved. Only you can see it."
    if about is not About.FIT or pair.status != "active":
        return Message(text, [section(text)])
    other = mention(_other(pair, reader))
    explained = (
        "Not every match works out. If you'd prefer another one, your meetings end here, and "
        f"I'll let {other} know gently, without saying who asked."
    )
    buttons = [
        button(
            "Make a change",
            REMATCH,
            pair.match_id,
            confirm=confirmation(
                "Make a change?",
                "Your meetings end here, and I'll tell the other person gently, without saying "
                "who asked.",
                yes="Make a change",
                no="Go on as we are",
            ),
        ),
        button("We go on", STAY, pair.match_id),
    ]
    return Message(text, [section(f"*{text}*\n{explained}"), actions(buttons)])


def rematched_message(pair: PairView, reader: str) -> Message:
    """Say what happens after a person asked for a change."""
    text = "Your meetings end here, and I'll tell the other person that it's nobody's fault."
    if reader == pair.mentee_id:
        text += " I am looking for somebody else, and you are first in line."
    else:
        text += " Your place is free again."
    return Message(text, [section(text)])


def stayed_message() -> Message:
    """Say that nothing changes."""
    text = "All right, nothing changes."
    return Message(text, [section(text)])


def silence_message(pair: PairView, reader: str) -> Message:
    """Ask one of a silent pair whether to end."""
    other = mention(_other(pair, reader))
    text = f"I haven't heard from you and {other} for six weeks. Do you still meet?"
    return Message(
        text,
        [
            section(f"*{text}*"),
            actions(
                [
                    button("We still meet", GO_ON, pair.match_id, style="primary"),
                    button("Let's end it", END, pair.match_id),
                ]
            ),
            context("Ending is fine. Without an answer I'll end the pairing in two weeks."),
        ],
    )


def alive_message(_pair: PairView, _reader: str) -> Message:
    """Say that the pair goes on."""
    text = "Good to hear. I'll keep checking in every two weeks."
    return Message(text, [section(text)])


def ended_message(pair: PairView, reader: str) -> Message:
    """Say that the pair has ended."""
    text = "Your meetings have ended, and I'll tell the other person kindly."
    again = [look_again()] if reader == pair.mentee_id else []
    return Message(text, [section(text), *again])


def news_message(news: str, other: str, *, to_mentee: bool) -> Message | None:
    """Tell one of the two some news of their match; None for news of an older release."""
    if news not in NEWS:
        return None
    text = NEWS[news].format(other=mention(other))
    again = [look_again()] if to_mentee and news in ENDINGS else []
    return Message(text, [section(text), *again])


def _first_meeting(slot: Slot | None) -> str:
    """Suggest a time, and say how well it suits the two."""
    if slot is None:
        return "Please find a time that suits you both; half an hour is enough for a start."
    at = f"{local_time(slot.starts_at)}, for half an hour."
    if not slot.in_working_hours:
        return (
            f"*A time to start with:* {at} Your working hours don't overlap, so it is early or "
            "late for one of you. Move it as it suits you."
        )
    if not slot.on_preferred_days:
        return (
            f"*A time when you both work:* {at} Your preferred days don't "
            "match, so it is on another day. Move it as it suits you."
        )
    return f"*A time when you both work:* {at} Move it as it suits you."


def _agenda(stage: Stage) -> str:
    """Write the agenda of a meeting."""
    points = "\n".join(f"• {point}" for point in AGENDAS[stage])
    return f"*An agenda, if you like: {STAGES[stage]}*\n{points}"


def _shared_goals(pair: PairView) -> list[Block]:
    """Open the shared goals from the agenda. Slack keeps messages, so it does not name them."""
    if not pair.shares_goals:
        return []
    text = f"{mention(pair.mentee_id)} shares goals for these meetings."
    return [section(text, button("See them", SHARED_GOALS, pair.mentee_id))]


def _rating(about: About, pair: PairView) -> Block:
    return actions(
        [
            button(label, f"{RATE}:{about.value}:{number}", _value(pair))
            for number, label in enumerate(RATINGS[about], start=1)
        ]
    )


def _value(pair: PairView) -> str:
    return value_of(pair.match_id, pair.number)


def _other(pair: PairView, reader: str) -> str:
    return pair.mentee_id if reader == pair.mentor_id else pair.mentor_id
