"""What HR reads about an export."""

from datetime import date
from typing import Final

from bot.blockkit.text import plural

ON_ITS_WAY: Final = (
    "I am putting all published figures into a file. It comes as a direct message from me in a "
    "moment. `/pulse record` shows everybody that you exported them."
)
NOT_SENT: Final = (
    "I couldn't send the file just now. Please try `/pulse export` again in a few minutes."
)
OF_OPERATOR: Final = (
    " The operator of Attune can write the files, too: `python -m bot figures FOLDER`."
)
NO_PARQUET: Final = (
    " Parquet is left out: the operator of Attune can add it with the extra `parquet`."
)


def file_name(day: date) -> str:
    """Return the name of the zip file."""
    return f"attune-figures-{day.isoformat()}.zip"


def file_comment(figures: int, *, with_parquet: bool) -> str:
    """Return what stands above the file."""
    made = (
        f"Here {'is' if figures == 1 else 'are'} {plural(figures, 'published figure')}: "
        "`figures.csv` for spreadsheets"
    )
    parquet = ", `figures.parquet` for analysis" if with_parquet else ""
    return (
        f"{made}{parquet}, and `dictionary.csv`, which says what each column means. They are the "
        "figures that you see in Slack, equally rounded: no answers and no comments."
        f"{'' if with_parquet else NO_PARQUET}"
    )
