"""The driver for a robot with ROS 2: `tether_ros2 [CONFIG.yaml]`.

Commands go out as geometry_msgs/Twist or TwistStamped; odometry, battery, diagnostics and the pose in the map come in as telemetry.
Speed is 0 on the topic while nobody drives, and again and again while it is stopped, because a base may have missed the first one.
The configuration is `config/tether.yaml`, whose comments say what each key means; without a file its values are the defaults.
"""

from __future__ import annotations

import math
import sys
import threading
from typing import Any, Mapping

from .lines import SpeedDriver, field, serve, two_wheels
from .ros2_button import Buttons, button_of

DEFAULTS: Mapping[str, Any] = {
    "node": "tether_driver",
    "command": {"topic": "cmd_vel", "stamped": False, "frame": "base_link", "rate_hz": 20.0},
    "limits": {"linear": 1.0, "angular": 1.5, "lateral": 0.0},
    "buttons": [],
    "odometry": "odom",
    "battery": "battery_state",
    "diagnostics": "diagnostics",
    "pose": {"map": "map", "base": "base_link"},
}

POSE = (("x", "East", "m"), ("y", "North", "m"), ("heading", "Heading", "rad"))
LEVELS = ("ok", "warn", "error", "stale")


def merged(defaults: Mapping[str, Any], given: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """The given values over the defaults. A key that no default has is refused by its name: it is most likely misspelled."""
    unknown = set(given) - set(defaults)
    if unknown:
        raise SystemExit(f"The configuration has an unknown key: {path}{sorted(unknown)[0]}. Known: {', '.join(defaults)}.")
    result = dict(defaults)
    for key, value in given.items():
        nested = isinstance(defaults[key], Mapping) and isinstance(value, Mapping)
        result[key] = merged(defaults[key], value, f"{path}{key}.") if nested else value
    return result


def declaration_of(config: Mapping[str, Any]) -> dict[str, Any]:
    """What the robot is, for the page and for the guard. One that can go sideways is holonomic."""
    most = config["limits"]
    axes, kind = two_wheels(most["linear"], most["angular"]), "differential"
    if most["lateral"] > 0:
        kind = "holonomic"
        axes.append({"name": "lateral", "unit": "m/s", "least": -most["lateral"], "most": most["lateral"], "title": "Sideways, left"})
    telemetry = [
        *([field("battery.percent", "Battery", "%"), field("battery.voltage", "Voltage", "V")] if config["battery"] else []),
        *([field("velocity.linear", "Speed", "m/s"), field("velocity.angular", "Turning", "rad/s")] if config["odometry"] else []),
        *([field(f"pose.{name}", title, unit) for name, title, unit in POSE] if config["pose"] else []),
        *(field(f"buttons.{button['name']}", button["title"]) for button in map(button_of, config["buttons"])),
    ]
    buttons = [{"name": button["name"], "title": button["title"]} for button in map(button_of, config["buttons"])]
    return {"robot": {"kind": kind, "axes": axes, "buttons": buttons, "telemetry": telemetry}}


def read_config(path: str | None) -> dict[str, Any]:
    if path is None:
        return merged(DEFAULTS, {})
    import yaml

    try:
        with open(path, encoding="utf-8") as file:
            given = yaml.safe_load(file) or {}
    except OSError as error:
        raise SystemExit(f"The configuration cannot be read: {error}.") from error
    except yaml.YAMLError as error:
        raise SystemExit(f"{path} is no YAML: {error}") from error
    if not isinstance(given, Mapping):
        raise SystemExit(f"{path} holds no keys. See config/tether.yaml.")
    return merged(DEFAULTS, given)


def heading_of(quaternion: Any) -> float:
    """The rotation about the vertical axis, in rad, counterclockwise."""
    x, y, z, w = quaternion.x, quaternion.y, quaternion.z, quaternion.w
    return math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))


def number(value: float) -> float | None:
    """A measurement; None where the message holds none (REP 147 and others use NaN for that)."""
    return round(value, 4) if math.isfinite(value) else None


class Ros2Driver(SpeedDriver):
    """One node. ROS calls back on a thread of its own; `command` and `stop` publish from the caller's."""

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
        """What is not in order, by name; an array tells of some parts alone, so what it does not name stays."""
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


class Ros:
    """ROS 2 as the driver uses it; nothing is imported before it is needed."""

    def __init__(self) -> None:
        try:
            import rclpy
            from diagnostic_msgs.msg import DiagnosticArray
            from geometry_msgs.msg import Twist, TwistStamped
            from nav_msgs.msg import Odometry
            from rclpy.qos import qos_profile_sensor_data
            from sensor_msgs.msg import BatteryState
        except ImportError as error:
            raise SystemExit(f"ROS 2 is not there: {error}. Source its setup file first, as: . /opt/ros/jazzy/setup.sh") from error
        self._rclpy = rclpy
        self.Twist, self.TwistStamped, self.Odometry = Twist, TwistStamped, Odometry
        self.BatteryState, self.DiagnosticArray = BatteryState, DiagnosticArray
        self.sensor_qos = qos_profile_sensor_data
        self._thread: threading.Thread | None = None

    def init(self) -> None:
        # The agent's signals are for the driver, which stops the robot first.
        self._rclpy.init(args=None, signal_handler_options=self._rclpy.signals.SignalHandlerOptions.NO)

    def node(self, name: str) -> Any:
        return self._rclpy.create_node(name)

    def spin(self, node: Any) -> None:
        self._thread = threading.Thread(target=self._rclpy.spin, args=(node,), daemon=True)
        self._thread.start()

    def transforms(self, node: Any) -> Any:
        from tf2_ros import Buffer, TransformException, TransformListener

        buffer = Buffer()
        listener = TransformListener(buffer, node)

        def find(target: str, source: str, _listener: Any = listener) -> Any:
            try:
                return buffer.lookup_transform(target, source, self._rclpy.time.Time())
            except TransformException:
                return None

        return find

    def service(self, node: Any, name: str, kind: str, fields: Mapping[str, Any]) -> Any:
        """A service: whether it is there, and its call, whose answer comes to `done`."""
        from rosidl_runtime_py import set_message_fields
        from rosidl_runtime_py.utilities import get_service

        service = get_service(kind)
        client = node.create_client(service, name)

        def call(done: Any) -> None:
            request = service.Request()
            set_message_fields(request, dict(fields))
            client.call_async(request).add_done_callback(lambda future: done(future.result()))

        return client.service_is_ready, call

    def action(self, node: Any, name: str, kind: str, fields: Mapping[str, Any]) -> Any:
        """An action: whether its server is there, and its goal, whose handle comes to `accepted` and whose end to `done`."""
        from rclpy.action import ActionClient
        from rosidl_runtime_py import set_message_fields
        from rosidl_runtime_py.utilities import get_action

        action = get_action(kind)
        client = ActionClient(node, action, name)

        def send(accepted: Any, done: Any) -> None:
            goal = action.Goal()
            set_message_fields(goal, dict(fields))

            def on_goal(future: Any) -> None:
                handle = future.result()
                accepted(handle if handle.accepted else None)
                if handle.accepted:
                    handle.get_result_async().add_done_callback(lambda result: done(result.result().status))

            client.send_goal_async(goal).add_done_callback(on_goal)

        return client.server_is_ready, send

    def shutdown(self) -> None:
        self._rclpy.try_shutdown()


def main() -> None:
    config = read_config(sys.argv[1] if len(sys.argv) > 1 else None)
    serve(Ros2Driver(config, Ros()), declaration_of(config))


if __name__ == "__main__":
    main()
