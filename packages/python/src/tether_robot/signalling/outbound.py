"""The signals that one end sends to one peer, kept until the peer has them. S3, S5, S9, S10.1, S13"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import Any, Callable

from ..limits import AGAIN_MOST_MS, AGAIN_MS, RESEND_WINDOW, RESENDS, UNACKED, UNHEARD_MS


@dataclass(slots=True)
class Kept:
    seq: int
    data: Any
    sent_at: float
    resent: int = 0
    again_at: float = inf


@dataclass(slots=True)
class Outbound:
    stream: int = 0
    last: int = 0
    kept: list[Kept] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        return len(self.kept) >= UNACKED

    def push(self, stream: int, data: Any, at: float) -> Kept:
        self.stream = self.stream or stream
        self.last += 1
        self.kept.append(Kept(self.last, data, at))
        return self.kept[-1]

    def acknowledge(self, received: dict[str, int] | None) -> None:
        if received and received["stream"] == self.stream:
            self.kept = [one for one in self.kept if one.seq > received["seq"]]

    def resend_all(self, at: float) -> None:
        for one in self.kept:
            one.resent, one.again_at = 0, at

    def postpone(self, at: float, which: Callable[[Kept], bool] = lambda _: True) -> None:
        """The broker could not take these signals for the moment: there is no end to trying, only a longest wait."""
        for one in filter(which, self.kept):
            one.again_at = at + min(AGAIN_MS * 2**one.resent, AGAIN_MOST_MS)

    def fill(self, received: dict[str, int], at: float) -> None:
        """The peer said how far it got, and up to where it misses what follows."""
        first, following = received["seq"], received.get("next", received["seq"] + 2)
        for one in self.kept:
            is_missing = first < one.seq < following and one.resent < RESENDS
            if is_missing and at - one.sent_at >= AGAIN_MS * 2**one.resent:
                one.again_at = at

    def unacknowledged_at(self) -> float:
        if not self.kept or self.kept[0].resent >= RESENDS:
            return inf
        return self.kept[0].sent_at + UNHEARD_MS * 2 ** self.kept[0].resent

    def due(self, at: float) -> list[Kept]:
        """Takes out what is to be sent again by now."""
        is_unheard = self.unacknowledged_at() <= at
        window = self.kept[:RESEND_WINDOW]
        again = [one for n, one in enumerate(window) if one.again_at <= at or (n == 0 and is_unheard)]
        for one in again:
            one.sent_at, one.resent, one.again_at = at, one.resent + 1, inf
        return again

    def due_at(self) -> float:
        return min([self.unacknowledged_at(), *(one.again_at for one in self.kept[:RESEND_WINDOW])])
