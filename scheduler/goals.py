"""Asks people every two weeks how their goals go."""

from bot.goals.checkins import ask, people_to_ask
from scheduler.sweeps import Sweep, in_one_transaction

ask_about_goals = Sweep("ask_about_goals", people_to_ask, in_one_transaction(ask))
