"""Names that are also months, products or foreign words, and people outside the directory."""

from pathlib import Path

import pytest

from bot.masking import Names, mask
from tests.bench.masking import measure, read_comments, read_names

DATA = Path(__file__).parents[1] / "bench" / "data"

DEMO = Names.of(read_names(None))


@pytest.mark.parametrize(
    "text",
    [
        *("The Jan release slipped to Feb and then to Mar.", "Figures for Jan 2025, please"),
        *("Between Jan and Mar we shipped nothing.", "Nothing since Jan, then a lot"),
        *("Our docs run on Hugo", "the Adam optimizer", "Costa Coffee", "Pinto beans again"),
        *("Siri and Alexa misunderstand us", "Tesla, Bosch and Mercedes", "Berg Consulting GmbH"),
        *("Der Berg an Arbeit wächst", "Mein Chef ist fair", "Die Schule und die Liste"),
        *("A mesa de carvalho da sala é linda", "La costa queda lejos de la oficina"),
        *("A mensagem não foi clara", "It's Murphy's law here", "El café está rico"),
        *("See the Mar invoices", "kein Richter, der Wagner-Saal", "My manager kinda forgets"),
    ],
)
def test_months_products_and_foreign_words_stay(text: str) -> None:
    assert mask(text, DEMO).text == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Since Jan took over, a comment by Jan", "Since [name] took over, a comment by [name]"),
        ("Jan told me in Feb. Jan's numbers", "[name] told me in Feb. [name]'s numbers"),
        ("told Jan 2 weeks ago, since Jan joined", "told [name] 2 weeks ago, since [name] joined"),
        ("I like Emma. Group work is bad", "I like [name]. Group work is bad"),
        ("In Jira Adam closed it. Adam builds", "In Jira [name] closed it. [name] builds"),
        ("the new guy, Sebastiaan, is rude", "the new guy, [name], is rude"),
        ("I rely on Hugo, Adam is kind", "I rely on [name], [name] is kind"),
        ("Der Berg hat geschrien, o pinto nunca", "Der [name] hat geschrien, o [name] nunca"),
        ("costa never answers, clara told me", "[name] never answers, [name] told me"),
        ("Dr. Murphy's door", "Dr. [name]'s door"),
        ("a guy named Torsten Rieck", "a guy named [name]"),
        ("a colleague called Nomvula", "a colleague called [name]"),
        ("a tool called Grafana", "a tool called Grafana"),
        ("my teammate shanice was let go", "my teammate [name] was let go"),
        ("my teammate also was let go", "my teammate also was let go"),
        ("Mon chef M. Delacroix me parle", "Mon chef [name] me parle"),
        ("Our CFO Priyanka Whitcombe-Hayes", "Our CFO [name]"),
        ("Hanna Roht and Felipe Brandt", "[name] and [name]"),
        ("hugo lopez, tommy ferreira", "[name], [name]"),
        ("我和陈梅(Mei Chen)，陈经理", "我和[name]([name])，[name]经理"),
        ("田中さんは厳しい", "[name]さんは厳しい"),
    ],
)
def test_people_are_told_from_months_products_and_strangers(text: str, masked: str) -> None:
    assert mask(text, DEMO).text == masked


def test_months_that_are_compared_are_no_people() -> None:
    names = Names.of(["May Chen", "April Jones"])
    for text in (
        "April was hard, May was worse",
        "The March numbers were fine, the April ones not",
    ):
        assert mask(text, names).text == text
    assert mask("May shouts, April shouts", names).text == "[name] shouts, [name] shouts"


@pytest.mark.parametrize(
    ("comments", "masked", "changed"),
    [("masking_outsider.csv", 99, 0), ("masking_everyday.csv", 129, 2)],
)
def test_hostile_comments_are_masked_and_everyday_ones_stay(
    comments: str, masked: int, changed: int
) -> None:
    outcome = measure(read_comments(DATA / comments), DEMO)
    assert outcome.hostile >= 100
    assert outcome.harmless >= 100
    assert outcome.fully_masked >= masked, outcome.missed
    assert len(outcome.changed) <= changed, outcome.changed
