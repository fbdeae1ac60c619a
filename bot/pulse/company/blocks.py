"""The preview of the company pulse: what people will get, in numbers."""

from dataclasses import replace

from bot.blockkit.blocks import Block, View, divider, modal, section
from bot.blockkit.text import escape
from bot.languages import _, _n, plural, write_weekday
from bot.pulse.company.service import OPEN_HOURS, CompanyPreview
from bot.pulse.preview import as_asked
from bot.pulse.pure.sampling import WEEKS_BETWEEN_DRIVER, WEEKS_BETWEEN_QUESTION
from bot.surveys.blocks import GOOD_MOMENTS, PREVIEW, opening
from bot.surveys.pure.names import shown_name


def preview_view(found: CompanyPreview, asked_by: str, privacy_page: str | None) -> View:
    """Show the effect of starting the company pulse, and a message as people get it."""
    preview = found.preview
    # One question of each topic, as in a week.
    first = {question.driver: question for question in reversed(preview.questions)}
    shown = tuple(reversed(first.values()))[: found.questions_a_week]
    example = replace(preview, questions=shown, people=preview.people - found.left_out)
    blocks: list[Block] = [
        section(f"*{escape(shown_name(preview.survey.name))}*"),
        section("\n".join(_facts(found))),
        divider(),
        section(_("*Messages that people get, for example*")),
        *as_asked(example, asked_by, privacy_page),
    ]
    return modal(
        _("Preview"),
        blocks,
        callback_id=PREVIEW,
        submit=_("Start it"),
        close=_("Back"),
        private_metadata=preview.survey.id,
    )


def _facts(found: CompanyPreview) -> list[str]:
    preview, k = found.preview, found.preview.min_group_size
    return [
        _who(found),
        _(
            "*What each of them gets:* at most {questions} a week, and at most {in_a_quarter} in a "
            "quarter. About one topic at most every {weeks_of_topic} weeks, the same question at "
            "most every {weeks_of_question} weeks. Less for those who chose to hear from me less "
            "often."
        ).format(
            questions=plural(found.questions_a_week, "question"),
            in_a_quarter=found.most_in_a_quarter,
            weeks_of_topic=WEEKS_BETWEEN_DRIVER,
            weeks_of_question=WEEKS_BETWEEN_QUESTION,
        ),
        _("*About:* {topics}, {questions} of the bank").format(
            topics=plural(found.drivers, "topic"),
            questions=plural(len(preview.questions), "question"),
        ),
        _(
            "*When:* every {weekday}. The first wave {opens}. Each closes {days} days after the "
            "last person was asked"
        ).format(
            weekday=write_weekday(preview.survey.plan.starts_on.weekday()),
            opens=opening(preview),
            days=OPEN_HOURS // 24,
        ),
        _("*Good moments:* {moments}").format(moments=_(GOOD_MOMENTS)),
        _(
            "*Figures:* {groups}. A team's answers about a topic wait until at least {k} people "
            "have answered and more than {k} were asked. That may take some weeks. Answers that "
            "wait for half a year are deleted unread."
        ).format(groups=_groups(found), k=k),
        _("*Privacy:* anonymous, and without comments. Nobody can see who answered what."),
    ]


def _who(found: CompanyPreview) -> str:
    people = plural(found.preview.people - found.left_out, "person", "people")
    if not found.left_out:
        return _("*Who is asked:* {people}, some of them each week").format(people=people)
    return _n(
        "*Who is asked:* {people}, some of them each week. {count} person of small teams isn't "
        "asked: they are too few to stay anonymous",
        "*Who is asked:* {people}, some of them each week. {count} people of small teams aren't "
        "asked: they are too few to stay anonymous",
        found.left_out,
    ).format(people=people)


def _groups(found: CompanyPreview) -> str:
    alone = _n("{count} team by itself", "{count} teams by themselves", found.teams)
    if not found.in_small_teams:
        return alone
    return _n(
        "{teams}, and {count} person of small teams together",
        "{teams}, and {count} people of small teams together",
        found.in_small_teams,
    ).format(teams=alone)
