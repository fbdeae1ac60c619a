"""The dossier in every language: all of it, but for what HR wrote."""

import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import pytest

from bot.languages import LANGUAGES, SOURCE, speaking
from bot.rights.council.asked import STATUSES
from bot.rights.council.facts import AskedQuestion, AskedSurvey
from bot.rights.council.page import council_page
from bot.rights.council.pure.quotes import quoted_list, quoted_table
from bot.rights.public_record import (
    OPERATOR_ACTIONS,
    EarlyEnd,
    OperatorAct,
    PeopleMoved,
    SurveyMade,
)
from bot.surveys.audience import Audience, AudienceKind
from bot.surveys.pure.scales import Scale
from bot.surveys.pure.schedule import Cadence
from tests.rights.test_council import FACTS, HERE, SURVEY, parsed

WORDS_IN_COMMON = 5
"""So many words in a row of the English dossier are a sentence that was forgotten."""
FRENCH_LAW = "art. L. 2312-38 Code du travail"
DAY = FACTS.made_on
TRANSLATED = sorted(set(LANGUAGES) - {SOURCE})


class Page(HTMLParser):
    """Collects a page's texts, without code, and notes elements that are not closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.language = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.language = self.language or dict(attrs).get("lang") or ""
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"code", "style"} & set(self.open):
            self.texts.append(data)


@cache
def dossiers(language: str) -> list[str]:
    """Return dossiers that say between them all that there is to say."""
    questions = tuple(AskedQuestion("Q", "T", scale, ("Tea", "Milk")) for scale in Scale)
    surveys = [
        replace(SURVEY, audience=Audience(kind, "Ops"), questions=questions)
        for kind in AudienceKind
    ]
    surveys += [
        AskedSurvey("S", Audience(AudienceKind.EVERYONE, ""), cadence, False, status, ())
        for cadence in Cadence
        for status in STATUSES
    ]
    record = replace(
        FACTS.record,
        by_operator=tuple(
            OperatorAct(DAY, action, None, None, None, 2) for action in OPERATOR_ACTIONS
        ),
        surveys=(
            SurveyMade(DAY, "U1", "S", Audience(AudienceKind.EVERYONE, ""), 9, "workload"),
            EarlyEnd(DAY, "U1", "S", 9, 5, None),
            PeopleMoved(DAY, "U1", 3),
        ),
    )
    full = replace(FACTS, surveys=tuple(surveys), record=record)
    empty = replace(
        FACTS, surveys=(), looks=(), managers_see_team=False, admins=(), owner=None,
        record=replace(record, quotes_comments=True),
    )  # fmt: skip
    with speaking(language):
        return [
            council_page(full, HERE),
            council_page(empty, replace(HERE, is_encrypted=True, guests=True)),
        ]


def runs_of_words(texts: list[str]) -> set[tuple[str, ...]]:
    """Return every run of words within one text."""
    found = set()
    for text in texts:
        words = re.findall(r"[\w'’-]*[^\W\d_][\w'’-]*", text.casefold())
        found |= {
            tuple(words[start : start + WORDS_IN_COMMON])
            for start in range(len(words) - WORDS_IN_COMMON + 1)
        }
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_whole_and_says_its_language(language: str) -> None:
    for page in map(Page, dossiers(language)):
        assert page.open == []
        assert page.language == language.replace("_", "-")
        assert [text for text in page.texts if re.search(r"\{\w*\}|\$\w", text)] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_sentence_stays_english(language: str) -> None:
    names = [SURVEY.name, FRENCH_LAW]
    names += [name for each in FACTS.looks for name in (each.name, each.survey_name or "")]
    for english, other in zip(dossiers(SOURCE), dossiers(language), strict=True):
        in_common = runs_of_words(Page(english).texts) & runs_of_words(Page(other).texts)
        assert in_common - runs_of_words(names) == set()


def test_figures_of_the_documentation_need_no_new_translation() -> None:
    text = (
        "# A\n\n| Attack | [Attune](x.md#y) |\n|---|---|\n"
        "| timing ([how](x.md)) | 1,200 of 2,400 (7%), 3 times |\n"
    )
    assert quoted_table(text, "A")[1] == ["timing", "1,200 of 2,400 (7%), 3 times"]
    with speaking("de"):
        assert quoted_table(text, "A")[1] == [
            "Zeitpunkt",
            "1.200 von 2.400 (7\N{NO-BREAK SPACE}%), 3\N{NO-BREAK SPACE}Mal",
        ]
        # Nobody has translated this yet, so that it shows as it is, with its numbers.
        assert quoted_list("# B\n\n- Of 3.5 in 2k, `{0}`\n", "B") == ["Of 3,5 in 2k, `{0}`"]


def test_an_unknown_language_is_refused_with_those_that_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert parsed("council", "x.html", "--language", "pt_BR").language == "pt_BR"
    assert parsed("council", "x.html").language == SOURCE
    with pytest.raises(SystemExit):
        parsed("council", "x.html", "--language", "sv")
    said = capsys.readouterr().err
    assert all(language in said for language in LANGUAGES)
