import logging
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot.pulse import service
from bot.pulse.tokens import Press, respondent_token
from models.database import new_key
from tests.logs import LogBook, found_in
from tests.pulse.waves import actor, opened_wave

NONCE = "0123456789abcdef"


@pytest.mark.parametrize(
    "leak",
    [
        "stored Too much overtime in Support",
        "could not ask Amara Haddad",
        f"pressed {Press('f' * 32, 0, NONCE, 4).encode()}",
        "saved {'position': 0, 'value': 4}",
        f"row {respondent_token(b'key', 'U1')}",
        "calling Slack with xoxb-123456789012",
        "wrote to amara@example.com",
    ],
)
def test_a_leak_is_found(leak: str) -> None:
    secrets = {"Too much overtime in Support", "Amara Haddad"}
    assert found_in(["listening on http://127.0.0.1:3000", f"INFO bot: {leak}"], secrets)


def test_an_innocent_log_is_left_alone() -> None:
    lines = [f"WARNING bot.failures: could not answer, reference {new_key()[:8]}", "opened 3 waves"]
    assert not found_in(lines, {"Maya", "Too much overtime"})


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_names_and_comments_are_learnt_from_the_database(
    session: AsyncSession, engine: AsyncEngine
) -> None:
    wave = await opened_wave(session)
    press = wave.press(wave.people[0])
    await service.comment(session, actor(wave.people[0]), press, "Too loud here", after_thanks=True)
    await session.commit()
    book = LogBook()
    book.learn(Path(engine.url.database or ""))
    assert {"Too loud here", "Maya", f"Person {wave.people[-1]}"} <= book.secrets

    record = logging.LogRecord("bot", logging.INFO, "", 1, "stored %s", ("Too loud here",), None)
    book.handle(record)
    assert found_in(book.lines, book.secrets)
