"""`python -m scheduler` as the shell sees it."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from scheduler.__main__ import main, read_moment
from tests.conftest import HANGS, ROOT


@pytest.mark.parametrize(
    "text", ["2026-12-01T09:00Z", "2026-12-01T10:00+01:00", "2026-12-01 09:00:00+00:00"]
)
def test_a_moment_with_its_zone_is_read(text: str) -> None:
    assert read_moment(text) == datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["2026-12-01T09:00", "tomorrow", "2026-13-01T09:00Z", "9:00", "", "1764579600", "٣"]
)
def test_another_moment_gives_one_sentence_and_exit_2(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--once", "--now", text]) == 2
    answer = capsys.readouterr().err
    assert answer.count("\n") == 1
    assert "2026-12-01T09:00Z" in answer


def test_now_without_once_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--now", "2026-12-01T09:00Z"]) == 2
    assert "--once" in capsys.readouterr().err


def test_a_missing_setting_gives_one_sentence_and_exit_2() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "scheduler", "--once"],
        cwd=ROOT,
        env={"PATH": "", "SLACK_BOT_TOKEN": "no token", "SLACK_SIGNING_SECRET": "s"},
        capture_output=True,
        text=True,
        timeout=HANGS,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith("SLACK_BOT_TOKEN is malformed")
    assert ended.stderr.count("\n") == 1
    assert ended.stdout == ""
