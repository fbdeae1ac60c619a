"""Slack's Block Kit as data, and a validator that refuses what Slack would refuse.

The limits stand in tables, by the names that Slack uses: `blocks.BLOCKS`, `blocks.VIEWS`,
`elements.ELEMENTS`, `charts.CHART_TYPES`, `rich_text.INLINE` and the objects of `objects`;
`schema` is the vocabulary in which they are written.
"""

from sandbox.blockkit.problem import Problem
from sandbox.blockkit.validate import validate_attachments, validate_blocks, validate_view

__all__ = ["Problem", "validate_attachments", "validate_blocks", "validate_view"]
