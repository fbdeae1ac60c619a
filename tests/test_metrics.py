"""Monitoring sees numbers in steps, and no label that names anybody."""

import logging
import re

import pytest

from bot.metrics import STEP, Metrics, in_steps


def values(metrics: Metrics, name: str) -> dict[str, float]:
    """Return the samples of a metric by their labels."""
    found = re.findall(rf"^{name}(\{{.*\}})? (\S+)$", metrics.page().decode(), re.MULTILINE)
    return {labels: float(value) for labels, value in found}


def test_acknowledgements_appear_in_steps_of_each_kind() -> None:
    metrics = Metrics()
    for _ in range(STEP - 1):
        metrics.acknowledged(0.02, is_answer=True)
    for _ in range(2 * STEP + 1):
        metrics.acknowledged(0.2, is_answer=False)
    assert values(metrics, "attune_ack_seconds_count") == {'{kind="other"}': 2 * STEP}
    metrics.acknowledged(0.02, is_answer=True)
    assert values(metrics, "attune_ack_seconds_count") == {
        '{kind="other"}': 2 * STEP,
        '{kind="answer"}': STEP,
    }
    assert values(metrics, "attune_ack_seconds_bucket")['{kind="answer",le="0.025"}'] == STEP
    assert "_created" not in metrics.page().decode()


def test_calls_to_slack_appear_in_steps_and_refused_ones_at_once() -> None:
    metrics = Metrics()
    for _ in range(STEP - 1):
        metrics.called("/api/chat.postMessage", 200)
    metrics.called("/api/chat.postMessage", 429)
    metrics.called("/api/views.open", 503)
    metrics.called("/actions/T1/2/secret", None)
    calls = values(metrics, "attune_slack_calls_total")
    assert calls == {
        '{method="chat.postMessage",outcome="limited"}': 1,
        '{method="views.open",outcome="failed"}': 1,
        '{method="other",outcome="failed"}': 1,
    }
    metrics.called("/api/chat.postMessage", 200)
    calls = values(metrics, "attune_slack_calls_total")
    assert calls['{method="chat.postMessage",outcome="answered"}'] == STEP


@pytest.mark.parametrize(
    "path", ["/actions/T1/1/se.cret", "/api/", "/x/api/secret.y/1", "/api/x y"]
)
def test_no_address_but_a_methods_name_becomes_a_label(path: str) -> None:
    metrics = Metrics()
    metrics.called(path, None)
    assert values(metrics, "attune_slack_calls_total") == {'{method="other",outcome="failed"}': 1}


def test_a_jobs_duration_does_not_tell_whether_it_sent_anything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pages = set()
    for seconds in (0.01, 0.7):
        metrics = Metrics()
        moments = iter([0.0, seconds])
        monkeypatch.setattr("bot.metrics.time.monotonic", lambda moments=moments: next(moments))
        with metrics.timing_job("send_deliveries"):
            pass
        pages.add(metrics.page())
    assert len(pages) == 1


def test_a_jobs_failures_are_counted() -> None:
    metrics = Metrics()
    with pytest.raises(KeyError), metrics.timing_job("close_waves"):
        raise KeyError
    with metrics.timing_job("close_waves"):
        pass
    assert values(metrics, "attune_job_seconds_count") == {
        '{job="close_waves",outcome="failed"}': 1,
        '{job="close_waves",outcome="done"}': 1,
    }


def test_warnings_and_errors_of_the_log_are_counted() -> None:
    metrics, logger = Metrics(), logging.getLogger("bot.test")
    handler = metrics.log_handler()
    logger.addHandler(handler)
    try:
        logger.info("unremarkable")
        logger.warning("careful")
        logger.error("failed")
    finally:
        logger.removeHandler(handler)
    assert values(metrics, "attune_log_events_total") == {
        '{level="warning",logger="bot.test"}': 1,
        '{level="error",logger="bot.test"}': 1,
    }


def test_counts_are_rounded_down() -> None:
    assert [in_steps(count) for count in (0, STEP - 1, STEP, 2 * STEP - 1)] == [0, 0, STEP, STEP]
