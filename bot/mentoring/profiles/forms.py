"""Builds and reads the profile form, and a person's mentoring on the Home tab."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final

from bot.blockkit.blocks import (
    Block,
    View,
    actions,
    button,
    confirmation,
    field_input,
    modal,
    option,
    section,
    select,
    text_input,
)
from bot.blockkit.form_state import FormState
from bot.blockkit.text import local_time, mention, storable
from bot.errors import FieldErrors
from bot.languages import _, marked, plural, write_day, write_number, write_weekday
from bot.mentoring import wording
from bot.mentoring.profiles.pure.topics import curated, distinct, topics_in
from bot.mentoring.profiles.service import Profile, Standing

PROFILE: Final = "mentoring:profile"
"""Opens the form from a message or the Home tab."""
FORM: Final = "mentoring:form"
LEAVE: Final = "mentoring:leave"

WANTS: Final = "mentoring:wants"
OWN_WANTS: Final = "mentoring:own_wants"
HOPES: Final = "mentoring:hopes"
OFFERS: Final = "mentoring:offers"
OWN_OFFERS: Final = "mentoring:own_offers"
CAPACITY: Final = "mentoring:capacity"
YEARS: Final = "mentoring:years"
LANGUAGES: Final = "mentoring:languages"
DAYS: Final = "mentoring:days"
NEVER_WITH: Final = "mentoring:never_with"
PAUSED_UNTIL: Final = "mentoring:paused_until"
CHOICES: Final = "mentoring:choices"

FINDABLE: Final = "findable"
COFFEE: Final = "coffee"

MOST_TOPICS: Final = 10
HOPES_LENGTH: Final = 500
LONGEST_CAREER: Final = 60
TITLE: Final = marked("Mentoring")

INVITING: Final = marked(
    "Learn from a colleague, or help one along: name a topic, and I'll look for somebody who fits."
)
NOTHING_CHOSEN: Final = marked(
    "Please choose what you look for, what you offer further down, or the coffee at the end."
)
PAUSE_IS_OVER: Final = marked(
    "Please choose a day after today, or empty the field to end the pause."
)
TOO_MANY: Final = marked("Please keep it to {most} topics.")
TOPIC_TOO_LONG: Final = marked("Please keep each topic to {most} characters.")


def too_many() -> str:
    """Say how many topics fit."""
    return _(TOO_MANY).format(most=write_number(MOST_TOPICS))


def topic_too_long() -> str:
    """Say how long a topic may be."""
    return _(TOPIC_TOO_LONG).format(most=write_number(wording.TOPIC_LENGTH))


def profile_view(standing: Standing) -> View:
    """Build the form, prefilled with what is known."""
    profile = standing.profile
    blocks: list[Block] = [
        section(standing_text(standing)),
        *_topic_fields(_("I look for a mentor in"), WANTS, OWN_WANTS, profile.wants),
        field_input(
            _("What I hope for"),
            text_input(HOPES, max_length=HOPES_LENGTH, multiline=True, initial=profile.hopes),
            block_id=HOPES,
            hint=_("Your potential mentor will see this. One or two sentences are plenty."),
            optional=True,
        ),
        *_topic_fields(_("I can mentor in"), OFFERS, OWN_OFFERS, profile.offers),
        *_fact_fields(profile),
        *_wish_fields(profile, is_paused=standing.paused),
    ]
    if standing.joined:
        blocks.append(actions([_leave_button()]))
    return modal(_(TITLE), blocks, callback_id=FORM, submit=_("Save"), close=_("Cancel"))


def profile_in(view: Mapping[str, Any], today: date) -> Profile:
    """Read the form; raise FieldErrors for invalid fields. `today` is the person's own date."""
    state = FormState(view)
    wants = _topics(state, WANTS, OWN_WANTS)
    offers = _topics(state, OFFERS, OWN_OFFERS)
    choices = state.many(CHOICES)
    if not wants and not offers and COFFEE not in choices:
        raise FieldErrors({WANTS: _(NOTHING_CHOSEN)})
    paused_until = _paused_until(state.one(PAUSED_UNTIL), today)
    return Profile(
        offers=offers,
        wants=wants,
        hopes=storable(state.one(HOPES))[:HOPES_LENGTH],
        experience_years=_years(state.one(YEARS)),
        languages=state.many(LANGUAGES),
        capacity=int(state.one(CAPACITY) or 1),
        preferred_days=tuple(sorted(int(day) for day in state.many(DAYS))),
        never_with=state.people(NEVER_WITH),
        paused_until=paused_until,
        findable=FINDABLE in choices,
        coffee=COFFEE in choices,
    )


def saved_view(standing: Standing) -> View:
    """Show where a person stands after saving."""
    return modal(
        _(TITLE),
        [section(f"{_('Saved.')} {standing_text(standing)}")],
        callback_id=FORM,
    )


LEFT: Final = marked(
    "You have left mentoring, and what you had filled in is deleted. If you were in a pair, I'll "
    "tell the other person kindly. `/mentor` brings you back any time."
)
NOT_IN: Final = marked(
    "You aren't in mentoring, so there is nothing to leave. `/mentor` lets you join."
)


def left_view() -> View:
    """Show that a person has left."""
    return modal(_(TITLE), [section(_(LEFT))], callback_id=FORM)


def mentoring_home_blocks(standing: Standing) -> list[Block]:
    """Build a person's mentoring for their Home tab, with a button that opens the form."""
    if standing.joined and _is_off_the_list(standing):
        text, label = standing_text(standing, in_form=False), _("Look for a new mentor")
    elif standing.joined:
        text, label = standing_text(standing), _("Change what I look for or offer")
    else:
        text, label = _(INVITING), _("Find a mentor, or be one")
    return [section(f"*{_(TITLE)}*\n{text}"), actions([button(label, PROFILE)])]


def look_again() -> Block:
    """Offer a mentee to look for a new mentor after a match has ended."""
    return actions([button(_("Look for a new mentor"), PROFILE)])


def standing_text(standing: Standing, *, in_form: bool = True) -> str:
    """Say where a person stands and what happens next.

    A person whose match is over reads what to press: Save in the form, else the button below.
    """
    if not standing.joined:
        return _(
            "Learn from a colleague, or help one along. Choose a topic and press Save: that is "
            "all. Everything else makes the match better."
        )
    lines = []
    if standing.paused and standing.profile.paused_until:
        lines.append(
            _("You have paused until {day}.").format(day=write_day(standing.profile.paused_until))
        )
    if standing.mentor_id:
        lines.append(_("{mentor} is your mentor.").format(mentor=mention(standing.mentor_id)))
    if standing.mentee_ids:
        mentees = wording.joined([mention(one) for one in standing.mentee_ids])
        lines.append(_("You mentor {mentees}.").format(mentees=mentees))
    if standing.looking_since and not standing.paused:
        since = local_time(standing.looking_since, "{date}")
        lines.append(
            _("You're on the list from today.")
            if standing.new_on_list
            else _("You have been looking for a mentor since {day}.").format(day=since)
        )
        lines.append(
            _("I'll write to you when somebody is ready for you. Until then there's nothing to do.")
        )
    elif _is_off_the_list(standing):
        past = standing.past_mentor_id
        lines.append(
            _("Your time with {mentor} is over.").format(mentor=mention(past))
            if past
            else _("You're not on the waiting list.")
        )
        lines.append(
            _("Press Save to be on the list again.")
            if in_form
            else _("Press below to be on the list again.")
        )
    if standing.profile.offers and not standing.mentee_ids and not standing.paused:
        lines.append(_("I'll ask you first when somebody looks for what you offer."))
    if not lines and standing.profile.coffee:
        lines.append(
            _("You're in for coffee. I'll bring you together with somebody at the next round.")
        )
    return " ".join(lines) or _("You take part in mentoring.")


def _is_off_the_list(standing: Standing) -> bool:
    """Return True if the person wants a mentor, has none, and is not on the list."""
    wants = standing.joined and standing.profile.looks_for_mentor
    return wants and not standing.looking_since and not standing.mentor_id


def _topic_fields(label: str, field: str, own_field: str, chosen: Sequence[str]) -> list[Block]:
    groups = [
        (_(group), [option(_(topic.name), topic.name) for topic in topics])
        for group, topics in groupby(curated(), key=lambda topic: topic.group)
    ]
    listed = {choice["value"]: choice for _unused, choices in groups for choice in choices}
    element = select(
        "multi_static_select", field, placeholder=_("Choose topics"), option_groups=groups
    )
    element["max_selected_items"] = MOST_TOPICS
    if initial := [listed[topic] for topic in chosen if topic in listed]:
        element["initial_options"] = initial
    own = ", ".join(topic for topic in chosen if topic not in listed)
    return [
        field_input(label, element, block_id=field, optional=True),
        field_input(
            _("Other topics, separated by commas"),
            text_input(own_field, max_length=600, initial=own),
            block_id=own_field,
            optional=True,
        ),
    ]


def _fact_fields(profile: Profile) -> list[Block]:
    capacities = [option(_capacity(number), str(number)) for number in range(6)]
    languages = [option(_(name), code) for code, name in wording.LANGUAGE_NAMES.items()]
    speaks = select(
        "multi_static_select", LANGUAGES, placeholder=_("Choose languages"), options=languages
    )
    if initial := [each for each in languages if each["value"] in profile.languages]:
        speaks["initial_options"] = initial
    years: Block = {
        "type": "number_input",
        "action_id": YEARS,
        "is_decimal_allowed": False,
        "min_value": "0",
        "max_value": str(LONGEST_CAREER),
    }
    if profile.experience_years is not None:
        years["initial_value"] = str(min(profile.experience_years, LONGEST_CAREER))
    return [
        field_input(
            _("How many people I can mentor at once"),
            select(
                "static_select",
                CAPACITY,
                options=capacities,
                initial_option=capacities[profile.capacity],
            ),
            block_id=CAPACITY,
        ),
        field_input(_("Years of experience"), years, block_id=YEARS, optional=True),
        field_input(_("Languages I speak"), speaks, block_id=LANGUAGES, optional=True),
    ]


def _wish_fields(profile: Profile, *, is_paused: bool) -> list[Block]:
    days = [option(write_weekday(day), str(day)) for day in range(7)]
    meets = select("multi_static_select", DAYS, placeholder=_("Any working day"), options=days)
    if profile.preferred_days:
        meets["initial_options"] = [days[number] for number in profile.preferred_days]
    never = select("multi_users_select", NEVER_WITH, placeholder=_("Nobody"))
    if profile.never_with:
        never["initial_users"] = list(profile.never_with)
    until: Block = {"type": "datepicker", "action_id": PAUSED_UNTIL}
    if is_paused and profile.paused_until:
        until["initial_date"] = profile.paused_until.isoformat()
    choices = [
        option(_("Colleagues may find me"), FINDABLE, _("/mentor find lists what I can mentor in")),
        option(_("Coffee with somebody new"), COFFEE, _("Now and then, in pairs or threes")),
    ]
    agreed = [profile.findable, profile.coffee]
    agrees = select("checkboxes", CHOICES, options=choices)
    if initial := [choice for choice, yes in zip(choices, agreed, strict=True) if yes]:
        agrees["initial_options"] = initial
    return [
        field_input(_("Days on which I like to meet"), meets, block_id=DAYS, optional=True),
        field_input(
            _("Never pair me with"),
            never,
            block_id=NEVER_WITH,
            hint=_("Confidential: nobody sees this, neither they nor HR."),
            optional=True,
        ),
        field_input(
            _("Pause until"),
            until,
            block_id=PAUSED_UNTIL,
            hint=_("Until then I won't match you or send you check-ins."),
            optional=True,
        ),
        field_input(_("Also"), agrees, block_id=CHOICES, optional=True),
    ]


def _leave_button() -> Block:
    return button(
        _("Leave mentoring"),
        LEAVE,
        style="danger",
        confirm=confirmation(
            _("Leave mentoring?"),
            _(
                "What you have filled in is deleted. If you're in a pair, it ends, and I'll tell "
                "the other person kindly."
            ),
            yes=_("Leave"),
            no=_("Stay"),
        ),
    )


def _capacity(number: int) -> str:
    if number == 0:
        return _("Nobody for now")
    return plural(number, "person", "people")


def _topics(state: FormState, field: str, own_field: str) -> tuple[str, ...]:
    """Return the topics of the list and the free-text field, with unified spelling."""
    named = topics_in(storable(state.one(own_field)))
    if any(len(topic) > wording.TOPIC_LENGTH for topic in named):
        raise FieldErrors({own_field: topic_too_long()})
    topics = tuple(distinct((*state.many(field), *named)))
    if len(topics) > MOST_TOPICS:
        raise FieldErrors({field: too_many()})
    return topics


def _paused_until(text: str, today: date) -> date | None:
    """Return the first day after the pause; raise FieldErrors if it is not in the future."""
    if not text:
        return None
    until = date.fromisoformat(text)
    if until <= today:
        raise FieldErrors({PAUSED_UNTIL: _(PAUSE_IS_OVER)})
    return until


def _years(text: str) -> int | None:
    return int(text) if text.isdigit() and int(text) <= LONGEST_CAREER else None
