"""The signals that one end received of one peer. S4, S9, S14"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import Any

from ..limits import ACK_AFTER_MS, ACK_EVERY, GAP_MS, RESENDS, UNACKED


@dataclass(slots=True)
class Inbound:
    stream: int = 0
    seq: int = 0
    early: dict[int, Any] = field(default_factory=dict)
    gap_at: float | None = None
    asked: int = 0
    unacknowledged: int = 0
    since: float | None = None

    def accept(self, stream: int, seq: int, data: Any, at: float) -> list[Any]:
        """Takes a signal in, and answers the signals whose turn it is."""
        if stream < self.stream:
            return []
        if stream > self.stream:
            self.__init__(stream)  # type: ignore[misc]
        if seq > self.seq + UNACKED:
            return []
        if seq <= self.seq or seq in self.early:
            # The sender of a double does not know that it arrived.
            self.since = -inf
            return []
        self.early[seq] = data
        ready = []
        while self.seq + 1 in self.early:
            self.seq += 1
            ready.append(self.early.pop(self.seq))
        if not self.early:
            self.gap_at = None
        elif ready or self.gap_at is None:
            self.gap_at = at
        if ready:
            self.asked = 0
        self.unacknowledged += 1
        self.since = at if self.since is None else self.since
        return ready

    def received(self) -> dict[str, int] | None:
        if self.stream == 0:
            return None
        place = {"stream": self.stream, "seq": self.seq}
        return {**place, "next": min(self.early)} if self.early else place

    def reported(self, at: float) -> None:
        """The peer is being told how far this end got."""
        if self.gap_at is not None:
            self.asked += 1 if at - self.gap_at >= GAP_MS else 0
            self.gap_at = at
        self.unacknowledged, self.since = 0, None

    def due_at(self) -> float:
        if self.unacknowledged >= ACK_EVERY:
            return -inf
        gap = inf if self.gap_at is None or self.asked >= RESENDS else self.gap_at + GAP_MS * 2**self.asked
        return min(gap, inf if self.since is None else self.since + ACK_AFTER_MS)
