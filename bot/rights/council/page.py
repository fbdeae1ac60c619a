"""The dossier for the works council as one printable HTML page, without scripts."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from html import escape
from importlib import resources
from typing import Any, Final

from bot.blockkit.text import plural
from bot.rights.council.facts import AskedQuestion, AskedSurvey, Facts
from bot.rights.council.kept import COMMENT_MONTHS, KEPT, whose
from bot.rights.council.pure.markdown import inline_html, list_under, table_under
from bot.rights.council.record_lines import record_lines
from bot.rights.public_record import RECORD_DAYS
from bot.surveys.audience import AudienceKind
from bot.surveys.pure.audience_overlap import MOST_OVERLAPS
from bot.surveys.pure.closing import TIME_TO_ANSWER
from bot.surveys.pure.scales import Scale
from bot.surveys.pure.schedule import Cadence
from models import Base

WHO_COULD: Final = "Who could learn what"
ATTACKS: Final = "The attacks"
NOT_PROMISED: Final = "What is not promised"
CANNOT_REACH: Final = "What forgetting cannot reach"
"""Headings in `docs/privacy.md`."""

CADENCES: Final[Mapping[Cadence, str]] = {
    Cadence.ONCE: "once",
    Cadence.WEEKLY: "every week",
    Cadence.BIWEEKLY: "every second week",
    Cadence.MONTHLY: "every month",
    Cadence.QUARTERLY: "every quarter",
    Cadence.DAILY: "on each day on which somebody reaches it",
    Cadence.STANDING: "every week a few of the questions, to some of the people",
}
AUDIENCES: Final[Mapping[AudienceKind, str]] = {
    AudienceKind.EVERYONE: "everyone",
    AudienceKind.CHANNEL: "the members of a channel",
    AudienceKind.USERGROUP: "a user group",
    AudienceKind.TEAM: "the team {team}",
    AudienceKind.CHOSEN: "people chosen by team, department, location, manager or time since "
    "joining",
    AudienceKind.MILESTONE: "people who reach a milestone",
}
STATUSES: Final = {"active": "running", "paused": "paused", "ended": "ended"}
"""Of surveys; drafts are not in the dossier."""


@dataclass(frozen=True)
class Installation:
    """What the dossier says about this version and how it is set up."""

    version: str
    privacy: str
    """The text of `docs/privacy.md` of this version."""
    database: str
    """`PostgreSQL` or `SQLite`."""
    is_encrypted: bool
    """True if tokens and comments are encrypted in the database."""
    comment_months: int
    guests: bool
    """True if guests of the workspace are asked, too."""


def council_page(facts: Facts, installation: Installation) -> str:
    """Return the dossier. Raises LookupError if `docs/privacy.md` lacks a part that is shown."""
    parts = {
        "In short": _in_short(facts),
        "What was asked, and of whom": _asked(facts),
        "The rules in force": _rules(facts, installation),
        "Who may see what": _roles(facts, installation),
        "Who looked": _looks(facts),
        "What is kept, and how long": _kept(installation),
        "Where data goes": _flows(installation),
        "How this version was attacked": _attacks(installation),
        "What is not promised": _not_promised(installation),
        "The law": _laws(),
        "What your company decides": _decisions(),
    }
    contents = "".join(
        f'<li><a href="#part-{number}">{escape(title)}</a></li>'
        for number, title in enumerate(parts, 1)
    )
    body = "".join(
        f'<section><h2 id="part-{number}">{number}. {escape(title)}</h2>{content}</section>'
        for number, (title, content) in enumerate(parts.items(), 1)
    )
    style = resources.files(__package__).joinpath("page.css").read_text("utf-8")
    title = escape(f"Attune at {facts.company}: for the works council")
    made = escape(_day(facts.made_on))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        # The page needs nothing from anywhere, and no script may run in it.
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{style}</style></head><body><main>"
        f"<h1>{title}</h1>"
        f'<p class="made">Made on {made} by <code>python -m bot council</code> from the running '
        f"system, version {escape(installation.version)}. It contains no answers, no comments and "
        f"no results.</p><nav><ol>{contents}</ol></nav>{body}</main></body></html>\n"
    )


def _in_short(facts: Facts) -> str:
    rounds = sum(survey.rounds for survey in facts.surveys)
    return _filled(
        "in_short",
        company=facts.company,
        people=plural(facts.people, "person", "people"),
        surveys=plural(len(facts.surveys), "survey"),
        rounds=plural(rounds, "round"),
        k=facts.k,
    )


def _asked(facts: Facts) -> str:
    also = f"<h3>What else Attune asks</h3>{_list(map(inline_html, _texts()['also_asked']))}"
    if not facts.surveys:
        return f"<p>No survey has been made yet.</p>{also}"
    return f"{''.join(map(_survey, facts.surveys))}{also}"


def _survey(survey: AskedSurvey) -> str:
    kind = "anonymous" if survey.anonymous else "<strong>not anonymous: HR sees names</strong>"
    audience = AUDIENCES[survey.audience.kind].format(team=survey.audience.ref)
    about = [
        kind,
        f"asks {escape(audience)}, {CADENCES[survey.cadence]}",
        STATUSES[survey.status],
        _asked_so_far(survey),
    ]
    rows = [
        [escape(question.text), escape(question.topic), escape(_answers(question))]
        for question in survey.questions
    ]
    table = _table(["Question", "Topic", "Possible answers"], rows)
    return f"<h3>{escape(survey.name)}</h3><p>{'; '.join(about)}.</p>{table}"


def _asked_so_far(survey: AskedSurvey) -> str:
    if survey.first is None or survey.last is None:
        return "not asked yet"
    people = (
        f"{survey.most:,}"
        if survey.fewest == survey.most
        else (f"{survey.fewest:,} to {survey.most:,}")
    )
    when = _day(survey.first)
    if survey.last != survey.first:
        when = f"{when} to {_day(survey.last)}"
    return f"{plural(survey.rounds, 'round')}, {when}, {people} people invited"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _answers(question: AskedQuestion) -> str:
    if question.scale is Scale.CHOICE:
        return "one of: " + ", ".join(question.options)
    return {
        Scale.AGREE: "five steps from “Strongly disagree” to “Strongly agree”",
        Scale.ENPS: "0 to 10",
        Scale.TEXT: "own words",
    }[question.scale]


def _rules(facts: Facts, installation: Installation) -> str:
    return _filled(
        "rules",
        k=facts.k,
        twice_k=2 * facts.k,
        below_twice_k=2 * facts.k - 1,
        overlaps=MOST_OVERLAPS,
        hours_to_answer=TIME_TO_ANSWER // timedelta(hours=1),
        days_a_week=plural(facts.days_a_week, "day"),
        working_hours=facts.hours,
        guests="asked, too" if installation.guests else "not asked",
    )


def _roles(facts: Facts, installation: Installation) -> str:
    managers = (
        "see published results of their own team, if most of it reports to them"
        if facts.managers_see_team
        else "see no results"
    )
    roles = [
        ["HR admins", "write surveys, see results and comments, choose who is HR", facts.admins],
        ["HR analysts", "see results, no comments", facts.analysts],
        ["Workspace owner", "can choose HR admins; sees no results", (facts.owner or "unknown",)],
        ["Managers", managers, ("whoever leads people",)],
        ["Operator of the server", "runs Attune; sets k", ("your company says who",)],
        ["Works council", "reads the record, like everybody; results only as an analyst", ("—",)],
    ]
    rows = [
        [escape(str(role)), escape(str(may)), escape(", ".join(people) or "nobody")]
        for role, may, people in roles
    ]
    header, *could = table_under(installation.privacy, WHO_COULD)
    return (
        f"{_table(['Role', 'May', 'Who'], rows)}<h3>Who could learn what, at worst</h3>"
        f"{_table(header, [list(map(inline_html, row)) for row in could])}"
    )


def _looks(facts: Facts) -> str:
    rows = [
        [
            escape(f"{look.name}{' (as manager)' if look.as_manager else ''}"),
            escape(look.seen),
            escape(look.survey_name or "—"),
            f"{look.times:,}",
        ]
        for look in facts.looks
    ]
    looks = _table(["Who", "Looked at", "Of", "Times"], rows) if rows else "<p>Nobody looked.</p>"
    lines = record_lines(facts.record)
    return (
        f"<p>From the record that everybody can read with <code>/pulse record</code>, the last "
        f"{RECORD_DAYS} days. No entry can be changed or deleted.</p>{looks}"
        f"{_list(map(escape, lines))}"
    )


def _kept(installation: Installation) -> str:
    rows = []
    for table in sorted(Base.metadata.tables):
        kept = KEPT[table]
        how_long = kept.how_long.replace(COMMENT_MONTHS, str(installation.comment_months))
        rows.append([escape(kept.what), whose(table), escape(how_long), f"<code>{table}</code>"])
    return (
        "<p>All tables of the database. “By person” means that rows hold a person's Slack id; "
        "“under a code” means that only a key, which is destroyed later, leads to a person. A "
        "person's own rows go at once with <code>/pulse forget-me</code>, except where that "
        "command says what stays.</p>"
        f"{_table(['What', 'Whose', 'How long', 'Table'], rows)}"
    )


def _flows(installation: Installation) -> str:
    encrypted = "are encrypted in it" if installation.is_encrypted else "are not encrypted in it"
    rows = [
        [inline_html(flow[name]) for name in ("from", "to", "what", "why")]
        for flow in _texts()["flow"]
    ]
    return (
        f"{_table(['From', 'To', 'What', 'Why'], rows)}"
        f"<p>The database here is {escape(installation.database)}. Slack's token and comments "
        f"{encrypted}. Between Slack and Attune, everything is sent over HTTPS.</p>"
    )


def _attacks(installation: Installation) -> str:
    header, *rows = table_under(installation.privacy, ATTACKS)
    return (
        "<p>A program plays invented companies through Attune and then tries to find out what "
        "single people answered, with all published results, the list of employees and the "
        "program's source at hand. “0 of 24” means: in 0 of 24 companies it found one certain fact "
        "about fewer than k people. The last column does the same with the usual rule alone. "
        "Anybody can repeat it: <code>python -m tests.attacks</code>.</p>"
        f"{_table(header, [list(map(inline_html, row)) for row in rows])}"
    )


def _not_promised(installation: Installation) -> str:
    points = (
        *list_under(installation.privacy, NOT_PROMISED),
        *list_under(installation.privacy, CANNOT_REACH),
    )
    return _list(map(inline_html, points))


def _laws() -> str:
    rows = [
        [inline_html(law[name]) for name in ("rule", "attune", "company")]
        for law in _texts()["law"]
    ]
    return (
        '<p class="box">A map for orientation, and no legal advice. Your data protection officer '
        "and your counsel know your company.</p>"
        f"{_table(['Rule', 'What Attune does', 'What your company decides'], rows)}"
    )


def _decisions() -> str:
    items = "".join(
        f"<li><span><strong>{escape(law['rule'].partition(':')[0])}</strong>: "
        f"{inline_html(law['company'])}</span></li>"
        for law in _texts()["law"]
    )
    return f'<ul class="decisions">{items}</ul>'


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; the cells of `rows` are HTML."""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in header)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="wide">{table}</div>'


def _list(items: Iterable[str]) -> str:
    """Return a list; the items are HTML."""
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def _filled(name: str, **values: str | int) -> str:
    """Return a list of `texts.toml` with its values filled in."""
    return _list(inline_html(item.format(**values)) for item in _texts()[name])


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("texts.toml").read_text("utf-8"))
