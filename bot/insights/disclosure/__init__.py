"""The one gate: it decides which figures exist.

Pure: it sees how many people answered, never an answer. The attacker it has in mind knows
everybody's membership, every n, every figure that is shown, and these rules.

A *cohort* is a group of respondents that is always counted together (the key is up to the caller).
A *cell* is a candidate for a figure: a set of cohorts, in a tree. `decide` takes the cells of one
measure (a driver or a question) and the number of respondents per cohort:

>>> respondents = {"design": 3, "legal": 4, "sales": 9}
>>> cells = [
...     Cell("total", "total", "Everybody", frozenset(respondents)),
...     Cell("team:design", "team", "Design", frozenset({"design"}), parent="total"),
...     Cell("team:legal", "team", "Legal", frozenset({"legal"}), parent="total"),
...     Cell("team:sales", "team", "Sales", frozenset({"sales"}), parent="total"),
... ]
>>> decision = decide(cells, respondents, k=5)
>>> [(cell.label, cell.n, cell.note) for cell in decision.shown]
[('Everybody', 16, ''), ('Sales', 9, ''), ('Design + Legal', 7, 'merged to protect privacy')]

A figure is computed over `shown.cohorts` and over nothing else. Rules, for k respondents:

1. *Primary*: a shown cell has at least k respondents.
2. *Remainder*: what is not shown under a shown parent adds up to none or to at least k.
3. *Overlap*: two shown cells, in one release or across releases, do not differ by 1 to k-1.
4. *Audit*: no linear combination of all that is shown determines a group that breaks rule 1.

Hiding depends on counts alone, so it tells nothing about answers. No figure is fine enough to show
that all answers of a group are alike (`bot.insights.pure.resolution`).

Small siblings are merged rather than hidden. Where interim figures were released, a key is a cohort
together with the release that first counted the respondent; earlier cells are `already_shown`.
"""

from bot.insights.disclosure.cells import (
    MERGED_NOTE,
    MINIMUM_K,
    Cell,
    CohortKey,
    Decision,
    Hidden,
    Reason,
    Shown,
)
from bot.insights.disclosure.gate import decide

__all__ = [
    "MERGED_NOTE",
    "MINIMUM_K",
    "Cell",
    "CohortKey",
    "Decision",
    "Hidden",
    "Reason",
    "Shown",
    "decide",
]
