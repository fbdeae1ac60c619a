"""What HR reads about an export."""

from datetime import date
from typing import Final

from bot.languages import _, _n, marked

ON_ITS_WAY: Final = marked(
    "I am putting all published figures into a file. It comes as a direct message from me in a "
    "moment. `/pulse record` shows everybody that you exported them."
)
NOT_SENT: Final = marked(
    "I couldn't send the file just now. Please try `/pulse export` again in a few minutes."
)
OF_OPERATOR: Final = marked(
    "The operator of Attune can write the files, too: `python -m bot figures FOLDER`."
)
NO_PARQUET: Final = marked(
    "Parquet is left out: the operator of Attune can add it with the extra `parquet`."
)


def file_name(day: date) -> str:
    """Return the name of the zip file."""
    return f"attune-figures-{day.isoformat()}.zip"


def file_comment(figures: int, *, with_parquet: bool) -> str:
    """Return what stands above the file."""
    if with_parquet:
        made = _n(
            "Here is {count} published figure: `figures.csv` for spreadsheets, `figures.parquet` "
            "for analysis, and `dictionary.csv`, which says what each column means.",
            "Here are {count} published figures: `figures.csv` for spreadsheets, `figures.parquet` "
            "for analysis, and `dictionary.csv`, which says what each column means.",
            figures,
        )
    else:
        made = _n(
            "Here is {count} published figure: `figures.csv` for spreadsheets, and "
            "`dictionary.csv`, which says what each column means.",
            "Here are {count} published figures: `figures.csv` for spreadsheets, and "
            "`dictionary.csv`, which says what each column means.",
            figures,
        )
    same = _(
        "They are the figures that you see in Slack, equally rounded: no answers and no comments."
    )
    return " ".join([made, same, *([] if with_parquet else [_(NO_PARQUET)])])
