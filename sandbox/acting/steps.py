"""Running a step of the app in a workflow, as Workflow Builder does.

Source: https://docs.slack.dev/reference/events/function_executed
"""

from sandbox.acting.lookup import person, require_installed
from sandbox.engine import Engine
from sandbox.ids import new_id, new_secret
from sandbox.outcome import CannotError, Outcome, outcome_of
from sandbox.state import Execution, Json

PERSON = "slack#/types/user_context"


async def run_step(
    engine: Engine, user: str, step: str, inputs: Json | None = None, execution: str = ""
) -> Outcome:
    """Run a step in a workflow that somebody started. Raises CannotError.

    ``inputs`` are as in the workflow; who started it is filled in. The outcome's message has the
    outputs. With the id of an earlier ``execution`` its event comes once more.
    """
    require_installed(engine)
    acting, world = person(engine, user), engine.world
    function = world.app().functions.get(step)
    if function is None:
        raise CannotError("function_not_found", f"the app's manifest has no step {step}")
    declared = function["input_parameters"]
    filled = dict(inputs or {})
    for name, each in declared.items():
        if each["type"] == PERSON:
            filled[name] = {"id": acting.id, "secret": new_secret()}
    missing = [
        name for name, each in declared.items() if each["is_required"] and name not in filled
    ]
    if missing:
        raise CannotError("missing_input", f"{step} needs {', '.join(missing)}")
    fresh = Execution(execution or new_id("Fx"), function, f"xwfp-{new_secret()}")
    run = world.executions.setdefault(fresh.id, fresh)
    event = {
        "type": "function_executed",
        "function": described(engine, step, function),
        "inputs": filled,
        "function_execution_id": run.id,
        "workflow_execution_id": new_id("Wx"),
        "event_ts": world.stamps.next(),
        "bot_access_token": run.token,
    }
    outcome = outcome_of(await engine.events.deliver(event, "function_executed"))
    if run.error:
        outcome.error, outcome.shown = "step_failed", run.error
    elif run.is_running and outcome.ok:
        outcome.error, outcome.shown = "step_running", "The workflow waits for the app."
    outcome.message, outcome.note = run.outputs, run.id
    return outcome


def described(engine: Engine, step: str, function: Json) -> Json:
    """Return a step as its event names it: parameters are lists there."""
    return {
        "id": f"Fn{step}",
        "callback_id": step,
        "title": function["title"],
        "description": function.get("description", ""),
        "type": "app",
        "input_parameters": listed(function["input_parameters"]),
        "output_parameters": listed(function.get("output_parameters", {})),
        "app_id": engine.world.app().id,
        "date_created": 1694727597,
        "date_updated": 1698947481,
        "date_deleted": 0,
    }


def listed(parameters: dict[str, Json]) -> list[Json]:
    """Return parameters with their names."""
    return [
        {
            "type": each["type"],
            "name": name,
            "description": each.get("description", ""),
            "title": each["title"],
            "is_required": each["is_required"],
        }
        for name, each in parameters.items()
    ]
