"""A broker for a robot's session, whose every word is a test's."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import Any, AsyncIterator, Awaitable, Callable, cast

import websockets

from tether_robot.clock import SteadyClock
from tether_robot.session import Session
from tether_robot.tickets import Tickets

WELCOME: dict[str, Any] = {
    "type": "welcome",
    "session": {"id": "rse_01J00000000000000000000000", "epoch": 1, "resumed": False},
    "serverTime": 0,
    "deadlines": {"authExpiresAt": 14_400_000, "connectionEndsAt": 7_200_000},
    "peers": [],
    "iceServers": [],
}
CLIENT = "cse_01J00000000000000000000001"
PEER = {"session": CLIENT, "kind": "client", "state": "online", "epoch": 2, "instance": "k3Jd9sQ_x-2n"}


class Heard:
    """A listener that keeps the names of what it is told, and can wait for one."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self._more = asyncio.Event()

    def __getattr__(self, name: str) -> Callable[..., None]:
        def tell(*_: Any) -> None:
            self.told.append(name)
            self._more.set()

        return tell

    async def until(self, name: str) -> None:
        while name not in self.told:
            self._more.clear()
            await asyncio.wait_for(self._more.wait(), 20)


class Socket:
    """The broker's end of a connection, numbered from 1."""

    def __init__(self, socket: Any, number: int) -> None:
        self._socket, self.number = socket, number

    async def say(self, *frames: dict[str, Any]) -> None:
        for frame in frames:
            await self._socket.send(json.dumps(frame))

    async def close(self) -> None:
        await self._socket.close()

    async def wait_closed(self) -> None:
        await asyncio.wait_for(self._socket.wait_closed(), 20)

    async def frame(self, kind: str) -> dict[str, Any]:
        while True:
            frame: dict[str, Any] = json.loads(await asyncio.wait_for(self._socket.recv(), 20))
            if frame["type"] == kind:
                return frame


class Bought:
    """Tickets, each of which is good."""

    url = ""

    async def buy(self, _: str) -> dict[str, Any]:
        return {"url": self.url, "ticket": "t"}


@asynccontextmanager
async def session_with(
    accept: Callable[[Socket], Awaitable[None]], tickets: Any = None
) -> AsyncIterator[tuple[Session, Heard, asyncio.Task[None]]]:
    """A session that runs, with a broker that does on each of its connections what `accept` says."""
    bought, count = tickets or Bought(), 0

    async def connected(socket: Any, *_: Any) -> None:
        nonlocal count
        count += 1
        await accept(Socket(socket, count))
        await socket.wait_closed()

    async with websockets.serve(connected, "127.0.0.1", 0, subprotocols=cast(Any, ["tether.v1"])) as server:
        bought.url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
        session = Session(cast(Tickets, bought), "k3Jd9sQ_x-2m", SteadyClock(), lambda _: None)
        heard = Heard()
        session.listener = heard
        running = asyncio.create_task(session.run())
        try:
            yield session, heard, running
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
