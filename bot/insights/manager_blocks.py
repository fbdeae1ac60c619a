"""Block Kit for a manager's own team: published figures beside the company's, without buttons."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.blockkit.blocks import HEADER_TEXT, Block, Message, context, header, sections
from bot.blockkit.text import local_time, shorten
from bot.insights import wording
from bot.insights.managers import TeamResults
from bot.insights.participation_wording import invited_answered
from bot.insights.strain_wording import strain_line
from bot.insights.trends.blocks import ESTIMATED, trend_sentences
from bot.insights.trends.service import Trend
from bot.insights.wave_results import (
    GROUPS_ON_A_PAGE,
    GroupResults,
    Score,
    Strain,
    WaveResults,
)
from bot.languages import _, _n, marked
from bot.surveys.pure.names import shown_name

TEAMS_SHOWN: Final = 5

SEEN_AS_MANAGER: Final = marked(
    "HR lets managers see the published figures of their own team, beside the company's. Your look "
    "is written down, and everybody can read that with `/pulse record`."
)


def team_message(results: TeamResults, trends: Sequence[Trend] = ()) -> Message:
    """Return the message with the figures of a manager's own teams.

    `trends` are those of some teams' lowest drivers, each with the company and the team.
    """
    wave = results.wave
    name = wording.short_text(shown_name(wave.survey_name), wording.NAME_LIMIT)
    blocks: list[Block] = [
        header(shorten(shown_name(wave.survey_name), HEADER_TEXT)),
        context(_("Your team · closed {day}").format(day=local_time(wave.closed_at, "{date}"))),
    ]
    of_team = {trend.lines[-1].name: trend for trend in trends}
    for team in results.teams[:TEAMS_SHOWN]:
        blocks += _team(wave, team, of_team.get(team.name))
    if len(results.teams) > TEAMS_SHOWN:
        blocks.append(
            context(
                _n(
                    "And {count} more teams, which HR can show.",
                    "And {count} more teams, which HR can show.",
                    len(results.teams) - TEAMS_SHOWN,
                )
            )
        )
    blocks.append(context(_(SEEN_AS_MANAGER)))
    return Message(_("Results of {survey} in your team.").format(survey=name), blocks)


def _team(wave: WaveResults, team: GroupResults, trend: Trend | None) -> list[Block]:
    enps = [team.enps] if team.enps else []
    company = {each.ref: each for each in wave.scores}
    lines = wording.enps_lines(enps)
    if team.strain:
        lines.append(_strain_line(team.strain, {each.ref: each for each in wave.strains}))
    lines += [
        _score_line(score, company.get(score.ref)) for score in team.scores[:GROUPS_ON_A_PAGE]
    ]
    blocks = sections(lines or [_("No single figure can be shown.")], _heading(team))
    if trend and len(trend.lines[-1].shown) > 1:
        label = wording.label_text(trend.label)
        blocks += sections(trend_sentences(trend), _("*{driver} over time*").format(driver=label))
        blocks.append(context(_(ESTIMATED)))
    if team.strain:
        blocks.append(context(team.strain.limits))
    if team.scores:
        note = wording.range_note(team.scores, enps, anonymous=wave.anonymous)
        blocks.append(context(note))
    return blocks


def _heading(team: GroupResults) -> str:
    name = f"*{wording.group_text(team.name)}*"
    if team.answered is None or team.invited is None:
        return name
    return f"{name} {invited_answered(team.answered, team.invited)}"


def _strain_line(strain: Strain, company: Mapping[str, Strain]) -> str:
    line = strain_line(strain)
    if strain.ref not in company:
        return line
    share = wording.number_text(company[strain.ref].share, wording.percent)
    return f"{line} · {_('company {number}').format(number=share)}"


def _score_line(score: Score, company: Score | None) -> str:
    line = wording.score_line(score)
    if company is None:
        return line
    mean = wording.number_text(company.mean, wording.one_decimal)
    return f"{line} · {_('company {number}').format(number=mean)}"
