"""Texts become HTML safely: mrkdwn, plain text and rich text."""

from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.clock import Clock
from sandbox.web.markup import ATTRIBUTES, LISTS, SCHEMES, TABLES, TAGS, tag
from sandbox.web.mrkdwn import mrkdwn, text_html
from sandbox.web.names import Names
from sandbox.web.rich_text import rich_text
from sandbox.workspace import load_workspace
from tests.sandbox.samples import BLOCKS

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
WORLD = load_workspace(clock=Clock(lambda: NOW))
ADA = WORLD.users[next(u.id for u in WORLD.users.values() if u.name == "ada")]
GORO = WORLD.users[next(u.id for u in WORLD.users.values() if u.name == "goro")]
NAMES = Names(WORLD, ADA)
GENERAL = next(c for c in WORLD.channels.values() if c.name == "general")

HOSTILE = [
    "<script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "<javascript:alert(1)|press me>",
    "<JaVaScRiPt:alert(1)|press me>",
    "< javascript:alert(1)|press me>",
    "<data:text/html,<script>alert(1)</script>|x>",
    "<vbscript:x|y>",
    '<https://e.com" onmouseover="alert(1)|x>',
    "*<script>* _</b>_ `<img>` ```<style>*{display:none}</style>```",
    '<@U1" onclick="alert(1)|x>',
    "<!date^1796122800^{date}^javascript:alert(1)|x>",
    "<!subteam^S1|<b>x</b>>",
    "\ue0000\ue001 \ue00099\ue001 `code`",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)}",
]


class Allowed(HTMLParser):
    """Fails on every tag, attribute and address that has no business on the page."""

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        assert name in TAGS | LISTS | TABLES
        for key, value in attributes:
            assert key in ATTRIBUTES
            if key == "href":
                assert str(value).partition(":")[0].lower() in SCHEMES


def assert_safe(html: str) -> None:
    parser = Allowed()
    parser.feed(html)
    parser.close()
    assert "<script" not in html.lower()


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_type_is_never_html(text: str) -> None:
    in_rich_text = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    link = {"type": "rich_text_section", "elements": [{"type": "link", "url": text, "text": text}]}
    assert_safe(mrkdwn(text, NAMES))
    assert_safe(text_html({"type": "plain_text", "text": text}, NAMES))
    assert_safe(rich_text({"elements": [in_rich_text, link, {"type": text}]}, NAMES))


@given(st.text(alphabet="*_~`<>|!@#&;:/^\n\"'\ue000\ue001 ab1", max_size=60))
def test_no_text_breaks_out(text: str) -> None:
    assert_safe(mrkdwn(text, NAMES))


def test_only_listed_tags_can_be_made() -> None:
    with pytest.raises(ValueError, match="script"):
        tag("script", "alert(1)")
    with pytest.raises(ValueError, match="onclick"):
        tag("b", "x", onclick="alert(1)")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold*", "<b>bold</b>"),
        ("_it_ ~st~", "<i>it</i> <s>st</s>"),
        ("*bold _and italic_*", "<b>bold <i>and italic</i></b>"),
        ("snake_case_name and 2*3*4", "snake_case_name and 2*3*4"),
        ("* not bold *", "* not bold *"),
        ("`*raw*`", "<code>*raw*</code>"),
        ("```\na\n*b*\n```", "<pre>a\n*b*</pre>"),
        ("```a```\nb\n\nc", "<pre>a</pre>b<br><br>c"),
        ("one\ntwo", "one<br>two"),
        ("a\n&gt; said\n&gt; more\nb", "a<blockquote>said<br>more</blockquote>b"),
        ("fish &amp; chips &lt;3", "fish &amp; chips &lt;3"),
        ("10:30:45", "10:30:45"),
        ("<!here>", '<span class="mention">@here</span>'),
        (f"<@{GORO.id}>", '<span class="mention">@森 五郎</span>'),
        (f"<@{ADA.id}>", '<span class="mention mention-me">@Ada Okafor</span>'),
        ("<@U0NOBODY|nobody>", '<span class="mention">@nobody</span>'),
        (f"<#{GENERAL.id}>", '<span class="mention">#general</span>'),
    ],
)
def test_mrkdwn(text: str, html: str) -> None:
    assert mrkdwn(text, NAMES) == html


def test_links_open_elsewhere_and_name_where_they_lead() -> None:
    shown = mrkdwn("<https://e.com/a?b=1&amp;c=2|*the* report>", NAMES)
    assert shown == (
        '<a href="https://e.com/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer">'
        "*the* report</a>"
    )
    assert 'href="https://e.com/x_y_z"' in mrkdwn("see https://e.com/x_y_z.", NAMES)
    assert mrkdwn("https://e.com", NAMES, verbatim=True) == "https://e.com"
    assert mrkdwn("<mailto:a@e.com>", NAMES).endswith(">a@e.com</a>")


def test_plain_text_has_no_formatting() -> None:
    assert text_html({"type": "plain_text", "text": "*a* <@U1>"}, NAMES) == "*a* &lt;@U1&gt;"


def test_rich_text() -> None:
    shown = rich_text(BLOCKS["rich_text"], NAMES)
    for expected in ("<i><b>Hello </b></i>", ">a link</a>", "@here", "<ul><li>", "<blockquote>"):
        assert expected in shown
    unknown = {"type": "rich_text_section", "elements": [{"type": "hologram"}]}
    assert "[hologram]" in rich_text({"elements": [unknown]}, NAMES)


@pytest.mark.parametrize(
    ("pattern", "read"),
    [
        ("{date_short_pretty} at {time}", "today at 18:30"),
        ("{date}", "1 December 2026"),
        ("{date_long}, {unknown}", "Tuesday, 1 December 2026, {unknown}"),
    ],
)
def test_moments_are_told_in_the_readers_zone(pattern: str, read: str) -> None:
    tokyo = Names(WORLD, replace(ADA, tz="Asia/Tokyo"))
    moment = int(NOW.replace(minute=30).timestamp())
    assert mrkdwn(f"<!date^{moment}^{pattern}|later>", tokyo) == f"<span>{read}</span>"


@pytest.mark.parametrize(
    ("locale", "read"),
    [
        ("de-DE", "heute, 1. Dezember 2026"),
        ("ja-JP", "今日, 2026年12月1日"),
        ("tr-TR", "1 Aralık 2026, 1 Aralık 2026"),
        ("xx", "today, 1 December 2026"),
    ],
)
def test_moments_are_told_in_the_readers_language(locale: str, read: str) -> None:
    reader = Names(WORLD, replace(ADA, locale=locale))
    moment = f"<!date^{int(NOW.timestamp())}^{{date_pretty}}, {{date}}|later>"
    assert mrkdwn(moment, reader) == f"<span>{read}</span>"


def test_a_moment_that_can_not_be_read_is_its_fallback() -> None:
    assert mrkdwn("<!date^soon^{date}|<b>later</b>>", NAMES).count("<b>") == 0
    assert mrkdwn("<!date^soon^{date}|later>", NAMES) == "<span>later</span>"
