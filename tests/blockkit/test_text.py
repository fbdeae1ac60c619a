"""People's texts arrive whole and change nothing around them."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blockkit.text import code, encode, escape
from sandbox.clock import Clock
from sandbox.web.mrkdwn import mrkdwn
from sandbox.web.names import Names
from sandbox.workspace import load_workspace

WORLD = load_workspace(clock=Clock())
NAMES = Names(WORLD, next(iter(WORLD.users.values())))
FORMATTING = re.compile(r"<(b|i|s|code|pre|blockquote)\b")
AS_TYPED = str.maketrans("∗＿∼ˋ", "*_~`")


def shown(text: str) -> str:
    """Return what somebody reads, with the look-alikes as what they look like."""
    return html.unescape(re.sub(r"<[^>]*>", "", text)).translate(AS_TYPED)


@pytest.mark.parametrize(
    "name",
    [
        "Q3 *bold* _it_",
        "*a* & *b*",
        "`x` ~y~ __z__",
        "snake_case and 5 ~ 6",
        "<!channel> *all*",
        "*",
        "_a",
        "a_",
        "~~~",
        "```x```",
    ],
)
def test_a_name_leaves_the_bold_text_around_it_whole(name: str) -> None:
    drawn = mrkdwn(f"*{escape(name)}* is open", NAMES)
    assert drawn.startswith("<b>"), drawn
    assert drawn.endswith("</b> is open"), drawn
    assert len(FORMATTING.findall(drawn)) == 1, drawn
    assert shown(drawn) == f"{name} is open"


@given(st.text(alphabet="ab *_~`<>&!|", min_size=1, max_size=30))
def test_no_text_formats_anything(text: str) -> None:
    drawn = mrkdwn(f"So: “{escape(text)}”.", NAMES)
    assert not FORMATTING.search(drawn), drawn
    assert shown(drawn) == f"So: “{text}”."


def test_an_underscore_within_a_word_stays_what_it_is() -> None:
    assert escape("team_alpha_2") == "team_alpha_2"


def test_an_address_keeps_its_characters() -> None:
    assert encode("https://x.example/_a*?b&c") == "https://x.example/_a*?b&amp;c"


@pytest.mark.parametrize("typed", ["a`b", "<!channel>", "x" * 39 + "<<", "*b*"])
def test_what_was_typed_stays_within_its_code_span(typed: str) -> None:
    drawn = mrkdwn(f"I don't know {code(typed)}.", NAMES)
    assert drawn.count("<code>") == 1
    assert re.search(r"&(?!amp;|lt;|gt;|#)", drawn) is None
    assert len(code(typed, 10)) <= len("``") + 10 * len("&amp;")


def test_a_persons_text_does_not_turn_ours_around() -> None:
    assert escape("Pulse \u202eesrever \u2067 مرحبا") == "Pulse esrever  مرحبا"
