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
from bot.blockkit.text import escape, mention, plural, storable
from bot.errors import OutdatedError
from bot.insights.month_blocks import MonthPart, month_view
from bot.insights.tallies import MonthResults
from bot.insights.wording import number_text, percent
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

TITLE: Final = "Learning time"
LENGTH_LABELS: Final = {30: "30 minutes", 60: "1 hour", 120: "2 hours"}
SHOWN_LABELS: Final = {NOBODY: "Only me", TOPIC: "People of a topic", CHANNEL: "A public channel"}
TAKEN_LABELS: Final[Mapping[TakenBy, str]] = {
    TakenBy.URGENT: "Urgent work",
    TakenBy.MEETINGS: "Meetings",
    TakenBy.TOO_FEW: "Too few people for the work",
    TakenBy.NO_PLAN: "I had no plan for it",
    TakenBy.NOT_WELCOME: "It felt unwelcome",
    TakenBy.OTHER: "Something else",
}
_GOT_WORDS: Final = {Got.ALL: "got all of it", Got.NONE: "got none"}
HOME_SLOTS: Final = 3
INVITING: Final = "Book some time to explore what you like, within your working hours."
NO_FORM_TAKEN: Final = "Thanks, saved."


def learning_view(standing: Standing, said: str = "") -> View:
    """Show a person their slots, each to be moved with one press, and their notes."""
    blocks: list[Block] = [section(said)] if said else []
    blocks += [section("\n".join(_policy_lines(standing)))]
    blocks += [block for slot in standing.ahead for block in _slot(slot, standing.zone)]
    buttons = [
        button(f"Book {LENGTH_LABELS[each]}", f"{BOOK}:{each}", str(each)) for each in LENGTHS
    ]
    blocks += [
        actions(buttons),
        context("I take the next free time in your working hours. You can move it."),
    ]
    if standing.notes:
        blocks += [divider(), section("*What you explored*")]
        blocks += [_noted(slot) for slot in standing.notes]
    if standing.may_state:
        text = "Only HR admins see this: you state how much time people get."
        blocks += [divider(), section(text, button("Change", POLICY))]
    return modal(TITLE, blocks, callback_id=VIEW)


def _policy_lines(standing: Standing) -> list[str]:
    booked = _hours(standing.booked)
    if standing.hours is None:
        return [INVITING, f"Booked this month: {booked}."]
    lines = [f"Your company gives {plural(standing.hours, 'hour')} a month. You booked {booked}."]
    return [*lines, escape(standing.budget)] if standing.budget else lines


def _hours(booked: timedelta) -> str:
    return f"{booked / timedelta(hours=1):g} h"


def _slot(slot: SlotView, zone: str) -> list[Block]:
    options = [option(_in_zone(time, zone), time.isoformat()) for time in slot.free]
    elements = [button("Cancel it", CANCEL, slot.id)]
    if options:
        move = select("static_select", MOVE, placeholder="Move it to", options=options)
        elements.insert(0, move)
    return [section(f"*{when(slot)}*"), actions(elements, slot.id)]


def _in_zone(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(zone_of(zone)):%a %-d %b, %H:%M}"


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
    where = {TOPIC: f"for people of {escape(slot.topic or '')}", CHANNEL: f"in <#{slot.channel}>"}
    seen = where.get(slot.shown_to, "only you see it")
    taken = button("Take back", TAKE_BACK, slot.id) if slot.shown_to != NOBODY else None
    return section(f"• {escape(slot.note or '')} ({seen})", taken or _delete(slot))


def _delete(slot: SlotView) -> Block:
    sure = confirmation(
        "Delete this line?", "It goes together with the slot.", yes="Delete it", no="Keep it"
    )
    return button("Delete", CANCEL, slot.id, confirm=sure)


def note_form(slot_id: str, note: Note | None = None, masked: str | None = None) -> View:
    """Return the form for a line; `masked` shows how others will read it, before it is shared."""
    written = note or Note("")
    blocks: list[Block] = []
    if masked is not None:
        hidden = "I hide what is in [brackets]." if masked != written.text else "Nothing is hidden."
        blocks = [
            section("*This is how colleagues will read it:*"),
            verbatim(masked),
            context(f"{hidden} Nothing is saved yet: share it, or change it here."),
        ]
    options = [option(label, value) for value, label in SHOWN_LABELS.items()]
    channel: dict[str, Any] = {"initial_conversation": written.channel} if written.channel else {}
    chosen = options[list(SHOWN_LABELS).index(written.shown_to)]
    blocks += [
        field_input(
            "What did you explore?",
            text_input(NOTE_FIELD, max_length=NOTE_LENGTH, initial=written.text),
            block_id=NOTE_FIELD,
        ),
        field_input(
            "Who may see it?",
            select("radio_buttons", SHOWN_FIELD, options=options, initial_option=chosen),
            block_id=SHOWN_FIELD,
        ),
        field_input(
            "Which topic?",
            text_input(TOPIC_FIELD, max_length=TOPIC_LENGTH, initial=written.topic),
            block_id=TOPIC_FIELD,
            hint="Whoever has it in `/mentor` sees the line on Home this month.",
            optional=True,
        ),
        field_input(
            "Which channel?",
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
        TITLE,
        blocks,
        callback_id=NOTE_FORM,
        submit="Save" if masked is None else "Share",
        close="Cancel",
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
    return modal(TITLE, [section("Saved. `/learn` shows it, and takes it back.")], callback_id=VIEW)


def taken_view(month: date) -> View:
    """Ask what took the time; one press is enough."""
    buttons = [
        button(label, f"{TAKEN}:{taken}", month.isoformat())
        for taken, label in TAKEN_LABELS.items()
    ]
    return modal(
        TITLE,
        [
            section("Thanks, saved. *What took the time?*"),
            actions(buttons),
            context("HR sees shares of groups, never your answer."),
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
    return modal(TITLE, [section("Thanks. That helps to change it.")], callback_id=VIEW)


def policy_form(standing: Standing) -> View:
    """Return the form in which HR states how much time people get."""
    hours = str(standing.hours) if standing.hours else None
    return modal(
        "Time to learn",
        [
            field_input(
                "Hours a month",
                text_input(HOURS_FIELD, max_length=2, initial=hours),
                block_id=HOURS_FIELD,
                hint="Near a month's end everybody is asked whether they got them. Empty: nobody.",
                optional=True,
            ),
            field_input(
                "Budget, and where to apply",
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
        submit="Save",
        close="Cancel",
    )


def policy_in(view: Mapping[str, Any]) -> tuple[str, str]:
    """Read the hours, as typed, and the budget."""
    state = FormState(view)
    return storable(state.one(HOURS_FIELD)), storable(state.one(BUDGET_FIELD))


def figures_view(got: Sequence[MonthResults], taken: Sequence[MonthResults]) -> View:
    """Show HR the latest month's figures."""
    parts = [
        MonthPart("Who got their time", got, {each.value: GOT_LABELS[each] for each in GOT_LABELS}),
        MonthPart("What took it", taken, {each.value: TAKEN_LABELS[each] for each in TAKEN_LABELS}),
    ]
    return month_view(TITLE, VIEW, parts)


def digest_line(got: MonthResults) -> str | None:
    """Return a line about who got their time to learn; None if too few said so."""
    shares = [(each, got.shares[each]) for each in (Got.ALL, Got.NONE) if each in got.shares]
    if not shares:
        return None
    told = ", ".join(f"{number_text(share, percent)} {_GOT_WORDS[each]}" for each, share in shares)
    return f"*Learning time*, {got.month:%B}: {told}, of at least {got.people:,} people."


def home_blocks(standing: Standing, explored: Sequence[SharedNote]) -> list[Block]:
    """Show a person's slots and what colleagues explored this month on the Home tab."""
    lines = [f"• {when(slot)}" for slot in standing.ahead[:HOME_SLOTS]] or [INVITING]
    if len(standing.ahead) > HOME_SLOTS:
        lines.append(f"And {len(standing.ahead) - HOME_SLOTS} more.")
    label = "My learning time" if standing.ahead else "Book time"
    blocks = [*sections(lines, "*Learning time*"), actions([button(label, OPEN)])]
    if explored:
        notes = [f"• {mention(each.author_id)}: {escape(each.text)}" for each in explored]
        blocks += sections(notes, "*What colleagues explored this month*")
    return blocks
