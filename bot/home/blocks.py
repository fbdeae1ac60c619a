"""Block Kit for the Home tab."""

from collections.abc import Sequence
from typing import Final

from bot.blockers import forms as blockers
from bot.blockkit.blocks import (
    Block,
    Message,
    View,
    actions,
    button,
    context,
    divider,
    header,
    modal,
    section,
    sections,
)
from bot.blockkit.text import local_time
from bot.digest.wording import notes, survey_lines
from bot.goals import forms as goals
from bot.home.service import Home, HrSection, WaitingSurvey
from bot.insights import wording
from bot.insights.news import SurveyNews
from bot.insights.running_wording import running_line
from bot.journeys import blocks as journeys
from bot.journeys.blocks import path_home_blocks
from bot.journeys.wellbeing import forms as wellbeing
from bot.knowledge import blocks as knowledge
from bot.languages import _, marked
from bot.learning import forms as learning
from bot.mentoring.profiles import forms
from bot.people.blocks import CHANGE_HR_TEAM
from bot.preferences import forms as preferences
from bot.products.board import blocks as board
from bot.products.decisions.blocks import came_of_it_blocks, late_blocks
from bot.pulse.blocks import PRIVACY, PRIVACY_TITLE
from bot.rights.blocks import privacy_home_blocks
from bot.surveys import blocks as surveys
from bot.surveys.pure.names import shown_name
from bot.voice import forms as voice
from bot.voice.inbox_blocks import inbox_button

ATTUNE_VIEW: Final = "home:attune"
LINES_SHOWN: Final = 10
PRIVACY_POINTS_SHOWN: Final = 3

ABOUT_ATTUNE: Final = marked(
    "Attune asks a short question now and then, in a direct message, at a good moment of your "
    "day. You answer with one press, and HR sees how groups of people feel. A survey that is not "
    "anonymous says so beneath each question."
)
HELLO: Final = marked(
    "I don't keep what you write here. To answer a question, press a button beneath it. And:"
)
USEFUL: Final = (
    marked("`/pulse privacy` shows how your answers are kept"),
    marked("`/mentor` finds you a mentor, or somebody to mentor"),
    marked("`/voice` writes to HR, with your name or anonymously"),
    marked("`/goal` keeps up to three goals of your own"),
    marked("`/learn` books time to learn"),
    marked("`/pulse help` lists all that I can do for you"),
)
ANALYST_HINTS: Final = (marked("`/digest now` shows what the weekly digest would say"),)
ADMIN_HINTS: Final = (
    marked("`/digest here weekly monday 09:00`, in a channel, posts the digest there"),
)


def home_view(home: Home) -> View:
    """Return one person's Home tab."""
    blocks = [
        header("Attune"),
        section(_(ABOUT_ATTUNE)),
        *_waiting(home),
        *path_home_blocks(home.path),
        *([divider(), *mine] if (mine := _mine(home)) else []),
        divider(),
        *_asking(home),
        *came_of_it_blocks(home.came_of_it),
        *(_for_hr(home.hr) if home.hr else []),
        divider(),
        *(preferences.home_blocks(home.preferences) if home.preferences else []),
        *_privacy(home.k),
        *privacy_home_blocks(),
    ]
    return {"type": "home", "blocks": blocks}


def attune_view(home: Home, commands: Sequence[str]) -> View:
    """Return one person's Home tab as a modal, with the commands that they can use, one a line."""
    blocks = [*home_view(home)["blocks"], divider(), *sections(commands, _("*What you can type*"))]
    return modal("Attune", blocks, callback_id=ATTUNE_VIEW)


def hello_message() -> Message:
    """Return the reply to a message that somebody wrote to Attune."""
    return Message(_(HELLO), sections([f"• {_(line)}" for line in USEFUL], _(HELLO)))


def _waiting(home: Home) -> list[Block]:
    """Show what waits for the person: surveys, and colleagues who ask for help or an answer."""
    from_colleagues = [
        *(blockers.waiting_blocks(home.blocker_standing) if home.blocker_standing else []),
        *(knowledge.waiting_blocks(home.questions) if home.questions else []),
    ]
    if home.waiting:
        return [*_surveys(home.waiting), *from_colleagues]
    if from_colleagues:
        return [section(_("*Waiting for you*")), *from_colleagues]
    return [section(_("*Waiting for you*\nNothing just now."))]


def _mine(home: Home) -> list[Block]:
    """Show a person's goals, mentoring and time to learn; nothing for guests."""
    return [
        *(goals.home_blocks(home.goals) if home.goals else []),
        *(forms.mentoring_home_blocks(home.mentoring) if home.mentoring else []),
        *(learning.home_blocks(home.learning, home.explored) if home.learning else []),
    ]


def _asking(home: Home) -> list[Block]:
    """Show whom a person can ask: colleagues, HR and, for themselves, the self-check."""
    return [
        *(blockers.home_blocks(home.blocker_standing) if home.blocker_standing else []),
        *(knowledge.home_blocks(home.questions) if home.questions else []),
        *(voice.home_blocks() if home.preferences else []),
        *wellbeing.home_blocks(),
    ]


def _surveys(waiting: tuple[WaitingSurvey, ...]) -> list[Block]:
    lines = [_waiting_line(each) for each in waiting[:LINES_SHOWN]]
    if len(waiting) > LINES_SHOWN:
        lines.append(_("And {more} more.").format(more=len(waiting) - LINES_SHOWN))
    where = _("The question is in our messages: the Messages tab, above.")
    if len(waiting) > 1:
        where = _("The questions are in our messages: the Messages tab, above.")
    return [*sections(lines, _("*Waiting for you*")), context(where)]


def _waiting_line(waiting: WaitingSurvey) -> str:
    name = wording.short_text(shown_name(waiting.survey_name), wording.NAME_LIMIT)
    closes_at = local_time(waiting.closes_at)
    if waiting.anonymous:
        return _("• *{name}*, open until {closes_at}").format(name=name, closes_at=closes_at)
    return _(
        "• *{name}* (not anonymous: HR sees your name with your answers), open until {closes_at}"
    ).format(name=name, closes_at=closes_at)


def _for_hr(hr: HrSection) -> list[Block]:
    running = [running_line(each) for each in hr.running[:LINES_SHOWN]]
    if len(hr.running) > LINES_SHOWN:
        running.append(_("And {more} more.").format(more=len(hr.running) - LINES_SHOWN))
    hints = (*ANALYST_HINTS, *ADMIN_HINTS) if hr.is_admin else ANALYST_HINTS
    return [
        divider(),
        header(_("For HR")),
        *sections(running or [_("No survey is open.")], _("*Open now*")),
        *late_blocks(hr.late),
        *_latest(hr.latest),
        section(_("*What you can do*")),
        actions(_hr_buttons(is_admin=hr.is_admin)),
        *sections([f"• {_(hint)}" for hint in hints]),
    ]


def _hr_buttons(*, is_admin: bool) -> list[Block]:
    of_analysts = [button(_("Results"), surveys.RESULTS), button(_("To improve"), board.BOARD)]
    if not is_admin:
        return of_analysts
    return [
        button(_("New survey"), surveys.NEW, style="primary"),
        button(_("Surveys"), surveys.LIST),
        *of_analysts,
        inbox_button(),
        button(_("Journeys"), journeys.OPEN),
        button(_("Who is HR"), CHANGE_HR_TEAM),
    ]


def _latest(news: SurveyNews | None) -> list[Block]:
    if news is None:
        return [section(_("*Latest figures*\nThere are none yet: they come when a survey closes."))]
    lines = survey_lines(news, _("in the latest round"))
    return [*sections(lines, _("*Latest figures*")), context(*notes(news.wave))]


def _privacy(k: int) -> list[Block]:
    points = [_(point).format(k=k) for point in PRIVACY[:PRIVACY_POINTS_SHOWN]]
    return [
        *sections(points, f"*{_(PRIVACY_TITLE)}*"),
        context(_("Learn more: `/pulse privacy`.")),
    ]
