"""A robot's session over any number of connections. T1, H1, L3, E1 to E10, F5, F10"""

from __future__ import annotations

import asyncio
import random
from typing import Any, Protocol, Sequence

import websockets

from . import limits
from .clock import Clock
from .connection import Connection, Log
from .refusal import Refusal
from .signalling.signalling import Frame, Signalling
from .tickets import Tickets


class SessionListener(Protocol):
    """Told of all that a robot must hear. `over`: the session has ended for good."""

    def welcomed(self, welcome: Frame) -> None: ...
    def lost(self) -> None: ...
    def over(self) -> None: ...
    def frame(self, frame: Frame) -> None: ...
    def signal(self, peer: str, data: Any) -> None: ...
    def peer_online(self, peer: Frame, restarted: bool) -> None: ...
    def peer_ended(self, session: str) -> None: ...


class Final(Exception):
    """The robot must stay down. E3"""


class Session:
    def __init__(self, tickets: Tickets, instance: str, clock: Clock, log: Log, tracks: Sequence[str] = ()) -> None:
        self._tickets, self._instance, self._clock, self._log = tickets, instance, clock, log
        self._tracks = tracks
        self.signalling = Signalling(self)
        self.listener: SessionListener | None = None
        self._live: Connection | None = None
        self._ever_broken = False
        self._alarm: asyncio.TimerHandle | None = None
        self.left = False

    # Calls of signalling.

    def transmit(self, frame: Frame) -> None:
        self.send(frame)

    def unacknowledged(self) -> None:
        if self._live:
            self._live.doubt()

    def signal(self, peer: str, data: Any) -> None:
        if self.listener:
            self.listener.signal(peer, data)

    def peer_online(self, peer: Frame, restarted: bool) -> None:
        if self.listener:
            self.listener.peer_online(peer, restarted)

    def peer_ended(self, session: str) -> None:
        if self.listener:
            self.listener.peer_ended(session)

    def send(self, frame: Frame) -> None:
        """Drops the frame while there is no connection: whoever needs it delivered sends again."""
        if self._live:
            self._live.send(frame)

    def send_signal(self, to: str, data: Frame) -> str | None:
        problem = self.signalling.send(to, data, self._clock.now())
        self.handle_due()
        return problem

    def handle_due(self) -> None:
        if self._alarm:
            self._alarm.cancel()
        at = self._clock.now()
        due = self.signalling.handle_due(at)
        loop = asyncio.get_running_loop()
        self._alarm = loop.call_later((due - at) / 1_000, self.handle_due) if due < at + 3_600_000 else None

    def hello(self) -> Frame:
        places = self.signalling.places()
        hello = {"type": "hello", "protocol": 1, "features": [], "instance": self._instance, "received": places}
        return {**hello, "tracks": list(self._tracks)} if self._tracks else hello

    def accept(self, connection: Connection, welcome: Frame) -> None:
        """A connection was welcomed: it is the session's from now on."""
        before, self._live = self._live, connection
        if before and before is not connection:
            asyncio.get_running_loop().call_later(limits.HAND_OVER_MS / 1_000, before.close)  # H6.2
        if self.listener:
            self.listener.welcomed(welcome)
        broken = self._ever_broken or connection.was_welcomed
        self.signalling.welcome(welcome["session"], welcome["peers"], broken, self._clock.now())
        self._ever_broken = True
        self.handle_due()

    def hear(self, frame: Frame) -> None:
        self.signalling.hear(frame, self._clock.now())
        if self.listener:
            self.listener.frame(frame)
        self.handle_due()

    async def run(self) -> None:
        """Stays online until `leave`, or until the service says never. Raises Refusal or Final then."""
        failures = 0
        current: Connection | None = None
        try:
            while not self.left:
                try:
                    current = await self._connect(failures)
                    failures = 0
                    current = await self._hold(current)
                except (Refusal, OSError, asyncio.TimeoutError, websockets.WebSocketException) as error:
                    refusal = error if isinstance(error, Refusal) else None
                    self._log({"event": "connection.failed", "code": refusal.code if refusal else type(error).__name__})
                    if refusal and refusal.is_final:
                        raise
                    await self._pause(failures, refusal.after_ms if refusal else 0)
                    failures += 1
        finally:
            if self.listener:
                self.listener.over()
            if self._live:
                self._live.close()

    async def _pause(self, failures: int, after_ms: float) -> None:
        first, most = limits.BACKOFF_MS
        await asyncio.sleep((after_ms + random.uniform(0, min(first * 2**failures, most))) / 1_000)

    async def _connect(self, failures: int) -> Connection:
        """A welcomed connection, by a ticket of its own. A slow path is given more time after failures. E1, E2.1"""
        patience = limits.OPEN_MS / 1_000 * min(3, 1 + failures // 2)
        answer = await self._tickets.buy("connect")
        connection = Connection(self, self._tickets, self._clock, self._log)
        await asyncio.wait_for(connection.open(answer["url"], answer["ticket"]), patience)
        await asyncio.wait_for(connection.welcomed.wait(), patience)
        return connection

    async def _hold(self, connection: Connection) -> Connection:
        """Goes on with a connection until it breaks; its successor is begun while it goes on. E8"""
        aged = random.uniform(*limits.ROLLOVER_MS) * connection.share
        while True:
            try:
                bye = await asyncio.wait_for(connection.over.wait(), aged / 1_000)
                del bye
            except asyncio.TimeoutError:
                connection = await self._succeed(connection)
                aged = random.uniform(*limits.ROLLOVER_MS) * connection.share
                continue
            if self._live is connection:
                self._live = None
                if self.listener:
                    self.listener.lost()
            retry = connection.retry
            if retry == "never" and not self.left:
                raise Final(connection.says)
            if not self.left and retry == "backoff":
                await self._pause(0, 0)
            return connection

    async def _succeed(self, connection: Connection) -> Connection:
        failures = 0
        while not connection.over.is_set():
            try:
                return await self._connect(failures)
            except (Refusal, OSError, asyncio.TimeoutError, websockets.WebSocketException) as error:
                self._log({"event": "hand-over.failed", "code": getattr(error, "code", type(error).__name__)})
                await self._pause(failures, 0)
                failures += 1
        return connection

    async def leave(self, reason: str | None = None) -> None:
        """Ends the session for good. P7"""
        self.left = True
        live = self._live
        if live:
            self.send({"type": "leave", **({"reason": reason} if reason else {})})
            try:
                await asyncio.wait_for(live.over.wait(), 5)
            except asyncio.TimeoutError:
                pass
            live.close()
