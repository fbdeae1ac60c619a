"""The demo's company as its past's figures: who answers what, through real cohorts and the gate."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bot.insights.pure.figure_history import WaveFigures
from bot.insights.pure.sealed_wave import Responses, SealedQuestion, SealedWave
from bot.pulse.pure.cohorts import Attributes, assign_cohorts, members_digest
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.scales import VALUE_RANGES
from sandbox.demo.company import DemoPerson, brightwater
from sandbox.demo.moods import HISTORY_WEEKS, Moods, Occasion
from sandbox.demo.setup import ONBOARDING_QUESTIONS, WEEKLY_QUESTIONS
from tests.insights.sealed import all_figures

BEGAN: Final = datetime(2026, 8, 17, 6, tzinfo=UTC)
K: Final = 5
SECRET: Final = b"the demo's"


def weekly_pulse(seed: int = 11, weeks: int = HISTORY_WEEKS) -> list[WaveFigures]:
    """Return the waves of what everybody is asked."""
    return [WaveFigures(on, K, all_figures(wave)) for on, wave in sealed_weekly(seed, weeks)]


def settling_in(seed: int = 11, weeks: int = HISTORY_WEEKS) -> list[WaveFigures]:
    """Return the waves of what newcomers are asked every other week."""
    return [WaveFigures(on, K, all_figures(wave)) for on, wave in sealed_settling_in(seed, weeks)]


def sealed_weekly(seed: int, weeks: int = HISTORY_WEEKS) -> Iterator[tuple[date, SealedWave]]:
    """Yield the sealed waves of what everybody is asked, with their days."""
    return _waves(brightwater(BEGAN.date()).people, WEEKLY_QUESTIONS, seed, range(weeks))


def sealed_settling_in(seed: int, weeks: int = HISTORY_WEEKS) -> Iterator[tuple[date, SealedWave]]:
    """Yield the sealed waves of what newcomers are asked every other week, with their days."""
    company = brightwater(BEGAN.date())
    return _waves(company.newcomers, ONBOARDING_QUESTIONS, seed, range(0, weeks, 2))


def _waves(
    people: Sequence[DemoPerson], keys: Sequence[str], seed: int, weeks: Sequence[int]
) -> Iterator[tuple[date, SealedWave]]:
    moods = Moods(BEGAN)
    cohorts = _cohorts(people)
    for number, week in enumerate(weeks):
        now = BEGAN + timedelta(days=7 * week + 1)
        occasions = {each.id: Occasion(moods, each, 2 * number + 1, seed) for each in people}
        reminders = {each.id: Occasion(moods, each, 2 * number + 2, seed) for each in people}
        answers = [
            _answers(person, occasion, keys, cohorts, now)
            for person, occasion in occasions.items()
            if occasion.answers or reminders[person].answers
        ]
        yield now.date(), _sealed(keys, answers, cohorts)


def _answers(
    person: str,
    occasion: Occasion,
    keys: Sequence[str],
    cohorts: Mapping[int, tuple[Attributes, Sequence[str]]],
    now: datetime,
) -> list[int]:
    """Return a person's cohort and answers."""
    row = [next(number for number, (_, members) in cohorts.items() if person in members)]
    for key in keys:
        question = load_bank().get(key)
        values = VALUE_RANGES[question.scale]
        row.append(values[occasion.choose(question.wording, len(values), now)])
    return row


def _cohorts(people: Sequence[DemoPerson]) -> dict[int, tuple[Attributes, Sequence[str]]]:
    attributes = {
        each.id: Attributes(each.team.name, each.team.department, None, each.place.name)
        for each in people
    }
    together: dict[Attributes, list[str]] = {}
    for person, coarsened in assign_cohorts(attributes, K + 1).items():
        together.setdefault(coarsened, []).append(person)
    return dict(enumerate(together.items()))


def _sealed(
    keys: Sequence[str],
    answers: Sequence[Sequence[int]],
    cohorts: Mapping[int, tuple[Attributes, Sequence[str]]],
) -> SealedWave:
    questions = [load_bank().get(key) for key in keys]
    return SealedWave(
        k=K,
        questions=[
            SealedQuestion(position, each.driver, each.scale, each.direction)
            for position, each in enumerate(questions)
        ],
        cohorts={number: asdict(attributes) for number, (attributes, _) in cohorts.items()},
        invited={number: len(members) for number, (_, members) in cohorts.items()},
        asked={number: len(members) for number, (_, members) in cohorts.items()},
        responses=Responses.of(range(len(keys)), answers),
        comments=[],
        digests={n: members_digest(SECRET, members) for n, (_, members) in cohorts.items()},
        secret=SECRET,
    )
