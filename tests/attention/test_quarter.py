"""Some weeks of a company with all kinds of messages: budgets, hours, and nothing lost."""

from tests.attention.quarter import live


async def test_nobody_gets_more_than_their_budget_or_a_message_outside_of_their_hours(
    database_url: str,
) -> None:
    quarter = await live(database_url, weeks=3, size=24)
    assert quarter.over_budget() == 0
    assert quarter.outside_hours() == 0
    assert set(quarter.not_asked()) <= {"at limit", "away"}, "nobody is left out without a reason"
    first, came = quarter.first_days()
    assert came > 80
    assert first / came > 0.85
    assert len(quarter.kinds) > 5, "all kinds of messages were on"
