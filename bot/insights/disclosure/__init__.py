"""The disclosure gate: the only code that decides which figures may exist.

Pure: it sees how many people answered, never an answer. It defends against an attacker who knows
everybody's membership, every n, every shown figure, and these rules.

A *cohort* is a group of respondents that is always counted together (the caller chooses the key).
A *cell* is a candidate for a figure: a set of cohorts, in a tree. `decide` takes the cells of one
measure (a driver or a question), the number of respondents per cohort and that of people asked:

>>> respondents = {"design": 3, "legal": 4, "sales": 9}
>>> asked = {"design": 6, "legal": 7, "sales": 9}
>>> cells = [
...     Cell("total", "total", "Everybody", frozenset(respondents)),
...     Cell("team:design", "team", "Design", frozenset({"design"}), parent="total"),
...     Cell("team:legal", "team", "Legal", frozenset({"legal"}), parent="total"),
...     Cell("team:sales", "team", "Sales", frozenset({"sales"}), parent="total"),
... ]
>>> decision = decide(cells, respondents, k=5, asked=asked)
>>> [(cell.label, cell.n) for cell in decision.shown]
[('Everybody', 15), ('Sales', 8), ('Design + Legal', 7)]

A figure is computed over exactly `shown.cohorts`. Everybody asked in Sales answered, and eight of
nine count, so that nothing shown tells it: `bot.pulse.pure.counting` is how respondents are counted
in all that follows. The rules, for a minimum of k respondents:

1. *Primary*: a shown cell has at least k respondents.
2. *Remainder*: the respondents not shown under a shown parent are 0 or at least k.
3. *Overlap*: two shown cells never differ by 1 to k-1 respondents; `already_shown` cells count.
4. *Audit*: no linear combination of shown figures determines a group that breaks rule 1.

Hiding depends on counts alone, so it reveals nothing about answers. That all answers of a group are
alike never shows either: figures are too coarse for it (`bot.insights.pure.resolution`).

Small siblings are merged rather than hidden.
"""

from bot.insights.disclosure.cells import (
    MINIMUM_K,
    Cell,
    CohortKey,
    Decision,
    HiddenCell,
    HidingReason,
    ShownCell,
)
from bot.insights.disclosure.gate import decide

__all__ = [
    "MINIMUM_K",
    "Cell",
    "CohortKey",
    "Decision",
    "HiddenCell",
    "HidingReason",
    "ShownCell",
    "decide",
]
