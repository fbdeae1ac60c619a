"""A wave's results: its published figures, with what changed and what stands out. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from bot.insights.pure.change import CellChange
from bot.insights.pure.resolution import Resolution
from bot.insights.pure.stands_out import Statement
from bot.surveys.pure.closing import least_answers

GROUPS_SHOWN: Final = 5
"""Groups per dimension in an overview."""
GROUPS_ON_A_PAGE: Final = 25


@dataclass(frozen=True)
class PublishedNumber:
    """A published number. At an end of its range it also stands for everything beyond."""

    value: float
    is_least: bool = False
    """True if it stands for this and less."""
    is_most: bool = False
    """True if it stands for this and more."""

    @classmethod
    def of(cls, value: float, n: int, resolution: Resolution) -> "PublishedNumber":
        """Return the published number of a group of n."""
        return cls(value, value <= resolution.least(n), value >= resolution.most(n))


@dataclass(frozen=True)
class Score:
    """The mean of a driver or a question, from 0 to 10, with its 95 % interval."""

    label: str
    n: int
    mean: PublishedNumber
    low: float
    high: float
    favourable: PublishedNumber | None
    """Share, 0 to 1; None if the group is too small for one."""
    change: CellChange | None
    """Against earlier waves; None if there is none to compare with."""
    reversed: bool = False
    """True if disagreeing is the favourable answer."""
    ref: str = ""
    """The driver's key or the question's position, as in `models.insights.Figure.measure_ref`."""


@dataclass(frozen=True)
class Enps:
    """An employee net promoter score, −100 to 100, with its 95 % interval."""

    label: str
    n: int
    score: PublishedNumber
    low: float
    high: float
    change: CellChange | None
    """In points of the score."""
    ref: str = ""
    """The question's position."""


@dataclass(frozen=True)
class Strain:
    """The share of people, 0 to 1, from a step of strain on, with its 95 % interval."""

    label: str
    """What is true of them, such as "feel burned out"."""
    steps: str
    """Which steps count, such as `steps 3 to 5 of 5`."""
    limits: str
    """What it doesn't say, and its source."""
    n: int
    share: PublishedNumber
    low: float
    high: float
    change: CellChange | None
    ref: str = ""
    """The question's position."""


@dataclass(frozen=True)
class Mood:
    """The mood of `n` comments; shares are 0 to 1."""

    n: int
    positive: PublishedNumber
    negative: PublishedNumber
    not_scored: int = 0
    """Comments in another language: the difference of two counts in steps of k."""


@dataclass(frozen=True)
class ThemeResult:
    """What at least `n` people wrote about; shares of their comments' moods are 0 to 1."""

    label: str
    n: int
    positive: PublishedNumber | None
    """None if too few of the comments are scored."""
    negative: PublishedNumber | None
    change: CellChange | None
    """Of its share of the writers, against the weeks before."""


@dataclass(frozen=True)
class ChoiceResult:
    """A single-choice question: the share, 0 to 1, of each option."""

    label: str
    n: int
    shares: tuple[tuple[str, PublishedNumber], ...]


@dataclass(frozen=True)
class GroupResults:
    """Results of a team, department or location, or of several that were merged."""

    dimension: str
    name: str
    is_merged: bool
    answered: int | None
    """In steps of k, like all counts of people who answered; None in the company pulse, where each
    figure has its own."""
    invited: int | None
    members: int | None
    """All its invited people, including those counted elsewhere to protect privacy."""
    scores: tuple[Score, ...]
    """Lowest first."""
    enps: Enps | None
    strain: Strain | None = None


@dataclass(frozen=True)
class StandsOut:
    """A statement about what stands out, with the names of what it is about."""

    statement: Statement
    value: PublishedNumber
    label: str
    """Of the driver, question or theme; empty for participation."""
    also: tuple[str, ...]
    """Further labels that say the same."""


@dataclass(frozen=True)
class WaveResults:
    """Everything published of one wave."""

    wave_id: str
    survey_id: str
    survey_name: str
    held_on: date
    closed_at: datetime
    anonymous: bool
    k: int
    invited: int
    answered: int | None
    """In steps of k; None if too few people answered for any figure."""
    drivers: tuple[Score, ...]
    """Lowest first, like the questions."""
    questions: tuple[Score, ...]
    enps: tuple[Enps, ...]
    choices: tuple[ChoiceResult, ...]
    mood: Mood | None
    groups: tuple[GroupResults, ...]
    """The groups that were read, such as one page; the one that needs most first."""
    hidden: str | None
    """A note such as `3 teams are too small to show alone: they are in the total`."""
    weakness: str | None = None
    """A sentence on what those who did not answer could change, if most did not."""
    ended_early: bool = False
    """True if HR ended it early."""
    not_asked: int = 0
    """Invited people whom the question did not reach, such as people who were away."""
    group_counts: Mapping[str, int] = field(default_factory=dict)
    """The number of all groups per dimension, in the order of the dimensions."""
    stands_out: tuple[StandsOut, ...] = ()
    """At most three, the largest first."""
    named: int | None = None
    """Number of people whose answers HR can read by person; None for an anonymous wave."""
    themes: tuple[ThemeResult, ...] = ()
    """The most frequent first."""
    strains: tuple[Strain, ...] = ()
    is_company_pulse: bool = False
    """True for a week of the company pulse: it shows what came out of pools this week."""

    @property
    def is_hidden(self) -> bool:
        """True if too few people answered to show anything."""
        return self.answered is None and not self.is_company_pulse

    @property
    def scores(self) -> tuple[Score, ...]:
        """The drivers; in a survey of HR's own statements, which have none, the questions."""
        return self.drivers or self.questions

    @property
    def needed(self) -> int:
        """The number of people who must answer before there is any figure."""
        is_early = self.ended_early and self.anonymous
        return least_answers(self.k, self.invited, ended_early=is_early)


@dataclass(frozen=True)
class RunningWave:
    """An open wave; only its participation is known, in steps of k."""

    wave_id: str
    survey_name: str
    closes_at: datetime
    invited: int
    k: int
    at_least: int | None
    """People who answered, rounded down to a multiple of k; None while questions are being sent."""
    asked: int = 0
    """How many people questions have reached while they are being sent."""


@dataclass(frozen=True)
class WaveOption:
    """A published wave, as an option in a menu."""

    wave_id: str
    survey_name: str
    held_on: date


@dataclass(frozen=True)
class Results:
    """The content of `/pulse results`: one wave, and what else there is to see."""

    wave: WaveResults | None
    others: tuple[WaveOption, ...]
    """Published waves, as many as fit in a menu: this survey's first, then the latest."""
    running: tuple[RunningWave, ...]
    asked_for: bool = False
    """True if `running` has only waves of the survey that was asked for."""
