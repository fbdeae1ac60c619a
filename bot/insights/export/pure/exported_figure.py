"""The columns of an export, each with its meaning. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, get_args, get_type_hints

OR_LESS: Final = "or less"
OR_MORE: Final = "or more"

Value = str | bool | int | float | date | None


@dataclass(frozen=True, slots=True)
class ExportedFigure:
    """One published figure, as a row of an export; `MEANINGS` says what each column holds.

    None means "does not apply".
    """

    survey: str
    survey_id: str
    held_on: date
    anonymous: bool
    smallest_group: int
    measure: str
    topic: str
    topic_key: str
    option: str | None
    group_kind: str
    group: str | None
    merged: bool
    n: int
    population: int | None
    members: int | None
    mean: float | None
    mean_limit: str | None
    favourable: float | None
    favourable_limit: str | None
    unfavourable: float | None
    unfavourable_limit: str | None
    score: float | None
    score_limit: str | None
    low: float | None
    high: float | None
    change: float | None
    change_margin: float | None
    change_weeks: int | None


MEANINGS: Final[Mapping[str, str]] = {
    "survey": "name of the survey",
    "survey_id": "identifies the survey, should two have one name",
    "held_on": "day on which this round of the survey began",
    "anonymous": "true if nobody can read who answered what",
    "smallest_group": "the fewest people that a figure of this round is shown for (k)",
    "measure": "what was measured: participation, driver (a topic), question, enps, choice (an "
    "option of a question), sentiment (the mood of comments), theme (what comments are about), or "
    "difference (people in mentoring minus the others)",
    "topic": "the driver, theme or question; of a choice, the question",
    "topic_key": "key of the driver or theme, or position of the question from 0; of a choice, "
    "position.option. It stays the same in all rounds of a survey",
    "option": "of a choice, the option",
    "group_kind": "all (everybody who was asked), team, department, location or mentoring",
    "group": "name of the group; empty for everybody",
    "merged": "true if several groups are shown together, to protect people's privacy",
    "n": "how many people answered, or of a theme how many wrote about it, rounded down to a "
    "multiple of smallest_group",
    "population": "of participation, how many were invited; of sentiment, how many comments there "
    "are; of a theme, how many people commented; of a difference, how many of the others answered",
    "members": "of a group's participation, all invited people of the group, also those whom "
    "figures count elsewhere",
    "mean": "mean from 0 (bad) to 10 (good); of a difference, in points. The smaller the group, "
    "the larger the steps of this and of every other number",
    "mean_limit": f"“{OR_LESS}” or “{OR_MORE}” where mean stands for all values from there on",
    "favourable": "share of favourable answers, 0 to 1; of a choice, of people who chose the "
    "option; of sentiment and themes, of positive comments",
    "favourable_limit": "as mean_limit, for favourable",
    "unfavourable": "share of negative comments, 0 to 1",
    "unfavourable_limit": "as mean_limit, for unfavourable",
    "score": "employee net promoter score, −100 to 100; of a difference, in points",
    "score_limit": "as mean_limit, for score",
    "low": "lower end of the 95 % interval of mean or score",
    "high": "upper end of that interval",
    "change": "difference of mean or score from earlier rounds; of participation and themes, of "
    "the share",
    "change_margin": "the smallest change that chance does not explain; less is no detectable "
    "change",
    "change_weeks": "weeks from the earlier rounds to this one",
}


@dataclass(frozen=True)
class Column:
    """A column of an export."""

    name: str
    kind: type
    """str, bool, int, float or date."""
    can_be_empty: bool
    meaning: str


def _column(name: str, annotation: Any) -> Column:
    kinds = get_args(annotation) or (annotation,)
    return Column(name, kinds[0], type(None) in kinds, MEANINGS[name])


COLUMNS: Final = tuple(
    _column(name, annotation) for name, annotation in get_type_hints(ExportedFigure).items()
)
