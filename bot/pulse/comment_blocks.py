"""The form for a comment, or for the answer to a free-text question."""

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from typing import Any, Final

from bot.blockkit.blocks import (
    SECTION_TEXT,
    Block,
    View,
    context,
    field_input,
    modal,
    section,
    sections,
    text_input,
    verbatim,
)
from bot.blockkit.form_state import fingerprint
from bot.blockkit.pressed_message import PressedMessage
from bot.blockkit.text import escape, shorten
from bot.languages import _, _n, write_number
from bot.pulse.comment_review import CommentReview
from bot.pulse.pure.telling_phrases import Phrase
from bot.pulse.pure.tokens import Press
from bot.pulse.service import COMMENT_LENGTH
from bot.pulse.steps import CommentForm
from bot.surveys.pure.scales import Scale

COMMENT_FORM: Final = "pulse:comment_form"
COMMENT_FIELD: Final = "pulse:comment_text"
PHRASE_LENGTH: Final = 120
PHRASES_SHOWN: Final = 10


@dataclass(frozen=True)
class CommentOrigin:
    """Where a comment form came from; travels in the form's private_metadata."""

    press: Press
    response_url: str | None
    """Slack's address for replacing the message; None where there is no message."""
    after_thanks: bool
    shown: str = ""
    """Fingerprint of the text whose reading by HR its author has seen."""
    original: PressedMessage | None = None
    """The message whose button opened the form."""

    def showing(self, text: str) -> "CommentOrigin":
        """Return the origin of the form that shows how `text` will be read."""
        return replace(self, shown=fingerprint(text))

    def has_shown(self, text: str) -> bool:
        """Return True if the author has seen how exactly this text will be read."""
        return self.shown == fingerprint(text)

    def encode(self) -> str:
        """Write it as JSON."""
        original = self.original and astuple(self.original)
        return json.dumps(
            [self.press.encode(), self.response_url, self.after_thanks, self.shown, original]
        )

    @classmethod
    def decode(cls, private_metadata: str) -> "CommentOrigin":
        """Read what `encode` wrote, which only Slack has held since."""
        press, response_url, after_thanks, shown, original = json.loads(private_metadata)
        pressed_in = PressedMessage(*original) if original else None
        return cls(Press.decode(press), response_url, after_thanks, shown, pressed_in)


def comment_view(form: CommentForm, origin: CommentOrigin) -> View:
    """Build the form for a comment, or for the answer to a free-text question."""
    privacy = (
        _(
            "Nobody is told who wrote it, but your own words may show it: leave out names and "
            "details that only you know."
        )
        if form.anonymous
        else _(
            "This survey is not anonymous. HR reads this word for word, without your name; but "
            "where few people write, it may be clear who did."
        )
    )
    hint = " ".join(
        [
            *([waiting_note(form.needed)] if form.is_milestone else []),
            privacy,
            _("Leave the field empty to delete what you wrote."),
        ]
    )
    return modal(
        _what(form),
        [section(f"*{escape(_(form.question))}*"), _comment_field(form, hint)],
        callback_id=COMMENT_FORM,
        submit=_("Preview") if form.anonymous else _("Save"),
        close=_("Cancel"),
        private_metadata=origin.encode(),
    )


def _seen_when(form: CommentForm) -> str:
    if form.is_milestone:
        return _(
            "*This is how HR will read it* and a digest may quote it, once at this milestone at "
            "least {needed} people comment:"
        ).format(needed=form.needed)
    return _(
        "*This is how HR will read it* after the survey has closed, and a "
        "digest may quote it, if at least {needed} people comment:"
    ).format(needed=form.needed)


def waiting_note(needed: int) -> str:
    """Say at a milestone when HR reads comments; `needed` is how many people must write."""
    return _n(
        "HR reads comments only once at least {count} person has written one at this milestone.",
        "HR reads comments only once at least {count} people have written one at this milestone.",
        needed,
    )


def too_long() -> str:
    """Say how long a comment may be."""
    return _("Please keep it to {most} characters; Slack may count emoji as several.").format(
        most=write_number(COMMENT_LENGTH)
    )


def no_form(form: CommentForm) -> str:
    """Say what to do where no form can be opened."""
    if form.scale is Scale.TEXT:
        return _("I can't open a form here, so nothing can be written. You can skip this question.")
    return _(
        "I can't open a form here, so no comment can be written. Your answer counts without one."
    )


def check_view(reading: CommentReview, origin: CommentOrigin) -> View:
    """Build the form again, with how HR will read what is in it; `origin` has shown that text.

    The field keeps its ids, so that what was typed stays in it and can be changed on the spot.
    """
    form = reading.form
    return modal(
        _("Before it is saved"),
        [
            section(_seen_when(form)),
            verbatim(shorten(reading.masked, SECTION_TEXT)),
            context(hidden_note(form.written, reading.masked)),
            *telling_blocks(reading.phrases),
            _comment_field(
                form,
                _("Nothing is saved yet. Save it, or change it here and look once more."),
            ),
        ],
        callback_id=COMMENT_FORM,
        submit=_("Save"),
        close=_("Cancel"),
        private_metadata=origin.encode(),
    )


def hidden_note(text: str, masked: str) -> str:
    """Say whether something is hidden in a text that was masked."""
    if masked != text.strip():
        return _("I hide what is in [brackets].")
    return _("I found nothing to hide. Is there a name or a detail that I missed?")


def telling_blocks(phrases: Sequence[Phrase]) -> list[Block]:
    """List what may give an author away, if anything does."""
    telling = [
        _("• “{words}” {says}.").format(
            words=escape(shorten(" ".join(phrase.words.split()), PHRASE_LENGTH)),
            says=_(phrase.says),
        )
        for phrase in phrases[:PHRASES_SHOWN]
    ]
    return sections(telling, _("*This may give you away:*")) if telling else []


def written(view: dict[str, Any]) -> str:
    """Read the comment from a submitted form; an emptied field is an empty text."""
    return view["state"]["values"][COMMENT_FIELD][COMMENT_FIELD].get("value") or ""


def _what(form: CommentForm) -> str:
    return _("Your answer") if form.scale is Scale.TEXT else _("Your comment")


def _comment_field(form: CommentForm, hint: str) -> Block:
    return field_input(
        _what(form),
        text_input(COMMENT_FIELD, max_length=COMMENT_LENGTH, multiline=True, initial=form.written),
        block_id=COMMENT_FIELD,
        hint=hint,
        optional=True,
    )
