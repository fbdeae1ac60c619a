"""The first step of a new survey: begin with a template, or with an empty form."""

from collections.abc import Mapping
from typing import Any, Final

from bot.blockkit.blocks import Block, View, context, modal, section
from bot.blockkit.form_state import FormState
from bot.blockkit.text import plural
from bot.surveys import form_fields
from bot.surveys.form_elements import choice
from bot.surveys.forms import TIMES
from bot.surveys.pure.templates import Template, load_templates

START: Final = "surveys:start"
EMPTY: Final = "empty"


def start_view(template: Template | None = None) -> View:
    """Ask what a new survey begins with, and show what a chosen template asks."""
    names = {EMPTY: "An empty form"} | {key: each.name for key, each in load_templates().items()}
    menu = choice(
        "Begin with",
        form_fields.TEMPLATE,
        names,
        template.key if template else EMPTY,
        hint="You can change everything in the next step.",
        dispatch=True,
    )
    blocks = [menu, *(_shown(template) if template else [])]
    return modal("New survey", blocks, callback_id=START, submit="Next", close="Cancel")


def template_in(view: Mapping[str, Any]) -> Template | None:
    """Return the chosen template; None for an empty form."""
    return load_templates().get(FormState(view).one(form_fields.TEMPLATE))


def _shown(template: Template) -> list[Block]:
    questions = "\n".join(f"• {each}" for each in template.wordings())
    who = "Everyone"
    if template.joined_at_most:
        months = plural(template.joined_at_most, "month")
        who = f"Those who joined in the last {months}"
    often = TIMES[template.cadence].lower()
    return [
        section(template.about),
        section(f"*What it asks*\n{questions}"),
        context(
            f"{who}, {often}. Each time it stays open for {plural(template.open_days, 'day')}."
        ),
    ]
