"""How it is measured whether comments are masked."""

from pathlib import Path

import pytest

from bot.masking import Names
from tests.bench.masking import is_left, main, measure


@pytest.mark.parametrize(
    ("identifying", "masked", "left"),
    [
        ("Ann", "ANN is here", True),
        ("Ann", "Anna is here", False),
        ("J.K.", "ask J.K.", True),
        ("王", "王经理", True),
        ("3 May", "[date]", False),
    ],
)
def test_a_string_is_left_where_it_stands_as_a_whole(
    identifying: str, masked: str, left: bool
) -> None:
    assert is_left(identifying, masked) is left


def test_a_comment_is_fully_masked_when_no_string_is_left() -> None:
    names = Names.of(["Kofi Mensah"])
    comments = [
        ("Kofi and Zarquon", ("Kofi", "Zarquon")),
        ("kofi", ("kofi",)),
        ("all is well", ()),
        ("Mensah is well", ()),
    ]
    outcome = measure(comments, names)
    assert (outcome.hostile, outcome.fully_masked) == (2, 1)
    assert (outcome.strings, outcome.strings_masked) == (3, 2)
    assert (outcome.harmless, outcome.changed) == (2, [("Mensah is well", "[name] is well")])
    assert outcome.missed == [("Zarquon", "[name] and Zarquon")]


def test_a_file_is_measured_with_the_names_of_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    comments, directory = tmp_path / "comments.csv", tmp_path / "names.csv"
    comments.write_text("text,identifying\nZarquon was here,Zarquon\nname it,\n", "utf-8")
    directory.write_text("name\nZarquon Beeblebrox\n", "utf-8")
    main([str(comments), "--directory", str(directory), "--show"])
    printed = capsys.readouterr().out
    assert "hostile comments fully masked: 1 of 1 (100.0%)" in printed
    assert "harmless comments changed: 0 of 1 (0.0%)" in printed
    main([str(comments), "--show"])
    assert "left: 'Zarquon' in: Zarquon was here" in capsys.readouterr().out
