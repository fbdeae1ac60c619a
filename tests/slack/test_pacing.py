"""Pacing, without a clock: a thousand messages take no time to test."""

from hypothesis import given
from hypothesis import strategies as st

from bot.slack.pacing import FAILURES_IN_A_ROW, SLOWEST, Calls, Pacer, Pacing


def send(pacer: Pacer, count: int, start: float = 100.0) -> list[float]:
    """Send to `count` different channels as fast as allowed; return when each went out."""
    now, sent = start, []
    for number in range(count):
        now += pacer.wait(f"D{number}", now)
        pacer.took(f"D{number}", now)
        sent.append(now)
    return sent


def test_a_burst_goes_out_at_once_and_the_rest_at_the_rate() -> None:
    sent = send(Pacer(4, burst=4), 44)
    assert sent[:4] == [100.0] * 4
    assert sent[-1] - sent[0] == 10.0


@given(st.integers(1, 8), st.integers(1, 10), st.integers(5, 200))
def test_no_window_ever_holds_more_than_the_rate_and_the_burst(
    rate: int, burst: int, count: int
) -> None:
    sent = send(Pacer(rate, burst=burst), count)
    for start in sent:
        in_window = sum(start <= moment < start + 10 for moment in sent)
        assert in_window <= rate * 10 + burst


def test_one_channel_gets_one_message_a_second_and_others_do_not_wait_for_it() -> None:
    pacer = Pacer(4, burst=4)
    pacer.took("C1", 100.0)
    assert pacer.wait("C1", 100.25) == 0.75
    assert pacer.wait("C2", 100.25) == 0.0
    assert pacer.wait("C1", 101.0) == 0.0


def test_a_429_stops_everything_for_retry_after_and_halves_the_rate() -> None:
    pacer = Pacer(4, burst=4)
    pacer.limited(30, 100.0)
    assert pacer.wait("D1", 100.0) == 30.0
    assert pacer.rate == 2.0
    sent = send(pacer, 5, start=130.0)
    assert sent[-1] - sent[-2] == 0.5


def test_several_429s_of_calls_under_way_are_one_lesson() -> None:
    pacer = Pacer(4, burst=4)
    for _ in range(4):
        pacer.limited(10, 100.0)
    assert pacer.rate == 2.0
    pacer.limited(10, 111.0)
    assert pacer.rate == 1.0


def test_the_rate_creeps_up_again_but_never_beyond_where_it_started() -> None:
    pacer = Pacer(4, burst=4)
    pacer.limited(1, 100.0)
    pacer.succeeded()
    assert 2.0 < pacer.rate < 2.2
    for _ in range(100):
        pacer.succeeded()
    assert pacer.rate == 4


def test_the_rate_has_a_floor() -> None:
    pacer = Pacer(4)
    for number in range(20):
        pacer.limited(1, 100.0 + 10 * number)
    assert pacer.rate == SLOWEST


def test_calls_without_an_answer_pause_ever_longer_and_at_last_close() -> None:
    pacer = Pacer(4)
    pauses = []
    for _ in range(FAILURES_IN_A_ROW - 1):
        pacer.failed(0.0)
        pauses.append(pacer.pause(0.0))
    assert pauses == sorted(set(pauses))
    assert not pacer.is_closed(0.0)
    pacer.failed(0.0)
    assert pacer.is_closed(0.0)
    assert not pacer.is_closed(61.0)


def test_an_answer_ends_a_row_of_failures() -> None:
    pacer = Pacer(4)
    for _ in range(3 * FAILURES_IN_A_ROW):
        pacer.failed(0.0)
        pacer.succeeded()
    assert pacer.failures == 0
    assert not pacer.is_closed(0.0)


def test_a_closed_pacer_lets_nothing_out_until_its_time() -> None:
    pacer = Pacer(4)
    pacer.close(300, 100.0)
    assert pacer.wait("D1", 150.0) == 250.0
    assert pacer.wait("D1", 400.0) == 0.0


def test_workspaces_and_methods_do_not_slow_each_other_down() -> None:
    pacing = Pacing()
    pacing.posts("T1").limited(60, 0.0)
    assert pacing.posts("T1").wait("D1", 1.0) == 59.0
    assert pacing.posts("T2").wait("D1", 1.0) == 0.0
    assert pacing.lookups("T1").wait("D1", 1.0) == 0.0


def test_forgotten_channels_do_not_pile_up() -> None:
    pacer = Pacer(4)
    for number in range(1000):
        pacer.took(f"D{number}", float(number))
    assert len(pacer._channels) <= 2


def test_three_refusals_alike_in_a_row_close_and_others_do_not() -> None:
    pacer = Pacer(4)
    reasons = ["a", "a", "b", "a", "b", "b"]
    assert not any(pacer.refused(reason, 0.0) for reason in reasons)
    assert pacer.refused("b", 0.0)
    assert pacer.is_closed(0.0)


def test_each_closing_is_longer_until_a_call_succeeds() -> None:
    pacer, now, pauses = Pacer(4), 0.0, []
    for _ in range(9):
        pacer.closed(now)
        pacer.closed(now)
        pauses.append(pacer.pause(now))
        now += pauses[-1]
    assert pauses == [4, 8, 16, 32, 64, 128, 256, 300, 300]
    pacer.succeeded()
    pacer.closed(now)
    assert pacer.pause(now) == 4


def test_what_waits_for_its_turn_is_told_until_it_has_it() -> None:
    pacing = Pacing()
    pacer = pacing.of("T1", Calls.DIRECTORY)
    pacer.limited(30, 0.0)
    assert pacing.waits(0.0) == {}, "nobody has asked"
    pacer.wanted = True
    assert pacing.waits(10.0) == {("T1", Calls.DIRECTORY): 20.0}
    assert pacing.waits(30.0) == {}
    pacer.took("", 40.0)
    pacer.limited(30, 50.0)
    assert pacing.waits(50.0) == {}
