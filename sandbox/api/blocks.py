"""blocks.validate.

Source: https://docs.slack.dev/reference/methods/blocks.validate
"""

from sandbox.api.errors import ApiError, invalid_arguments
from sandbox.api.registry import Call, method
from sandbox.blockkit import Problem, validate_blocks, validate_view
from sandbox.limits import Tier
from sandbox.state import Json


@method("blocks.validate", caller="none", tier=Tier.FOUR)
def blocks_validate(call: Call) -> Json:
    """Check exactly one of blocks, message or view."""
    given = [n for n in ("blocks", "message", "view") if call.arguments.get(n) not in (None, "")]
    if len(given) != 1:
        raise invalid_arguments("provide exactly one of blocks, view or message")
    name = given[0]
    value = call.json(name, "invalid_arguments")
    problems = problems_of(name, value)
    if problems:
        raise ApiError(f"invalid_{name}", errors=[problem.to_json() for problem in problems])
    return {}


def problems_of(name: str, value: object) -> list[Problem]:
    """Return what is wrong with blocks, a message or a view."""
    if name == "blocks":
        return validate_blocks(value, "message")
    if name == "view":
        return validate_view(value)
    if not isinstance(value, dict):
        raise invalid_arguments("message must be an object")
    return validate_blocks(value.get("blocks", []), "message")
