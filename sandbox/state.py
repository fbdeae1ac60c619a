"""What a workspace consists of: people, conversations, messages, views, files and apps."""

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
ChannelKind = Literal["public_channel", "private_channel", "im", "mpim"]


@dataclass
class Team:
    """The workspace itself."""

    id: str
    name: str
    domain: str
    email_domain: str = ""
    enterprise_id: str = ""
    """The organisation of Enterprise Grid that it belongs to, E…; empty outside of one."""
    enterprise_name: str = ""
    profile_fields: list[Json] = field(default_factory=list)
    """Custom fields of people's profiles, with at least `id`, `label` and `type`."""

    @property
    def enterprise(self) -> Json | None:
        """The organisation as interactions name it."""
        if not self.enterprise_id:
            return None
        return {"id": self.enterprise_id, "name": self.enterprise_name}


@dataclass
class User:
    """A person, a guest, an outsider or a bot. Flags are named as in users.info."""

    id: str
    name: str
    team_id: str
    real_name: str = ""
    display_name: str = ""
    email: str = ""
    title: str = ""
    tz: str | None = "Europe/London"
    locale: str = "en-GB"
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0
    is_admin: bool = False
    is_owner: bool = False
    is_primary_owner: bool = False
    is_bot: bool = False
    is_workflow_bot: bool = False
    is_app_user: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_invited_user: bool = False
    is_stranger: bool = False
    teams: list[str] = field(default_factory=list)
    """The workspaces of the organisation that they belong to, on Enterprise Grid."""
    source: str = ""
    """How events about them name a workspace at the top, if not by `team_id`: an id, or "null"."""
    deleted: bool = False
    bot_id: str | None = None
    app_id: str | None = None
    updated: int = 0
    profile: Json = field(default_factory=dict)
    """Further profile fields, such as custom ones under ``fields``."""
    dnd: Json = field(default_factory=dict)
    """What dnd.info tells beyond its defaults."""


@dataclass
class Message:
    """One message. ``visible_to`` names the only reader of an ephemeral one."""

    ts: str
    channel_id: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    bot_id: str | None = None
    app_id: str | None = None
    client_msg_id: str | None = None
    edited: Json | None = None
    files: list[Json] = field(default_factory=list)
    visible_to: str | None = None

    @property
    def is_ephemeral(self) -> bool:
        """Whether one person alone sees it."""
        return self.visible_to is not None


@dataclass
class Channel:
    """A conversation of any kind; ``messages`` are in order of their time stamps."""

    id: str
    name: str
    kind: ChannelKind
    created: int
    creator: str
    members: dict[str, None] = field(default_factory=dict)
    topic: str = ""
    purpose: str = ""
    is_archived: bool = False
    is_general: bool = False
    is_ext_shared: bool = False
    """Whether another organisation takes part, through Slack Connect."""
    is_pending_ext_shared: bool = False
    """Whether another organisation was invited and has not answered yet."""
    messages: dict[str, Message] = field(default_factory=dict)
    ephemerals: dict[str, Message] = field(default_factory=dict)

    @property
    def is_direct(self) -> bool:
        """Whether it is a DM or a group DM."""
        return self.kind in {"im", "mpim"}


@dataclass
class UserGroup:
    """A user group such as @design."""

    id: str
    name: str
    handle: str
    description: str = ""
    users: list[str] = field(default_factory=list)
    disabled: bool = False


@dataclass
class View:
    """A modal or a Home tab that somebody has open."""

    id: str
    type: str
    user_id: str
    content: Json
    """What the app gave: blocks, title, submit, close, callback_id, private_metadata, …"""
    hash: str
    values: Json
    """State values by block_id and action_id, as the person has filled them in."""
    root_view_id: str
    previous_view_id: str | None = None

    @property
    def blocks(self) -> list[Json]:
        """The blocks shown."""
        blocks: list[Json] = self.content["blocks"]
        return blocks


@dataclass
class File:
    """An uploaded file; ``content`` is None until the upload arrived."""

    id: str
    name: str
    length: int
    user: str
    created: int
    upload_key: str
    title: str = ""
    alt_text: str | None = None
    content: bytes | None = None
    completed: bool = False
    channels: list[str] = field(default_factory=list)


@dataclass
class App:
    """An app, its credentials and how it is reached."""

    id: str
    name: str
    bot_id: str
    bot_user_id: str
    bot_token: str
    app_token: str
    signing_secret: str
    client_id: str
    client_secret: str
    verification_token: str
    scopes: set[str]
    events: set[str] | None = None
    """Subscribed event types; None subscribes to all."""
    commands: set[str] | None = None
    """Slash commands; None takes all."""
    functions: dict[str, Json] = field(default_factory=dict)
    """Steps for workflows by callback id, as the manifest describes them."""
    usage_hints: dict[str, str] = field(default_factory=dict)
    """What may follow each slash command."""
    messages_read_only: bool = False
    """Whether people can write nothing in the app's Messages tab, not even commands."""
    socket_mode: bool = False
    events_url: str = ""
    """Where it takes events, interactions and commands over HTTP."""
    redirect_urls: list[str] = field(default_factory=list)
    should_escape: bool = False
    installed: bool = True
    is_org_wide: bool = False
    """Whether the organisation installed it for several workspaces, with one token."""
    rotates_tokens: bool = False
    """Whether tokens expire, and come with a refresh token."""
    token_ends: dict[str, float] = field(default_factory=dict)
    """When tokens expire, on the workspace's monotonic clock."""
    refresh_tokens: dict[str, bool] = field(default_factory=dict)
    """Those given out, and whether they can still be used: each works once."""
    lacks: set[str] = field(default_factory=set)
    """Methods that this workspace answers with unknown_method."""
    refuses_blocks: set[str] = field(default_factory=set)
    """Block types that this workspace answers with invalid_blocks."""

    def owns(self, token: str) -> bool:
        """Return True for the app's newest token, and for older ones that may have expired."""
        return token in {self.bot_token, self.app_token, *self.token_ends}

    def hears(self, event: str) -> bool:
        """Return True if the app subscribed to an event type."""
        return self.events is None or event in self.events


@dataclass
class Execution:
    """One execution of a step; it runs until the app gives its outputs or an error."""

    id: str
    function: Json
    """What the manifest says of the step."""
    token: str
    """The app may use it until the execution ends."""
    outputs: Json | None = None
    error: str | None = None

    @property
    def is_running(self) -> bool:
        """Return True while the workflow waits for the app."""
        return self.outputs is None and self.error is None


@dataclass(frozen=True)
class Change:
    """Something that happened in the world, as the subscribers hear it."""

    kind: str
    user_id: str | None = None
    channel: Channel | None = None
    message: Message | None = None
    previous: Message | None = None
    view: View | None = None
    detail: str = ""
