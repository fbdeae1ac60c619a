"""Typed settings from the environment or `.env`; wrong ones stop the start with one sentence."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import NoDecode
from sqlalchemy.exc import ArgumentError

from bot.logs import LogFormat
from models.database import DatabaseSettings, normalise_url
from models.encryption import Keyring

APP_PAGE = "https://api.slack.com/apps → your app"
NOT_UTF8 = "The file .env is not UTF-8 text: save it in that encoding, then start again."


class SettingsError(Exception):
    """A setting is missing or malformed; the text says which one, and where to find it."""


class Settings(DatabaseSettings):
    """All settings. Each description says where to find the value."""

    database_url: str = Field(
        default="sqlite:///attune.sqlite3",
        description="a SQLAlchemy URL such as postgresql://user:password@host/name",
    )
    database_pool_size: int = Field(
        default=10,
        ge=1,
        le=500,
        description="the most connections to PostgreSQL that one process opens",
    )
    slack_bot_token: SecretStr | None = Field(
        default=None,
        description=f"the Bot User OAuth Token (xoxb-…) under {APP_PAGE} → OAuth & Permissions",
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None,
        description=f"the Signing Secret under {APP_PAGE} → Basic Information → App Credentials",
    )
    slack_app_token: SecretStr | None = Field(
        default=None,
        description=f"an App-Level Token (xapp-…) with connections:write under {APP_PAGE} → "
        "Basic Information; set it to use Socket Mode, leave it empty for HTTP",
    )
    slack_client_id: str | None = Field(
        default=None, description=f"the Client ID under {APP_PAGE} → Basic Information"
    )
    slack_client_secret: SecretStr | None = Field(
        default=None, description=f"the Client Secret under {APP_PAGE} → Basic Information"
    )
    slack_api_url: str = Field(
        default="https://slack.com/api/",
        description="the base URL of the Web API, ending in /api/",
    )
    host: str = Field(default="127.0.0.1", description="the address to listen on")
    port: int = Field(default=3000, ge=1, le=65535, description="the TCP port to listen on")
    metrics_host: str = Field(
        default="127.0.0.1", description="the address on which metrics are served"
    )
    metrics_port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description="the TCP port of the bot's metrics and health checks; 0 for none",
    )
    scheduler_metrics_port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description="the TCP port of the scheduler's metrics and health checks; 0 for none",
    )
    log_format: LogFormat = Field(
        default="auto",
        description="json, text, or auto: text on a terminal and JSON elsewhere",
    )
    attune_admins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Slack member ids (U…) of the first HR admins, separated by commas; a member "
        "id is copied from a person's Slack profile → ⋮ → Copy member ID",
    )
    attune_allow_guests: bool = Field(
        default=False, description="true to count guests of the workspace as employees"
    )
    attune_min_group_size: int = Field(
        default=5,
        ge=4,
        le=100,
        description="the smallest group with figures, in surveys "
        "that are asked from the next start on; never below 4",
    )
    attune_secret_key: SecretStr | None = Field(
        default=None,
        description="a key that `python -m bot new-key` prints, or several separated by commas: "
        "the first encrypts bot tokens and comments, each of them decrypts",
    )

    attune_retention_months: int = Field(
        default=12,
        ge=1,
        le=120,
        description="the number of months that comments are kept, 1 to 120",
    )
    attune_privacy_url: str | None = Field(
        default=None,
        description="the address of a page with docs/privacy.md, which each question and "
        "`/pulse privacy` link to",
    )

    attune_workflow_steps: bool = Field(
        default=False,
        description="true to offer steps in Slack's Workflow Builder",
    )

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_unset(cls, value: Any, info: Any) -> Any:
        """Treat `NAME=` in `.env` as if the line were not there."""
        if isinstance(value, str) and not value.strip():
            return cls.model_fields[info.field_name].default
        return value

    @field_validator("database_url")
    @classmethod
    def _is_database(cls, value: str) -> str:
        try:
            normalise_url(value)
        except (ArgumentError, ValueError):
            raise ValueError("it names no PostgreSQL or SQLite database") from None
        return value

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _has_prefix(cls, value: SecretStr | None, info: Any) -> SecretStr | None:
        prefix = {"slack_bot_token": "xoxb-", "slack_app_token": "xapp-"}[info.field_name]
        if value is not None and not value.get_secret_value().startswith(prefix):
            raise ValueError(f"it does not begin with {prefix}")
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _is_api_url(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")) or not value.endswith("/api/"):
            raise ValueError("it is not a URL ending in /api/")
        return value

    @field_validator("attune_admins", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("attune_admins")
    @classmethod
    def _are_member_ids(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(not part.isalnum() or part[0] not in "UW" for part in value):
            raise ValueError("a member id begins with U or W and has only letters and digits")
        return value

    @field_validator("attune_privacy_url")
    @classmethod
    def _is_page(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https?://[^\s|<>]+", value):
            raise ValueError("it is no address of a page, which begins with https://")
        return value

    @field_validator("attune_secret_key")
    @classmethod
    def _are_keys(cls, value: SecretStr | None) -> SecretStr | None:
        try:
            Keyring(_keys_in(value))
        except ValueError:
            raise ValueError("it is no list of keys") from None
        return value

    @model_validator(mode="after")
    def _can_reach_slack(self) -> Self:
        """Raise with the first missing setting; `_sentence` turns it into a sentence."""
        if self.slack_client_id and not self.slack_client_secret:
            raise ValueError("slack_client_secret")
        if self.slack_client_secret and not self.slack_client_id:
            raise ValueError("slack_client_id")
        if not self.slack_bot_token and not self.oauth_enabled:
            raise ValueError("slack_bot_token")
        if not self.slack_signing_secret and not self.slack_app_token:
            raise ValueError("slack_signing_secret")
        return self

    @property
    def oauth_enabled(self) -> bool:
        """True if further workspaces can install Attune through `/slack/install`."""
        return bool(self.slack_client_id and self.slack_client_secret)

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The keys of encrypted texts; the first one encrypts."""
        return _keys_in(self.attune_secret_key)


def load_settings(**overrides: Any) -> Settings:
    """Read the settings, `overrides` first, then the environment, then `.env`.

    Raises SettingsError with one sentence for the first setting that is missing or wrong.
    The sentence never holds the value itself, which may be a secret.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        # include_input=False: the offending value may be a token.
        raise SettingsError(_sentence(error.errors(include_input=False)[0])) from None
    except UnicodeDecodeError:
        raise SettingsError(NOT_UTF8) from None


def _keys_in(value: SecretStr | None) -> tuple[str, ...]:
    text = value.get_secret_value() if value else ""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _sentence(problem: Mapping[str, Any]) -> str:
    if not problem["loc"]:
        name = str(problem["ctx"]["error"])
        return f"{name.upper()} is missing: {_where(name)}"
    name = str(problem["loc"][0])
    if kind := _kind(name):
        return f"{name.upper()} is malformed: it must be {kind}."
    reason = str(problem["msg"]).removeprefix("Value error, ")
    return f"{name.upper()} is malformed ({reason[0].lower()}{reason[1:]}): {_where(name)}"


def _where(name: str) -> str:
    return f"set it in the environment or in .env to {Settings.model_fields[name].description}."


def _kind(name: str) -> str:
    """Say what values a number or a switch may have; empty for other settings."""
    field = Settings.model_fields[name]
    if field.annotation is bool:
        return "true or false"
    if field.annotation is not int:
        return ""
    least, most = (
        next(getattr(limit, bound) for limit in field.metadata if hasattr(limit, bound))
        for bound in ("ge", "le")
    )
    return f"a number from {least} to {most}"
