"""What the validator reports."""

from dataclasses import dataclass
from typing import Any, Literal

Code = Literal["missing_field", "invalid_type", "failed_constraint", "view_too_large"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why Slack would refuse a payload.

    Codes, wordings and constraints are those of slackhq/hack-json-schema, the library
    behind Slack's own validation.

    Attributes:
        code: `missing_field`, `invalid_type`, `failed_constraint` or `view_too_large`.
        reason: what is wrong, in Slack's words, such as "must be less than 76 characters".
        pointer: JSON pointer from the request's argument, such as `/blocks/0/text/text`.
            For a missing or an unknown field it is the object's, as in Slack.
        field: name of the property that is wrong, missing or unknown.
        constraint: what was expected and found, such as
            `{"type": "max_length", "expected": 75, "got": 80}`; None where nothing is counted.

    """

    code: Code
    reason: str
    pointer: str
    field: str
    constraint: dict[str, Any] | None = None

    @property
    def message(self) -> str:
        """One line of the `errors` and `response_metadata.messages` of a Web API answer."""
        return f"{self.reason} [json-pointer:{self.pointer}]"

    def to_json(self) -> dict[str, Any]:
        """One item of the `errors` that `blocks.validate` answers.

        https://docs.slack.dev/reference/methods/blocks.validate
        """
        error: dict[str, Any] = {
            "code": self.code,
            "message": self.reason,
            "field": self.field,
            "pointer": self.pointer,
        }
        if self.constraint is not None:
            error["constraint"] = self.constraint
        return error
