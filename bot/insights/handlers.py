"""HR looks at figures. Every press checks the role and records the look."""

import asyncio
import re

from slack_bolt.app.async_app import AsyncApp
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import Message
from bot.errors import OutdatedError
from bot.insights import managers, service
from bot.insights.blocks import CHOOSE_WAVE, results_message
from bot.insights.by_person_blocks import (
    BY_PERSON,
    BY_PERSON_PAGE,
    by_person_view,
)
from bot.insights.comment_blocks import (
    COMMENTS,
    COMMENTS_VIEW,
    comments_view,
)
from bot.insights.comment_filter_fields import FILTER, read_filter
from bot.insights.comments import (
    EVERYTHING,
    CommentFilter,
    CommentsPage,
    comments_page,
    latest_comments,
)
from bot.insights.export import handlers as export
from bot.insights.heatmap import handlers as heatmap
from bot.insights.looks import look_at_figures, require_hr
from bot.insights.manager_blocks import team_message
from bot.insights.managers import TeamResults
from bot.insights.missing import handlers as missing
from bot.insights.named_surveys import VIEW_ANSWERS, NamedPage, named_answers
from bot.insights.paging import page_of
from bot.insights.positions import SHOW, PagePosition, ResultsPart
from bot.insights.pure.words.themes import Term
from bot.insights.theme_term_form import ADD_TERM, TERM_FORM, read_term, term_form
from bot.insights.theme_terms import add_term, remove_term, terms_of
from bot.insights.trends import handlers as trends
from bot.insights.trends.service import find_trend
from bot.insights.wave_results import Results
from bot.insights.wellbeing import handlers as wellbeing
from bot.languages import _, marked
from bot.people import audit, roles
from bot.people.roles import Role
from bot.slack.commands import PULSE, Usage, name_in, subcommand
from bot.slack.interaction import Interaction
from bot.surveys.blocks import RESULTS

COMMANDS: tuple[Usage, ...] = (
    Usage(
        "/pulse results",
        marked("shows results. Add a survey's name to see that survey"),
        for_hr=True,
    ),
    *missing.COMMANDS,
    *wellbeing.COMMANDS,
    Usage(
        "/pulse comments",
        marked("shows what people wrote, or with a survey's name what they wrote there"),
        for_hr=True,
    ),
    *export.COMMANDS,
)
VIEW_COMMENTS = "comments.view"
TITLE = marked("Results")
NO_COMMENTS_FOR_YOU = marked("Only HR admins can read comments. `/pulse admins` shows who to ask.")


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    for part in (trends, heatmap, missing, wellbeing, export):
        part.register(app)
    app.command(PULSE, matchers=[subcommand("results")])(results_asked)
    app.action(RESULTS)(results_pressed)
    app.action(re.compile(f"^{SHOW}(:|$)"))(part_chosen)
    app.action(CHOOSE_WAVE)(wave_chosen)
    app.command(PULSE, matchers=[subcommand("comments")])(comments_asked)
    app.action(re.compile(f"^{COMMENTS}:"))(comments_turned)
    app.action(re.compile(f"^{FILTER}:"))(comments_filtered)
    app.view(COMMENTS_VIEW)(comments_searched)
    app.action(ADD_TERM)(term_form_asked)
    app.view(TERM_FORM)(term_given)
    app.action(BY_PERSON)(people_asked)
    app.action(re.compile(f"^{BY_PERSON_PAGE}:"))(people_turned)


async def results_asked(interaction: Interaction) -> None:
    """Show the latest wave, of the named survey or of any; a manager sees their team's part."""
    actor = interaction.actor
    name = name_in(interaction.body) or None
    async with interaction.begin() as session:
        if not await roles.holds(session, actor, Role.ANALYST):
            team = await _own_team(session, interaction, name)
        else:
            team = None
            found = await service.latest_results(session, actor.workspace_id, name)
            message = await _record_and_show(session, interaction, found)
    if team:
        trends = await asyncio.to_thread(lambda: [find_trend(each) for each in team.trends])
        message = team_message(team, trends)
    await interaction.reply.command(message)


async def results_pressed(interaction: Interaction) -> None:
    """Show the latest results of the survey in the button, or of any if it has none."""
    actor, survey_id = interaction.actor, str(interaction.action.get("value") or "")
    async with interaction.begin() as session:
        await require_hr(session, actor)
        if survey_id:
            found = await service.results_of_survey(session, actor.workspace_id, survey_id)
        else:
            found = await service.latest_results(session, actor.workspace_id)
        message = await _record_and_show(session, interaction, found)
    await interaction.show_message(_(TITLE), message)


async def part_chosen(interaction: Interaction) -> None:
    """Show another part or page of the same wave."""
    await _turn_to(interaction, PagePosition.decode(interaction.value))


async def wave_chosen(interaction: Interaction) -> None:
    """Show another wave."""
    chosen = interaction.action.get("selected_option")
    if not isinstance(chosen, dict):
        raise OutdatedError
    await _turn_to(interaction, PagePosition(str(chosen.get("value"))))


async def comments_asked(interaction: Interaction) -> None:
    """Open the comments of the named survey, or of the latest one with comments."""
    name = name_in(interaction.body) or None
    async with interaction.begin() as session:
        await _require_comments(session, interaction.actor)
        page = await latest_comments(session, interaction.actor.workspace_id, name)
        _record_reading(session, interaction, page)
    await interaction.open_form(comments_view(page))
    await interaction.reply.acknowledge()


async def comments_turned(interaction: Interaction) -> None:
    """Turn the page; a button in a message, as earlier releases sent it, opens a modal."""
    survey_id, number = page_of(interaction.value)
    chosen = read_filter(interaction.body.get("view") or {})
    view = comments_view(await _read_comments(interaction, survey_id, number, chosen))
    if "view" in interaction.body:
        await interaction.update_form(view)
    else:
        await interaction.open_form(view)
    await interaction.reply.acknowledge()


async def comments_filtered(interaction: Interaction) -> None:
    """Show the first page of the comments that a menu now chooses."""
    await interaction.update_form(comments_view(await _chosen_comments(interaction)))
    await interaction.reply.acknowledge()


async def comments_searched(interaction: Interaction) -> None:
    """Show the first page of the comments with the words."""
    page = await _chosen_comments(interaction)
    await interaction.reply.acknowledge(response_action="update", view=comments_view(page))


async def term_form_asked(interaction: Interaction) -> None:
    """Show the form to add a word to a theme, in place of the comments."""
    page_of(interaction.value)
    async with interaction.begin() as session:
        await _require_comments(session, interaction.actor)
        terms = await terms_of(session, interaction.actor.workspace_id)
    await interaction.update_form(term_form(interaction.value, terms))
    await interaction.reply.acknowledge()


async def term_given(interaction: Interaction) -> None:
    """Add or remove the word, and return to the comments."""
    actor, now = interaction.actor, interaction.now
    text, theme = read_term(interaction.view)
    survey_id, number = page_of(str(interaction.view["private_metadata"]))
    async with interaction.begin() as session:
        await _require_comments(session, actor)
        if theme:
            await add_term(session, actor, Term(theme, text), now)
        else:
            await remove_term(session, actor, text, now)
        page = await comments_page(session, actor.workspace_id, survey_id, number)
        _record_reading(session, interaction, page)
    await interaction.reply.acknowledge(response_action="update", view=comments_view(page))


async def people_asked(interaction: Interaction) -> None:
    """Open a named survey's answers."""
    page = await _read_answers(interaction, interaction.value, 0)
    await interaction.open_form(by_person_view(page))
    await interaction.reply.acknowledge()


async def people_turned(interaction: Interaction) -> None:
    """Turn the page."""
    page = await _read_answers(interaction, *page_of(interaction.value))
    await interaction.update_form(by_person_view(page))
    await interaction.reply.acknowledge()


async def _turn_to(interaction: Interaction, position: PagePosition) -> None:
    actor = interaction.actor
    async with interaction.begin() as session:
        await require_hr(session, actor)
        found = await read_part(session, actor.workspace_id, position)
        message = await _record_and_show(session, interaction, found, position.part, position.page)
    await interaction.reply.acknowledge()
    interaction.later(interaction.reply.in_place(message))


async def read_part(session: AsyncSession, workspace_id: str, position: PagePosition) -> Results:
    """Read what one part shows, and no more: a large company has thousands of groups."""
    if position.part is ResultsPart.OVERVIEW:
        return await service.results(session, workspace_id, position.wave_id)
    if position.part is ResultsPart.GROUPS:
        wave = await service.page_of_groups(session, workspace_id, position.wave_id, position.page)
    else:
        wave = await service.wave_totals(session, workspace_id, position.wave_id)
    return Results(wave, others=(), running=())


async def _record_and_show(
    session: AsyncSession,
    interaction: Interaction,
    found: Results,
    part: ResultsPart = ResultsPart.OVERVIEW,
    page: int = 0,
) -> Message:
    """Record the look at the figures, and build the message that shows them."""
    actor, now = interaction.actor, interaction.now
    if found.wave:
        await look_at_figures(session, actor, found.wave.wave_id, now)
    if part is ResultsPart.OVERVIEW or not found.wave:
        service.record_participation_viewed(session, actor, found.running, now)
    sees_names = await roles.holds(session, actor, Role.ADMIN)
    return results_message(found, part, page, sees_names=sees_names)


async def _own_team(
    session: AsyncSession, interaction: Interaction, survey_name: str | None
) -> TeamResults:
    """Return the figures of a manager's own team, and record the look at them."""
    actor = interaction.actor
    teams = await managers.managed_teams(session, actor)
    if not teams:
        await require_hr(session, actor)
    found = await managers.team_results(session, actor.workspace_id, teams, survey_name)
    audit.record(
        session,
        actor,
        "figures.viewed",
        subject=found.wave.wave_id,
        detail={"as": "manager"},
        now=interaction.now,
    )
    return found


async def _require_comments(session: AsyncSession, actor: Actor) -> None:
    await roles.require(
        session, actor, Role.ADMIN, action=VIEW_COMMENTS, refusal=_(NO_COMMENTS_FOR_YOU)
    )


async def _chosen_comments(interaction: Interaction) -> CommentsPage:
    survey_id = str(interaction.view["private_metadata"])
    return await _read_comments(interaction, survey_id, 0, read_filter(interaction.view))


async def _read_comments(
    interaction: Interaction, survey_id: str, number: int, chosen: CommentFilter = EVERYTHING
) -> CommentsPage:
    """Read a page of comments, and record the look."""
    async with interaction.begin() as session:
        await _require_comments(session, interaction.actor)
        workspace_id = interaction.actor.workspace_id
        page = await comments_page(session, workspace_id, survey_id, number, chosen)
        _record_reading(session, interaction, page)
    return page


def _record_reading(
    session: AsyncSession, interaction: Interaction, page: CommentsPage | None
) -> None:
    if page and page.comments:
        audit.record(
            session,
            interaction.actor,
            "comments.viewed",
            subject=page.survey_id,
            now=interaction.now,
        )


async def _read_answers(interaction: Interaction, wave_id: str, number: int) -> NamedPage:
    """Read a page of a named survey's answers, and record the look."""
    actor = interaction.actor
    async with interaction.begin() as session:
        await roles.require(session, actor, Role.ADMIN, action=VIEW_ANSWERS)
        page = await named_answers(session, actor.workspace_id, wave_id, number)
        audit.record(session, actor, "answers.viewed", subject=wave_id, now=interaction.now)
    return page
