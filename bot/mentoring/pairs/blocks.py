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
from bot.languages import _, marked
from bot.mentoring import wording
from bot.mentoring.match_buttons import value_of
from bot.mentoring.pairs.pure.news import News
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
    Met.YES: marked("Yes, we met"),
    Met.NOT_YET: marked("Not yet"),
    Met.RESCHEDULED: marked("We moved it"),
}
RATINGS: Final = {
    About.MEETING: (
        marked("1 Of no use"),
        marked("2 Of little use"),
        marked("3 Useful"),
        marked("4 Very useful"),
    ),
    About.FIT: (
        marked("1 Not at all"),
        marked("2 Not quite"),
        marked("3 Well"),
        marked("4 Very well"),
    ),
    About.CLOSING: (
        marked("1 Not at all"),
        marked("2 A little"),
        marked("3 Much"),
        marked("4 Very much"),
    ),
}
PRIVATE: Final = marked("Only you can see your rating. HR sees sums of many ratings.")
AGENDAS: Final[Mapping[Stage, tuple[str, ...]]] = {
    Stage.GOALS: (
        marked("What would make these weeks worthwhile? Agree on one or two goals."),
        marked("What has each of you tried so far, and what came of it?"),
        marked("What is one small step until next time?"),
    ),
    Stage.FEEDBACK: (
        marked("How did the step of last time go?"),
        marked("Look at one real piece of work together: what is good, what could be better?"),
        marked("What should the other do more of, and less of, in these meetings?"),
    ),
    Stage.OBSTACLES: (
        marked("What is in the way at the moment?"),
        marked("Who or what could help with it, beyond the two of you?"),
        marked("Which goal is still right, and which should change?"),
    ),
    Stage.CLOSE: (
        marked("What have you reached, each of you?"),
        marked("What stays open, and how does it go on without these meetings?"),
        marked("Say thank you, and decide whether and when you meet again."),
    ),
}
STAGES: Final[Mapping[Stage, str]] = {
    Stage.GOALS: marked("goals"),
    Stage.FEEDBACK: marked("feedback"),
    Stage.OBSTACLES: marked("what is in the way"),
    Stage.CLOSE: marked("a good end"),
}
NEWS: Final[Mapping[str, str]] = {
    News.NOT_CONFIRMED: marked(
        "Thank you for saying yes to {other}. It does not work out this time, and that is no "
        "reflection on you. Your place is free again."
    ),
    News.LAPSED: marked(
        "A mentor was ready for you, but I have not heard from you, so I have let it go. You are "
        "still on the list, and nobody minds. `/mentor` pauses it if this is a bad time."
    ),
    News.TAKEN_BACK: marked(
        "The mentor I wrote to you about can't take part after all. It has nothing to do with "
        "you. You are first in line now, and I am looking already."
    ),
    News.NO_LONGER_LOOKING: marked(
        "{other} is no longer looking for a mentor, so there is nothing left to answer. Thank you "
        "for being there."
    ),
    News.OTHER_LEFT: marked(
        "{other} can no longer take part in mentoring, so your meetings end here. Thank you for "
        "the time you gave. Your place is free again."
    ),
    News.MENTOR_LEFT: marked(
        "{other} can no longer take part in mentoring, so your meetings end here. I am sorry. You "
        "are first in line now, and I am looking for somebody already."
    ),
    News.REFIT_MENTOR: marked(
        "Not every pair fits, and that is nobody's fault. Your meetings with {other} end here. "
        "Thank you for the time you gave."
    ),
    News.REFIT_MENTEE: marked(
        "Not every pair fits, and that is nobody's fault. Your meetings with {other} end here. "
        "I am looking for somebody else, and you are first in line."
    ),
    News.ENDED: marked(
        "Your meetings with {other} have come to an end, a little early. That happens, and is "
        "nobody's fault."
    ),
    News.SILENCE: marked(
        "I haven't heard from you and {other} for a while, so I have closed your pairing. If you "
        "still meet, go on by all means."
    ),
}
"""News of a match, for one of the two."""

ENDINGS: Final = frozenset({News.ENDED, News.SILENCE})
"""News that leave a mentee on no list, so the message offers to look for a new mentor."""


def introduction_message(pair: PairView) -> Message:
    """Introduce the two: why they fit, a first agenda, and a time."""
    mentor, mentee = mention(pair.mentor_id), mention(pair.mentee_id)
    text = _("{mentee}, meet {mentor}, who will be your mentor.").format(
        mentee=mentee, mentor=mentor
    )
    blocks = [section(f"*{text}*")]
    if lines := wording.reason_lines(pair.reasons, Addressee.BOTH, mentor, mentee):
        blocks += sections(lines, _("*Why the two of you*"))
    blocks += [section(_first_meeting(pair.first_meeting)), section(_agenda(pair.stage))]
    if pair.ends_at:
        blocks.append(
            context(
                _(
                    "Until {day} I'll check in every two weeks. I don't read what you "
                    "write to each other."
                ).format(day=local_time(pair.ends_at, "{date}"))
            )
        )
    return Message(text, blocks)


def nudge_message(pair: PairView) -> Message:
    """Ask whether they met, and suggest an agenda for the next meeting."""
    text = _("Did you two meet in the last two weeks?")
    return Message(
        text,
        [
            section(f"*{text}*"),
            actions(
                [
                    button(_(label), f"{MET}:{met.value}", _value(pair))
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
        text = _("You met. How was it?")
        rating = _rating(About.MEETING, pair)
        note = _("Rate it privately: your rating is visible only to you.")
        return Message(text, [section(f"*{text}*"), rating, context(note)])
    text = (
        _("No problem. I'll ask again in two weeks.")
        if pair.outcome is Met.RESCHEDULED
        else _("That's fine. I'll ask again in two weeks; half an hour is enough for a start.")
    )
    changes = actions([button(_("We have met now"), f"{MET}:{Met.YES.value}", _value(pair))])
    return Message(text, [section(text), changes, section(_agenda(pair.stage))])


def fit_message(pair: PairView, reader: str) -> Message:
    """Ask one of the two privately how well they fit."""
    text = _("How well do you and {other} fit, so far?").format(other=mention(_other(pair, reader)))
    return Message(text, [section(f"*{text}*"), _rating(About.FIT, pair), context(_(PRIVATE))])


def closing_message(pair: PairView, reader: str) -> Message:
    """Thank one of the two at the end and ask how much it helped."""
    other = mention(_other(pair, reader))
    text = _("Your time with {other} in the programme is over. Thank you for it.").format(
        other=other
    )
    on = _("You can keep meeting, of course; I'll just stop checking in.")
    return Message(
        text,
        [
            section(f"*{text}* {on}"),
            section(_("How much did it help you?")),
            _rating(About.CLOSING, pair),
            context(_(PRIVATE)),
            *([look_again()] if reader == pair.mentee_id else []),
        ],
    )


def rating_in(action: Mapping[str, Any]) -> tuple[About, int]:
    """Return what a pressed button rates, and its number; raise OutdatedError for an unknown one.

    >>> rating_in({"action_id": "mentoring:rate:fit:3"})
    (<About.FIT: 'fit'>, 3)
    """
    about, _unused, rating = action["action_id"].removeprefix(f"{RATE}:").partition(":")
    if about not in set(About) or rating not in ("1", "2", "3", "4"):
        raise OutdatedError
    return About(about), int(rating)


def rated_message(pair: PairView, about: About, reader: str) -> Message:
    """Thank the person for a rating. Slack keeps the message, so it does not show the rating.

    After a rating of the fit it offers a change, whatever the rating was.
    """
    text = _("Thanks, your rating is saved. Only you can see it.")
    if about is not About.FIT or pair.status != "active":
        return Message(text, [section(text)])
    other = mention(_other(pair, reader))
    explained = _(
        "Not every match works out. If you'd prefer another one, your "
        "meetings end here, and I'll let {other} know gently, without saying "
        "who asked."
    ).format(other=other)
    buttons = [
        button(
            _("Make a change"),
            REMATCH,
            pair.match_id,
            confirm=confirmation(
                _("Make a change?"),
                _(
                    "Your meetings end here, and I'll tell the other person gently, without saying "
                    "who asked."
                ),
                yes=_("Make a change"),
                no=_("Go on as we are"),
            ),
        ),
        button(_("We go on"), STAY, pair.match_id),
    ]
    return Message(text, [section(f"*{text}*\n{explained}"), actions(buttons)])


def rematched_message(pair: PairView, reader: str) -> Message:
    """Say what happens after a person asked for a change."""
    text = _("Your meetings end here, and I'll tell the other person that it's nobody's fault.")
    if reader == pair.mentee_id:
        what_next = _("I am looking for somebody else, and you are first in line.")
    else:
        what_next = _("Your place is free again.")
    text = f"{text} {what_next}"
    return Message(text, [section(text)])


def stayed_message() -> Message:
    """Say that nothing changes."""
    text = _("All right, nothing changes.")
    return Message(text, [section(text)])


def silence_message(pair: PairView, reader: str) -> Message:
    """Ask one of a silent pair whether to end."""
    other = mention(_other(pair, reader))
    text = _("I haven't heard from you and {other} for six weeks. Do you still meet?").format(
        other=other
    )
    return Message(
        text,
        [
            section(f"*{text}*"),
            actions(
                [
                    button(_("We still meet"), GO_ON, pair.match_id, style="primary"),
                    button(_("Let's end it"), END, pair.match_id),
                ]
            ),
            context(_("Ending is fine. Without an answer I'll end the pairing in two weeks.")),
        ],
    )


def alive_message(_pair: PairView, _reader: str) -> Message:
    """Say that the pair goes on."""
    text = _("Good to hear. I'll keep checking in every two weeks.")
    return Message(text, [section(text)])


def ended_message(pair: PairView, reader: str) -> Message:
    """Say that the pair has ended."""
    text = _("Your meetings have ended, and I'll tell the other person kindly.")
    again = [look_again()] if reader == pair.mentee_id else []
    return Message(text, [section(text), *again])


def news_message(news: str, other: str, *, to_mentee: bool) -> Message | None:
    """Tell one of the two some news of their match; None for news of an older release."""
    if news not in NEWS:
        return None
    text = _(NEWS[news]).format(other=mention(other))
    again = [look_again()] if to_mentee and news in ENDINGS else []
    return Message(text, [section(text), *again])


def _first_meeting(slot: Slot | None) -> str:
    """Suggest a time, and say how well it suits the two."""
    if slot is None:
        return _("Please find a time that suits you both; half an hour is enough for a start.")
    time = local_time(slot.starts_at)
    if not slot.in_working_hours:
        return _(
            "*A time to start with:* {time}, for half an hour. Your working hours don't overlap, "
            "so it is early or late for one of you. Move it as it suits you."
        ).format(time=time)
    if not slot.on_preferred_days:
        return _(
            "*A time when you both work:* {time}, for half an hour. Your preferred days don't "
            "match, so it is on another day. Move it as it suits you."
        ).format(time=time)
    return _(
        "*A time when you both work:* {time}, for half an hour. Move it as it suits you."
    ).format(time=time)


def _agenda(stage: Stage) -> str:
    """Write the agenda of a meeting."""
    points = "\n".join(f"• {_(point)}" for point in AGENDAS[stage])
    title = _("An agenda, if you like: {subject}").format(subject=_(STAGES[stage]))
    return f"*{title}*\n{points}"


def _shared_goals(pair: PairView) -> list[Block]:
    """Open the shared goals from the agenda. Slack keeps messages, so it does not name them."""
    if not pair.shares_goals:
        return []
    text = _("{mentee} shares goals for these meetings.").format(mentee=mention(pair.mentee_id))
    return [section(text, button(_("See them"), SHARED_GOALS, pair.mentee_id))]


def _rating(about: About, pair: PairView) -> Block:
    return actions(
        [
            button(_(label), f"{RATE}:{about.value}:{number}", _value(pair))
            for number, label in enumerate(RATINGS[about], start=1)
        ]
    )


def _value(pair: PairView) -> str:
    return value_of(pair.match_id, pair.number)


def _other(pair: PairView, reader: str) -> str:
    return pair.mentee_id if reader == pair.mentor_id else pair.mentor_id
