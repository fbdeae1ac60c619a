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
from bot.blockkit.text import local_time, mention, plural
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
    WhyNot.NO_TIME: "I have no time at present",
    WhyNot.TOPICS: "These are not my topics",
    WhyNot.LEVEL: "Somebody with other experience would suit better",
    WhyNot.OTHER: "Something else",
}


def proposal_message(proposal: Proposal) -> Message:
    """Ask a mentor."""
    return Message(
        f"Would you mentor {mention(proposal.mentee_id)}?",
        [
            section(f"*Would you mentor {mention(proposal.mentee_id)}?*"),
            *_about_mentee(proposal),
            actions(
                [
                    button("Accept", ACCEPT, proposal.match_id, style="primary"),
                    button("Not now", NOT_NOW, proposal.match_id),
                    button("Pause me", PAUSE_ME, proposal.match_id),
                ]
            ),
            context(
                f"{_until(proposal)}If you decline, nobody is told.",
                _length(proposal),
            ),
        ],
    )


def proposal_reminder(proposal: Proposal) -> Message:
    """Ask a mentor once more, on the last day."""
    text = f"A gentle reminder: would you mentor {mention(proposal.mentee_id)}?"
    whole = proposal_message(proposal)
    return Message(text, [section(f"*{text}*"), *whole.blocks[1:]])


def confirm_message(proposal: Proposal) -> Message:
    """Ask a mentee to confirm, once a mentor has said yes."""
    mentor = wording.person_line(proposal.mentor_id, proposal.mentor_team, proposal.mentor_years)
    text = f"{mention(proposal.mentor_id)} would be glad to be your mentor."
    reasons = wording.reason_lines(proposal.reasons, Addressee.MENTEE)
    return Message(
        text,
        [
            section(f"*Good news: {mentor} would be glad to be your mentor.*"),
            *(sections(reasons, "*Why the two of you*") if reasons else []),
            actions(
                [
                    button("Yes, let's meet", CONFIRM, proposal.match_id, style="primary"),
                    button("Not this time", WAIT, proposal.match_id),
                ]
            ),
            context(
                f"{_until(proposal)}If you agree, I'll introduce you and suggest a time.",
                _length(proposal),
            ),
        ],
    )


def confirm_reminder(proposal: Proposal) -> Message:
    """Ask a mentee once more, on the last day."""
    text = f"A gentle reminder: {mention(proposal.mentor_id)} would be glad to be your mentor."
    whole = confirm_message(proposal)
    return Message(text, [section(f"*{text}*"), *whole.blocks[1:]])


def answered_message(proposal: Proposal) -> Message:
    """Show a mentor or mentee, in place of the buttons, what they chose and what comes next."""
    if proposal.yes_stands:
        return _yes_stands(proposal)
    mentee, mentor = mention(proposal.mentee_id), mention(proposal.mentor_id)
    texts = {
        "accepted": f"Thank you. I'll ask {mentee} to confirm, and then introduce you.",
        "active": f"Great, you and {mentor} are matched. I'll introduce you in a moment, with a "
        "first agenda and a time to meet.",
        "declined": "All right, thanks. I'll look for somebody else, and nobody is told.",
        "ended": "All right. You stay on the list, and I've told the mentor kindly.",
    }
    text = texts[proposal.status]
    if proposal.taken_back:
        text = f"You've taken back your yes. I'll tell {mentee} kindly, and look for somebody else."
    return Message(text, [section(text + _paused(proposal))])


def _yes_stands(proposal: Proposal) -> Message:
    """Say that the mentor's earlier yes still stands, and offer to take it back.

    This happens because the first message keeps its buttons when the reminder's are pressed.
    """
    mentee = mention(proposal.mentee_id)
    text = f"You said yes to {mentee} already, and I have passed it on. It still stands."
    take_back = button(
        "Take my yes back",
        TAKE_BACK,
        proposal.match_id,
        confirm=confirmation(
            "Take your yes back?",
            "I'll tell them kindly that it doesn't work out. They are first in line for somebody "
            "else.",
            yes="Take it back",
            no="Keep my yes",
        ),
    )
    explained = f"If you can't after all, take it back: then I'll tell {mentee} kindly."
    return Message(
        text, [section(f"{text}{_paused(proposal)}"), section(explained), actions([take_back])]
    )


def why_view(match_id: str) -> View:
    """Ask a mentor why not now; the answer is optional."""
    choices = [option(text, why.value) for why, text in WHY_NOT.items()]
    return modal(
        "Not now",
        [
            section(
                "Your answer is stored, and I look for somebody else. If you like, tell me why: it "
                "helps to ask you better next time."
            ),
            field_input(
                "Why not now?",
                select("radio_buttons", WHY_FIELD, options=choices),
                block_id=WHY_FIELD,
                hint="Private: nobody reads it with your name, neither the other person nor HR.",
                optional=True,
            ),
        ],
        callback_id=WHY_FORM,
        submit="Send",
        close="Skip",
        private_metadata=match_id,
    )


def _about_mentee(proposal: Proposal) -> list[Block]:
    who = wording.person_line(proposal.mentee_id, proposal.mentee_team, proposal.mentee_years)
    looks_for = f" looks for {wording.shown_topics(proposal.wants)}." if proposal.wants else ""
    blocks = [section(f"{who}{looks_for}")]
    if proposal.hopes:
        blocks.append(section(f"In their words:\n{wording.quoted(proposal.hopes)}"))
    if lines := wording.reason_lines(proposal.reasons, Addressee.MENTOR):
        blocks += sections(lines, "*Why you two*")
    return blocks


def _paused(proposal: Proposal) -> str:
    if proposal.paused_until is None:
        return ""
    day = f"{proposal.paused_until:%-d %B}"
    return f" I won't ask you anything before {day}; `/mentor` changes that."


def _until(proposal: Proposal) -> str:
    by = proposal.answer_by
    return f"Please answer by {local_time(by)}. " if by else ""


def _length(proposal: Proposal) -> str:
    return (
        "A pair usually meets for half an hour every two weeks, for "
        f"{plural(proposal.length_weeks, 'week')}."
    )
