"""What HR reads about an export of figures."""

from bot.insights.export import service, wording
from tests.golden.shown import Cases, Sentences

CASES: Cases = {
    "sentences": lambda: Sentences(
        {
            "while it is made": wording.ON_ITS_WAY,
            "above the file": wording.file_comment(1_234, with_parquet=True),
            "above a file without Parquet": wording.file_comment(1, with_parquet=False),
            "not sent": wording.NOT_SENT,
            "not allowed to, added": wording.OF_OPERATOR,
            "not for you": service.ONLY_ADMINS,
            "nothing to export": service.NO_FIGURES,
        }
    ),
}
