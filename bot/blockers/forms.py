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
from bot.languages import _, marked, write_number
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

TITLE: Final = marked("What is in your way?")
GET_HELP, COUNT = "help", "count"
ON: Final = "on"
SHOWN: Final = 150
"""Characters of a sentence in a list."""

NO_KIND: Final = marked("Please choose what fits best.")
NO_TEXT: Final = marked("Please write one sentence, so that your colleague knows what it is about.")
NO_WISH: Final = marked("Please choose one of the two.")
COUNTED: Final = marked(
    "Counted, without your name. It shows in the month's figures once enough people have said "
    "what is in their way. Your sentence isn't kept."
)


def report_view(standing: Standing, blocker_id: str) -> View:
    """Build the form; what the person has open comes first. `blocker_id` is for a new one."""
    kinds = [option(_(label), kind) for kind, label in LABELS.items()]
    wishes = [
        option(_("Ask a colleague for help"), GET_HELP, _("You choose one. They see your name.")),
        option(_("Just count it"), COUNT, _("No name, no sentence; nobody is asked.")),
    ]
    own = [*_own(standing), divider()] if standing.own else []
    return modal(
        _(TITLE),
        [
            *own,
            field_input(
                _("What is it about?"),
                select("radio_buttons", KIND, options=kinds),
                block_id=KIND,
            ),
            field_input(
                _("In one sentence"),
                text_input(TEXT, max_length=TEXT_LENGTH, multiline=True),
                block_id=TEXT,
                hint=_("The colleague you ask reads it as it is. To be counted only, leave it."),
                optional=True,
            ),
            field_input(
                _("What should a helper know about?"),
                text_input(TOPIC, max_length=TOPIC_LENGTH, placeholder=_("Such as Kubernetes")),
                block_id=TOPIC,
                hint=_("I look among colleagues who agreed to be found."),
                optional=True,
            ),
            field_input(
                _("What shall I do?"),
                select("radio_buttons", WISH, options=wishes),
                block_id=WISH,
            ),
        ],
        callback_id=REPORT_FORM,
        submit=_("Next"),
        close=_("Cancel"),
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
        missing[KIND] = _(NO_KIND)
    if wish not in (GET_HELP, COUNT):
        missing[WISH] = _(NO_WISH)
    if wish == GET_HELP and not text:
        missing[TEXT] = _(NO_TEXT)
    if missing:
        raise FieldErrors(missing)
    topic = storable(state.one(TOPIC))[:TOPIC_LENGTH]
    return Report(BlockerKind(kind), text, topic), wish == GET_HELP


def counted_view() -> View:
    """Say that a blocker was counted."""
    return modal(_(TITLE), [section(_(COUNTED))], callback_id=REPORT_FORM)


def choose_view(blocker: BlockerView, candidates: Sequence[Candidate], passed_on: str) -> View:
    """Let the asker choose whom to ask.

    `passed_on` is the sentence as the next colleague reads it.
    """
    hidden = passed_on != blocker.text
    says = _("If it is passed on, the next colleague reads: {text}").format(text=_short(passed_on))
    preview = [context(says)] if hidden else []
    proposed = [_candidate(each, blocker) for each in candidates]
    other = select("users_select", ASK_OTHER, placeholder=_("Choose a colleague"))
    lead = (
        _("*Whom shall I ask?*")
        if proposed
        else _("*Whom shall I ask?* I found nobody to propose.")
    )
    return modal(
        _("Ask for help"),
        [
            section(f"{lead}\n{_short(blocker.text)}"),
            *proposed,
            section(_("Somebody else:"), other),
            context(
                _(
                    "They see your name and your sentence, and can pass it on once, to one person. "
                    "Nobody else is told. `/blocker` comes back to this later."
                )
            ),
            *preview,
        ],
        callback_id=REPORT_FORM,
        close=_("Not now"),
        private_metadata=blocker.id,
    )


def asked_view(blocker: BlockerView, arrives_at: datetime, now: datetime) -> View:
    """Say that the question is on its way."""
    text = _(
        "Your question goes to {helper} in their working hours, from {arrives_at}. If they can "
        "help, I bring you together. If not, I'll tell you, and you can ask somebody else."
    )
    if arrives_at <= now:
        text = _(
            "Your question goes to {helper} now. If they can help, I bring you together. If not, "
            "I'll tell you, and you can ask somebody else."
        )
    said = text.format(helper=mention(blocker.helper_id or ""), arrives_at=local_time(arrives_at))
    return modal(_("Ask for help"), [section(said)], callback_id=REPORT_FORM)


def done_view(text: str) -> View:
    """Say what a press led to."""
    return modal(_(TITLE), [section(text)], callback_id=REPORT_FORM)


def pass_view(blocker: BlockerView) -> View:
    """Ask who else could help."""
    return modal(
        _("Not me"),
        [
            section(_short(blocker.text)),
            field_input(
                _("Who could help instead?"),
                select("users_select", INSTEAD, placeholder=_("Nobody")),
                block_id=INSTEAD,
                hint=_("They read it without names. If nobody comes to mind, leave it empty."),
                optional=True,
            ),
        ],
        callback_id=INSTEAD_FORM,
        submit=_("Send"),
        close=_("Cancel"),
        private_metadata=blocker.id,
    )


def settings_view(most_a_week: int, *, weekly: bool) -> View:
    """Build the form for how a person takes part."""
    numbers = [option(_times(number), str(number)) for number in range(6)]
    asks = option(_("Ask me once a week whether anything is in my way"), ON)
    chosen: dict[str, Any] = {"initial_options": [asks]} if weekly else {}
    return modal(
        _("Blockers"),
        [
            field_input(
                _("How often may colleagues ask me for help?"),
                select("static_select", MOST, options=numbers, initial_option=numbers[most_a_week]),
                block_id=MOST,
                hint=_("Nobody is told what you choose."),
            ),
            field_input(
                _("The weekly question"),
                select("checkboxes", WEEKLY, options=[asks], **chosen),
                block_id=WEEKLY,
                hint=_("It only comes together with another message, and only if HR wants it."),
                optional=True,
            ),
        ],
        callback_id=SETTINGS_FORM,
        submit=_("Save"),
        close=_("Cancel"),
    )


def settings_in(view: Mapping[str, Any]) -> tuple[int, bool]:
    """Read how a person takes part."""
    state = FormState(view)
    most = state.one(MOST)
    if most not in "012345" or not most:
        raise FieldErrors({MOST: _("Please choose one.")})
    return int(most), ON in state.many(WEEKLY)


def settings_saved_view() -> View:
    """Confirm the choice."""
    return modal(
        _("Blockers"), [section(_("Saved. It counts from now on."))], callback_id=SETTINGS_FORM
    )


def home_blocks(standing: Standing) -> list[Block]:
    """Build a person's blockers for their Home tab."""
    invite = _("*Is anything in your way?*\nAsk a colleague for help, or just have it counted.")
    return [
        section(invite, button(_("Say what"), OPEN)),
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
    "open": marked("Nobody is being asked"),
    "asked": marked("{helper} is being asked"),
    "helped": marked("{helper} helps"),
}
_BECAUSE: Final = {
    Because.TOPIC: marked("{colleague}, knows about {topic}"),
    Because.TEAM: marked("{colleague}, on your team"),
    Because.MANAGER: marked("{colleague}, your manager"),
}


def _own(standing: Standing) -> list[Block]:
    blocks: list[Block] = []
    for each in standing.own:
        helper = mention(each.helper_id) if each.helper_id else _("Somebody")
        state = _(_STATES[each.status]).format(helper=helper)
        blocks.append(section(f"{_short(each.text)}\n_{state}_"))
        buttons = closing_buttons(each.id)
        if each.status != "asked":
            buttons.append(button(_("Ask somebody"), CHOOSE, each.id))
        blocks.append(actions(buttons))
    return blocks


def _asked_of_me(blocker: BlockerView) -> list[Block]:
    asker, text = mention(blocker.asker_id), _short(blocker.text)
    if blocker.status == "helped":
        return [section(_("You help {asker}: {text}").format(asker=asker, text=text))]
    return [
        section(_("{asker} asks for your help: {text}").format(asker=asker, text=text)),
        actions(
            [button(_("I can help"), HELP, blocker.id), button(_("Not me"), NOT_ME, blocker.id)]
        ),
    ]


def _candidate(candidate: Candidate, blocker: BlockerView) -> Block:
    proposal = _(_BECAUSE[candidate.because]).format(
        colleague=mention(candidate.id), topic=shown_topics([blocker.topic])
    )
    value = json.dumps([blocker.id, candidate.id])
    return section(f"• {proposal}", button(_("Ask"), ASK, value))


def _short(text: str) -> str:
    return _("“{text}”").format(text=escape(shorten(" ".join(text.split()), SHOWN)))


def _times(number: int) -> str:
    if number == 0:
        return _("Never")
    if number == 1:
        return _("Once a week")
    return _("{number} times a week").format(number=write_number(number))
