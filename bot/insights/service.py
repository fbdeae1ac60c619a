"""Reads published results, and the participation of open waves."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.text import escape, shorten
from bot.errors import UserError
from bot.insights import group_pages
from bot.insights.group_pages import GroupRef
from bot.insights.named_surveys import count_named
from bot.insights.pure.resolution import in_steps
from bot.insights.wave_assembly import assemble
from bot.insights.wave_results import Results, RunningWave, WaveOption, WaveResults
from bot.languages import _, _n, marked
from bot.people import audit
from bot.pulse.asked_people import asked_by_cohort
from bot.pulse.pure.counting import counted
from bot.surveys.audience import AudienceKind
from bot.surveys.pure.names import is_part, shown_name, spellings
from bot.surveys.sending_progress import is_being_asked, sending_of
from bot.surveys.survey_rows import with_replaced
from models import Figure, OpenAnswer, Survey, Wave

WAVES_IN_A_MENU: Final = 100
NOT_ASKED_YET: Final = marked(
    "This survey has no results yet; they appear when its first wave has closed."
)


async def latest_results(
    session: AsyncSession, workspace_id: str, survey_name: str | None = None
) -> Results:
    """Return the results of the last published wave, of one survey or of any.

    For a survey that is open and has no results yet, return its participation. Raises UserError if
    no survey has that name.
    """
    try:
        wave_id = await latest_wave(session, workspace_id, survey_name)
    except UserError:
        running = await running_waves(session, workspace_id)
        wanted = (survey_name or "").strip().casefold()
        named = tuple(each for each in running if is_part(wanted, each.survey_name))
        if not named:
            raise
        return Results(wave=None, others=(), running=named, asked_for=True)
    return await results(session, workspace_id, wave_id)


async def results_of_survey(session: AsyncSession, workspace_id: str, survey_id: str) -> Results:
    """Return the results of a survey's last published wave, or of one that it goes on for.

    For a survey without results that is open, return its participation. Raises UserError for any
    other survey without results.
    """
    survey = await session.get(Survey, (workspace_id, survey_id))
    ids = await with_replaced(session, survey) if survey else []
    found = await _published_waves(session, workspace_id, Survey.id.in_(ids), limit=1)
    if found:
        return await results(session, workspace_id, found[0].wave_id)
    running = tuple(
        each
        for each in await running_waves(session, workspace_id)
        if survey and each.survey_name == survey.name
    )
    if not running:
        raise UserError(_(NOT_ASKED_YET))
    return Results(wave=None, others=(), running=running, asked_for=True)


async def latest_wave(
    session: AsyncSession, workspace_id: str, survey_name: str | None = None
) -> str | None:
    """Return the id of the last published wave, of one survey or of any; None if there is none.

    Raises UserError if no survey with results has that name.
    """
    if survey_name:
        return _with_name(await _published_waves(session, workspace_id), survey_name)[0].wave_id
    found = await _published_waves(session, workspace_id, limit=1)
    return found[0].wave_id if found else None


async def results(session: AsyncSession, workspace_id: str, wave_id: str | None) -> Results:
    """Return one published wave, the other waves to choose from, and the open ones.

    The wave has the first groups of each dimension. `Results.wave` is None without `wave_id`, or if
    that wave is not published.
    """
    wave = await wave_results(session, workspace_id, wave_id) if wave_id else None
    return Results(
        wave=wave,
        others=await _waves_for_menu(session, workspace_id, wave),
        running=await running_waves(session, workspace_id),
    )


async def published_wave(session: AsyncSession, workspace_id: str, wave_id: str) -> Wave | None:
    """Return a wave if it is published, else None."""
    wave = await session.get(Wave, (workspace_id, wave_id))
    return wave if wave and wave.status == "published" else None


async def wave_results(
    session: AsyncSession, workspace_id: str, wave_id: str
) -> WaveResults | None:
    """Return a wave with the first groups of each dimension, or None if it is not published."""
    wave = await published_wave(session, workspace_id, wave_id)
    if wave is None:
        return None
    wanted = await group_pages.first_of_each(session, wave)
    return await read_groups(session, wave, wanted, await group_pages.count_groups(session, wave))


async def wave_totals(session: AsyncSession, workspace_id: str, wave_id: str) -> WaveResults | None:
    """Return a wave without its groups, or None if it is not published."""
    wave = await published_wave(session, workspace_id, wave_id)
    return await read_groups(session, wave) if wave else None


async def page_of_groups(
    session: AsyncSession, workspace_id: str, wave_id: str, page: int
) -> WaveResults | None:
    """Return a wave with one page of its groups, or None if it is not published.

    A page beyond the last is the last.
    """
    wave = await published_wave(session, workspace_id, wave_id)
    if wave is None:
        return None
    counts = await group_pages.count_groups(session, wave)
    wanted = await group_pages.page_of_all(session, wave, page, sum(counts.values()))
    return await read_groups(session, wave, wanted, counts)


async def results_of_teams(
    session: AsyncSession, workspace_id: str, wave_id: str, teams: Collection[str]
) -> WaveResults | None:
    """Return a wave with those of the teams that are shown alone; None if it is not published."""
    wave = await published_wave(session, workspace_id, wave_id)
    return (
        await read_groups(session, wave, await group_pages.of_teams(session, wave, teams))
        if wave
        else None
    )


async def running_waves(session: AsyncSession, workspace_id: str) -> tuple[RunningWave, ...]:
    """Return the open waves, with participation in steps of k, by closing time."""
    rows = await session.execute(
        select(Wave, Survey.name, is_being_asked())
        .join(Survey, (Survey.workspace_id == Wave.workspace_id) & (Survey.id == Wave.survey_id))
        .where(
            Wave.workspace_id == workspace_id,
            Wave.status == "open",
            # Few are asked at a milestone: any count would be of single people.
            Survey.audience != AudienceKind.MILESTONE,
        )
        .order_by(Wave.closes_at, Wave.id)
    )
    return tuple(
        [
            RunningWave(
                wave_id=wave.id,
                survey_name=name,
                closes_at=wave.closes_at,
                invited=wave.invited,
                k=wave.min_group_size,
                at_least=None
                if is_asking
                else in_steps(await _count_answered(session, wave), wave.min_group_size),
                asked=(await sending_of(session, workspace_id, wave.id)).asked if is_asking else 0,
            )
            for wave, name, is_asking in rows.all()
        ]
    )


async def _count_answered(session: AsyncSession, wave: Wave) -> int:
    """Count the people who answered an open wave: of each cohort at most all but one.

    The subquery uses the primary key's index; `count(DISTINCT token)` would sort all tokens.
    """
    people = (
        select(func.min(OpenAnswer.cohort_id).label("cohort"))
        .where(OpenAnswer.workspace_id == wave.workspace_id, OpenAnswer.wave_id == wave.id)
        .group_by(OpenAnswer.token)
        .subquery()
    )
    rows = await session.execute(select(people.c.cohort, func.count()).group_by(people.c.cohort))
    answered: dict[int, int] = dict(rows.all())
    return sum(counted(answered, await asked_by_cohort(session, wave)).values())


def record_participation_viewed(
    session: AsyncSession, actor: Actor, running: Iterable[RunningWave], now: datetime
) -> None:
    """Record that somebody looked at the participation of open waves."""
    for wave in running:
        if wave.at_least is not None:
            audit.record(session, actor, "participation.viewed", subject=wave.wave_id, now=now)


async def read_groups(
    session: AsyncSession,
    wave: Wave,
    wanted: Sequence[GroupRef] = (),
    group_counts: Mapping[str, int] | None = None,
) -> WaveResults:
    """Read a wave's totals, and the figures of the wanted groups."""
    survey = await session.get_one(Survey, (wave.workspace_id, wave.survey_id))
    return assemble(
        survey,
        wave,
        await group_pages.read_figures(session, wave, wanted),
        group_counts,
        None if wave.anonymous else await count_named(session, wave),
    )


async def _published_waves(
    session: AsyncSession,
    workspace_id: str,
    *conditions: ColumnElement[bool],
    limit: int | None = None,
) -> list[WaveOption]:
    """Return published waves, latest first."""
    rows = await session.execute(
        select(Wave.id, Survey.name, Wave.held_on)
        .join(Survey, (Survey.workspace_id == Wave.workspace_id) & (Survey.id == Wave.survey_id))
        .where(Wave.workspace_id == workspace_id, Wave.status == "published", *conditions)
        .order_by(Wave.published_at.desc(), Wave.held_on.desc(), Wave.id)
        .limit(limit)
    )
    return [WaveOption(wave_id, name, held_on) for wave_id, name, held_on in rows]


async def _waves_for_menu(
    session: AsyncSession, workspace_id: str, wave: WaveResults | None
) -> tuple[WaveOption, ...]:
    """Return the waves that fit in a menu: the shown survey's, then the latest of others."""
    found: list[WaveOption] = []
    if wave:
        own = Survey.name == wave.survey_name
        found = await _published_waves(session, workspace_id, own, limit=WAVES_IN_A_MENU)
    if len(found) < WAVES_IN_A_MENU:
        rest = [Survey.name != wave.survey_name] if wave else []
        left = WAVES_IN_A_MENU - len(found)
        found += await _published_waves(session, workspace_id, *rest, limit=left)
    return tuple(found)


def _with_name(published: Sequence[WaveOption], name: str) -> list[WaveOption]:
    """Return the waves of a survey, by its name or by a part that only its name has."""
    wanted = name.strip().casefold()
    exact = [each for each in published if wanted in spellings(each.survey_name)]
    close = [each for each in published if is_part(wanted, each.survey_name)]
    names = sorted({shown_name(each.survey_name) for each in close})
    if exact or len(names) == 1:
        return exact or close
    if names:
        raise UserError(
            _n(
                "{count} survey matches that name: {names}. Please type a little more of the one "
                "you mean.",
                "{count} surveys match that name: {names}. Please type a little more of the one "
                "you mean.",
                len(names),
            ).format(names=_name_list(names))
        )
    if not published:
        raise UserError(_("No survey has results yet. They appear here once a survey has closed."))
    every = sorted({shown_name(each.survey_name) for each in published})
    raise UserError(
        _("No survey of that name has results yet. These have: {names}.").format(
            names=_name_list(every)
        )
    )


def _name_list(names: Sequence[str]) -> str:
    shown = ", ".join(escape(shorten(name, 60)) for name in names[:10])
    if len(names) <= 10:
        return shown
    return _n("{names} and {count} more", "{names} and {count} more", len(names) - 10).format(
        names=shown
    )


async def wave_before(session: AsyncSession, wave: Wave) -> Wave | None:
    """Return the survey's latest earlier wave with figures, or None."""
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
