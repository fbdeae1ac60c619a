"""Passes questions on, closes them in time, and asks whether kept answers are still true."""

from bot.knowledge import cards, passing_on
from scheduler.sweeps import Sweep, in_one_transaction

look_after_questions = Sweep(
    "look_after_questions", passing_on.due_questions, in_one_transaction(passing_on.look_after)
)
ask_authors = Sweep("ask_authors", cards.due_reviews, in_one_transaction(cards.ask_author))
