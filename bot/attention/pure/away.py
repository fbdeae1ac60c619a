"""Absence, read from a person's Slack status.

Slack has no flag for absence, so the status is the only hint. Its text is never kept, only until
when the person is away. A status counts if its emoji or one of its words means absence. Leaving out
somebody who is there costs them a round; asking somebody on leave costs a colleague three days. So
the list has only words with hardly any other meaning, and a status that mentions work or a return
never counts.
https://docs.slack.dev/reference/methods/users.profile.set#custom-status
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

UNTIL_CLEARED: Final = datetime(2999, 12, 31, tzinfo=UTC)
"""The end of an absence whose status has no end: it lasts until the status is cleared."""

AWAY_EMOJIS: Final = frozenset(
    # Slack's own suggestions "Vacationing" and "Out sick" come first.
    {"palm_tree", "face_with_thermometer"}
    | {"beach_with_umbrella", "umbrella_on_ground", "desert_island", "camping"}
    | {"sneezing_face", "face_with_head_bandage", "nauseated_face", "face_vomiting", "mask"}
    | {"pill", "hospital", "baby", "baby_bottle", "breast-feeding"}
)

_WORDS: Final = (
    # English
    r"vacation(?:ing)?|holidays?|on (?:\w+ )?leave",
    r"(?:parental|maternity|paternity|annual|sick) leave",
    r"sabbatical|sick(?! of)|unwell|out of (?:the )?office|ooo|o\.o\.o|pto|time off|day off",
    r"off (?:today|work|sick)|not working|away (?:until|till)",
    # German
    r"urlaub|krank|krankgeschrieben|elternzeit|mutterschutz|abwesend|außer haus|nicht im büro",
    # French
    r"vacances|congés?|malade|arrêt maladie|absente?",
    # Spanish, Portuguese, Italian
    r"vacaciones|de baja|enferm[oa]|fuera de la oficina|férias|de licença|doente|in ferie|malattia",
    r"fuori ufficio",
    # Dutch, Swedish, Danish, Norwegian, Polish
    r"vakantie|met verlof|ziek|afwezig|semester|sjuk|föräldraledig|på ferie|syg|urlop(?:ie)?",
)
_SIGNS: Final = r"休暇|休み|有給|病欠|育休|休假|病假|年假|産休|휴가|병가"
"""Japanese, Chinese and Korean, which are written without spaces."""
_AWAY: Final = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b|{_SIGNS}", re.IGNORECASE)
_HERE: Final = re.compile(
    r"\b(?:back (?:from|at)|returned|(?<!not )working|wfh|home ?office|planning|zurück|de retour"
    r"|de vuelta|di ritorno|terug)\b",
    re.IGNORECASE,
)


def away_until(profile: Mapping[str, Any]) -> datetime | None:
    """Return until when a user's `profile` says that they are away, or None.

    The moment may have passed: Slack clears a status some time after its end. A status without an
    end counts until it is cleared.

    >>> away_until({"status_text": "Vacation", "status_expiration": 1_800_000_000}).isoformat()
    '2027-01-15T08:00:00+00:00'
    >>> away_until({"status_text": "In a meeting", "status_emoji": ":calendar:"})
    """
    text = str(profile.get("status_text") or "")
    emoji = str(profile.get("status_emoji") or "").strip(":").partition("::")[0]
    if _HERE.search(text) or not (emoji in AWAY_EMOJIS or _AWAY.search(text)):
        return None
    return _moment(profile.get("status_expiration"))


def is_away(until: datetime | None, now: datetime) -> bool:
    """Return True if `now` is before the end of an absence; None means no absence."""
    return until is not None and now < until


def _moment(expiration: Any) -> datetime:
    """Convert Unix seconds; 0 or None means that the status has no end."""
    seconds = expiration if isinstance(expiration, int) else 0
    if not 0 < seconds < UNTIL_CLEARED.timestamp():
        return UNTIL_CLEARED
    return datetime.fromtimestamp(seconds, UTC)
