"""HR looks at figures. The role is checked, and the look written down, at every press."""

import re
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.ext.asyncio import AsyncSession

from bot.actor import Actor
from bot.blockkit.blocks import Message
from bot.clock import Clock
from bot.insights import managers, service
from bot.insights.blocks import (
    BY_PERSON,
    BY_PERSON_PAGE,
    CHOOSE_WAVE,
    SHOW,
    PagePosition,
    ResultsPart,
    by_person_view,
    page_of_people,
    results_message,
    team_message,
)
from bot.insights.comment_blocks import COMMENTS, comments_view, page_of_comments
from bot.insights.comments import CommentsPage, comments_page, latest_comments
from bot.insights.named_surveys import VIEW_ANSWERS, NamedPage, named_answers
from bot.insights.wave_results import Results
from bot.people import audit, roles
from bot.people.roles import Role
from bot.slack.client import Followups, open_form
from bot.slack.commands import PULSE, Usage, name_in, subcommand
from bot.slack.responding import answer, replace
from models.database import Sessions

Payload = dict[str, Any]

COMMANDS: tuple[Usage, ...] = (
    Usage(
        "/pulse results",
        "shows results. Add a survey's name to see that survey",
        for_hr=True,
    ),
    Usage(
        "/pulse comments",
        "shows what people wrote, or with a survey's name what they wrote there",
        for_hr=True,
    ),
)
VIEW_FIGURES = "figures.view"
VIEW_COMMENTS = "comments.view"
NO_COMMENTS_FOR_YOU = "Only HR admins can read comments. `/pulse admins` shows who to ask."


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    app.command(PULSE, matchers=[subcommand("results")])(results_asked)
    app.action(re.compile(f"^{SHOW}(:|$)"))(part_chosen)
    app.action(CHOOSE_WAVE)(wave_chosen)
    app.command(PULSE, matchers=[subcommand("comments")])(comments_asked)
    app.action(re.compile(f"^{COMMENTS}:"))(comments_turned)
    app.action(BY_PERSON)(people_asked)
    app.action(re.compile(f"^{BY_PERSON_PAGE}:"))(people_turned)


async def results_asked(
    ack: Any,
    command: Payload,
    actor: Actor,
    sessions: Sessions,
    clock: Clock,
    respond: AsyncRespond,
) -> None:
    """Show the latest wave, of the named survey or of any; a manager sees their team's part."""
    name = name_in(command) or None
    async with sessions.begin() as session:
        if not await roles.holds(session, actor, Role.ANALYST):
            message = await _own_team(session, actor, name, clock)
        else:
            found = await service.latest_results(session, actor.workspace_id, name)
            message = await _looked_at(session, actor, found, clock)
    await answer(ack, respond, message)


async def part_chosen(
    ack: Any,
    action: Payload,
    actor: Actor,
    sessions: Sessions,
    clock: Clock,
    followups: Followups,
    respond: AsyncRespond,
) -> None:
    """Show another part or page of the same wave."""
    place = PagePosition.decode(str(action.get("value")))
    message = await _look(actor, sessions, clock, place)
    await ack()
    followups.start(replace(respond, message))


async def wave_chosen(
    ack: Any,
    action: Payload,
    actor: Actor,
    sessions: Sessions,
    clock: Clock,
    followups: Followups,
    respond: AsyncRespond,
) -> None:
    """Show another wave."""
    place = PagePosition(str(action["selected_option"]["value"]))
    message = await _look(actor, sessions, clock, place)
    await ack()
    followups.start(replace(respond, message))


async def comments_asked(
    ack: Any,
    command: Payload,
    body: Payload,
    actor: Actor,
    sessions: Sessions,
    clock: Clock,
    client: AsyncWebClient,
) -> None:
    """Open the comments of the named survey, or of the one that had some last."""
    async with sessions.begin() as session:
        await _may_read_comments(session, actor)
        page = await latest_comments(session, actor.workspace_id, name_in(command) or None)
        _record_reading(session, actor, page, clock)
    await open_form(client, body["trigger_id"], comments_view(page))
    await ack()


async def comments_turned(
    ack: Any,
    action: Payload,
    body: Payload,
    actor: Actor,
    sessions: Sessions,
    clock: Clock,
    client: AsyncWebClient,
) -> None:
    """Turn the page; the button of a message, as earlier releases sent, opens it in a modal."""
    survey_id, number = page_of_comments(str(action.get("value")))
    async with sessions.begin() as session:
        await _may_read_comments(session, actor)
        page = await comments_page(session, actor.workspace_id, survey_id, number)
        _record_reading(session, actor, page, clock)
    view = comments_view(page)
    if "view" in body:
        await client.views_update(view_id=body["view"]["id"], view=view)
    else:
        await open_form(client, body["trigger_id"], view)
    await ack()


async def people_asked(
    ack: Any,
    action: Payload,
    body: Payload,
    actor: Actor,
    sessions: Sessions,
    clock: Clock,
    client: AsyncWebClient,
) -> None:
    """Open a named survey's answers."""
    page = await _look_at_people(actor, sessions, clock, str(action.get("value")), 0)
    await client.views_open(trigger_id=body["trigger_id"], view=by_person_view(page))
    await ack()


async def people_turned(
    ack: Any,
    action: Payload,
    body: Payload,
    actor: Actor,
    sessions: Sessions,
    clock: Clock,
    client: AsyncWebClient,
) -> None:
    """Turn the page."""
    wave_id, number = page_of_people(str(action.get("value")))
    page = await _look_at_people(actor, sessions, clock, wave_id, number)
    await client.views_update(view_id=body["view"]["id"], view=by_person_view(page))
    await ack()


async def _look(actor: Actor, sessions: Sessions, clock: Clock, place: PagePosition) -> Message:
    async with sessions.begin() as session:
        await roles.require(session, actor, Role.ANALYST, action=VIEW_FIGURES)
        found = await read_part(session, actor.workspace_id, place)
        return await _looked_at(session, actor, found, clock, place.part, place.page)


async def read_part(session: AsyncSession, workspace_id: str, place: PagePosition) -> Results:
    """Read what one part shows, and no more: a large company has thousands of groups."""
    if place.part is ResultsPart.OVERVIEW:
        return await service.results(session, workspace_id, place.wave_id)
    if place.part is ResultsPart.GROUPS:
        wave = await service.page_of_groups(session, workspace_id, place.wave_id, place.page)
    else:
        wave = await service.wave_totals(session, workspace_id, place.wave_id)
    return Results(wave, others=(), running=())


async def _looked_at(
    session: AsyncSession,
    actor: Actor,
    found: Results,
    clock: Clock,
    part: ResultsPart = ResultsPart.OVERVIEW,
    page: int = 0,
) -> Message:
    if found.wave:
        audit.record(session, actor, "figures.viewed", subject=found.wave.wave_id, now=clock())
    if part is ResultsPart.OVERVIEW or not found.wave:
        service.record_participation_viewed(session, actor, found.running, clock())
    sees_names = await roles.holds(session, actor, Role.ADMIN)
    return results_message(found, part, page, sees_names=sees_names)


async def _own_team(
    session: AsyncSession, actor: Actor, survey_name: str | None, clock: Clock
) -> Message:
    teams = await managers.managed_teams(session, actor)
    if not teams:
        await roles.require(session, actor, Role.ANALYST, action=VIEW_FIGURES)
    found = await managers.team_results(session, actor.workspace_id, teams, survey_name)
    seen_as = {"as": "manager"}
    audit.record(
        session, actor, "figures.viewed", subject=found.wave.wave_id, detail=seen_as, now=clock()
    )
    return team_message(found)


async def _may_read_comments(session: AsyncSession, actor: Actor) -> None:
    await roles.require(
        session, actor, Role.ADMIN, action=VIEW_COMMENTS, refusal=NO_COMMENTS_FOR_YOU
    )


def _record_reading(
    session: AsyncSession, actor: Actor, page: CommentsPage | None, clock: Clock
) -> None:
    if page and page.comments:
        audit.record(session, actor, "comments.viewed", subject=page.survey_id, now=clock())


async def _look_at_people(
    actor: Actor, sessions: Sessions, clock: Clock, wave_id: str, number: int
) -> NamedPage:
    async with sessions.begin() as session:
        await roles.require(session, actor, Role.ADMIN, action=VIEW_ANSWERS)
        page = await named_answers(session, actor.workspace_id, wave_id, number)
        audit.record(session, actor, "answers.viewed", subject=wave_id, now=clock())
    return page
