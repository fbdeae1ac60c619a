"""Block Kit for "Who is missing?": why a group's figures are not shown alone.

What is said depends on invitations and published figures alone. Which rule hid a group of k or more
people would tell how many of them answered, so a sentence names every rule that can have.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.blockkit.blocks import (
    Block,
    Message,
    View,
    actions,
    button,
    context,
    modal,
    section,
    sections,
)
from bot.insights import wording
from bot.insights.missing.service import GROUPS_ON_A_PAGE, WaveGroups
from bot.insights.paging import page_buttons
from bot.insights.pure.group_standing import GroupStanding, Standing
from bot.languages import _, _n, marked, within_sentence, write_number
from bot.surveys.pure.names import shown_name

MISSING: Final = "insights:missing"
"""Prefix of the ids of buttons that open or turn the list."""
MISSING_VIEW: Final = "insights:missing_view"
NAMES_LISTED: Final = 5
OPEN: Final = (Standing.TOGETHER, Standing.WITHHELD)
"""Where several rules can have hidden a group."""

NO_FIGURES: Final = marked(
    "Too few people answered for any figure, so no group is shown. `/pulse results` says how many "
    "are needed."
)
NO_RESULTS: Final = marked(
    "No survey has results yet. Once one has closed, `/pulse results why` and a group's name says "
    "why that group isn't shown."
)
WHICH_GROUP: Final = marked("Please add a group's name, such as `/pulse results why Legal`.")
NOT_SAID: Final = marked("Which of these it is I can't say: that would tell how many answered.")


def missing_button(wave_id: str) -> Block:
    """Return the button that opens the list of a wave."""
    return button(_("Who is missing?"), MISSING, f"{wave_id}:0")


def missing_view(found: WaveGroups, page: int = 0) -> View:
    """Return the modal with a page of the groups that are not shown alone."""
    name = wording.short_text(shown_name(found.survey_name), wording.NAME_LIMIT)
    missing = found.missing
    pages = max(1, -(-len(missing) // GROUPS_ON_A_PAGE))
    page = min(max(page, 0), pages - 1)
    shown = missing[page * GROUPS_ON_A_PAGE : (page + 1) * GROUPS_ON_A_PAGE]
    if found.is_company_pulse:
        text = _of_company_pulse(found)
        return modal(_("Who is missing?"), [section(text)], callback_id=MISSING_VIEW)
    blocks = [context(f"*{name}* · {_rule(found.k)}")]
    if not found.has_figures:
        blocks.append(section(_(NO_FIGURES)))
    elif not shown:
        blocks.append(section(_("Nobody is missing: every group is shown.")))
    else:
        blocks += sections([_why(each, found.k) for each in shown])
        blocks.append(context(*_notes(shown, found.k)))
    turns = page_buttons(MISSING, found.wave_id, page, pages) if found.has_figures else []
    return modal(
        _("Who is missing?"),
        [*blocks, *([actions(turns)] if turns else [])],
        callback_id=MISSING_VIEW,
    )


def why_message(found: WaveGroups, groups: Sequence[GroupStanding], asked_for: str) -> Message:
    """Return why the groups of a name are shown or not; `asked_for` is what was typed."""
    survey = wording.short_text(shown_name(found.survey_name), wording.NAME_LIMIT)
    if found.is_company_pulse:
        text = _of_company_pulse(found)
        return Message(text, [section(text)])
    if not groups:
        typed = wording.short_text(asked_for, wording.LABEL_LIMIT)
        text = _(
            "Nobody of a group called *{group}* was asked in *{survey}*. “Who is "
            "missing?” in `/pulse results` lists the groups that aren't shown."
        ).format(group=typed, survey=survey)
        return Message(text, [section(text)])
    title = _("About *{survey}*:").format(survey=survey)
    if not found.has_figures:
        text = f"{title} {_(NO_FIGURES)}"
        return Message(text, [section(text)])
    blocks = sections([_why(each, found.k) for each in groups[:NAMES_LISTED]], title)
    if len(groups) > NAMES_LISTED:
        more = len(groups) - NAMES_LISTED
        blocks.append(
            context(
                _n(
                    "And {count} more groups of such a name.",
                    "And {count} more groups of such a name.",
                    more,
                )
            )
        )
    if any(each.standing is not Standing.ALONE for each in groups[:NAMES_LISTED]):
        blocks.append(context(_rule(found.k), *_notes(groups[:NAMES_LISTED], found.k)))
    return Message(_("Why a group is shown or not."), blocks)


def _of_company_pulse(found: WaveGroups) -> str:
    """Say when a team of the company pulse is shown; which one waits for what, nobody reads."""
    name = wording.short_text(shown_name(found.survey_name), wording.NAME_LIMIT)
    k = found.k
    return _(
        "*{survey}* shows a team's figure about a topic once at least {least} "
        "people have answered and more than {least} were asked. That may take "
        "some weeks. Teams of {least} people or fewer count together if they have "
        "more than {least}; otherwise nobody asks them."
    ).format(survey=name, least=k)


def _rule(k: int) -> str:
    return _(
        "A group of more than {least} people is shown from {least} answers on, so "
        "that nobody's answer can be worked out."
    ).format(least=k)


def _notes(groups: Iterable[GroupStanding], k: int) -> list[str]:
    """Say what helps, and why a sentence may leave open which rule hid a group."""
    way = _(
        "Once {least} of a group answer, it usually appears: more time to answer "
        "or a reminder helps. A group of {least} people or fewer never does."
    ).format(least=k)
    is_open = any(each.standing in OPEN for each in groups)
    return [_(NOT_SAID), way] if is_open else [way]


def _why(group: GroupStanding, k: int) -> str:
    """Say how one group stands, as a line of mrkdwn."""
    name = wording.short_text(group.name, wording.LABEL_LIMIT)
    within = wording.group_text(group.within or "")
    start = _("*{group}* ({team}, {invited} invited)").format(
        group=name,
        team=within_sentence(wording.dimension_text(group.dimension)),
        invited=write_number(group.invited),
    )
    if group.standing is Standing.ALONE:
        return _("{group} is shown.").format(group=start)
    if group.standing is Standing.TOGETHER:
        return _(
            "{group} is shown with others, as {groups_together}: too few of one of them "
            "answered, or showing them apart would give away a smaller group, or "
            "that everybody answered."
        ).format(group=start, groups_together=within)
    if group.standing is Standing.TOO_FEW_INVITED:
        text = (
            _("{group} is too small: {least} people or fewer. Its answers count in {other_group}.")
            if within
            else _(
                "{group} is too small: {least} people or fewer. Its answers count in the company's "
                "figures."
            )
        )
        return text.format(group=start, least=k, other_group=within)
    return _(
        "{group} is withheld: fewer than {least} answered, or its figure beside "
        "the others would give away a smaller group, or that everybody "
        "answered."
    ).format(group=start, least=k)
