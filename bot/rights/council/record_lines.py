"""What else the public record says, as plain sentences without people's names."""

from collections import Counter
from typing import Final

from bot.blockkit.text import plural
from bot.insights.export.service import EXPORTED
from bot.people.group_size import CHANGED
from bot.people.importing import IMPORTED
from bot.rights.public_record import (
    PERSON_EXPORTED,
    PERSON_FORGOTTEN,
    EarlyEnd,
    PeopleMoved,
    PublicRecord,
    SurveyMade,
)

ACTS: Final = {
    PERSON_EXPORTED: "exported what is held about somebody",
    PERSON_FORGOTTEN: "erased what is held about somebody",
    CHANGED: "changed the smallest group that results are shown for",
    IMPORTED: "moved people between teams with an import",
    EXPORTED: "exported all published results",
}
"""What the operator can do, by its name in the audit table."""


def record_lines(record: PublicRecord) -> list[str]:
    """Return a sentence for each kind of act, with how often it happened."""
    made = sum(isinstance(act, SurveyMade) for act in record.surveys)
    ended = sum(isinstance(act, EarlyEnd) for act in record.surveys)
    moves = sum(isinstance(act, PeopleMoved) for act in record.surveys)
    again = sum(isinstance(act, SurveyMade) and bool(act.undecided) for act in record.surveys)
    done = Counter[str]()
    for act in record.by_operator:
        done[act.action] += act.times
    quoting = ", with up to two masked comments" if record.quotes_comments else ""
    return [
        f"HR made {plural(made, 'survey')} and ended {plural(ended, 'round')} early.",
        *([f"HR asked again before it had decided: {_times(again)}."] if again else []),
        *([f"HR {ACTS[IMPORTED]}: {_times(moves)}."] if moves else []),
        f"Refused looks by people without the right: {record.refused:,}.",
        f"Channels that see published results: {len(record.digest_channels):,}{quoting}.",
        *(f"The operator {ACTS[action]}: {_times(count)}." for action, count in done.items()),
    ]


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"
