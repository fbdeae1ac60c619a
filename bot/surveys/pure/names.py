"""What surveys are called, for people in any language. Pure.

Attune names some surveys itself: those of milestones, the company pulse, the survey about
wellbeing. Their English names are stored, and marked for the catalogues with the context "survey".
"""

from bot.languages import _p


def shown_name(name: str) -> str:
    """Return the name of a survey for its reader; a name that HR gave stays as it is."""
    return _p("survey", name)


def spellings(name: str) -> frozenset[str]:
    """Return what somebody may type for a name: as stored and as shown, in case-folded letters."""
    return frozenset({name.casefold(), shown_name(name).casefold()})


def is_part(typed: str, name: str) -> bool:
    """Return True if `typed`, in case-folded letters, is a part of a spelling of the name."""
    return any(typed in spelling for spelling in spellings(name))
