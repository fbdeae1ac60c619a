"""Open surveys in words: when they close, and how many have answered."""

from bot.blockkit.text import local_time
from bot.insights.wave_results import RunningWave
from bot.insights.wording import NAME_LIMIT, short_text
from bot.languages import _, plural, write_number
from bot.surveys.pure.names import shown_name


def running_line(running: RunningWave) -> str:
    """Write an open wave, with its participation in steps of k, as a line of mrkdwn."""
    name = short_text(shown_name(running.survey_name), NAME_LIMIT)
    return _("*{survey}* closes {moment}. {answered_so_far}").format(
        survey=name, moment=local_time(running.closes_at), answered_so_far=running_count(running)
    )


def running_count(running: RunningWave) -> str:
    """Say how many have answered an open wave, rounded down so that no single answer shows."""
    people = plural(running.invited, "person", "people")
    if running.at_least is None:
        return _("{asked} of {people} have been asked so far.").format(
            asked=write_number(running.asked), people=people
        )
    if running.invited <= running.k:
        return _("It asks {people}: too few to say how many have answered.").format(people=people)
    if running.at_least == 0:
        return _("Too few of {people} have answered so far to say how many.").format(people=people)
    text = (
        _("Nearly all of {invited} people have answered so far.")
        if running.at_least == running.invited
        else _("At least {answered} of {invited} people have answered so far.")
    )
    return text.format(
        answered=write_number(running.at_least), invited=write_number(running.invited)
    )
