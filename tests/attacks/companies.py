"""Companies for the attacks that need no database, and their sealed waves."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from bot.insights.pure.sealed_wave import NO_ANSWER, Responses, SealedQuestion, SealedWave
from bot.insights.pure.segments import DIMENSIONS
from bot.pulse.pure.cohorts import (
    IN_MENTORING,
    NOT_IN_MENTORING,
    Attributes,
    assign_cohorts,
    members_digest,
)
from bot.surveys.pure.scales import Scale
from tests.attacks.organisations import (
    ENPS,
    OPTIONS,
    PACE,
    PLACE,
    WORKLOAD,
    Organisation,
    Person,
    Replies,
)

QUESTIONS = (
    SealedQuestion(WORKLOAD, "workload", Scale.AGREE, 1),
    SealedQuestion(PACE, "workload", Scale.AGREE, -1),
    SealedQuestion(ENPS, "commitment", Scale.ENPS, 1),
    SealedQuestion(PLACE, "own", Scale.CHOICE, 1, OPTIONS),
)
USUAL = (3, 8, 25, 42, 22)
"""How often of 100 a company gives each answer: most agree. The standard deviation is 2.4 of 10."""


@dataclass(frozen=True)
class Played:
    """A sealed wave, and, to judge claims by, what each of its people answered."""

    wave: SealedWave
    cohort_of: Mapping[str, int]
    replies: Mapping[str, Replies]

    def counts(self, *positions: int) -> Mapping[int, int]:
        """Return how many people of each cohort answered all of these questions."""
        counted: defaultdict[int, int] = defaultdict(int)
        for person, replies in self.replies.items():
            if all(position in replies for position in positions):
                counted[self.cohort_of[person]] += 1
        return counted


def company(seed: int) -> Organisation:
    """Draw a company of 8 to 160 people: skewed, crossed or nested teams, one of twelve agreeing.

    In one of three, one team of five to nine is on leave.
    """
    rng = Random(f"company {seed}")
    size, shape = rng.randint(8, 160), rng.choice(("skewed", "crossed", "nested"))
    most, taking_part = rng.choice((8, 14, 30)), rng.uniform(0.4, 1.0)
    one_question = rng.random() < 0.5
    places = rng.randint(1, 4)
    people: list[Person] = []
    team = 0
    while len(people) < size:
        members = min(size - len(people), 1 + int(rng.random() ** 2 * most))
        mood = rng.choice((2, 3, 4, 4, 5)) if rng.random() < 0.08 else None
        away = 5 <= members <= 9 and seed % 3 == 0 and rng.random() < 0.3
        home = team % places
        for _ in range(members):
            place = rng.randrange(places) if shape == "crossed" else home
            if shape == "skewed" and rng.random() < 0.2:
                place = 0
            answers = not away and rng.random() < taking_part
            replies = _replies(rng, mood, one_question=one_question) if answers else {}
            name = f"U{len(people):05}"
            people.append(Person(name, f"Team {team}", f"Place {place}", (replies,)))
        team += 1
    return Organisation(f"company {seed}", tuple(people))


def _replies(rng: Random, mood: int | None, *, one_question: bool) -> Replies:
    (first, pace) = rng.choices(range(1, 6), USUAL, k=2)
    replies = {WORKLOAD: mood or first}
    if not one_question:
        replies |= {PACE: 6 - (mood or pace), ENPS: rng.choice((0, 5, 6, 7, 8, 8, 9, 10))}
        replies[PLACE] = mood % 3 if mood else rng.randrange(3)
        if rng.random() < 0.1:
            del replies[rng.choice([WORKLOAD, PACE, ENPS, PLACE])]
    return replies


def seal(organisation: Organisation) -> Played:
    """Put people into cohorts and answers under them, as opening and sealing do."""
    assigned = assign_cohorts(
        {each.id: _attributes(each) for each in organisation.people}, organisation.k + 1
    )
    numbers = {each: number for number, each in enumerate(dict.fromkeys(assigned.values()))}
    cohort_of = {person: numbers[each] for person, each in assigned.items()}
    replies = {each.id: each.replies[0] for each in organisation.people}
    asked = {position for each in replies.values() for position in each} | {WORKLOAD}
    positions = sorted(asked)
    people: defaultdict[int, list[str]] = defaultdict(list)
    for person, cohort in cohort_of.items():
        people[cohort].append(person)
    secret = organisation.name.encode()
    wave = SealedWave(
        k=organisation.k,
        questions=[each for each in QUESTIONS if each.position in asked],
        cohorts={
            number: {name: getattr(each, name) for name in DIMENSIONS}
            for each, number in numbers.items()
        },
        invited={cohort: len(each) for cohort, each in people.items()},
        asked={cohort: len(each) for cohort, each in people.items()},
        responses=Responses.of(
            positions,
            [
                (cohort_of[person], *(each.get(position, NO_ANSWER) for position in positions))
                for person, each in replies.items()
                if each
            ],
        ),
        comments=[],
        digests={cohort: members_digest(secret, each) for cohort, each in people.items()},
        secret=secret,
    )
    return Played(wave, cohort_of, replies)


def _attributes(person: Person) -> Attributes:
    return Attributes(
        team=person.team,
        department=person.department,
        mentoring=IN_MENTORING if person.is_mentored(0) else NOT_IN_MENTORING,
        location=person.location,
    )
