"""Builds proposals, confirmations and the answers to them."""

from typing import Final

from bot.blockkit.blocks import (
    Block,
    Message,
    View,
    actions,
    button,
    confirmation,
    context,
    field_input,
    modal,
    option,
    section,
    sections,
    select,
)
from bot.blockkit.text import local_time, mention
from bot.languages import DayStyle, _, _n, marked, write_day
from bot.mentoring import wording
from bot.mentoring.proposals.service import Proposal, WhyNot
from bot.mentoring.wording import Addressee

ACCEPT: Final = "mentoring:accept"
NOT_NOW: Final = "mentoring:not_now"
PAUSE_ME: Final = "mentoring:pause_me"
CONFIRM: Final = "mentoring:confirm"
WAIT: Final = "mentoring:wait"
WHY_FORM: Final = "mentoring:why_form"
WHY_FIELD: Final = "mentoring:why"
TAKE_BACK: Final = "mentoring:take_back"

WHY_NOT: Final = {
    WhyNot.NO_TIME: marked("I have no time at present"),
    WhyNot.TOPICS: marked("These are not my topics"),
    WhyNot.LEVEL: marked("Somebody with other experience would suit better"),
    WhyNot.OTHER: marked("Something else"),
}


def proposal_message(proposal: Proposal) -> Message:
    """Ask a mentor."""
    return Message(
        _("Would you mentor {mentee}?").format(mentee=mention(proposal.mentee_id)),
        [
            section(_("*Would you mentor {mentee}?*").format(mentee=mention(proposal.mentee_id))),
            *_about_mentee(proposal),
            actions(
                [
                    button(_("Accept"), ACCEPT, proposal.match_id, style="primary"),
                    button(_("Not now"), NOT_NOW, proposal.match_id),
                    button(_("Pause me"), PAUSE_ME, proposal.match_id),
                ]
            ),
            context(
                _with_deadline(proposal, _("If you decline, nobody is told.")),
                _length(proposal),
            ),
        ],
    )


def proposal_reminder(proposal: Proposal) -> Message:
    """Ask a mentor once more, on the last day."""
    text = _("A gentle reminder: would you mentor {mentee}?").format(
        mentee=mention(proposal.mentee_id)
    )
    whole = proposal_message(proposal)
    return Message(text, [section(f"*{text}*"), *whole.blocks[1:]])


def confirm_message(proposal: Proposal) -> Message:
    """Ask a mentee to confirm, once a mentor has said yes."""
    mentor = wording.person_line(proposal.mentor_id, proposal.mentor_team, proposal.mentor_years)
    text = _("{mentor} would be glad to be your mentor.").format(mentor=mention(proposal.mentor_id))
    reasons = wording.reason_lines(proposal.reasons, Addressee.MENTEE)
    return Message(
        text,
        [
            section(
                _("*Good news: {mentor} would be glad to be your mentor.*").format(mentor=mentor)
            ),
            *(sections(reasons, _("*Why the two of you*")) if reasons else []),
            actions(
                [
                    button(_("Yes, let's meet"), CONFIRM, proposal.match_id, style="primary"),
                    button(_("Not this time"), WAIT, proposal.match_id),
                ]
            ),
            context(
                _with_deadline(proposal, _("If you agree, I'll introduce you and suggest a time.")),
                _length(proposal),
            ),
        ],
    )


def confirm_reminder(proposal: Proposal) -> Message:
    """Ask a mentee once more, on the last day."""
    text = _("A gentle reminder: {mentor} would be glad to be your mentor.").format(
        mentor=mention(proposal.mentor_id)
    )
    whole = confirm_message(proposal)
    return Message(text, [section(f"*{text}*"), *whole.blocks[1:]])


def answered_message(proposal: Proposal) -> Message:
    """Show a mentor or mentee, in place of the buttons, what they chose and what comes next."""
    if proposal.yes_stands:
        return _yes_stands(proposal)
    mentee, mentor = mention(proposal.mentee_id), mention(proposal.mentor_id)
    texts = {
        "accepted": _("Thank you. I'll ask {mentee} to confirm, and then introduce you.").format(
            mentee=mentee
        ),
        "active": _(
            "Great, you and {mentor} are matched. I'll introduce you in a moment, "
            "with a first agenda and a time to meet."
        ).format(mentor=mentor),
        "declined": _("All right, thanks. I'll look for somebody else, and nobody is told."),
        "ended": _("All right. You stay on the list, and I've told the mentor kindly."),
    }
    text = texts[proposal.status]
    if proposal.taken_back:
        text = _(
            "You've taken back your yes. I'll tell {mentee} kindly, and look for somebody else."
        ).format(mentee=mentee)
    return Message(text, [section(_with_pause(proposal, text))])


def _yes_stands(proposal: Proposal) -> Message:
    """Say that the mentor's earlier yes still stands, and offer to take it back.

    This happens because the first message keeps its buttons when the reminder's are pressed.
    """
    mentee = mention(proposal.mentee_id)
    text = _("You said yes to {mentee} already, and I have passed it on. It still stands.").format(
        mentee=mentee
    )
    take_back = button(
        _("Take my yes back"),
        TAKE_BACK,
        proposal.match_id,
        confirm=confirmation(
            _("Take your yes back?"),
            _(
                "I'll tell them kindly that it doesn't work out. They are first in line for "
                "somebody else."
            ),
            yes=_("Take it back"),
            no=_("Keep my yes"),
        ),
    )
    explained = _("If you can't after all, take it back: then I'll tell {mentee} kindly.").format(
        mentee=mentee
    )
    return Message(
        text, [section(_with_pause(proposal, text)), section(explained), actions([take_back])]
    )


def why_view(match_id: str) -> View:
    """Ask a mentor why not now; the answer is optional."""
    choices = [option(_(text), why.value) for why, text in WHY_NOT.items()]
    return modal(
        _("Not now"),
        [
            section(
                _(
                    "Your answer is stored, and I look for somebody else. If you like, tell me "
                    "why: it helps to ask you better next time."
                )
            ),
            field_input(
                _("Why not now?"),
                select("radio_buttons", WHY_FIELD, options=choices),
                block_id=WHY_FIELD,
                hint=_("Private: nobody reads it with your name, neither the other person nor HR."),
                optional=True,
            ),
        ],
        callback_id=WHY_FORM,
        submit=_("Send"),
        close=_("Skip"),
        private_metadata=match_id,
    )


def _about_mentee(proposal: Proposal) -> list[Block]:
    who = wording.person_line(proposal.mentee_id, proposal.mentee_team, proposal.mentee_years)
    if proposal.wants:
        topics = wording.shown_topics(proposal.wants)
        who = _("{person} looks for {topics}.").format(person=who, topics=topics)
    blocks = [section(who)]
    if proposal.hopes:
        blocks.append(
            section(_("In their words:\n{hopes}").format(hopes=wording.quoted(proposal.hopes)))
        )
    if lines := wording.reason_lines(proposal.reasons, Addressee.MENTOR):
        blocks += sections(lines, _("*Why you two*"))
    return blocks


def _with_pause(proposal: Proposal, text: str) -> str:
    """Add, after a press on "Pause me", until when the pause lasts."""
    if proposal.paused_until is None:
        return text
    paused = _("I won't ask you anything before {day}; `/mentor` changes that.").format(
        day=write_day(proposal.paused_until, DayStyle.NO_YEAR)
    )
    return f"{text} {paused}"


def _with_deadline(proposal: Proposal, text: str) -> str:
    """Put in front until when an answer is asked for, if that is known."""
    if proposal.answer_by is None:
        return text
    asked = _("Please answer by {time}.").format(time=local_time(proposal.answer_by))
    return f"{asked} {text}"


def _length(proposal: Proposal) -> str:
    return _n(
        "A pair usually meets for half an hour every two weeks, for {count} week.",
        "A pair usually meets for half an hour every two weeks, for {count} weeks.",
        proposal.length_weeks,
    )
