"""Sealed pools: a cell's answers wait until at least k people have answered. Pure.

The company pulse asks a few people at a time. Answers of a cell (a driver in a team) gather in a
pool, which `bot.pulse.pools` stores. Once a week the pool is looked at: with answers of at least k
people it is released as one figure, and the cell's next pool starts empty. So figures of a cell
never share an answer. A person who is asked again while their answer still waits replaces it, and
counts once.

An attacker may know who joined each pool, the order of the pools, and every figure. What is learnt
of one person:

- *From the time of release.* Pools are looked at once a week, so a release does not name the person
  who completed it. It says that at least k of those asked since the last release answered. With
  just k asked it would say that all of them did, so a pool also waits until more than k were asked.
  If everybody answered, one answer drawn at random stays out, so the number of those that come out
  never says so either (`bot.pulse.pure.counting` is the same rule for other surveys).
- *From two figures of the same people but one.* Answers are new in each pool. If the others answer
  as before, two exact means would give away the difference of two people's answers. A published
  mean has steps of about what one person can move it by, from a hidden threshold that belongs to
  the team (`bot.insights.pure.resolution`), so the two figures are often equal.
- *From k − 1 colluding people.* They know all answers of a pool of k but one. An exact mean would
  give that one away. The published figure says on which side of the unknown threshold the mean is:
  if the five answers are equally likely, 0.36 of 2.3 bits at most with k = 5, and 0.48 with k = 4
  (measured in tests/pulse/test_pools.py). If k + 1 people answer, two of whom don't tell, and both
  of these are at the same end of the scale, a figure can prove it: at most in 0.22 % of figures.
- *From many pools with the same colluders.* The threshold belongs to the team's members, not to a
  pool's, so the same answers give the same figure and nothing new. Colluders who vary their own
  answers learn the sum of the victim's answer and the threshold, and neither by itself. To subtract
  the threshold, they need a pool of the same size with one more of them in the victim's place: k
  colluders, who then can tell the answer. At one question on a driver in three weeks this takes
  months, in which the victim must not change their mind. Only a larger k makes it harder.
- *From the database.* A waiting pool names people by tokens under its own key, like an open wave.
  Releasing must destroy the key; the answers that come out are sorted, without people or weeks.

The milestones of journeys (`bot.pulse.milestones`) use the same pools, for all people together.
Few people reach a milestone, and who does is public. So *when* a pool is looked at must not depend
on answers: it is looked at each time another 2k people have been asked (`is_looked_at`). If nearly
everybody answered, some answers, chosen at random, are left out and deleted (`most_released`).

- *From the time of release.* It is a day that the directory alone tells: the one on which the
  window of the last of 2k people closed. A release says that at least k of them answered.
- *From k − 1 colluding people.* If none of them answered, fewer answers come out than there are
  others, so nobody else is known to have answered. If all did, at least one of the others did. What
  a figure says of answers is as coarse as in the company pulse.
- *From a batch that does not come.* Fewer than k of those asked answered. Only k − 1 colluders who
  all answered learn more: that none of the others did. No rule that counts answers prevents this.
- *From two batches.* They share nobody, so nothing can be subtracted.
- *From the database.* Names in these pools are random, and others in each, so that an entry leads
  neither to its author nor to the author's other answers.

Comments at a milestone wait in one pool, with 2k in place of k, and come out on the day of a batch.
They are shown one by one, so their number is exact: fewer of them may come out (`most_shown`), and
the others are deleted.

- *From the number of authors.* Fewer than 2k wrote until the last look. Another 4k people were
  asked since, and 2k authors come out, or more only if more were asked. So all that is known is
  that one of the 4k wrote, or if it is the first look, 2k of them: k − 1 colluding people who wrote
  nothing, or all of the comments they can, leave 3k others and at least k + 1 comments of theirs.
- *From comments that do not come.* Fewer than 2k wrote. k − 1 who all did know of the others that k
  wrote at most.
- *From comments and answers.* A person may write and press nothing, so neither count bounds the
  other. Their looks count different people, and an entry of one pool leads to none of another.

A figure over several cells, such as a driver in the whole company, must be computed from the cells'
published figures. If it had answers that still wait, the difference would show them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True)
class Pool:
    """A cell's answers since its last release, and whom they were asked of."""

    asked: frozenset[str] = frozenset()
    """Tokens of the people who were asked since the last release."""
    answers: Mapping[str, int] = field(default_factory=dict)
    """The latest answer of each person, by token."""

    def with_asked(self, respondent: str) -> Self:
        """Return the pool after a person was asked."""
        return type(self)(self.asked | {respondent}, self.answers)

    def with_answer(self, respondent: str, answer: int) -> Self:
        """Return the pool with a person's answer, which replaces their earlier one.

        Whoever answers late, a question of before the last release, counts as asked now.
        """
        return type(self)(self.asked | {respondent}, {**self.answers, respondent: answer})


def released(pool: Pool, k: int) -> tuple[tuple[int, ...], Pool]:
    """Return the answers that come out now, in ascending order, and the cell's next pool.

    Nothing comes out of a pool with answers of fewer than k people, or of whom no more than k were
    asked; it is returned as it was. Of a pool whose people all answered, one answer stays out and
    is forgotten: that under the first token, which is as good as drawn. Raises ValueError if k is
    below 1.
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    if len(pool.answers) < k or len(pool.asked) <= k:
        return (), pool
    tokens = sorted(pool.answers)
    coming_out = tokens[1:] if len(tokens) == len(pool.asked) else tokens
    return tuple(sorted(pool.answers[each] for each in coming_out)), Pool()


def is_looked_at(asked: int, looked: int, k: int) -> bool:
    """Return True if a milestone's pool is looked at: another 2k people have been asked.

    `looked` is how many had been asked when it was last looked at.
    """
    return asked - looked >= 2 * k


def most_released(asked: int, looked: int, k: int) -> int:
    """Return how many answers may come out of a milestone's pool that is looked at.

    The published count, in steps of k, must leave room for k people who did not answer: more of
    those asked since the last look, whatever k − 1 of them tell, than it says.
    """
    return (asked - looked) // k * k - 1


def most_shown(asked: int, looked: int, k: int) -> int:
    """Return how many authors' comments may come out of a pool that is looked at.

    Like `most_released`, for what is shown one by one: its number is exact.
    """
    return (asked - looked) // k * k - k
