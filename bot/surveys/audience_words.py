"""Names of audiences."""

from collections.abc import Sequence
from typing import Final

from bot.blockkit.text import escape, plural, shorten
from bot.surveys.audience import Audience, AudienceKind, Filters

NAMES_SHOWN: Final = 5


def audience_words(audience: Audience) -> str:
    """Name an audience in mrkdwn, without a capital."""
    if audience.kind is AudienceKind.CHANNEL:
        return f"the members of <#{audience.ref}>"
    if audience.kind is AudienceKind.USERGROUP:
        return f"<!subteam^{audience.ref}>"
    if audience.kind is AudienceKind.TEAM:
        return f"the team {escape(audience.ref or '')}"
    if audience.kind is AudienceKind.CHOSEN:
        return _chosen_words(audience.filters)
    if audience.kind is AudienceKind.MILESTONE:
        return "everyone who reaches this milestone"
    return "everyone"


def _chosen_words(filters: Filters) -> str:
    parts = [
        f"in the {plural_name if len(names) > 1 else name} {_listed_names(names)}"
        for name, plural_name, names in (
            ("team", "teams", filters.teams),
            ("department", "departments", filters.departments),
            ("location", "locations", filters.locations),
        )
        if names
    ]
    if filters.managers:
        parts.append(f"{_listed_names([f'<@{each}>' for each in filters.managers])} or below them")
    if filters.joined_at_most is not None:
        parts.append(f"who joined at most {plural(filters.joined_at_most, 'month')} ago")
    if filters.joined_at_least is not None:
        parts.append(f"who joined at least {plural(filters.joined_at_least, 'month')} ago")
    return "people " + ", and ".join(parts)


def _listed_names(names: Sequence[str]) -> str:
    shown = [each if each.startswith("<@") else escape(shorten(each, 60)) for each in names]
    shown = shown[:NAMES_SHOWN]
    if len(names) > NAMES_SHOWN:
        shown.append(f"{len(names) - NAMES_SHOWN} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
