"""Texts at rest: unreadable without the key, and silent about when they were written."""

from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Text, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession

from models import Workspace
from models.encryption import (
    CIPHERTEXT,
    Keyring,
    UnreadableError,
    new_secret_key,
    use_keyring,
)
from tests.factories import WORKSPACE, workspace

OLD, NEW = new_secret_key(), new_secret_key()


@pytest.fixture(autouse=True)
def no_key_afterwards() -> Iterator[None]:
    yield
    use_keyring(Keyring())


@settings(max_examples=30, deadline=None)
@given(st.text(), st.sampled_from([(), (OLD,), (NEW, OLD)]))
def test_every_text_comes_back(text: str, keys: tuple[str, ...]) -> None:
    keyring = Keyring(keys)
    assert keyring.open(keyring.seal(text)) == text


def test_plain_texts_from_before_stay_readable() -> None:
    forged = CIPHERTEXT + "not a token"
    before = Keyring()
    for text in ("hello", forged):
        assert Keyring([NEW]).open(before.seal(text)) == text


def test_old_keys_still_decrypt_and_others_never() -> None:
    stored = Keyring([OLD]).seal("hello")
    assert Keyring([NEW, OLD]).open(stored) == "hello"
    for keyring in (Keyring([NEW]), Keyring()):
        with pytest.raises(UnreadableError):
            keyring.open(stored)
    with pytest.raises(UnreadableError):
        Keyring([OLD]).open(stored[:-10])


def test_a_stored_text_does_not_tell_when_it_was_written() -> None:
    token = Keyring([NEW]).seal("hello").removeprefix(CIPHERTEXT)
    assert Fernet(NEW).extract_timestamp(token) == 0


async def test_the_database_holds_ciphertext(session: AsyncSession) -> None:
    use_keyring(Keyring([NEW]))
    session.add(workspace(bot_token="xoxb-secret"))
    await session.flush()
    session.expire_all()
    stored = await session.scalar(select(type_coerce(Workspace.bot_token, Text)))
    assert stored is not None
    assert stored.startswith(CIPHERTEXT)
    assert "xoxb" not in stored
    kept = await session.get_one(Workspace, WORKSPACE)
    assert kept.bot_token == "xoxb-secret"
