"""A connection of a robot's session: its frames, keepalives, and the renewals of its lease. H1, L3, E4, E10, F5, F10"""

from __future__ import annotations

import asyncio
import json
import random
import secrets
from math import inf
from typing import TYPE_CHECKING, Any, Callable

import websockets

from . import limits
from .clock import Clock
from .message import parse
from .pacing import Retry, bound_of, wait_of
from .refusal import Final, Refusal
from .signalling.signalling import Frame
from .tickets import Tickets

if TYPE_CHECKING:
    from .session import Session

Log = Callable[[dict[str, Any]], None]

HELD_MOST = 256


class Unwelcomed(ConnectionError):
    """A connection ended before its welcome; `retry` is what it asked for."""

    def __init__(self, retry: Retry) -> None:
        super().__init__("The connection ended before its welcome.")
        self.retry = retry


class Connection:
    def __init__(self, session: Session, tickets: Tickets, clock: Clock, log: Log) -> None:
        self._session, self._tickets, self._clock, self._log = session, tickets, clock, log
        self.welcomed, self.over = asyncio.Event(), asyncio.Event()
        self.was_welcomed = False
        self.retry, self.says = Retry(), ""
        self._welcomed_at: float | None = None
        self.lived_ms: float | None = None
        """How long it lived from its first welcome; None where it had none, or lives. E2.2"""
        self.share = 1.0
        self.forced_at = inf
        """When its successor waits no longer. E8"""
        self._held: list[Frame] = []
        self._ahead_ms = 0.0
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
            url, subprotocols=protocols, ping_interval=25, ping_timeout=50, open_timeout=None, close_timeout=2
        )
        self._tasks = [asyncio.create_task(work) for work in (self._read(), self._write(), self._keep())]
        self.send(self._session.hello())

    def send(self, frame: Frame) -> None:
        if not self.over.is_set():
            self._out.put_nowait(json.dumps(frame))

    async def greeted(self) -> None:
        """Waits for the welcome. Raises Final where the broker refuses for good, Unwelcomed where the connection ends before it."""
        events = [asyncio.ensure_future(event.wait()) for event in (self.welcomed, self.over)]
        try:
            await asyncio.wait(events, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for event in events:
                event.cancel()
        if self.was_welcomed:
            return
        if self.retry.policy == "never":
            raise Final(self.says)
        raise Unwelcomed(self.retry)

    def close(self) -> None:
        self._end()
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
            await asyncio.sleep(random.uniform(*limits.KEEPALIVE_MS) / 1_000)
            self.send({"type": "ping"})

    async def _read(self) -> None:
        try:
            async for data in self._socket:
                self._heard_at = self._clock.now()
                self._hear(data)
        except (websockets.ConnectionClosed, OSError):
            pass
        finally:
            self._end()
            for task in (self._lease, self._doubting):
                if task:
                    task.cancel()

    def _end(self) -> None:
        if not self.over.is_set():
            self.over.set()
            self.lived_ms = None if self._welcomed_at is None else self._clock.now() - self._welcomed_at
            self._session.lost(self)

    def _hear(self, data: Any) -> None:
        if self.over.is_set():
            return
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
                self.retry, self.says = Retry.of(frame["retry"]), frame["says"]
                self._log({"event": "bye", "cause": frame["cause"]})
                self.close()
            case "problem" if frame["code"] == "protocol.unsupported":
                # Of the problems on a socket this one alone is final. E3.1
                self.retry, self.says = Retry("never"), frame["says"]
                self.close()
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
            case "problem" if not self.was_welcomed:
                self.close()
            case _ if self.was_welcomed:
                self._session.hear(frame)
            case _:
                # Clients may be announced here before the welcome, which may be older than that. P8
                self._held = [*self._held, frame][:HELD_MOST]

    def _left_ms(self) -> float:
        return self._expires_at - self._ahead_ms - self._clock.now()

    def _welcome(self, frame: Frame) -> None:
        self._ahead_ms = frame["serverTime"] - self._clock.now()
        ends, self._expires_at = frame["deadlines"]["connectionEndsAt"], frame["deadlines"]["authExpiresAt"]
        if not self.was_welcomed:
            self.share = min(1.0, (ends - frame["serverTime"]) / limits.CONNECTION_LIFE_MS)
            self.forced_at = self._clock.now() + limits.FORCED_MS * self.share
            self._welcomed_at = self._clock.now()
        self._hold_lease(self._expires_at - frame["serverTime"])
        self._session.accept(self, frame, self._ahead_ms)
        self.was_welcomed = True
        self.welcomed.set()
        held, self._held = self._held, []
        for one in held:
            self._session.hear(one)

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
            after_ms = 0.0
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
                after_ms = refusal.after_ms
            await asyncio.sleep((after_ms + wait_of(bound_of(failures))) / 1_000)

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
