"""team.*."""

from sandbox.api.errors import ApiError
from sandbox.api.registry import Call, method
from sandbox.limits import Tier
from sandbox.render import team_json
from sandbox.state import Json


@method("team.info", scope="team:read", tier=Tier.THREE)
def team_info(call: Call) -> Json:
    """Describe the workspace."""
    if call.text("team", call.world.team.id) != call.world.team.id:
        raise ApiError("team_not_found")
    return {"team": team_json(call.world)}
