"""The preview of a survey: what creating it does, and its questions as people get them."""

from collections.abc import Sequence
from typing import Final

from bot.blockkit.blocks import Block, View, divider, modal, section
from bot.blockkit.text import escape, shorten
from bot.languages import _, marked, plural, write_list
from bot.outbox.sending_speed import sending_minutes
from bot.surveys.audience import AudienceKind
from bot.surveys.audience_words import audience_words
from bot.surveys.blocks import GOOD_MOMENTS, PREVIEW, duration, opening, when_words
from bot.surveys.drafts import SurveyPreview
from bot.surveys.pure.names import shown_name
from bot.surveys.pure.schedule import Cadence
from bot.surveys.survey_rows import SurveySummary
from bot.surveys.translations import missing_in
from bot.surveys.undecided_blocks import asked_again_blocks

GOES_ON: Final = marked(
    "It goes on for the present survey, whose results stay. Changes of figures are told from its "
    "second wave on."
)

QUESTION_SHOWN: Final = 60


def preview_view(preview: SurveyPreview, asked: Sequence[Block]) -> View:
    """Show the effect of creating the survey, and its questions as people get them (`asked`)."""
    survey = preview.survey
    one = len(preview.questions) == 1
    shown = (
        _("*The message that people get*") if one else _("*The messages that people get, in turn*")
    )
    blocks: list[Block] = [
        section(f"*{escape(shown_name(survey.name))}*"),
        section("\n".join(_facts(preview))),
        *_untranslated(preview),
        *asked_again_blocks(preview.undecided),
        divider(),
        section(shown),
        *asked,
    ]
    if survey.replaces:
        blocks.insert(2, section(_(GOES_ON)))
    return modal(
        _("Preview"),
        blocks,
        callback_id=PREVIEW,
        submit=_("Save changes") if survey.replaces else _("Create survey"),
        close=_("Back"),
        private_metadata=survey.id,
    )


def _untranslated(preview: SurveyPreview) -> list[Block]:
    """Say which of HR's own questions are not in which languages; nothing if none is missing."""
    missing = [
        _("• “{question}”: {languages}").format(
            question=escape(shorten(_(each.text), QUESTION_SHOWN)), languages=write_list(languages)
        )
        for each in preview.questions
        if each.bank_key is None and (languages := missing_in(each.text, each.translations))
    ]
    if not missing:
        return []
    seen = _("Whoever reads one of these languages sees the question as you wrote it.")
    lines = "\n".join(missing)
    return [section(f"{_('*Not translated*')}\n{lines}\n{seen}")]


def _facts(preview: SurveyPreview) -> list[str]:
    survey = preview.survey
    return [
        _who(preview),
        _("*When:* {when}").format(when=when_words(survey)),
        _("*First wave:* {opens}").format(opens=opening(preview)),
        _("*Closes:* {duration} after the last person was asked").format(
            duration=duration(survey.open_hours)
        ),
        _("*Sending:* {how_long}").format(how_long=_sending(preview.people)),
        _("*Good moments:* {moments}").format(moments=_(GOOD_MOMENTS)),
        _("*Privacy:* {privacy}").format(privacy=_privacy(preview)),
    ]


def _who(preview: SurveyPreview) -> str:
    text = _("*Who is asked:* {audience}, {people}")
    if _is_held(preview.survey):
        text = _(
            "*Who is asked:* {audience}, {people}; the same people are asked until the quarter ends"
        )
    return text.format(
        audience=audience_words(preview.survey.audience),
        people=plural(preview.people, "person", "people"),
    )


def _is_held(survey: SurveySummary) -> bool:
    """Return True for a repeating survey of chosen people: it asks the same ones for a quarter."""
    is_chosen = survey.audience.kind is not AudienceKind.EVERYONE
    return is_chosen and survey.anonymous and survey.plan.cadence is not Cadence.ONCE


def _sending(people: int) -> str:
    minutes = sending_minutes(people)
    if minutes <= 1:
        return _("takes about a minute")
    taken = plural(minutes, "minute") if minutes < 120 else plural(round(minutes / 60), "hour")
    return _("takes about {how_long}, because Slack limits how fast messages go out").format(
        how_long=taken
    )


def _privacy(preview: SurveyPreview) -> str:
    k = preview.min_group_size
    if preview.survey.anonymous:
        return _(
            "anonymous. Figures are shown only for groups of more than {k} people of whom at least "
            "{k} answered, and nobody can see who answered what."
        ).format(k=k)
    named = _("named. HR can see who answered what, and people are told so before they answer.")
    if preview.people > k:
        return named
    by_person = _("Figures need more than {k} people, so expect answers by person only.")
    return f"{named} {by_person.format(k=k)}"
