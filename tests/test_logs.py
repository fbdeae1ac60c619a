import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.pulse import service
from bot.pulse.pure.tokens import Press, respondent_token
from bot.voice.pure.keys import make_button
from models import (
    Comment,
    Delivery,
    Employee,
    MentoringProfile,
    OpenAnswer,
    PublishedComment,
)
from models.database import Base, insert_into, new_key
from models.encryption import Encrypted
from tests.conftest import NOW
from tests.factories import WORKSPACE
from tests.logs import NAMES, TEXTS, LogBook, Secrets, found_in
from tests.pulse.waves import actor, opened_wave, questions

NONCE = "0123456789abcdef"
LONG = "Nobody tells us anything until it is much too late to change it"


def known() -> Secrets:
    """Return what a test has learnt of a small company."""
    secrets = Secrets()
    for name in (
        "Amara Haddad",
        "Maya Lindqvist",
        "maya.l",
        "Will Young",
        "kofi",
        "zoe@acme.example",
    ):
        secrets.learn_name(name)
    for text in (
        "Too much overtime in Support",
        'It\'s "fine"\nReally',
        "naïve plans",
        "Remote",
        LONG,
    ):
        secrets.learn_text(text)
    secrets.learn_text("Yoga")
    return secrets


@pytest.mark.parametrize(
    "leak",
    [
        f"pressed {Press('f' * 32, 0, NONCE, 4).encode()}",
        "saved {'position': 0, 'value': 4}",
        "U123 answered 4",
        "stored answer 'Strongly disagree' for U123",
        "they strongly agree",
        "label: Disagree",
        "answer=4",
        "pressed 4 on question 0",
        "scored 9 of 10",
        "value of the answer is 4",
        "answers: {'workload': 4}",
        "sending {'channel': 'D1', 'blocks': []}",
        f"row {respondent_token(b'key', 'U1')}",
        f"opening {make_button('secret', 'U1', NOW.date(), 'a' * 32).encode()}",
        "calling Slack with xoxb-123456789012",
        "wrote to amara@example.com",
    ],
)
def test_an_answer_or_a_token_is_found_by_its_form(leak: str) -> None:
    assert found_in(["listening on http://127.0.0.1:3000", f"INFO bot: {leak}"], Secrets())


@pytest.mark.parametrize(
    "leak",
    [
        "could not ask Amara Haddad",
        "Maya wrote",
        "nick maya.l said hi",
        "Haddad's wave",
        "kofi",
        "asked (kofi)",
        "who=Will Young",
        "zoe pressed",
        "stored Too much overtime in Support",
        """params {'comment': 'It\\'s "fine"\\nReally'}""",
        r'{"comment": "na\u00efve plans"}',
        f"stored {LONG[:45]}…",
        "chose Remote",
        "chose 'Yoga'",
    ],
)
def test_a_name_or_a_text_is_found(leak: str) -> None:
    assert found_in(["listening on http://127.0.0.1:3000", f"INFO bot: {leak}"], known())


def test_an_innocent_log_is_left_alone() -> None:
    lines = [
        f"WARNING bot.error_handler: could not answer, reference {new_key()[:8]}",
        "opened 3 waves",
        "settle_answers: 3 done",
        "Will try again; homes and Mayas are other words, and so is kofisystem",
        "a workspace has messages due but no token",
    ]
    assert not found_in(lines, known())


def test_a_finding_does_not_repeat_what_it_found() -> None:
    found = " ".join(found_in(["Maya wrote: Too much overtime in Support"], known()))
    assert "name" in found
    assert "text" in found
    assert "Maya" not in found
    assert "overtime" not in found


def test_a_record_is_kept_as_it_would_be_written() -> None:
    book = LogBook()
    book.handle(logging.LogRecord("bot", logging.INFO, "", 1, "stored %s", ("Too loud",), None))
    book.handle(logging.LogRecord("tests.x", logging.INFO, "", 1, "ours", (), None))
    assert book.lines == ["stored Too loud"]


def test_what_is_learnt_are_columns_of_the_product_and_every_encrypted_one() -> None:
    tables = Base.metadata.tables
    learnt = {
        (table, column) for each in (NAMES, TEXTS) for table in each for column in each[table]
    }
    assert all(column in tables[table].columns for table, column in learnt)
    encrypted = {
        (table.name, column.name)
        for table in tables.values()
        for column in table.columns
        if isinstance(column.type, Encrypted)
    }
    assert encrypted - learnt == {
        # Found by their form.
        ("workspaces", "bot_token"),
        ("workspaces", "refresh_token"),
        ("organisations", "bot_token"),
        ("organisations", "refresh_token"),
        ("blocker_pools", "key"),
        ("workspaces", "figure_secret"),
    }


@pytest.fixture
def book() -> Iterator[LogBook]:
    """A log book that learns during one test."""
    book = LogBook()
    with book.learning():
        yield book


async def test_all_versions_of_a_comment_are_learnt(session: AsyncSession, book: LogBook) -> None:
    wave = await opened_wave(session)
    author, press = wave.people[0], wave.press(wave.people[0])
    for text in ("Too loud here", "Far too loud here"):
        await service.comment(session, actor(author), press, text, after_thanks=True)
    await session.execute(delete(OpenAnswer))
    assert {"Too loud here", "Far too loud here"} <= book.secrets.texts


async def test_names_are_learnt_however_they_are_written(
    session: AsyncSession, book: LogBook
) -> None:
    wave = await opened_wave(session)
    row = {"workspace_id": WORKSPACE, "active": True, "slack_updated": 0}
    many = [{**row, "id": f"UMANY{n}", "name": f"Many{n}"} for n in range(3)]
    await session.execute(insert(Employee), many)
    several = [{**row, "id": f"USOME{n}", "name": f"Some{n}"} for n in range(3)]
    await session.execute(insert_into(session, Employee).values(several).on_conflict_do_nothing())
    await session.execute(update(Employee).values(nick="lucia.l", email="lu@acme.example"))
    kept = await session.get_one(Employee, (WORKSPACE, wave.people[0]), populate_existing=True)
    kept.name = "Zoltan Nagy"
    await session.flush()
    learnt = {"Many0", "Many2", "Some0", "Some2", "lucia.l", "lucia", "lu", "Zoltan Nagy", "Nagy"}
    assert learnt | {"Maya", f"Person {wave.people[-1]}"} <= book.secrets.names


async def test_what_people_write_is_learnt_from_all_tables(
    session: AsyncSession, book: LogBook
) -> None:
    wave = await opened_wave(session, questions=questions())
    person = wave.people[0]
    session.add(
        MentoringProfile(
            workspace_id=WORKSPACE, employee_id=person, hopes="To lead a team", joined_at=NOW
        )
    )
    session.add(Comment(wave_id=wave.id, workspace_id=WORKSPACE, position=1, text="Sealed one"))
    session.add(
        PublishedComment(
            workspace_id=WORKSPACE, wave_id=wave.id, month="2026-11", text="Published one"
        )
    )
    detail = {"people": [person], "question": {"text": "Who helped you?"}}
    session.add(
        Delivery(
            workspace_id=WORKSPACE,
            key="k",
            kind="ping",
            recipient=person,
            detail=detail,
            due_at=NOW,
        )
    )
    await session.flush()
    assert book.secrets.texts >= {
        *("To lead a team", "Sealed one", "Published one", "Who helped you?"),
        *(each.text for each in questions()),
    }
    assert {"Here", "There"} <= book.secrets.names
    assert person not in book.secrets.texts
