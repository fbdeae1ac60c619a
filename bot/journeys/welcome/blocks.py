"""Builds the messages about a newcomer and their buddy."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from bot.blockkit.blocks import Block, Message, View, actions, button, context, modal, section
from bot.blockkit.blocks import select as select_element
from bot.blockkit.bundles import own_block_id, part_of
from bot.blockkit.text import local_time, mention
from bot.errors import OutdatedError
from bot.journeys.blocks import BACK
from bot.journeys.welcome.buddies import BuddySearch, News, Search
from bot.languages import DayStyle, _, _n, marked, write_day
from bot.mentoring.match_buttons import value_of

PICK: Final = "welcome:pick"
"""Prefix of the ids of the selects: `welcome:pick:<welcome id>`."""
YES: Final = "welcome:yes"
NO: Final = "welcome:no"
AHEAD: Final = "welcome:ahead"
"""Prefix of the block ids of the newcomers in a manager's message."""
NEWCOMERS_SHOWN: Final = 20
ID_LENGTH: Final = 32

WHAT_HELPS: Final = (
    marked(
        "*Role and first goals.* On the first day, say what the role is for, and agree on two or "
        "three goals for the month."
    ),
    marked(
        "*A buddy* for the small questions. Pick one below, and I'll ask them; they may say no."
    ),
    marked(
        "*Introductions.* Tell the team who comes, and plan short talks with those they will work "
        "with most."
    ),
    marked(
        "*A talk every week* in the first three months: what goes well, what is in the way, what "
        "comes next."
    ),
    marked("*Where to ask.* Show where questions go, and that none is too small."),
)
TO_HR: Final = marked("I know of no manager who could prepare it, so I'm telling HR.")
NOT_READ: Final = marked("I don't read what people write to each other.")
AGAIN: Final[Mapping[News, str]] = {
    News.NO: marked(
        "The colleague you picked can't be {newcomer}'s buddy this time. That happens, and is "
        "nobody's fault. Please pick somebody else."
    ),
    News.SILENT: marked(
        "The colleague you picked hasn't found the time to answer, so {newcomer} has no buddy yet. "
        "Please pick somebody else."
    ),
    News.GONE: marked(
        "The colleague who was to be {newcomer}'s buddy can't be there after all. Please pick "
        "somebody else."
    ),
}


def ahead_message(searches: Sequence[BuddySearch], *, to_hr: bool) -> Message:
    """Tell a manager, or HR, who begins soon and what helps, with a picker for each buddy."""
    first = searches[0]
    text = (
        _("{newcomer} starts on {day}.").format(
            newcomer=mention(first.newcomer_id), day=_day(first.starts_on)
        )
        if len(searches) == 1
        else _n("{count} newcomer starts soon.", "{count} newcomers start soon.", len(searches))
    )
    opening = [f"*{text}*", *([_(TO_HR)] if to_hr else []), _("Five things help most:")]
    lines = [f"{number}. {_(line)}" for number, line in enumerate(WHAT_HELPS, start=1)]
    blocks = [
        section("\n".join([" ".join(opening), *lines])),
        *(_newcomer(each) for each in searches[:NEWCOMERS_SHOWN]),
    ]
    if (more := len(searches) - NEWCOMERS_SHOWN) > 0:
        blocks.append(section(_("And {more} more: `/journey` shows them.").format(more=more)))
    return Message(text, [*blocks, context(_(NOT_READ))])


def shown_in_ahead(shown: Sequence[Block], part: str) -> list[str]:
    """Return the welcomes that a manager's message shows; empty for any other message.

    `part` is its part of a bundle; empty for a message of its own.
    """
    ids = [str(block.get("block_id") or "") for block in shown]
    own = [own_block_id(each) for each in ids if part_of(each) == part]
    # Simpler forms of the message put the picker into a block of its own.
    found = (each.removeprefix(f"{AHEAD}:") for each in own if each.startswith(f"{AHEAD}:"))
    return list(dict.fromkeys(each[:ID_LENGTH] for each in found))


def pick_in(action: Mapping[str, Any]) -> tuple[str, str]:
    """Return welcome and chosen person of a press; raise OutdatedError for anything else."""
    person = str(action.get("selected_user") or "")
    if not person:
        raise OutdatedError
    return str(action["action_id"]).removeprefix(f"{PICK}:"), person


def picked_message(search: BuddySearch) -> Message:
    """Say that a colleague was asked."""
    text = _standing(search)
    return Message(text, [section(text)])


def picked_view(search: BuddySearch) -> View:
    """Say the same in HR's modal, with the way back."""
    back = actions([button(_("Back"), BACK)])
    return modal(_("A buddy"), [section(_standing(search)), back], callback_id=PICK)


def ask_message(search: BuddySearch, asked_by: str | None) -> Message:
    """Ask a colleague to be a newcomer's buddy."""
    newcomer = mention(search.newcomer_id)
    text = _("Would you be {newcomer}'s buddy?").format(newcomer=newcomer)
    value = value_of(search.welcome_id, search.asks)
    about = [_("Their first day is {day}.").format(day=_day(search.starts_on))]
    if asked_by:
        about.append(_("{colleague} thought of you.").format(colleague=mention(asked_by)))
    about.append(
        _(
            "A buddy is there for the small questions: where things are, how things are done, who "
            "knows what. A coffee in the first days and ten minutes now and then are plenty, for "
            "about a month."
        )
    )
    no_is_fine = [_("A no is fine, and nobody asks why.")]
    if search.answer_by:
        no_is_fine.insert(
            0, _("Please answer by {answer_by}.").format(answer_by=local_time(search.answer_by))
        )
    return Message(
        text,
        [
            section(f"*{text}*\n{' '.join(about)}"),
            actions(
                [
                    button(_("I'm happy to"), YES, value, style="primary"),
                    button(_("Not this time"), NO, value),
                ]
            ),
            context(" ".join(no_is_fine)),
        ],
    )


def yes_message(search: BuddySearch) -> Message:
    """Thank the buddy, and say what comes next."""
    text = _("Thank you! You are {newcomer}'s buddy.").format(newcomer=mention(search.newcomer_id))
    at = local_time(search.introduce_at) if search.introduce_at else _("soon")
    introduced = _("I'll introduce the two of you: {at}.").format(at=at)
    value = value_of(search.welcome_id, search.asks)
    return Message(
        text,
        [
            section(f"*{text}* {introduced}"),
            actions([button(_("I can't after all"), NO, value)]),
        ],
    )


def no_message() -> Message:
    """Thank somebody for a clear no."""
    text = _("That's fine, thank you for saying so. Somebody else will be asked.")
    return Message(text, [section(text)])


def again_message(search: BuddySearch, news: News) -> Message:
    """Ask for another buddy."""
    text = _(AGAIN[news]).format(newcomer=mention(search.newcomer_id))
    return Message(text, [section(text), actions([_picker(search)])])


def found_message(search: BuddySearch) -> Message:
    """Tell whoever picked that the buddy said yes."""
    next_step = _("I'll introduce the two to each other on the first day.")
    text = f"{_standing(search)} {next_step}"
    return Message(text, [section(text)])


def introduction_message(newcomer_id: str, buddy_id: str) -> Message:
    """Introduce newcomer and buddy to each other."""
    newcomer, buddy = mention(newcomer_id), mention(buddy_id)
    text = _("{newcomer}, meet {buddy}, your buddy for the first weeks.").format(
        newcomer=newcomer, buddy=buddy
    )
    please = _(
        "{buddy}, please suggest a time for a first coffee or call. {newcomer}, ask whatever comes "
        "to mind: no question is too small."
    ).format(buddy=buddy, newcomer=newcomer)
    return Message(
        text,
        [
            section(f"*{text}*\n{please}"),
            context(_(NOT_READ)),
        ],
    )


def buddy_line(buddy_id: str | None) -> str:
    """Return the sentence about the buddy for the hello of day 1; empty without a buddy."""
    if buddy_id is None:
        return ""
    return _(
        "{buddy} is your buddy: somebody to ask whatever comes to mind. I'll "
        "introduce the two of you."
    ).format(buddy=mention(buddy_id))


def missing_blocks(searches: Sequence[BuddySearch]) -> list[Block]:
    """Show HR the newcomers without a buddy, each with a picker; empty if nobody misses one."""
    if not searches:
        return []
    heading = section(_("*Buddies missing* ({number})").format(number=len(searches)))
    shown = [_missing(each) for each in searches[:NEWCOMERS_SHOWN]]
    if (more := len(searches) - NEWCOMERS_SHOWN) > 0:
        shown.append(section(_("And {more} more.").format(more=more)))
    return [heading, *shown]


def _missing(search: BuddySearch) -> Block:
    who = _("{newcomer}, first day {day}").format(
        newcomer=mention(search.newcomer_id), day=_day(search.starts_on)
    )
    if search.status is Search.OPEN:
        return section(_("{who}: nobody is asked yet.").format(who=who), _picker(search))
    return section(_("{who}: somebody is asked, and has not answered yet.").format(who=who))


def _newcomer(search: BuddySearch) -> Block:
    block_id = f"{AHEAD}:{search.welcome_id}"
    if search.status is not Search.OPEN:
        return section(_standing(search), block_id=block_id)
    who = _("{newcomer}, first day {day}").format(
        newcomer=mention(search.newcomer_id), day=_day(search.starts_on)
    )
    return section(who, _picker(search), block_id)


def _standing(search: BuddySearch) -> str:
    newcomer = mention(search.newcomer_id)
    if search.status is Search.OPEN or search.buddy_id is None:
        return _("{newcomer} has no buddy yet.").format(newcomer=newcomer)
    buddy = mention(search.buddy_id)
    if search.status is Search.ACCEPTED:
        return _("{buddy} is {newcomer}'s buddy.").format(buddy=buddy, newcomer=newcomer)
    return _(
        "I've asked {buddy} to be {newcomer}'s buddy, and I'll tell you what comes of it."
    ).format(buddy=buddy, newcomer=newcomer)


def _picker(search: BuddySearch) -> Block:
    action_id = f"{PICK}:{search.welcome_id}"
    return select_element("users_select", action_id, placeholder=_("Pick a buddy"))


def _day(day: date) -> str:
    return write_day(day, DayStyle.WEEKDAY)
