"""What HR sees of the survey about wellbeing: its preview, and where it stands."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.blockkit.blocks import (
    Block,
    Message,
    View,
    context,
    divider,
    header,
    modal,
    section,
    sections,
)
from bot.blockkit.text import escape
from bot.insights import overview_wording
from bot.insights.pure.resolution import least_for_shares
from bot.insights.wave_results import Score
from bot.insights.wellbeing.service import OPEN_HOURS, Dated, Standing
from bot.languages import DayStyle, _, marked, plural, write_day, write_weekday
from bot.pulse.preview import as_asked
from bot.surveys.blocks import GOOD_MOMENTS, PREVIEW, opening
from bot.surveys.drafts import SurveyPreview
from bot.surveys.pure.bank import Instrument, load_bank
from bot.surveys.pure.names import shown_name
from bot.surveys.pure.wellbeing import BURNOUT, MOST_TOGETHER, positions_on
from bot.surveys.undecided_blocks import asked_again_blocks

HSE: Final = "hse_management_standards"
NO_FIGURES: Final = marked(
    "There are no figures yet. The first ones come when its first wave has closed."
)
MORE: Final = marked(
    "`/pulse results` has each round with its teams and trends, `/pulse list` lets you pause or "
    "end the survey."
)


def preview_view(preview: SurveyPreview, asked_by: str, privacy_page: str | None) -> View:
    """Show what starting the survey does, and the messages of its first week."""
    plan = preview.survey.plan
    first = tuple(preview.questions[each] for each in positions_on(plan.starts_on, plan.starts_on))
    example = replace(preview, questions=first)
    blocks: list[Block] = [
        section(f"*{escape(shown_name(preview.survey.name))}*"),
        section("\n".join(_facts(preview))),
        context(*_limits()),
        *asked_again_blocks(preview.undecided),
        divider(),
        section(_("*The messages of the first week, in turn*")),
        *as_asked(example, asked_by, privacy_page),
    ]
    return modal(
        _("Preview"),
        blocks,
        callback_id=PREVIEW,
        submit=_("Start it"),
        close=_("Cancel"),
        private_metadata=preview.survey.id,
    )


def standing_message(standing: Standing) -> Message:
    """Show the latest figure of each question, with what figures don't say."""
    title = _("{survey}: where it stands").format(survey=shown_name(standing.name))
    blocks: list[Block] = [header(title), context(_next(standing))]
    if not (standing.strains or standing.causes):
        blocks.append(section(_(NO_FIGURES)))
    blocks += sections([_line(each) for each in standing.strains])
    blocks += _listed(_("Causes, the lowest first"), standing.causes)
    if standing.causes:
        blocks.append(context(_(overview_wording.NOTE)))
    return Message(f"{escape(title)}.", [*blocks, context(*_limits()), section(_(MORE))])


def _facts(preview: SurveyPreview) -> list[str]:
    plan, k = preview.survey.plan, preview.min_group_size
    return [
        _("*Who is asked:* everyone, {people}").format(
            people=plural(preview.people, "person", "people")
        ),
        _(
            "*What they get:* every week one question about one of six causes of strain, in turn "
            "(demands, control, support, relationships, role, change); every fourth week also how "
            "burned out they feel. So at most two questions a week, in one message. The company "
            "pulse asks that much less: together they ask a person at most {most_questions} "
            "questions a week, or as many as you allow the company pulse alone."
        ).format(most_questions=MOST_TOGETHER),
        _(
            "*When:* every {weekday} at {time} in each person's own zone. The first wave "
            "{opens}. Each closes {days} days after the last person was asked"
        ).format(
            weekday=write_weekday(plan.starts_on.weekday()),
            time=f"{plan.ask_at:%H:%M}",
            opens=opening(preview),
            days=OPEN_HOURS // 24,
        ),
        _("*Good moments:* {how}").format(how=_(GOOD_MOMENTS)),
        _(
            "*Figures:* burnout as the share at {steps}, for groups of at least {least_for_shares} "
            "who answered; causes for groups of at least {least}. Teams only where they can be "
            "shown."
        ).format(
            steps=load_bank().get(BURNOUT).steps, least_for_shares=least_for_shares(k), least=k
        ),
        _(
            "*Comments:* there are none: people would write about their health. `/voice` is there "
            "for what they want to tell you, and `/pulse check-in` is for them alone."
        ),
        _("*Privacy:* anonymous. Nobody can see who answered what."),
    ]


def _limits() -> list[str]:
    bank = load_bank()
    return [_about(bank.instrument(each)) for each in (bank.get(BURNOUT).instrument, HSE)]


def _about(instrument: Instrument) -> str:
    return _("*{instrument}*. {limits} Source: {source}. {terms}").format(
        instrument=instrument.name,
        limits=_(instrument.limits),
        source=instrument.source,
        terms=_(instrument.terms),
    )


def _next(standing: Standing) -> str:
    if standing.status == "paused":
        return _("It is paused. `/pulse list` lets you resume it.")
    day = standing.next_on
    return (
        _("The next wave opens on {day}.").format(day=write_day(day, DayStyle.NO_YEAR))
        if day
        else _("It runs.")
    )


def _listed(title: str, found: Sequence[Dated]) -> list[Block]:
    return sections([_line(each) for each in found], f"*{title}*") if found else []


def _line(found: Dated) -> str:
    figure = found.figure
    line = (
        overview_wording.score_line(figure)
        if isinstance(figure, Score)
        else overview_wording.strain_line(figure)
    )
    return f"{line} · {write_day(found.held_on, DayStyle.NO_YEAR)}"
