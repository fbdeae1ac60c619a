"""Running slash commands and opening the app's Home."""

from sandbox.acting.lookup import conversation, person, require_installed, writable
from sandbox.acting.pressing import view_before
from sandbox.answers import AnswerRefused, post_answer
from sandbox.engine import Engine
from sandbox.outbound.delivery import Parcel
from sandbox.outbound.payloads import slash_command
from sandbox.outcome import CannotError, Outcome, outcome_of
from sandbox.render import message_json, view_json
from sandbox.state import App, Channel, Json, User
from sandbox.texts import escape, typed


async def command(
    engine: Engine, user: str, command: str, text: str = "", channel: str = "dm"
) -> Outcome:
    """Run a slash command in a conversation. Raises CannotError."""
    acting = person(engine, user)
    where = conversation(engine, acting, channel)
    writable(engine, where)
    app = app_with_command(engine, command)
    written = typed(text, engine.world, with_names=True) if app.should_escape else escape(text)
    payload = slash_command(engine, acting, where, command, written)
    parcel = Parcel("slash_commands", f"command:{command}", payload)
    reply = await engine.delivery.send(parcel)
    outcome = outcome_of(reply, f'{command} failed with the error "{reply.error}"')
    if reply.ok:
        show_answer(engine, acting, where, payload, outcome)
        if outcome.error:
            outcome.shown = f'{command} failed with the error "{outcome.error}"'
    outcome.view = view_before(engine, acting)
    return outcome


def app_with_command(engine: Engine, command: str) -> App:
    """Return the app if it has a command. Raises CannotError with what Slackbot says."""
    app = engine.world.app()
    if not app.installed or (app.commands is not None and command not in app.commands):
        raise CannotError("unknown_command", f"{command} is not a valid command.")
    return app


def show_answer(
    engine: Engine, user: User, channel: Channel, payload: Json, outcome: Outcome
) -> None:
    """Show what the app answered to a command: to the person alone, unless it says otherwise."""
    given = outcome.reply.body if outcome.reply else None
    body = {"text": given} if isinstance(given, str) else given
    if not isinstance(body, dict) or not body:
        outcome.message = answered_meanwhile(engine, channel, payload)
        return
    try:
        message = post_answer(engine.world, user.id, channel, body)
    except AnswerRefused as error:
        outcome.error, outcome.note = "bad_response", str(error)
        return
    outcome.message = message_json(engine.world, message)


def answered_meanwhile(engine: Engine, channel: Channel, payload: Json) -> Json | None:
    """Return what the app posted through the command's response URL before it acknowledged."""
    url, _ = engine.response_urls.find(str(payload["response_url"]).rpartition("/")[2])
    if url is None or url.posted_ts is None:
        return None
    message = engine.world.message(channel, url.posted_ts)
    return message_json(engine.world, message) if message else None


async def home(engine: Engine, user: str, tab: str = "home") -> Outcome:
    """Open the app's Home; ``tab`` is home or messages. The outcome's view is what is shown."""
    if tab not in {"home", "messages"}:
        raise CannotError("invalid_arguments", "tab is home or messages")
    acting = person(engine, user)
    require_installed(engine)
    app = engine.world.app()
    channel, _ = engine.world.direct_channel([app.bot_user_id, acting.id])
    with engine.events.collected() as deliveries:
        engine.events.home_opened(acting, channel, tab)
    unheard = "the app did not subscribe to app_home_opened"
    outcome = await engine.events.acknowledged(deliveries, unheard=unheard)
    view = engine.world.homes.get(acting.id)
    if view is not None and tab == "home":
        outcome.view = view_json(engine.world, view)
    engine.world.tell("home_opened", user_id=acting.id, view=view)
    return outcome
