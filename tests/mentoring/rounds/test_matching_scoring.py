from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.attention.pure.calendars import Calendar
from bot.mentoring.rounds.pure.scoring import (
    MatchReason,
    Mentee,
    Mentor,
    ScorePart,
    Weights,
)
from tests.mentoring.rounds.scoring import explain, score, score_parts

NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)
BERLIN = Calendar("Europe/Berlin")
MENTEE = Mentee(
    id="A",
    team="Web",
    years=2,
    languages=frozenset({"en", "de"}),
    calendar=BERLIN,
    wants=frozenset({"Go", "Rust"}),
    waiting_since=NOW - timedelta(days=28),
)
MENTOR = Mentor(
    id="B",
    team="Data",
    years=7,
    languages=frozenset({"en"}),
    calendar=BERLIN,
    offers=frozenset({"Go", "SQL"}),
)


def test_parts_of_a_known_pair() -> None:
    assert score_parts(MENTEE, MENTOR, Weights(), NOW) == pytest.approx(
        {
            ScorePart.TOPICS: 0.5,
            ScorePart.EXPERIENCE: 1.0,
            ScorePart.HOURS: 1.0,
            ScorePart.LANGUAGE: 1.0,
            ScorePart.TEAM: 1.0,
            ScorePart.WAITING: 0.5,
        }
    )
    assert score(MENTEE, MENTOR, Weights(), NOW) == pytest.approx(
        0.2 + 0.2 + 0.15 + 0.1 + 0.05 + 0.05
    )


def test_what_is_not_known_counts_as_half() -> None:
    parts = score_parts(Mentee(id="A", waiting_since=NOW), Mentor(id="B"), Weights(), NOW)
    assert [
        parts[part]
        for part in (ScorePart.TOPICS, ScorePart.EXPERIENCE, ScorePart.LANGUAGE, ScorePart.TEAM)
    ] == [0.5] * 4
    assert parts[ScorePart.WAITING] == 0.0


def test_best_mentor_is_some_years_ahead() -> None:
    def experience(years: float) -> float:
        return score_parts(MENTEE, replace(MENTOR, years=years), Weights(), NOW)[
            ScorePart.EXPERIENCE
        ]

    assert experience(1) == experience(2) == 0.0
    assert experience(4) < experience(6) < experience(7) == 1.0
    assert experience(7) > experience(12) > experience(32) > 0.0


def test_zones_apart_share_fewer_hours() -> None:
    far = replace(MENTOR, calendar=Calendar("America/New_York", days=frozenset({0, 1, 2})))
    assert score_parts(MENTEE, far, Weights(), NOW)[ScorePart.HOURS] == pytest.approx(0.6)
    farther = replace(MENTOR, calendar=Calendar("Pacific/Auckland"))
    assert score_parts(MENTEE, farther, Weights(), NOW)[ScorePart.HOURS] == 0.0


def test_weights_change_the_score_and_stay_within_bounds() -> None:
    only_topics = Weights(topics=3, experience=0, hours=0, language=0, team=0, waiting=0)
    assert score(MENTEE, MENTOR, only_topics, NOW) == pytest.approx(0.5)
    with pytest.raises(ValueError, match="0 or more"):
        Weights(topics=-1)
    with pytest.raises(ValueError, match="at least one"):
        Weights(0, 0, 0, 0, 0, 0)
    with pytest.raises(ValueError, match="0 years"):
        Weights(best_gap_years=0)


def test_three_reasons_and_nothing_confidential() -> None:
    reasons = explain(MENTEE, MENTOR, Weights(), NOW)
    assert reasons == [
        MatchReason(ScorePart.TOPICS, ("Go",)),
        MatchReason(ScorePart.EXPERIENCE, amount=5),
        MatchReason(ScorePart.HOURS, amount=40.0),
    ]
    every_reason = explain(MENTEE, MENTOR, Weights(), NOW, limit=9)
    assert {reason.part for reason in every_reason} == set(ScorePart) - {ScorePart.WAITING}
    stranger = Mentor(
        id="C", team="Web", never_with=frozenset({"X"}), calendar=Calendar("Pacific/Auckland")
    )
    assert explain(MENTEE, stranger, Weights(), NOW) == []
