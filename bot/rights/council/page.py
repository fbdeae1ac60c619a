"""The dossier for the works council as one printable HTML page, without scripts."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from html import escape
from importlib import resources
from string import Template
from typing import Any

from bot.insights.pure.resolution import least_for_shares
from bot.languages import (
    DayStyle,
    _,
    _n,
    _p,
    current_language,
    plural,
    write_day,
    write_list,
    write_number,
)
from bot.rights.council.asked import asked_survey
from bot.rights.council.facts import Facts
from bot.rights.council.kept import KEPT, how_long, whose
from bot.rights.council.pure.html import points, table
from bot.rights.council.pure.markdown import inline_html
from bot.rights.council.pure.quotes import (
    ATTACKS,
    CANNOT_REACH,
    NOT_PROMISED,
    WHO_COULD,
    quoted_list,
    quoted_table,
)
from bot.rights.council.record_lines import record_lines
from bot.rights.public_record import RECORD_DAYS
from bot.surveys.pure.audience_overlap import MOST_OVERLAPS
from bot.surveys.pure.closing import TIME_TO_ANSWER
from models import Base


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
    """Return the dossier in the current language.

    Raises LookupError if `docs/privacy.md` lacks a part that is shown.
    """
    parts = {
        _("In short"): _in_short(facts),
        _("What was asked, and of whom"): _asked(facts),
        _("The rules in force"): _rules(facts, installation),
        _("Who may see what"): _roles(facts, installation),
        _("Who looked"): _looks(facts),
        _("What is kept, and how long"): _kept(installation),
        _("Where data goes"): _flows(installation),
        _("How this version was attacked"): _attacks(installation),
        _("What is not promised"): _not_promised(installation),
        _("The law"): _laws(),
        _("What your company decides"): _decisions(),
    }
    contents = "".join(
        f'<li><a href="#part-{number}">{escape(title)}</a></li>'
        for number, title in enumerate(parts, 1)
    )
    sections = "\n".join(
        f'<section><h2 id="part-{number}">{number}. {escape(title)}</h2>{content}</section>'
        for number, (title, content) in enumerate(parts.items(), 1)
    )
    made = _(
        "Made on {day} by `python -m bot council` from the running system, version {version}. It "
        "contains no answers, no comments and no results."
    ).format(day=write_day(facts.made_on, DayStyle.SHORT), version=installation.version)
    return Template(_file("page.html")).substitute(
        language=current_language().replace("_", "-"),
        title=escape(_("Attune at {company}: for the works council").format(company=facts.company)),
        style=_file("page.css"),
        made=inline_html(made),
        contents=contents,
        parts=sections,
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
    also = f"<h3>{escape(_('What else Attune asks'))}</h3>{_filled('also_asked')}"
    if not facts.surveys:
        return f"<p>{escape(_('No survey has been made yet.'))}</p>{also}"
    return f"{''.join(map(asked_survey, facts.surveys))}{also}"


def _rules(facts: Facts, installation: Installation) -> str:
    rules = _texts_of(
        "rules",
        k=facts.k,
        below_k=facts.k - 1,
        twice_k=2 * facts.k,
        for_shares=least_for_shares(facts.k),
        below_twice_k=2 * facts.k - 1,
        overlaps=MOST_OVERLAPS,
        hours_to_answer=TIME_TO_ANSWER // timedelta(hours=1),
        how_often=_n(
            "on at most {count} day a week", "on at most {count} days a week", facts.days_a_week
        ),
        work_starts=facts.hours[0],
        work_ends=facts.hours[1],
    )
    guests = (
        _("Guests of the workspace are asked, too.")
        if installation.guests
        else _("Guests of the workspace are not asked.")
    )
    return points(map(inline_html, [*rules, guests]))


def _roles(facts: Facts, installation: Installation) -> str:
    managers = (
        _("see published results of their own team, if most of it reports to them")
        if facts.managers_see_team
        else _("see no results")
    )
    nobody = _("nobody")
    roles = [
        (
            _("HR admins"),
            _("write surveys, see results and comments, choose who is HR"),
            write_list(facts.admins) or nobody,
        ),
        (_("HR analysts"), _("see results, no comments"), write_list(facts.analysts) or nobody),
        (
            _("Workspace owner"),
            _("can choose HR admins; sees no results"),
            facts.owner or _("unknown"),
        ),
        (_("Managers"), managers, _("whoever leads people")),
        (_("Operator of the server"), _("runs Attune; sets k"), _("your company says who")),
        (
            _("Works council"),
            _("reads the record, like everybody; results only as an analyst"),
            "—",
        ),
    ]
    could = quoted_table(installation.privacy, WHO_COULD)
    header = [_("Role"), _("What the role does"), _p("column", "Who")]
    return (
        f"{table(header, [list(map(escape, role)) for role in roles])}"
        f"<h3>{escape(_('Who could learn what, at worst'))}</h3>{_quoted(could)}"
    )


def _looks(facts: Facts) -> str:
    rows = [
        [
            escape(_("{name} (as manager)").format(name=look.name))
            if look.as_manager
            else escape(look.name),
            escape(look.seen),
            escape(look.survey_name or "—"),
            write_number(look.times),
        ]
        for look in facts.looks
    ]
    header = [_p("column", "Who"), _("Looked at"), _p("column", "Of"), _p("column", "Times")]
    looks = table(header, rows) if rows else f"<p>{escape(_('Nobody looked.'))}</p>"
    source = _(
        "From the record that everybody can read with `/pulse record`, the last {days} days. No "
        "entry can be changed or deleted."
    ).format(days=RECORD_DAYS)
    lines = record_lines(facts.record)
    return f"<p>{inline_html(source)}</p>{looks}{points(map(escape, lines))}"


def _kept(installation: Installation) -> str:
    rows = [
        [
            escape(_(KEPT[table].what)),
            escape(_(whose(table))),
            escape(how_long(table, installation.comment_months)),
            f"<code>{table}</code>",
        ]
        for table in sorted(Base.metadata.tables)
    ]
    said = _(
        "All tables of the database. “By person” means that rows hold a person's Slack id; “under "
        "a code” means that only a key, which is destroyed later, leads to a person. A person's "
        "own rows go at once with `/pulse forget-me`, except where that command says what stays."
    )
    header = [
        _p("column", "What"),
        _p("column", "Whose"),
        _p("column", "How long"),
        _p("column", "Table"),
    ]
    return f"<p>{inline_html(said)}</p>{table(header, rows)}"


def _flows(installation: Installation) -> str:
    rows = [
        [inline_html(_(flow[name]) or "—") for name in ("from", "to", "what", "why")]
        for flow in _texts()["flow"]
    ]
    said = (
        _(
            "The database here is {database}. Slack's token and comments are encrypted in it. "
            "Between Slack and Attune, everything is sent over HTTPS."
        )
        if installation.is_encrypted
        else _(
            "The database here is {database}. Slack's token and comments are not encrypted in it. "
            "Between Slack and Attune, everything is sent over HTTPS."
        )
    ).format(database=installation.database)
    header = [_p("column", "From"), _p("column", "To"), _p("column", "What"), _p("column", "Why")]
    return f"{table(header, rows)}<p>{escape(said)}</p>"


def _attacks(installation: Installation) -> str:
    said = _(
        "A program plays invented companies through Attune and then tries to find out what single "
        "people answered, with all published results, the list of employees and the program's "
        "source at hand. “0 of 24” means: in 0 of 24 companies it found one certain fact about "
        "fewer than k people. The last column does the same with the usual rule alone. Anybody "
        "can repeat it: `python -m tests.attacks`."
    )
    attacks = quoted_table(installation.privacy, ATTACKS)
    return f"<p>{inline_html(said)}</p>{_quoted(attacks)}"


def _not_promised(installation: Installation) -> str:
    limits = (
        # In the order of the documentation: the second list refers to what is above.
        *quoted_list(installation.privacy, CANNOT_REACH),
        *quoted_list(installation.privacy, NOT_PROMISED),
    )
    return points(map(inline_html, limits))


def _laws() -> str:
    rows = [
        [inline_html(_(law[name])) for name in ("rule", "attune", "company")]
        for law in _texts()["law"]
    ]
    warning = _(
        "A map for orientation, and no legal advice. Your data protection officer and your counsel "
        "know your company."
    )
    header = [_("Rule"), _("What Attune does"), _("What your company decides")]
    return f'<p class="box">{escape(warning)}</p>{table(header, rows)}'


def _decisions() -> str:
    items = "".join(
        f"<li><span><strong>{escape(re.split('[:：]', _(law['rule']))[0].strip())}</strong> – "
        f"{inline_html(_(law['company']))}</span></li>"
        for law in _texts()["law"]
    )
    return f'<ul class="decisions">{items}</ul>'


def _quoted(quotes: Sequence[Sequence[str]]) -> str:
    header, *rows = quotes
    return table(header, [list(map(inline_html, row)) for row in rows])


def _filled(name: str, **values: str | int) -> str:
    return points(map(inline_html, _texts_of(name, **values)))


def _texts_of(name: str, **values: str | int) -> list[str]:
    """Return the points of a list of `texts.toml` with their values filled in."""
    return [_(point).format(**values) for point in _texts()[name]]


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(_file("texts.toml"))


def _file(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")
