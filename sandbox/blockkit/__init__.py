"""Slack's Block Kit as tables, and a validator that refuses what Slack refuses.

`schema` is the vocabulary of the tables; `blocks.BLOCKS`, `blocks.VIEWS` and `elements.ELEMENTS`
hold the limits. Types that Attune does not use are unknown here, and refused as such.
"""

from sandbox.blockkit.schema import Problem
from sandbox.blockkit.validate import validate_blocks, validate_view

__all__ = ["Problem", "validate_blocks", "validate_view"]
