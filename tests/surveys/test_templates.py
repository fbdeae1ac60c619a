"""The templates: each makes a survey that the form takes as it is."""

import pytest

from bot.surveys.filled_forms import form_of_template
from bot.surveys.form_validation import read_survey
from bot.surveys.forms import compose_view
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.templates import Template, load_templates
from sandbox.blockkit import validate_view
from tests.conftest import NOW


@pytest.mark.parametrize("template", load_templates().values(), ids=lambda each: each.key)
def test_a_template_is_a_whole_survey(template: Template) -> None:
    form = form_of_template(template)
    view = compose_view(form)
    assert validate_view(view) == []
    new = read_survey(form, NOW.date())
    assert [question.text for question in new.questions] == template.wordings()
    assert not any(
        driver.only_at_milestones
        for driver in load_bank().drivers
        if driver.key in {question.driver for question in new.questions}
    )


def test_there_are_ten() -> None:
    assert len(load_templates()) == 10
