"""The state of a guard. Instants are by the robot's own clock, in ms, unless said otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import inf
from typing import Any, Literal, Mapping

StopReason = Literal[
    "deadman",
    "epoch",
    "stop",
    "permit.over",
    "signalling.away",
    "released",
    "leaving",
    "channel.closed",
    "driver.failed",
    "blind",
]
Name = Literal["idle", "armed", "driving", "stopping", "ended"]


@dataclass(frozen=True, slots=True)
class Permit:
    """The claims of a permit. `issued_at` and `expires_at` are by the broker's clock."""

    robot: str
    session: str
    user: str
    epoch: int
    issued_at: float
    expires_at: float
    deadman_ms: int
    max_age_ms: int
    blind_ms: int | None = None
    stop_ms: int | None = None
    max_linear: float | None = None
    max_angular: float | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    blind_ms: float | None
    stop_ms: float
    max_linear: float | None
    max_angular: float | None


@dataclass(frozen=True, slots=True)
class Sample:
    at: float
    round_trip_ms: float
    offset_ms: float


@dataclass(frozen=True, slots=True)
class BlindTime:
    """Of a command, from when its picture was taken to when it came."""

    blind_ms: float
    limit: float
    picture_at: float


@dataclass(frozen=True, slots=True)
class Press:
    name: str
    is_once: bool
    at: float
    ways: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Broker:
    """`ahead_ms`: the broker's clock minus the robot's. `epoch`: what its last notice named; 0 before any."""

    online: bool = False
    away_at: float = -inf
    ahead_ms: float = 0
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a permit: its time, by the broker's clock, and the robot's policy as it was then."""

    issued_at: float
    expires_at: float
    deadman_ms: float
    max_age_ms: float
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Fence:
    """
    The highest epoch known, the one session that may drive in it, the highest command obeyed in it, and the terms of the newest
    permit that was accepted in it: an older one that is shown again brings back nothing that was changed since. R1.2
    """

    epoch: int = 0
    session: str | None = None
    seq: int = 0
    terms: Terms | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """Stops by order are numbered. A latched one holds until the holder resumes from it."""

    number: int = 0
    latched: bool = False
    kept: bool = True
    presses: tuple[Press, ...] = ()


@dataclass(frozen=True, slots=True)
class Holder:
    pair: int
    session: str
    epoch: int
    issued_at: float
    expires_at: float
    deadman_ms: float
    max_age_ms: float
    bounds: Bounds
    ask_at: float
    question_at: float
    tell_at: float
    samples: tuple[Sample, ...] = ()
    asked: tuple[float, ...] = ()
    questions: int = 0
    age_ms: float | None = None
    blind_time: BlindTime | None = None
    dropped: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class State:
    """`holder` may drive, or may once the stop is carried out. `greet`: it was not told yet that it may."""

    name: Name
    robot: str
    broker: Broker = Broker()
    fence: Fence = Fence()
    order: Order = Order()
    announces_pictures: bool = False
    turn: int = 0
    holder: Holder | None = None
    last_at: float = 0
    reason: StopReason = "stop"
    since: float = 0
    greet: bool = False
    ending: bool = False


@dataclass(frozen=True, slots=True)
class Obeyed:
    """`limit`: the share of its speed that a command may be given, for the time in which its operator was blind."""

    epoch: int
    seq: int
    age_ms: float
    limit: float
    blind_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Send:
    pair: int
    message: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Broadcast:
    message: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Drive:
    command: Any
    obeyed: Obeyed
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Stopped:
    """The stop was carried out; everyone is told."""

    reason: StopReason
    latency_ms: float
    stop: int | None
    stages: tuple[dict[str, Any], ...]


Effect = Send | Broadcast | Drive | Stopped
Outcome = tuple[State, tuple[Effect, ...]]


def initial(robot: str, latched: bool = False) -> State:
    return State("idle", robot, order=Order(number=1 if latched else 0, latched=latched))


def with_fence(state: State, **part: Any) -> State:
    return replace(state, fence=replace(state.fence, **part))


def with_broker(state: State, **part: Any) -> State:
    return replace(state, broker=replace(state.broker, **part))


def begin_stop(state: State, reason: StopReason, at: float, holder: Holder | None, greet: bool = False) -> State:
    """Begins to stop the robot. Nothing is obeyed until the driver has carried it out. R6"""
    return replace(
        state, name="stopping", turn=state.turn + 1, reason=reason, since=at, holder=holder, greet=greet, ending=False
    )


def dismiss_holder(state: State, reason: StopReason, at: float) -> State:
    """The holder may not drive any more: a robot that moves is stopped first."""
    if state.name == "driving":
        return begin_stop(state, reason, at, None)
    if state.name == "armed":
        return replace(state, name="idle", holder=None)
    if state.name == "stopping":
        return replace(state, holder=None, greet=False)
    return state


def acceptance(state: State, holder: Holder) -> Send:
    """The message to the holder that it may drive."""
    seq = state.fence.seq if state.fence.epoch == holder.epoch else 0
    message: dict[str, Any] = {"type": "accepted", "epoch": holder.epoch, "seq": seq}
    if state.order.latched:
        message["stop"] = state.order.number
    return Send(holder.pair, message)
