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
from bot.languages import _, marked
from bot.people.blocks import mentions
from bot.setup.service import Standing, StepName
from bot.surveys.audience_words import audience_words
from bot.surveys.pure.names import shown_name
from bot.surveys.pure.schedule import when_asked

OPEN: Final = "setup:open"
"""Prefix of the buttons that open a step: `setup:open:channel`."""
SKIP: Final = "setup:skip"
PREPARE: Final = "setup:prepare"
ANNOUNCE: Final = "setup:announce"
STEPS_VIEW: Final = "setup:steps"

TITLE: Final = marked("First steps with Attune")
NAME_LENGTH: Final = 80
WHAT: Final = {
    StepName.HR: (
        marked("Who is HR"),
        marked("They write surveys and see figures. Until you choose, that is {hr}."),
    ),
    StepName.CHANNEL: (
        marked("HR's channel"),
        marked("It gets a short digest each Monday, and hears at once what stands out."),
    ),
    StepName.AUDIENCE: (
        marked("Who takes part"),
        marked("Start with one channel or team, or with everyone."),
    ),
    StepName.TRIAL: (
        marked("A question to try"),
        marked("I send it to you alone. Nothing is stored, whatever you press."),
    ),
}
"""By step: its name, and what it is for."""
LABELS: Final = {
    StepName.HR: (marked("Choose who is HR"), marked("Change")),
    StepName.CHANNEL: (marked("Choose a channel"), marked("Change")),
    StepName.AUDIENCE: (marked("Choose who takes part"), marked("Change")),
    StepName.TRIAL: (marked("Send me a question"), marked("Send it again")),
}
"""By step: its button before and after it is done."""


def steps_message(standing: Standing) -> Message:
    """Build the message with the steps as far as they are done."""
    return Message(_(TITLE), steps_blocks(standing))


def steps_view(standing: Standing) -> View:
    """Build the same as a modal."""
    return modal(_(TITLE), steps_blocks(standing)[1:], callback_id=STEPS_VIEW)


def steps_blocks(standing: Standing) -> list[Block]:
    """Return the steps, then what follows them: the first survey and the announcement."""
    company = escape(shorten(standing.workspace_name, NAME_LENGTH)) or _("your company")
    blocks = [
        header(_(TITLE)),
        section(
            _(
                "Thank you for bringing me to *{company}*. Four short steps, then a first survey: "
                "about five minutes. Nobody is asked anything before you create a survey."
            ).format(company=company)
        ),
        context(_progress(standing)),
    ]
    for number, step in enumerate(StepName, 1):
        blocks += _step(standing, step, number)
    return [*blocks, divider(), *_survey(standing), *_announcement(standing)]


def handed_over_message(standing: Standing) -> Message:
    """Build what somebody sees who has made others HR: they go on from here."""
    text = _("Handed over to {people}. Thank you for the start.").format(
        people=mentions(standing.team.admins)
    )
    return Message(text, [section(text)])


def announcement_message(text: str, by: str) -> Message:
    """Build the announcement; people's own `*bold*` works in it, and pings don't."""
    return Message(
        _("News from HR: Attune"),
        [
            section(encode(text)),
            context(_("From {by}. `/attune` shows all that you can do.").format(by=mention(by))),
        ],
    )


def not_announced(channel_id: str) -> Message:
    """Tell an admin of HR that the announcement may be missing."""
    text = _(
        "I couldn't confirm that your announcement reached {channel}, and haven't sent it "
        "again. If it isn't there, write `/invite @Attune` in the channel, then `/attune setup` "
        "and “Write the announcement”."
    ).format(channel=f"<#{channel_id}>")
    return Message(text, [section(text)])


def _progress(standing: Standing) -> str:
    if standing.next_step is None:
        return _("All four steps are behind you. `/attune setup` shows them again.")
    return _(
        "*{done} of {steps}.* You can skip any step; `/attune setup` comes back to it."
    ).format(done=len(StepName) - len(standing.left), steps=len(StepName))


def _step(standing: Standing, step: StepName, number: int) -> list[Block]:
    name, purpose = (_(text) for text in WHAT[step])
    start, again = (_(text) for text in LABELS[step])
    opener = f"{OPEN}:{step}"
    if standing.is_done(step):
        done = f"✅ *{name}:* {_result(standing, step)}"
        return [section(done, button(again, opener))]
    if standing.is_skipped(step):
        left = _hr(standing) if step is StepName.HR else _("skipped")
        return [section(f"*{name}:* {left}", button(start, opener))]
    text = f"*{number}. {name}*\n{purpose.format(hr=_hr(standing))}"
    style: Style | None = "primary" if step is standing.next_step else None
    skip = button(_("Skip"), f"{SKIP}:{step}")
    return [section(text), actions([button(start, opener, style=style), skip])]


def _result(standing: Standing, step: StepName) -> str:
    if step is StepName.HR:
        return _hr(standing)
    if step is StepName.CHANNEL:
        return f"<#{standing.channel_id}>"
    if step is StepName.AUDIENCE:
        if standing.audience:
            return audience_words(standing.audience)
        return _("as your surveys say")
    return _("you have had it")


def _hr(standing: Standing) -> str:
    return mentions((*standing.team.admins, *standing.team.analysts)) or _("nobody")


def _survey(standing: Standing) -> list[Block]:
    survey = standing.survey
    if survey is None:
        text = _(
            "*Then: a first survey*\nA weekly pulse of two questions is prepared. You can change "
            "everything, and see what people get before anybody is asked."
        )
        ready: Style | None = None if standing.next_step else "primary"
        return [
            section(text),
            actions([button(_("Look at the weekly pulse"), PREPARE, style=ready)]),
        ]
    name = escape(shorten(shown_name(survey.name), NAME_LENGTH))
    if survey.status == "active" and survey.next_on:
        text = _(
            "✅ *A first survey:* {name}. It is asked {when}. `/pulse list` shows all."
        ).format(name=name, when=when_asked(survey.next_on, survey.ask_at))
    else:
        text = _("✅ *A first survey:* {name}. `/pulse list` shows all.").format(name=name)
    return [section(text)]


def _announcement(standing: Standing) -> list[Block]:
    if standing.announced_in:
        text = _("✅ *Announced* in {channel}").format(channel=f"<#{standing.announced_in}>")
        return [section(text, button(_("Announce it elsewhere"), ANNOUNCE))]
    text = _(
        "*Tell the company*\nPeople answer what they understand. A text is prepared: what happens, "
        "how it is private, how to pause."
    )
    return [section(text), actions([button(_("Write the announcement"), ANNOUNCE)])]
