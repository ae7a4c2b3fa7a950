"""The lines between Tether's robot agent and a driver program (docs/driver.md): JSON objects on standard input and output.

A driver is a class with the methods of `Driver`. `serve` runs it: it answers each message, reports telemetry, stops the robot
when the agent falls silent while the robot may move, and stops it however the program ends.
"""

from __future__ import annotations

import json
import queue
import signal
import sys
import threading
import time
from typing import Any, Callable, Mapping, Protocol, TextIO

SILENT_S = 1.5
"""The agent sends a line every second while the robot is to move: after this time without one it hangs."""
TELEMETRY_S = 0.2
"""The agent passes on the newest telemetry of each 200 ms."""


class Driver(Protocol):
    """A program that turns commands into motion. Every method returns at once."""

    def start(self) -> None:
        """Makes ready. The robot goes online once this returns."""

    def command(self, command: Mapping[str, Any], limit: float) -> None:
        """Obeys. `limit` (0 to 1) is the share of its speed that the command was reduced to already. An exception stops the robot."""

    def press(self, button: str) -> None:
        """Begins what the button does. An exception stops the robot."""

    def stop(self, reason: str) -> None:
        """Stops, now, what a button began as well. May be called at any time, and any number of times."""

    def telemetry(self) -> Mapping[str, Any] | None:
        """The newest measurements; None where there are none."""

    def close(self) -> None:
        """Lets go of everything. The robot was stopped."""


class Lines:
    """Carries out the agent's messages one after the other. `now` is a monotonic clock in seconds."""

    def __init__(self, driver: Driver, out: TextIO, now: Callable[[], float] = time.monotonic, declaration: Mapping[str, Any] | None = None):
        self._driver, self._out, self._now, self._declaration = driver, out, now, declaration
        self._heard_at, self._told_at = now(), now()
        self._moves = False
        self._started = False

    def say(self, **message: Any) -> None:
        try:
            self._out.write(json.dumps(message, separators=(",", ":"), allow_nan=False) + "\n")
            self._out.flush()
        except (BrokenPipeError, ValueError) as error:
            # Nobody reads any more, or a measurement is no number: the robot is stopped all the same, by the end of the input.
            if isinstance(error, ValueError) and message.get("type") == "telemetry":
                return

    def line(self, text: str) -> None:
        """Takes one line of the agent. A line that is no message is ignored; every message is answered."""
        try:
            message = json.loads(text)
            kind, number = message["type"], message.get("id")
        except (ValueError, KeyError, TypeError, RecursionError):
            return
        self._heard_at = self._now()
        try:
            self._obey(kind, message)
        except Exception as error:  # noqa: BLE001: whatever fails, the robot stops
            self.stop("driver.failed")
            self.say(type="failed", id=number, says=f"{type(error).__name__}: {error}")
            return
        if number is not None and kind != "viewers":
            self.say(type="done", id=number)

    def _obey(self, kind: str, message: Mapping[str, Any]) -> None:
        if kind == "start":
            self._driver.start()
            self._started = True
            if self._declaration is not None:
                self.say(type="declare", **self._declaration)
        elif kind == "command":
            self._moves = True
            self._driver.command(message["command"], float(message.get("limit", 1)))
        elif kind == "press":
            self._moves = True
            self._driver.press(str(message["button"]))
        elif kind == "stop":
            self._driver.stop(str(message.get("reason", "stop")))
            self._moves = False

    def tick(self) -> None:
        """Called often: looks whether the agent is silent, and tells what is measured."""
        now = self._now()
        if self._moves and now - self._heard_at > SILENT_S:
            self.stop("driver.failed")
        # Before its start a driver has nothing to measure with.
        if self._started and now - self._told_at >= TELEMETRY_S:
            self._told_at = now
            telemetry = self._driver.telemetry()
            if telemetry is not None:
                self.say(type="telemetry", telemetry=telemetry)

    def stop(self, reason: str) -> None:
        """Stops the robot, again where that fails."""
        for _ in range(3):
            try:
                self._driver.stop(reason)
                self._moves = False
                return
            except Exception as error:  # noqa: BLE001
                self.say(type="log", says=f"The robot could not be stopped: {error}")


def serve(driver: Driver, declaration: Mapping[str, Any] | None = None, source: TextIO | None = None, out: TextIO | None = None) -> None:
    """Runs the driver until the input ends or SIGTERM comes. The robot is stopped however this ends."""
    lines = Lines(driver, out or sys.stdout, declaration=declaration)
    arrived: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        for text in source or sys.stdin:
            arrived.put(text)
        arrived.put(None)

    def on_term(*_: object) -> None:
        raise SystemExit(0)

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, on_term)
    threading.Thread(target=read, daemon=True).start()
    try:
        while True:
            try:
                text = arrived.get(timeout=0.05)
            except queue.Empty:
                lines.tick()
                continue
            if text is None:
                return
            lines.line(text)
            lines.tick()
    finally:
        lines.stop("leaving")
        driver.close()


def speeds(command: Mapping[str, Any]) -> tuple[float, float]:
    """The command's `linear` (m/s) and `angular` (rad/s, counterclockwise). Anything else is none, and an exception."""
    linear, angular = float(command.get("linear", 0)), float(command.get("angular", 0))
    if linear != linear or angular != angular or abs(linear) == float("inf") or abs(angular) == float("inf"):
        raise ValueError("a speed is no number")
    return linear, angular


def two_wheels(linear: float, angular: float) -> list[dict[str, Any]]:
    """The axes of a robot that goes ahead and turns, up to these speeds."""
    return [
        {"name": "linear", "unit": "m/s", "least": -linear, "most": linear, "title": "Ahead"},
        {"name": "angular", "unit": "rad/s", "least": -angular, "most": angular, "title": "Left"},
    ]


def field(name: str, title: str, unit: str | None = None) -> dict[str, str]:
    """A field of the telemetry, as the robot declares it."""
    return {"name": name, "title": title, **({} if unit is None else {"unit": unit})}


class SpeedDriver:
    """A driver of two speeds: each command and each stop is sent on at once, under a lock. A subclass has `_send`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._speed = (0.0, 0.0)

    def _send(self) -> None:
        """Sends `_speed` on. Called with the lock held."""
        raise NotImplementedError

    def command(self, command: Mapping[str, Any], limit: float) -> None:
        """Obeys. The agent has applied `limit` to both speeds already."""
        del limit
        self._set(speeds(command))

    def press(self, button: str) -> None:
        """This robot declares no buttons, so none is pressed."""

    def stop(self, reason: str) -> None:
        del reason
        self._set((0.0, 0.0))

    def _set(self, speed: tuple[float, float]) -> None:
        with self._lock:
            self._speed = speed
            self._send()

    def _repeat(self) -> None:
        with self._lock:
            self._send()
