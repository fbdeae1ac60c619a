"""Builds the messages about blockers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.blockers.pure.kinds import LABELS
from bot.blockers.service import BlockerView, End
from bot.blockers.states import News
from bot.blockkit.blocks import Block, Message, actions, button, context, section
from bot.blockkit.text import escape, local_time, mention
from bot.languages import _, marked

HELP: Final = "blockers:help"
NOT_ME: Final = "blockers:not_me"
LATER: Final = "blockers:later"
CHOOSE: Final = "blockers:choose"
SOLVED: Final = "blockers:solved"
DROPPED: Final = "blockers:dropped"
NOT_YET: Final = "blockers:not_yet"
NOTHING: Final = "blockers:nothing"
OPEN: Final = "blockers:open"

NEWS: Final[Mapping[News, str]] = {
    News.THANKS: marked("{asker} is unblocked, with your help. Thank you!"),
    News.PASSED_ON: marked(
        "{helper} was suggested to you as somebody who can help, and has your question."
    ),
    News.ASKER_LEFT: marked(
        "{asker} can no longer take part, so what you helped with is closed. Thank you!"
    ),
}
"""News of a blocker, for asker or helper."""
NO_HELP: Final = marked(
    "Nobody could help with this so far, and that is nobody's fault. Would you like to ask "
    "somebody else?"
)


def request_message(blocker: BlockerView, answer_by: datetime | None, *, again: bool) -> Message:
    """Ask a person for help; `again` after they chose "later today"."""
    asker = mention(blocker.asker_id)
    text = _("Can you help {asker}?").format(asker=asker)
    if again:
        text = _("You wanted to look at this later: can you help {asker}?").format(asker=asker)
    not_me = _("Not me") if blocker.passed_on else _("Not me, ask …")
    buttons = [
        button(_("I can help"), HELP, blocker.id, style="primary"),
        button(not_me, NOT_ME, blocker.id),
    ]
    if not again:
        buttons.append(button(_("Later today"), LATER, blocker.id))
    said = [_("A colleague suggested you.")] if blocker.passed_on else []
    if answer_by:
        said.append(_("Please answer by {answer_by}.").format(answer_by=local_time(answer_by)))
    said.append(
        _(
            "If it doesn't suit you, that's fine: they are only told that somebody else can be "
            "asked. `/blocker settings` changes how often you are asked."
        )
    )
    return Message(
        text,
        [
            section(f"*{text}*\n{_told(blocker)}"),
            actions(buttons),
            context(" ".join(said)),
        ],
    )


def answered_message(blocker: BlockerView) -> Message:
    """Show the person who was asked, in place of the buttons, what comes next."""
    asker = mention(blocker.asker_id)
    helper = mention(blocker.helper_id or "")
    texts = {
        "helped": _("Thank you! I'm bringing you and {asker} together in a moment."),
        "asked": _("Thank you. I'll ask {helper} instead."),
    }
    text = texts.get(blocker.status, _("All right, thanks. I'll let {asker} know kindly."))
    return _only(text.format(asker=asker, helper=helper))


def postponed_message(again_at: datetime) -> Message:
    """Say when a person is asked again."""
    return _only(
        _("All right, I'll ask you again {again_at}.").format(again_at=local_time(again_at))
    )


def together_message(blocker: BlockerView) -> Message:
    """Bring asker and helper together."""
    asker, helper = mention(blocker.asker_id), mention(blocker.helper_id or "")
    text = _("{asker}, {helper} can help you.").format(asker=asker, helper=helper)
    return Message(
        text,
        [
            section(f"*{text}*\n{_told(blocker)}"),
            section(
                _("{helper}, what would help most as a first step? A few lines are plenty.").format(
                    helper=helper
                )
            ),
            context(
                _("{asker} closes this with `/blocker` once it is out of the way.").format(
                    asker=asker
                )
            ),
        ],
    )


def follow_up_message(blocker: BlockerView) -> Message:
    """Ask the asker, once, whether it is out of the way."""
    text = _("Is this out of the way?")
    return Message(
        text,
        [
            section(f"*{text}*\n{_told(blocker)}"),
            actions(
                [
                    *closing_buttons(blocker.id),
                    button(_("Not yet"), NOT_YET, blocker.id),
                    button(_("Ask somebody else"), CHOOSE, blocker.id),
                ]
            ),
            context(_("I ask this once. Only you can close it.")),
        ],
    )


def not_yet_message() -> Message:
    """Answer "not yet"."""
    return _only(
        _("All right. I won't ask again; `/blocker` closes it, or asks somebody else, at any time.")
    )


def no_help_message(blocker: BlockerView) -> Message:
    """Offer the asker to choose somebody else, after a "not me", silence or a departure."""
    return Message(
        _(NO_HELP),
        [
            section(f"*{_(NO_HELP)}*\n{_told(blocker)}"),
            actions(
                [
                    button(_("Ask somebody else"), CHOOSE, blocker.id, style="primary"),
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
        return _("Closed. Good to have it off the list.")
    if blocker.helper_id is None:
        return _("Unblocked, very good!")
    return _("Unblocked, very good! I'll thank {helper} for you.").format(
        helper=mention(blocker.helper_id)
    )


def news_message(news: News, blocker: BlockerView) -> Message:
    """Tell asker or helper what became of a blocker."""
    text = _(NEWS[news]).format(
        asker=mention(blocker.asker_id),
        helper=mention(blocker.helper_id) if blocker.helper_id else _("A colleague"),
    )
    return Message(text, [section(f"{text}\n{_told(blocker)}")])


def check_message() -> Message:
    """Ask whether anything is in a person's way."""
    text = _("Is anything in your way at work?")
    return Message(
        text,
        [
            section(f"*{text}*"),
            actions([button(_("No"), NOTHING), button(_("Yes"), OPEN)]),
            context(
                _(
                    "A “no” is not kept. With a “yes” you choose: ask a colleague for help, or "
                    "just have it counted. `/blocker settings` turns this question off."
                )
            ),
        ],
    )


def nothing_message() -> Message:
    """Answer "no"."""
    return _only(_("Good to hear. Nothing of this is kept."))


def closing_buttons(blocker_id: str) -> list[Block]:
    """Return the buttons with which the asker closes a blocker."""
    return [
        button(_("Unblocked"), SOLVED, blocker_id),
        button(_("No longer matters"), DROPPED, blocker_id),
    ]


def _told(blocker: BlockerView) -> str:
    """Quote what the asker wrote, with its kind."""
    quoted = "\n".join(f"> {line}" for line in escape(blocker.text).splitlines())
    return f"{_(LABELS[blocker.kind])}:\n{quoted}"


def _only(text: str) -> Message:
    return Message(text, [section(text)])
