"""Builds the messages about blockers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.blockers.pure.kinds import LABELS
from bot.blockers.service import BlockerView, End
from bot.blockkit.blocks import Block, Message, actions, button, context, section
from bot.blockkit.text import escape, local_time, mention

HELP: Final = "blockers:help"
NOT_ME: Final = "blockers:not_me"
LATER: Final = "blockers:later"
CHOOSE: Final = "blockers:choose"
SOLVED: Final = "blockers:solved"
DROPPED: Final = "blockers:dropped"
NOT_YET: Final = "blockers:not_yet"
NOTHING: Final = "blockers:nothing"
OPEN: Final = "blockers:open"

NEWS: Final[Mapping[str, str]] = {
    "thanks": "{asker} is unblocked, with your help. Thank you!",
    "passed on": "{helper} was suggested to you as somebody who can help, and has your question.",
    "asker left": "{asker} can no longer take part, so what you helped with is closed. Thank you!",
}
"""News of a blocker, for asker or helper."""
NO_HELP: Final = (
    "Nobody could help with this so far, and that is nobody's fault. Would you like to ask "
    "somebody else?"
)


def request_message(blocker: BlockerView, answer_by: datetime | None, *, again: bool) -> Message:
    """Ask a person for help; `again` after they chose "later today"."""
    asker = mention(blocker.asker_id)
    text = f"Can you help {asker}?"
    if again:
        text = f"You wanted to look at this later: can you help {asker}?"
    not_me = "Not me" if blocker.passed_on else "Not me, ask …"
    buttons = [
        button("I can help", HELP, blocker.id, style="primary"),
        button(not_me, NOT_ME, blocker.id),
    ]
    if not again:
        buttons.append(button("Later today", LATER, blocker.id))
    by = f"Please answer by {local_time(answer_by)}. " if answer_by else ""
    why = "A colleague suggested you. " if blocker.passed_on else ""
    return Message(
        text,
        [
            section(f"*{text}*\n{_told(blocker)}"),
            actions(buttons),
            context(
                f"{why}{by}If it doesn't suit you, that's fine: they are only told that somebody "
                "else can be asked. `/blocker settings` changes how often you are asked."
            ),
        ],
    )


def answered_message(blocker: BlockerView) -> Message:
    """Show the person who was asked, in place of the buttons, what comes next."""
    asker = mention(blocker.asker_id)
    texts = {
        "helped": f"Thank you! I'm bringing you and {asker} together in a moment.",
        "asked": f"Thank you. I'll ask {mention(blocker.helper_id or '')} instead.",
    }
    return _only(texts.get(blocker.status, f"All right, thanks. I'll let {asker} know kindly."))


def postponed_message(again_at: datetime) -> Message:
    """Say when a person is asked again."""
    return _only(f"All right, I'll ask you again {local_time(again_at)}.")


def together_message(blocker: BlockerView) -> Message:
    """Bring asker and helper together."""
    asker, helper = mention(blocker.asker_id), mention(blocker.helper_id or "")
    text = f"{asker}, {helper} can help you."
    return Message(
        text,
        [
            section(f"*{text}*\n{_told(blocker)}"),
            section(f"{helper}, what would help most as a first step? A few lines are plenty."),
            context(f"{asker} closes this with `/blocker` once it is out of the way."),
        ],
    )


def follow_up_message(blocker: BlockerView) -> Message:
    """Ask the asker, once, whether it is out of the way."""
    text = "Is this out of the way?"
    return Message(
        text,
        [
            section(f"*{text}*\n{_told(blocker)}"),
            actions(
                [
                    *closing_buttons(blocker.id),
                    button("Not yet", NOT_YET, blocker.id),
                    button("Ask somebody else", CHOOSE, blocker.id),
                ]
            ),
            context("I ask this once. Only you can close it."),
        ],
    )


def not_yet_message() -> Message:
    """Answer "not yet"."""
    return _only(
        "All right. I won't ask again; `/blocker` closes it, or asks somebody else, at any time."
    )


def no_help_message(blocker: BlockerView) -> Message:
    """Offer the asker to choose somebody else, after a "not me", silence or a departure."""
    return Message(
        NO_HELP,
        [
            section(f"*{NO_HELP}*\n{_told(blocker)}"),
            actions(
                [
                    button("Ask somebody else", CHOOSE, blocker.id, style="primary"),
                    *closing_buttons(blocker.id),
                ]
            ),
        ],
    )


def closed_message(blocker: BlockerView) -> Message:
    """Show the asker what they chose."""
    return _only(closed_text(blocker))


def closed_text(blocker: BlockerView) -> str:
    """Say that a blocker is closed, and what follows."""
    if blocker.status != End.SOLVED:
        return "Closed. Good to have it off the list."
    if blocker.helper_id is None:
        return "Unblocked, very good!"
    return f"Unblocked, very good! I'll thank {mention(blocker.helper_id)} for you."


def news_message(news: str, blocker: BlockerView) -> Message:
    """Tell asker or helper what became of a blocker."""
    text = NEWS[news].format(
        asker=mention(blocker.asker_id),
        helper=mention(blocker.helper_id) if blocker.helper_id else "A colleague",
    )
    return Message(text, [section(f"{text}\n{_told(blocker)}")])


def check_message() -> Message:
    """Ask whether anything is in a person's way."""
    text = "Is anything in your way at work?"
    return Message(
        text,
        [
            section(f"*{text}*"),
            actions([button("No", NOTHING), button("Yes", OPEN)]),
            context(
                "A “no” is not kept. With a “yes” you choose: ask a colleague for help, or just "
                "have it counted. `/blocker settings` turns this question off."
            ),
        ],
    )


def nothing_message() -> Message:
    """Answer "no"."""
    return _only("Good to hear. Nothing of this is kept.")


def closing_buttons(blocker_id: str) -> list[Block]:
    """Return the buttons with which the asker closes a blocker."""
    return [
        button("Unblocked", SOLVED, blocker_id),
        button("No longer matters", DROPPED, blocker_id),
    ]


def _told(blocker: BlockerView) -> str:
    """Quote what the asker wrote, with its kind."""
    quoted = "\n".join(f"> {line}" for line in escape(blocker.text).splitlines())
    return f"{LABELS[blocker.kind]}:\n{quoted}"


def _only(text: str) -> Message:
    return Message(text, [section(text)])
