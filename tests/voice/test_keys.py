"""Buttons of authors: whose they are, how long they work, and that they lead nowhere else."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blockkit.blocks import BUTTON_VALUE
from bot.errors import UserError
from bot.voice.pure.keys import EXPIRED, NOT_YOURS, make_button, read_button, thread_id

SECRET, OTHER_SECRET = "5" * 64, "6" * 64
ME, SOMEBODY = "U0ME", "U0SOMEBODY"
WEEK = date(2026, 11, 2)
LAST_WEEK = WEEK + timedelta(weeks=13)


def test_a_button_leads_its_owner_to_one_conversation() -> None:
    mine, another = (make_button(SECRET, ME, WEEK) for _ in range(2))
    assert read_button(SECRET, mine.encode(), ME, WEEK) == mine
    assert len(mine.encode()) < BUTTON_VALUE
    assert thread_id(SECRET, mine.token) == thread_id(SECRET, mine.token)
    assert thread_id(SECRET, mine.token) != thread_id(SECRET, another.token)


def test_only_the_secret_leads_from_a_button_to_its_conversation() -> None:
    mine = make_button(SECRET, ME, WEEK)
    found = thread_id(SECRET, mine.token)
    assert found not in mine.encode()
    assert found != thread_id(OTHER_SECRET, mine.token)


@pytest.mark.parametrize("week", [WEEK, LAST_WEEK])
def test_a_button_works_for_at_least_ninety_days(week: date) -> None:
    mine = make_button(SECRET, ME, WEEK)
    assert read_button(SECRET, mine.encode(), ME, week) == mine


def test_a_button_expires() -> None:
    mine = make_button(SECRET, ME, WEEK).encode()
    with pytest.raises(UserError) as refused:
        read_button(SECRET, mine, ME, LAST_WEEK + timedelta(weeks=1))
    assert str(refused.value) == EXPIRED


@pytest.mark.parametrize(
    ("secret", "presser", "made_in"),
    [(SECRET, SOMEBODY, WEEK), (OTHER_SECRET, ME, WEEK), (SECRET, ME, LAST_WEEK)],
)
def test_a_button_of_another_person_server_or_week_is_refused(
    secret: str, presser: str, made_in: date
) -> None:
    mine = make_button(SECRET, ME, WEEK)
    forged = mine.encode().replace(WEEK.isoformat(), made_in.isoformat())
    with pytest.raises(UserError) as refused:
        read_button(secret, forged, presser, LAST_WEEK)
    assert str(refused.value) == NOT_YOURS


@given(st.text() | st.from_regex(r"[0-9a-f]{32}\.\d{4}-\d{2}-\d{2}\.[0-9a-f]{32}", fullmatch=True))
def test_no_made_up_value_is_taken(value: str) -> None:
    with pytest.raises(UserError):
        read_button(SECRET, value, ME, WEEK)
