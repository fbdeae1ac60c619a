"""Results of a workflow's steps: functions.completeSuccess and functions.completeError.

Source: https://docs.slack.dev/reference/methods/functions.completeSuccess
"""

from sandbox.api.errors import ApiError
from sandbox.api.registry import Call, method
from sandbox.limits import Tier
from sandbox.state import Execution, Json


@method("functions.completeSuccess", tier=Tier.THREE)
def functions_complete_success(call: Call) -> Json:
    """End an execution with its outputs."""
    execution = running(call)
    outputs = call.json("outputs", "invalid_arguments")
    declared = execution.function.get("output_parameters", {})
    needed = {name for name, each in declared.items() if each.get("is_required")}
    if not isinstance(outputs, dict) or not needed <= set(outputs) <= set(declared):
        raise ApiError("parameter_validation_failed")
    execution.outputs = outputs
    return {}


@method("functions.completeError", tier=Tier.THREE)
def functions_complete_error(call: Call) -> Json:
    """End an execution with an error that its person reads."""
    execution = running(call)
    execution.error = call.needed("error")
    return {}


def running(call: Call) -> Execution:
    """Return the execution that a call ends. Raises ApiError."""
    execution = call.world.executions.get(call.needed("function_execution_id"))
    if execution is None:
        raise ApiError("function_execution_not_found")
    if not execution.is_running:
        raise ApiError("execution_not_in_running_state")
    return execution
