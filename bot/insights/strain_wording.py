"""The share of people who feel strain, in words."""

from typing import Final

from bot.insights.pure.change import CellChange
from bot.insights.wave_results import Strain
from bot.insights.wording import capitalised, change_words, number_text, percent

POINTS: Final = " points"


def strain_line(strain: Strain) -> str:
    """Write a share with its interval, the steps that count, and its change, in mrkdwn."""
    steps = f", {strain.steps}" if strain.steps else ""
    text = (
        f"*{capitalised(strain.label)}* {number_text(strain.share, percent)} "
        f"({percent(strain.low)} to {percent(strain.high)}{steps})"
    )
    return f"{text} · {strain_change(strain.change)}" if strain.change else text


def group_share(strain: Strain) -> str:
    """Say in short how many of a group feel strain, and a change only if it is detectable."""
    text = f"{number_text(strain.share, percent)} {strain.label}"
    if strain.change and strain.change.detectable:
        text += f", {strain_change(strain.change).partition(' (')[0]}"
    return text


def strain_change(change: CellChange) -> str:
    """Say how a share changed, in points, or which change would have shown."""
    return change_words(change, points, POINTS)


def points(share: float) -> str:
    """Write a difference of shares, without its unit."""
    return f"{100 * share:.0f}"
