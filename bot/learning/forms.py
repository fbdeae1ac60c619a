"""The forms of learning time, and what the Home tab shows of it."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from bot.attention.pure.zones import zone_of
from bot.blockkit.blocks import (
    Block,
    View,
    actions,
    button,
    confirmation,
    context,
    divider,
    field_input,
    modal,
    option,
    section,
    sections,
    select,
    text_input,
    verbatim,
)
from bot.blockkit.form_state import FormState
from bot.blockkit.text import escape, mention, storable
from bot.errors import OutdatedError
from bot.insights.month_blocks import MonthPart, month_view
from bot.insights.tallies import MonthResults
from bot.insights.wording import number_text, percent
from bot.languages import DayStyle, _, _n, _p, marked, write_day, write_number
from bot.learning.blocks import GOT_LABELS, OPEN, when
from bot.learning.months import (
    BUDGET_FIELD,
    BUDGET_LENGTH,
    HOURS_FIELD,
    Got,
    TakenBy,
)
from bot.learning.notes import (
    CHANNEL,
    CHANNEL_FIELD,
    NOBODY,
    NOTE_FIELD,
    NOTE_LENGTH,
    SHOWN_FIELD,
    TOPIC,
    TOPIC_FIELD,
    TOPIC_LENGTH,
    Note,
    SharedNote,
)
from bot.learning.slots import LENGTHS, SlotView, Standing

VIEW: Final = "learning:view"
BOOK: Final = "learning:book"
"""Prefix of the ids of the buttons that book so many minutes, such as `learning:book:60`."""
MOVE: Final = "learning:move"
CANCEL: Final = "learning:cancel"
TAKE_BACK: Final = "learning:take_back"
NOTE_FORM: Final = "learning:note_form"
TAKEN: Final = "learning:taken"
"""Prefix of the six buttons' ids, such as `learning:taken:meetings`."""
POLICY: Final = "learning:policy"
POLICY_FORM: Final = "learning:policy_form"

TITLE: Final = marked("Learning time")
BOOK_LABELS: Final = {
    30: marked("Book 30 minutes"),
    60: marked("Book 1 hour"),
    120: marked("Book 2 hours"),
}
SHOWN_LABELS: Final = {
    NOBODY: marked("Only me"),
    TOPIC: marked("People of a topic"),
    CHANNEL: marked("A public channel"),
}
TAKEN_LABELS: Final[Mapping[TakenBy, str]] = {
    TakenBy.URGENT: marked("Urgent work"),
    TakenBy.MEETINGS: marked("Meetings"),
    TakenBy.TOO_FEW: marked("Too few people for the work"),
    TakenBy.NO_PLAN: marked("I had no plan for it"),
    TakenBy.NOT_WELCOME: marked("It felt unwelcome"),
    TakenBy.OTHER: marked("Something else"),
}
_GOT_WORDS: Final = {Got.ALL: marked("{share} got all of it"), Got.NONE: marked("{share} got none")}
_SEEN: Final = {
    NOBODY: marked("• {line} (only you see it)"),
    TOPIC: marked("• {line} (for people of {topic})"),
    CHANNEL: marked("• {line} (in <#{channel}>)"),
}
"""A line and who sees it."""
HOME_SLOTS: Final = 3
INVITING: Final = marked("Book some time to explore what you like, within your working hours.")
NO_FORM_TAKEN: Final = marked("Thanks, saved.")


def learning_view(standing: Standing, said: str = "") -> View:
    """Show a person their slots, each to be moved with one press, and their notes."""
    blocks: list[Block] = [section(said)] if said else []
    blocks += [section("\n".join(_policy_lines(standing)))]
    blocks += [block for slot in standing.ahead for block in _slot(slot, standing.zone)]
    buttons = [button(_(BOOK_LABELS[each]), f"{BOOK}:{each}", str(each)) for each in LENGTHS]
    blocks += [
        actions(buttons),
        context(_("I take the next free time in your working hours. You can move it.")),
    ]
    if standing.notes:
        blocks += [divider(), section(_("*What you explored*"))]
        blocks += [_noted(slot) for slot in standing.notes]
    if standing.may_state:
        text = _("Only HR admins see this: you state how much time people get.")
        blocks += [divider(), section(text, button(_p("button", "Change"), POLICY))]
    return modal(_(TITLE), blocks, callback_id=VIEW)


def _policy_lines(standing: Standing) -> list[str]:
    booked = _hours(standing.booked)
    if standing.hours is None:
        return [_(INVITING), _("Booked this month: {booked}.").format(booked=booked)]
    lines = [
        _n(
            "Your company gives {count} hour a month. You booked {booked}.",
            "Your company gives {count} hours a month. You booked {booked}.",
            standing.hours,
        ).format(booked=booked)
    ]
    return [*lines, escape(standing.budget)] if standing.budget else lines


def _hours(booked: timedelta) -> str:
    hours = booked / timedelta(hours=1)
    return _("{hours} h").format(hours=write_number(hours, 0 if hours.is_integer() else 1))


def _slot(slot: SlotView, zone: str) -> list[Block]:
    options = [option(_in_zone(time, zone), time.isoformat()) for time in slot.free]
    elements = [button(_("Cancel it"), CANCEL, slot.id)]
    if options:
        move = select("static_select", MOVE, placeholder=_("Move it to"), options=options)
        elements.insert(0, move)
    return [section(f"*{when(slot)}*"), actions(elements, slot.id)]


def _in_zone(moment: datetime, zone: str) -> str:
    local = moment.astimezone(zone_of(zone))
    return f"{write_day(local, DayStyle.SHORT_WEEKDAY)}, {local:%H:%M}"


def moved_to(action: Mapping[str, Any]) -> tuple[str, datetime]:
    """Return the slot and the chosen time; raise OutdatedError for anything else."""
    try:
        to = datetime.fromisoformat(str(action["selected_option"]["value"]))
    except (KeyError, TypeError, ValueError):
        raise OutdatedError from None
    if to.tzinfo is None:
        raise OutdatedError
    return str(action["block_id"]), to.astimezone(UTC)


def _noted(slot: SlotView) -> Block:
    line = _(_SEEN[slot.shown_to]).format(
        line=escape(slot.note or ""), topic=escape(slot.topic or ""), channel=slot.channel
    )
    taken = button(_("Take back"), TAKE_BACK, slot.id) if slot.shown_to != NOBODY else None
    return section(line, taken or _delete(slot))


def _delete(slot: SlotView) -> Block:
    sure = confirmation(
        _("Delete this line?"),
        _("It goes together with the slot."),
        yes=_("Delete it"),
        no=_("Keep it"),
    )
    return button(_("Delete"), CANCEL, slot.id, confirm=sure)


def note_form(slot_id: str, note: Note | None = None, masked: str | None = None) -> View:
    """Return the form for a line; `masked` shows how others will read it, before it is shared."""
    written = note or Note("")
    blocks: list[Block] = []
    if masked is not None:
        hidden = (
            _("I hide what is in [brackets].")
            if masked != written.text
            else _("Nothing is hidden.")
        )
        blocks = [
            section(_("*This is how colleagues will read it:*")),
            verbatim(masked),
            context(f"{hidden} {_('Nothing is saved yet: share it, or change it here.')}"),
        ]
    options = [option(_(label), value) for value, label in SHOWN_LABELS.items()]
    channel: dict[str, Any] = {"initial_conversation": written.channel} if written.channel else {}
    chosen = options[list(SHOWN_LABELS).index(written.shown_to)]
    blocks += [
        field_input(
            _("What did you explore?"),
            text_input(NOTE_FIELD, max_length=NOTE_LENGTH, initial=written.text),
            block_id=NOTE_FIELD,
        ),
        field_input(
            _("Who may see it?"),
            select("radio_buttons", SHOWN_FIELD, options=options, initial_option=chosen),
            block_id=SHOWN_FIELD,
        ),
        field_input(
            _("Which topic?"),
            text_input(TOPIC_FIELD, max_length=TOPIC_LENGTH, initial=written.topic),
            block_id=TOPIC_FIELD,
            hint=_("Whoever has it in `/mentor` sees the line on Home this month."),
            optional=True,
        ),
        field_input(
            _("Which channel?"),
            select(
                "conversations_select",
                CHANNEL_FIELD,
                filter={"include": ["public"], "exclude_external_shared_channels": True},
                **channel,
            ),
            block_id=CHANNEL_FIELD,
            optional=True,
        ),
    ]
    return modal(
        _(TITLE),
        blocks,
        callback_id=NOTE_FORM,
        submit=_("Save") if masked is None else _("Share"),
        close=_("Cancel"),
        private_metadata=json.dumps([slot_id, _fingerprint(note) if note else ""]),
    )


def note_in(view: Mapping[str, Any]) -> tuple[str, Note, bool]:
    """Read slot, line, and whether its author has seen how exactly this will be read."""
    state = FormState(view)
    note = Note(
        storable(state.one(NOTE_FIELD)),
        state.one(SHOWN_FIELD) or NOBODY,
        storable(state.one(TOPIC_FIELD)) or None,
        state.one(CHANNEL_FIELD) or None,
    )
    slot_id, shown = json.loads(str(view["private_metadata"]))
    return str(slot_id), note, shown == _fingerprint(note)


def _fingerprint(note: Note) -> str:
    return sha256(repr(note).encode()).hexdigest()[:32]


def noted_view() -> View:
    """Say that a line is saved."""
    return modal(
        _(TITLE), [section(_("Saved. `/learn` shows it, and takes it back."))], callback_id=VIEW
    )


def taken_view(month: date) -> View:
    """Ask what took the time; one press is enough."""
    buttons = [
        button(_(label), f"{TAKEN}:{taken}", month.isoformat())
        for taken, label in TAKEN_LABELS.items()
    ]
    return modal(
        _(TITLE),
        [
            section(_("Thanks, saved. *What took the time?*")),
            actions(buttons),
            context(_("HR sees shares of groups, never your answer.")),
        ],
        callback_id=VIEW,
    )


def taken_in(action: Mapping[str, Any]) -> TakenBy:
    """Return what took the time; raise OutdatedError for an unknown button."""
    try:
        return TakenBy(str(action["action_id"]).removeprefix(f"{TAKEN}:"))
    except ValueError:
        raise OutdatedError from None


def thanks_view() -> View:
    """Thank for the second answer."""
    return modal(_(TITLE), [section(_("Thanks. That helps to change it."))], callback_id=VIEW)


def policy_form(standing: Standing) -> View:
    """Return the form in which HR states how much time people get."""
    hours = str(standing.hours) if standing.hours else None
    return modal(
        _("Time to learn"),
        [
            field_input(
                _("Hours a month"),
                text_input(HOURS_FIELD, max_length=2, initial=hours),
                block_id=HOURS_FIELD,
                hint=_(
                    "Near a month's end everybody is asked whether they got them. Empty: nobody."
                ),
                optional=True,
            ),
            field_input(
                _("Budget, and where to apply"),
                text_input(
                    BUDGET_FIELD,
                    max_length=BUDGET_LENGTH,
                    multiline=True,
                    initial=standing.budget,
                ),
                block_id=BUDGET_FIELD,
                optional=True,
            ),
        ],
        callback_id=POLICY_FORM,
        submit=_("Save"),
        close=_("Cancel"),
    )


def policy_in(view: Mapping[str, Any]) -> tuple[str, str]:
    """Read the hours, as typed, and the budget."""
    state = FormState(view)
    return storable(state.one(HOURS_FIELD)), storable(state.one(BUDGET_FIELD))


def figures_view(got: Sequence[MonthResults], taken: Sequence[MonthResults]) -> View:
    """Show HR the latest month's figures."""
    got_labels = {each.value: label for each, label in GOT_LABELS.items()}
    taken_labels = {each.value: label for each, label in TAKEN_LABELS.items()}
    parts = [
        MonthPart(marked("Who got their time"), got, got_labels),
        MonthPart(marked("What took it"), taken, taken_labels),
    ]
    return month_view(_(TITLE), VIEW, parts)


def digest_line(got: MonthResults) -> str | None:
    """Return a line about who got their time to learn; None if too few said so."""
    shares = [(each, got.shares[each]) for each in (Got.ALL, Got.NONE) if each in got.shares]
    if not shares:
        return None
    told = ", ".join(
        _(_GOT_WORDS[each]).format(share=number_text(share, percent)) for each, share in shares
    )
    return _("*Learning time*, {month}: {told}, of at least {people} people.").format(
        month=write_day(got.month, DayStyle.MONTH_NO_YEAR),
        told=told,
        people=write_number(got.people),
    )


def home_blocks(standing: Standing, explored: Sequence[SharedNote]) -> list[Block]:
    """Show a person's slots and what colleagues explored this month on the Home tab."""
    lines = [f"• {when(slot)}" for slot in standing.ahead[:HOME_SLOTS]] or [_(INVITING)]
    if len(standing.ahead) > HOME_SLOTS:
        more = write_number(len(standing.ahead) - HOME_SLOTS)
        lines.append(_("And {more} more.").format(more=more))
    label = _("My learning time") if standing.ahead else _("Book time")
    blocks = [*sections(lines, _("*Learning time*")), actions([button(label, OPEN)])]
    if explored:
        notes = [f"• {mention(each.author_id)}: {escape(each.text)}" for each in explored]
        blocks += sections(notes, _("*What colleagues explored this month*"))
    return blocks
