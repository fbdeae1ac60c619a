"""What happened in companies of which the digest tells: good, bad, quiet, small and odd ones."""

from collections.abc import Sequence

from tests.golden.cases._companies import Round, rounds
from tests.golden.cases._texts import HOSTILE

TEAMS = {"Support": 30, "Sales": 24, "Engineering": 40, "Marketing": 16, "Finance": 12}
SOME_COMMENTS = (
    "Too many tickets since the second product, we can't keep up.",
    "The backlog grows every week and nobody takes anything off our plate.",
    "Overtime every evening this month.",
    "Too much work for too few people.",
    "Workload is far too high.",
    "We are understaffed in the late shift, please hire before Christmas comes.",
    "My workload has doubled since September.",
    "So many meetings that nothing gets finished before five in the evening.",
    "Meetings all day long.",
    "The weekly meeting could be an email.",
    "Fewer meetings would help me a lot.",
    "Too many meetings about the plan.",
)
MORE_COMMENTS = (
    *SOME_COMMENTS,
    "Deadlines move without a word.",
    "I work late nights again.",
    "We are short-staffed.",
)
LANGUAGES = (
    "Zu viel Arbeit und zu wenig Personal in unserer Schicht.",
    "Die Arbeitsbelastung ist viel zu hoch.",
    "Wir sind unterbesetzt und machen Überstunden.",
    "Trop de travail et pas assez de monde dans notre équipe.",
    "La charge de travail est trop lourde.",
    "Demasiado trabajo para tan poca gente en el equipo.",
    "La carga de trabajo es muy alta.",
    "Muito trabalho para pouca gente na nossa equipa.",
    "A carga de trabalho é demasiada.",
    "Too much work for too few people.",
    "My workload has doubled since September.",
    "仕事が多すぎて、人が足りません。",
)
BURDENED = {"workload": 1.7, "recognition": 2.7}


def good() -> Sequence[Round]:
    """Growth rises everywhere after something was done."""
    better = {"": {"growth": 4.5}}
    return rounds(8, lambda ago: Round(TEAMS, better if ago < 3 else {}, weeks_ago=ago))


def bad() -> Sequence[Round]:
    """Support is worn out, and people write about it."""
    return rounds(
        8,
        lambda ago: Round(
            TEAMS,
            {"Support": BURDENED} if ago < 3 else {},
            comments=MORE_COMMENTS if ago < 3 else (),
            weeks_ago=ago,
        ),
    )


def recovered() -> Sequence[Round]:
    """Support is worn out for two weeks, and well again."""
    return rounds(
        9, lambda ago: Round(TEAMS, {"Support": BURDENED} if 2 <= ago < 4 else {}, weeks_ago=ago)
    )


def quiet() -> Sequence[Round]:
    """Nothing happens."""
    return rounds(8, lambda ago: Round(TEAMS, comments=SOME_COMMENTS, weeks_ago=ago))


def tiny() -> Sequence[Round]:
    """A company of twelve."""
    return rounds(6, lambda ago: Round({"Shop": 7, "Workshop": 5}, weeks_ago=ago))


def first_week() -> Sequence[Round]:
    """One wave, and one team that is far from the others."""
    return [Round(TEAMS, {"Finance": {"growth": 1.4}})]


def one_wave() -> Sequence[Round]:
    """One wave, and nothing to say of it."""
    return [Round(TEAMS)]


def renamed() -> Sequence[Round]:
    """Support has a new name, and nothing else is new."""
    after = {("Customer care" if name == "Support" else name): n for name, n in TEAMS.items()}
    return rounds(8, lambda ago: Round(after if ago < 2 else TEAMS, weeks_ago=ago))


def merged() -> Sequence[Round]:
    """Sales and Marketing become one team."""
    after = {"Support": 30, "Market": 40, "Engineering": 40, "Finance": 12}
    return rounds(8, lambda ago: Round(after if ago < 2 else TEAMS, weeks_ago=ago))


def split() -> Sequence[Round]:
    """Engineering becomes two teams."""
    after = {"Web": 20, "Mobile": 20, **{n: s for n, s in TEAMS.items() if n != "Engineering"}}
    return rounds(8, lambda ago: Round(after if ago < 2 else TEAMS, weeks_ago=ago))


def paused() -> Sequence[Round]:
    """Nobody was asked for two months; then Support is worn out."""
    before = [Round(TEAMS, weeks_ago=ago) for ago in range(14, 8, -1)]
    return [*before, Round(TEAMS, {"Support": BURDENED})]


def all_equal() -> Sequence[Round]:
    """Everybody answers the same, week after week."""
    return rounds(6, lambda ago: Round(TEAMS, spread=0, answering=1, weeks_ago=ago))


def five_percent() -> Sequence[Round]:
    """Hardly anybody answers."""
    return rounds(6, lambda ago: Round({"Plant": 140, "Office": 60}, answering=0.05, weeks_ago=ago))


def nobody() -> Sequence[Round]:
    """Fewer answer than figures need."""
    return [Round({"Shop": 7, "Workshop": 5}, answering=0.2)]


def written(comments: Sequence[str]) -> Sequence[Round]:
    """Return two rounds with comments in the second."""
    return [Round(TEAMS, weeks_ago=1), Round(TEAMS, comments=comments)]


def five_languages() -> Sequence[Round]:
    """People write in five languages, and in one that software can't judge."""
    return written(LANGUAGES)


def only_emoji() -> Sequence[Round]:
    """People write nothing but pictures."""
    return written(["🔥🔥🔥", "👍", "😀", "🎉", "😡", "🙃", "💪", "👏", "🥱", "😴", "☕", "🌧"])


def long_comments() -> Sequence[Round]:
    """Everybody writes 2,000 characters."""
    return written([f"{n} {'Too much work in these weeks. ' * 66}"[:2000] for n in range(12)])


def hostile() -> Sequence[Round]:
    """Teams and comments are written to break what shows them."""
    team = HOSTILE[:150]
    teams = {team: 30, "Sales": 24, "Engineering": 40}
    comments = [f"{n} workload {HOSTILE}"[:140] for n in range(12)]
    return rounds(
        8,
        lambda ago: Round(
            teams, {team: BURDENED} if ago < 3 else {}, comments=comments, weeks_ago=ago
        ),
    )


def forty_drivers() -> Sequence[Round]:
    """Forty drivers are asked about."""
    return rounds(5, lambda ago: Round({"Support": 30, "Sales": 24}, weeks_ago=ago))
