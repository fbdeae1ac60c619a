"""Part of the preview: people still wait for an answer about what they are to be asked."""

from collections.abc import Sequence

from bot.blockkit.blocks import Block, field_input, section, text_input
from bot.surveys import form_fields
from bot.surveys.undecided import REASON_LENGTH


def asked_again_blocks(undecided: Sequence[str]) -> list[Block]:
    """Ask why the named drivers are asked about again before a decision; none, no blocks."""
    if not undecided:
        return []
    return [
        section(
            f"*People still wait for an answer about {' and '.join(undecided)}.* Please decide "
            "with `/improve` first, or say why you ask again now."
        ),
        field_input(
            "Why ask again now",
            text_input(form_fields.DESPITE, max_length=REASON_LENGTH),
            block_id=form_fields.DESPITE,
            hint="Everybody can read this with /pulse record. Names are hidden.",
        ),
    ]
