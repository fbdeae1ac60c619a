"""Builds the list of experts, the form for a question, and the question for the expert."""

import json
from datetime import datetime
from typing import Final

from bot.blockkit.blocks import (
    Block,
    Message,
    View,
    button,
    context,
    field_input,
    modal,
    section,
    text_input,
)
from bot.blockkit.text import local_time, mention
from bot.errors import OutdatedError
from bot.languages import _, marked
from bot.mentoring import wording
from bot.mentoring.finder.service import Expert, Found

ASK: Final = "mentoring:ask"
ASK_FORM: Final = "mentoring:ask_form"
ASK_FIELD: Final = "mentoring:question"
QUESTION_LENGTH: Final = 500

WHICH: Final = marked("Please name a topic, such as `/mentor find kubernetes`.")
NO_PERSON: Final = marked(
    "I look for topics, not for people: name one, such as `/mentor find kubernetes`, and I'll "
    "show who knows about it."
)
EMPTY: Final = marked("Please write your question in a sentence or two.")


def found_message(found: Found) -> Message:
    """List the experts, each with a button to ask them."""
    blocks = _found_blocks(found)
    return Message(str(blocks[0]["text"]["text"]), blocks)


def _found_blocks(found: Found) -> list[Block]:
    topic = wording.shown_topics([found.topic])
    if not found.experts:
        text = _("Nobody I can show you offers {topic} yet.").format(topic=topic)
        if found.nearby:
            nearby = wording.shown_topics(found.nearby)
            text = f"{text} {_('Somebody offers {topics}.').format(topics=nearby)}"
        return [
            section(text),
            context(_("`/mentor` puts you on the list to look for it, or to offer it.")),
        ]
    lines = [_expert(expert, found.topic) for expert in found.experts]
    return [
        section(_("These colleagues know about {topic}:").format(topic=topic)),
        *lines,
        context(_("They agreed to be listed here.")),
    ]


def ask_view(expert_id: str, topic: str) -> View:
    """Build the form for a question."""
    asking = _("Your question to {expert} about {topic}").format(
        expert=mention(expert_id), topic=wording.shown_topics([topic])
    )
    return modal(
        _("Ask a colleague"),
        [
            section(asking),
            field_input(
                _("Question"),
                text_input(ASK_FIELD, max_length=QUESTION_LENGTH, multiline=True),
                block_id=ASK_FIELD,
                hint=_("They see your name, and answer you directly if they can."),
            ),
        ],
        callback_id=ASK_FORM,
        submit=_("Send"),
        close=_("Cancel"),
        private_metadata=_encode(expert_id, topic),
    )


def asked_view(expert_id: str, due_at: datetime, now: datetime) -> View:
    """Say that a question is on its way, or waits for the expert's working day."""
    text = (
        _("Your question goes to {expert} now. They answer you directly.")
        if due_at <= now
        else _(
            "Your question goes to {expert} when their working day begins: {time}. They answer you "
            "directly."
        )
    ).format(expert=mention(expert_id), time=local_time(due_at))
    return modal(_("Ask a colleague"), [section(text)], callback_id=ASK_FORM)


def finder_question_message(asker_id: str, topic: str, text: str) -> Message:
    """Build the question for the expert."""
    asking = _("{asker} has a question about {topic}.").format(
        asker=mention(asker_id), topic=wording.shown_topics([topic])
    )
    return Message(
        asking,
        [
            section(f"{asking}\n{wording.quoted(text)}"),
            section(
                _("If you can help, write to {asker} directly. If not, that's fine.").format(
                    asker=mention(asker_id)
                )
            ),
            context(_("You get this because you agreed to be found. `/mentor` changes that.")),
        ],
    )


def read_ask(encoded: object) -> tuple[str, str]:
    """Read expert and topic from a button or form; raise OutdatedError for anything else."""
    try:
        expert_id, topic = json.loads(str(encoded))
    except ValueError:
        raise OutdatedError from None
    return str(expert_id), str(topic)


def _expert(expert: Expert, topic: str) -> Block:
    who = wording.person_line(expert.id, expert.team, expert.years)
    return section(f"• {who}", button(_("Ask"), ASK, _encode(expert.id, topic)))


def _encode(expert_id: str, topic: str) -> str:
    return json.dumps([expert_id, topic])
