"""Creates the Bolt app: middleware, handlers of all slices, error handler."""

import logging
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.actor import Actor
from bot.blockers import handlers as blockers
from bot.blockkit.text import code, unescape
from bot.digest import handlers as digest
from bot.error_handler import answer_failure
from bot.errors import UserError
from bot.goals import handlers as goals
from bot.home import handlers as home
from bot.insights import handlers as insights
from bot.journeys import handlers as journeys
from bot.knowledge import handlers as knowledge
from bot.languages import _, marked, speak
from bot.learning import handlers as learning
from bot.mentoring import handlers as mentoring
from bot.mentoring.profiles.handlers import open_profile
from bot.people import handlers as people
from bot.people import roles
from bot.people.languages import language_of
from bot.people.roles import Role, is_employee
from bot.preferences import handlers as preferences
from bot.products import handlers as products
from bot.pulse import handlers as pulse
from bot.pulse.blocks import FIND_MENTOR
from bot.pulse.preview import as_asked
from bot.rights import handlers as rights
from bot.runtime import Runtime
from bot.setup import handlers as setup
from bot.slack import uninstalling
from bot.slack.authorising import Authorise
from bot.slack.client import make_client
from bot.slack.commands import (
    ASK,
    ATTUNE,
    BLOCKER,
    DIGEST,
    GOAL,
    IMPROVE,
    JOURNEY,
    LEARN,
    MENTOR,
    PULSE,
    VOICE,
    Usage,
    subcommand,
    words,
)
from bot.slack.interaction import Interaction
from bot.slack.oauth_flow import OAuthFlow
from bot.slack.reply import Reply, Respond, pressed_message_in, shown_in, window_in
from bot.slack.scopes import BOT_SCOPES
from bot.surveys import handlers as surveys
from bot.voice import handlers as voice
from bot.workflow_steps import handlers as workflow_steps

NO_WORKSPACE = marked(
    "I can't tell which workspace this comes from. Please try again in a direct message with me."
)
FAILED = "failed"
"""Context key of an error from the server, to be answered like an error of a listener."""

OF_ORGANISATIONS = (
    *("team_join", "user_change", "dnd_updated_user", "team_access_granted"),
    *("team_access_revoked", "app_uninstalled", "tokens_revoked"),
)
"""Events that an organisation's installation gets once for all its workspaces."""

SLICES = (
    people,
    preferences,
    surveys,
    pulse,
    mentoring,
    journeys,
    voice,
    insights,
    blockers,
    goals,
    learning,
    knowledge,
    products,
    digest,
    rights,
    setup,
    home,
)
COMMANDS: tuple[Usage, ...] = tuple(usage for slice_ in SLICES for usage in slice_.COMMANDS)


def create_app(runtime: Runtime) -> AsyncApp:
    """Create the Bolt app with all handlers; nothing is sent to Slack yet."""
    app = AsyncApp(
        # Without a name Bolt looks for one in the stack's source files, which takes 60 ms.
        name="attune",
        client=make_client(runtime.settings.slack_api_url, runtime.http),
        authorize=Authorise(runtime.installations),  # type: ignore[arg-type] # Bolt takes its own class
        installation_store=runtime.installations,
        oauth_flow=_oauth_flow(runtime),
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        # bot.server has verified the request, so that it can refuse a malformed one kindly.
        request_verification_enabled=False,
        ssl_check_enabled=False,
        logger=_quiet_logger(),
    )
    app.error(answer_failure)
    app.use(_Collaborators(runtime))
    for slice_ in SLICES:
        slice_.register(app)
    if runtime.settings.attune_workflow_steps:
        workflow_steps.register(app)
    uninstalling.register(app, runtime.installations)
    # Pulse shows the button and mentoring answers it; neither knows the other.
    app.action(FIND_MENTOR)(open_profile)
    _register_help(app)
    return app


def _quiet_logger() -> logging.Logger:
    """Return Bolt's logger without its warning about SLACK_BOT_TOKEN.

    Bolt warns that it ignores the variable; `authorize` uses it.
    """
    logger = logging.getLogger("slack_bolt")
    logger.addFilter(_is_news)
    return logger


def _is_news(record: logging.LogRecord) -> bool:
    return record.getMessage() != warning_client_prioritized_and_token_skipped()


class _Collaborators(AsyncMiddleware):
    """Gives listeners their `interaction`, and handles answers itself.

    Listeners of events without a person take `settings`, `sessions`, `clock` and `followups`.
    Answers are pressed most, and Bolt's way from here to a listener is long: it asks one listener
    after the other, and collects arguments for each question.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        # Surveys previews what pulse will ask, and doesn't know pulse.
        self._as_asked = partial(as_asked, privacy_page=runtime.settings.attune_privacy_url)

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 (Bolt's name)
    ) -> BoltResponse | None:
        """Add what listeners take, and go on to them unless an answer was pressed."""
        context, runtime = req.context, self._runtime
        if failed := context.get(FAILED):
            raise failed
        context["settings"] = runtime.settings
        context["sessions"] = runtime.sessions
        context["clock"] = runtime.clock
        context["installations"] = runtime.installations
        context["followups"] = runtime.followups
        context["as_asked"] = self._as_asked
        context["usages"] = COMMANDS
        context["respond"] = Respond(context.response_url, runtime.http)
        if not context.team_id and not _is_about_people(req.body):
            raise UserError(_(NO_WORKSPACE))
        if context.team_id and context.user_id:
            actor = Actor(str(context.team_id), str(context.user_id))
            async with runtime.reading() as session:
                # Each request has a task of its own, in which Bolt runs listeners after this.
                speak(await language_of(session, actor))
            interaction = await self._interaction(req.body, context, actor)
            if use_case := pulse.step_use_case(req.body):
                await pulse.step_pressed(interaction, use_case)
                return context.ack.response
            context["interaction"] = interaction
        await next()
        return resp

    async def _interaction(
        self, body: dict[str, Any], context: AsyncBoltContext, actor: Actor
    ) -> Interaction:
        if await _is_outsider(self._runtime, body, actor):
            raise UserError(_("Attune is only for members of the workspace that installed it."))
        context["actor"] = actor
        pressed = pressed_message_in(body, context.bot_user_id)
        return Interaction(
            body=body,
            actor=actor,
            now=self._runtime.clock(),
            settings=self._runtime.settings,
            sessions=self._runtime.sessions,
            client=context.client,
            followups=self._runtime.followups,
            reply=Reply(
                context.ack,
                context["respond"],
                pressed,
                context.client,
                shown_in(body),
                window_in(body),
            ),
            mark=context.get("mark"),
        )


def _is_about_people(body: dict[str, Any]) -> bool:
    """Return True for an event that may concern all workspaces of an organisation."""
    return (body.get("event") or {}).get("type") in OF_ORGANISATIONS


async def _is_outsider(runtime: Runtime, body: dict[str, Any], actor: Actor) -> bool:
    """Return True if a person of another organisation pressed, in a channel shared with it.

    On Enterprise Grid a press names the person's home workspace, which may be another workspace of
    the same organisation; the directory then says whether they are an employee here.
    """
    user = body.get("user")
    home_team = user.get("team_id") if isinstance(user, dict) else None
    if not home_team or home_team == actor.workspace_id:
        return False
    if not body.get("enterprise"):
        return True
    async with runtime.sessions.begin() as session:
        return not await is_employee(session, actor)


def _oauth_flow(runtime: Runtime) -> OAuthFlow | None:
    settings = runtime.settings
    if not settings.oauth_enabled:
        return None
    client = make_client(settings.slack_api_url, runtime.http)
    return OAuthFlow(client, settings, runtime.installations, BOT_SCOPES, runtime.clock)


def help_text(command: str, *, for_hr: bool) -> str:
    """List a command's uses, one a line: everybody's and, with `for_hr`, those of HR."""
    usages = [each for each in COMMANDS if each.command.split()[0] == command]
    usages.append(Usage(f"{command} help", marked("shows this list")))
    lines = [_("*What `{command}` can do*").format(command=command), *_lines(usages, for_hr=False)]
    if for_hr and (of_hr := _lines(usages, for_hr=True)):
        lines += ["", _("*For HR*"), *of_hr]
    return "\n".join(lines)


def _lines(usages: Iterable[Usage], *, for_hr: bool) -> list[str]:
    return [each.line for each in usages if each.for_hr == for_hr]


def _register_help(app: AsyncApp) -> None:
    """Answer help and unknown subcommands; registered last, because Bolt takes the first match."""
    for name in (
        *(PULSE, DIGEST, MENTOR, IMPROVE, VOICE, JOURNEY),
        *(BLOCKER, GOAL, LEARN, ASK, ATTUNE),
    ):

        @app.command(name, matchers=[subcommand("", "help")])
        async def show_help(interaction: Interaction) -> None:
            async with interaction.reading() as session:
                for_hr = await roles.holds(session, interaction.actor, Role.ANALYST)
            text = help_text(interaction.body["command"], for_hr=for_hr)
            await interaction.reply.command(text)

        @app.command(name)
        async def unknown(command: dict[str, Any]) -> None:
            typed = code(f"{command['command']} {unescape(words(command)[0])}")
            raise UserError(
                _("I don't know {typed}. `{command} help` lists what I can do.").format(
                    typed=typed, command=command["command"]
                )
            )
