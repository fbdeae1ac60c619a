"""Results at the edges: really published waves of unusual companies and histories."""

from datetime import date

from bot.insights import blocks
from bot.insights.heatmap.blocks import heat_map_message
from bot.insights.heatmap.service import HeatMap
from bot.insights.positions import ResultsPart
from bot.insights.pure.sealed_wave import SealedQuestion
from bot.insights.trends.blocks import trend_message
from bot.surveys.pure.scales import Scale
from tests.golden.cases._published import HELD_ON, Teams, results, team, trend, weekly
from tests.golden.cases._waves import WAVE
from tests.golden.shown import Cases

DESIGN = team("4544354544", "5555455545")
SALES = team("3434343434", "4343434343")
SUPPORT = team("2222222122", "2323232323")
SMALL = team("445", "445", silent=1)
FIRST_WEEK: Teams = {"Design": DESIGN, "Sales": SALES, "Support": SUPPORT, "Founders": SMALL}
WEEKS: list[Teams] = [FIRST_WEEK] * 8

TWELVE: Teams = {"Everybody": team("44352", "44353", silent=2), "Founders": team("455", "445", 2)}
ALIKE: Teams = {name: team("4" * 10, "4" * 10) for name in ("Design", "Sales", "Support")}
ONE_IN_TWENTY: Teams = {
    "Design": team("432", "432", silent=47),
    "Sales": team("12", "12", silent=48),
}
RENAMED: Teams = {"Design": DESIGN, "Sales": SALES, "Client Care": SUPPORT}
MERGED: Teams = {"Design": DESIGN, "Customers": [*SALES, *SUPPORT]}
SPLIT: Teams = {
    "Design": DESIGN,
    "Sales": SALES,
    "Support North": SUPPORT[:5],
    "Support South": SUPPORT[5:],
}
HIDDEN: Teams = {**FIRST_WEEK, "Legal": team("12", "12", silent=4)}
PAUSED = [*weekly(4, date(2026, 8, 18)), *weekly(4)]
FORTY = tuple(SealedQuestion(n, f"driver{n:02}", Scale.AGREE, 1) for n in range(40))
FORTY_ANSWERS: Teams = {
    name: [{n: 1 + (person + n) % span for n in range(40)} for person in range(10)]
    for name, span in (("Design", 5), ("Sales", 4), ("Support", 3))
}

OWN = tuple(SealedQuestion(n, "own", Scale.AGREE, 1) for n in range(2))

CASES: Cases = {
    "own-statements": lambda: blocks.results_message(results([FIRST_WEEK], questions=OWN)),
    "own-statements-heat-map": lambda: heat_map_message(
        HeatMap(results([FIRST_WEEK], questions=OWN).wave or WAVE, "team", 0)
    ),
    "first-week": lambda: blocks.results_message(results([FIRST_WEEK])),
    "a-quarter": lambda: blocks.results_message(results([*WEEKS, FIRST_WEEK])),
    "company-of-12": lambda: blocks.results_message(results([TWELVE])),
    "all-alike": lambda: blocks.results_message(results([ALIKE, ALIKE])),
    "one-in-twenty": lambda: blocks.results_message(results([ONE_IN_TWENTY])),
    "a-withheld-team": lambda: blocks.results_message(results([HIDDEN])),
    "renamed": lambda: blocks.results_message(results([*WEEKS, RENAMED, RENAMED])),
    "renamed-trend": lambda: trend_message(trend([*WEEKS, RENAMED, RENAMED])),
    "merged": lambda: blocks.results_message(results([*WEEKS, MERGED])),
    "merged-trend": lambda: trend_message(trend([*WEEKS, MERGED])),
    "split": lambda: blocks.results_message(results([*WEEKS, SPLIT])),
    "split-trend": lambda: trend_message(trend([*WEEKS, SPLIT])),
    "paused": lambda: blocks.results_message(results(WEEKS, PAUSED)),
    "paused-trend": lambda: trend_message(trend(WEEKS, PAUSED)),
    "forty-drivers": lambda: blocks.results_message(
        results([FORTY_ANSWERS], [HELD_ON], questions=FORTY)
    ),
    "forty-drivers-all": lambda: blocks.results_message(
        results([FORTY_ANSWERS], [HELD_ON], questions=FORTY), ResultsPart.DRIVERS
    ),
}
