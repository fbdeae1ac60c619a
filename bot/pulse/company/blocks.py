"""The preview of the company pulse: what people will get, in numbers."""

from dataclasses import replace

from bot.blockkit.blocks import Block, View, divider, modal, section
from bot.blockkit.text import escape, plural
from bot.pulse.company.service import OPEN_HOURS, CompanyPreview
from bot.pulse.preview import as_asked
from bot.pulse.pure.sampling import WEEKS_BETWEEN_DRIVER, WEEKS_BETWEEN_QUESTION
from bot.surveys.blocks import GOOD_MOMENTS, PREVIEW, opening


def preview_view(found: CompanyPreview, asked_by: str, privacy_page: str | None) -> View:
    """Show the effect of starting the company pulse, and a message as people get it."""
    preview = found.preview
    # One question of each topic, as in a week.
    first = {question.driver: question for question in reversed(preview.questions)}
    shown = tuple(reversed(first.values()))[: found.questions_a_week]
    example = replace(preview, questions=shown, people=preview.people - found.left_out)
    blocks: list[Block] = [
        section(f"*{escape(preview.survey.name)}*"),
        section("\n".join(_facts(found))),
        divider(),
        section("*Messages that people get, for example*"),
        *as_asked(example, asked_by, privacy_page),
    ]
    return modal(
        "Preview",
        blocks,
        callback_id=PREVIEW,
        submit="Start it",
        close="Back",
        private_metadata=preview.survey.id,
    )


def _facts(found: CompanyPreview) -> list[str]:
    preview, k = found.preview, found.preview.min_group_size
    people = plural(preview.people - found.left_out, "person", "people")
    facts = {
        "Who is asked": f"{people}, some of them each week{_left_out(found)}",
        "What each of them gets": (
            f"at most {plural(found.questions_a_week, 'question')} a week, and at most "
            f"{found.most_in_a_quarter} in a quarter. About one topic at most every "
            f"{WEEKS_BETWEEN_DRIVER} weeks, the same question at most every "
            f"{WEEKS_BETWEEN_QUESTION} weeks. Less for those who chose to hear from me less often."
        ),
        "About": (
            f"{plural(found.drivers, 'topic')}, "
            f"{plural(len(preview.questions), 'question')} of the bank"
        ),
        "When": (
            f"every {preview.survey.plan.starts_on:%A}. The first wave {opening(preview)}. Each "
            f"closes {OPEN_HOURS // 24} days after the last person was asked"
        ),
        "Good moments": GOOD_MOMENTS,
        "Figures": (
            f"{_groups(found)}. A team's answers about a topic wait until at least {k} people have "
            f"answered and more than {k} were asked. That may take some weeks. Answers that wait "
            "for half a year are deleted unread."
        ),
        "Privacy": "anonymous, and without comments. Nobody can see who answered what.",
    }
    return [f"*{name}:* {fact}" for name, fact in facts.items()]


def _groups(found: CompanyPreview) -> str:
    alone = f"{plural(found.teams, 'team')} by {'itself' if found.teams == 1 else 'themselves'}"
    if not found.in_small_teams:
        return alone
    people = plural(found.in_small_teams, "person", "people")
    return f"{alone}, and {people} of small teams together"


def _left_out(found: CompanyPreview) -> str:
    if not found.left_out:
        return ""
    people = plural(found.left_out, "person", "people")
    verb = "isn't" if found.left_out == 1 else "aren't"
    return f". {people} of small teams {verb} asked: they are too few to stay anonymous"
