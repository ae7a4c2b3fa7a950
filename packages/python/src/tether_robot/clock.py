"""Time as a robot measures it. R4.7"""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    def now(self) -> float:
        """Milliseconds since the Unix epoch as of the start, counted on by a clock that is never set."""
        ...


class SteadyClock:
    def __init__(self) -> None:
        self._ahead = time.time() * 1_000 - time.monotonic() * 1_000

    def now(self) -> float:
        return time.monotonic() * 1_000 + self._ahead
