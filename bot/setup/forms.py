"""The forms of the first steps, and what is prepared: the first pulse and the announcement."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from bot.blockkit.blocks import View, field_input, modal, section, text_input
from bot.blockkit.form_state import FormState
from bot.blockkit.text import storable
from bot.errors import FieldErrors
from bot.languages import _, marked
from bot.people.blocks import hr_team_form
from bot.people.roles import HrTeam
from bot.setup.announcement import CHANNEL_FIELD, TEXT_FIELD
from bot.setup.service import EVERYONE
from bot.surveys import form_fields
from bot.surveys.audience import Audience, AudienceKind
from bot.surveys.filled_forms import form_of_template
from bot.surveys.form_elements import INVITE_FIRST, channel_choice, long_choice
from bot.surveys.forms import Form
from bot.surveys.pure.templates import load_templates

HR_FORM: Final = "setup:hr"
CHANNEL_FORM: Final = "setup:channel"
AUDIENCE_FORM: Final = "setup:audience"
ANNOUNCEMENT_FORM: Final = "setup:announcement"
HR_CHANNEL_FIELD: Final = "setup:hr_channel"

ANNOUNCEMENT_LENGTH: Final = 2500
INVITE_THERE: Final = marked("Write /invite @Attune there first, so that I may post.")
ONE_OF_TWO: Final = marked("Please choose a channel or a team, not both.")

FIRST_PULSE: Final = "weekly_pulse"
"""A key of the templates."""
ANNOUNCEMENT: Final = marked("""\
*We'd like to hear how work is going, little by little.* From now on Attune asks us here in Slack.

*What happens:* Attune writes to you directly, a question or two at a time, in your working hours. \
One press answers it.

*It's private:* we see results of groups of {k} people or more, never who answered what. If a \
question is not anonymous, it says so. `/pulse privacy` tells how answers are kept.

*It's your choice:* skip any question. `/pulse preferences` pauses Attune, or says when and how \
often it may write.

*What comes of it:* we'll tell you what we heard, and what we do about it.""")


def hr_form(team: HrTeam) -> View:
    """Build the form that chooses who is HR."""
    return {**hr_team_form(team, with_switch=False), "callback_id": HR_FORM}


def channel_form(chosen: str | None) -> View:
    """Build the form that chooses HR's channel."""
    return modal(
        _("HR's channel"),
        [
            section(
                _(
                    "The channel gets the digest each Monday at 09:00 in your time, and hears at "
                    "once when something stands out. Everyone in it reads that, with names of "
                    "teams: a private channel of HR is a good choice. `/digest` changes it later."
                )
            ),
            channel_choice(
                _("Channel"), HR_CHANNEL_FIELD, chosen, hint=_(INVITE_THERE), optional=False
            ),
        ],
        callback_id=CHANNEL_FORM,
        submit=_("Save"),
        close=_("Cancel"),
    )


def audience_form(chosen: Audience | None, teams: Sequence[str]) -> View:
    """Build the form that chooses whom the first survey asks."""
    audience = chosen or EVERYONE
    channel = audience.ref if audience.kind is AudienceKind.CHANNEL else None
    team = audience.ref if audience.kind is AudienceKind.TEAM else None
    fields = [
        channel_choice(
            _("The members of a channel"), form_fields.CHANNEL, channel, hint=_(INVITE_FIRST)
        )
    ]
    if teams:
        named = [(each, each) for each in teams]
        hint = _("Instead of a channel.")
        fields.append(
            long_choice(_("Team"), form_fields.TEAM, named, team or "", hint=hint, dispatch=False)
        )
    return modal(
        _("Who takes part"),
        [
            section(
                _(
                    "Start with one channel or team, and ask more people once it works. Leave all "
                    "empty to start with everyone. Nobody is asked before you create a survey."
                )
            ),
            *fields,
        ],
        callback_id=AUDIENCE_FORM,
        submit=_("Save"),
        close=_("Cancel"),
    )


def audience_in(view: Mapping[str, Any]) -> Audience:
    """Read the chosen audience. Raises FieldErrors for a channel and a team together."""
    state = FormState(view)
    channel, team = state.one(form_fields.CHANNEL), state.one(form_fields.TEAM)
    if channel and team:
        raise FieldErrors({form_fields.TEAM: _(ONE_OF_TWO)})
    if channel:
        return Audience(AudienceKind.CHANNEL, channel)
    return Audience(AudienceKind.TEAM, team) if team else EVERYONE


def announcement_form(form_id: str, k: int) -> View:
    """Build the form in which HR edits the announcement; `form_id` makes it post once."""
    text = text_input(
        TEXT_FIELD,
        multiline=True,
        max_length=ANNOUNCEMENT_LENGTH,
        initial=_(ANNOUNCEMENT).format(k=k),
    )
    return modal(
        _("Tell the company"),
        [
            channel_choice(
                _("Where"),
                CHANNEL_FIELD,
                None,
                hint=_(
                    "Everyone in it reads this. Write /invite @Attune there first, so that I may "
                    "post."
                ),
                optional=False,
            ),
            field_input(
                _("Announcement"),
                text,
                block_id=TEXT_FIELD,
                hint=_("Attune posts it once, with your name beneath. *Stars* make words bold."),
            ),
        ],
        callback_id=ANNOUNCEMENT_FORM,
        submit=_("Post"),
        close=_("Cancel"),
        private_metadata=form_id,
    )


def announcement_in(view: Mapping[str, Any]) -> tuple[str, str]:
    """Read the channel and the text."""
    state = FormState(view)
    return state.one(CHANNEL_FIELD), storable(state.one(TEXT_FIELD))


def first_pulse(audience: Audience | None) -> Form:
    """Return the survey form filled in with a weekly pulse of this audience."""
    asked = audience or EVERYONE
    weekly = form_of_template(load_templates()[FIRST_PULSE])
    return replace(weekly, audience=asked.kind.value, audience_ref=asked.ref or "")
