"""All that can happen to a guard. `at` is by the robot's own clock, which never goes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .state import Permit


@dataclass(frozen=True, slots=True)
class Notice:
    epoch: int
    session: str | None
    released: bool = False


@dataclass(frozen=True, slots=True)
class PermitShown:
    """Without `permit` its signature did not hold."""

    at: float
    pair: int
    session: str
    permit: Permit | None


@dataclass(frozen=True, slots=True)
class Commanded:
    """`sent_at` is by the operator's clock, `picture_at` by the robot's."""

    at: float
    pair: int
    epoch: int
    seq: int
    sent_at: float
    picture_at: float | None
    command: Any


@dataclass(frozen=True, slots=True)
class StopOrdered:
    """`press` is the name of a press that may come by another way too, and `way` how it came."""

    at: float
    press: str | None = None
    way: str = "frame"
    is_once: bool = False
    session: str | None = None
    by: Any = None


@dataclass(frozen=True, slots=True)
class ChannelsOpened:
    at: float
    pair: int


@dataclass(frozen=True, slots=True)
class Resumed:
    at: float
    pair: int
    epoch: int
    stop: int
    seq: int


@dataclass(frozen=True, slots=True)
class ClockSampled:
    at: float
    pair: int
    t0: float
    t1: float


@dataclass(frozen=True, slots=True)
class ChannelsClosed:
    at: float
    pair: int


@dataclass(frozen=True, slots=True)
class Welcomed:
    at: float
    server_time: float
    notice: Notice | None


@dataclass(frozen=True, slots=True)
class Noticed:
    at: float
    notice: Notice


@dataclass(frozen=True, slots=True)
class SignallingLost:
    at: float


@dataclass(frozen=True, slots=True)
class StopDone:
    at: float
    turn: int
    stages: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class DriverFailed:
    at: float


@dataclass(frozen=True, slots=True)
class LatchWritten:
    at: float
    kept: bool


@dataclass(frozen=True, slots=True)
class PictureAnnounced:
    at: float


@dataclass(frozen=True, slots=True)
class Due:
    at: float


@dataclass(frozen=True, slots=True)
class SessionEnded:
    at: float


Event = (
    PermitShown
    | Commanded
    | StopOrdered
    | ChannelsOpened
    | Resumed
    | ClockSampled
    | ChannelsClosed
    | Welcomed
    | Noticed
    | SignallingLost
    | StopDone
    | DriverFailed
    | LatchWritten
    | PictureAnnounced
    | Due
    | SessionEnded
)
