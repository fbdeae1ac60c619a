"""Texts become HTML safely and in full: mrkdwn, rich text, Markdown, emoji, dates."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.blockkit.examples import RICH_TEXT
from sandbox.clock import Clock
from sandbox.web.emoji import emoji, with_emoji
from sandbox.web.markdown import markdown
from sandbox.web.markup import ATTRIBUTES, SCHEMES, TAGS, tag
from sandbox.web.mrkdwn import mrkdwn, plain, text_html
from sandbox.web.names import Names
from sandbox.web.rich_text import rich_text
from sandbox.workspace import load_workspace

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
WORLD = load_workspace(clock=Clock(lambda: NOW))
ADA = WORLD.users[next(u.id for u in WORLD.users.values() if u.name == "ada")]
GORO = WORLD.users[next(u.id for u in WORLD.users.values() if u.name == "goro")]
NAMES = Names(WORLD, ADA)
IN_TOKYO = Names(WORLD, GORO)
GENERAL = next(c for c in WORLD.channels.values() if c.name == "general")
ENGINEERS = next(g for g in WORLD.usergroups.values() if g.handle == "engineers")

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
    "[x](javascript:alert(1)) ![x](data:text/html,1) <b onclick=x>",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)}",
]


class Allowed(HTMLParser):
    """Fails on every tag, attribute and address that has no business on the page."""

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        assert name in TAGS
        for key, value in attributes:
            assert key in ATTRIBUTES
            if key == "href":
                assert str(value).partition(":")[0].lower() in SCHEMES
            if key == "style":
                assert re.fullmatch(
                    r"background:#\w{6}|list-style-type:[\w-]+;margin-left:[\d.]+rem", str(value)
                )


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
    assert_safe(plain(text))
    assert_safe(markdown(text))
    assert_safe(rich_text({"elements": [in_rich_text, link, {"type": text}]}, NAMES))


@given(st.text(alphabet="*_~`<>|!@#&;:/^\n\"'\ue000\ue001 ab1", max_size=60))
def test_no_text_breaks_out(text: str) -> None:
    assert_safe(mrkdwn(text, NAMES))
    assert_safe(markdown(text))


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
        ("&gt;&gt;&gt; all\nof it", "<blockquote>all<br>of it</blockquote>"),
        ("fish &amp; chips &lt;3", "fish &amp; chips &lt;3"),
        (":wave: :palm_tree: :+1::skin-tone-3: :no_such:", "👋 🌴 👍🏼 :no_such:"),
        ("10:30:45", "10:30:45"),
        ("<!here>", '<span class="mention mention-all">@here</span>'),
        (f"<@{GORO.id}>", '<span class="mention">@森 五郎</span>'),
        (f"<@{ADA.id}>", '<span class="mention mention-me">@Ada Okafor</span>'),
        ("<@U0NOBODY|nobody>", '<span class="mention">@nobody</span>'),
        (f"<#{GENERAL.id}>", '<span class="mention">#general</span>'),
        (f"<!subteam^{ENGINEERS.id}|@x>", '<span class="mention">@engineers</span>'),
    ],
)
def test_mrkdwn(text: str, html: str) -> None:
    assert mrkdwn(text, NAMES) == html


@pytest.mark.parametrize(
    ("style", "name"),
    [("bold", "b"), ("underline", "u"), ("highlight", "mark"), ("client_highlight", "mark")],
)
def test_styles_of_rich_text_show(style: str, name: str) -> None:
    text = {"type": "text", "text": "now", "style": {style: True}}
    section = {"type": "rich_text_section", "elements": [text]}
    assert f"<{name}>now</{name}>" in rich_text({"elements": [section]}, NAMES)


def test_links_open_elsewhere_and_name_where_they_lead() -> None:
    shown = mrkdwn("<https://e.com/a?b=1&amp;c=2|*the* report>", NAMES)
    assert shown == (
        '<a href="https://e.com/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer">'
        "*the* report</a>"
    )
    assert 'href="https://e.com/x_y_z"' in mrkdwn("see https://e.com/x_y_z.", NAMES)
    assert mrkdwn("https://e.com", NAMES, verbatim=True) == "https://e.com"
    assert mrkdwn("<mailto:a@e.com>", NAMES).endswith(">a@e.com</a>")


@pytest.mark.parametrize(
    ("pattern", "shown"),
    [
        ("{date_num} {time}", "2026-12-02 02:00"),
        ("{date_short_pretty}", "tomorrow"),
        ("{date_long}", "Wednesday, 2 December 2026"),
        ("{ago}", "in 8 hours"),
        ("{no_such}", "{no_such}"),
    ],
)
def test_dates_are_in_the_viewers_zone(pattern: str, shown: str) -> None:
    in_eight_hours = int(NOW.timestamp()) + 8 * 3600
    text = f"<!date^{in_eight_hours}^{pattern}|soon>"
    assert f">{shown}</time>" in mrkdwn(text, IN_TOKYO)


def test_a_date_that_cannot_be_told_falls_back() -> None:
    assert mrkdwn("<!date^soon^{date}|next week>", NAMES) == "<span>next week</span>"
    assert mrkdwn("<!date^99999999999999999^{date}|one day>", NAMES) == "<span>one day</span>"


def test_plain_text_has_no_formatting() -> None:
    assert text_html({"type": "plain_text", "text": "*a* <@U1> :wave:"}, NAMES) == (
        "*a* &lt;@U1&gt; 👋"
    )
    assert text_html({"type": "plain_text", "text": ":wave:", "emoji": False}, NAMES) == ":wave:"


def test_rich_text_shows_every_kind_of_formatting() -> None:
    shown = rich_text(RICH_TEXT, NAMES)
    for expected in (
        "<i><b>Hello </b></i>",
        "👋",
        "<code><s> code</s></code>",
        ">a link</a>",
        "@here",
        "background:#F405B3",
        "Tuesday, 1 December 2026 at 11:00",
        "<li>first</li><li>second</li></ul>",
        '<ol start="3"',
        "<blockquote>A quotation</blockquote>",
        "<pre>x = 1<br>y = 2</pre>",
    ):
        assert expected in shown


def test_rich_text_marks_what_it_does_not_know() -> None:
    part = {"type": "rich_text_section", "elements": [{"type": "hologram"}]}
    assert "[hologram]" in rich_text({"elements": [part, {"type": "rich_text_dance"}]}, NAMES)
    assert "[rich_text_dance]" in rich_text({"elements": [{"type": "rich_text_dance"}]}, NAMES)


def test_markdown() -> None:
    shown = markdown("# Results\n\n1. *one*\n2. **two**\n\n> said\n\n```\n<b>\n```\nend `x`")
    assert shown == (
        "<h2>Results</h2><ol><li><i>one</i></li><li><b>two</b></li></ol>"
        "<blockquote>said</blockquote><pre>&lt;b&gt;</pre><p>end <code>x</code></p>"
    )


def test_emoji_come_from_unicode_and_from_slacks_names() -> None:
    assert emoji("tada") == "🎉"
    assert emoji("hotsprings") == "♨️"
    assert emoji("man-shrugging") == "🤷‍♂️"
    assert emoji("female-technologist") == "👩‍💻"
    assert emoji("dog") == "🐶", "Slack's, not Unicode's dog"
    assert emoji("flag-de") == "🇩🇪"
    assert emoji("latin_small_letter_a") is None
    assert with_emoji("a::b :wave:") == "a::b 👋"
