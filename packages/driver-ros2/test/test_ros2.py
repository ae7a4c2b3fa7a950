"""The ROS 2 driver against a stand-in of what it uses of rclpy. `launch_test.py` is for where ROS 2 is installed."""

import math
import tempfile
import unittest
from types import SimpleNamespace as Of

from tether_driver.ros2 import Ros2Driver
from tether_driver.ros2_config import DEFAULTS, declaration_of, merged, read_config


def message():
    return Of(linear=Of(x=0.0), angular=Of(z=0.0))


class StandIn:
    """The messages, one node, its publisher, subscriptions and timer."""

    Odometry, BatteryState, DiagnosticArray, sensor_qos = "Odometry", "BatteryState", "DiagnosticArray", "sensor"

    def __init__(self, transform=None):
        self.published, self.subscriptions, self.timers, self.did, self.asked = [], {}, [], [], []
        self._transform = transform

    Twist = staticmethod(message)

    @staticmethod
    def TwistStamped():
        return Of(header=Of(stamp=None, frame_id=""), twist=None)

    def init(self):
        self.did.append("init")

    def node(self, name):
        self.did.append(name)
        return self

    def create_publisher(self, kind, topic, depth):
        self.kind, self.topic = kind, topic
        return Of(publish=self.published.append)

    def create_subscription(self, kind, topic, hear, qos):
        self.subscriptions[topic] = hear

    def create_timer(self, period, run):
        self.timers.append((period, run))

    def get_clock(self):
        return Of(now=lambda: Of(to_msg=lambda: "now"))

    def transforms(self, node):
        return lambda target, source: self._transform

    ready = True

    def service(self, node, name, kind, fields):
        self.did.append((name, kind, dict(fields)))
        return lambda: self.ready, self.asked.append

    def action(self, node, name, kind, fields):
        self.did.append((name, kind, dict(fields)))
        return lambda: self.ready, lambda accepted, done: self.asked.append((accepted, done))

    def spin(self, node):
        self.did.append("spin")

    def shutdown(self):
        self.did.append("shutdown")


def started(given=None, transform=None):
    ros = StandIn(transform)
    driver = Ros2Driver(merged(DEFAULTS, given or {}), ros)
    driver.start()
    return driver, ros


def turned(heading):
    return Of(x=0.0, y=0.0, z=math.sin(heading / 2), w=math.cos(heading / 2))


def speeds_of(ros):
    return [(one.linear.x, one.angular.z) for one in ros.published]


class Ros2Test(unittest.TestCase):
    def test_publishes_each_command_at_once_and_again_at_its_rate(self):
        driver, ros = started()
        self.assertEqual((ros.topic, speeds_of(ros)), ("cmd_vel", [(0.0, 0.0)]))
        driver.command({"linear": 0.5, "angular": -0.2}, 1.0)
        [(period, again)] = ros.timers
        again()
        self.assertEqual((period, speeds_of(ros)[1:]), (0.05, [(0.5, -0.2)] * 2))

    def test_a_stop_is_published_at_once_and_stays(self):
        driver, ros = started()
        driver.command({"linear": 0.5}, 1.0)
        driver.stop("deadman")
        ros.timers[0][1]()
        self.assertEqual(speeds_of(ros)[-2:], [(0.0, 0.0)] * 2)

    def test_a_command_that_is_none_moves_nothing(self):
        driver, ros = started()
        with self.assertRaises(ValueError):
            driver.command({"linear": float("nan")}, 1.0)
        self.assertEqual(speeds_of(ros), [(0.0, 0.0)])

    def test_stamped_commands_have_time_and_frame(self):
        driver, ros = started({"command": {"stamped": True, "frame": "chassis"}})
        driver.command({"linear": 1}, 1.0)
        last = ros.published[-1]
        self.assertEqual((last.header.stamp, last.header.frame_id, last.twist.linear.x), ("now", "chassis", 1.0))

    def test_tells_what_it_hears(self):
        transform = Of(transform=Of(translation=Of(x=1.0, y=2.0), rotation=turned(math.pi / 2)))
        driver, ros = started(transform=transform)
        pose = Of(position=Of(x=3.0, y=4.0), orientation=turned(-1.0))
        ros.subscriptions["odom"](Of(pose=Of(pose=pose), twist=Of(twist=Of(linear=Of(x=0.1), angular=Of(z=0.2)))))
        ros.subscriptions["battery_state"](Of(percentage=0.834, voltage=24.1, current=math.nan))
        diagnostics = ros.subscriptions["diagnostics"]
        diagnostics(Of(status=[Of(name="laser", level=b"\x02", message="dirty"), Of(name="motors", level=0, message="")]))
        self.assertEqual(
            driver.telemetry(),
            {
                "velocity": {"linear": 0.1, "angular": 0.2},
                "odometry": {"x": 3.0, "y": 4.0, "heading": -1.0},
                "battery": {"percent": 83.4, "voltage": 24.1, "current": None},
                "diagnostics": {"laser": "error: dirty"},
                "pose": {"x": 1.0, "y": 2.0, "heading": 1.5708},
            },
        )
        diagnostics(Of(status=[Of(name="laser", level=0, message="")]))
        self.assertEqual(driver.telemetry()["diagnostics"], {})

    def test_what_is_left_out_is_not_asked_for(self):
        driver, ros = started({"battery": "", "diagnostics": "", "pose": None})
        self.assertEqual((list(ros.subscriptions), driver.telemetry()), (["odom"], None))

    def test_the_configuration_in_the_package_is_the_default(self):
        self.assertEqual(read_config("config/tether.yaml"), dict(DEFAULTS))
        self.assertEqual(read_config(None), dict(DEFAULTS))

    def test_a_key_that_is_not_known_is_refused_by_name(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write("command:\n  topick: x\n")
            file.flush()
            with self.assertRaisesRegex(SystemExit, "command.topick"):
                read_config(file.name)
        with self.assertRaisesRegex(SystemExit, "cannot be read"):
            read_config("/none.yaml")


class Goal:
    def __init__(self):
        self.cancelled = 0

    def cancel_goal_async(self):
        self.cancelled += 1


LIGHTS = {"name": "lights", "service": "/lights/toggle"}
DOCK = {"name": "dock", "title": "Dock", "action": "/dock_robot", "type": "nav2_msgs/action/DockRobot", "fields": {"dock_id": "home"}}


class ButtonTest(unittest.TestCase):
    def setUp(self):
        self.driver, self.ros = started({"buttons": [LIGHTS, DOCK]})

    def told(self, button):
        return self.driver.telemetry()["buttons"][button]

    def test_a_service_is_called_once_for_each_press_and_its_answer_told(self):
        self.assertIn(("/lights/toggle", "std_srvs/srv/Trigger", {}), self.ros.did)
        self.driver.press("lights")
        self.assertEqual(self.told("lights"), "asked")
        [done] = self.ros.asked
        done(Of(success=False, message="no lamp"))
        self.assertEqual(self.told("lights"), "failed: no lamp")
        done(Of(success=True, message=""))
        self.assertEqual(self.told("lights"), "done")

    def test_what_is_not_there_is_told_and_stops_nothing(self):
        self.ros.ready = False
        self.driver.press("lights")
        self.driver.press("dock")
        self.assertEqual((self.told("lights"), self.told("dock"), self.ros.asked), ("the service is not there", "the action is not there", []))

    def test_a_stop_cancels_an_action_that_is_under_way(self):
        self.driver.press("dock")
        [(accepted, done)] = self.ros.asked
        goal = Goal()
        accepted(goal)
        self.assertEqual(self.told("dock"), "under way")
        self.driver.stop("deadman")
        self.driver.stop("deadman")
        self.assertEqual(goal.cancelled, 1)
        done(5)
        self.assertEqual(self.told("dock"), "stopped")

    def test_an_action_that_is_accepted_after_a_stop_is_cancelled(self):
        self.driver.press("dock")
        self.driver.stop("stop")
        goal = Goal()
        self.ros.asked[0][0](goal)
        self.assertEqual((goal.cancelled, self.told("dock")), (1, "stopped"))

    def test_an_action_that_is_refused_or_done_says_so(self):
        self.driver.press("dock")
        accepted, done = self.ros.asked[0]
        accepted(None)
        self.assertEqual(self.told("dock"), "refused")
        accepted(Goal())
        done(4)
        self.assertEqual(self.told("dock"), "done")

    def test_the_robot_declares_its_buttons_speeds_and_telemetry(self):
        config = merged(DEFAULTS, {"buttons": [LIGHTS, DOCK], "limits": {"lateral": 0.4}, "battery": "", "pose": None})
        robot = declaration_of(config)["robot"]
        self.assertEqual((robot["kind"], [axis["name"] for axis in robot["axes"]]), ("holonomic", ["linear", "angular", "lateral"]))
        self.assertEqual(robot["buttons"], [{"name": "lights", "title": "Lights"}, {"name": "dock", "title": "Dock"}])
        self.assertEqual([one["name"] for one in robot["telemetry"]], ["velocity.linear", "velocity.angular", "buttons.lights", "buttons.dock"])
        self.assertEqual(declaration_of(DEFAULTS)["robot"]["kind"], "differential")

    def test_a_robot_that_goes_sideways_is_stopped_there_too(self):
        self.driver.command({"linear": 0.0, "angular": 0.0, "lateral": 0.3}, 1.0)
        self.driver.stop("stop")
        self.assertEqual([one.linear.y for one in self.ros.published[-2:]], [0.3, 0.0])

    def test_a_button_that_is_none_is_refused_by_name(self):
        for given, word in (
            ({"service": "/x"}, "no name"),
            ({"name": "x"}, "one of both"),
            ({"name": "x", "service": "/x", "action": "/x"}, "one of both"),
            ({"name": "x", "action": "/x"}, "without a type"),
            ({"name": "x", "servis": "/x"}, "servis"),
        ):
            with self.assertRaisesRegex(SystemExit, word):
                started({"buttons": [given]})
