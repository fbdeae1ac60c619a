"""HR takes teams from Slack."""

from dataclasses import replace

from bot.people.pure.team_reading import NamedChoice, Source, TeamChanges, TeamReading
from bot.people.teams import blocks
from tests.golden.cases._texts import HOSTILE
from tests.golden.shown import Cases, Sentences

CHOICES = [NamedChoice("S0DESIGN", "Design"), NamedChoice("S0SUPPORT", f"Support {HOSTILE}")]
MANY = [NamedChoice(f"S{number:010}", f"Group {number} {'x' * 80}") for number in range(101)]
PEOPLE = [f"U{number:010}" for number in range(3_000)]
READING = TeamReading(
    teams={"U0ANA": "Design", "U0BEN": HOSTILE, "U0CY": "Design"},
    in_several={"U0AMARA": ["Design", "Support"], "U0DI": ["Legal", "People", "Support"]},
    unusable=["U0EMI"],
)
CHANGES = TeamChanges(
    staying={"Support": ["U0AMARA"], HOSTILE: ["U0FAY", "U0GUS"]},
    moves={"Design": ["U0ANA", "U0CY"], HOSTILE: ["U0BEN"]},
    counted_later=True,
    as_before=1_203,
    in_none=["U0FAY", "U0GUS"],
    sizes={"Design": 9, "Legal": 3, HOSTILE: 1, "Support": 12},
    look_alike=[["Design", "design"]],
    k=5,
)
LONG_READING = TeamReading(
    teams=dict.fromkeys(PEOPLE, "Design"),
    in_several=dict.fromkeys(PEOPLE, ["&" * 120] * 12),
    unusable=PEOPLE,
)
LONG = TeamChanges(
    staying={f"{number}{'&' * 110}": PEOPLE[:50] for number in range(10)},
    moves={f"{number}{'&' * 110}": PEOPLE for number in range(300)},
    counted_later=True,
    as_before=12_000,
    in_none=PEOPLE,
    sizes={f"{number}{'&' * 110}": 3 for number in range(300)},
    look_alike=[["&" * 120] * 30] * 30,
    k=5,
)
NOTHING = replace(CHANGES, staying={}, moves={}, counted_later=False, look_alike=())
EMPTY = TeamReading({}, {}, ())
NOBODY = replace(NOTHING, as_before=0)
NO_READING = replace(READING, in_several={}, unusable=[])

CASES: Cases = {
    "groups": lambda: blocks.groups_view(CHOICES),
    "groups-many": lambda: blocks.groups_view(MANY),
    "groups-none": lambda: blocks.groups_view([]),
    "fields": lambda: blocks.fields_view(CHOICES),
    "fields-none": lambda: blocks.fields_view([]),
    "not-allowed": lambda: blocks.refused_view(
        Source.FIELD, blocks.why_not_told(Source.FIELD, "missing_scope")
    ),
    "changes": lambda: blocks.preview_view(Source.GROUPS, READING, CHANGES, "key"),
    "changes-long": lambda: blocks.preview_view(Source.GROUPS, LONG_READING, LONG, "key"),
    "nothing-new": lambda: blocks.preview_view(Source.GROUPS, NO_READING, NOTHING, ""),
    "groups-empty": lambda: blocks.preview_view(Source.GROUPS, EMPTY, NOBODY, ""),
    "field-empty": lambda: blocks.preview_view(Source.FIELD, EMPTY, NOBODY, ""),
    "done": lambda: blocks.done_view(CHANGES),
    "sentences": lambda: Sentences(
        {
            "not allowed to read groups": blocks.why_not_told(Source.GROUPS, "missing_scope"),
            "no groups": blocks.why_not_told(Source.GROUPS, "plan_upgrade_required"),
            "no fields": blocks.why_not_told(Source.FIELD, "unknown_method"),
            "busy": blocks.why_not_told(Source.GROUPS, "ratelimited"),
            "while groups are read": blocks.READING_GROUPS,
            "while profiles are read": blocks.progress_text(120, 500, 6),
            "while one profile is read": blocks.progress_text(0, 1, 1),
            "while it is imported": blocks.IMPORTING,
            "overtaken": blocks.OVERTAKEN,
            "not stored": blocks.NOT_STORED,
            "no group": blocks.NO_GROUP,
            "no field": blocks.NO_FIELD,
        }
    ),
}
