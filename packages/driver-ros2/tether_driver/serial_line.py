"""The driver for a controller of motors on a serial line: `tether_serial DEVICE [--baud N] [--format TEXT] [--stop TEXT] [--button NAME=TEXT]`.

Each command is one line of text, made of `--format`, in which {linear} (m/s) and {angular} (rad/s, counterclockwise) stand for the speeds, and
{left} and {right} for those of the wheels, whose distance is `--track` m. It is repeated every 200 ms, also while the robot stands: let the
controller stop its motors after half a second of silence. A line from the controller that is a JSON object is telemetry.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import termios
import threading
from typing import Any, Mapping

from .lines import serve, speeds, two_wheels

LINE_MOST = 4096
"""The longest line from the controller, in bytes. A longer one is left out."""


def open_serial(device: str, baud: int) -> int:
    """The file descriptor of a raw serial line: 8 bits, no parity, no echo, no flow control."""
    speed = getattr(termios, f"B{baud}", None)
    if speed is None:
        raise SystemExit(f"No serial line knows {baud} baud.")
    try:
        descriptor = os.open(device, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError as error:
        raise SystemExit(f"{device} cannot be opened: {error.strerror}. Is the user in the group dialout?") from error
    attributes = termios.tcgetattr(descriptor)
    attributes[0] = attributes[1] = attributes[3] = 0
    attributes[2] = termios.CS8 | termios.CREAD | termios.CLOCAL
    attributes[4] = attributes[5] = speed
    termios.tcsetattr(descriptor, termios.TCSANOW, attributes)
    return descriptor


class SerialDriver:
    def __init__(self, device: str, baud: int, line: str, stop: str | None, track: float, buttons: Mapping[str, str] = {}):
        self._buttons = buttons
        self._device, self._baud, self._line, self._stop, self._track = device, baud, line, stop, track
        self._lock = threading.Lock()
        self._descriptor: int | None = None
        self._current = ""
        self._is_cut = False
        self._heard = b""
        self._measured: dict[str, Any] = {}

    def start(self) -> None:
        self._descriptor = open_serial(self._device, self._baud)
        self.stop("start")

    def command(self, command: Mapping[str, Any], limit: float) -> None:
        del limit
        self._send(self._text(*speeds(command)))

    def press(self, button: str) -> None:
        """Sends the button's line, once; what is repeated stays the command."""
        with self._lock:
            self._write(self._buttons[button])

    def stop(self, reason: str) -> None:
        del reason
        self._send(self._stop if self._stop is not None else self._text(0.0, 0.0))

    def _text(self, linear: float, angular: float) -> str:
        turn = angular * self._track / 2
        return self._line.format(linear=linear, angular=angular, left=linear - turn, right=linear + turn)

    def _send(self, text: str) -> None:
        """A line that the controller does not take is an exception, which the agent is told of; a later one would be old."""
        with self._lock:
            self._current = text
            self._write(text)

    def _write(self, text: str) -> None:
        if self._descriptor is None:
            return
        # The part of a line that was taken must not become the beginning of the next one: it is ended first.
        data = (("\n" if self._is_cut else "") + text + "\n").encode()
        taken = os.write(self._descriptor, data)
        self._is_cut = taken < len(data)
        if self._is_cut:
            raise BlockingIOError("the serial line took only a part of the command")

    def telemetry(self) -> Mapping[str, Any] | None:
        """Reads what came meanwhile, and repeats what is to be done: it is called five times a second."""
        if self._descriptor is None:
            return None
        try:
            self._send(self._current)
        except BlockingIOError:
            # A line that takes nothing just now is written to again in 200 ms. One that is gone is another error, and ends the program.
            pass
        try:
            self._heard += os.read(self._descriptor, 65536)
        except BlockingIOError:
            pass
        *lines, self._heard = self._heard.split(b"\n")
        self._heard = self._heard[:LINE_MOST]
        for line in lines:
            try:
                told = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(told, dict):
                self._measured = told
        return self._measured or None

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def button_of(text: str) -> tuple[str, str]:
    name, is_there, line = text.partition("=")
    if not is_there or not re.fullmatch("[A-Za-z][A-Za-z0-9_]{0,31}", name):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=TEXT")
    return name, line


def declaration_of(max_linear: float, max_angular: float, buttons: Mapping[str, str]) -> dict[str, Any]:
    """The controller chooses what it measures, so the page shows all of it."""
    names = [{"name": name} for name in buttons]
    return {"robot": {"kind": "differential", "axes": two_wheels(max_linear, max_angular), "buttons": names, "telemetry": []}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("device")
    parser.add_argument("--baud", type=int, default=115200)
    parser.add_argument("--format", default="{linear:.3f} {angular:.3f}")
    parser.add_argument("--stop", help="the line that stops, where it is not --format with speeds of 0")
    parser.add_argument("--track", type=float, default=0.4, help="the distance of the wheels in m")
    parser.add_argument("--max-linear", type=float, default=0.6, help="the highest speed, in m/s")
    parser.add_argument("--max-angular", type=float, default=1.2, help="the highest rate, in rad/s")
    parser.add_argument("--button", type=button_of, action="append", default=[], metavar="NAME=TEXT", help="a button, and the line it sends")
    options = parser.parse_args()
    try:
        options.format.format(linear=0.0, angular=0.0, left=0.0, right=0.0)
    except (KeyError, ValueError, IndexError) as error:
        raise SystemExit(f"--format cannot be filled in: {error!r}. It may hold linear, angular, left and right.") from error
    buttons = dict(options.button)
    driver = SerialDriver(options.device, options.baud, options.format, options.stop, options.track, buttons)
    serve(driver, declaration_of(options.max_linear, options.max_angular, buttons))


if __name__ == "__main__":
    main()
