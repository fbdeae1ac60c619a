"""Waves that were really published: answers through the gate, the comparison and the assembly.

Nothing is drawn at random, so that golden files stay the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta

from bot.insights.overview_wording import gap_to_company
from bot.insights.publishing import Publication, PublicationInput, compute_publication
from bot.insights.pure.figure_history import Cell, WaveFigures
from bot.insights.pure.published_figure import PublishedFigure
from bot.insights.pure.sealed_wave import SealedQuestion
from bot.insights.pure.segments import MERGED_NOTE
from bot.insights.trends.service import TEAMS_DRAWN, Trend, TrendSource, find_trend
from bot.insights.wave_assembly import assemble
from bot.insights.wave_results import GROUPS_SHOWN, Results, WaveOption, WaveResults
from bot.masking import Names
from bot.surveys.pure.scales import Scale
from models import Figure, Survey, SurveyQuestion, Wave
from tests.insights.sealed import People, sealed

HELD_ON = date(2026, 11, 3)
K = 5
NO_NAMES = Names.of(())
QUESTIONS = (
    SealedQuestion(0, "workload", Scale.AGREE, 1),
    SealedQuestion(1, "growth", Scale.AGREE, 1),
    SealedQuestion(2, "commitment", Scale.ENPS, 1),
)
Teams = Mapping[str, People]


def team(workload: str, growth: str, silent: int = 0, enps: int = 8) -> People:
    """Return a team's answers, a digit per person and question; `silent` people did not answer."""
    answers = [
        {0: int(one), 1: int(other), 2: enps} for one, other in zip(workload, growth, strict=True)
    ]
    return [*answers, *[None] * silent]


def weekly(count: int, newest: date = HELD_ON) -> list[date]:
    """Return the days of a weekly survey's waves, oldest first."""
    return [newest - timedelta(weeks=weeks) for weeks in reversed(range(count))]


def results(
    waves: Sequence[Teams],
    days: Sequence[date] | None = None,
    questions: Sequence[SealedQuestion] = QUESTIONS,
) -> Results:
    """Return what HR reads of the newest wave; waves are oldest first."""
    return _all(waves, days, questions)[0]


def trend(waves: Sequence[Teams], days: Sequence[date] | None = None) -> Trend:
    """Return the trend of workload up to the newest wave."""
    found, history = _all(waves, days, QUESTIONS)
    assert found.wave
    newest = {
        figure.segment_ref: figure
        for figure in history[-1].figures
        if (figure.measure, figure.segment) == ("driver", "team")
        and figure.measure_ref == "workload"
        and figure.note is None
    }
    lowest = sorted(newest, key=lambda name: (newest[name].mean or 0.0, name))[:TEAMS_DRAWN]
    cells = [Cell("driver", "workload", "all", "")]
    cells += [Cell("driver", "workload", "team", name) for name in lowest]
    source = TrendSource(found.wave, tuple(cells), (None,) * len(cells), tuple(history), False)
    return find_trend(source)


def _all(
    waves: Sequence[Teams], days: Sequence[date] | None, questions: Sequence[SealedQuestion]
) -> tuple[Results, list[WaveFigures]]:
    held = days or weekly(len(waves))
    history: list[WaveFigures] = []
    merged: dict[str, list[list[str]]] = {}
    for day, teams in zip(held, waves, strict=True):
        published = _publish(teams, questions, day, history, merged)
        history.append(WaveFigures(day, K, published.figures))
        merged = {"team": [list(f.segment_values) for f in published.figures if _is_merged(f)]}
    shown = _assembled(published, questions, held[-1], waves[-1])
    options = tuple(WaveOption(f"w{n}", "Weekly pulse", day) for n, day in enumerate(held[::-1]))
    return Results(shown, options, ()), history


def _is_merged(figure: PublishedFigure) -> bool:
    return figure.measure == "participation" and figure.note == MERGED_NOTE


def _publish(
    teams: Teams,
    questions: Sequence[SealedQuestion],
    day: date,
    earlier: Sequence[WaveFigures],
    merged: Mapping[str, list[list[str]]],
) -> Publication:
    wave = sealed(questions, _cohorts(teams), members=_members(teams), merged_before=merged)
    about = WaveFigures(day, K, ())
    return compute_publication(
        PublicationInput("T1", "w0", wave, NO_NAMES, True, about, tuple(earlier))
    )


def _cohorts(teams: Teams) -> dict[str, People]:
    """Return the answers by what cohorts keep of a team: nothing, if it has fewer than k people."""
    kept: dict[str, People] = {}
    for name, people in teams.items():
        label = name if len(people) >= K else ""
        kept[label] = [*kept.get(label, ()), *people]
    return kept


def _members(teams: Teams) -> dict[str, dict[str, int]]:
    return {"team": {name: len(people) for name, people in teams.items()}}


def _assembled(
    published: Publication, questions: Sequence[SealedQuestion], day: date, teams: Teams
) -> WaveResults:
    survey = Survey(id="s1", workspace_id="T1", name="Weekly pulse")
    survey.questions = [
        SurveyQuestion(
            position=each.position,
            text=f"A statement about {each.driver}.",
            driver=each.driver,
            scale=each.scale,
            direction=each.direction,
            options=[],
        )
        for each in questions
    ]
    wave = Wave(
        id="w0",
        survey_id="s1",
        held_on=day,
        anonymous=True,
        min_group_size=K,
        invited=sum(len(people) for people in teams.values()),
        sealed_at=datetime(day.year, day.month, day.day, 9, tzinfo=UTC) + timedelta(days=3),
        stands_out=[asdict(each) for each in published.stands_out],
    )
    figures = [Figure(**asdict(each)) for each in published.figures]
    found = assemble(survey, wave, figures)
    groups = sorted(
        found.groups,
        key=lambda each: (each.is_merged, gap_to_company(each, found.scores) or 0.0),
    )
    counts = {"team": len(groups)} if groups else {}
    return replace(found, groups=tuple(groups[:GROUPS_SHOWN]), group_counts=counts)
