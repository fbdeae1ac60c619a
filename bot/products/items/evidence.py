"""What was published when an item began, kept as it was: numbers and ids of figures, no comment.

Retention may delete the wave; the item keeps its numbers.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from bot.insights.pure.differences import Finding
from bot.insights.pure.segments import TOTAL
from bot.insights.pure.stands_out import Statement
from bot.insights.wave_results import PublishedNumber, StandsOut, WaveResults
from bot.languages import _, marked
from bot.products.board.pure.starting import driver_of_theme
from bot.surveys.pure.audience_overlap import OWN_DRIVER
from models import Figure, Survey

PROPOSING: Final = (
    Finding.FALL,
    Finding.FAR_BELOW,
    Finding.STRAIN,
    Finding.FAR_STRAINED,
    Finding.THEME,
)
"""What calls for a decision. That fewer people answer is not about a driver."""
_SENTENCES: Final = {
    Finding.FALL: marked("{what} fell"),
    Finding.FAR_BELOW: marked("{what} is far below the company"),
    Finding.STRAIN: marked("More people {what}"),
    Finding.FAR_STRAINED: marked("Far more people {what} than in the company"),
    Finding.THEME: marked("More people write about {what}"),
}


class Evidence(NamedTuple):
    """The evidence of an item, as it was published."""

    survey_id: str
    survey_name: str
    held_on: date
    stands_out: StandsOut


def thawed(stored: Mapping[str, Any]) -> Evidence | None:
    """Return stored evidence of a wave; None for an item that began otherwise."""
    if "stands_out" not in stored:
        return None
    said = stored["stands_out"]
    return Evidence(
        stored["survey_id"],
        stored["survey_name"],
        date.fromisoformat(stored["held_on"]),
        StandsOut(
            Statement.of_stored(said["statement"]),
            PublishedNumber(**said["value"]),
            said["label"],
            tuple(said["also"]),
        ),
    )


async def frozen(
    session: AsyncSession, workspace_id: str, wave: WaveResults, found: StandsOut
) -> dict[str, Any]:
    """Return the evidence of a statement: what was said, and each figure behind it."""
    cells = [found.statement.cell, *found.statement.also]
    figures = await session.scalars(
        select(Figure)
        .where(
            Figure.workspace_id == workspace_id,
            Figure.wave_id == wave.wave_id,
            tuple_(Figure.measure, Figure.measure_ref, Figure.segment, Figure.segment_ref).in_(
                cells
            ),
        )
        .order_by(Figure.measure, Figure.measure_ref)
    )
    return {
        "survey_id": wave.survey_id,
        "survey_name": wave.survey_name,
        "held_on": wave.held_on.isoformat(),
        "k": wave.k,
        "stands_out": asdict(found),
        "figures": [
            {
                name: getattr(figure, name)
                for name in ("id", "measure", "measure_ref", "n", "population", "mean", "score")
            }
            for figure in figures
        ],
    }


def sentence(found: StandsOut) -> str:
    """Say in one short sentence what was found, for people to read and HR to change."""
    statement = found.statement
    text = _(_SENTENCES[statement.finding]).format(what=_(found.label))
    group = statement.cell.segment_ref
    return text if statement.cell.segment == TOTAL else f"{group}: {text}"


def driver_of(statement: Statement, survey: Survey) -> str | None:
    """Return the driver of the bank that a statement is about; None for a question of HR's own."""
    measure, ref = statement.cell.measure, statement.cell.ref
    if measure == "driver":
        return ref
    if measure == "theme":
        return driver_of_theme(ref)
    asked = next((each.driver for each in survey.questions if str(each.position) == ref), None)
    return None if asked == OWN_DRIVER else asked
