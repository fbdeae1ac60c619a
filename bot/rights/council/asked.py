"""What was asked, and of whom: the dossier's second part, a survey at a time."""

from collections.abc import Mapping
from html import escape
from typing import Final

from bot.languages import (
    DayStyle,
    _,
    _n,
    marked,
    plural,
    write_day,
    write_number,
)
from bot.rights.council.facts import AskedQuestion, AskedSurvey
from bot.rights.council.pure.html import table
from bot.surveys.audience import AudienceKind
from bot.surveys.pure.names import shown_name
from bot.surveys.pure.scales import AGREE_LABELS, Scale
from bot.surveys.pure.schedule import Cadence

CADENCES: Final[Mapping[Cadence, str]] = {
    Cadence.ONCE: marked("once"),
    Cadence.WEEKLY: marked("every week"),
    Cadence.BIWEEKLY: marked("every second week"),
    Cadence.MONTHLY: marked("every month"),
    Cadence.QUARTERLY: marked("every quarter"),
    Cadence.DAILY: marked("on each day on which somebody reaches it"),
    Cadence.STANDING: marked("every week a few of the questions, to some of the people"),
}
AUDIENCES: Final[Mapping[AudienceKind, str]] = {
    AudienceKind.EVERYONE: marked("asks everyone"),
    AudienceKind.CHANNEL: marked("asks the members of a channel"),
    AudienceKind.USERGROUP: marked("asks a user group"),
    AudienceKind.TEAM: marked("asks the team {team}"),
    AudienceKind.CHOSEN: marked(
        "asks people chosen by team, department, location, manager or time since joining"
    ),
    AudienceKind.MILESTONE: marked("asks people who reach a milestone"),
}
STATUSES: Final = {
    "active": marked("running"),
    "paused": marked("paused"),
    "ended": marked("ended"),
}
"""Of surveys; drafts are not in the dossier."""


def asked_survey(survey: AskedSurvey) -> str:
    """Return a survey's heading, whom it asks how often, and its questions, as HTML."""
    audience = _(AUDIENCES[survey.audience.kind]).format(team=survey.audience.ref)
    about = [
        escape(_("anonymous"))
        if survey.anonymous
        else f"<strong>{escape(_('not anonymous: HR sees names'))}</strong>",
        escape(audience),
        escape(_(CADENCES[survey.cadence])),
        escape(_(STATUSES[survey.status])),
        escape(_asked_so_far(survey)),
    ]
    rows = [
        [escape(question.text), escape(question.topic), escape(_answers(question))]
        for question in survey.questions
    ]
    header = [_("Question"), _("Topic"), _("Possible answers")]
    return (
        f"<h3>{escape(shown_name(survey.name))}</h3><p>{' · '.join(about)}</p>{table(header, rows)}"
    )


def _asked_so_far(survey: AskedSurvey) -> str:
    if survey.first is None or survey.last is None:
        return _("not asked yet")
    when = write_day(survey.first, DayStyle.SHORT)
    if survey.last != survey.first:
        when = _("{first} to {last}").format(
            first=when, last=write_day(survey.last, DayStyle.SHORT)
        )
    people = (
        _n("{count} person invited", "{count} people invited", survey.most)
        if survey.fewest == survey.most
        else _("{fewest} to {most} people invited").format(
            fewest=write_number(survey.fewest), most=write_number(survey.most)
        )
    )
    return " · ".join([plural(survey.rounds, "round"), when, people])


def _answers(question: AskedQuestion) -> str:
    match question.scale:
        case Scale.AGREE:
            return _("five steps from “{lowest}” to “{highest}”").format(
                lowest=_(AGREE_LABELS[1]), highest=_(AGREE_LABELS[5])
            )
        case Scale.ENPS:
            return _("{first} to {last}").format(first=0, last=10)
        case Scale.TEXT:
            return _("own words")
        case Scale.CHOICE:
            return _("one of: {options}").format(options=" · ".join(question.options))
