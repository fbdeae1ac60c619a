"""Checks with Slack: token, scopes, clock, and whether Slack's requests reach the bot."""

import json
import secrets
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from bot.doctor.findings import Finding, Level, fine
from bot.server import EVENTS_PATH
from bot.settings import Settings
from bot.slack.client import NETWORK_ERRORS, error_code, make_client
from bot.slack.scopes import NEEDED, OPTIONAL

SKEW_SECONDS: Final = 60
WORST_SKEW_SECONDS: Final = 240
"""Slack's requests are refused if their time differs by 300 seconds."""
APP_PAGE: Final = "https://api.slack.com/apps → your app"
REINSTALL: Final = f"{APP_PAGE} → OAuth & Permissions → Reinstall to Workspace."


async def check_token(
    settings: Settings, http: aiohttp.ClientSession, now: datetime
) -> AsyncIterator[Finding]:
    """Check SLACK_BOT_TOKEN, its scopes, and this machine's clock by Slack's."""
    if settings.slack_bot_token is None:
        yield fine("token", "Tokens come from installations (SLACK_CLIENT_ID is set).")
        return
    client = make_client(settings.slack_api_url, http, settings.slack_bot_token.get_secret_value())
    try:
        answer = await client.auth_test()
    except SlackApiError as error:
        yield Finding(
            "token",
            Level.ERROR,
            f"Slack refuses SLACK_BOT_TOKEN ({error_code(error)}).",
            "Attune does not start.",
            f"Copy the Bot User OAuth Token (xoxb-…) from {APP_PAGE} → OAuth & Permissions.",
        )
        return
    except NETWORK_ERRORS as error:
        yield Finding(
            "token",
            Level.ERROR,
            f"Nothing answers at SLACK_API_URL ({type(error).__name__}).",
            "Attune can neither send nor start.",
            "Check the address, the network, and whether a proxy or firewall stands between.",
        )
        return
    yield fine("token", "Slack knows the token.")
    headers: Mapping[str, str] = answer.headers
    for finding in [*check_scopes(headers), *check_clock(headers, now)]:
        yield finding


def check_scopes(headers: Mapping[str, str]) -> Iterator[Finding]:
    """Compare the scopes that were granted with those that Attune needs, and can use.

    Slack names them with each answer: https://docs.slack.dev/authentication/installing-with-oauth.
    """
    said = headers.get("x-oauth-scopes")
    if said is None:
        yield Finding("scopes", Level.NOTE, "This server does not say which scopes were granted.")
        return
    granted = {scope.strip() for scope in said.split(",")}
    if missing := sorted({*NEEDED} - granted):
        yield Finding(
            "scopes",
            Level.ERROR,
            f"Scopes are missing: {', '.join(missing)}.",
            "Attune cannot work without them.",
            f"Update the app's manifest from manifest.json, then {REINSTALL}",
        )
    for scope, lost in OPTIONAL.items():
        if scope not in granted:
            yield Finding(
                "optional-scopes",
                Level.NOTE,
                f"{scope} was not granted.",
                f"Without it, {lost}.",
                f"If you want that, {REINSTALL}",
            )
    if {*NEEDED, *OPTIONAL} <= granted:
        yield fine("scopes", "All scopes were granted.")


def check_clock(headers: Mapping[str, str], now: datetime) -> Iterator[Finding]:
    """Compare this machine's clock with Slack's."""
    try:
        theirs = parsedate_to_datetime(headers["Date"])
    except (KeyError, ValueError):
        yield Finding("clock", Level.NOTE, "This server does not say what time it is.")
        return
    seconds = abs((now - theirs).total_seconds())
    if seconds <= SKEW_SECONDS:
        yield fine("clock", "The clock agrees with Slack's.")
        return
    yield Finding(
        "clock",
        Level.ERROR if seconds > WORST_SKEW_SECONDS else Level.WARNING,
        f"This machine's clock differs from Slack's by {seconds:.0f} seconds.",
        "From 300 seconds on, all requests of Slack are refused as too old.",
        "Set the clock with NTP: timedatectl set-ntp true.",
    )


async def check_connection(
    settings: Settings, http: aiohttp.ClientSession, address: str | None, now: datetime
) -> AsyncIterator[Finding]:
    """Check that Slack's requests can come in: the app token, or a signed request to itself.

    `address` is the request URL that Slack has; empty for the bot on this machine.
    """
    if settings.slack_app_token:
        async for finding in _check_app_token(settings, http):
            yield finding
    elif settings.slack_signing_secret:
        url = address or _own_address(settings)
        secret = settings.slack_signing_secret.get_secret_value()
        yield await _ask_itself(http, url, secret, now)


async def _check_app_token(
    settings: Settings, http: aiohttp.ClientSession
) -> AsyncIterator[Finding]:
    token = settings.slack_app_token
    client = make_client(settings.slack_api_url, http)
    try:
        await client.apps_connections_open(app_token=token.get_secret_value() if token else "")
    except SlackApiError as error:
        yield Finding(
            "app-token",
            Level.ERROR,
            f"Slack refuses SLACK_APP_TOKEN ({error_code(error)}).",
            "Presses and commands do not reach Attune.",
            f"Turn Socket Mode on, and copy an App-Level Token with connections:write from "
            f"{APP_PAGE} → Basic Information.",
        )
    except NETWORK_ERRORS:
        return  # check_token says so
    else:
        yield fine("app-token", "Slack opens Socket Mode connections.")


async def _ask_itself(http: aiohttp.ClientSession, url: str, secret: str, now: datetime) -> Finding:
    """Send what Slack sends to verify a request URL.

    https://docs.slack.dev/reference/events/url_verification
    """
    # Another one each time: a copy of a request is refused.
    challenge = secrets.token_hex(16)
    body = json.dumps({"type": "url_verification", "challenge": challenge})
    timestamp = str(int(now.timestamp()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
    headers = {
        "content-type": "application/json",
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": signature or "",
    }
    try:
        async with http.post(url, data=body, headers=headers) as answer:
            said, status = await answer.text(), answer.status
    except NETWORK_ERRORS as error:
        return Finding(
            "request-url",
            Level.ERROR,
            f"No bot answers at {url} ({type(error).__name__}).",
            "Presses and commands do not reach Attune.",
            "Start `python -m bot`; if it runs elsewhere, add --url with the address that Slack "
            "has.",
        )
    if status == 401:
        return Finding(
            "request-url",
            Level.ERROR,
            f"The bot at {url} refuses a request that is signed with SLACK_SIGNING_SECRET.",
            "It has another secret, or a clock that differs: it refuses Slack's requests as well.",
            f"Copy the Signing Secret from {APP_PAGE} → Basic Information to all processes, and "
            "start them again.",
        )
    if status != 200 or challenge not in said:
        return Finding(
            "request-url",
            Level.ERROR,
            f"What answers at {url} is not Attune (status {status}).",
            "Presses and commands do not reach Attune.",
            f"Let your proxy pass {EVENTS_PATH} to `python -m bot`, body and headers unchanged.",
        )
    return fine("request-url", f"The bot answers signed requests at {url}.")


def _own_address(settings: Settings) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104
    return f"http://{host}:{settings.port}{EVENTS_PATH}"
