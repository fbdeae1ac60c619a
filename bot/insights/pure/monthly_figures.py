"""The figures of one calendar month: rows of people in, published numbers out. Pure.

A row is something that a person did or met in the month, of one category, and for some subjects how
long it took. Figures are about people: each person weighs the same, however many rows they have, so
nobody moves a share by more than 1/n. Who is counted with whom is the decision of the disclosure
gate, which sees counts of people only.

An attacker may know everybody's team, these rules, and all figures of all months:

- *Watching a figure move.* A month's figures are computed once, after it has ended, and never
  again. A late row, an erased person or a second look change nothing.
- *Subtracting two months.* A row belongs to one month alone, so two months share no row. People do
  what they did before, though: a group's hidden thresholds stay while its members do, as for
  surveys, so repeated months don't average them away (`bot.insights.pure.resolution`).
- *Joining and leaving.* Figures use the team under which surveys count a person, which within a
  quarter changes by nobody or by at least k people.
- *Subtracting two cells.* The gate sees to it: hidden people under a shown cell are none or at
  least k, shown cells never differ by 1 to k − 1. Shares and times pass it with more.
- *Counting.* People are counted in steps of k. Shares and times need `least_for_shares`: of fewer,
  k − 1 people who choose theirs to find out can learn something that holds for all the others.
  Shares come in steps of three people or, with a larger k, of k − 2, and their ends stay hidden.
- *Times.* A median is one person's time, or lies between two. Whatever k − 1 people choose, one of
  the others is faster than the median and one slower, by an unknown amount. A person's own median
  counts once, and the published number is on a scale whose steps are factors: √2 up to 19 people,
  the fourth root of 2 from 20 on, cut off at one hour and at 1,024. Somebody who knows all other
  times learns on which side of a hidden threshold the median is. The interval comes from one spread
  over everybody, as those of surveys do: the ranks on which an interval without any assumption
  rests are people's times, too, and near the ends of a small group.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log2, pi, sqrt
from statistics import NormalDist, median, pstdev
from typing import Final

from bot.insights.pure.resolution import (
    Resolution,
    in_steps,
    least_for_shares,
    share_resolution,
    threshold,
)
from bot.insights.pure.segments import TOTAL, Segment, SegmentCandidates, segment_candidates
from bot.pulse.pure.cohorts import members_digest

PEOPLE: Final = "people"
HOURS: Final = "hours"

LOG_HOURS_RESOLUTION: Final = Resolution(0.0, 10.0, 5.0, (0.25, 0.5), 2.0, 0.5)
"""Binary logarithms of hours: 1 hour to 1,024."""
_WIDER: Final = sqrt(pi / 2)
"""How much wider the error of a median is than that of a mean, in a large normal sample (David and
Nagaraja, Order Statistics, 3rd edition, section 10.3)."""
_95_PERCENT: Final = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Row:
    """One thing of one person in the month."""

    person: str
    category: str
    hours: float | None = None
    """How long it took; None if that is not measured."""


@dataclass(frozen=True)
class MonthSource:
    """What a month's figures are computed from."""

    k: int
    secret: bytes
    """The key of hidden thresholds."""
    categories: Sequence[str]
    """All that there are; the last one's share is what the others leave."""
    rows: Sequence[Row]
    teams: Mapping[str, str | None]
    """The counted team of everybody in the directory."""


@dataclass(frozen=True)
class MonthFigure:
    """One number, in the columns of `models.tallies.MonthlyFigure`."""

    segment: str
    segment_ref: str
    measure: str
    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


def compute_month(source: MonthSource) -> list[MonthFigure]:
    """Compute a month's figures; the first one counts everybody, 0 if too few.

    Raises ValueError for a row of an unknown category.
    """
    if unknown := {row.category for row in source.rows}.difference(source.categories):
        raise ValueError(f"unknown categories: {sorted(unknown)}")
    groups = _Groups(source)
    candidates = groups.candidates()
    if candidates is None:
        return [MonthFigure(TOTAL, "", PEOPLE, 0)]
    return [
        *(
            _figure(segment, PEOPLE, in_steps(groups.count(groups.people, segment), source.k))
            for segment in candidates.segments()
        ),
        *_shares(source, groups, candidates),
        *_times(source, groups, candidates),
    ]


class _Groups:
    """The people with rows, by team; a team is a cohort of the gate, with its number as key."""

    def __init__(self, source: MonthSource) -> None:
        self._source = source
        self._teams = sorted({team or "" for team in source.teams.values()} | {""})
        numbers = {team: number for number, team in enumerate(self._teams)}
        self._number_of = {person: numbers[team or ""] for person, team in source.teams.items()}
        self._nobodys = numbers[""]
        self.people = {row.person for row in source.rows}
        members: defaultdict[int, list[str]] = defaultdict(list)
        for person, number in self._number_of.items():
            members[number].append(person)
        self._digests = {
            number: members_digest(source.secret, people) for number, people in members.items()
        }

    def counts(self, people: set[str]) -> Counter[int]:
        """Count people by team."""
        return Counter(self.team(person) for person in people)

    def count(self, people: set[str], segment: Segment) -> int:
        """Count people in a segment."""
        return sum(self.team(person) in segment.cohorts for person in people)

    def team(self, person: str) -> int:
        """Return the number of a person's team; people who left the directory have none."""
        return self._number_of.get(person, self._nobodys)

    def candidates(self) -> SegmentCandidates | None:
        """Return the segments that may be shown, None if not even the total may."""
        # Also teams without rows: the total's threshold belongs to everybody in the directory.
        cohorts = {number: {"team": team or None} for number, team in enumerate(self._teams)}
        everybody = self.counts({*self._number_of, *self.people})
        return segment_candidates(cohorts, everybody).narrow(
            self.counts(self.people), self._source.k
        )

    def threshold(self, kind: str, segment: Segment) -> float:
        """Return a segment's hidden threshold for a kind of number."""
        digests = (self._digests.get(number, "0") for number in segment.cohorts)
        return threshold(self._source.secret, kind, digests)


def _shares(
    source: MonthSource, groups: _Groups, candidates: SegmentCandidates
) -> Iterator[MonthFigure]:
    """Yield each category's share for segments with enough people."""
    allowed = candidates.narrow(groups.counts(groups.people), least_for_shares(source.k))
    resolution = share_resolution(source.k)
    of_person: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in source.rows:
        of_person[row.person][row.category] += 1
    for segment in allowed.segments() if allowed else ():
        own = [each for person, each in of_person.items() if groups.team(person) in segment.cohorts]
        n = in_steps(len(own), source.k)
        hidden = groups.threshold("month share", segment)
        shares = [
            resolution.rounded_symmetrically(
                sum(each[category] / each.total() for each in own) / len(own), n, hidden
            )
            for category in source.categories[:-1]
        ]
        # Rounded by itself, the last share would reveal the threshold by the sum of all.
        least, most = resolution.least(n), resolution.most(n)
        shares.append(round(min(max(1 - sum(shares), least), most), 6))
        for category, share in zip(source.categories, shares, strict=True):
            yield _figure(segment, category, n, share)


def _times(
    source: MonthSource, groups: _Groups, candidates: SegmentCandidates
) -> Iterator[MonthFigure]:
    """Yield the median time with its interval for segments with times of enough people."""
    of_person: defaultdict[str, list[float]] = defaultdict(list)
    for row in source.rows:
        if row.hours is not None:
            of_person[row.person].append(row.hours)
    logs = {person: _log(median(hours)) for person, hours in of_person.items()}
    allowed = candidates.narrow(groups.counts(set(logs)), least_for_shares(source.k))
    spread = usual_spread(list(logs.values()))
    for segment in allowed.segments() if allowed else ():
        own = [each for person, each in logs.items() if groups.team(person) in segment.cohorts]
        hidden = groups.threshold("month time", segment)
        value, low, high = rounded_median(own, source.k, spread, hidden)
        yield _figure(segment, HOURS, in_steps(len(own), source.k), value, low, high)


def _log(hours: float) -> float:
    return log2(min(max(hours, 1.0), 1024.0))


def usual_spread(logs: Sequence[float]) -> float:
    """Return the standard deviation behind a month's intervals, given everybody's logarithms."""
    return LOG_HOURS_RESOLUTION.spread(pstdev(logs) if logs else 0.0, len(logs))


def rounded_median(
    logs: Sequence[float], k: int, spread: float, threshold_: float
) -> tuple[float, float, float]:
    """Return a group's median and its interval of 95 %, in hours, given the times' logarithms.

    The interval takes the times to be spread around one middle, and includes what rounding adds.
    """
    scale, n = LOG_HOURS_RESOLUTION, in_steps(len(logs), k)
    middle = scale.rounded(median(logs), n, threshold_)
    margin = _95_PERCENT * scale.error(n, k, _WIDER * spread)
    low, high = max(scale.lowest, middle - margin), min(scale.highest, middle + margin)
    return round(2**middle, 1), round(2**low, 1), round(2**high, 1)


def _figure(
    segment: Segment,
    measure: str,
    n: int,
    value: float | None = None,
    low: float | None = None,
    high: float | None = None,
) -> MonthFigure:
    return MonthFigure(segment.dimension, segment.name, measure, n, value, low, high)
