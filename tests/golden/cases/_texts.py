"""Texts that people may write, and that must do no harm."""

PINGS = "<!channel> & <@U1> <http://evil|here>"
MARKS = "*bold* _it_ `code` ~no~ > quote"
RIGHT_TO_LEFT = "مرحبا بالعالم \u202e right to left"
EMOJI = "👩‍👩‍👧‍👦🎉"
HOSTILE = f"{PINGS} {MARKS} {RIGHT_TO_LEFT} {EMOJI}\u200f"
LONG = f"{HOSTILE} {'&' * 200}"
"""An ampersand takes five characters on its way."""
