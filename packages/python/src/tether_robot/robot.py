"""A robot that is driven over Tether: its session, its peer connections and its guard."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path
from typing import Any, Callable, Sequence

from . import limits
from .clock import SteadyClock
from .guard.driver import Driver
from .guard.guard import Guard
from .key_file import KeyFile, write_whole
from .peer import Connect, Peer
from .session import Session
from .signalling.signalling import Frame
from .tickets import Tickets, enroll

Log = Callable[[dict[str, Any]], None]


class Robot:
    """`folder` keeps the robot's keys, and whether a stop by order is in force. `connect` is a WebRTC stack's adapter, and `tracks` are
    the kinds of the tracks that it sends, "video" or "audio": clients offer a place for each (W1.2)."""

    def __init__(
        self, folder: Path, driver: Driver, connect: Connect, log: Log = lambda _: None, tracks: Sequence[str] = ()
    ) -> None:
        self._folder, self._driver, self._connect, self._log, self._tracks = folder, driver, connect, log, tracks
        self._clock = SteadyClock()
        self._keys = KeyFile(folder / "robot.json")
        self._peers: dict[str, _Client] = {}
        self._early: dict[str, list[Any]] = {}
        self._ice: list[dict[str, Any]] = []
        self._whole_at: dict[str, float] = {}
        self._report: Frame = {"inForce": False}
        self._is_report_due = True
        self.guard: Guard | None = None
        self.session: Session | None = None

    async def enroll(self, api: str, code: str) -> None:
        """Registers the robot's first key with a one-time code, unless it has one already."""
        kept = self._keys.load()
        if kept is None or kept.robot is None:
            await enroll(self._keys, api, code, self._clock)

    async def run(self) -> None:
        """Stays online and drivable until it is cancelled. Raises Refusal or Final where the robot must stay down."""
        instance = secrets.token_urlsafe(16)
        tickets = Tickets(self._keys, self._clock, instance)
        is_stopped = self._is_stopped()
        self._report = {"inForce": is_stopped}
        self.guard = Guard(
            tickets.robot, self._driver, self._clock, is_stopped=is_stopped, keep=self._keep, report=self._tell, log=self._log
        )
        self.session = Session(tickets, instance, self._clock, self._log, self._tracks)
        self.session.listener = self
        try:
            await self.session.run()
        except asyncio.CancelledError:
            await self.session.leave()
            raise
        finally:
            await self.guard.close()
            for client in list(self._peers.values()):
                await client.close()

    def _is_stopped(self) -> bool:
        """Whether a stop is in force from before. A folder that cannot be read or written may have failed to keep one. R18"""
        probe, latch = self._folder / "probe", self._folder / "stopped"
        try:
            write_whole(probe, "")
            probe.unlink()
            return latch.exists()
        except OSError:
            self._log({"event": "state.unwritable"})
            return True

    def _keep(self, latched: bool) -> bool:
        latch = self._folder / "stopped"
        if latched:
            write_whole(latch, "")
        else:
            latch.unlink(missing_ok=True)
        return True

    def _tell(self, report: Frame) -> None:
        """Only the robot knows whether a stop is in force; a frame may be lost with its connection. P13"""
        self._report, self._is_report_due = report, True
        if self.session:
            self.session.send({"type": "report", "stop": report})

    # Calls of the session.

    def welcomed(self, welcome: Frame) -> None:
        assert self.guard and self.session
        self._ice = welcome["iceServers"]
        self.guard.welcomed(welcome)
        if self._is_report_due:
            self._is_report_due = False
            self.session.send({"type": "report", "stop": self._report})

    def lost(self) -> None:
        if self.guard:
            self.guard.signalling_lost()

    def over(self) -> None:
        return

    def frame(self, frame: Frame) -> None:
        if self.guard:
            self.guard.frame(frame)

    def peer_online(self, peer: Frame, restarted: bool) -> None:
        if restarted:
            self.peer_ended(peer["session"])

    def peer_ended(self, session: str) -> None:
        self._early.pop(session, None)
        client = self._peers.pop(session, None)
        if client:
            asyncio.ensure_future(client.close())

    def signal(self, peer: str, data: Any) -> None:
        client = self._peers.get(peer)
        candidates = {"candidate": [data], "candidates": data.get("candidates", [])}.get(data.get("kind"), [])
        # A candidate may come before the offer of its generation. W3
        early = [*self._early.get(peer, []), *candidates][-256:]
        self._early[peer] = [] if data.get("kind") == "offer" else early
        is_offer = data.get("kind") == "offer"
        if is_offer and (client is None or client.is_replaced_by(data["sdp"])):
            self.peer_ended(peer)
            refused_ms = self._refuse(peer)
            if refused_ms > 0 and self.session:
                refusal = {"kind": "refused", "problem": "peer.too-many", "retryAfterMs": refused_ms}
                self.session.send_signal(peer, refusal)
                return
            client = self._peers[peer] = _Client(self, peer, self._connect, self._ice)
            for one in early:
                if (one.get("ufrag") or "") in data["sdp"]:
                    client.put({**one, "kind": "candidate"})
        if client:
            client.put(data)

    def _refuse(self, peer: str) -> float:
        """A user may have 12 peer connections made at once, and one more every 5 s. W7"""
        assert self.session
        known = next((one for one in self.session.signalling.peers if one["session"] == peer), {})
        user = (known.get("user") or {}).get("id", peer)
        at = self._clock.now()
        whole = max(at, self._whole_at.get(user, at)) + limits.PEER_EVERY_MS
        over = whole - at - limits.PEER_BURST * limits.PEER_EVERY_MS
        if over <= 0:
            self._whole_at[user] = whole
        return max(0, over)


class _Client:
    """The peer connection with a client, and its channels' place at the guard."""

    def __init__(self, robot: Robot, session: str, connect: Connect, ice: list[dict[str, Any]]) -> None:
        self._robot, self._session = robot, session
        self._give_up: Callable[[], None] = lambda: None
        self._signals: asyncio.Queue[Any] = asyncio.Queue()
        self._peer: Peer = connect(ice, self._send, self._opened)
        self._working = asyncio.create_task(self._work())

    def is_replaced_by(self, sdp: str) -> bool:
        return self._peer.is_replaced_by(sdp)

    def put(self, data: Any) -> None:
        self._signals.put_nowait(data)

    def _send(self, data: Frame) -> None:
        if self._robot.session:
            self._robot.session.send_signal(self._session, data)

    def _opened(self, control: Any, events: Any) -> None:
        if self._robot.guard:
            self._give_up = self._robot.guard.open(self._session, control, events)

    async def _work(self) -> None:
        while True:
            data = await self._signals.get()
            try:
                await self._peer.receive(data)
            except Exception as error:
                # A signal that the stack refuses is of an older generation, or a defect; the next offer may mend it.
                self._robot._log({"event": "peer.failed", "name": type(error).__name__})

    async def close(self) -> None:
        self._working.cancel()
        self._give_up()
        await self._peer.close()
