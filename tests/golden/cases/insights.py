"""Results, answers by person and comments, as HR and managers read them."""

from dataclasses import replace
from datetime import date
from functools import partial

from bot.insights import (
    blocks,
    comment_blocks,
    comment_wording,
    group_wording,
    manager_blocks,
    ready,
    theme_term_form,
    wording,
)
from bot.insights import (
    by_person_blocks as by_person,
)
from bot.insights.comments import CommentFilter, CommentsPage, ReadableComment
from bot.insights.managers import TeamResults
from bot.insights.named_surveys import NamedAnswers, NamedComment, NamedPage
from bot.insights.positions import ResultsPart
from bot.insights.pure.change import CellChange
from bot.insights.pure.nonresponse import bounds_sentence
from bot.insights.pure.words.themes import Term
from bot.insights.running_wording import running_count
from bot.insights.wave_results import Mood, PublishedNumber, Results, WaveOption, WaveResults
from bot.languages import _
from tests.golden.cases._over_time import FALL, NOTHING_NEW, trend, weekly
from tests.golden.cases._texts import HOSTILE, LONG
from tests.golden.cases._waves import (
    DESIGN,
    ENDED_EARLY,
    FEW_NAMED,
    GROWTH,
    HUGE,
    JUST_BEGUN,
    NAMED,
    NOBODY_NAMED,
    RUNNING,
    SMALL,
    STILL_ASKED,
    TOO_FEW,
    TRUST,
    WAVE,
    WORKLOAD,
)
from tests.golden.shown import Cases, Sentences

OTHERS = (
    WaveOption("w1", "Weekly pulse", date(2026, 11, 3)),
    WaveOption("w0", "Weekly pulse", date(2026, 10, 27)),
)
PEOPLE = NamedPage(
    "w1",
    "Summer party",
    0,
    2,
    (
        NamedAnswers("U0KIM", "Kim Larsen", (("Where shall we go?", "The lake"),)),
        NamedAnswers("U0LEE", "Lee Wong", (("Where shall we go?", "The hills"),)),
    ),
    (),
)
REMARKS = replace(
    PEOPLE,
    page=1,
    people=(),
    comments=(NamedComment("Anything to add?", "Bring cake."), NamedComment("", "No.")),
)
COMMENTS = CommentsPage(
    survey_id="s1",
    survey_name="Weekly pulse",
    enough=10,
    count=12,
    page=0,
    pages=2,
    comments=(
        ReadableComment("Fewer meetings.", "2026-11", "My workload is manageable.", "Design"),
        ReadableComment("[name] helps.", "2026-11", "My workload is manageable.", "Design"),
        ReadableComment("All fine.", "2026-10", "Anything to add?", None),
    ),
    by_person=None,
)
NO_COMMENTS = replace(COMMENTS, comments=(), count=0, pages=1)
SEARCHABLE = replace(
    COMMENTS,
    questions=((0, "My workload is manageable."), (-1, "Anything to add?")),
    months=("2026-11", "2026-10"),
)
IN_MANY_LANGUAGES = (
    "Fewer meetings, please.",
    "Weniger Besprechungen am Freitag, bitte.",
    "Moins de réunions le vendredi.",
    "会議を減らしてください。",
    "نحتاج إلى اجتماعات أقل.",
    "🎉🙌",
    "🙁",
    "x" * 2000,
)


COMPANY = replace(
    WAVE,
    survey_name="Company pulse",
    answered=25,
    questions=(),
    enps=(),
    choices=(),
    mood=None,
    themes=(),
    weakness=None,
    hidden=None,
    groups=(replace(DESIGN, answered=None, invited=None, members=None, enps=None),),
    group_counts={"team": 1},
    is_company_pulse=True,
)


def of(wave: WaveResults) -> Results:
    return Results(wave, (), ())


def weak() -> WaveResults:
    weakness = _("Most did not answer, so figures are weak.")
    bounds = bounds_sentence(_("Workload"), 4.2, 26)
    return replace(WAVE, answered=15, weakness=f"{weakness} {bounds}")


CASES: Cases = {
    "results-ready": lambda: ready.results_ready("5" * 32, "R&D <pulse>", is_shown=True),
    "results-ready-too-few": lambda: ready.results_ready("5" * 32, LONG[:120], is_shown=False),
    "results-weak": lambda: blocks.results_message(of(weak())),
    "results": lambda: blocks.results_message(
        Results(WAVE, OTHERS, (RUNNING, JUST_BEGUN, STILL_ASKED))
    ),
    "results-named": lambda: blocks.results_message(of(NAMED), sees_names=True),
    "results-too-few": lambda: blocks.results_message(of(TOO_FEW)),
    "results-ended-early": lambda: blocks.results_message(of(ENDED_EARLY)),
    "results-few-named": lambda: blocks.results_message(of(FEW_NAMED), sees_names=True),
    "results-few-named-to-analysts": lambda: blocks.results_message(of(FEW_NAMED)),
    "results-nobody-named": lambda: blocks.results_message(of(NOBODY_NAMED), sees_names=True),
    "results-no-figures": lambda: blocks.results_message(of(replace(TOO_FEW, answered=5))),
    "results-company-pulse": lambda: blocks.results_message(of(COMPANY)),
    "results-company-pulse-nothing-came-out": lambda: blocks.results_message(
        of(replace(COMPANY, answered=None, drivers=(), groups=(), stands_out=()))
    ),
    "results-none-yet": lambda: blocks.results_message(Results(None, (), ())),
    "results-none-yet-running": lambda: blocks.results_message(Results(None, (), (RUNNING,))),
    "results-none-yet-asked-for": lambda: blocks.results_message(
        Results(None, (), (JUST_BEGUN,), asked_for=True)
    ),
    "results-none-yet-several": lambda: blocks.results_message(
        Results(None, (), (RUNNING, JUST_BEGUN), asked_for=True)
    ),
    "results-hostile": lambda: blocks.results_message(
        Results(HUGE, OTHERS, (replace(RUNNING, survey_name=LONG[:120]),) * 9)
    ),
    **{
        f"results-{part}": partial(blocks.results_message, of(WAVE), part)
        for part in ResultsPart
        if part is not ResultsPart.OVERVIEW
    },
    "results-drivers-hostile": lambda: blocks.results_message(of(HUGE), ResultsPart.DRIVERS, 1),
    "sentences": lambda: Sentences(
        {
            "some answered": wording.of_invited(5, 9),
            "all answered, which is never said": wording.of_invited(10, 10),
            "all have answered so far": running_count(replace(RUNNING, at_least=41)),
            "a group with few elsewhere": group_wording.group_line(replace(DESIGN, members=13)),
            "a group with one driver": group_wording.group_line(
                replace(DESIGN, scores=(WORKLOAD,))
            ),
            "a group with two alike": group_wording.group_line(
                replace(DESIGN, scores=(WORKLOAD, replace(GROWTH, mean=WORKLOAD.mean)))
            ),
            "a group with three alike": group_wording.group_line(
                replace(DESIGN, scores=(WORKLOAD,) * 3)
            ),
            "a group at the end of the scale": group_wording.group_line(
                replace(DESIGN, scores=(TRUST,))
            ),
            "a change from just above 0": wording.change_words(
                CellChange(1.15, 1.12, 2), "{:.1f}".format
            ),
            "points from just above 0": wording.change_words(
                CellChange(-6.2, 5.8, 2), "{:.0f}".format
            ),
            **{
                f"{share:.0%} of comments": comment_wording.mood_line(
                    Mood(15, PublishedNumber(share), PublishedNumber(0))
                )
                for share in (0.1, 0.3, 0.5, 0.8, 0.95, 1)
            },
        }
    ),
    "team": lambda: manager_blocks.team_message(TeamResults(WAVE, (DESIGN,))),
    "team-over-time": lambda: manager_blocks.team_message(
        TeamResults(WAVE, (DESIGN,)),
        [trend({"": [6.4, 6.3, 6.0], "Design": [7.0, 6.0, 5.0]}, weekly(3), (NOTHING_NEW, FALL))],
    ),
    "team-no-figure": lambda: manager_blocks.team_message(TeamResults(WAVE, (SMALL,))),
    "team-hostile": lambda: manager_blocks.team_message(TeamResults(HUGE, HUGE.groups[:6])),
    "by-person": lambda: by_person.by_person_view(PEOPLE),
    "by-person-comments": lambda: by_person.by_person_view(REMARKS),
    "by-person-nobody": lambda: by_person.by_person_view(replace(PEOPLE, pages=1, people=())),
    "by-person-hostile": lambda: by_person.by_person_view(
        replace(
            PEOPLE,
            survey_name=LONG[:120],
            people=(NamedAnswers("U1", LONG[:200], ((LONG[:300], LONG[:75]),) * 10),),
            comments=(NamedComment(LONG[:300], HOSTILE),),
        )
    ),
    "comments": lambda: comment_blocks.comments_view(COMMENTS),
    "comments-to-search": lambda: comment_blocks.comments_view(SEARCHABLE),
    "comments-found": lambda: comment_blocks.comments_view(
        replace(
            SEARCHABLE,
            chosen=CommentFilter(0, "meetings", "2026-11", "fewer"),
            comments=SEARCHABLE.comments[:1],
            count=1,
            pages=1,
        )
    ),
    "comments-nothing-found": lambda: comment_blocks.comments_view(
        replace(
            SEARCHABLE,
            chosen=CommentFilter(words="unicorn"),
            comments=(),
            count=0,
            pages=1,
            has_more=True,
        )
    ),
    "comments-in-many-languages": lambda: comment_blocks.comments_view(
        replace(
            SEARCHABLE,
            comments=tuple(
                ReadableComment(text, "2026-11", None, None) for text in IN_MANY_LANGUAGES
            ),
        )
    ),
    "add-a-word": lambda: theme_term_form.term_form("s1:0", []),
    "add-a-word-to-many": lambda: theme_term_form.term_form(
        "s1:0", [Term("tools", f"badge reader {number}") for number in range(300)]
    ),
    "comments-nothing-closed": lambda: comment_blocks.comments_view(None),
    "comments-too-few": lambda: comment_blocks.comments_view(NO_COMMENTS),
    "comments-by-person": lambda: comment_blocks.comments_view(replace(NO_COMMENTS, by_person=2)),
    "comments-nobody-by-person": lambda: comment_blocks.comments_view(
        replace(NO_COMMENTS, by_person=0)
    ),
    "comments-hostile": lambda: comment_blocks.comments_view(
        replace(
            COMMENTS,
            survey_name=LONG[:120],
            comments=(ReadableComment(HOSTILE, "2026-11", LONG[:300], LONG[:120]),),
        )
    ),
}
