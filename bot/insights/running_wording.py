"""Open surveys in words: when they close, and how many have answered."""

from bot.blockkit.text import local_time, plural
from bot.insights.wave_results import RunningWave
from bot.insights.wording import NAME_LIMIT, capitalised, of_invited, short_text


def running_line(running: RunningWave) -> str:
    """Write an open wave, with its participation in steps of k, as a line of mrkdwn."""
    name = short_text(running.survey_name, NAME_LIMIT)
    return f"*{name}* closes {local_time(running.closes_at)}. {running_count(running)}"


def running_count(running: RunningWave) -> str:
    """Say how many have answered an open wave, rounded down so that no single answer shows."""
    people = plural(running.invited, "person", "people")
    if running.at_least is None:
        return f"{running.asked:,} of {people} have been asked so far."
    if running.invited <= running.k:
        return f"It asks {people}: too few to say how many have answered."
    if running.at_least == 0:
        return f"Too few of {people} have answered so far to say how many."
    answered = capitalised(of_invited(running.at_least, running.invited))
    return f"{answered} people have answered so far."
