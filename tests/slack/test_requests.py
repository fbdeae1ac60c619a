"""Only fresh, signed, unseen and well-formed requests pass."""

import json
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.signature import SignatureVerifier

from bot.replays import RequestRefusedError
from bot.slack.requests import LARGEST_BODY, RequestGuard, is_ssl_check

SECRET = "shared-secret"
NOW = 1_800_000_000
FORM = "application/x-www-form-urlencoded"
PRESS = urlencode({"payload": json.dumps({"type": "block_actions", "actions": [{}]})})


def signed(body: str, *, at: int = NOW, content_type: str = FORM) -> dict[str, str]:
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=str(at), body=body)
    assert signature
    return {
        "x-slack-request-timestamp": str(at),
        "x-slack-signature": signature,
        "content-type": content_type,
    }


def refusal(headers: dict[str, str], body: bytes, guard: RequestGuard | None = None) -> int:
    with pytest.raises(RequestRefusedError) as refused:
        (guard or RequestGuard(SECRET)).check(headers, body, NOW)
    return refused.value.status


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (PRESS, FORM),
        ("command=%2Fpulse&text=", FORM),
        ('{"type": "event_callback", "event": {"type": "team_join"}}', "application/json"),
        (
            '{"type": "event_callback", "event": {"type": "team_join"}}',
            "application/json; charset=utf-8",
        ),
    ],
)
def test_good_requests_pass(body: str, content_type: str) -> None:
    RequestGuard(SECRET).check(signed(body, content_type=content_type), body.encode(), NOW)


def test_unsigned_is_401() -> None:
    assert refusal({"content-type": FORM}, PRESS.encode()) == 401


@pytest.mark.parametrize("timestamp", ["", "soon", "1.5", "-5", "١٢٣", "9" * 400, "0"])
def test_unusable_timestamp_is_401(timestamp: str) -> None:
    headers = {**signed(PRESS), "x-slack-request-timestamp": timestamp}
    assert refusal(headers, PRESS.encode()) == 401


@pytest.mark.parametrize("age", [-301, 301, 86_400])
def test_stale_and_future_requests_are_401(age: int) -> None:
    assert refusal(signed(PRESS, at=NOW - age), PRESS.encode()) == 401


@pytest.mark.parametrize("age", [-300, 0, 300])
def test_requests_within_five_minutes_pass(age: int) -> None:
    RequestGuard(SECRET).check(signed(PRESS, at=NOW - age), PRESS.encode(), NOW)


def test_altered_body_is_401() -> None:
    assert refusal(signed(PRESS), PRESS.encode() + b"&x=1") == 401


@pytest.mark.parametrize("signature", ["", "v0=", "v1=abc", "v0=ünicode"])
def test_wrong_signature_is_401(signature: str) -> None:
    assert refusal({**signed(PRESS), "x-slack-signature": signature}, PRESS.encode()) == 401


def test_only_events_may_come_twice_whatever_a_header_says() -> None:
    guard = RequestGuard(SECRET)
    event, press = '{"type": "event_callback", "event": {"type": "team_join"}}', PRESS
    retried = {"x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout"}
    as_event = signed(event, content_type="application/json") | retried
    assert guard.check(as_event, event.encode(), NOW).may_repeat
    assert not guard.check(signed(press) | retried, press.encode(), NOW).may_repeat


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("", FORM),
        ("payload={not json", FORM),
        ("payload=[1]", FORM),
        ("payload=null", FORM),
        ("no equals sign", FORM),
        ("[]", "application/json"),
        ("{", "application/json"),
        ("{}", "text/plain"),
        ("[" * 100_000, "application/json"),
        ("payload=" + "[" * 100_000, FORM),
    ],
)
def test_malformed_is_400(body: str, content_type: str) -> None:
    assert refusal(signed(body, content_type=content_type), body.encode()) == 400


def test_not_utf8_and_too_large_are_400() -> None:
    assert refusal(signed("x"), b"\xff\xfe") == 400
    assert refusal(signed("x"), b"x" * (LARGEST_BODY + 1)) == 400


def test_ssl_check_is_recognised_only_as_a_whole_field() -> None:
    assert is_ssl_check(b"ssl_check=1&token=x")
    assert not is_ssl_check(b"not_ssl_check=1")
    assert not is_ssl_check(b"text=ssl_check%3D1")


ESCAPES = ["%", "%22", "%3A", "%2C", "%7B", "%7D", "%25", "%26", "2", "7", "A", "=", "+", "%C3%BC"]


@given(value=st.lists(st.sampled_from(ESCAPES), min_size=1, max_size=8).map("".join))
def test_a_form_is_read_as_pythons_own_reader_does(value: str) -> None:
    body = f"command={value}"
    checked = RequestGuard(SECRET).check(signed(body), body.encode(), NOW)
    assert checked.content == dict(parse_qsl(body))


@given(body=st.binary(max_size=200), timestamp=st.text(max_size=12), signature=st.text(max_size=80))
def test_noise_is_refused_and_never_breaks(body: bytes, timestamp: str, signature: str) -> None:
    headers = {
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": signature,
        "content-type": FORM,
    }
    assert refusal(headers, body) in (400, 401)
