"""What an effect says, in one sentence with how sure it is."""

from typing import Final

from bot.blockkit.text import plural
from bot.insights.wording import NO_CHANGE, capitalised, short_text
from bot.languages import write_signed
from bot.products.effects.pure.effect import Effect

LABEL_LIMIT: Final = 300
NOTHING_SHOWN: Final = (
    "No effect can be told: the teams have no published figures both before and after."
)
ALONE: Final = (
    "There were too few other teams to compare with, so this is before and after only: something "
    "else may have changed at the same time."
)


def effect_sentence(label: str, found: Effect | None, direction: int) -> str:
    """Say what was found, with its interval; `direction` is what was hoped for, 1 or −1."""
    if found is None:
        return NOTHING_SHOWN
    name = short_text(label, LABEL_LIMIT)
    where = "one team" if found.teams == 1 else f"{found.teams} teams"
    elsewhere = f" than in {plural(found.others, 'other team')}" if found.is_compared else ""
    between = f"between {_signed(found.low)} and {_signed(found.high)}"
    if not found.is_detectable:
        compared = f", compared with {plural(found.others, 'other team')}" if elsewhere else ""
        text = f"*{name}: {NO_CHANGE}* in {where}{compared}. The true one is most likely {between}."
    else:
        verb = "rose" if found.difference > 0 else "fell"
        more = " more" if elsewhere else ""
        hoped = "as hoped" if found.difference * direction > 0 else "the other way than hoped"
        text = (
            f"*{name} {verb} by {abs(found.difference):.1f}{more} in {where}{elsewhere}*, {hoped}. "
            f"{capitalised(sureness(found))}; the true difference is most likely {between}."
        )
    return text if found.is_compared else f"{text} {ALONE}"


def sureness(found: Effect) -> str:
    """Say how sure a detectable effect is, in the words of what stands out."""
    margin = (found.high - found.low) / 2
    return "almost certain" if abs(found.difference) >= 2 * margin else "very likely"


def _signed(value: float) -> str:
    return write_signed(value, 1)
