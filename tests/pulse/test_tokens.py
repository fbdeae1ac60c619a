import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blockkit.blocks import OPTION_VALUE
from bot.errors import OutdatedError
from bot.pulse.pure.tokens import Press, press_nonce, respondent_token

KEY = bytes(range(32))
HEX = "0123456789abcdef"

presses = st.builds(
    Press,
    wave_id=st.text(HEX, min_size=32, max_size=32),
    position=st.integers(0, 999),
    nonce=st.text(HEX, min_size=16, max_size=16),
    value=st.none() | st.integers(0, 999),
)


def test_the_token_is_the_hmac_of_the_employee_under_the_key() -> None:
    # Computed with `openssl dgst -sha256 -mac HMAC -macopt hexkey:000102…1f`.
    assert respondent_token(KEY, "U123") == (
        "a7a1110b25a4e21c9c319af2bacde09acb48973d20fdcd75ab118a3291a67b4d"
    )
    assert press_nonce(KEY, "U123") == "29fae30550873936"


def test_token_and_nonce_differ_between_people_and_keys() -> None:
    made = {
        make(key, person)
        for make in (respondent_token, press_nonce)
        for key in (KEY, KEY[::-1])
        for person in ("U1", "U2", "press:U1")
    }
    assert len(made) == 12


def test_the_nonce_does_not_give_the_token_away() -> None:
    assert press_nonce(KEY, "U1") not in respondent_token(KEY, "U1")


@given(presses)
def test_a_press_survives_the_way_through_slack(press: Press) -> None:
    encoded = press.encode()
    assert Press.decode(encoded) == press
    assert len(encoded) <= OPTION_VALUE


@given(st.none() | st.integers() | st.text() | st.text(HEX + ".-", min_size=50, max_size=60))
def test_whatever_else_comes_back_is_outdated_and_nothing_worse(encoded: object) -> None:
    with pytest.raises(OutdatedError):
        Press.decode(encoded)


@given(presses, st.data())
def test_a_press_with_anything_added_or_missing_is_outdated(
    press: Press, data: st.DataObject
) -> None:
    encoded = press.encode()
    broken = data.draw(
        st.sampled_from([encoded[1:], encoded[:-1], encoded + "0", f" {encoded}", f"{encoded}\n"])
        | st.sampled_from(string.punctuation).map(lambda mark: encoded.replace(".", mark + mark))
        | st.just(encoded.replace(".", ".٣", 1))
    )
    with pytest.raises(OutdatedError):
        Press.decode(broken)


def test_a_button_is_for_the_one_person_it_was_sent_to() -> None:
    press = Press("0" * 32, 0, press_nonce(KEY, "U1"), 4)
    assert press.is_for(KEY, "U1")
    assert not press.is_for(KEY, "U2")
    assert not press.is_for(KEY[::-1], "U1")
