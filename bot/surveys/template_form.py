"""The first step of a new survey: begin with a template, or with an empty form."""

from collections.abc import Mapping
from typing import Any, Final

from bot.blockkit.blocks import Block, View, context, modal, section
from bot.blockkit.form_state import FormState
from bot.languages import _, marked, plural
from bot.surveys import form_fields
from bot.surveys.form_elements import choice
from bot.surveys.pure.templates import Template, load_templates

START: Final = "surveys:start"
EMPTY: Final = "empty"
OFTEN: Final = {
    "now": marked("once, as soon as I confirm"),
    "weekly": marked("every week"),
    "biweekly": marked("every two weeks"),
    "monthly": marked("every month"),
    "quarterly": marked("every three months"),
}


def start_view(template: Template | None = None) -> View:
    """Ask what a new survey begins with, and show what a chosen template asks."""
    names = {EMPTY: _("An empty form")} | {
        key: _(each.name) for key, each in load_templates().items()
    }
    menu = choice(
        _("Begin with"),
        form_fields.TEMPLATE,
        names,
        template.key if template else EMPTY,
        hint=_("You can change everything in the next step."),
        dispatch=True,
    )
    blocks = [menu, *(_shown(template) if template else [])]
    return modal(_("New survey"), blocks, callback_id=START, submit=_("Next"), close=_("Cancel"))


def template_in(view: Mapping[str, Any]) -> Template | None:
    """Return the chosen template; None for an empty form."""
    return load_templates().get(FormState(view).one(form_fields.TEMPLATE))


def _shown(template: Template) -> list[Block]:
    questions = "\n".join(f"• {_(each)}" for each in template.wordings())
    who = _("Everyone")
    if template.joined_at_most:
        months = plural(template.joined_at_most, "month")
        who = _("Those who joined in the last {months}").format(months=months)
    often = _(OFTEN[template.cadence])
    return [
        section(_(template.about)),
        section(_("*What it asks*\n{questions}").format(questions=questions)),
        context(
            _("{who}, {often}. Each time it stays open for {days}.").format(
                who=who, often=often, days=plural(template.open_days, "day")
            )
        ),
    ]
