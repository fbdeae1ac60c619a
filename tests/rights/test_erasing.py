"""After erasing, every column of every table is searched for the person's data."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.blockers import counting, helping, settling, weekly
from bot.blockers import service as blockers
from bot.blockers.pure.kinds import BlockerKind
from bot.blockers.service import Report
from bot.digest.service import post_now
from bot.goals import checkins
from bot.goals import service as goals
from bot.goals.pure.rounds import State as GoalState
from bot.journeys.welcome.buddies import pick, say_no
from bot.journeys.welcome.introductions import introduce
from bot.knowledge import cards
from bot.knowledge import service as knowledge
from bot.knowledge.service import ask
from bot.knowledge.unnamed import ask_unnamed
from bot.learning import notes, slots
from bot.learning.notes import Note
from bot.mentoring.coffee import service as coffee
from bot.mentoring.coffee.service import MENTOR_COFFEE
from bot.mentoring.finder import service as finder
from bot.mentoring.finder.service import MENTOR_QUESTION
from bot.mentoring.profiles.offers import store_offers
from bot.people import roles
from bot.people.roles import Role
from bot.products.board.service import ensure_products, products_of
from bot.products.decisions.service import Decision, decide
from bot.products.items.pure.states import State
from bot.products.items.service import Written, write
from bot.pulse import sealing
from bot.pulse import service as pulse
from bot.rights.service import (
    ONLY_TO_THEMSELVES,
    WITHHELD,
    erase_leaver,
    forget,
    personal_data,
)
from bot.voice.service import Way
from models import (
    Base,
    CoffeeGroup,
    Delivery,
    DigestSubscription,
    Employee,
    Goal,
    KnowledgeQuestion,
    LearningAnswer,
    MentoringFeedback,
    MentoringProfile,
    MentoringRound,
    Welcome,
    Workspace,
)
from models.database import new_key
from tests.conftest import NOW
from tests.factories import ADMIN, WORKSPACE, company, employee, match, question, survey
from tests.insights.waves import publish
from tests.pulse.waves import OpenWave, actor, open_for, store_survey
from tests.voice.acting import store

ANA: Final = "U0ANA4711"
BEN, CAT, DAN, EVE = (f"ULEGA00{number}" for number in range(4))
LATER = NOW + timedelta(days=4)
NAME, NICK, EMAIL = "Ana Zeppelin", "zeppi", "ana.zeppelin@example.com"
BLOCKED = "Nobody gives me the keys."
ASKED = "I am burnt out and want to leave my team. How did you?"
HOPES = "Become braver in talks"
GOAL, LEARNED, NOTED = "Give a talk on lifts", "Rehearse with a friend", "Tried out Elixir"
ASKED_UNNAMED, ASKED_KEPT = "chalkboards", "flipchart"
KNOWS = "Ask the wise heron"
WROTE_OPEN, WROTE_CLOSED = "The lifts are broken", "The soup is cold"
TO_HR = "My pay has not moved for years"

STAYS: Final = {
    ("audit_entries", "actor_id"): "the record of acts, which may never change",
    ("audit_entries", "subject"): "the record of acts, which may never change",
    ("surveys", "created_by"): "the company's survey; each question names who asks",
    ("digest_subscriptions", "created_by"): "the company's digest",
    ("mentoring_matches", "mentor_id"): "the mentee's history",
    ("mentoring_matches", "mentee_id"): "the mentor's history",
    ("workspaces", "owner_id"): "from Slack, which reports it again every day",
    ("comments", "text"): "a comment on a closed survey: nobody knows whose it is",
    ("knowledge_questions", "text"): "a question asked without a name: nobody knows whose it is",
    ("knowledge_cards", "question"): "where a colleague's answer to it is kept, without a name",
    ("knowledge_cards", "words"): "the same question's words",
}
"""Everything about a person that may stay, and why."""
MARK: Final = {("employees", "id"): "marked “do not contact”, or a sync would bring them back"}

Erase = Callable[[AsyncSession], Awaitable[None]]


async def forget_ana(session: AsyncSession) -> None:
    await forget(session, actor(ANA), ANA, NOW)


async def ana_left(session: AsyncSession) -> None:
    person = await session.get_one(Employee, (WORKSPACE, ANA))
    person.active, person.left_at = False, NOW - timedelta(days=30)
    await session.flush()
    await erase_leaver(session, WORKSPACE, ANA)


async def a_full_life(session: AsyncSession) -> None:
    """Let Ana do everything that leaves data about her in a table."""
    legal = (await company(session, {"Legal": 7, "Sales": 6}))[:7]
    session.add(employee(ANA, name=NAME, nick=NICK, email=EMAIL, team="Sales"))
    workspace = await session.get_one(Workspace, WORKSPACE)
    workspace.installer_id = workspace.owner_id = ANA
    for person in legal:
        person.manager_id = ANA
    await session.flush()
    await roles.grant(session, actor(ADMIN), ANA, Role.ANALYST, NOW)
    await roles.grant(session, actor(ANA), BEN, Role.ANALYST, NOW)
    await she_answers(session)
    await she_mentors(session)
    await store(session, ANA, Way.NAMED, TO_HR, NOW)
    await store(session, ANA, Way.REPLY, "Nobody talks about pay", NOW)
    await she_learns(session)
    await she_is_blocked(session)
    await she_asks_and_answers(session)
    session.add(
        DigestSubscription(
            workspace_id=WORKSPACE, channel_id="C1", weekday=0, post_at=time(9), tz="UTC",
            created_by=ANA, created_at=NOW, next_at=LATER,
        )
    )  # fmt: skip
    await post_now(session, actor(ANA), "C1", NOW, NOW)
    await she_improves(session)
    await she_welcomes(session)
    await session.flush()


async def she_improves(session: AsyncSession) -> None:
    """Look after a product, and decide about an item that she looks after as well."""
    await ensure_products(session, WORKSPACE, NOW)
    product = (await products_of(session, WORKSPACE))[0]
    product.owner_id = ANA
    await roles.grant(session, actor(ADMIN), ANA, Role.ADMIN, NOW)
    written = Written("Too many meetings.", product.id, ANA)
    item_id = await write(session, actor(ANA), written, NOW)
    await decide(session, actor(ANA), item_id, 1, Decision(State.WONT, "They stay."), NOW)


async def she_welcomes(session: AsyncSession) -> None:
    """Be new, be a buddy, be one who could not, be told of a newcomer, and be the one who listens.

    She picks a buddy as well, and is to be introduced.
    """
    workspace = await session.get_one(Workspace, WORKSPACE)
    workspace.help_person = ANA
    today = NOW.date()
    own = {"workspace_id": WORKSPACE, "starts_on": today}
    of_ben = Welcome(**own, newcomer_id=BEN, told_id=ANA, told_on=today)
    session.add_all(
        [
            Welcome(**own, newcomer_id=ANA, buddy_id=CAT, status="accepted"),
            Welcome(
                **own, newcomer_id=CAT, buddy_id=ANA, status="accepted", asks=1, introduce_at=NOW
            ),
            of_ben,
        ]
    )
    await session.flush()
    of_cat = (await session.scalars(select(Welcome).where(Welcome.buddy_id == ANA))).one()
    await introduce(session, WORKSPACE, of_cat.id, "G0WELCOME", NOW)
    asked = "ULEGA002"
    await pick(session, actor(ANA), of_ben.id, asked, NOW)
    await say_no(session, actor(asked), of_ben.id, 1, NOW)
    of_ben.declined = [asked, ANA]


async def she_answers(session: AsyncSession) -> None:
    """Answer a named survey that closes, and an anonymous one that stays open."""
    closed = await open_for(session, await store_survey(session, anonymous=False, created_by=ANA))
    await she_writes(session, closed, WROTE_CLOSED)
    await sealing.seal(session, WORKSPACE, closed.id, LATER)
    await publish(session, WORKSPACE, closed.id, LATER)
    session.add(survey(name="A draft", created_by=ANA, status="draft"))
    opened = await open_for(session, await store_survey(session, questions=[question(0)]))
    await she_writes(session, opened, WROTE_OPEN)


async def she_writes(session: AsyncSession, wave: OpenWave, words: str) -> None:
    await pulse.answer(session, actor(ANA), wave.press(ANA, 0, 5))
    await pulse.comment(session, actor(ANA), wave.press(ANA, 0), words, after_thanks=True)


async def she_mentors(session: AsyncSession) -> None:
    """Ask, be asked, be avoided, rate, and be in coffee groups, introduced or not."""
    session.add_all(
        MentoringProfile(
            workspace_id=WORKSPACE, employee_id=person, offers=["Kubernetes"], findable=True,
            hopes=HOPES if person == ANA else "", never_with=avoided, joined_at=NOW,
        )
        for person, avoided in ((ANA, [CAT]), (BEN, []), (CAT, [ADMIN, ANA]))
    )  # fmt: skip
    started = MentoringRound(workspace_id=WORKSPACE, seed=1, started_by=ANA, planned_at=NOW)
    led = match(BEN, mentor_id=ANA)
    session.add_all([started, led, match(ANA, mentor_id=CAT, status="completed")])
    await session.flush()
    session.add(
        MentoringFeedback(
            workspace_id=WORKSPACE, match_id=led.id, employee_id=ANA, about="fit", number=0,
            rating=4,
        )
    )  # fmt: skip
    for status in ("sent", "due"):
        await finder.ask(session, actor(ANA), BEN, "Kubernetes", ASKED, NOW)
        await session.flush()
        asked = await session.scalar(
            select(Delivery).where(Delivery.kind == MENTOR_QUESTION, Delivery.status == "waiting")
        )
        assert asked
        # The first one was sent on another day.
        asked.status, asked.key = status, asked.key.replace("2026", status)
        await session.flush()
    await finder.ask(session, actor(BEN), ANA, "Kubernetes", "And you?", NOW)
    for people, channel in (
        ([ANA, BEN], None),
        ([ANA, CAT], "G0PAIR"),
        ([ANA, BEN, CAT], "G0THREE"),
        ([ANA, CAT], "not yet"),
    ):
        group = CoffeeGroup(workspace_id=WORKSPACE, round_id="r", people=people, made_at=NOW)
        session.add(group)
        await session.flush()
        if channel != "not yet":
            await coffee.introduce_coffee(session, WORKSPACE, group.id, channel, NOW)


async def she_learns(session: AsyncSession) -> None:
    """Share a goal and be shared one; note what she explored, and answer the month."""
    for owner, viewer in ((ANA, BEN), (BEN, ANA)):
        goal = Goal(
            workspace_id=WORKSPACE, employee_id=owner, text=GOAL if owner == ANA else "Rest",
            measure="It was held", due_on=LATER.date(), created_at=NOW, ask_at=LATER,
        )  # fmt: skip
        session.add(goal)
        await session.flush()
        await goals.share(session, actor(owner), goal.id, viewer, NOW)
        learned = LEARNED if owner == ANA else "Sleep"
        await checkins.look_back(session, actor(owner), {goal.id: (GoalState.KEPT, learned)}, NOW)
    slot = await slots.book(session, actor(ANA), 60, NOW)
    note = Note(NOTED, "channel", channel="C1")
    await notes.save_note(session, actor(ANA), slot.id, note, NOW)
    month = NOW.date().replace(day=1)
    session.add(LearningAnswer(workspace_id=WORKSPACE, employee_id=ANA, month=month, got="none"))
    await session.flush()


async def she_is_blocked(session: AsyncSession) -> None:
    """Ask for help and help, let both be passed on and be helped, and be counted."""
    for asker, helper, other in ((ANA, BEN, DAN), (BEN, ANA, DAN), (BEN, EVE, ANA)):
        written = Report(BlockerKind.ACCESS, BLOCKED if asker == ANA else "Who knows?")
        blocker = await blockers.report(session, actor(asker), new_key(), written, NOW)
        await blockers.ask(session, actor(asker), blocker.id, helper, NOW)
        await helping.decline(session, actor(helper), blocker.id, other, NOW)
        await helping.accept(session, actor(other), blocker.id, NOW)
        await settling.introduce(session, WORKSPACE, blocker.id, "G0HELP", NOW)
    await weekly.save_preference(session, actor(ANA), 1, weekly=False)
    await counting.count(session, actor(ANA), BlockerKind.LOAD, NOW)


async def she_asks_and_answers(session: AsyncSession) -> None:
    """Ask with and without a name, be asked, answer, and write an answer that is kept."""
    for person in (ANA, BEN):
        profile = await session.get_one(MentoringProfile, (WORKSPACE, person))
        await store_offers(session, profile)
    about, days = "Kubernetes", timedelta(days=8)
    assert await ask(session, actor(ANA), about, f"Who orders {ASKED_KEPT}?", NOW) == (BEN,)
    await answer_newest(session, BEN, "Nora does.", NOW)
    await ask(session, actor(BEN), about, "Who knows?", NOW)
    await answer_newest(session, ANA, KNOWS, NOW)
    assert await ask_unnamed(session, actor(ANA), about, f"And {ASKED_UNNAMED}?", NOW + days)
    await ask(session, actor(BEN), about, "Will she read this?", NOW + days)


async def answer_newest(session: AsyncSession, person: str, text: str, now: datetime) -> None:
    """Answer the open question, and let it be kept."""
    (question,) = await session.scalars(
        select(KnowledgeQuestion).where(KnowledgeQuestion.status == "open")
    )
    await knowledge.answer(session, actor(person), question.id, text, True, now)
    asker = actor(question.asker_id or "")
    await cards.helped(session, asker, question.id, now)
    await cards.keep(session, asker, question.id, now)


async def found(session: AsyncSession, *needles: str) -> set[tuple[str, str]]:
    """Search every column of every table in the database."""
    await session.flush()
    places = set()
    for table in Base.metadata.sorted_tables:
        # The database may have more columns than the models.
        rows = await session.execute(text(f'SELECT * FROM "{table.name}"'))  # noqa: S608 (our names)
        for row in rows.mappings():
            places |= {
                (table.name, column)
                for column, value in row.items()
                if any(needle in str(value) for needle in needles)
            }
    return places


@pytest.mark.parametrize(
    ("erase", "also_stays"), [(forget_ana, MARK), (ana_left, {})], ids=["forget-me", "leaver"]
)
async def test_only_what_people_are_told_stays(
    session: AsyncSession, erase: Erase, also_stays: dict[tuple[str, str], str]
) -> None:
    await a_full_life(session)
    hers = (
        *(ANA, NAME, NICK, EMAIL, ASKED, BLOCKED, HOPES, WROTE_OPEN, WROTE_CLOSED, TO_HR, GOAL),
        *(LEARNED, NOTED, ASKED_UNNAMED, ASKED_KEPT, KNOWS),
    )
    before = await found(session, *hers)
    assert {table for table, _ in before} >= {
        "blocker_preferences", "blocker_requests", "blockers", "coffee_groups", "deliveries",
        "goal_checkins", "goals", "invitations", "knowledge_cards", "knowledge_questions",
        "knowledge_requests", "learning_answers", "learning_slots",
        "mentoring_feedback", "mentoring_offers",
        "mentoring_profiles", "mentoring_rounds", "named_responses", "open_answers", "role_grants",
        "voice_messages", "voice_threads",
        "people_products", "product_items", "item_steps", "welcomes",
    }  # fmt: skip

    await erase(session)
    await session.flush()

    assert await found(session, *hers) == {*STAYS, *also_stays}
    words = (NAME, NICK, EMAIL, ASKED, BLOCKED, HOPES, WROTE_OPEN, TO_HR, GOAL, LEARNED, NOTED)
    assert await found(session, *words, KNOWS) == set()
    assert await found(session, "Nobody talks about pay") == {("voice_messages", "text")}


async def test_others_keep_what_is_theirs(session: AsyncSession) -> None:
    await a_full_life(session)

    await forget_ana(session)
    await session.flush()

    rows = (await session.scalars(select(Delivery).where(Delivery.kind == MENTOR_COFFEE))).all()
    assert {row.recipient: row.detail["people"] for row in rows} == {
        BEN: [],  # Ben was to meet Ana alone: he is told that nobody else was there
        "G0THREE": [BEN, CAT],
    }
    groups = await session.scalars(select(CoffeeGroup.people))
    assert sorted(groups) == [[BEN], [BEN, CAT], [CAT]]
    avoiding = await session.get_one(MentoringProfile, (WORKSPACE, CAT), populate_existing=True)
    assert avoiding.never_with == [ADMIN]
    digest = (await session.scalars(select(Delivery).where(Delivery.kind == "digest"))).one()
    assert digest.detail == {"asked_by": None}


async def test_the_operator_gets_no_words_of_colleagues_and_people_get_only_their_own(
    session: AsyncSession,
) -> None:
    await a_full_life(session)
    # A question that consists of Ana's id is neither hers nor about her.
    await finder.ask(session, actor(CAT), BEN, "Kubernetes", ANA, NOW)
    await session.flush()

    async def exported(person: str, *, for_themselves: bool) -> dict[str, Any]:
        return await personal_data(session, WORKSPACE, person, NOW, for_themselves=for_themselves)

    for person in (ANA, BEN):
        data = await exported(person, for_themselves=False)
        assert data["messages"]
        assert {tuple(each) for each in data["messages"]} == {("kind", "due_at", "status")}
        for words in (ASKED, "And you?", "Kubernetes"):
            assert words not in json.dumps(data)
        assert data["left_out"] == ONLY_TO_THEMSELVES
        assert TO_HR not in json.dumps(data, default=str)
    assert ASKED in json.dumps(await exported(ANA, for_themselves=True), default=str)
    assert TO_HR in json.dumps(await exported(ANA, for_themselves=True), default=str)
    assert ASKED in json.dumps(await exported(BEN, for_themselves=True))
    own = await exported(ANA, for_themselves=True)
    questions = [each for each in own["messages"] if each["kind"] == MENTOR_QUESTION]
    assert {each["detail"]["asker"] for each in questions} == {ANA, BEN}
    assert CAT not in json.dumps(own["messages"])
    assert ASKED not in json.dumps(await exported(CAT, for_themselves=True))
    assert own["withheld"] == list(WITHHELD)
    assert [each["never_with"] for each in own["mentoring_profile"]] == [[CAT]]
