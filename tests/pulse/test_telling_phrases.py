"""Which ways of writing the author of a comment is warned of."""

import pytest

from bot.pulse.pure.telling_phrases import find_phrases


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("As the only woman in the room I wait", "As the only woman in the"),
        ("I think my manager Carla is fair", "my manager Carla"),
        ("Nothing changed since I joined in March.", "since I joined in March"),
        ("In my team of two it works", "team of two"),
        ("When I was on parental leave nobody wrote", "on parental leave"),
        ("As a mother I need it", "As a mother"),
        ("I’m pregnant and tired", "I’m pregnant"),
        ("as I told HR last week", "as I told HR last week"),
        ("All good.\nThanks,\nKofi", "Thanks,\nKofi"),
        ("please call me", "call me"),
        ("Ask the only woman in Legal", "the only woman in Legal"),
        ("our Lisbon office manager is rude", "our Lisbon office manager"),
        ("I blame the CFO", "the CFO"),
        ("the head of design left", "the head of design"),
    ],
)
def test_telling_phrases_are_found_as_they_stand(text: str, words: str) -> None:
    [phrase] = find_phrases(text)
    assert phrase.words == words
    assert phrase.says


@pytest.mark.parametrize(
    "text",
    [
        "my manager cancels our 1:1",
        "the only thing that helps is coffee",
        "i like coming to work, the team is great",
        "the deadline is in March",
        "",
    ],
)
def test_harmless_comments_warn_of_nothing(text: str) -> None:
    assert find_phrases(text) == ()
