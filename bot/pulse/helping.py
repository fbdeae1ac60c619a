"""Who is offered a mentor beneath their answer. Pure; nothing of it is stored.

Whoever answers low on growth is. The message stays in Slack, though, where it would tell their
answer to whoever can read it; so half of the others are offered one, too. The coin is drawn from
the respondent's token, which nobody can compute any more once the wave is sealed.
"""

from typing import Final

from bot.surveys.scales import Scale

GROWTH: Final = "growth"


def offers_mentor(driver: str | None, scale: Scale, direction: int, value: int, token: str) -> bool:
    """Tell whether an answer brings the offer.

    `direction` is 1 where agreeing is good news, else −1; `token` is hexadecimal and secret.
    """
    if driver != GROWTH or scale is not Scale.AGREE:
        return False
    is_low = value <= 2 if direction > 0 else value >= 4
    return is_low or int(token[-1], 16) % 2 == 0
