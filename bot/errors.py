"""Errors whose text is meant for the person who caused them; knows no Slack."""

from collections.abc import Mapping

from bot.languages import _, marked

OUTDATED = marked(
    "This button is from an older message and no longer does anything. Nothing has changed."
)


class UserError(Exception):
    """A mistake that the person can correct; the text says how."""


class NotAllowedError(UserError):
    """The person's role does not allow this. `action` is what they tried, for the audit table."""

    def __init__(self, sentence: str, *, action: str) -> None:
        super().__init__(sentence)
        self.action = action


class FieldErrors(UserError):  # noqa: N818 (it carries several errors, one per field)
    """Sentences for invalid fields of a form, by the field's id."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(fields.values()))
        self.fields = dict(fields)


class MalformedError(Exception):
    """An event that is not as Slack documents it; sending it again would not help."""


class OutdatedError(UserError):
    """A press without a meaning any more, such as a button of an earlier release."""

    def __init__(self) -> None:
        super().__init__(_(OUTDATED))
