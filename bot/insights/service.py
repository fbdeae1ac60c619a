"""Reading what was published, and how many answer what is open."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import UserError
from bot.insights.resolution import in_steps
from bot.insights.results import Results, RunningWave, WaveChoice, WaveResults, assemble
from bot.people import audit
from bot.slack.actor import Actor
from bot.slack.text import escape, plural, shorten
from bot.surveys.asking import is_being_asked
from models import Figure, OpenAnswer, Survey, Wave

WAVES_IN_A_MENU: Final = 100


async def latest_results(
    session: AsyncSession, workspace_id: str, survey_name: str | None = None
) -> Results:
    """Return the wave that was published last, of one survey or of any.

    Of a survey that has no figures yet and is open, how it is going. Raises UserError when no such
    survey has such a name either.
    """
    try:
        wave_id = await latest_wave(session, workspace_id, survey_name)
    except UserError:
        running = await running_waves(session, workspace_id)
        wanted = (survey_name or "").strip().casefold()
        named = tuple(each for each in running if wanted in each.survey_name.casefold())
        if not named:
            raise
        return Results(wave=None, others=(), running=named)
    return await results(session, workspace_id, wave_id)


async def latest_wave(
    session: AsyncSession, workspace_id: str, survey_name: str | None = None
) -> str | None:
    """Return the id of the wave that was published last, of one survey or of any.

    Raises UserError when no survey with figures has such a name.
    """
    published = await _published(session, workspace_id)
    if survey_name:
        published = _named(published, survey_name)
    return published[0].wave_id if published else None


async def results(session: AsyncSession, workspace_id: str, wave_id: str | None) -> Results:
    """Return one published wave, with the others to choose from and those that are running.

    Without `wave_id`, or where that wave has nothing published, `Results.wave` is None.
    """
    wave = await wave_results(session, workspace_id, wave_id) if wave_id else None
    return Results(
        wave=wave,
        others=_menu(await _published(session, workspace_id), wave),
        running=await running_waves(session, workspace_id),
    )


async def wave_results(
    session: AsyncSession, workspace_id: str, wave_id: str
) -> WaveResults | None:
    """Return one wave's figures, or None when it is not published."""
    wave = await session.get(Wave, (workspace_id, wave_id))
    if wave is None or wave.status != "published":
        return None
    survey = await session.get_one(Survey, (workspace_id, wave.survey_id))
    before = await wave_before(session, wave)
    return assemble(
        survey,
        wave,
        await figures_of_wave(session, wave),
        await figures_of_wave(session, before) if before else [],
    )


async def published_between(
    session: AsyncSession, workspace_id: str, after: datetime, until: datetime
) -> list[WaveResults]:
    """Return the latest wave of each survey that published one after `after`, up to `until`.

    In the order of their publication, the last first.
    """
    rows = await session.execute(
        select(Wave.id, Wave.survey_id)
        .where(
            Wave.workspace_id == workspace_id,
            Wave.status == "published",
            Wave.published_at > after,
            Wave.published_at <= until,
        )
        .order_by(Wave.published_at.desc(), Wave.held_on.desc(), Wave.id)
    )
    latest: dict[str, str] = {}
    for wave_id, survey_id in rows:
        latest.setdefault(survey_id, wave_id)
    found = [await wave_results(session, workspace_id, wave_id) for wave_id in latest.values()]
    return [each for each in found if each]


async def running_waves(session: AsyncSession, workspace_id: str) -> tuple[RunningWave, ...]:
    """Return the open waves with participation in steps of k, the first to close first."""
    answered = (
        select(func.count(OpenAnswer.token.distinct()))
        .where(OpenAnswer.workspace_id == Wave.workspace_id, OpenAnswer.wave_id == Wave.id)
        .correlate(Wave)
        .scalar_subquery()
    )
    rows = await session.execute(
        select(Wave, Survey.name, answered, is_being_asked())
        .join(Survey, (Survey.workspace_id == Wave.workspace_id) & (Survey.id == Wave.survey_id))
        .where(Wave.workspace_id == workspace_id, Wave.status == "open")
        .order_by(Wave.closes_at, Wave.id)
    )
    return tuple(
        RunningWave(
            wave_id=wave.id,
            survey_name=name,
            closes_at=wave.closes_at,
            invited=wave.invited,
            k=wave.min_group_size,
            at_least=None if is_asking else in_steps(count, wave.min_group_size),
        )
        for wave, name, count, is_asking in rows
    )


def record_participation_viewed(
    session: AsyncSession, actor: Actor, running: Iterable[RunningWave], now: datetime
) -> None:
    """Write down that somebody looked at how many have answered open waves."""
    for wave in running:
        if wave.at_least is not None:
            audit.record(session, actor, "participation.viewed", subject=wave.wave_id, now=now)


async def _published(session: AsyncSession, workspace_id: str) -> list[WaveChoice]:
    rows = await session.execute(
        select(Wave.id, Survey.name, Wave.held_on)
        .join(Survey, (Survey.workspace_id == Wave.workspace_id) & (Survey.id == Wave.survey_id))
        .where(Wave.workspace_id == workspace_id, Wave.status == "published")
        .order_by(Wave.published_at.desc(), Wave.held_on.desc(), Wave.id)
    )
    return [WaveChoice(wave_id, name, held_on) for wave_id, name, held_on in rows]


def _menu(published: Sequence[WaveChoice], wave: WaveResults | None) -> tuple[WaveChoice, ...]:
    """Choose what fits in a menu: the shown survey's waves, then the latest of the others."""
    shown = wave.survey_name if wave else None
    own_first = sorted(published, key=lambda each: each.survey_name != shown)
    return tuple(own_first[:WAVES_IN_A_MENU])


def _named(published: Sequence[WaveChoice], name: str) -> list[WaveChoice]:
    """Find a survey by its name, or by a part that no other survey's name has."""
    wanted = name.strip().casefold()
    exact = [each for each in published if each.survey_name.casefold() == wanted]
    close = [each for each in published if wanted in each.survey_name.casefold()]
    names = sorted({each.survey_name for each in close})
    if exact or len(names) == 1:
        return exact or close
    if names:
        raise UserError(
            f"{plural(len(names), 'survey')} match that name: {_listed(names)}. "
            "Please type a little more of the one you mean."
        )
    if not published:
        raise UserError("No survey has results yet. They appear here once a survey has closed.")
    every = sorted({each.survey_name for each in published})
    raise UserError(f"No survey of that name has results yet. These have: {_listed(every)}.")


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(escape(shorten(name, 60)) for name in names[:10])
    return f"{shown} and {len(names) - 10} more" if len(names) > 10 else shown


async def wave_before(session: AsyncSession, wave: Wave) -> Wave | None:
    """Return the survey's latest earlier wave that has figures to compare with."""
    before: Wave | None = await session.scalar(
        select(Wave)
        .where(
            Wave.workspace_id == wave.workspace_id,
            Wave.survey_id == wave.survey_id,
            Wave.held_on < wave.held_on,
            select(Figure.id)
            .where(Figure.workspace_id == Wave.workspace_id, Figure.wave_id == Wave.id)
            .exists(),
        )
        .order_by(Wave.held_on.desc())
        .limit(1)
    )
    return before


async def figures_of_wave(session: AsyncSession, wave: Wave) -> list[Figure]:
    """Return all of a published wave's figures."""
    found = await session.scalars(
        select(Figure)
        .where(Figure.workspace_id == wave.workspace_id, Figure.wave_id == wave.id)
        .order_by(Figure.measure, Figure.measure_ref, Figure.segment, Figure.segment_ref)
    )
    return list(found)
