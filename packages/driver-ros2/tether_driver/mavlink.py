"""The driver for a rover with MAVLink, skid-steered or not: `tether_mavlink DEVICE [--baud N] [--max-linear M/S] [--max-angular RAD/S]`.

DEVICE is what pymavlink takes: /dev/ttyACM0, udpin:0.0.0.0:14550, tcp:127.0.0.1:5760. The vehicle is driven with MANUAL_CONTROL in the mode
MANUAL, five times a second also while it stands, so that its own failsafe (ArduPilot: FS_TIMEOUT, FS_GCS_ENABLE) stops it when this program is gone.
It is never armed from here, unless `--arm` says so: arming belongs to whoever stands beside it.
"""

from __future__ import annotations

import argparse
import math
import time
from typing import Any, Callable, Mapping

from .lines import SpeedDriver, field, serve, two_wheels

REPEAT_S = 0.2
"""MAVLink's streams of control are repeated, because a vehicle takes silence for a lost ground station."""
FULL = 1000
"""MANUAL_CONTROL's axes go from -1000 to 1000."""


def share(value: float, most: float) -> int:
    return max(-FULL, min(FULL, round(FULL * value / most)))


class MavlinkDriver(SpeedDriver):
    """`connect` opens the link: pymavlink's `mavutil.mavlink_connection`, or a stand-in."""

    def __init__(
        self,
        connect: Callable[[], Any],
        max_linear: float,
        max_angular: float,
        arm: bool = False,
        now: Callable[[], float] = time.monotonic,
    ):
        super().__init__()
        self._connect, self._most, self._arm, self._now = connect, (max_linear, max_angular), arm, now
        self._sent_at = -math.inf
        self._measured: dict[str, Any] = {}
        self._link: Any = None

    def start(self) -> None:
        self._link = self._connect()
        if self._link.wait_heartbeat(timeout=30) is None:
            raise TimeoutError("the vehicle sent no heartbeat for 30 s")
        self._link.set_mode("MANUAL")
        if self._arm:
            self._link.arducopter_arm()
        self._send()

    def _send(self) -> None:
        if self._link is None:
            return
        (linear, angular), (most_linear, most_angular) = self._speed, self._most
        self._sent_at = self._now()
        # x is ahead; r is the yaw, clockwise, which is the other way round than `angular`.
        throttle, yaw = share(linear, most_linear), share(-angular, most_angular)
        self._link.mav.manual_control_send(self._link.target_system, throttle, 0, 0, yaw, 0)

    def telemetry(self) -> Mapping[str, Any] | None:
        """Reads what came meanwhile, and repeats what is to be done: it is called five times a second."""
        if self._link is None:
            return None
        if self._now() - self._sent_at >= REPEAT_S:
            self._repeat()
        while True:
            message = self._link.recv_match(blocking=False)
            if message is None:
                return self._measured or None
            self._hear(message)

    def _hear(self, message: Any) -> None:
        kind = message.get_type()
        if kind == "SYS_STATUS":
            percent = message.battery_remaining
            self._measured["battery"] = {
                "percent": None if percent < 0 else percent,
                "voltage": None if message.voltage_battery == 65535 else message.voltage_battery / 1000,
            }
        elif kind == "GLOBAL_POSITION_INT":
            self._measured["position"] = {"latitude": message.lat / 1e7, "longitude": message.lon / 1e7, "altitude": message.alt / 1000}
        elif kind == "VFR_HUD":
            self._measured["velocity"] = {"linear": round(message.groundspeed, 3)}
            self._measured["heading"] = message.heading
        elif kind == "HEARTBEAT" and getattr(message, "autopilot", 0) != 8:
            # 8 is MAV_AUTOPILOT_INVALID: a ground station, whose state is not the vehicle's. 128: the flag "armed".
            self._measured["armed"] = bool(message.base_mode & 128)
        elif kind == "STATUSTEXT":
            self._measured["said"] = message.text

    def close(self) -> None:
        if self._link is not None:
            self._link.close()


def declaration_of(max_linear: float, max_angular: float) -> dict[str, Any]:
    telemetry = [
        field("battery.percent", "Battery", "%"),
        field("battery.voltage", "Voltage", "V"),
        field("velocity.linear", "Speed", "m/s"),
        field("heading", "Heading", "°"),
        field("position.latitude", "Latitude", "°"),
        field("position.longitude", "Longitude", "°"),
        field("position.altitude", "Altitude", "m"),
        field("armed", "Armed"),
        field("said", "Said"),
    ]
    axes = two_wheels(max_linear, max_angular)
    return {"robot": {"kind": "differential", "axes": axes, "buttons": [], "telemetry": telemetry}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("device")
    parser.add_argument("--baud", type=int, default=115200)
    parser.add_argument("--max-linear", type=float, default=1.0, help="the speed at full throttle, in m/s")
    parser.add_argument("--max-angular", type=float, default=1.5, help="the rate at full yaw, in rad/s")
    parser.add_argument("--arm", action="store_true", help="arm the vehicle at the start")
    options = parser.parse_args()
    try:
        from pymavlink import mavutil
    except ImportError as error:
        raise SystemExit("pymavlink is not there: pip install pymavlink") from error

    def connect() -> Any:
        return mavutil.mavlink_connection(options.device, baud=options.baud)

    driver = MavlinkDriver(connect, options.max_linear, options.max_angular, options.arm)
    serve(driver, declaration_of(options.max_linear, options.max_angular))


if __name__ == "__main__":
    main()
