"""Why a group is missing: what HR is told never says which rule hid it, nor how many answered."""

import re
from collections import Counter, defaultdict
from dataclasses import replace

from bot.insights.missing.blocks import why_message
from bot.insights.missing.service import WaveGroups
from bot.insights.pure.group_standing import GroupStanding, PublishedGroup, Standing, standings
from bot.insights.pure.published_figure import PublishedFigure
from tests.attacks.companies import Played, company, seal
from tests.insights.sealed import all_figures
from tests.journeys.stage import text_of

COMPANIES = range(30)
NUMBERS = re.compile(r"\d+")


def teams_of(played: Played) -> tuple[Counter[str], Counter[str]]:
    """Return how many people of each team were invited, and how many answered: the truth."""
    invited, answered = Counter[str](), Counter[str]()
    for person, cohort in played.cohort_of.items():
        team = played.wave.cohorts[cohort].get("team")
        if team:
            invited[team] += 1
            answered[team] += bool(played.replies[person])
    return invited, answered


def published_in(figures: list[PublishedFigure]) -> list[PublishedGroup]:
    return [
        PublishedGroup(each.segment_ref, each.segment_values)
        for each in figures
        if (each.measure, each.segment) == ("participation", "team")
    ]


def told(group: GroupStanding, k: int) -> str:
    """Return what HR reads about a group, without its name and its number of people."""
    anonymous = replace(group, name="A", within="B" if group.within else None)
    message = why_message(WaveGroups("w", "S", k, True, (group,)), [anonymous], "A")
    return NUMBERS.sub("", text_of({"blocks": message.blocks}))


def test_the_words_do_not_tell_how_many_answered() -> None:
    words: defaultdict[Standing, set[str]] = defaultdict(set)
    enough: defaultdict[Standing, set[bool]] = defaultdict(set)
    for seed in COMPANIES:
        played = seal(company(seed))
        k = played.wave.k
        invited, answered = teams_of(played)
        published = published_in(all_figures(played.wave))
        for group in standings("team", invited, published, k):
            words[group.standing].add(told(group, k))
            enough[group.standing].add(answered[group.name] >= k)
    assert {len(words[each]) for each in (Standing.TOGETHER, Standing.WITHHELD)} == {1}
    # Groups of either size stand behind the same words, so the words do not tell them apart.
    assert enough[Standing.TOGETHER] == {True, False}
    assert enough[Standing.ALONE] == {True}


def test_a_group_that_is_shown_alone_is_never_called_missing() -> None:
    for seed in COMPANIES:
        played = seal(company(seed))
        invited, _ = teams_of(played)
        published = published_in(all_figures(played.wave))
        alone = {each.values[0] for each in published if len(each.values) == 1}
        found = standings("team", invited, published, played.wave.k)
        assert {each.name for each in found if each.standing is Standing.ALONE} == alone - {""}
