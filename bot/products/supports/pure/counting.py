"""How many people are said to feel "same for me", so that nobody learns who of them. Pure.

- *Steps of k*, from k on, like every count of people.
- *A hidden threshold*: each item's count runs up to k − 1 people behind. People who agree to press
  and to take back can see the number move, but not from how many others on it moves.
- *Never nearly all*: at least 2k people who could press are always left out, so that even k − 1
  accomplices who have not pressed find k others who may not have either.
- *Once a week*: the number moves on Mondays, so it tells neither a day nor an hour.
"""

from datetime import date, datetime
from typing import Final

from bot.insights.pure.resolution import in_steps, threshold
from bot.voice.pure.weeks import week_of

LEFT_OUT: Final = 2
"""How many times k people may always be among those who did not press."""


def can_be_shown(people: int, k: int) -> bool:
    """Return True if a count can ever be shown where so many people can press."""
    return shown_most(people, k) >= k


def shown_most(people: int, k: int) -> int:
    """Return the highest count that is shown where so many people can press."""
    return in_steps(max(0, people - LEFT_OUT * k), k)


def shown_count(pressed: int, people: int, k: int, behind: int) -> int:
    """Return the count to show: a multiple of k, 0 for none, and at most the people who pressed.

    `behind`, 0 to k − 1, is the item's hidden threshold.
    """
    if not 0 <= behind < k:
        raise ValueError("a count runs 0 to k − 1 people behind")
    return min(in_steps(max(0, pressed - behind), k), shown_most(people, k))


def hidden_behind(secret: bytes, item_id: str, k: int) -> int:
    """Return an item's hidden threshold, 0 to k − 1; the same as long as the item lives."""
    return int(threshold(secret, f"same for me:{item_id}", ()) * k)


def is_to_be_counted(counted_in: date, now: datetime, tz: str) -> bool:
    """Return True once a week has begun, where the company is, since the last count."""
    return week_of(now, tz) > counted_in
