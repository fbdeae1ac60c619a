"""An operator's monitoring asks real processes, on both databases and with each transport."""

import asyncio
import json
import logging
import re

import aiohttp
import pytest
from structlog.contextvars import get_contextvars

from bot import operations
from bot.error_handler import UNEXPECTED
from bot.metrics import STEP
from bot.operations import serving_metrics
from bot.settings import SettingsError
from sandbox.demo.company import TEAM_ID
from tests.conftest import HANGS
from tests.journeys.stage import Stage, Transport, open_stage, text_of
from tests.journeys.test_stopping import ended, free_port, process
from tests.scheduler import test_processes as schedulers


async def read(port: int, path: str) -> tuple[int, str]:
    """Ask until somebody listens."""
    async with asyncio.timeout(HANGS), aiohttp.ClientSession() as http:
        while True:
            try:
                async with http.get(f"http://127.0.0.1:{port}{path}") as answer:
                    return answer.status, await answer.text()
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.05)


@pytest.mark.parametrize("transport", ["http", "socket"])
async def test_the_bot_tells_how_it_fares(stage: Stage, transport: str) -> None:
    port = free_port()
    async with process(stage, transport, METRICS_PORT=str(port)) as started:
        for _ in range(STEP):
            assert (await stage.pulse("amara", "help")).ok
        assert await read(port, "/healthz") == (200, '{"status":"ok"}')
        assert await read(port, "/readyz") == (200, '{"status":"ok"}')
        status, page = await read(port, "/metrics")
        assert status == 200
        assert f'attune_ack_seconds_count{{kind="other"}} {STEP}.0' in page
        assert 'attune_database_connections{state="idle"}' in page
        for secret in (TEAM_ID, "amara", "U0"):
            assert secret not in page
        if transport == "http":
            public = int(stage.sandbox.app.events_url.split(":")[2].split("/")[0])
            assert (await read(public, "/metrics"))[0] == 404
            assert (await read(public, "/readyz"))[0] == 200
        started.terminate()
        code, log = await ended(started)
    assert code == 0, log


async def test_the_scheduler_tells_how_it_fares(stage: Stage) -> None:
    port = free_port()
    started = await schedulers.start(stage.runtime.settings, SCHEDULER_METRICS_PORT=str(port))
    assert await read(port, "/readyz") == (200, '{"status":"ok"}')
    _, page = await read(port, "/metrics")
    assert "attune_oldest_due_delivery_seconds 0.0" in page
    assert re.search(r'attune_job_seconds_count\{job="\w+",outcome="done"\}', page)
    started.terminate()
    code, log = await ended(started)
    assert code == 0, log
    lines = [json.loads(line) for line in log.splitlines()]
    assert all({"event", "level", "logger", "timestamp"} <= line.keys() for line in lines)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("seconds", "refusals"), [(HANGS, "1.0"), (0.0, "2.0")])
async def test_a_page_of_metrics_is_served_again_for_a_while(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, seconds: float, refusals: str
) -> None:
    monkeypatch.setattr(operations, "PAGE_SECONDS", seconds)
    port = free_port()
    async with serving_metrics(stage.runtime, port, "METRICS_PORT"):
        for _ in range(2):
            stage.runtime.metrics.refused(401)
            _, page = await read(port, "/metrics")
    assert f'attune_refused_requests_total{{status="401"}} {refusals}' in page


class Witness(logging.Handler):
    """Notes the request to which each error's line belongs."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.requests: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.requests.append(get_contextvars()["request"])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("transport", ["http", "socket"])
async def test_the_reference_that_a_person_is_given_finds_the_lines_of_the_request(
    database_url: str, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> str:
        raise RuntimeError

    monkeypatch.setattr("bot.app.help_text", fail)
    witness = Witness()
    logging.getLogger("bot").addHandler(witness)
    try:
        async with open_stage(database_url, transport) as stage:
            told = [(await stage.pulse("amara", "help")).message for _ in range(2)]
    finally:
        logging.getLogger("bot").removeHandler(witness)
    first, second = witness.requests
    assert first != second
    for message, request in zip(told, witness.requests, strict=True):
        assert message
        assert text_of(message) == UNEXPECTED.format(reference=request)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_port_that_is_taken_is_named(stage: Stage) -> None:
    port = free_port()
    async with serving_metrics(stage.runtime, port, "METRICS_PORT"):
        with pytest.raises(SettingsError, match="METRICS_PORT cannot be listened on"):
            async with serving_metrics(stage.runtime, port, "METRICS_PORT"):
                raise AssertionError
