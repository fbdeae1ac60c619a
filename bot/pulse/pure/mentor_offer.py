"""Which answers bring the offer of a mentor. Pure; nothing of it is stored.

The message stays in Slack, so neither an offer nor its absence may tell the answer. A coin decides
alike for everybody who answers a question on growth: half of them are offered a mentor, so that the
offer does not come every time.
"""

from typing import Final

GROWTH: Final = "growth"


def offers_mentor(driver: str | None, nonce: str) -> bool:
    """Tell whether answering a question of this driver brings the offer.

    `nonce` is hexadecimal and the person's own in this wave. Their buttons carry it, so the coin
    tells nothing that they do not.
    """
    return driver == GROWTH and int(nonce[-1], 16) % 2 == 0
