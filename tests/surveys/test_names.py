"""Names that Attune gave to surveys are shown in the reader's language; HR's own are not."""

import pytest

from bot.insights.wellbeing.service import NAME
from bot.journeys.pure.milestones import MILESTONES
from bot.languages import LANGUAGES, SOURCE, speaking
from bot.pulse.company.forms import COMPANY_PULSE
from bot.surveys.pure.names import is_part, shown_name, spellings

OWN = (NAME, COMPANY_PULSE, *(each.name for each in MILESTONES))


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != SOURCE])
def test_attunes_own_names_are_translated(language: str) -> None:
    with speaking(language):
        assert [name for name in OWN if shown_name(name) == name] == []


@pytest.mark.parametrize("name", ["Weekly pulse", "Save", "Team check-in"])
def test_names_of_hr_stay_although_the_catalogue_has_such_texts(name: str) -> None:
    with speaking("de"):
        assert shown_name(name) == name


def test_a_name_is_found_as_it_is_stored_and_as_it_is_shown() -> None:
    with speaking("de"):
        assert spellings("Wellbeing") == {"wellbeing", "wohlbefinden"}
        assert is_part("tag 30", "New here: day 30")
        assert is_part("day 30", "New here: day 30")
        assert not is_part("tag 60", "New here: day 30")
