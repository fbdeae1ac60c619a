"""Starts everything that the demo needs: database, sandbox, bot and scheduler."""

import asyncio
import os
import shutil
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import aiohttp

from sandbox.demo.company import directory_csv, workspace
from sandbox.server import Sandbox
from sandbox.workspace import build_world, manifest_settings

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var" / "demo"
START_SECONDS = 30.0


class DemoError(Exception):
    """The demo cannot go on; the text says why and what to do."""


def folder_of(port: int) -> Path:
    """Return where the demo on a port keeps its files: several may run side by side."""
    return FOLDER / str(port)


def begin_anew(folder: Path) -> None:
    """Empty a demo's folder. Not before its port is bound: who has the port uses the folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def port_taken(port: int) -> DemoError:
    """Return what to say where another program listens on the port."""
    return DemoError(
        f"Port {port} is in use. Try another one: make demo ARGS='--port {port + 10}'."
    )


@dataclass
class Demo:
    """The running company."""

    sandbox: Sandbox
    folder: Path
    environment: dict[str, str]
    bot_url: str

    async def run(self, *command: str) -> None:
        """Run one of Attune's own commands to its end. Raises DemoError when it fails."""
        with (self.folder / "commands.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                *command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
            status = await process.wait()
        if status:
            raise DemoError(f"`python -m {' '.join(command)}` ended with {status}: see {log.name}.")

    async def do_all_that_is_due(self, now: datetime) -> None:
        """Run the scheduler once, as cron would at that moment."""
        await self.run("scheduler", "--once", "--now", now.isoformat())
        await self.sandbox.settled()


@asynccontextmanager
async def running(port: int) -> AsyncIterator[Demo]:
    """Start everything on a fresh database; stop it again at the end.

    Raises DemoError when a port is taken or a process does not start.
    """
    folder = folder_of(port)
    described = workspace()
    described["app"] = manifest_settings(ROOT / "manifest.json")
    bot_port = _free_port()
    bot_url = f"http://127.0.0.1:{bot_port}"
    sandbox = Sandbox(build_world(described), port=port)
    sandbox.connect(f"{bot_url}/slack/events")
    try:
        await sandbox.start()
    except OSError:
        raise port_taken(port) from None
    try:
        begin_anew(folder)
        (folder / "people.csv").write_text(directory_csv(), "utf-8")
        demo = Demo(sandbox, folder, _environment(sandbox, folder, bot_port), bot_url)
        await demo.run("alembic", "upgrade", "head")
        async with _process(demo, "bot"):
            await _until_healthy(demo)
            async with _process(demo, "scheduler"):
                yield demo
    finally:
        await sandbox.stop()


def _environment(sandbox: Sandbox, folder: Path, bot_port: int) -> dict[str, str]:
    """Return what a real deployment would have in `.env`; only the API's address differs."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("SLACK_")},
        "SLACK_BOT_TOKEN": sandbox.app.bot_token,
        "SLACK_SIGNING_SECRET": sandbox.app.signing_secret,
        "SLACK_APP_TOKEN": "",
        "SLACK_CLIENT_ID": "",
        "SLACK_API_URL": sandbox.api_url,
        "DATABASE_URL": f"sqlite:///{folder / 'attune.sqlite3'}",
        "HOST": "127.0.0.1",
        "PORT": str(bot_port),
        "ATTUNE_ADMINS": "",
    }


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@asynccontextmanager
async def _process(demo: Demo, module: str) -> AsyncIterator[Process]:
    with (demo.folder / f"{module}.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            cwd=ROOT,
            env=demo.environment,
            stdout=log,
            stderr=log,
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def _until_healthy(demo: Demo) -> None:
    async with aiohttp.ClientSession() as http:
        try:
            async with asyncio.timeout(START_SECONDS):
                while not await _is_healthy(http, demo.bot_url):
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise DemoError(f"The bot did not start: see {demo.folder / 'bot.log'}.") from None


async def _is_healthy(http: aiohttp.ClientSession, bot_url: str) -> bool:
    try:
        async with http.get(f"{bot_url}/health") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False
