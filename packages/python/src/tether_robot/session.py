"""A robot's session over any number of connections. T1, H1, L3, E1 to E10, F5, F10"""

from __future__ import annotations

import asyncio
import random
from typing import Any, Protocol, Sequence

import websockets

from . import limits
from .clock import Clock
from .connection import Connection, Log, Unwelcomed
from .pacing import Pacing, Retry, wait_of
from .refusal import Final, Refusal
from .signalling.signalling import Frame, Signalling
from .tickets import Tickets


_PASSING = (Refusal, OSError, asyncio.TimeoutError, websockets.WebSocketException)


class SessionListener(Protocol):
    """Told of all that a robot must hear. `over`: the session has ended for good."""

    def welcomed(self, welcome: Frame) -> None: ...
    def lost(self) -> None: ...
    def over(self) -> None: ...
    def frame(self, frame: Frame) -> None: ...
    def signal(self, peer: str, data: Any) -> None: ...
    def peer_online(self, peer: Frame, restarted: bool) -> None: ...
    def peer_ended(self, session: str) -> None: ...


class Session:
    def __init__(self, tickets: Tickets, instance: str, clock: Clock, log: Log, tracks: Sequence[str] = ()) -> None:
        self._tickets, self._instance, self._clock, self._log = tickets, instance, clock, log
        self._tracks = tracks
        self.signalling = Signalling(self)
        self.listener: SessionListener | None = None
        self._live: Connection | None = None
        self._asks_at = 0.0
        """When a ticket may be asked for again. E7"""
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
        hello = {"type": "hello", "protocol": 1, "features": ["keepalive"], "instance": self._instance, "received": places}
        return {**hello, "tracks": list(self._tracks)} if self._tracks else hello

    def accept(self, connection: Connection, welcome: Frame, ahead_ms: float) -> None:
        """A connection was welcomed: it is the session's from now on."""
        before, self._live = self._live, connection
        if before and before is not connection:
            asyncio.get_running_loop().call_later(limits.HAND_OVER_MS / 1_000, before.close)  # H6.2
        if self.listener:
            self.listener.welcomed(welcome)
        # Where a connection goes on, or was handed over, nothing was lost. S8
        self.signalling.welcome(welcome["session"], welcome["peers"], before is None, self._clock.now(), ahead_ms)
        self.handle_due()

    def lost(self, connection: Connection) -> None:
        """A connection ended. What is vouched for no more runs out from when that is known, whatever is asked for meanwhile. R2"""
        if self._live is connection:
            self._live = None
            if self.listener:
                self.listener.lost()

    def hear(self, frame: Frame) -> None:
        self.signalling.hear(frame, self._clock.now())
        if self.listener:
            self.listener.frame(frame)
        self.handle_due()

    async def run(self) -> None:
        """Stays online until `leave`, or until the service says never. Raises Refusal or Final then."""
        pacing = Pacing()
        try:
            while not self.left:
                try:
                    connection = await self._connect(pacing.failures)
                    await self._hold(connection, pacing)
                except _PASSING as error:
                    refusal = self._failed("connection.failed", error)
                    if refusal and refusal.is_final:
                        raise
                    retry = error.retry if isinstance(error, Unwelcomed) else Retry()
                    await self._pause(pacing.bound_ms(None, retry))
        finally:
            if self.listener:
                self.listener.over()
            if self._live:
                self._live.close()

    def _failed(self, event: str, error: Exception) -> Refusal | None:
        """Notes a failed attempt, and how long the service wants to be left alone. E7"""
        refusal = error if isinstance(error, Refusal) else None
        self._log({"event": event, "code": refusal.code if refusal else type(error).__name__})
        self._asks_at = self._clock.now() + (refusal.after_ms if refusal else 0)
        return refusal

    def _wait_ms(self, bound_ms: float) -> float:
        return max(0, self._asks_at - self._clock.now()) + wait_of(bound_ms)

    async def _pause(self, bound_ms: float) -> None:
        await asyncio.sleep(self._wait_ms(bound_ms) / 1_000)

    async def _connect(self, failures: int) -> Connection:
        """A welcomed connection, by a ticket of its own. A slow path is given more time after failures. E1, E2.1"""
        patience = limits.OPEN_MS / 1_000 * min(3, 1 + failures // 2)
        answer = await self._tickets.buy("connect")
        connection = Connection(self, self._tickets, self._clock, self._log)
        try:
            # Not `wait_for`, which in Python 3.11 loses a cancellation that comes with what it waits for.
            async with asyncio.timeout(patience):
                await connection.open(answer["url"], answer["ticket"])
            async with asyncio.timeout(patience):
                await connection.greeted()
        except BaseException:
            # Its welcome may still come, and would put it in the place of its successor. E5
            connection.close()
            raise
        return connection

    async def _hold(self, connection: Connection, pacing: Pacing) -> None:
        """Goes on with a connection and its successors until the last one breaks, and waits as that asks for. E8, F5.1"""
        while not await self._is_over(connection, random.uniform(*limits.ROLLOVER_MS) * connection.share):
            successor = await self._succeed(connection)
            if successor is not connection:
                pacing.handed_over()
            connection = successor
        connection.close()
        if connection.retry.policy == "never" and not self.left:
            raise Final(connection.says)
        bound_ms = pacing.bound_ms(connection.lived_ms, connection.retry)
        if not self.left:
            await self._pause(bound_ms)

    async def _succeed(self, connection: Connection) -> Connection:
        """The next connection, or this one where it ends before that. It is tried for while this one goes on. E8"""
        pacing = Pacing()
        while not connection.over.is_set():
            try:
                return await self._connect(pacing.failures)
            except _PASSING as error:
                self._failed("hand-over.failed", error)
                retry = error.retry if isinstance(error, Unwelcomed) else Retry()
                wait_ms, forced_ms = self._wait_ms(pacing.bound_ms(None, retry)), connection.forced_at - self._clock.now()
                # To wait longer is to be cut.
                if 0 < forced_ms < wait_ms:
                    wait_ms, self._asks_at = forced_ms, 0
                await self._is_over(connection, wait_ms)
        return connection

    async def _is_over(self, connection: Connection, ms: float) -> bool:
        """Whether the connection ends within so long."""
        try:
            async with asyncio.timeout(ms / 1_000):
                await connection.over.wait()
        except TimeoutError:
            return False
        return True

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
