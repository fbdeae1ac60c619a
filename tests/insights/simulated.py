"""Simulated companies that answer weekly; their figures come from the real gate and rounding."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.insights.pure.figure_history import WaveFigures
from bot.insights.pure.sealed_wave import Responses, SealedQuestion, SealedWave
from bot.surveys.pure.scales import Scale
from tests.insights.sealed import all_figures

FIRST: Final = date(2026, 1, 6)
K: Final = 5
ENPS_POSITION: Final = 99

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Levels = Callable[[int, int, int], float]
"""A driver's level in a team in a wave, all counted from 0, as a difference from the usual one."""


def true_mean(level: float, sd: float) -> float:
    """Return the mean of answers in five steps to a feeling that is normal around a level."""
    limits = NormalDist(level, sd)
    return sum(2.5 * (1 - limits.cdf(bound)) for bound in (1.25, 3.75, 6.25, 8.75))


def stable(_driver: int, _team: int, _wave: int) -> float:
    """Nothing ever changes."""
    return 0.0


def moved(by: float, wave: int, driver: int = 0, team: int = 0) -> Levels:
    """One driver changes in one team, from a wave on."""
    return lambda d, t, w: by if (d, t) == (driver, team) and w >= wave else 0.0


@dataclass(frozen=True)
class Members:
    """Who is in which team, as counts and digests."""

    invited: dict[int, int]
    digests: dict[int, str]

    def replace_one(self, team: int, more: int, rng: np.random.Generator) -> None:
        """Change a team's members, and their number by `more`."""
        self.invited[team] += more
        self.digests[team] = rng.bytes(32).hex()


@dataclass(frozen=True)
class Company:
    """Who is asked, and how they feel.

    The standard deviation of a person's answer is `sd`; two answers of one person to one question
    correlate by `same`. Whether a person answers is drawn anew for each wave, with `habit` as the
    correlation of two waves.
    """

    teams: Sequence[int] = (67,) * 8
    """People invited per team."""
    drivers: int = 12
    answering: float = 0.6
    habit: float = 0.0
    sd: float = 2.4
    same: float = 0.6
    usual: float = 6.0
    with_enps: bool = False
    turnover: float = 0.0
    """The chance that a team has new members in a wave: one person is replaced."""
    team_shock: float = 0.0
    """Standard deviation of a shift that a whole team shares in one wave."""
    levels: Levels = field(default=stable)

    def waves(self, count: int, rng: np.random.Generator) -> Iterator[WaveFigures]:
        """Yield the published figures of `count` weekly waves."""
        teams = range(len(self.teams))
        team_of = np.repeat(np.arange(len(self.teams)), self.teams)
        shape = len(team_of), self.drivers
        lasting, eager = rng.normal(size=shape), rng.normal(size=len(team_of))
        members = Members(
            dict(enumerate(self.teams)), {team: rng.bytes(32).hex() for team in teams}
        )
        limit = NormalDist().inv_cdf(self.answering)
        for wave in range(count):
            for team in np.flatnonzero(rng.random(len(teams)) < self.turnover):
                members.replace_one(int(team), 1 if wave % 2 else -1, rng)
                lasting[np.flatnonzero(team_of == team)[0]] = rng.normal(size=self.drivers)
            fresh = rng.normal(size=shape)
            shock = rng.normal(0, self.team_shock, size=len(teams))[team_of, None]
            levels = [[self.levels(d, team, wave) for d in range(self.drivers)] for team in teams]
            feeling = np.sqrt(self.same) * lasting + np.sqrt(1 - self.same) * fresh
            points = self.usual + np.array(levels)[team_of] + shock + self.sd * feeling
            today = rng.normal(size=len(team_of))
            mood = np.sqrt(self.habit) * eager + np.sqrt(1 - self.habit) * today
            sealed = self._sealed(team_of[mood < limit], points[mood < limit], members)
            yield WaveFigures(FIRST + timedelta(weeks=wave), K, all_figures(sealed))

    def _sealed(self, team_of: Ints, points: Floats, members: Members) -> SealedWave:
        steps = np.clip(np.round(points / 2.5), 0, 4).astype(np.int64) + 1
        columns = {driver: steps[:, driver] for driver in range(self.drivers)}
        questions = [SealedQuestion(d, f"driver{d}", Scale.AGREE, 1) for d in range(self.drivers)]
        if self.with_enps:
            questions.append(SealedQuestion(ENPS_POSITION, "commitment", Scale.ENPS, 1))
            columns[ENPS_POSITION] = np.clip(np.round(points[:, 0] + 1), 0, 10).astype(np.int64)
        names = [f"Team {chr(65 + team)}" for team in range(len(self.teams))]
        return SealedWave(
            k=K,
            questions=questions,
            cohorts={team: {"team": name} for team, name in enumerate(names)},
            invited=members.invited,
            asked=members.invited,
            responses=Responses(team_of, columns),
            comments=[],
            members={"team": {name: members.invited[team] for team, name in enumerate(names)}},
            digests=members.digests,
            secret=b"simulated",
        )
