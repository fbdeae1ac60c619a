"""Part of the preview: people still wait for an answer about what they are to be asked."""

from collections.abc import Sequence

from bot.blockkit.blocks import Block, field_input, section, text_input
from bot.languages import _, write_list
from bot.surveys import form_fields
from bot.surveys.undecided import REASON_LENGTH


def asked_again_blocks(undecided: Sequence[str]) -> list[Block]:
    """Ask why the named drivers are asked about again before a decision; none, no blocks."""
    if not undecided:
        return []
    return [
        section(
            _(
                "*People still wait for an answer about {topics}.* Please decide with "
                "`/improve` first, or say why you ask again now."
            ).format(topics=write_list([_(each) for each in undecided]))
        ),
        field_input(
            _("Why ask again now"),
            text_input(form_fields.DESPITE, max_length=REASON_LENGTH),
            block_id=form_fields.DESPITE,
            hint=_("Everybody can read this with /pulse record. Names are hidden."),
        ),
    ]
