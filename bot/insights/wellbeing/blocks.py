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
from bot.blockkit.text import escape, plural
from bot.insights import overview_wording
from bot.insights.pure.resolution import least_for_shares
from bot.insights.wave_results import Score
from bot.insights.wellbeing.service import OPEN_HOURS, Dated, Standing
from bot.pulse.preview import as_asked
from bot.surveys.blocks import GOOD_MOMENTS, PREVIEW, opening
from bot.surveys.drafts import SurveyPreview
from bot.surveys.pure.bank import Instrument, load_bank
from bot.surveys.pure.wellbeing import BURNOUT, CAUSES, MOST_TOGETHER, positions_on
from bot.surveys.undecided_blocks import asked_again_blocks

HSE: Final = "hse_management_standards"
CAUSES_SHOWN: Final = ", ".join(CAUSES)
COMMENTS_OFF: Final = (
    "there are none: people would write about their health. `/voice` is there for what they want "
    "to tell you, and `/pulse check-in` is for them alone."
)
NO_FIGURES: Final = "There are no figures yet. The first ones come when its first wave has closed."
MORE: Final = (
    "`/pulse results` has each round with its teams and trends, `/pulse list` lets you pause or "
    "end the survey."
)


def preview_view(preview: SurveyPreview, asked_by: str, privacy_page: str | None) -> View:
    """Show what starting the survey does, and the messages of its first week."""
    plan = preview.survey.plan
    first = tuple(preview.questions[each] for each in positions_on(plan.starts_on, plan.starts_on))
    example = replace(preview, questions=first)
    blocks: list[Block] = [
        section(f"*{escape(preview.survey.name)}*"),
        section("\n".join(_facts(preview))),
        context(*_limits()),
        *asked_again_blocks(preview.undecided),
        divider(),
        section("*The messages of the first week, in turn*"),
        *as_asked(example, asked_by, privacy_page),
    ]
    return modal(
        "Preview",
        blocks,
        callback_id=PREVIEW,
        submit="Start it",
        close="Cancel",
        private_metadata=preview.survey.id,
    )


def standing_message(standing: Standing) -> Message:
    """Show the latest figure of each question, with what figures don't say."""
    title = f"{standing.name}: where it stands"
    blocks: list[Block] = [header(title), context(_next(standing))]
    if not (standing.strains or standing.causes):
        blocks.append(section(NO_FIGURES))
    blocks += sections([_line(each) for each in standing.strains])
    blocks += _listed("Causes, the lowest first", standing.causes)
    if standing.causes:
        blocks.append(context(overview_wording.NOTE))
    return Message(f"{escape(title)}.", [*blocks, context(*_limits()), section(MORE)])


def _facts(preview: SurveyPreview) -> list[str]:
    plan, k = preview.survey.plan, preview.min_group_size
    facts = {
        "Who is asked": f"everyone, {plural(preview.people, 'person', 'people')}",
        "What they get": (
            "every week one question about one of six causes of strain, in turn "
            f"({CAUSES_SHOWN}); every fourth week also how burned out they feel. So at most two "
            "questions a week, in one message. The company pulse asks that much less: together "
            f"they ask a person at most {MOST_TOGETHER} questions a week, or as many as you allow "
            "the company pulse alone."
        ),
        "When": (
            f"every {plan.starts_on:%A} at {plan.ask_at:%H:%M} in each person's own zone. The "
            f"first wave {opening(preview)}. Each closes {OPEN_HOURS // 24} days after the last "
            "person was asked"
        ),
        "Good moments": GOOD_MOMENTS,
        "Figures": (
            f"burnout as the share at {load_bank().get(BURNOUT).steps}, for groups of at least "
            f"{least_for_shares(k)} who answered; causes for groups of at least {k}. Teams only "
            "where they can be shown."
        ),
        "Comments": COMMENTS_OFF,
        "Privacy": "anonymous. Nobody can see who answered what.",
    }
    return [f"*{name}:* {fact}" for name, fact in facts.items()]


def _limits() -> list[str]:
    bank = load_bank()
    return [_about(bank.instrument(each)) for each in (bank.get(BURNOUT).instrument, HSE)]


def _about(instrument: Instrument) -> str:
    return (
        f"*{instrument.name}*. {instrument.limits} Source: {instrument.source}. {instrument.terms}"
    )


def _next(standing: Standing) -> str:
    if standing.status == "paused":
        return "It is paused. `/pulse list` lets you resume it."
    day = standing.next_on
    return f"The next wave opens on {day.day} {day:%B}." if day else "It runs."


def _listed(title: str, found: Sequence[Dated]) -> list[Block]:
    return sections([_line(each) for each in found], f"*{title}*") if found else []


def _line(found: Dated) -> str:
    figure = found.figure
    line = (
        overview_wording.score_line(figure)
        if isinstance(figure, Score)
        else overview_wording.strain_line(figure)
    )
    return f"{line} · {found.held_on.day} {found.held_on:%B}"
