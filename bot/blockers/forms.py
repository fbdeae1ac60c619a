"""The forms: what is in the way, whom to ask, who else could help, and how to take part."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from bot.blockers.blocks import CHOOSE, HELP, NOT_ME, OPEN, closing_buttons
from bot.blockers.helpers import Because, Candidate
from bot.blockers.pure.kinds import LABELS, BlockerKind
from bot.blockers.service import (
    TEXT_LENGTH,
    TOPIC_LENGTH,
    BlockerView,
    Report,
    Standing,
)
from bot.blockkit.blocks import (
    Block,
    View,
    actions,
    button,
    context,
    divider,
    field_input,
    modal,
    option,
    section,
    select,
    text_input,
)
from bot.blockkit.form_state import FormState
from bot.blockkit.text import escape, local_time, mention, shorten, storable
from bot.errors import FieldErrors, OutdatedError
from bot.mentoring.wording import shown_topics

REPORT_FORM: Final = "blockers:report_form"
INSTEAD_FORM: Final = "blockers:instead_form"
SETTINGS_FORM: Final = "blockers:settings_form"
ASK: Final = "blockers:ask"
ASK_OTHER: Final = "blockers:ask_other"
KIND: Final = "blockers:kind"
TEXT: Final = "blockers:text"
TOPIC: Final = "blockers:topic"
WISH: Final = "blockers:wish"
INSTEAD: Final = "blockers:instead"
MOST: Final = "blockers:most"
WEEKLY: Final = "blockers:weekly"

TITLE: Final = "What is in your way?"
GET_HELP, COUNT = "help", "count"
ON: Final = "on"
SHOWN: Final = 150
"""Characters of a sentence in a list."""

NO_KIND: Final = "Please choose what fits best."
NO_TEXT: Final = "Please write one sentence, so that your colleague knows what it is about."
NO_WISH: Final = "Please choose one of the two."
COUNTED: Final = (
    "Counted, without your name. It shows in the month's figures once enough people have said "
    "what is in their way. Your sentence isn't kept."
)


def report_view(standing: Standing, blocker_id: str) -> View:
    """Build the form; what the person has open comes first. `blocker_id` is for a new one."""
    kinds = [option(label, kind) for kind, label in LABELS.items()]
    wishes = [
        option("Ask a colleague for help", GET_HELP, "You choose one. They see your name."),
        option("Just count it", COUNT, "No name, no sentence; nobody is asked."),
    ]
    own = [*_own(standing), divider()] if standing.own else []
    return modal(
        TITLE,
        [
            *own,
            field_input(
                "What is it about?",
                select("radio_buttons", KIND, options=kinds),
                block_id=KIND,
            ),
            field_input(
                "In one sentence",
                text_input(TEXT, max_length=TEXT_LENGTH, multiline=True),
                block_id=TEXT,
                hint="The colleague you ask reads it as it is. To be counted only, leave it.",
                optional=True,
            ),
            field_input(
                "What should a helper know about?",
                text_input(TOPIC, max_length=TOPIC_LENGTH, placeholder="Such as Kubernetes"),
                block_id=TOPIC,
                hint="I look among colleagues who agreed to be found.",
                optional=True,
            ),
            field_input(
                "What shall I do?",
                select("radio_buttons", WISH, options=wishes),
                block_id=WISH,
            ),
        ],
        callback_id=REPORT_FORM,
        submit="Next",
        close="Cancel",
        private_metadata=blocker_id,
    )


def report_in(view: Mapping[str, Any]) -> tuple[Report, bool]:
    """Read the form; return what was written, and whether the person wants help.

    Raises FieldErrors for what is missing.
    """
    state = FormState(view)
    kind, wish = state.one(KIND), state.one(WISH)
    text = storable(state.one(TEXT))[:TEXT_LENGTH]
    missing: dict[str, str] = {}
    if kind not in list(BlockerKind):
        missing[KIND] = NO_KIND
    if wish not in (GET_HELP, COUNT):
        missing[WISH] = NO_WISH
    if wish == GET_HELP and not text:
        missing[TEXT] = NO_TEXT
    if missing:
        raise FieldErrors(missing)
    topic = storable(state.one(TOPIC))[:TOPIC_LENGTH]
    return Report(BlockerKind(kind), text, topic), wish == GET_HELP


def counted_view() -> View:
    """Say that a blocker was counted."""
    return modal(TITLE, [section(COUNTED)], callback_id=REPORT_FORM)


def choose_view(blocker: BlockerView, candidates: Sequence[Candidate], passed_on: str) -> View:
    """Let the asker choose whom to ask.

    `passed_on` is the sentence as the next colleague reads it.
    """
    hidden = passed_on != blocker.text
    says = f"If it is passed on, the next colleague reads: {_short(passed_on)}"
    preview = [context(says)] if hidden else []
    proposed = [_candidate(each, blocker) for each in candidates]
    other = select("users_select", ASK_OTHER, placeholder="Choose a colleague")
    lead = "*Whom shall I ask?*" if proposed else "*Whom shall I ask?* I found nobody to propose."
    return modal(
        "Ask for help",
        [
            section(f"{lead}\n{_short(blocker.text)}"),
            *proposed,
            section("Somebody else:", other),
            context(
                "They see your name and your sentence, and can pass it on once, to one person. "
                "Nobody else is told. `/blocker` comes back to this later."
            ),
            *preview,
        ],
        callback_id=REPORT_FORM,
        close="Not now",
        private_metadata=blocker.id,
    )


def asked_view(blocker: BlockerView, arrives_at: datetime, now: datetime) -> View:
    """Say that the question is on its way."""
    when = "now" if arrives_at <= now else f"in their working hours, from {local_time(arrives_at)}"
    text = (
        f"Your question goes to {mention(blocker.helper_id or '')} {when}. If they can help, I "
        "bring you together. If not, I'll tell you, and you can ask somebody else."
    )
    return modal("Ask for help", [section(text)], callback_id=REPORT_FORM)


def done_view(text: str) -> View:
    """Say what a press led to."""
    return modal(TITLE, [section(text)], callback_id=REPORT_FORM)


def pass_view(blocker: BlockerView) -> View:
    """Ask who else could help."""
    return modal(
        "Not me",
        [
            section(_short(blocker.text)),
            field_input(
                "Who could help instead?",
                select("users_select", INSTEAD, placeholder="Nobody"),
                block_id=INSTEAD,
                hint="They read it without names. If nobody comes to mind, leave it empty.",
                optional=True,
            ),
        ],
        callback_id=INSTEAD_FORM,
        submit="Send",
        close="Cancel",
        private_metadata=blocker.id,
    )


def settings_view(most_a_week: int, *, weekly: bool) -> View:
    """Build the form for how a person takes part."""
    numbers = [option(_times(number), str(number)) for number in range(6)]
    asks = option("Ask me once a week whether anything is in my way", ON)
    chosen: dict[str, Any] = {"initial_options": [asks]} if weekly else {}
    return modal(
        "Blockers",
        [
            field_input(
                "How often may colleagues ask me for help?",
                select("static_select", MOST, options=numbers, initial_option=numbers[most_a_week]),
                block_id=MOST,
                hint="Nobody is told what you choose.",
            ),
            field_input(
                "The weekly question",
                select("checkboxes", WEEKLY, options=[asks], **chosen),
                block_id=WEEKLY,
                hint="It only comes together with another message, and only if HR wants it.",
                optional=True,
            ),
        ],
        callback_id=SETTINGS_FORM,
        submit="Save",
        close="Cancel",
    )


def settings_in(view: Mapping[str, Any]) -> tuple[int, bool]:
    """Read how a person takes part."""
    state = FormState(view)
    most = state.one(MOST)
    if most not in "012345" or not most:
        raise FieldErrors({MOST: "Please choose one."})
    return int(most), ON in state.many(WEEKLY)


def settings_saved_view() -> View:
    """Confirm the choice."""
    return modal("Blockers", [section("Saved. It counts from now on.")], callback_id=SETTINGS_FORM)


def home_blocks(standing: Standing) -> list[Block]:
    """Build a person's blockers for their Home tab."""
    invite = "*Is anything in your way?*\nAsk a colleague for help, or just have it counted."
    return [
        section(invite, button("Say what", OPEN)),
        *_own(standing),
        *(
            block
            for each in standing.asked_of_me
            if each.status == "helped"
            for block in _asked_of_me(each)
        ),
    ]


def waiting_blocks(standing: Standing) -> list[Block]:
    """Build what waits for a person's answer, for their Home tab."""
    waiting = [each for each in standing.asked_of_me if each.status == "asked"]
    return [block for each in waiting for block in _asked_of_me(each)]


def ask_in(value: str) -> tuple[str, str]:
    """Read blocker and helper from a button; raise OutdatedError for anything else."""
    try:
        blocker_id, helper_id = json.loads(value)
    except (ValueError, TypeError):
        raise OutdatedError from None
    return str(blocker_id), str(helper_id)


_STATES: Final = {
    "open": "Nobody is being asked",
    "asked": "{} is being asked",
    "helped": "{} helps",
}
_BECAUSE: Final = {Because.TEAM: "on your team", Because.MANAGER: "your manager"}


def _own(standing: Standing) -> list[Block]:
    blocks: list[Block] = []
    for each in standing.own:
        who = mention(each.helper_id) if each.helper_id else "Somebody"
        blocks.append(section(f"{_short(each.text)}\n_{_STATES[each.status].format(who)}_"))
        buttons = closing_buttons(each.id)
        if each.status != "asked":
            buttons.append(button("Ask somebody", CHOOSE, each.id))
        blocks.append(actions(buttons))
    return blocks


def _asked_of_me(blocker: BlockerView) -> list[Block]:
    asker = mention(blocker.asker_id)
    if blocker.status == "helped":
        return [section(f"You help {asker}: {_short(blocker.text)}")]
    return [
        section(f"{asker} asks for your help: {_short(blocker.text)}"),
        actions([button("I can help", HELP, blocker.id), button("Not me", NOT_ME, blocker.id)]),
    ]


def _candidate(candidate: Candidate, blocker: BlockerView) -> Block:
    why = _BECAUSE.get(candidate.because) or f"knows about {shown_topics([blocker.topic])}"
    value = json.dumps([blocker.id, candidate.id])
    return section(f"• {mention(candidate.id)}, {why}", button("Ask", ASK, value))


def _short(text: str) -> str:
    return f"“{escape(shorten(' '.join(text.split()), SHOWN))}”"


def _times(number: int) -> str:
    return "Never" if number == 0 else "Once a week" if number == 1 else f"{number} times a week"
