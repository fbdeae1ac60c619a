"""The prepared survey about wellbeing: what it asks, and in which week. Pure.

Each week it asks everybody one question about one of six causes of strain, in turn; every fourth
week also how burned out they feel. So nobody gets more than two questions. Where the company pulse
runs as well, it counts them within its own limit.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

WELLBEING: Final = "wellbeing"
"""Its name in `models.Survey.prepared`."""
BURNOUT: Final = "wellbeing_burnout"
"""The bank's question on burnout, at position 0."""
CAUSES: Final[Mapping[str, str]] = {
    "demands": "workload_normal_hours",
    "control": "autonomy_own_way",
    "support": "manager_available",
    "relationships": "belonging_at_ease",
    "role": "role_know_expected",
    "change": "change_reasons",
}
"""The bank's question about each cause, in the order of HSE's Management Standards, at positions 1
to 6. Each belongs to the driver that covers the cause."""
WEEKS_BETWEEN_BURNOUT: Final = 4
MOST_TOGETHER: Final = 2
"""Questions for a person in a week from the company pulse and this survey together, unless HR
allows the company pulse more by itself."""


def question_keys() -> tuple[str, ...]:
    """Return the keys of its questions in the bank, by position."""
    return BURNOUT, *CAUSES.values()


def positions_on(starts_on: date, held_on: date) -> tuple[int, ...]:
    """Return the positions of the questions that its wave on a day asks.

    `starts_on` is the day of its first wave. A wave that did not take place is left out: its cause
    comes again in the next round.
    """
    week = (held_on - starts_on).days // 7
    cause = 1 + week % len(CAUSES)
    return (0, cause) if week % WEEKS_BETWEEN_BURNOUT == 0 else (cause,)


def questions_in_week(starts_on: date, day: date) -> int:
    """Return how many questions it asks in a day's week, Monday to Sunday."""
    held_on = day - timedelta(days=day.weekday() - starts_on.weekday())
    return len(positions_on(starts_on, held_on)) if held_on >= starts_on else 0
