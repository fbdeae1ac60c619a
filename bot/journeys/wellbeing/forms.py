"""The self-check's form and result, and the form in which HR names the company's help."""

from collections.abc import Mapping
from typing import Any, Final

from bot.blockkit.blocks import (
    Block,
    View,
    button,
    context,
    divider,
    field_input,
    header,
    modal,
    option,
    section,
    select,
    text_input,
)
from bot.blockkit.form_state import FormState
from bot.blockkit.text import escape, mention
from bot.errors import FieldErrors
from bot.journeys.wellbeing.pure.self_check import (
    QUESTIONS,
    STEPS,
    Question,
    Reading,
    Strain,
    read,
)
from bot.journeys.wellbeing.service import PAGE_FIELD, PAGE_LENGTH, PERSON_FIELD, Help
from bot.languages import _, marked

SELF_CHECK: Final = "self_check"
"""The form's id, and the beginning of the ids of all requests that leave no trace."""
OPEN: Final = f"{SELF_CHECK}:open"
HELP: Final = "wellbeing:help"
HELP_FORM: Final = "wellbeing:help_form"
TITLE: Final = marked("How am I doing?")
MISSING: Final = marked("Please choose one; it helps only if all seven are answered.")
KEPT_NOWHERE: Final = marked(
    "Nothing of this is kept: no answer, no result, not even that you opened it. Nobody sees it "
    "but you."
)
SOURCE: Final = marked(
    "About the questions: they are in our own words. The first is about exhaustion, the core of "
    "burnout (WHO, ICD-11, QD85); the others are about six causes of strain that the <https://www."
    "hse.gov.uk/stress/standards/|HSE Management Standards> name (Open Government Licence v3.0). "
    "They are a reason to pause and think, and no diagnosis."
)
_SAYS: Final = {
    Strain.LITTLE: marked(
        "*Nothing here points to heavy strain.*\nGood. If it feels otherwise, trust that more than "
        "seven questions."
    ),
    Strain.CAUSES: marked(
        "*Some things at work weigh on you.*\nYou don't seem worn out by them so far. That is a "
        "good time to change one of them."
    ),
    Strain.EXHAUSTION: marked(
        "*Work often leaves you worn out, and rest doesn't help.*\nThat says nothing about how "
        "good you are at your work. Please don't carry it alone: talk with somebody this week."
    ),
}


def is_self_check(content: Mapping[str, Any]) -> bool:
    """Return True if a press or a submitted form belongs to the self-check."""
    actions = content.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else None
    view = content.get("view")
    if isinstance(first, dict):
        return str(first.get("action_id")).startswith(f"{SELF_CHECK}:")
    return isinstance(view, dict) and view.get("callback_id") == SELF_CHECK


def self_check_view(*, may_change_help: bool) -> View:
    """Return the form with the seven questions."""
    blocks: list[Block] = [
        section("\n".join([_(KEPT_NOWHERE), _("*In the last four weeks:*")])),
        *(_question(each) for each in QUESTIONS),
    ]
    if may_change_help:
        blocks += [
            divider(),
            section(
                _("Only HR admins see this: the result ends with your company's help."),
                button(_("Change"), HELP),
            ),
        ]
    return modal(_(TITLE), blocks, callback_id=SELF_CHECK, submit=_("Show me"), close=_("Cancel"))


def _question(question: Question) -> Block:
    options = [option(_(step), str(number)) for number, step in enumerate(STEPS)]
    element = select("static_select", question.key, placeholder=_("Choose"), options=options)
    return field_input(_(question.text), element, block_id=question.key)


def reading_in(view: Mapping[str, Any]) -> Reading:
    """Return what the form's answers say; raise FieldErrors for questions without one."""
    state = FormState(view)
    given = {each.key: state.one(each.key) for each in QUESTIONS}
    missing = {key: _(MISSING) for key, step in given.items() if not step.isdecimal()}
    if missing:
        raise FieldErrors(missing)
    try:
        return read({key: int(step) for key, step in given.items()})
    except ValueError:
        raise FieldErrors({QUESTIONS[0].key: _(MISSING)}) from None


def result_view(reading: Reading, help_here: Help) -> View:
    """Return what the answers say, what may help, and where help is."""
    blocks: list[Block] = [section(_(_SAYS[reading.strain]))]
    if reading.causes:
        lines = [f"• *{_(each.cause)}.* {_(each.try_this)}" for each in reading.causes]
        blocks.append(section("\n".join([_("*What may lie behind it*"), *lines])))
    blocks += [
        divider(),
        section(_help_text(help_here)),
        context(_(KEPT_NOWHERE)),
        context(_(SOURCE)),
    ]
    return modal(_(TITLE), blocks, callback_id=SELF_CHECK)


def _help_text(help_here: Help) -> str:
    lines = []
    if help_here.page:
        lines.append(
            _("• <{page}|The help that your company offers>").format(page=escape(help_here.page))
        )
    if help_here.person:
        lines.append(
            _("• {person} has time for you, and keeps it in confidence.").format(
                person=mention(help_here.person)
            )
        )
    lines += [
        _("• Somebody you trust: a friend, a colleague, your doctor."),
        _("• An experienced colleague: `/mentor` finds you one."),
    ]
    return "\n".join([_("*Whom to talk to*"), *lines])


def help_form(help_here: Help) -> View:
    """Return the form in which HR names the company's help."""
    person: dict[str, Any] = {"initial_user": help_here.person} if help_here.person else {}
    return modal(
        _("Help for people"),
        [
            header(_("Where the self-check leads")),
            section(
                _(
                    "`/pulse check-in` keeps nothing. It ends with what you name here, and so do "
                    "the questions of each milestone: there everybody is offered help, whatever "
                    "they answered."
                )
            ),
            field_input(
                _("A page with your company's help"),
                text_input(PAGE_FIELD, max_length=PAGE_LENGTH, initial=help_here.page),
                block_id=PAGE_FIELD,
                hint=_("For example an employee assistance programme: https://…"),
                optional=True,
            ),
            field_input(
                _("A person who listens"),
                select("users_select", PERSON_FIELD, placeholder=_("Nobody"), **person),
                block_id=PERSON_FIELD,
                hint=_("Ask them first. Everybody sees their name there."),
                optional=True,
            ),
        ],
        callback_id=HELP_FORM,
        submit=_("Save"),
        close=_("Cancel"),
    )


def help_in(view: Mapping[str, Any]) -> Help:
    """Read what HR named."""
    state = FormState(view)
    return Help(state.one(PAGE_FIELD).strip() or None, state.user(PERSON_FIELD) or None)


def help_saved_view() -> View:
    """Confirm the help."""
    text = _("Saved. The self-check ends with it from now on.")
    return modal(_("Help for people"), [section(text)], callback_id=HELP_FORM)


def home_blocks() -> list[Block]:
    """Offer the self-check on the Home tab."""
    text = f"*{_(TITLE)}*\n" + " ".join([_("Seven questions for yourself."), _(KEPT_NOWHERE)])
    return [section(text, button(_("Open"), OPEN))]
