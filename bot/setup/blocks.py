"""The message with the first steps, which is edited as they are done, and the announcement."""

from typing import Final

from bot.blockkit.blocks import (
    Block,
    Message,
    Style,
    View,
    actions,
    button,
    context,
    divider,
    header,
    modal,
    section,
)
from bot.blockkit.text import encode, escape, mention, shorten
from bot.people.blocks import mentions
from bot.setup.service import Standing, StepName
from bot.surveys.audience_words import audience_words
from bot.surveys.pure.schedule import when_asked

OPEN: Final = "setup:open"
"""Prefix of the buttons that open a step: `setup:open:channel`."""
SKIP: Final = "setup:skip"
PREPARE: Final = "setup:prepare"
ANNOUNCE: Final = "setup:announce"
STEPS_VIEW: Final = "setup:steps"

TITLE: Final = "First steps with Attune"
NAME_LENGTH: Final = 80
WHAT: Final = {
    StepName.HR: (
        "Who is HR",
        "They write surveys and see figures. Until you choose, that is {hr}.",
    ),
    StepName.CHANNEL: (
        "HR's channel",
        "It gets a short digest each Monday, and hears at once what stands out.",
    ),
    StepName.AUDIENCE: (
        "Who takes part",
        "Start with one channel or team, or with everyone.",
    ),
    StepName.TRIAL: (
        "A question to try",
        "I send it to you alone. Nothing is stored, whatever you press.",
    ),
}
"""By step: its name, and what it is for."""
LABELS: Final = {
    StepName.HR: ("Choose who is HR", "Change"),
    StepName.CHANNEL: ("Choose a channel", "Change"),
    StepName.AUDIENCE: ("Choose who takes part", "Change"),
    StepName.TRIAL: ("Send me a question", "Send it again"),
}
"""By step: its button before and after it is done."""


def steps_message(standing: Standing) -> Message:
    """Build the message with the steps as far as they are done."""
    return Message(TITLE, steps_blocks(standing))


def steps_view(standing: Standing) -> View:
    """Build the same as a modal."""
    return modal(TITLE, steps_blocks(standing)[1:], callback_id=STEPS_VIEW)


def steps_blocks(standing: Standing) -> list[Block]:
    """Return the steps, then what follows them: the first survey and the announcement."""
    blocks = [
        header(TITLE),
        section(
            "Thank you for bringing me to "
            f"*{escape(shorten(standing.workspace_name, NAME_LENGTH)) or 'your company'}*. Four "
            "short steps, then a first survey: about five minutes. Nobody is asked anything "
            "before you create a survey."
        ),
        context(_progress(standing)),
    ]
    for number, step in enumerate(StepName, 1):
        blocks += _step(standing, step, number)
    return [*blocks, divider(), *_survey(standing), *_announcement(standing)]


def handed_over_message(standing: Standing) -> Message:
    """Build what somebody sees who has made others HR: they go on from here."""
    text = f"Handed over to {mentions(standing.team.admins)}. Thank you for the start."
    return Message(text, [section(text)])


def announcement_message(text: str, by: str) -> Message:
    """Build the announcement; people's own `*bold*` works in it, and pings don't."""
    return Message(
        "News from HR: Attune",
        [
            section(encode(text)),
            context(f"From {mention(by)}. `/attune` shows all that you can do."),
        ],
    )


def not_announced(channel_id: str) -> Message:
    """Tell an admin of HR that the announcement may be missing."""
    text = (
        f"I couldn't confirm that your announcement reached <#{channel_id}>, and haven't sent it "
        "again. If it isn't there, write `/invite @Attune` in the channel, then `/attune setup` "
        "and “Write the announcement”."
    )
    return Message(text, [section(text)])


def _progress(standing: Standing) -> str:
    if standing.next_step is None:
        return "All four steps are behind you. `/attune setup` shows them again."
    skipped = " You can skip any step; `/attune setup` comes back to it."
    return f"*{len(StepName) - len(standing.left)} of {len(StepName)}.*{skipped}"


def _step(standing: Standing, step: StepName, number: int) -> list[Block]:
    name, purpose = WHAT[step]
    start, again = LABELS[step]
    opener = f"{OPEN}:{step}"
    if standing.is_done(step):
        done = f"✅ *{name}:* {_result(standing, step)}"
        return [section(done, button(again, opener))]
    if standing.is_skipped(step):
        left = _hr(standing) if step is StepName.HR else "skipped"
        return [section(f"*{name}:* {left}", button(start, opener))]
    text = f"*{number}. {name}*\n{purpose.format(hr=_hr(standing))}"
    style: Style | None = "primary" if step is standing.next_step else None
    skip = button("Skip", f"{SKIP}:{step}")
    return [section(text), actions([button(start, opener, style=style), skip])]


def _result(standing: Standing, step: StepName) -> str:
    if step is StepName.HR:
        return _hr(standing)
    if step is StepName.CHANNEL:
        return f"<#{standing.channel_id}>"
    if step is StepName.AUDIENCE:
        if standing.audience:
            return audience_words(standing.audience)
        return "as your surveys say"
    return "you have had it"


def _hr(standing: Standing) -> str:
    return mentions((*standing.team.admins, *standing.team.analysts)) or "nobody"


def _survey(standing: Standing) -> list[Block]:
    survey = standing.survey
    if survey is None:
        text = (
            "*Then: a first survey*\nA weekly pulse of two questions is prepared. You can change "
            "everything, and see what people get before anybody is asked."
        )
        ready: Style | None = None if standing.next_step else "primary"
        return [section(text), actions([button("Look at the weekly pulse", PREPARE, style=ready)])]
    name = escape(shorten(survey.name, NAME_LENGTH))
    when = ""
    if survey.status == "active" and survey.next_on:
        when = f" It is asked {when_asked(survey.next_on, survey.ask_at)}."
    return [section(f"✅ *A first survey:* {name}.{when} `/pulse list` shows all.")]


def _announcement(standing: Standing) -> list[Block]:
    if standing.announced_in:
        text = f"✅ *Announced* in <#{standing.announced_in}>"
        return [section(text, button("Announce it elsewhere", ANNOUNCE))]
    text = (
        "*Tell the company*\nPeople answer what they understand. A text is prepared: what happens, "
        "how it is private, how to pause."
    )
    return [section(text), actions([button("Write the announcement", ANNOUNCE)])]
