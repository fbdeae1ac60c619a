"""What else the public record says, as plain sentences without people's names."""

from collections import Counter
from typing import Final

from bot.insights.export.service import EXPORTED
from bot.languages import _, marked, plural, write_number
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
    PERSON_EXPORTED: marked("The operator exported what is held about somebody: {times}."),
    PERSON_FORGOTTEN: marked("The operator erased what is held about somebody: {times}."),
    CHANGED: marked("The operator changed the smallest group that results are shown for: {times}."),
    IMPORTED: marked("The operator moved people between teams with an import: {times}."),
    EXPORTED: marked("The operator exported all published results: {times}."),
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
    channels = (
        _("Channels that see published results, with up to two masked comments: {channels}.")
        if record.quotes_comments
        else _("Channels that see published results: {channels}.")
    )
    lines = [
        _("HR made {surveys} and ended {rounds} early.").format(
            surveys=plural(made, "survey"), rounds=plural(ended, "round")
        )
    ]
    if again:
        lines.append(
            _("HR asked again before it had decided: {times}.").format(times=plural(again, "time"))
        )
    if moves:
        lines.append(
            _("HR moved people between teams with an import: {times}.").format(
                times=plural(moves, "time")
            )
        )
    return [
        *lines,
        _("Refused looks by people without the right: {looks}.").format(
            looks=write_number(record.refused)
        ),
        channels.format(channels=write_number(len(record.digest_channels))),
        *(_(ACTS[action]).format(times=plural(count, "time")) for action, count in done.items()),
    ]
