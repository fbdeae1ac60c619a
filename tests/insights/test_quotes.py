"""Which comments a digest quotes."""

from bot.insights.pure.quotes import LONGEST, QUOTES, choose_quotes
from bot.insights.pure.words.themes import Term

WORK = "Too much work for too few people."
MORE_WORK = "My workload has doubled since we got the second product."
MEETING = "The weekly meeting could be an email."
OTHER = "The soup in the canteen is cold."


def test_each_of_the_first_themes_is_quoted_once_by_its_shortest_comment() -> None:
    comments = [OTHER, MORE_WORK, MEETING, WORK]

    assert choose_quotes(comments, ["workload", "meetings"]) == (WORK, MEETING)
    assert choose_quotes(comments, ["meetings", "workload"]) == (MEETING, WORK)
    assert choose_quotes(comments, ["workload"]) == (WORK, OTHER), "then any other"
    assert len(choose_quotes(comments, ["workload", "meetings", "growth"])) == QUOTES


def test_the_order_of_the_comments_changes_nothing() -> None:
    comments = [OTHER, MORE_WORK, MEETING, WORK]
    assert choose_quotes(comments, []) == choose_quotes(comments[::-1], [])


def test_comments_without_letters_or_longer_than_two_lines_are_not_quoted() -> None:
    assert choose_quotes(["🔥🔥🔥", "10/10", "!" * 30, "a" * (LONGEST + 1)], ["workload"]) == ()


def test_a_comment_of_a_few_letters_comes_last() -> None:
    assert choose_quotes(["Ok.", OTHER], []) == (OTHER, "Ok.")


def test_lines_are_joined_and_the_same_comment_is_quoted_once() -> None:
    assert choose_quotes([WORK, WORK.replace(" ", "\n", 2)], []) == (WORK,)


def test_words_that_hr_added_to_a_theme_count() -> None:
    assert choose_quotes([WORK, OTHER], ["tools"], [Term("tools", "canteen")])[0] == OTHER
