"""Names of audiences."""

from collections.abc import Sequence
from typing import Final

from bot.blockkit.text import escape, mention, shorten
from bot.languages import _, _n, _p, marked, write_list, write_number
from bot.surveys.audience import Audience, AudienceKind, Filters

NAMES_SHOWN: Final = 5


def audience_words(audience: Audience) -> str:
    """Name an audience in mrkdwn, without a capital."""
    if audience.kind is AudienceKind.CHANNEL:
        return _("the members of {channel}").format(channel=f"<#{audience.ref}>")
    if audience.kind is AudienceKind.USERGROUP:
        return f"<!subteam^{audience.ref}>"
    if audience.kind is AudienceKind.TEAM:
        return _("the team {team}").format(team=escape(audience.ref or ""))
    if audience.kind is AudienceKind.CHOSEN:
        return _chosen_words(audience.filters)
    if audience.kind is AudienceKind.MILESTONE:
        return _("everyone who reaches this milestone")
    return _("everyone")


def _chosen_words(filters: Filters) -> str:
    parts = [
        _(several if len(names) > 1 else one).format(names=_listed_names(names))
        for one, several, names in (
            (marked("in the team {names}"), marked("in the teams {names}"), filters.teams),
            (
                marked("in the department {names}"),
                marked("in the departments {names}"),
                filters.departments,
            ),
            (
                marked("in the location {names}"),
                marked("in the locations {names}"),
                filters.locations,
            ),
        )
        if names
    ]
    if filters.managers:
        names = _listed_names([mention(each) for each in filters.managers])
        parts.append(_("{names} or below them").format(names=names))
    if filters.joined_at_most is not None:
        parts.append(
            _n(
                "who joined at most {count} month ago",
                "who joined at most {count} months ago",
                filters.joined_at_most,
            )
        )
    if filters.joined_at_least is not None:
        parts.append(
            _n(
                "who joined at least {count} month ago",
                "who joined at least {count} months ago",
                filters.joined_at_least,
            )
        )
    words = parts[0]
    for part in parts[1:]:
        words = _("{first}, and {second}").format(first=words, second=part)
    return _("people {conditions}").format(conditions=words)


def _listed_names(names: Sequence[str]) -> str:
    shown = [each if each.startswith("<@") else escape(shorten(each, 60)) for each in names]
    shown = shown[:NAMES_SHOWN]
    if len(names) > NAMES_SHOWN:
        more = write_number(len(names) - NAMES_SHOWN)
        shown.append(_p("audience", "{count} more").format(count=more))
    return write_list(shown, "or")
