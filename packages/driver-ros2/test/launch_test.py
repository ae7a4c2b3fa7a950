"""Runs the driver as a node of ROS 2, where that is installed: `PYTHONPATH=. python3 -m unittest test/launch_test.py`."""

import json
import subprocess
import sys
import unittest


class LaunchTest(unittest.TestCase):
    def test_a_command_is_heard_on_the_topic(self):
        import rclpy
        from geometry_msgs.msg import Twist

        rclpy.init()
        self.addCleanup(rclpy.try_shutdown)
        node = rclpy.create_node("listener")
        heard = []
        node.create_subscription(Twist, "cmd_vel", heard.append, 10)
        driver = subprocess.Popen([sys.executable, "-m", "tether_driver.ros2"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(driver.kill)
        for message in ({"type": "start", "id": 1}, {"type": "command", "id": 2, "command": {"linear": 0.25}}):
            driver.stdin.write(json.dumps(message) + "\n")
        driver.stdin.flush()
        for _ in range(600):
            rclpy.spin_once(node, timeout_sec=0.1)
            if any(twist.linear.x == 0.25 for twist in heard):
                break
        self.assertIn(0.25, [twist.linear.x for twist in heard])
        driver.stdin.close()
        self.assertEqual(driver.wait(timeout=60), 0)
