"""The stages of a stop: slow, then the stop, then safe, each with its deadline. R26"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Awaitable, Callable

from ..clock import Clock
from .state import StopReason

Run = Callable[[StopReason], Awaitable[None]]
URGENT: frozenset[str] = frozenset({"stop", "leaving", "driver.failed"})


@dataclass(frozen=True, slots=True)
class Stage:
    within_ms: float
    run: Run


@dataclass(frozen=True, slots=True)
class Manoeuvre:
    slow: Stage | None = None
    stop_within_ms: float = 2_000
    safe: Stage | None = None


def is_urgent(reason: StopReason, ending: bool) -> bool:
    """`ending`: the robot's session ended while it was stopped for another reason. Then there is no time to slow down."""
    return ending or reason in URGENT


async def run_stages(
    clock: Clock, stop: Callable[[], Awaitable[None]], manoeuvre: Manoeuvre, reason: StopReason, urgent: bool
) -> tuple[Any, ...]:
    """Over when the robot stands, which the driver's stop alone says, and `safe` was done or late."""
    passed: list[dict[str, Any]] = []

    async def within(stage: str, within_ms: float, run: asyncio.Future[None]) -> None:
        began = clock.now()
        done, _ = await asyncio.wait([run], timeout=within_ms / 1_000)
        became = "late" if not done else "failed" if run.exception() else "done"
        passed.append({"stage": stage, "became": became, "tookMs": clock.now() - began})

    if manoeuvre.slow and not urgent:
        await within("slow", manoeuvre.slow.within_ms, asyncio.ensure_future(manoeuvre.slow.run(reason)))
    if not manoeuvre.safe and not manoeuvre.slow:
        await stop()
        return ()
    stopping = asyncio.ensure_future(stop())
    await within("stop", manoeuvre.stop_within_ms, stopping)
    if manoeuvre.safe:
        await within("safe", manoeuvre.safe.within_ms, asyncio.ensure_future(manoeuvre.safe.run(reason)))
    await stopping
    return tuple(passed)
