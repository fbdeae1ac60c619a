"""Socket Mode: connections, envelopes and acknowledgements.

Source: https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import random
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from sandbox.faults import Faults
from sandbox.ids import new_secret
from sandbox.state import Json

GRACE_SECONDS = 10.0
REASONS = ("warning", "refresh_requested", "link_disabled")


class SocketGoneError(Exception):
    """There is no connection, or it closed before the acknowledgement."""


@dataclass(eq=False)
class Connection:
    """One WebSocket of an app. ``draining`` means that it gets no more envelopes."""

    app_id: str
    websocket: WebSocket
    draining: bool = False
    pending: dict[str, asyncio.Future[Any]] = field(default_factory=dict)

    async def close(self) -> None:
        """Close the socket and give up what was not acknowledged."""
        self.draining = True
        for waiting in self.pending.values():
            if not waiting.done():
                waiting.set_exception(SocketGoneError())
        if self.websocket.client_state is WebSocketState.CONNECTED:
            await self.websocket.close()


class Sockets:
    """All Socket Mode connections."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._tickets: dict[str, str] = {}
        self._connections: list[Connection] = []
        self._choice = random.Random()  # noqa: S311 - spreads load, guards no secret

    def ticket(self, app_id: str) -> str:
        """Return a ticket that opens one connection."""
        ticket = new_secret()
        self._tickets[ticket] = app_id
        return ticket

    def connections(self, app_id: str) -> list[Connection]:
        """Return the connections that take envelopes."""
        return [c for c in self._connections if c.app_id == app_id and not c.draining]

    async def serve(self, websocket: WebSocket) -> None:
        """Talk to one client until it leaves: the endpoint of the address given out."""
        app_id = self._tickets.pop(websocket.query_params.get("ticket", ""), None)
        if app_id is None:
            await websocket.close(code=1008)
            return
        await websocket.accept()
        connection = Connection(app_id, websocket)
        self._connections.append(connection)
        try:
            await websocket.send_json(self._hello(app_id))
            while True:
                self._receive(connection, await websocket.receive_json())
        except WebSocketDisconnect:
            pass
        finally:
            self._connections.remove(connection)
            await connection.close()

    def _hello(self, app_id: str) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections(app_id)),
            "connection_info": {"app_id": app_id},
        }

    @staticmethod
    def _receive(connection: Connection, message: Any) -> None:
        if not isinstance(message, dict):
            return
        waiting = connection.pending.pop(str(message.get("envelope_id")), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(message.get("payload"))

    async def send(self, app_id: str, envelope: Json, name: str, seconds: float) -> Any:
        """Send an envelope over any one connection and return the payload of its ack.

        Raises SocketGoneError without a connection, and TimeoutError without an ack within
        ``seconds``.
        """
        open_now = self.connections(app_id)
        if not open_now:
            raise SocketGoneError
        connection = self._choice.choice(open_now)
        if self._faults.strike(name, "disconnect"):
            await connection.close()
            raise SocketGoneError
        waiting: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        connection.pending[envelope["envelope_id"]] = waiting
        try:
            await connection.websocket.send_json(envelope)
            return await asyncio.wait_for(waiting, seconds)
        except (RuntimeError, WebSocketDisconnect) as error:
            raise SocketGoneError from error
        finally:
            connection.pending.pop(envelope["envelope_id"], None)

    async def disconnect(self, app_id: str, reason: str) -> int:
        """Ask the app to reconnect; returns how many connections were told.

        ``warning`` announces it, ``refresh_requested`` and ``link_disabled`` stop the envelopes
        and close after a while, ``abrupt`` closes without a word.
        """
        told = self.connections(app_id)
        for connection in told:
            if reason == "abrupt":
                await connection.close()
                continue
            connection.draining = reason != "warning"
            await connection.websocket.send_json(disconnect_message(reason))
            if connection.draining:
                asyncio.get_running_loop().call_later(GRACE_SECONDS, self._end, connection)
        return len(told)

    def _end(self, connection: Connection) -> None:
        if connection in self._connections:
            asyncio.ensure_future(connection.close())  # noqa: RUF006 - ends with its connection

    async def close(self) -> None:
        """Close all connections."""
        for connection in tuple(self._connections):
            await connection.close()


def disconnect_message(reason: str) -> Json:
    """Return what Slack sends before it closes a connection."""
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sandbox"}}
