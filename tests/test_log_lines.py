"""What a process writes: one line an event, with its request or job, and never an error's words."""

import json
import logging
from collections.abc import Iterator

import pytest

from bot.error_handler import describe
from bot.logs import configure_logs, current_request, logging_job, logging_request, place_of
from bot.masking import words

SECRET = "it is Amara who is tired"


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, with its own handlers put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield root
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def fail() -> None:
    """Raise an error within our code."""
    words.data(SECRET)


def test_each_event_is_one_line_of_json_where_no_terminal_is(
    root: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs("auto")
    logging.getLogger("bot.test").info("did %s\nthings", 3)
    logging.getLogger("bot.test").debug("too fine")
    (line,) = lines(capsys)
    written = json.loads(line)
    assert written.pop("timestamp").endswith("Z")
    assert written == {"event": "did 3\nthings", "level": "info", "logger": "bot.test"}


def test_text_is_written_where_it_is_asked_for(
    root: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs("text")
    logging.getLogger("bot.test").warning("careful")
    (line,) = lines(capsys)
    assert "careful" in line
    assert "warning" in line
    assert not line.startswith("{")


def test_lines_of_a_request_and_of_a_jobs_run_can_be_found(
    root: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs("json")
    logger = logging.getLogger("bot.test")
    with logging_request():
        reference = current_request()
        logger.info("a")
    with logging_job("close_waves"):
        logger.info("b")
        logger.info("c")
    logger.info("d")
    in_request, first, second, outside = [json.loads(line) for line in lines(capsys)]
    assert in_request["request"] == reference
    assert first["job"] == "close_waves"
    assert first["run"] == second["run"]
    assert not {"request", "job", "run"} & outside.keys()


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_an_error_is_named_with_its_place_and_without_its_words(
    root: logging.Logger, capsys: pytest.CaptureFixture[str], log_format: str
) -> None:
    configure_logs(log_format)  # type: ignore[arg-type] # one of the two
    try:
        fail()
    except KeyError:
        logging.getLogger("uvicorn.error").exception("failed")
    (line,) = lines(capsys)
    assert "KeyError in data (bot/masking/words.py:" in line
    assert "Amara" not in line


def test_the_place_is_the_last_of_our_own() -> None:
    with pytest.raises(KeyError, match="Amara") as failure:
        fail()
    assert place_of(failure.value).startswith("data (bot/masking/words.py:")
    assert describe(failure.value).startswith("KeyError in data (bot/masking/words.py:")
    assert place_of(ValueError(SECRET)) == "?"
