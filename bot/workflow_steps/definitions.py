"""Attune's steps in Workflow Builder, as the app's manifest describes them to Slack.

https://docs.slack.dev/reference/app-manifest
"""

from collections.abc import Mapping
from typing import Any, Final

START_JOURNEY: Final = "start_journey"
ASK_PULSE: Final = "ask_pulse"
ADD_TO_IMPROVE: Final = "add_to_improve"

PERSON: Final = "user_context"
"""The input that names who runs the workflow."""
PERSON_TYPE: Final = "slack#/types/user_context"
"""Slack fills it in with whoever started the workflow, or pressed a button of it. Nobody can choose
another person in Workflow Builder: https://docs.slack.dev/reference/types/user_context-type."""
SUMMARY: Final = "summary"
"""The output that says in one sentence what was done."""


def _parameter(type_: str, title: str, hint: str = "", *, is_required: bool = True) -> Any:
    described = {"type": type_, "title": title, "is_required": is_required}
    return {**described, "hint": hint} if hint else described


def _step(title: str, description: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": title,
        "description": description,
        "input_parameters": {PERSON: _parameter(PERSON_TYPE, "Who runs the workflow"), **inputs},
        "output_parameters": {SUMMARY: _parameter("string", "What was done")},
    }


STEPS: Final[Mapping[str, Mapping[str, Any]]] = {
    START_JOURNEY: _step(
        "Start a journey",
        "Sets the date from which a person's milestones come. For HR admins.",
        {
            "person": _parameter("slack#/types/user_id", "Person"),
            "journey": _parameter("string", "Journey", "joined, leaving or back"),
            "date": _parameter(
                "slack#/types/date", "Date", "Their first day, their last, or the first one back"
            ),
        },
    ),
    ASK_PULSE: _step(
        "Ask a prepared pulse",
        "Asks a template's or a survey's questions once, now. For HR admins.",
        {
            "template": _parameter(
                "string", "Template", "Such as Weekly pulse; or leave it empty", is_required=False
            ),
            "survey": _parameter(
                "string", "Survey to ask again", "Its name in /pulse list", is_required=False
            ),
            "channel": _parameter(
                "slack#/types/channel_id",
                "Members of this channel",
                "Empty: the people that the template or the survey is for",
                is_required=False,
            ),
        },
    ),
    ADD_TO_IMPROVE: _step(
        "Add to what is to improve",
        "Puts a proposal on the board of /improve. For HR admins.",
        {
            "problem": _parameter("string", "The problem, in one sentence"),
            "link": _parameter("string", "Link", "Only HR sees it", is_required=False),
        },
    ),
}
"""By callback id."""


def with_steps(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the app's manifest with the steps.

    Slack takes steps only from apps that an organisation could deploy, and sends their executions
    to a server of our own if the runtime is `remote`:
    https://docs.slack.dev/tools/bolt-python/concepts/custom-steps.
    """
    settings = {
        **manifest["settings"],
        "org_deploy_enabled": True,
        "function_runtime": "remote",
    }
    return {**manifest, "functions": STEPS, "settings": settings}
