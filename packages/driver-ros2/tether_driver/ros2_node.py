"""ROS 2 as the driver uses it."""

from __future__ import annotations

import threading
from typing import Any, Mapping


class Ros:
    """Nothing of ROS is imported before it is needed: without ROS the configuration can still be read."""

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
