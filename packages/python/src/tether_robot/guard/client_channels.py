"""The channels with a client: what it says there, and what it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable

from ..channel import Channel, write
from ..clock import Clock
from ..message import on_control, on_events
from . import event as on
from .declared import Declaration, is_declared
from .press import press_of
from .state import Permit

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ChannelsEnv:
    """`closed` is told, by the pair's number, that one of the channels closed or that both were given up."""

    clock: Clock
    log: Callable[[Message], None]
    declaration: Declaration | None
    verify: Callable[[str], Permit | None]
    put: Callable[[on.Event], None]
    closed: Callable[[int], None]


class ClientChannels:
    """Where one of the two closed, the other is good for a stop alone. R7.1"""

    def __init__(self, env: ChannelsEnv, pair: int, session: str, control: Channel, events: Channel) -> None:
        self.session = session
        self._env, self._pair, self._control, self._events = env, pair, control, events
        self._is_whole, self._is_left, self._is_told_undeclared = True, False, False

    def begin(self) -> None:
        env = self._env
        self._control.on_close = self._events.on_close = self._close
        if env.declaration is not None:
            self.tell({"type": "declaration", "declaration": env.declaration})  # R35
        env.put(on.ChannelsOpened(env.clock.now(), self._pair))
        # Last, because what came on a channel before this is heard now.
        self._control.on_message = self._on_control
        self._events.on_message = self._on_events

    def tell(self, message: Message, only_new: bool = False) -> None:
        if not only_new or self._events.buffered == 0:
            write(self._events, message)

    def leave(self) -> None:
        """Gives both up: nothing on them is heard any more."""
        self._is_left = True
        self._close()

    def _close(self) -> None:
        if self._is_whole:
            self._is_whole = False
            self._env.closed(self._pair)

    def _stop_ordered(self, way: str, message: Message) -> None:
        at = self._env.clock.now()
        self._env.put(on.StopOrdered(at, *press_of(self.session, message.get("key"), way), session=self.session))

    def _on_control(self, data: Any) -> None:
        message, at = None if self._is_left else on_control(data), self._env.clock.now()
        if message is not None and message.get("type") == "stop":
            self._stop_ordered("control", message)
            return
        if message is None or not self._is_whole:
            return
        match message:
            case {"type": "ping"}:
                if self._control.buffered == 0:
                    t0 = {"t0": message["t0"], "at": at} if "t0" in message else {}
                    write(self._control, {"type": "pong", **t0})  # R30, R33
            case _:
                seen, command = message["pictureAt"], message["command"]
                if not self._is_of_this_robot(command):
                    return
                self._env.put(on.Commanded(at, self._pair, message["epoch"], message["seq"], message["sentAt"], seen, command))

    def _is_of_this_robot(self, command: Any) -> bool:
        """A command that names anything undeclared is refused: it neither moves the robot nor keeps it moving. R36"""
        declaration = self._env.declaration
        if declaration is None or is_declared(declaration, command):
            return True
        if not self._is_told_undeclared:
            self._env.log({"event": "guard.undeclared", "session": self.session})
        self._is_told_undeclared = True
        return False

    def _on_events(self, data: Any) -> None:
        message, at = None if self._is_left else on_events(data), self._env.clock.now()
        if message is not None and message["type"] == "stop":
            self._stop_ordered("events", message)
            return
        if message is None or not self._is_whole:
            return
        match message["type"]:
            case "permit":
                self._env.put(on.PermitShown(at, self._pair, self.session, self._env.verify(message["permit"])))
            case "resume":
                self._env.put(on.Resumed(at, self._pair, message["epoch"], message["stop"], message["seq"]))
            case "clock":
                self._env.put(on.ClockSampled(at, self._pair, message["t0"], message["t1"]))
