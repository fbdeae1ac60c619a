"""Sends calendar files of booked time, and asks each month whether people got theirs."""

from datetime import datetime
from typing import Final

from bot.learning import months, slots
from bot.mentoring.pairs.pure.calendar_file import calendar_file
from bot.runtime import Runtime
from scheduler.group_dms import NotSharedError, open_group, share_file
from scheduler.paced_client import SlackBusyError, paced_client
from scheduler.sweeps import Sweep

FILE_NAME: Final = "learning.ics"


async def _send_slot(runtime: Runtime, now: datetime, unit: tuple[str, str]) -> int:
    """Record, then upload a calendar file: after a crash in between, it is not sent again."""
    client = await paced_client(runtime, unit[0])
    if client is None:
        return 0
    async with runtime.sessions.begin() as session:
        taken = await slots.take_appointment(session, *unit, now)
    if taken is None:
        return 1
    person, appointment = taken
    content = calendar_file(appointment, now)
    try:
        channel = await open_group(client, (person,))
        if channel:
            await share_file(client, runtime.http, channel, FILE_NAME, appointment.summary, content)
    except (NotSharedError, SlackBusyError):
        async with runtime.sessions.begin() as session:
            await slots.retry_appointment(session, *unit)
        raise
    return 1


async def _ask(runtime: Runtime, now: datetime, workspace_id: str) -> int:
    """Ask everybody in parts, each in a transaction of its own."""
    last: str | None = ""
    while last is not None and not runtime.stopping.is_set():
        async with runtime.sessions.begin() as session:
            last = await months.ask_some(session, workspace_id, last, now)
    return 1


send_slots = Sweep("send_slots", slots.slots_to_send, _send_slot, calls_slack=True)
ask_about_months = Sweep("ask_about_months", months.policies_to_ask, _ask)
