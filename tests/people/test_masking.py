"""What is taken out of a comment, and what is left in it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.people.masking import Names, mask

DIRECTORY = Names.of(
    [
        "Maya Lindqvist (she/her)",
        "Ana Lucía Torres",
        "Jörg Müller | Sales",
        "Conor O'Brien",
        "Will Young",
        "Mark Day",
        "Grace Campbell",
        "May Chen",
        "Robert Hughes",
        "Stefan van der Berg",
        "Jo Li",
        "王伟",
        "김지민",
        "דניאל כהן",
        "Ольга Петрова",
        "kofi",
    ]
)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("maya helped, and MAYA LINDQVIST too", "[name] helped, and [name] too"),
        ("Ana Lucia's plan, Lucía's plan", "[name]'s plan, [name]'s plan"),
        ("Ask Mueller, Muller or Müller", "Ask [name], [name] or [name]"),
        ("o'brien’s idea", "[name]’s idea"),
        ("Stefans Idee, Stefan van der Berg dagegen", "[name] Idee, [name] dagegen"),
        ("M. Lindqvist and Maya L. agree", "[name] and [name] agree"),
        ("Rob's leaving and bob stays", "[name]'s leaving and [name] stays"),
        ("Kofi knows", "[name] knows"),
        ("Tell Ольге? Нет, Ольга Петрова", "Tell Ольге? Нет, [name]"),
        ("王伟很好, 지민은 좋아요", "[name]很好, [name]은 좋아요"),
        ("דניאל עוזר", "[name] עוזר"),
        ("I told <@U0MAYA1> and @somebody.new, not @here", "I told [name] and [name], not @here"),
    ],
)
def test_names_are_hidden_however_they_are_written(text: str, masked: str) -> None:
    assert mask(text, DIRECTORY).text == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Will is fair, I trust Will", "[name] is fair, I trust [name]"),
        ("Will we get raises? It will help. WILL IT", "Will we get raises? It will help. WILL IT"),
        ("Mark my words: a grace period", "Mark my words: a grace period"),
        ("Mark's plan, and Grace knows", "[name]'s plan, and [name] knows"),
        ("will young people stay? Will Young does", "will young people stay? [name] does"),
        ("grace campbell is great", "[name] is great"),
        ("since I joined in May; 3 May; May 2026", "since I joined in May; 3 May; May 2026"),
        ("I like May. May is fair", "I like [name]. [name] is fair"),
        ("ask Jo, jo jo", "ask [name], jo jo"),
        ("no holiday for sales, she said of them", "no holiday for sales, she said of them"),
    ],
)
def test_names_that_are_everyday_words_are_told_apart(text: str, masked: str) -> None:
    assert mask(text, DIRECTORY).text == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mail a.b+c@acme.co.uk, now", "mail [email], now"),
        ("see https://x.example/a?b=c or www.acme.de", "see [link] or [link]"),
        ("docs.acme.com/wiki and acme.com", "[link] and [link]"),
        ("call +49 (0)30 1234-56 or 020 7946 0192", "call [phone] or [phone]"),
        ("badge 104233, card 4111 1111 1111 1111", "badge [number], card [number]"),
        ("on 2026-10-31, 31.10.2026 or 2024-2025", "on 2026-10-31, 31.10.2026 or 2024-2025"),
        ("9.00-17.30, 20k, 100 000 euros, 3.14159", "9.00-17.30, 20k, 100 000 euros, 3.14159"),
        ("e.g./i.e. Node.js and/or <!channel> &", "e.g./i.e. Node.js and/or <!channel> &"),
    ],
)
def test_addresses_and_long_numbers_are_hidden(text: str, masked: str) -> None:
    assert mask(text, DIRECTORY).text == masked


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_a_whole_name_never_survives(before: str, after: str) -> None:
    text = f"{before} Ana Lucía Torres {after}"
    masked = mask(text, DIRECTORY)
    assert "Lucía" not in masked.text
    ends = [0, *(each.end for each in masked.hidden)]
    assert all(end <= each.start for end, each in zip(ends, masked.hidden, strict=False))
    assert masked.hidden[-1].end <= len(text)
