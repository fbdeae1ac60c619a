"""Scores how well a mentor suits a mentee: a number in [0, 1] made of named parts.

Every part is in [0, 1]; the score is their mean, weighted as HR sets it. Unknown facts about a
person count as 0.5, so a short profile is no disadvantage.

A round of thousands of people has millions of pairs, so people are encoded into arrays once and
pairs are scored in blocks. A single pair uses the same code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import chain
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.attention.pure.calendars import Calendar, hours_table, hours_together

UNKNOWN: Final = 0.5
ENOUGH_HOURS: Final = 10.0
"""Shared working hours a week above which more make no difference."""
PATIENCE_DAYS: Final = 56
"""Days of waiting that earn the full credit."""
SCALE: Final = 10_000
"""Scores are whole ten-thousandths, so that sums of them compare exactly."""

_ANYTHING: Final = "\0anything"
"""The topic of mentees who named none: every mentor offers it."""

Floats = NDArray[np.float64]
Integers = NDArray[np.integer[Any]]
Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True, slots=True)
class Participant:
    """What matching may know about a person; topics are named by `topics.topic_name`."""

    id: str
    team: str | None = None
    years: float | None = None
    """Years of experience in their profession."""
    languages: frozenset[str] = frozenset()
    calendar: Calendar = field(default_factory=Calendar)
    never_with: frozenset[str] = field(default=frozenset(), repr=False)
    """Confidential: no result of matching may show that it had any effect."""
    paused: bool = False
    away: bool = False

    @property
    def takes_part(self) -> bool:
        """True if the person can be matched now."""
        return not (self.paused or self.away)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mentee(Participant):
    """A person who looks for a mentor; without topics, any mentor will do."""

    wants: frozenset[str] = frozenset()
    waiting_since: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Mentor(Participant):
    """A person who mentors up to `capacity` (0 to 5) people; `taken` places are in use."""

    offers: frozenset[str] = frozenset()
    capacity: int = 1
    taken: int = 0

    @property
    def free_places(self) -> int:
        """How many more mentees the mentor can take now."""
        return max(0, self.capacity - self.taken) if self.takes_part else 0


class ScorePart(StrEnum):
    """The parts of a score; the values are the names of the weights."""

    TOPICS = "topics"
    EXPERIENCE = "experience"
    HOURS = "hours"
    LANGUAGE = "language"
    TEAM = "team"
    WAITING = "waiting"


@dataclass(frozen=True)
class Weights:
    """How much each part counts, in any unit; raises ValueError if none does or one is negative.

    `best_gap_years` is the best mentor's lead over the mentee in years of experience.
    """

    topics: float = 40
    experience: float = 20
    hours: float = 15
    language: float = 10
    team: float = 5
    waiting: float = 10
    best_gap_years: float = 5

    def __post_init__(self) -> None:
        weights = [getattr(self, part) for part in ScorePart]
        if min(weights) < 0 or sum(weights) <= 0:
            raise ValueError("Weights are 0 or more, and at least one is more than 0.")
        if self.best_gap_years <= 0:
            raise ValueError("The best gap in experience is more than 0 years.")

    def shares(self) -> dict[ScorePart, float]:
        """Return the weights as shares that add up to 1."""
        total = sum(getattr(self, part) for part in ScorePart)
        return {part: getattr(self, part) / total for part in ScorePart}


@dataclass(frozen=True)
class MatchReason:
    """One reason for a pair, as data: `values` are topics or languages, `amount` years or hours."""

    part: ScorePart
    values: tuple[str, ...] = ()
    amount: float | None = None


class Scorer:
    """Scores pairs of these mentees and mentors, addressed by their positions."""

    def __init__(
        self, mentees: Sequence[Mentee], mentors: Sequence[Mentor], weights: Weights, now: datetime
    ) -> None:
        self._shares = weights.shares()
        self._best_gap = weights.best_gap_years
        wants = [mentee.wants or {_ANYTHING} for mentee in mentees]
        offers = [mentor.offers | {_ANYTHING} for mentor in mentors]
        self._wants, self._offers = _memberships(wants, offers)
        self._wanted = np.array([len(mentee.wants) for mentee in mentees])
        self._speaks_a, ours = _distinct([mentee.languages for mentee in mentees])
        self._speaks_b, theirs = _distinct([mentor.languages for mentor in mentors])
        self._languages = np.array([[_common_language(a, b) for b in theirs] for a in ours])
        self._years_a, self._years_b = _years(mentees), _years(mentors)
        self._team_a, self._team_b = _codes([p.team for p in mentees], [p.team for p in mentors])
        self._calendar_a, our_calendars = _distinct([mentee.calendar for mentee in mentees])
        self._calendar_b, their_calendars = _distinct([mentor.calendar for mentor in mentors])
        hours = hours_table(our_calendars, their_calendars, now.date())
        self._hours = np.minimum(hours / ENOUGH_HOURS, 1.0)
        waited = [(now - mentee.waiting_since).total_seconds() / 86_400 for mentee in mentees]
        self._waiting = np.clip(np.array(waited) / PATIENCE_DAYS, 0.0, 1.0)

    def pairs(self, start: int, stop: int) -> tuple[Integers, Integers, Integers]:
        """Return rows, columns and scaled scores of these mentees' pairs that share a wanted topic.

        Sorted by row, then column; the scores are whole numbers from 0 to SCALE.
        """
        common = (self._wants[start:stop] @ self._offers.T).tocsr()
        common.sort_indices()
        rows = np.repeat(np.arange(start, stop, dtype=np.int32), np.diff(common.indptr))
        cols = common.indices
        score = np.zeros(len(rows))
        for part, values in self._parts(rows, cols, common.data).items():
            score += self._shares[part] * values
        return rows, cols, np.rint(score * SCALE).astype(np.int32)

    def parts(self, rows: Integers, cols: Integers) -> dict[ScorePart, Floats]:
        """Return the parts of the pairs of mentees `rows` and mentors `cols`."""
        common = self._wants[rows].multiply(self._offers[cols]).sum(axis=1)
        return self._parts(rows, cols, np.asarray(common).ravel())

    def _parts(self, rows: Integers, cols: Integers, common: Floats) -> dict[ScorePart, Floats]:
        wanted = self._wanted[rows]
        return {
            ScorePart.TOPICS: np.where(wanted == 0, UNKNOWN, common / np.maximum(wanted, 1)),
            ScorePart.EXPERIENCE: self._experience(rows, cols),
            ScorePart.HOURS: self._hours[self._calendar_a[rows], self._calendar_b[cols]],
            ScorePart.LANGUAGE: self._languages[self._speaks_a[rows], self._speaks_b[cols]],
            ScorePart.TEAM: _differs(self._team_a[rows], self._team_b[cols]),
            ScorePart.WAITING: self._waiting[rows],
        }

    def _experience(self, rows: Integers, cols: Integers) -> Floats:
        """Rise from 0 at no gap to 1 at the best gap, then fall slowly: x·exp(1 − x)."""
        gap = (self._years_b[cols] - self._years_a[rows]) / self._best_gap
        positive = np.maximum(gap, 0.0)
        return np.where(np.isnan(gap), UNKNOWN, positive * np.exp(1.0 - positive))


def reasons_for(
    mentee: Mentee,
    mentor: Mentor,
    parts: Mapping[ScorePart, float],
    weights: Weights,
    now: datetime,
) -> list[MatchReason]:
    """Return all reasons for a pair whose parts are known, the weightiest first."""
    shares = weights.shares()
    return [
        reason
        for part in sorted(ScorePart, key=lambda part: -shares[part] * parts[part])
        if shares[part] > 0 and (reason := _reason(part, parts[part], mentee, mentor, now.date()))
    ]


def _reason(
    part: ScorePart, value: float, mentee: Mentee, mentor: Mentor, today: date
) -> MatchReason | None:
    shared_topics = tuple(sorted(mentee.wants & mentor.offers))
    shared_languages = tuple(sorted(mentee.languages & mentor.languages))
    if part is ScorePart.TOPICS and shared_topics:
        return MatchReason(part, shared_topics)
    if part is ScorePart.LANGUAGE and shared_languages:
        return MatchReason(part, shared_languages)
    if part is ScorePart.TEAM and value == 1.0:
        return MatchReason(part)
    if part is ScorePart.HOURS and value >= UNKNOWN:
        return MatchReason(part, amount=hours_together(mentee.calendar, mentor.calendar, today))
    known_years = mentee.years is not None and mentor.years is not None
    if part is ScorePart.EXPERIENCE and known_years and value >= UNKNOWN:
        return MatchReason(part, amount=(mentor.years or 0.0) - (mentee.years or 0.0))
    return None


def _memberships(a: Sequence[Any], b: Sequence[Any]) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Return two 0/1 matrices over the same columns, one column for each distinct member."""
    column = {name: n for n, name in enumerate(sorted(set(chain(*a, *b))))}
    return _membership(a, column), _membership(b, column)


def _membership(sets: Sequence[Any], column: Mapping[str, int]) -> sparse.csr_array:
    indices = [column[name] for members in sets for name in sorted(members)]
    starts = np.cumsum([0, *(len(members) for members in sets)])
    shape = (len(sets), max(1, len(column)))
    return sparse.csr_array((np.ones(len(indices)), indices, starts), shape=shape)


def _years(people: Sequence[Participant]) -> Floats:
    return np.array([np.nan if person.years is None else person.years for person in people])


def _codes(a: Sequence[str | None], b: Sequence[str | None]) -> tuple[Integers, Integers]:
    """Give numbers to the distinct values of both; an unknown one is −1."""
    code: dict[str | None, int] = {value: n for n, value in enumerate(dict.fromkeys((*a, *b)))}
    code[None] = -1
    return np.array([code[value] for value in a]), np.array([code[value] for value in b])


def _differs(a: Integers, b: Integers) -> Floats:
    return np.where((a < 0) | (b < 0), UNKNOWN, (a != b).astype(np.float64))


def _common_language(ours: frozenset[str], theirs: frozenset[str]) -> float:
    return float(not ours.isdisjoint(theirs)) if ours and theirs else UNKNOWN


def _distinct(values: Sequence[Value]) -> tuple[Integers, list[Value]]:
    """Return the number of each value, and the distinct values in the order of their numbers."""
    number = {value: n for n, value in enumerate(dict.fromkeys(values))}
    return np.array([number[value] for value in values]), list(number)
