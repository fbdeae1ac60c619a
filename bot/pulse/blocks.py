"""The messages of a question, the thanks and the refusals."""

from dataclasses import replace
from typing import Any, Final

from bot.blockkit.blocks import (
    Block,
    Message,
    actions,
    button,
    confirmation,
    context,
    divider,
    section,
    sections,
)
from bot.blockkit.bundles import own_block_id
from bot.blockkit.text import encode, escape, local_time, mention, shorten
from bot.languages import _, _n, marked, plural
from bot.pulse.comment_blocks import waiting_note
from bot.pulse.pure.tokens import Press
from bot.pulse.steps import DoneStep, Note, QuestionStep, Refusal, Step, WaveInfo
from bot.surveys.blocks import QuestionView, question_blocks
from bot.surveys.pure.names import shown_name
from bot.surveys.pure.scales import Scale

ANSWER: Final = "pulse:answer"
"""Prefix of the ids of answer buttons: `pulse:answer:4`."""
REMINDER: Final = "pulse:reminder"
"""Prefix of the ids of a reminder's rows of buttons; a press there settles the earlier copy."""
WRITE: Final = "pulse:answer:text"
SKIP: Final = "pulse:skip"
CHANGE: Final = "pulse:change"
WITHDRAW: Final = "pulse:withdraw"
COMMENT: Final = "pulse:comment"
COMMENT_AFTER_THANKS: Final = "pulse:comment_after_thanks"
FIND_MENTOR: Final = "pulse:find_mentor"
"""Answered by the mentoring slice, which bot.app ties to it."""
WHO_HELPS: Final = "pulse:who_helps"
"""Beneath the thanks at a milestone. Answered by the journeys slice, without a trace."""

NAME_LENGTH: Final = 120
EXTENTS: Final = (
    marked("one quick question"),
    marked("two quick questions"),
    marked("three quick questions"),
    marked("four quick questions"),
    marked("five quick questions"),
    marked("six quick questions"),
    marked("seven quick questions"),
    marked("eight quick questions"),
    marked("nine quick questions"),
    marked("ten quick questions"),
)

NOTES: Final = {
    Note.SAVED: marked("Saved."),
    Note.UNCHANGED: marked("That answer is already saved."),
    Note.CHANGED: marked("Your new answer replaces the old one."),
    Note.SKIPPED: marked("Skipped."),
    Note.KEPT: marked("Your earlier answer stays as it is."),
    Note.COMMENT_SAVED: marked("What you wrote is saved."),
    Note.COMMENT_DELETED: marked("What you wrote is deleted."),
    Note.WITHDRAWN: marked("What you wrote is withdrawn and deleted. Nobody has read it."),
}

MOVED: Final = marked("This goes on in the newer message below.")
"""Replaces the earlier copy of a question after its reminder was pressed."""

MAY_END_EARLY: Final = marked("HR may end it earlier, but never within a day of asking you.")
"""The message isn't edited when HR ends a wave early, so it must be true then, too."""

INTRODUCTION: Final = (
    marked(
        "*Hello, I'm Attune.* I ask you a short question now and then, in your working hours. One "
        "press answers it."
    ),
    marked(
        "*It's private:* HR sees results of groups of {k} people or more, never who answered what. "
        "A question that is not anonymous says so beneath it."
    ),
    marked("*It's your choice:* you can skip any question."),
    marked("*Not now?* `/pulse preferences` pauses me, or says when and how often I write."),
)
"""What the first question of all begins with."""

PRIVACY_TITLE: Final = marked("How your answers are kept")
PRIVACY_PAGE: Final = marked("The whole story: who could learn what, and what Attune can't promise")
PRIVACY: Final = (
    marked(
        "*What HR sees.* Results of groups of more than {k} people of whom at least {k} answered, "
        "and only after the survey has closed. Never who answered what, nor that everybody of a "
        "group answered."
    ),
    marked(
        "*While a survey is open* your answer is kept under a code instead of your name, and "
        "without the time, so that you can still change it. Only somebody with full access to "
        "Attune's server and database could work out whose code it is."
    ),
    marked(
        "*When it closes* the key behind the codes is destroyed. Then the results are computed and "
        "your answers are deleted. Nobody can look them up any more."
    ),
    marked(
        "*What an answer is kept with* until then is a group of more than {k} of the people asked, "
        "you among them, such as your team. Whether you have a mentor is kept, too, but only where "
        "more than {k} of the group have one and more than {k} have none."
    ),
    marked(
        "*In the company pulse*, a few questions for some people each week, your answer waits when "
        "a week closes: under a new code, with the answers of your team about the same thing. Once "
        "at least {k} people have answered, and more than {k} were asked, the key behind those "
        "codes is destroyed, too, and one result comes out. Answers that wait for half a year are "
        "deleted unread. Small teams count together, and there are no comments."
    ),
    marked(
        "*Comments* are kept apart from all answers. HR reads them only after the survey has "
        "closed, and only where at least {twice_k} people wrote: shuffled, without the day, and "
        "with names, addresses and long numbers hidden. In a channel that HR chose, a digest may "
        "quote two of them; `/pulse record` lists these channels. At a milestone, such as your "
        "first week, they wait for those of others; what has waited for a year is deleted unread. "
        "Your own words can still give "
        "you away; before I save such words I show you which. You can withdraw what you wrote "
        "until the survey closes."
    ),
    marked(
        "*Whether you answered* is written down nowhere. While the survey is open, Attune works it "
        "out from the code, so that it reminds only others. When it closes, what stays is how many "
        "of your group answered."
    ),
    marked(
        "*A survey that is not anonymous* says so beneath each of its questions. HR then sees "
        "your name with what you choose, and both are kept after the survey has closed. What you "
        "write is kept without your name, but HR reads it word for word, however few people wrote: "
        "it may be clear whose it is."
    ),
)


def question_message(step: QuestionStep) -> Message:
    """Build the message of one question: its answers, skip, comment, privacy and closing time."""
    is_first = step.number == 1 and not step.answered
    opening = section(_greeting(step) if is_first else _progress(step))
    return _asking(step, opening, f"{_name(step.wave)}: {escape(_(step.text))}")


def reminder_message(step: QuestionStep) -> Message:
    """Build the one reminder; the question in it is answered in place."""
    name = _name(step.wave)
    opening = section(
        _("There is still time for *{name}*, if you like: {extent} from {asked_by}.").format(
            name=name, extent=_extent(step.wave), asked_by=mention(step.wave.asked_by)
        )
    )
    text = _("There is still time for {name}: {text}").format(name=name, text=escape(_(step.text)))
    return _asking(step, opening, text, REMINDER)


def with_introduction(message: Message, min_group_size: int) -> Message:
    """Have a person's first question say what Attune is, how it is private, and how to pause it."""
    return replace(message, blocks=[*introduction(min_group_size), *message.blocks])


def introduction(min_group_size: int) -> list[Block]:
    """Say in four lines what Attune is; a thin line ends it."""
    lines = [_(line).format(k=min_group_size) for line in INTRODUCTION]
    return [*sections(lines), divider()]


def moved_message() -> Message:
    """Build the message that replaces a question after its reminder was pressed."""
    return Message(_(MOVED), [context(_(MOVED))])


def done_message(step: DoneStep) -> Message:
    """Build the end: thanks, and the way back until the wave closes. It repeats no answer."""
    name = _name(step.wave)
    if not step.answered:
        text = _("All right, you skipped *{name}*. Nothing was saved.").format(name=name)
        later = _("You can still answer until it closes.")
        return Message(
            _("You skipped {name}. Nothing was saved.").format(name=name),
            [
                *_note(step),
                section(text),
                actions([_button(_("Answer after all"), CHANGE, step)]),
                *_help(step),
                context(later),
            ],
        )
    if step.wave.question_count == 1:
        saved = _("Thanks, your answer to {name} is saved.")
        change = _("Change my answer")
        later = _("You can change it until it closes.")
    else:
        saved = _("Thanks, your answers to {name} are saved.")
        change = _("Change my answers")
        later = _("You can change them until it closes.")
    write = _("Add another comment") if step.wrote else _("Add a comment")
    buttons = [_button(change, CHANGE, step)]
    if step.wave.takes_comments:
        label = _("Change my comment") if step.commented else write
        buttons.append(_button(label, COMMENT_AFTER_THANKS, step))
    if step.wrote:
        buttons.append(_withdraw(step))
    return Message(
        saved.format(name=name),
        [
            *_note(step),
            section(saved.format(name=f"*{name}*")),
            *_offer(step),
            actions(buttons),
            *_help(step),
            context(_privacy(step.wave), later),
        ],
    )


def step_message(step: Step) -> Message:
    """Build the message that replaces the pressed one."""
    if isinstance(step, QuestionStep):
        return question_message(step)
    return done_message(step)


def refusal_message(reason: Refusal) -> Message:
    """Build the message that says why a press changed nothing."""
    text = _(str(reason))
    return Message(text, [section(text)])


def privacy_message(min_group_size: int, page: str | None = None) -> Message:
    """Build the answer to `/pulse privacy`; `page` is the address of docs/privacy.md, if any."""
    texts = [f"*{_(PRIVACY_TITLE)}*"]
    texts += (_(point).format(k=min_group_size, twice_k=2 * min_group_size) for point in PRIVACY)
    if page:
        texts.append(f"<{encode(page)}|{_(PRIVACY_PAGE)}>")
    return Message(_(PRIVACY_TITLE), [section(text) for text in texts])


def is_reminder(action: dict[str, Any]) -> bool:
    """Return True if a reminder was pressed, and not the message that replaced it."""
    return own_block_id(str(action.get("block_id"))).startswith(REMINDER)


def press_in(action: dict[str, Any]) -> Press:
    """Read the press from a block_actions payload's action; raise OutdatedError if malformed."""
    return Press.decode(action.get("value"))


def _asking(step: QuestionStep, opening: Block, text: str, rows: str = ANSWER) -> Message:
    """Build a question's message; the ids of its rows of buttons begin with `rows`."""
    question = question_blocks(
        QuestionView(step.text, step.scale, step.options),
        action_id=ANSWER,
        value_of=lambda value: step.press.with_value(value).encode(),
        block_id=rows,
    )
    buttons = [_button(_("Keep my answer") if step.answered else _("Skip"), SKIP, step)]
    if step.scale is not Scale.TEXT and step.wave.takes_comments:
        write = _("Change my comment") if step.commented else _("Add a comment")
        buttons.append(_button(write, COMMENT, step))
    until = _("Open until {closes_at}.").format(closes_at=local_time(step.wave.closes_at))
    if not step.wave.is_milestone:
        asked = _n("Asked of {count} person.", "Asked of {count} people.", step.wave.invited)
        until = f"{asked} {until} {_(MAY_END_EARLY)}"
    return Message(
        text,
        [
            *_note(step),
            *_offer(step),
            opening,
            *question,
            actions(buttons, f"{rows}:more"),
            context(_privacy(step.wave), until),
        ],
    )


def _offer(step: Step) -> list[Block]:
    if not step.offers_mentor:
        return []
    text = _(
        "Would a mentor help you grow? This offer is random and doesn't depend on your answer."
    )
    return [section(text, button(_("Find a mentor"), FIND_MENTOR))]


def _help(step: DoneStep) -> list[Block]:
    """Offer help to everybody at a milestone: Slack keeps it, so it can't depend on an answer."""
    if not step.wave.is_milestone:
        return []
    text = _(
        "Is something hard just now? You need not sort it out alone. Everybody gets this line, "
        "whatever they answered."
    )
    return [section(text, button(_("Who can help"), WHO_HELPS))]


def _name(wave: WaveInfo) -> str:
    return escape(shorten(shown_name(wave.survey_name), NAME_LENGTH))


def _greeting(step: QuestionStep) -> str:
    return _("Hi, {extent} from {asked_by} about *{name}*:").format(
        extent=_extent(step.wave),
        asked_by=mention(step.wave.asked_by),
        name=_name(step.wave),
    )


def _progress(step: QuestionStep) -> str:
    """Say which question this is, and what to do if it has an answer."""
    progress = f"*{_name(step.wave)}*"
    if step.wave.question_count > 1:
        progress = _("{survey}, question {number} of {question_count}").format(
            survey=progress, number=step.number, question_count=step.wave.question_count
        )
    if not step.answered:
        return progress
    return _("{progress}. Your answer is saved: keep it, or press one to replace it.").format(
        progress=progress
    )


def _extent(wave: WaveInfo) -> str:
    return _(EXTENTS[wave.question_count - 1])


def _button(text: str, action_id: str, step: Step) -> Block:
    return button(text, action_id, step.press.encode())


def _withdraw(step: DoneStep) -> Block:
    return button(
        _("Withdraw what I wrote"),
        WITHDRAW,
        step.press.encode(),
        confirm=confirmation(
            _("Withdraw what you wrote?"),
            _(
                "Your comments and written answers in this survey are deleted at once. What you "
                "chose stays, and you can write again until the survey closes."
            ),
            yes=_("Withdraw"),
            no=_("Keep it"),
        ),
    )


def _note(step: Step) -> list[Block]:
    said_below = Note.SAVED if step.answered else Note.SKIPPED
    if step.note is None or (isinstance(step, DoneStep) and step.note is said_below):
        return []
    return [context(_(NOTES[step.note]))]


def _privacy(wave: WaveInfo) -> str:
    page = wave.privacy_page
    more = (
        _("`/pulse privacy` or <{page}|this page>").format(page=encode(page))
        if page
        else "`/pulse privacy`"
    )
    if not wave.anonymous:
        return _(
            "*Not anonymous:* HR sees your name next to your choices. Comments "
            "are shown without it. Learn more: {more}."
        ).format(more=more)
    people = plural(wave.min_group_size, "person", "people")
    if wave.is_milestone:
        return _(
            "Anonymous: your answer waits until at least {people} have answered "
            "about this milestone. Then HR sees their results together, never who "
            "answered what. {comments} Learn more: {more}."
        ).format(people=people, comments=waiting_note(2 * wave.min_group_size), more=more)
    if wave.is_company_pulse:
        return _(
            "Company pulse, anonymous: your answer waits until at least {people} "
            "of your team have answered about the same thing (small teams count "
            "together). Then HR sees the team's result, never who answered what. "
            "Learn more: {more}."
        ).format(people=people, more=more)
    return _(
        "Anonymous: HR sees results of groups of {people} or more, never who "
        "answered what. Learn more: {more}."
    ).format(people=people, more=more)
