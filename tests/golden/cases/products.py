"""What HR is shown of people products, and what people are told of decisions."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from bot.insights.pure.change import CellChange
from bot.insights.pure.differences import Finding
from bot.insights.pure.figure_history import Cell
from bot.insights.pure.stands_out import NEXT_STEPS, Statement
from bot.insights.wave_results import PublishedNumber, Score, StandsOut
from bot.mentoring.programme.engagement import Difference, Engagement
from bot.mentoring.programme.outcomes import OutcomeFigure, OutcomeMeasure
from bot.products.board import blocks as board
from bot.products.board import forms as board_forms
from bot.products.board.service import Board, Product
from bot.products.decisions import blocks as decided
from bot.products.decisions import forms as decisions
from bot.products.decisions.service import Decision, Reading
from bot.products.decisions.telling import NOTHING_YET, CameOfIt, Told, Waiting
from bot.products.effects import blocks as effects
from bot.products.effects.pure.effect import Effect, Point
from bot.products.effects.service import EffectOptions, EffectView
from bot.products.items import blocks
from bot.products.items import forms as item_forms
from bot.products.items.evidence import Evidence
from bot.products.items.months import MonthEvidence
from bot.products.items.pure.states import State
from bot.products.items.reading import ItemLine, ItemView, Step
from bot.products.suggestions import blocks as suggestions
from bot.products.suggestions.service import Links
from bot.products.supports import blocks as supports
from bot.products.supports.service import Supported
from bot.products.value import blocks as value
from bot.products.value.service import FoundEffect, Participation, Value
from bot.surveys.undecided_blocks import asked_again_blocks
from tests.conftest import NOW
from tests.golden.cases._texts import LONG
from tests.golden.shown import Cases

WORKLOAD = Score(
    "Workload",
    n=35,
    mean=PublishedNumber(5.8),
    low=5.1,
    high=6.5,
    favourable=None,
    change=CellChange(-1.2, 0.8, 3),
)
USED = (
    OutcomeFigure(OutcomeMeasure.MATCHED, 25, 25, NOW),
    OutcomeFigure(OutcomeMeasure.MEETINGS, 20, 41, NOW),
)
REST = Product(
    "1" * 32,
    "Workload and rest",
    "Work can be managed, and leaves people healthy.",
    "U0OWNER",
    ("workload", "wellbeing"),
    None,
    {State.PROPOSED: 1, State.DOING: 2},
    (WORKLOAD,),
    (),
)
MENTORING = replace(
    REST, name="Mentoring", owner_id=None, drivers=("growth",), signs="mentoring", counts={},
    scores=(), used=USED,
)  # fmt: skip
HUGE = replace(
    REST, name=LONG[:60], purpose=LONG[:200], scores=(replace(WORKLOAD, label=LONG[:75]),) * 6
)
BOARD = Board((MENTORING, REST), late=1, undecided=3, homeless=1, is_admin=True, decision_days=14)

STATEMENT = Statement(
    Finding.FALL,
    Cell("driver", "workload", "team", "Design"),
    (),
    n=12,
    value=4.5,
    difference=-1.6,
    low=-2.5,
    high=-0.7,
    weeks=1,
    sureness="almost certain",
    next_step=NEXT_STEPS[Finding.FALL],
)
EVIDENCE = Evidence(
    "5" * 32,
    "Fish & <chips>",
    date(2026, 10, 31),
    StandsOut(STATEMENT, PublishedNumber(4.5), "Workload", ()),
)
PROPOSED = ItemLine(
    "2" * 32, "Design: Workload fell", State.PROPOSED, "Design", "people", 3, is_late=False,
    until=None, reason=None, decided_at=None,
)  # fmt: skip
LATE = replace(PROPOSED, days_waited=21, is_late=True)
LATER = replace(
    PROPOSED, state=State.LATER, until=date(2027, 1, 4), reason="After the move.", decided_at=NOW
)
DOING = replace(LATER, state=State.DOING, until=None, reason="We hire two people.")
HARMFUL = replace(DOING, problem=LONG[:300], reason=LONG[:600])
BEGAN = Step(State.PROPOSED, NOW, None, None, None)
ITEM = ItemView(
    PROPOSED,
    version=1,
    product_id=REST.id,
    product_name=REST.name,
    owner_id="U0OWNER",
    driver="workload",
    driver_label="Workload",
    evidence=EVIDENCE,
    decide_by=NOW + timedelta(days=14),
    steps=(BEGAN,),
    may_act=True,
)
OF_MONTH = replace(
    ITEM,
    line=replace(PROPOSED, problem="Most often in people's way: access or a tool", group=""),
    driver=None,
    driver_label=None,
    evidence=None,
    of_month=MonthEvidence(date(2026, 10, 1), "Access or a tool", PublishedNumber(0.45), 40),
)
DECIDED = replace(
    ITEM,
    line=DOING,
    decide_by=None,
    version=3,
    steps=(
        BEGAN,
        Step(State.TAKEN_UP, NOW, "U0MAYA", None, None),
        Step(State.DOING, NOW, "U0MAYA", "We hire two people.", None),
    ),
)
BY_HAND = replace(
    DECIDED, line=replace(HARMFUL, origin="hr", group=""), evidence=None, driver=None,
    driver_label=None, product_id=None, product_name=None, owner_id=None,
)  # fmt: skip
NAMES = [(REST.id, REST.name), ("3" * 32, LONG[:60])]
HIRE = Decision(State.DOING, "Ana hires two people.")
LATER_ON = Decision(State.LATER, "After the move.", date(2027, 1, 4))
TOLD = {
    state: Told(
        "2" * 32,
        "Workload fell",
        state,
        date(2027, 1, 4),
        "We hire two people.",
        NOW,
        from_people=True,
    )
    for state in (State.DOING, State.LATER, State.WONT, State.ASKING, State.SHIPPED)
}
WAITING = Waiting(
    "4" * 32, "Meetings eat the day.", 29, from_people=True, is_unanswered=True, supporters=10,
    may_support=True,
)  # fmt: skip
NEW = replace(WAITING, days=1, is_unanswered=False, supporters=0)
BY_HR = replace(NEW, from_people=False, may_support=False)
SUPPORTED = Supported("4" * 32, "Meetings eat the day.", 5, is_on=True)
MUCH = CameOfIt(
    tuple(replace(TOLD[State.DOING], problem=LONG[:300], reason=LONG[:600]) for _ in range(7)),
    (WAITING,) * 7,
)

POINTS = tuple(
    Point(date(2026, 11, 3) + timedelta(weeks=week), 4.5 + week / 8, 6.0) for week in range(10)
)
RISEN = Effect(True, 1.2, 0.3, 2.1, 4.5, 5.8, teams=1, others=6, points=POINTS)
FOUND = EffectView(
    "Workload", ("Design",), 1, date(2026, 11, 17), date(2027, 1, 12), is_read=True, found=RISEN
)
PLANNED = replace(FOUND, is_read=False, found=None)
NO_EFFECT = replace(FOUND, found=replace(RISEN, difference=0.2, low=-0.6, high=1.0))
ALONE = replace(
    FOUND,
    label=LONG[:300],
    teams=tuple(f"{number} {LONG}"[:120] for number in range(7)),
    found=replace(
        RISEN, is_compared=False, teams=7, others=0, difference=-1.0, low=-1.4, high=-0.6,
        points=tuple(replace(each, others=None) for each in POINTS),
    ),
)  # fmt: skip
OPTIONS = EffectOptions(
    "2" * 32,
    "5" * 32,
    "Fish & <chips>",
    (("driver:workload", "Workload"), ("question:0", LONG[:300])),
    ("Design", "Sales", LONG[:120]),
    ("Design",),
    date(2027, 1, 12),
)

BETTER = Engagement(
    "w" * 32,
    "Weekly pulse",
    date(2026, 11, 3),
    (
        Difference("Growth", 0.8, 0.1, 1.5, False, 25, 60),
        Difference("eNPS", 4, -9, 17, True, 25, 60),
    ),
)
TAKING_PART = Participation("Fish & <chips>", date(2026, 11, 3), 60, 85, CellChange(0.12, 0.08, 6))
VALUE = Value(
    since=date(2025, 11, 3),
    asked=9,
    decided=8,
    in_time=7,
    median_days=6.5,
    taken_up=10,
    from_people=8,
    shipped=3,
    effects=(FoundEffect("Design: Workload fell", FOUND), FoundEffect("Meetings", NO_EFFECT)),
    mentoring=BETTER,
    matched=USED[0],
    participation=TAKING_PART,
)
NO_VALUE = Value(date(2025, 11, 3), 0, 0, 0, None, 0, 0, 0, (), None, None, None)

CASES: Cases = {
    "board": lambda: board.board_view(BOARD, "Saved."),
    "board-new": lambda: board.board_view(
        Board((replace(REST, counts={}, scores=()),), 0, 0, 0, is_admin=False, decision_days=14)
    ),
    "board-hostile": lambda: board.board_view(replace(BOARD, products=(HUGE,) * 25)),
    "product": lambda: board.product_view(REST, (LATE, LATER, DOING), is_admin=True, said="Saved."),
    "product-mentoring": lambda: board.product_view(MENTORING, (), is_admin=False),
    "product-hostile": lambda: board.product_view(HUGE, (HARMFUL,) * 50, is_admin=True),
    "to-decide": lambda: board.items_view((LATE, PROPOSED), is_hr=True),
    "manager": lambda: board.items_view((PROPOSED,), is_hr=False),
    "manager-nothing": lambda: board.items_view((), is_hr=False, said="Saved."),
    "product-form": lambda: board_forms.product_form(REST),
    "product-form-new": lambda: board_forms.product_form(None),
    "merge-form": lambda: board_forms.merge_form(REST, NAMES),
    "merge-form-empty": lambda: board_forms.merge_form(MENTORING, NAMES),
    "settings-form": lambda: board_forms.settings_form(14),
    "owner-field": lambda: {"type": "home", "blocks": [board_forms.owner_field("U0OWNER")]},
    "item-proposed": lambda: blocks.item_view(ITEM),
    "item-of-a-month": lambda: blocks.item_view(OF_MONTH),
    "item-late": lambda: blocks.item_view(
        replace(ITEM, line=replace(LATE, supporters=10), may_act=False)
    ),
    "item-decided": lambda: blocks.item_view(DECIDED, said="It is decided."),
    "item-asking": lambda: blocks.item_view(
        replace(DECIDED, line=replace(LATER, state=State.ASKING))
    ),
    "item-wont": lambda: blocks.item_view(replace(DECIDED, line=replace(DOING, state=State.WONT))),
    "item-hostile": lambda: blocks.item_view(BY_HAND),
    "item-suggested": lambda: blocks.item_view(
        replace(ITEM, line=replace(PROPOSED, state=State.TAKEN_UP, group=""), evidence=None)
    ),
    "item-of-a-workflow": lambda: blocks.item_view(
        replace(
            ITEM,
            line=replace(PROPOSED, group="", origin="hr"),
            evidence=None,
            link="https://intranet.example.com/notes?id=7",
        )
    ),
    "take-up-form": lambda: item_forms.take_up_form(ITEM, NAMES),
    "write-form": lambda: item_forms.write_form(NAMES, REST.id),
    "write-form-manager": lambda: item_forms.write_form(NAMES, None, ("Design", "Sales")),
    "take-up-check": lambda: item_forms.with_preview(
        item_forms.take_up_form(ITEM, NAMES), "Ana works too much.", "[name] works too much."
    ),
    "change-form": lambda: item_forms.change_form(ITEM, NAMES),
    "suggestion-form": lambda: item_forms.suggestion_form(NAMES, "6" * 32),
    "link-form": lambda: suggestions.link_form(
        Links("6" * 32, "2" * 32, (("2" * 32, "Workload fell"), ("3" * 32, LONG[:300])))
    ),
    "link-form-nothing": lambda: suggestions.link_form(Links("6" * 32, None, ())),
    "decision-form": lambda: decisions.decision_form(ITEM),
    "decision-form-doing": lambda: decisions.decision_form(DECIDED),
    "decision-check": lambda: decisions.check_form(
        ITEM,
        HIRE,
        Reading(
            "Design: Workload fell",
            replace(HIRE, reason="[name] hires two people."),
            is_masked=True,
            from_people=True,
        ),
    ),
    "decision-check-later": lambda: decisions.check_form(
        ITEM, LATER_ON, Reading("Workload fell", LATER_ON, is_masked=False, from_people=False)
    ),
    **{
        f"told-{state.value.replace(' ', '-')}": partial(decided.told_message, told)
        for state, told in TOLD.items()
    },
    "came-of-it": lambda: decided.came_of_it_blocks(
        CameOfIt((TOLD[State.DOING], TOLD[State.WONT]), (WAITING, NEW, BY_HR))
    ),
    "came-of-it-much": lambda: decided.came_of_it_blocks(MUCH),
    "came-of-it-nothing": lambda: decided.came_of_it_blocks(NOTHING_YET),
    "supported": lambda: supports.support_view(SUPPORTED),
    "taken-back": lambda: supports.support_view(replace(SUPPORTED, is_on=False)),
    "late": lambda: decided.late_message((LATE,)),
    "late-many": lambda: decided.late_message((LATE,) * 7),
    "late-nothing": lambda: decided.late_blocks(()),
    "owner-left": lambda: decided.owner_message("Design: Workload fell.", "2" * 32),
    "owner-left-no-hr": lambda: decided.owner_message("Design: Workload fell.", None),
    "effect-form": lambda: effects.effect_form(OPTIONS),
    "item-effect-planned": lambda: blocks.item_view(
        DECIDED, effects.effect_blocks("2" * 32, PLANNED, may_plan=True)
    ),
    "item-effect-none": lambda: blocks.item_view(
        DECIDED, effects.effect_blocks("2" * 32, None, may_plan=True)
    ),
    "item-effect": lambda: blocks.item_view(
        DECIDED, effects.effect_blocks("2" * 32, FOUND, may_plan=False)
    ),
    "effect": lambda: effects.effect_message("Design: Workload fell", "2" * 32, FOUND),
    "effect-not-detectable": lambda: effects.effect_message("Workload", "2" * 32, NO_EFFECT),
    "effect-nothing-shown": lambda: effects.effect_message(
        "Workload", "2" * 32, replace(FOUND, found=None)
    ),
    "effect-hostile": lambda: effects.effect_message(LONG[:300], "2" * 32, ALONE),
    "value": lambda: value.value_view(VALUE),
    "value-message": lambda: value.value_message(
        replace(VALUE, effects=(FoundEffect(LONG[:300], ALONE),) * 9)
    ),
    "value-nothing": lambda: value.value_view(NO_VALUE),
    "value-begins": lambda: value.value_view(
        replace(NO_VALUE, asked=1, participation=replace(TAKING_PART, change=None))
    ),
    "asked-again": lambda: {
        "type": "home",
        "blocks": asked_again_blocks(("Growth", "Workload")),
    },
}
