"""The time in which an operator is blind, and the speeds that it leaves. R22, R23, R24"""

from __future__ import annotations

from math import inf, isfinite
from typing import Any, Literal

from ..limits import STOP_MS_USUAL
from .state import BlindTime, Bounds, Holder, Permit


def bounds_of(permit: Permit) -> Bounds:
    stop_ms = STOP_MS_USUAL if permit.stop_ms is None else permit.stop_ms
    return Bounds(permit.blind_ms, stop_ms, permit.max_linear, permit.max_angular)


def is_limited(announces_pictures: bool, holder: Holder) -> bool:
    return announces_pictures and holder.bounds.blind_ms is not None


def blind_time_of(bounds: Bounds, picture_at: float | None, at: float) -> BlindTime | Literal["blind"]:
    if picture_at is None or picture_at > at or at - picture_at >= bounds.stop_ms:
        return "blind"
    passed = at - picture_at
    limit = 1 if bounds.blind_ms is None or passed <= bounds.blind_ms else bounds.blind_ms / passed
    return BlindTime(passed, limit, picture_at)


def blind_at(announces_pictures: bool, holder: Holder) -> float:
    """When a robot that moves stops because the last picture that its operator saw is too old."""
    if not is_limited(announces_pictures, holder) or holder.blind_time is None:
        return inf
    return holder.blind_time.picture_at + holder.bounds.stop_ms


def limit_speed(command: Any, bounds: Bounds, limit: float) -> Any:
    """A command as the driver may be given it: no faster than the policy says, on the same curve, and the share of it."""
    if not isinstance(command, dict):
        return command
    most = {"linear": bounds.max_linear, "angular": bounds.max_angular}
    speeds = {name: _speed_of(command[name]) for name in most if name in command}
    share = 1.0
    for name, speed in speeds.items():
        bound = most[name]
        if bound is not None and abs(speed) > bound:
            share = min(share, bound / abs(speed))
    return {**command, **{name: speed * share * limit for name, speed in speeds.items()}}


def _speed_of(value: Any) -> float:
    """A value that is no finite number counts as 0: a driver may read "9" or True as a speed. R24"""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if is_number and isfinite(value) else 0.0
