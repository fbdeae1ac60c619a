from datetime import date

import pytest

from bot.people.pure.import_file import ImportFileError, ImportRow, read_csv
from bot.people.pure.team_names import clean_name, look_alikes


def test_a_whole_file() -> None:
    text = (
        "Email, team,department,location,manager_email,hired_on\r\n"
        'Ana@Example.com,"Design, Brand",Product,São Paulo,MAYA@example.com,2024-05-31\r\n'
        "\r\n"
        "ben@example.com,,,,,\r\n"
    )
    empty = dict.fromkeys(("team", "department", "location", "manager_email", "hired_on"))
    assert read_csv(text) == [
        ImportRow(
            2,
            "ana@example.com",
            {
                "team": "Design, Brand",
                "department": "Product",
                "location": "São Paulo",
                "manager_email": "maya@example.com",
                "hired_on": date(2024, 5, 31),
            },
        ),
        ImportRow(4, "ben@example.com", empty),
    ]


def test_names_lose_what_nobody_can_see() -> None:
    (row,) = read_csv('email,team,location\nana@example.com,"De\u202esi\u200bgn\n\tX",\u2066\n')
    assert row.values == {"team": "Design X", "location": None}
    kept = "Fire 👩\u200d🚒 ❤\ufe0f"
    assert clean_name(f"\x07 {kept}\u200d\u2028\x85") == kept
    names = ["Design", "design", "De\u200dsign", "Ｄesign", "Sales", "Straße", "STRASSE"]
    assert look_alikes(names) == [
        ["Design", "De\u200dsign", "design", "Ｄesign"],
        ["STRASSE", "Straße"],
    ]


def test_a_column_left_out_is_not_touched() -> None:
    assert read_csv("email;team\nana@example.com;Design\n") == [
        ImportRow(2, "ana@example.com", {"team": "Design"})
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "The first line must name the columns"),
        ("team,location\n", "The first line must name the columns"),
        ("email,email\n", "Line 1: a column is named twice"),
        ("email,salary\n", "Line 1: I don't know column 2"),
        ("email,team\nana@example.com\n", "Line 2: there are fewer cells"),
        ("email,team\nana@example.com,a,secret\n", "Line 2: there are more cells"),
        ("email\nsecret\n", "Line 2: there is no email address"),
        ("email,hired_on\na@example.com,31.5.2024 secret\n", "Line 2: hired_on is no date"),
        ("email,team\na@example.com," + "secret" * 30 + "\n", "Line 2: team has more than 120"),
        ('email,team\na@example.com,"secret" x\n', "Line 2: a quotation mark"),
        ('email,team\na@example.com,"secret\n', "a quotation mark"),
    ],
)
def test_what_is_wrong_is_told_by_line_without_the_value(text: str, why: str) -> None:
    with pytest.raises(ImportFileError) as caught:
        read_csv(text)
    said = str(caught.value)
    assert why in said
    assert said.endswith("Nothing was imported.")
    assert "secret" not in said
    assert "@" not in said
