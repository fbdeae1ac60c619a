"""Decides who is offered a mentor after an answer. Nothing is stored.

The message stays in Slack, so neither the offer nor its absence may depend on the answer. A coin
toss decides for everybody who answers a question on growth, so half of them get the offer.
"""

from typing import Final

GROWTH: Final = "growth"


def offers_mentor(driver: str | None, nonce: str) -> bool:
    """Return True if an answer to a question of this driver brings the offer.

    `nonce` is hexadecimal and belongs to the person and wave. Their buttons carry it anyway, so
    the coin reveals nothing new.
    """
    return driver == GROWTH and int(nonce[-1], 16) % 2 == 0
