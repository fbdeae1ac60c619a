"""What an effect says, in one sentence with how sure it is."""

from typing import Final

from bot.insights.wording import short_text
from bot.languages import _, _n, marked, write_number, write_signed
from bot.products.effects.pure.effect import Effect

LABEL_LIMIT: Final = 300
NOTHING_SHOWN: Final = marked(
    "No effect can be told: the teams have no published figures both before and after."
)
ALONE: Final = marked(
    "There were too few other teams to compare with, so this is before and after only: something "
    "else may have changed at the same time."
)


def effect_sentence(label: str, found: Effect | None, direction: int) -> str:
    """Say what was found, with its interval; `direction` is what was hoped for, 1 or −1."""
    if found is None:
        return _(NOTHING_SHOWN)
    name = short_text(_(label), LABEL_LIMIT)
    says = _clear(name, found, direction) if found.is_detectable else _unclear(name, found)
    return says if found.is_compared else f"{says} {_(ALONE)}"


def _unclear(name: str, found: Effect) -> str:
    if found.is_compared:
        text = _n(
            "*{name}: no detectable change* {where}, compared with {count} other team. The true "
            "one is most likely between {low} and {high}.",
            "*{name}: no detectable change* {where}, compared with {count} other teams. The true "
            "one is most likely between {low} and {high}.",
            found.others,
        )
    else:
        text = _(
            "*{name}: no detectable change* {where}. The true one is most likely between {low} "
            "and {high}."
        )
    return text.format(
        name=name, where=_where(found), low=_signed(found.low), high=_signed(found.high)
    )


def _clear(name: str, found: Effect, direction: int) -> str:
    says = _changed(found).format(
        name=name, size=write_number(abs(found.difference), 1), where=_where(found)
    )
    if found.difference * direction > 0:
        says = _("{change}, as hoped.").format(change=says)
    else:
        says = _("{change}, the other way than hoped.").format(change=says)
    sureness = (
        _("Almost certain; the true difference is most likely between {low} and {high}.")
        if _is_almost_certain(found)
        else _("Very likely; the true difference is most likely between {low} and {high}.")
    )
    return " ".join([says, sureness.format(low=_signed(found.low), high=_signed(found.high))])


def _changed(found: Effect) -> str:
    """Return what changed, with the name, its size and where still to be filled in."""
    is_rise = found.difference > 0
    if not found.is_compared:
        return (
            _("*{name} rose by {size} {where}*")
            if is_rise
            else _("*{name} fell by {size} {where}*")
        )
    if is_rise:
        return _n(
            "*{name} rose by {size} more {where} than in {count} other team*",
            "*{name} rose by {size} more {where} than in {count} other teams*",
            found.others,
        )
    return _n(
        "*{name} fell by {size} more {where} than in {count} other team*",
        "*{name} fell by {size} more {where} than in {count} other teams*",
        found.others,
    )


def _where(found: Effect) -> str:
    if found.teams == 1:
        return _("in one team")
    return _("in {teams} teams").format(teams=write_number(found.teams))


def _is_almost_certain(found: Effect) -> bool:
    """Return True if a detectable effect is, by the rule for what stands out."""
    margin = (found.high - found.low) / 2
    return abs(found.difference) >= 2 * margin


def _signed(value: float) -> str:
    return write_signed(value, 1)
