"""A robot's session over any number of connections. T1, H1, L3, E1 to E10, F5, F10"""

from __future__ import annotations

import asyncio
import json
import random
import secrets
from typing import Any, Callable, Protocol, Sequence

import websockets

from . import limits
from .clock import Clock
from .message import parse
from .refusal import Refusal
from .signalling.signalling import Frame, Signalling
from .tickets import Tickets

Log = Callable[[dict[str, Any]], None]


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
        self._live: _Connection | None = None
        self._ever_broken = False
        self._alarm: asyncio.TimerHandle | None = None
        self.left = False

    # What signalling needs of its listener.

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

    def accept(self, connection: _Connection, welcome: Frame) -> None:
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
        current: _Connection | None = None
        try:
            while not self.left:
                try:
                    current = await self._connect()
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

    async def _connect(self) -> _Connection:
        """A welcomed connection, by a ticket of its own. E1"""
        answer = await self._tickets.buy("connect")
        connection = _Connection(self, self._tickets, self._clock, self._log)
        await asyncio.wait_for(connection.open(answer["url"], answer["ticket"]), limits.OPEN_MS / 1_000)
        await asyncio.wait_for(connection.welcomed.wait(), limits.OPEN_MS / 1_000)
        return connection

    async def _hold(self, connection: _Connection) -> _Connection:
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

    async def _succeed(self, connection: _Connection) -> _Connection:
        failures = 0
        while not connection.over.is_set():
            try:
                return await self._connect()
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


class _Connection:
    def __init__(self, session: Session, tickets: Tickets, clock: Clock, log: Log) -> None:
        self._session, self._tickets, self._clock, self._log = session, tickets, clock, log
        self.welcomed, self.over = asyncio.Event(), asyncio.Event()
        self.was_welcomed = False
        self.retry, self.says = "backoff", ""
        self.share = 1.0
        self._socket: Any = None
        self._out: asyncio.Queue[str] = asyncio.Queue()
        self._tasks: list[asyncio.Task[Any]] = []
        self._heard_at = 0.0
        self._doubting: asyncio.Task[None] | None = None
        self._lease: asyncio.Task[None] | None = None
        self._renewed = asyncio.Event()
        self._expires_at = 0.0

    async def open(self, url: str, ticket: str) -> None:
        protocols: Any = ["tether.v1", f"ticket.{ticket}"]
        self._socket = await websockets.connect(
            url, subprotocols=protocols, ping_interval=25, ping_timeout=50, open_timeout=10, close_timeout=2
        )
        self._tasks = [asyncio.create_task(work) for work in (self._read(), self._write(), self._keep())]
        self.send(self._session.hello())

    def send(self, frame: Frame) -> None:
        if not self.over.is_set():
            self._out.put_nowait(json.dumps(frame))

    def close(self) -> None:
        self.over.set()
        for task in [*self._tasks, self._lease, self._doubting]:
            if task and task is not asyncio.current_task():
                task.cancel()
        if self._socket:
            asyncio.ensure_future(self._socket.close())

    async def _write(self) -> None:
        while True:
            text = await self._out.get()
            try:
                await self._socket.send(text)
            except websockets.ConnectionClosed:
                return

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(limits.KEEPALIVE_MS * random.uniform(0.9, 1.1) / 1_000)
            self.send({"type": "ping"})

    async def _read(self) -> None:
        try:
            async for data in self._socket:
                self._heard_at = self._clock.now()
                self._hear(data)
        except (websockets.ConnectionClosed, OSError):
            pass
        finally:
            self.over.set()
            for task in (self._lease, self._doubting):
                if task:
                    task.cancel()

    def _hear(self, data: Any) -> None:
        try:
            frame = parse(data) if isinstance(data, str) else None
        except (ValueError, RecursionError):
            return
        if not isinstance(frame, dict):
            return
        if not isinstance(frame.get("type"), str):
            if "message" in frame and "requestId" in frame:
                self._gateway_failed()
            return
        try:
            self._act(frame)
        except (KeyError, TypeError) as error:
            # A frame that lacks what its schema asks for is none.
            self._log({"event": "frame.refused", "name": type(error).__name__})

    def _gateway_failed(self) -> None:
        if self.was_welcomed:
            self._session.signalling.failed(self._clock.now())
            self._session.handle_due()
        else:
            self.close()

    def _act(self, frame: Frame) -> None:
        match frame["type"]:
            case "welcome":
                self._welcome(frame)
            case "bye":
                self.retry, self.says = frame["retry"]["policy"], frame["says"]
                self._log({"event": "bye", "cause": frame["cause"]})
            case "auth.renewed":
                self._expires_at = frame["expiresAt"]
                self._renewed.set()
                self._hold_lease(self._left_ms())
            case "problem" if frame["code"] == "auth.unmoved":
                # The lease is what it was, and is renewed again in its time. L3.3
                self._renewed.set()
                self._hold_lease(max(1, self._left_ms()))
            case "auth.expiring" | "auth.expired" | "auth.challenge":
                self._hold_lease(0)
            case _ if self.was_welcomed:
                self._session.hear(frame)

    def _ahead(self) -> float:
        return self._ahead_ms

    def _left_ms(self) -> float:
        return self._expires_at - self._ahead() - self._clock.now()

    def _welcome(self, frame: Frame) -> None:
        self._ahead_ms = frame["serverTime"] - self._clock.now()
        ends, self._expires_at = frame["deadlines"]["connectionEndsAt"], frame["deadlines"]["authExpiresAt"]
        self.share = min(1.0, (ends - frame["serverTime"]) / limits.CONNECTION_LIFE_MS)
        self._hold_lease(self._expires_at - frame["serverTime"])
        self._session.accept(self, frame)
        self.was_welcomed = True
        self.welcomed.set()

    def _hold_lease(self, left_ms: float) -> None:
        if self._lease and self._lease is not asyncio.current_task():
            self._lease.cancel()
        self._lease = asyncio.create_task(self._renew(left_ms))

    async def _renew(self, left_ms: float) -> None:
        """Renews at 75 % ± 5 % of what is left, again with the waits of E2 until it is. L3"""
        share, jitter = limits.LEASE_SHARE
        least = limits.LEASE_LEAST_MS if left_ms > 0 else 0
        await asyncio.sleep(max(least, left_ms * (share + random.uniform(-jitter, jitter))) / 1_000)
        for failures in range(1_000):
            try:
                answer = await self._tickets.buy("renew")
                self._renewed.clear()
                self.send({"type": "auth.renew", "id": secrets.token_hex(4), "ticket": answer["ticket"]})
                await asyncio.wait_for(self._renewed.wait(), limits.RENEWAL_PATIENCE_MS / 1_000)
                return
            except asyncio.TimeoutError:
                self.doubt()
            except Refusal as refusal:
                self._log({"event": "renewal.failed", "code": refusal.code})
                if refusal.is_final:
                    return
            first, most = limits.BACKOFF_MS
            await asyncio.sleep(random.uniform(0, min(first * 2**failures, most)) / 1_000)

    def doubt(self) -> None:
        """Says hello again on the same socket; one that is not welcomed takes the connection for lost. E10"""
        if self._doubting is None or self._doubting.done():
            self._doubting = asyncio.create_task(self._ask_again())

    async def _ask_again(self) -> None:
        self.welcomed.clear()
        self.send(self._session.hello())
        try:
            await asyncio.wait_for(self.welcomed.wait(), limits.DOUBT_MS / 1_000)
        except asyncio.TimeoutError:
            self._log({"event": "connection.silent"})
            self.close()
