"""The share of people who feel strain, in words."""

from bot.insights.pure.change import CellChange
from bot.insights.wave_results import Strain
from bot.insights.wording import (
    capitalised,
    change_words,
    number_text,
    percent,
    share_points,
    size_in_points,
)
from bot.languages import _


def strain_line(strain: Strain) -> str:
    """Write a share with its interval, the steps that count, and its change, in mrkdwn."""
    between = _("{low} to {high}").format(low=percent(strain.low), high=percent(strain.high))
    steps = f", {strain.steps}" if strain.steps else ""
    text = (
        f"*{capitalised(_(strain.label))}* {number_text(strain.share, percent)} ({between}{steps})"
    )
    return f"{text} · {strain_change(strain.change)}" if strain.change else text


def group_share(strain: Strain) -> str:
    """Say in short how many of a group feel strain, and a change only if it is detectable."""
    text = _("{share} {feel_so}").format(
        share=number_text(strain.share, percent), feel_so=_(strain.label)
    )
    if strain.change and strain.change.detectable:
        text += f", {strain_change(strain.change, with_range=False)}"
    return text


def strain_change(change: CellChange, *, with_range: bool = True) -> str:
    """Say how a share changed, in points, or which change would have shown."""
    return change_words(change, share_points, size_in_points, with_range=with_range)
