"""Signals to and from every client, exactly once and in order, over any number of connections."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from math import inf
from typing import Any, Protocol

from ..limits import AWAY_CHECK_MS, RESENDS, SIGNAL_BYTES
from .inbound import Inbound
from .outbound import Kept, Outbound

_ENDED_KEPT = 256

Frame = dict[str, Any]


class Listener(Protocol):
    def transmit(self, frame: Frame) -> None: ...
    def unacknowledged(self) -> None: ...
    def signal(self, peer: str, data: Any) -> None: ...
    def peer_online(self, peer: Frame, restarted: bool) -> None: ...
    def peer_ended(self, session: str) -> None: ...


@dataclass(slots=True)
class _Streams:
    peer: Frame | None = None
    outbound: Outbound = field(default_factory=Outbound)
    inbound: Inbound = field(default_factory=Inbound)
    early: list[Frame] = field(default_factory=list)
    check_at: float = inf
    """When the broker is to be asked about a peer that is taken for away. S15"""
    checks: int = 0

    def await_return(self, back_by: float | None) -> None:
        """By `back_by`, by this end's clock, a peer that is away is back or, a minute later, ends: the frame that says which may be lost."""
        self.check_at, self.checks = inf if back_by is None else back_by + AWAY_CHECK_MS, 0

    def doubt_away(self, at: float) -> None:
        """A frame of a peer that is taken for away hints that it is online: it is asked about now, once."""
        if self.peer and self.peer["state"] == "away" and self.checks == 0:
            self.check_at = at

    def is_check_due(self, at: float) -> bool:
        if self.check_at > at:
            return False
        self.checks += 1
        self.check_at = at + AWAY_CHECK_MS * 2**self.checks if self.checks < RESENDS else inf
        return True


def is_stale(known: Frame | None, epoch: int, state: str) -> bool:
    """Whether news of a peer is older than what is known: frames come in any order, epochs only grow. P8"""
    if known is None:
        return False
    return epoch < known["epoch"] or (epoch == known["epoch"] and known["state"] == "away" and state == "online")


class Signalling:
    def __init__(self, listener: Listener) -> None:
        self._on = listener
        self._streams: dict[str, _Streams] = {}
        self._ended: dict[str, None] = {}
        self._announced: set[str] = set()
        self._own: Frame | None = None
        self._ahead_ms = 0.0

    @property
    def peers(self) -> list[Frame]:
        return [one.peer for one in self._streams.values() if one.peer]

    def places(self) -> dict[str, Any]:
        """The account of each peer's stream in hello."""
        self._announced.clear()
        return {id: place for id, one in self._streams.items() if (place := one.inbound.received())}

    def welcome(self, session: Frame, peers: list[Frame], broken: bool, at: float, ahead_ms: float) -> None:
        """`ahead_ms`: how far the broker's clock is ahead of `at`."""
        self._ahead_ms = ahead_ms
        if self._own and self._own["id"] != session["id"]:
            self._streams = {id: _Streams(one.peer) for id, one in self._streams.items()}
        self._own = session
        present = {peer["session"] for peer in peers}
        for id, one in list(self._streams.items()):
            if one.peer and id not in present and id not in self._announced:
                self._end(id)
        for peer in peers:
            known = self._streams.get(peer["session"])
            is_new = known is None or known.peer is None or known.peer["epoch"] != peer["epoch"]
            self._update(peer, None, broken or is_new, at)

    def send(self, to: str, data: Frame, at: float) -> str | None:
        """Answers the problem that keeps it from being sent."""
        one = self._streams.get(to)
        if one is None or one.peer is None or self._own is None:
            return "signal.target"
        if len(json.dumps(data).encode()) > SIGNAL_BYTES:
            return "frame.too-large"
        if one.outbound.is_full:
            return "signal.backlog"
        # Both epochs only grow, so that a new stream is above every one before it. S3.1
        kept = one.outbound.push(self._own["epoch"] + one.peer["epoch"], data, at)
        if one.peer["state"] == "online":
            self._transmit(to, one, kept, at)
        return None

    def _transmit(self, to: str, one: _Streams, kept: Kept, at: float) -> None:
        received = one.inbound.received()
        one.inbound.reported(at)
        stream = one.outbound.stream
        frame = {"type": "signal", "id": f"{to}/{stream}/{kept.seq}", "to": to, "stream": stream, "seq": kept.seq}
        self._on.transmit({**frame, **({"received": received} if received else {}), "data": kept.data})

    def failed(self, at: float) -> None:
        """The gateway lost some frame, and does not say which. F10"""
        for one in self._streams.values():
            one.outbound.postpone(at)

    def hear(self, frame: Frame, at: float) -> None:
        match frame:
            case {"type": "signal", "from": sender}:
                self._signal(sender, frame, at)
            case {"type": "ack", "from": sender, "received": received}:
                one = self._streams.get(sender)
                if one and one.peer and received["stream"] == one.outbound.stream:
                    one.outbound.acknowledge(received)
                    one.outbound.fill(received, at)
                    one.doubt_away(at)
            case {"type": "undelivered", "to": to, "stream": stream, "seq": seq, "reason": reason}:
                self._undelivered(to, stream, seq, reason, at)
            case {"type": "problem", "id": str(id), "code": code} if id.count("/") == 2:
                to, stream, seq = id.split("/")
                if stream.isdigit() and seq.isdigit():
                    reason = "ended" if code == "signal.target" else "busy"
                    self._undelivered(to, int(stream), int(seq), reason, at)
            case {"type": "peer.online", "peer": peer}:
                self._announced.add(peer["session"])
                self._update(peer, frame.get("received"), True, at)
            case {"type": "peer.away", "session": id, "epoch": epoch}:
                one = self._streams.get(id)
                if one and one.peer and one.peer["state"] != "away" and not is_stale(one.peer, epoch, "away"):
                    one.peer = {**one.peer, "state": "away", "epoch": epoch}
                    one.await_return(self._own_time(frame.get("backBy")))
            case {"type": "peer.ended", "session": id}:
                self._end(id)

    def _signal(self, sender: str, frame: Frame, at: float) -> None:
        if sender in self._ended:
            return
        one = self._streams.setdefault(sender, _Streams())
        if one.peer is None:
            one.early = [*one.early, frame][:256]
            return
        received = frame.get("received")
        one.outbound.acknowledge(received)
        if received and "next" in received and received["stream"] == one.outbound.stream:
            one.outbound.fill(received, at)
        for data in one.inbound.accept(frame["stream"], frame["seq"], frame["data"], at):
            self._on.signal(sender, data)
        one.doubt_away(at)

    def _own_time(self, instant: float | None) -> float | None:
        return None if instant is None else instant - self._ahead_ms

    def _update(self, peer: Frame, received: dict[str, int] | None, resend: bool, at: float) -> None:
        id = peer["session"]
        one = self._streams.setdefault(id, _Streams())
        known = one.peer
        if id in self._ended or is_stale(known, peer["epoch"], peer["state"]):
            return
        one.outbound.acknowledge(received)
        instances = (known or {}).get("instance"), peer.get("instance")
        restarted = None not in instances and instances[0] != instances[1]
        one.peer = peer
        is_away = peer["state"] == "away"
        if not (is_away and known and (known["state"], known["epoch"]) == ("away", peer["epoch"])):
            one.await_return(self._own_time(peer.get("backBy")) if is_away else None)
        if restarted:
            one.outbound = Outbound()  # S7
        elif resend:
            one.outbound.resend_all(at)  # S6, S8
        is_news = restarted or known is None or (known["state"], known["epoch"]) != (peer["state"], peer["epoch"])
        if is_news and peer["state"] == "online":
            self._on.peer_online(peer, restarted)
        early, one.early = one.early, []
        for frame in early:
            self._signal(id, frame, at)

    def _undelivered(self, to: str, stream: int, seq: int, reason: str, at: float) -> None:
        one = self._streams.get(to)
        if one is None or one.outbound.stream != stream or all(kept.seq != seq for kept in one.outbound.kept):
            return
        if reason == "busy":
            one.outbound.postpone(at, lambda kept: kept.seq == seq)
        if reason == "ended":
            self._end(to)

    def _end(self, id: str) -> None:
        self._ended[id] = None
        while len(self._ended) > _ENDED_KEPT:
            del self._ended[next(iter(self._ended))]
        one = self._streams.pop(id, None)
        if one and one.peer:
            self._on.peer_ended(id)

    def handle_due(self, at: float) -> float:
        """Does what is due by now, and answers when something is due next."""
        due = inf
        for id, one in list(self._streams.items()):
            if one.is_check_due(at):
                self._on.unacknowledged()
            due = min(due, one.check_at)
            if one.peer is None or one.peer["state"] != "online":
                continue
            is_unheard = one.outbound.unacknowledged_at() <= at
            for kept in one.outbound.due(at):
                self._transmit(id, one, kept, at)
            if is_unheard:
                self._on.unacknowledged()
            received = one.inbound.received()
            if received and one.inbound.due_at() <= at:
                one.inbound.reported(at)
                self._on.transmit({"type": "ack", "to": id, "received": received})
            due = min(due, one.outbound.due_at(), one.inbound.due_at())
        return due
