"""Somebody runs a slash command or shortcut, or opens the app's Home."""

import asyncio

from sandbox.acting.lookup import app_of, conversation, person, visible_message, writable
from sandbox.acting.pressing import view_before
from sandbox.answers import AnswerRefused, post_answer
from sandbox.engine import Engine
from sandbox.outbound.delivery import Parcel
from sandbox.outbound.payloads import global_shortcut, message_shortcut, slash_command
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
    payload = slash_command(engine, app, acting, where, command, written)
    parcel = Parcel(app, "slash_commands", f"command:{command}", payload)
    reply = await engine.delivery.send(parcel)
    outcome = outcome_of(reply, f'{command} failed with the error "{reply.error}"')
    if reply.ok:
        show_answer(engine, app, acting, where, payload, outcome)
        if outcome.error:
            outcome.shown = f'{command} failed with the error "{outcome.error}"'
    outcome.view = view_before(engine, acting, app.id)
    return outcome


def app_with_command(engine: Engine, command: str) -> App:
    """Return the app that has a command. Raises CannotError with what Slackbot says."""
    for app in engine.world.apps.values():
        if app.installed and (app.commands is None or command in app.commands):
            return app
    raise CannotError("unknown_command", f"{command} is not a valid command.")


def show_answer(
    engine: Engine, app: App, user: User, channel: Channel, payload: Json, outcome: Outcome
) -> None:
    """Show what the app answered to a command: to the person alone, unless it says otherwise."""
    given = outcome.reply.body if outcome.reply else None
    body = {"text": given} if isinstance(given, str) else given
    if not isinstance(body, dict) or not body:
        outcome.message = answered_meanwhile(engine, channel, payload)
        return
    try:
        message = post_answer(engine.world, app, user.id, channel, body)
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


async def shortcut(
    engine: Engine,
    user: str,
    callback_id: str,
    channel: str | None = None,
    message_ts: str | None = None,
    app_id: str | None = None,
) -> Outcome:
    """Run a shortcut: a global one, or with channel and message_ts one on a message."""
    acting = person(engine, user)
    app = app_of(engine, app_id)
    if channel is not None and message_ts is not None:
        where = conversation(engine, acting, channel, app)
        message = visible_message(engine, acting, where, message_ts)
        payload = message_shortcut(engine, app, acting, callback_id, where, message)
    else:
        payload = global_shortcut(engine, app, acting, callback_id)
    parcel = Parcel(app, "interactive", f"interaction:{payload['type']}", payload)
    outcome = outcome_of(await engine.delivery.send(parcel))
    outcome.view = view_before(engine, acting, app.id)
    return outcome


async def home(engine: Engine, user: str, tab: str = "home", app_id: str | None = None) -> Outcome:
    """Open the app's Home; ``tab`` is home or messages. The outcome's view is what is shown."""
    if tab not in {"home", "messages"}:
        raise CannotError("invalid_arguments", "tab is home or messages")
    acting = person(engine, user)
    app = app_of(engine, app_id)
    channel, _ = engine.world.direct_channel([app.bot_user_id, acting.id])
    with engine.events.collected() as deliveries:
        opened = engine.events.home_opened(app, acting.id, channel, tab)
        engine.events.publish(app, opened, about=acting)
    outcome = Outcome(note="the app did not subscribe to app_home_opened")
    for reply in await asyncio.gather(*deliveries):
        outcome = outcome_of(reply)
    view = engine.world.homes.get((acting.id, app.id))
    if view is not None and tab == "home":
        outcome.view = view_json(engine.world, view)
    engine.world.tell("home_opened", user_id=acting.id, app=app, view=view)
    return outcome
