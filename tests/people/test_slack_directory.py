"""Reading the directory from a Slack that has pages, limits and failures."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.people.slack_directory import PAGE, PATIENCE, fetch_people
from bot.slack.client import make_client
from sandbox.demo.company import TEAM_ID, people, workspace
from sandbox.engine import Options
from sandbox.server import Sandbox
from sandbox.workspace import build_world
