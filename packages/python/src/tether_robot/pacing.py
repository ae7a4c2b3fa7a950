"""How long a robot waits before it connects again. E2, E2.2, F5.1"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from . import limits


@dataclass(frozen=True)
class Retry:
    """What a connection's end asks for, as `bye` says it. One that ended without a word asks for nothing."""

    policy: str = "backoff"
    after_ms: float = 0

    @staticmethod
    def of(said: dict[str, Any]) -> Retry:
        after_ms = said.get("afterMs")
        return Retry(said["policy"], after_ms if isinstance(after_ms, (int, float)) else 0)


class Pacing:
    """Counts the attempts in a row that failed. A connection that did not last is one of them."""

    def __init__(self) -> None:
        self.failures = 0

    def handed_over(self) -> None:
        """The connection lasted until its successor was there."""
        self.failures = 0

    def bound_ms(self, lived_ms: float | None, retry: Retry = Retry()) -> float:
        """The bound of the wait after an attempt that was not welcomed, or a connection that lived so long; 0 is at once."""
        lasted = lived_ms is not None and lived_ms >= limits.SETTLED_MS
        if lasted:
            self.failures = 0
        if lasted and retry.policy == "now":
            return 0
        bound = max(bound_of(self.failures), retry.after_ms)
        self.failures += 1
        return bound


def bound_of(failures: int) -> float:
    first, most = limits.BACKOFF_MS
    return min(first * 2 ** min(failures, 16), most)


def wait_of(bound_ms: float) -> float:
    return random.uniform(0, bound_ms)
