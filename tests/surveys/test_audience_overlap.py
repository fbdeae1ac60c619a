"""Audiences that differ by a few, alone or several together, are not asked the same."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import FieldErrors
from bot.pulse.opening import NotOpened, OpenedWave
from bot.surveys import drafts, form_fields, service
from bot.surveys.audience import Audience, AudienceKind
from bot.surveys.audience_history import TooAlike
from bot.surveys.drafts import NewQuestion
from bot.surveys.pure.audience_overlap import differ_by_few, share_a_topic, single_out_a_few
from bot.surveys.pure.bank import load_bank
from bot.surveys.pure.scales import Scale
from models import Employee, Invitation, Survey, Wave
from models.database import new_key
from tests.conftest import NOW
from tests.factories import WORKSPACE, company, employee
from tests.pulse.opening import open_wave
from tests.surveys.making import EVERYONE, MAYA, RIGHT_AWAY, composed

K = 5
CHANNEL = Audience(AudienceKind.CHANNEL, "C1")
BANK = load_bank()
UNTIL = datetime(2027, 2, 1, tzinfo=UTC)
WAY_OUT = TooAlike("First", UNTIL, of_everyone=True).sentence
"""Where the earlier survey asked everyone."""
SAME_PEOPLE = TooAlike("First", UNTIL).sentence


def ids(*ranges: range) -> frozenset[str]:
    return frozenset(f"U{number:03}" for each in ranges for number in each)


@pytest.mark.parametrize(
    ("some", "others", "erased", "expected"),
    [
        (ids(range(46)), ids(range(46)), 0, False),
        (ids(range(46)), ids(range(45)), 0, True),
        (ids(range(46)), ids(range(37)), 0, True),
        (ids(range(46)), ids(range(36)), 0, False),
        (ids(range(20)), ids(range(4, 24)), 0, True),
        (ids(range(20)), ids(range(5, 25)), 0, False),
        (ids(range(46)), ids(range(46)), 1, True),
    ],
)
def test_audiences_may_be_the_same_or_differ_by_2k(
    some: frozenset[str], others: frozenset[str], erased: int, expected: bool
) -> None:
    assert differ_by_few(some, others, K, erased) == expected


@pytest.mark.parametrize(
    ("new", "others", "expected"),
    [
        # Everybody, less two departments, is one person.
        (ids(range(21)), [ids(range(10)), ids(range(10, 20))], True),
        (ids(range(10)), [ids(range(21)), ids(range(10, 20))], True),
        (ids(range(25)), [ids(range(10)), ids(range(10, 20))], False),
        # Five departments of ten, and two people over.
        (ids(range(52)), [ids(range(at, at + 10)) for at in range(0, 50, 10)], True),
        (ids(range(50)), [ids(range(at, at + 10)) for at in range(0, 50, 10)], False),
        # Two overlap in four people: everybody, less both, counts these four twice.
        (ids(range(30)), [ids(range(17)), ids(range(13, 30))], True),
        (ids(range(40)), [ids(range(24)), ids(range(14, 40))], False),
        # They were singled out before, and the new one has nothing to do with it.
        (ids(range(50, 60)), [ids(range(21)), ids(range(10)), ids(range(10, 20))], False),
    ],
)
def test_sums_and_differences_of_several_audiences_leave_nobody_or_k(
    new: frozenset[str], others: list[frozenset[str]], expected: bool
) -> None:
    assert single_out_a_few(new, others, K) == expected


@given(st.integers(1, 4), st.lists(st.integers(10, 14), min_size=2, max_size=5))
def test_what_is_left_of_any_parts_of_a_whole_is_found(left: int, sizes: list[int]) -> None:
    parts, at = [], 0
    for size in sizes:
        parts.append(ids(range(at, at + size)))
        at += size
    assert single_out_a_few(ids(range(at + left)), parts, K)
    assert not single_out_a_few(ids(range(at)), parts, K)


def test_a_topic_is_a_text_a_question_of_the_bank_or_a_driver() -> None:
    same_driver = [each for each in BANK.questions if each.driver == BANK.questions[0].driver][:2]
    first, second = (NewQuestion.from_bank(each) for each in same_driver)
    lunch = NewQuestion("Lunch?", Scale.CHOICE, options=("Yes", "No"))
    assert share_a_topic([first], [second])
    assert share_a_topic([lunch, first], [NewQuestion("  lunch? ", Scale.TEXT)])
    assert share_a_topic([lunch], [NewQuestion("Supper?", Scale.CHOICE, options=("Yes", "No"))])
    assert not share_a_topic([lunch], [first])


@pytest.fixture
async def people(session: AsyncSession) -> list[str]:
    """Forty designers; Maya is the forty-first employee."""
    return [person.id for person in await company(session, {"Design": 40})]


async def asked(
    session: AsyncSession,
    members: list[str] | None,
    name: str = "First",
    now: datetime = NOW,
    **changes: object,
) -> OpenedWave | NotOpened:
    """Compose, confirm and open a survey of a channel's members, or of everyone."""
    audience = EVERYONE if members is None else CHANNEL
    new = composed(name=name, when=RIGHT_AWAY, **{"audience": audience, **changes})
    there = None if members is None else set(members)
    created = await service.create_survey(session, MAYA, new, there, now)
    opened = await open_wave(session, WORKSPACE, created.id, there, now)
    assert opened
    return opened


async def refusal(session: AsyncSession, members: list[str] | None, **changes: object) -> str:
    """Compose a second survey; return why it is refused, or nothing."""
    audience = EVERYONE if members is None else CHANNEL
    new = composed(name="Second", when=RIGHT_AWAY, **{"audience": audience, **changes})
    there = None if members is None else set(members)
    refused: dict[str, str] = {}
    try:
        await drafts.save_draft(session, MAYA, new_key(), new, there, NOW)
    except FieldErrors as error:
        refused = error.fields
    return refused.pop(form_fields.audience_field(new.audience.kind), "") + "".join(refused)


async def test_all_but_one_are_refused_with_the_way_out(
    session: AsyncSession, people: list[str]
) -> None:
    await asked(session, None)
    assert await refusal(session, people) == WAY_OUT
    assert await refusal(session, people[:32]) == WAY_OUT
    assert await refusal(session, people[:31]) == ""
    assert await refusal(session, None) == "", "exactly the same people"


async def test_what_is_about_something_else_may_ask_anybody(
    session: AsyncSession, people: list[str]
) -> None:
    bank = NewQuestion.from_bank(BANK.questions[0])
    await asked(session, None, questions=(bank,))
    other = NewQuestion("Supper?", Scale.CHOICE, options=("Yes", "No"))
    assert await refusal(session, people, questions=(other,)) == ""
    same_driver = next(
        each for each in BANK.questions if each.driver == bank.driver and each.key != bank.bank_key
    )
    questions = (NewQuestion.from_bank(same_driver),)
    assert await refusal(session, people, questions=questions) == WAY_OUT


async def test_own_questions_count_as_one_topic_whatever_their_words(
    session: AsyncSession, people: list[str]
) -> None:
    await asked(session, people)
    for words in ("Supper?", "Lunch", "Lunch\u200b?"):
        other = NewQuestion(words, Scale.CHOICE, options=("Yes", "No"))
        assert await refusal(session, people[1:], questions=(other,)) == SAME_PEOPLE
        assert await refusal(session, people, questions=(other,)) == "", "exactly the same people"


async def test_a_few_audiences_may_overlap_and_no_more(
    session: AsyncSession, people: list[str]
) -> None:
    session.add_all(employee(f"UMORE{number:03}") for number in range(120))
    await session.flush()
    more = [f"UMORE{number:03}" for number in range(120)]
    for number in range(4):
        part = people[:20] + more[number * 20 : number * 20 + 20]
        later = NOW + timedelta(minutes=number)
        assert isinstance(await asked(session, part, f"Part {number}", later), OpenedWave)
    said = await refusal(session, people[:20] + more[80:100])
    assert said == TooAlike("Part 3", UNTIL, together=True).sentence
    assert await refusal(session, more[80:100]) == "", "nobody of it was asked"


async def test_a_repeating_survey_asks_the_same_people_for_a_quarter(
    session: AsyncSession, people: list[str]
) -> None:
    new = composed(audience=CHANNEL)
    created = await service.create_survey(session, MAYA, new, set(people[:20]), NOW)
    asked_in = []
    for members in (people[:20], people[:15] + people[20:25], people[5:30]):
        row = await session.get_one(Survey, (WORKSPACE, created.id))
        assert row.next_open_at
        opened = await open_wave(session, WORKSPACE, created.id, set(members), row.next_open_at)
        assert isinstance(opened, OpenedWave)
        found = select(Invitation.employee_id).where(Invitation.wave_id == opened.wave_id)
        asked_in.append(set(await session.scalars(found)))
        (await session.get_one(Employee, (WORKSPACE, people[len(asked_in)]))).active = False
        await session.flush()
    gone = {people[1]}, {people[1], people[2]}
    assert asked_in == [set(people[:20]), *(set(people[:20]) - each for each in gone)]

    row = await session.get_one(Survey, (WORKSPACE, created.id))
    row.next_on, row.next_open_at = date(2027, 1, 5), NOW
    await session.flush()
    opened = await open_wave(session, WORKSPACE, created.id, set(people[5:30]), NOW)
    assert isinstance(opened, OpenedWave)
    assert opened.invited == 25, "a new quarter asks who is there now"


async def test_named_surveys_together_leave_nobody_over(
    session: AsyncSession, people: list[str]
) -> None:
    await asked(session, people[:12], name="One", anonymous=False)
    await asked(session, people[12:23], name="Two", anonymous=False)
    said = await refusal(session, people[:24])
    told = [TooAlike(name, UNTIL, together=True).sentence for name in ("One", "Two")]
    assert said in told, "both were asked at the same moment"
    assert await refusal(session, people[:30]) == ""


async def test_after_90_days_an_audience_is_forgotten(
    session: AsyncSession, people: list[str]
) -> None:
    await asked(session, None)
    for days, said in ((89, WAY_OUT), (90, "")):
        now = NOW + timedelta(days=days)
        new = composed(name="Second", audience=CHANNEL)
        if not said:
            assert await drafts.save_draft(session, MAYA, new_key(), new, set(people), now)
            continue
        with pytest.raises(FieldErrors) as caught:
            await drafts.save_draft(session, MAYA, new_key(), new, set(people), now)
        assert list(caught.value.fields.values()) == [said]


async def test_six_people_in_surveys_of_five_are_too_few(
    session: AsyncSession, people: list[str]
) -> None:
    six = people[:6]
    for left_out in six:
        said = await refusal(session, [person for person in six if person != left_out])
        assert " 5 " in said
        assert said not in (WAY_OUT, SAME_PEOPLE)
    # With as many people as a survey needs, each pair differs by two.
    eleven = people[:11]
    assert isinstance(await asked(session, eleven[1:]), OpenedWave)
    for left_out in eleven[1:]:
        assert await refusal(session, [each for each in eleven if each != left_out]) == SAME_PEOPLE


async def test_two_parts_of_everybody_may_not_leave_one_over(
    session: AsyncSession, people: list[str]
) -> None:
    await asked(session, None)
    await asked(session, people[:20], name="Upstairs", now=NOW + timedelta(minutes=1))
    said = await refusal(session, people[20:])
    assert said == TooAlike("Upstairs", UNTIL, together=True).sentence
    assert await refusal(session, people[20:35]) == ""


async def test_a_named_survey_of_all_but_one_tells_of_that_one(
    session: AsyncSession, people: list[str]
) -> None:
    session.add_all(employee(f"UMORE{number}") for number in range(12))
    await session.flush()
    more = [f"UMORE{number}" for number in range(12)]
    await asked(session, people[1:] + more, anonymous=False)
    assert await refusal(session, people) == SAME_PEOPLE, "39 of the 40 said it by name"
    assert await refusal(session, people, anonymous=False) == ""


async def test_a_wave_does_not_open_where_its_audience_came_too_close_meanwhile(
    session: AsyncSession, people: list[str]
) -> None:
    new = composed(name="Second", audience=CHANNEL)
    created = await service.create_survey(session, MAYA, new, set(people[:20]), NOW)
    assert created.next_open_at
    await asked(session, people[20:])
    members = set(people[19:])
    opened = await open_wave(session, WORKSPACE, created.id, members, created.next_open_at)
    assert isinstance(opened, NotOpened)
    assert opened.alike
    assert opened.alike.survey_name == "First"
    row = await session.get_one(Survey, (WORKSPACE, created.id))
    assert (row.status, row.next_on) == ("active", date(2026, 11, 17)), "it has moved on"
    assert await session.scalar(select(func.count()).select_from(Wave)) == 1


async def test_a_repeating_survey_goes_on_when_somebody_joins_or_leaves(
    session: AsyncSession, people: list[str]
) -> None:
    created = await service.create_survey(session, MAYA, composed(), None, NOW)
    for number in range(3):
        row = await session.get_one(Survey, (WORKSPACE, created.id))
        assert row.next_open_at
        opened = await open_wave(session, WORKSPACE, created.id, None, row.next_open_at)
        assert isinstance(opened, OpenedWave)
        (await session.get_one(Employee, (WORKSPACE, people[number]))).active = False
        await session.flush()
    # Another survey of everyone asks those who are there now: nobody chose the difference.
    assert await refusal(session, None) == ""
    assert await refusal(session, people[3:]) != ""


async def test_somebody_who_was_forgotten_still_counts_in_an_earlier_audience(
    session: AsyncSession, people: list[str]
) -> None:
    await asked(session, people)
    await session.execute(delete(Invitation).where(Invitation.employee_id == people[0]))
    assert await refusal(session, people[1:]) == SAME_PEOPLE
