"""The console commands, as `python -m bot` calls them."""

import argparse
import json
from io import StringIO

from bot.rights import cli
from models import Employee
from sandbox.demo.company import TEAM_ID, people
from tests.journeys.stage import Stage, open_stage

MAYA, SOMEBODY = (person.id for person in people()[:2])


async def run(stage: Stage, *arguments: str) -> tuple[int, str]:
    parser = argparse.ArgumentParser()
    cli.add_commands(parser.add_subparsers(dest="command"))
    out = StringIO()
    status = await cli.run(parser.parse_args(arguments), stage.runtime, out)
    return status, out.getvalue()


async def test_hr_exports_and_erases_on_request(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        status, exported = await run(stage, "export", "--person", SOMEBODY)
        assert status == 0
        data = json.loads(exported)
        assert data["directory"][0]["id"] == SOMEBODY
        assert "answers_to_open_surveys" not in data

        status, said = await run(stage, "erase", "--person", SOMEBODY)
        assert status == 1
        assert said.startswith("Nothing was erased yet. With --yes, this erases")
        status, said = await run(stage, "erase", "--person", SOMEBODY, "--yes")
        assert (status, said.split()[0]) == (0, "Erased.")
        async with stage.runtime.sessions.begin() as session:
            erased = await session.get_one(Employee, (TEAM_ID, SOMEBODY))
            assert (erased.name, erased.do_not_contact) == ("", True)

        for person, why in ((MAYA, "is the only HR admin"), ("U0NOBODY", "check --person")):
            status, said = await run(stage, "erase", "--person", person, "--yes")
            assert status == 1
            assert why in said
