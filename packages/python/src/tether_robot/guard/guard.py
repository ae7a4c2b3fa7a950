"""Stands between all operators and the robot's driver. In doubt the robot stops."""

from __future__ import annotations

import asyncio
from math import inf
from typing import Any, Callable

from .. import limits
from ..channel import Channel
from ..clock import Clock
from ..jws import verify_permit
from . import event as on
from .client_channels import ChannelsEnv, ClientChannels
from .deadline import next_deadline
from .declared import check_declaration
from .driver import Driver, new_give
from .machine import next_state
from .manoeuvre import is_urgent, run_stages
from .press import press_of
from .state import Broadcast, Drive, Effect, Permit, Send, Stopped, StopReason, initial

Log = Callable[[dict[str, Any]], None]
Message = dict[str, Any]


class Guard:
    """`keep` remembers beyond the program whether a stop is in force; it answers whether it did. R18"""

    def __init__(
        self,
        robot: str,
        driver: Driver,
        clock: Clock,
        *,
        is_stopped: bool = False,
        keep: Callable[[bool], bool] = lambda _: True,
        report: Callable[[Message], None] = lambda _: None,
        log: Log = lambda _: None,
    ) -> None:
        self._driver, self._clock, self._keep, self._report, self._log = driver, clock, keep, report, log
        if driver.declaration is not None:
            check_declaration(driver.declaration)
        self._give = new_give(driver)
        self._state = initial(robot, is_stopped)
        self._pairs: dict[int, ClientChannels] = {}
        self._count = 0
        self._keys: list[dict[str, Any]] = []
        self._channels_env = ChannelsEnv(clock, log, driver.declaration, self._verify, self.put, self._closed)
        self._timer: asyncio.TimerHandle | None = None
        self._stopping: asyncio.Task[None] | None = None
        self._stopping_turn, self._is_urgent = 0, False
        self._queue: list[on.Event] = []
        self._is_busy = False
        self.ended = asyncio.Event()
        if is_stopped:
            self._write_latch(True)

    @property
    def is_moving(self) -> bool:
        return self._state.name == "driving"

    @property
    def is_stopped(self) -> bool:
        """Whether a stop by order is in force."""
        return self._state.order.latched

    def put(self, happening: on.Event) -> None:
        self._queue.append(happening)
        if self._is_busy:
            return
        self._is_busy = True
        try:
            while self._queue:
                self._step(self._queue.pop(0))
        finally:
            self._is_busy = False

    def _step(self, event: on.Event) -> None:
        before = self._state
        self._state, effects = next_state(before, event)
        self._stop_where_it_must()
        self._arm()
        if self._state.order.latched != before.order.latched:
            self._write_latch(self._state.order.latched)
            self._tell_broker(event)
        if self._state.name != before.name:
            self._log({"event": f"guard.{self._state.name}", "epoch": self._state.fence.epoch})
        for effect in effects:
            self._perform(effect)
        if self._state.name == "ended":
            self.ended.set()

    def _stop_where_it_must(self) -> None:
        state = self._state
        if state.name != "stopping":
            return
        is_running = self._stopping is not None and self._stopping_turn == state.turn
        urgent = is_urgent(state.reason, state.ending)
        # An order and a session's end do not wait for a robot that slows down.
        if is_running and not (self._driver.manoeuvre.slow and urgent and not self._is_urgent):
            return
        if self._stopping:
            self._stopping.cancel()
        self._stopping_turn, self._is_urgent = state.turn, urgent
        self._stopping = asyncio.create_task(self._carry_out(state.turn, state.reason, urgent))

    async def _carry_out(self, turn: int, reason: StopReason, urgent: bool) -> None:
        async def stop() -> None:
            while True:
                try:
                    await self._driver.stop(reason)
                    return
                except Exception:
                    self._log({"event": "guard.stop-failed", "reason": reason})
                    await asyncio.sleep(limits.STOP_AGAIN_MS / 1_000)  # R10

        stages = await run_stages(self._clock, stop, self._driver.manoeuvre, reason, urgent)
        self.put(on.StopDone(self._clock.now(), turn, stages))

    def _arm(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        due = next_deadline(self._state)
        if due != inf:
            delay = max(0.0, due - self._clock.now()) / 1_000
            self._timer = asyncio.get_running_loop().call_later(delay, lambda: self.put(on.Due(self._clock.now())))

    def _perform(self, effect: Effect) -> None:
        match effect:
            case Send(pair, message):
                if pair in self._pairs:
                    self._pairs[pair].tell(message)
            case Broadcast(message):
                self._everyone(message)
            case Drive(command, obeyed, bounds):
                try:
                    self._give(command, obeyed, bounds)
                except Exception:
                    self._log({"event": "guard.command-failed", "epoch": obeyed.epoch})
                    self.put(on.DriverFailed(self._clock.now()))
            case Stopped(reason, latency, number, stages):
                told: Message = {"type": "stopped", "reason": reason, "latencyMs": latency}
                numbered = {} if number is None else {"stop": number}
                self._everyone({**told, **numbered, **({"stages": list(stages)} if stages else {})})

    def _everyone(self, message: Message, only_new: bool = False) -> None:
        for channels in list(self._pairs.values()):
            channels.tell(message, only_new)

    def _write_latch(self, latched: bool) -> None:
        try:
            kept = self._keep(latched)
        except OSError:
            kept = False
        if not latched:
            return
        self.put(on.LatchWritten(self._clock.now(), kept))
        if not kept:
            asyncio.get_running_loop().call_later(limits.LATCH_AGAIN_MS / 1_000, self._write_again)

    def _write_again(self) -> None:
        if self._state.order.latched and not self._state.order.kept:
            self._write_latch(True)

    def _tell_broker(self, event: on.Event) -> None:
        told: Message = {"inForce": self._state.order.latched}
        if isinstance(event, on.StopOrdered):
            told |= {key: value for key, value in (("session", event.session), ("by", event.by)) if value is not None}
        if isinstance(event, on.Resumed) and event.pair in self._pairs:
            told["session"] = self._pairs[event.pair].session
        self._report(told)

    # Frames of the broker.

    def welcomed(self, welcome: Message) -> None:
        control = welcome.get("control")
        if control and "keys" in control:
            self._keys = control["keys"]
        notice = _notice(control["control"]) if control else None
        self.put(on.Welcomed(self._clock.now(), welcome["serverTime"], notice))

    def signalling_lost(self) -> None:
        self.put(on.SignallingLost(self._clock.now()))

    def frame(self, frame: Message) -> None:
        at = self._clock.now()
        if frame["type"] == "stop":
            session, key = frame.get("session"), frame.get("key")
            self.put(on.StopOrdered(at, *press_of(session, key), session=session, by=frame.get("by")))
        elif frame["type"] == "control.changed":
            released = frame["because"] == "released"
            self.put(on.Noticed(at, _notice(frame["control"], released)))

    async def close(self) -> None:
        """Stops the robot for good; over once it stands."""
        self.put(on.SessionEnded(self._clock.now()))
        await self.ended.wait()

    def stop(self) -> None:
        """Stops the robot as a stop by order does: it holds until the holder resumes."""
        self.put(on.StopOrdered(self._clock.now()))

    def telemetry(self, telemetry: Any) -> None:
        self._everyone({"type": "telemetry", "telemetry": telemetry}, only_new=True)

    def picture(self, stream: str, age_ms: float, *, rtp: int | None = None, mark: int | None = None) -> None:
        """Tells every client when a picture was taken. From the first on, commands are limited by how old theirs is. R34"""
        self.put(on.PictureAnnounced(self._clock.now()))
        which = {"rtp": rtp} if rtp is not None else {"mark": mark} if mark is not None else {}
        taken = {"type": "picture", "stream": stream, **which, "takenAt": self._clock.now() - age_ms}
        self._everyone(taken, only_new=True)

    # Channels with operators.

    def open(self, session: str, control: Channel, events: Channel) -> Callable[[], None]:
        """Takes the channels with a client. Calling what it returns gives both up: nothing on them is heard any more."""
        self._count += 1
        channels = ClientChannels(self._channels_env, self._count, session, control, events)
        self._pairs[self._count] = channels
        channels.begin()
        return channels.leave

    def _verify(self, permit: str) -> Permit | None:
        return verify_permit(self._keys, permit)

    def _closed(self, pair: int) -> None:
        del self._pairs[pair]
        self.put(on.ChannelsClosed(self._clock.now(), pair))


def _notice(control: Message, released: bool = False) -> on.Notice:
    return on.Notice(control["epoch"], (control.get("holder") or {}).get("session"), released)
