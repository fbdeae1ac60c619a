"""Who is away, read from the status that they set in Slack.

Slack has no flag for absence: the status is the only hint. Its text is looked at here and kept
nowhere; what is kept is until when. A status counts if its emoji or one of its words means absence.
To leave somebody out who is there costs them a round; to ask somebody who is on leave costs a
colleague three days. So the words are those that hardly anybody uses otherwise, and a status that
speaks of work or of being back never counts.
https://docs.slack.dev/reference/methods/users.profile.set#custom-status
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

UNTIL_CLEARED: Final = datetime(2999, 12, 31, tzinfo=UTC)
"""Until when somebody is away whose status ends on no day: until they take it away."""

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
    """Return until when the status of a user's `profile` says that they are away, else None.

    The moment may have passed: Slack clears a status at its end, and tells of it, but later. A
    status without an end counts until it is cleared.

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
    """Tell whether somebody who is away until a moment, or never, is away now."""
    return until is not None and now < until


def _moment(expiration: Any) -> datetime:
    """Read Unix seconds; 0 or nothing means that the status has no end."""
    seconds = expiration if isinstance(expiration, int) else 0
    if not 0 < seconds < UNTIL_CLEARED.timestamp():
        return UNTIL_CLEARED
    return datetime.fromtimestamp(seconds, UTC)
