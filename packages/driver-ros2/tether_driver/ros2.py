"""The driver for a robot with ROS 2: `tether_ros2 [CONFIG.yaml]`.

Commands go out as geometry_msgs/Twist or TwistStamped; odometry, battery, diagnostics and the pose in the map come in as telemetry.
Speed is 0 on the topic while nobody drives, and again and again while it is stopped, because a base may have missed the first one.
The configuration is `config/tether.yaml`, whose comments say what each key means; without a file its values are the defaults.
"""

from __future__ import annotations

import math
import sys
from typing import Any, Mapping

from .lines import SpeedDriver, serve
from .ros2_button import Buttons
from .ros2_config import declaration_of, read_config
from .ros2_node import Ros

LEVELS = ("ok", "warn", "error", "stale")


def heading_of(quaternion: Any) -> float:
    """The rotation about the vertical axis, in rad, counterclockwise."""
    x, y, z, w = quaternion.x, quaternion.y, quaternion.z, quaternion.w
    return math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))


def number(value: float) -> float | None:
    """A measurement; None where the message holds none (REP 147 and others use NaN for that)."""
    return round(value, 4) if math.isfinite(value) else None


class Ros2Driver(SpeedDriver):
    """The driver is a node. ROS calls back on a thread of its own; `command` and `stop` publish from the caller's."""

    def __init__(self, config: Mapping[str, Any], ros: Any):
        super().__init__()
        self._config, self._ros = config, ros
        self._measured: dict[str, Any] = {}
        self._node: Any = None
        self._transforms: Any = None
        self._lateral = 0.0
        self._buttons = Buttons(config["buttons"], self._measured)

    def start(self) -> None:
        ros, config = self._ros, self._config
        ros.init()
        self._node = ros.node(config["node"])
        command = config["command"]
        kind = ros.TwistStamped if command["stamped"] else ros.Twist
        self._out = self._node.create_publisher(kind, command["topic"], 1)
        for key, message, hear in (
            ("odometry", ros.Odometry, self._on_odometry),
            ("battery", ros.BatteryState, self._on_battery),
            ("diagnostics", ros.DiagnosticArray, self._on_diagnostics),
        ):
            if config[key]:
                self._node.create_subscription(message, config[key], hear, ros.sensor_qos)
        self._transforms = ros.transforms(self._node) if config["pose"] else None
        self._node.create_timer(1.0 / command["rate_hz"], self._repeat)
        self._buttons.open(ros, self._node)
        self._send()
        ros.spin(self._node)

    def command(self, command: Mapping[str, Any], limit: float) -> None:
        lateral = float(command.get("lateral", 0))
        if not math.isfinite(lateral):
            raise ValueError("a speed is no number")
        self._lateral = lateral
        super().command(command, limit)

    def press(self, button: str) -> None:
        self._buttons.press(button)

    def stop(self, reason: str) -> None:
        self._lateral = 0.0
        super().stop(reason)
        self._buttons.stop()

    def _send(self) -> None:
        if self._node is None:
            return
        ros, command = self._ros, self._config["command"]
        linear, angular = self._speed
        twist = ros.Twist()
        twist.linear.x, twist.linear.y, twist.angular.z = linear, self._lateral, angular
        if command["stamped"]:
            stamped = ros.TwistStamped()
            stamped.header.stamp = self._node.get_clock().now().to_msg()
            stamped.header.frame_id = command["frame"]
            stamped.twist = twist
            twist = stamped
        self._out.publish(twist)

    def _on_odometry(self, message: Any) -> None:
        twist, pose = message.twist.twist, message.pose.pose
        self._measured["velocity"] = {"linear": number(twist.linear.x), "angular": number(twist.angular.z)}
        self._measured["odometry"] = {
            "x": number(pose.position.x),
            "y": number(pose.position.y),
            "heading": number(heading_of(pose.orientation)),
        }

    def _on_battery(self, message: Any) -> None:
        share = number(message.percentage)
        self._measured["battery"] = {
            "percent": None if share is None else round(share * 100, 1),
            "voltage": number(message.voltage),
            "current": number(message.current),
        }

    def _on_diagnostics(self, message: Any) -> None:
        """Keeps what is not in order, by name. An array tells of some parts alone, so the others stay."""
        known = dict(self._measured.get("diagnostics", {}))
        for status in message.status:
            level = status.level[0] if isinstance(status.level, bytes) else int(status.level)
            if level == 0:
                known.pop(status.name, None)
            else:
                known[status.name] = f"{LEVELS[min(level, 3)]}: {status.message}"
        self._measured["diagnostics"] = known

    def telemetry(self) -> Mapping[str, Any] | None:
        told = dict(self._measured)
        pose = self._config["pose"]
        if self._transforms is not None:
            found = self._transforms(pose["map"], pose["base"])
            if found is not None:
                at = found.transform.translation
                heading = number(heading_of(found.transform.rotation))
                told["pose"] = {"x": number(at.x), "y": number(at.y), "heading": heading}
        return told or None

    def close(self) -> None:
        self._ros.shutdown()


def main() -> None:
    config = read_config(sys.argv[1] if len(sys.argv) > 1 else None)
    serve(Ros2Driver(config, Ros()), declaration_of(config))


if __name__ == "__main__":
    main()
