"""Passes questions on, closes them in time, and asks whether kept answers are still true."""

from bot.knowledge import cards, service
from scheduler.sweeps import Sweep, in_one_transaction

look_after_questions = Sweep(
    "look_after_questions", service.due_questions, in_one_transaction(service.look_after)
)
ask_authors = Sweep("ask_authors", cards.due_reviews, in_one_transaction(cards.ask_author))
