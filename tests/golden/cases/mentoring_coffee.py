"""Coffee with somebody new."""

from bot.mentoring.coffee import blocks
from tests.golden.shown import Cases

CASES: Cases = {
    "coffee": lambda: blocks.coffee_message(["U0A", "U0B"]),
    "coffee-of-three": lambda: blocks.coffee_message(["U0A", "U0B", "U0C"]),
    "alone": blocks.alone_message,
}
