"""Organisations to attack: who belongs where, and what each would answer in each wave."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from hypothesis import strategies as st

Replies = Mapping[int, int]
"""Position of the question to the value answered."""

WORKLOAD, PACE, ENPS, PLACE = range(4)
"""Two questions of one driver, one on the scale from 0 to 10, and a choice of one."""
OPTIONS = ("At home", "In the office", "Both")


@dataclass(frozen=True)
class Person:
    """Somebody of an organisation.

    `waves` are the first and last (exclusive) that ask them, `mentored` those while which they have
    a mentor.
    """

    id: str
    team: str
    location: str
    replies: tuple[Replies, ...]
    """What they answer, wave by wave; nothing where they do not."""
    waves: tuple[int, int] = (0, 99)
    mentored: tuple[int, int] = (0, 0)

    @property
    def department(self) -> str:
        """Departments hold whole teams: a nested hierarchy."""
        return f"Dept {int(self.team.removeprefix('Team ')) // 3}"

    def is_there(self, wave: int) -> bool:
        """Return True if the person is employed when a wave opens."""
        return self.waves[0] <= wave < self.waves[1]

    def is_mentored(self, wave: int) -> bool:
        """Return True if the person has a mentor when a wave opens."""
        return self.mentored[0] <= wave < self.mentored[1]


@dataclass(frozen=True)
class Organisation:
    """A company over several waves."""

    name: str
    people: tuple[Person, ...]
    waves: int = 1
    k: int = 5

    def with_replies(self, person_id: str, replies: Sequence[Replies]) -> "Organisation":
        """Return the same organisation in which one person answers differently."""
        people = tuple(
            replace(each, replies=tuple(replies)) if each.id == person_id else each
            for each in self.people
        )
        return replace(self, people=people)


def generated(seed: int, *, waves: int = 1) -> Organisation:
    """Draw an organisation of 12 to 60 people; half of them have teams in agreement.

    Each third has larger teams, of which many people have a mentor.
    """
    rng = Random(seed)
    mentoring = seed % 3 == 1
    sizes = [
        rng.choice([6, 12, 14, 20, 26] if mentoring else [1, 3, 5, 6, 7, 9, 14])
        for _ in range(rng.randint(2, 5 if mentoring else 8))
    ]
    drawn = _organisation(
        f"generated {seed}",
        rng,
        sizes,
        waves=waves,
        locations=rng.randint(1, 4),
        settled=rng.choice([0.0, 0.85]),
    )
    return with_mentees(drawn, seed) if mentoring else drawn


def with_mentees(organisation: Organisation, seed: int) -> Organisation:
    """Give a mentor to some of each team, from a few of its people to most of them."""
    rng = Random(f"mentees {seed}")
    shares: dict[str, float] = {}
    people = []
    for each in organisation.people:
        share = shares.setdefault(each.team, rng.choice([0.2, 0.5, 0.5, 0.7]))
        people.append(replace(each, mentored=(0, 99) if rng.random() < share else (0, 0)))
    return replace(organisation, people=tuple(people))


def named() -> Iterator[Organisation]:
    """Give the organisations in which gates are known to fail."""
    yield _organisation("small", Random(1), [5, 6, 5], locations=2)
    yield _organisation("skewed", Random(2), [40, 6, 5, 4, 2, 1], locations=3)
    yield _organisation("one-person teams", Random(3), [1] * 12 + [6, 7], locations=2)
    yield _organisation("nested departments", Random(4), [5, 6, 5, 7, 5, 6, 9, 5], locations=2)
    yield _crossed(Random(8))
    yield with_mentees(_organisation("mentees", Random(9), [14, 14, 11, 6, 3], locations=1), 9)
    yield _mentored(Random(10))
    yield _organisation("of one mind", Random(5), [6, 7, 8, 9], locations=2, agreement=0.9)


def _crossed(rng: Random) -> Organisation:
    """Draw teams with a place each; five of each are in the next place, and rarely answer."""
    people: list[Person] = []
    for team in range(3):
        for number in range(13):
            away = number < 5
            replies = _replies(rng, None) if rng.random() < (0.25 if away else 0.9) else {}
            place = f"Place {(team + away) % 3}"
            people.append(Person(f"U{len(people):05}", f"Team {team}", place, (replies,)))
    return with_choices(Organisation("teams with a place each", tuple(people)))


def _mentored(rng: Random) -> Organisation:
    """Draw two teams, the one mostly in mentoring, the other not; the few others rarely answer."""
    people: list[Person] = []
    for team in range(2):
        for number in range(14):
            few = number < 6
            replies = _replies(rng, None) if rng.random() < (0.25 if few else 0.9) else {}
            mentored = (0, 99) if (team == 0) != few else (0, 0)
            name = f"U{len(people):05}"
            people.append(Person(name, f"Team {team}", "Place 0", (replies,), mentored=mentored))
    return with_choices(Organisation("a team in mentoring", tuple(people)))


def large() -> Organisation:
    """Draw an organisation of 5,000 people in teams of very different sizes."""
    rng = Random(6)
    sizes: list[int] = []
    while sum(sizes) < 5_000:
        sizes.append(min(1 + int(rng.lognormvariate(2, 0.9)), 5_000 - sum(sizes)))
    return with_mentees(_organisation("5,000 people", rng, sizes, locations=12), 6)


def joiner_and_leaver(seed: int) -> Organisation:
    """Draw two waves between which one joins, another leaves, and a third finds a mentor.

    The others answer as before.
    """
    drawn = generated(seed, waves=2)
    rng = Random(seed)
    joiner, leaver = rng.sample(range(len(drawn.people)), 2)
    mentee = Random(f"mentee {seed}").randrange(len(drawn.people))
    people = [
        replace(
            each,
            replies=each.replies[:1] * 2,
            waves={joiner: (1, 99), leaver: (0, 1)}.get(place, (0, 99)),
            mentored=(1, 99) if place == mentee else each.mentored,
        )
        for place, each in enumerate(drawn.people)
    ]
    return replace(drawn, name=f"joiner and leaver {seed}", people=tuple(people))


def _organisation(
    name: str,
    rng: Random,
    sizes: Sequence[int],
    *,
    locations: int,
    waves: int = 1,
    agreement: float = 0.3,
    settled: float = 0.0,
) -> Organisation:
    people: list[Person] = []
    participation = rng.uniform(0.6, 1.0)
    for team, size in enumerate(sizes):
        mood = rng.randint(1, 5) if rng.random() < agreement else None
        for _ in range(size):
            replies = tuple(
                _replies(rng, mood) if rng.random() < participation else {} for _ in range(waves)
            )
            place = min(rng.randrange(locations), rng.randrange(locations))
            if rng.random() < settled:
                place = team % locations
            people.append(Person(f"U{len(people):05}", f"Team {team}", f"Place {place}", replies))
    return with_choices(Organisation(name, tuple(people), waves))


def with_choices(organisation: Organisation) -> Organisation:
    """Let those who answer choose, too: most as their team does, some not at all."""
    rng = Random(f"choices {organisation.name}")
    custom: dict[str, int] = {}

    def choose(person: Person) -> int:
        usual = custom.setdefault(person.team, rng.randrange(len(OPTIONS)))
        return usual if rng.random() < 0.6 else rng.randrange(len(OPTIONS))

    people = [
        replace(
            each,
            replies=tuple(
                {**replies, PLACE: choose(each)} if replies and rng.random() < 0.9 else replies
                for replies in each.replies
            ),
        )
        for each in organisation.people
    ]
    return replace(organisation, people=tuple(people))


def _replies(rng: Random, mood: int | None) -> Replies:
    replies = {
        WORKLOAD: mood or rng.randint(1, 5),
        PACE: rng.randint(1, 5),
        ENPS: 10 if mood == 5 else rng.randint(0, 10),
    }
    if rng.random() < 0.15:
        del replies[rng.choice([WORKLOAD, PACE, ENPS])]
    return replies


_values = st.fixed_dictionaries(
    {},
    optional={
        WORKLOAD: st.integers(1, 5),
        PACE: st.integers(4, 5),
        ENPS: st.integers(5, 10),
        PLACE: st.integers(0, 1),
    },
)


@st.composite
def organisations(draw: st.DrawFn) -> Organisation:
    """Draw any organisation of up to 45 people, by Hypothesis, which shrinks what it finds."""
    places = st.tuples(st.integers(0, 5), st.integers(0, 2), _values, st.booleans())
    rows = draw(st.lists(places, min_size=6, max_size=45))
    people = tuple(
        Person(
            f"U{number:05}",
            f"Team {team}",
            f"Place {place}",
            (replies,),
            mentored=(0, 99) if mentored else (0, 0),
        )
        for number, (team, place, replies, mentored) in enumerate(rows)
    )
    return Organisation("drawn", people, k=draw(st.integers(4, 6)))
