"""The MAVLink driver against a stand-in of pymavlink's connection; it was not tried with ArduPilot's simulator."""

import unittest
from types import SimpleNamespace as Of

from tether_driver.mavlink import MavlinkDriver, declaration_of


class Link:
    target_system = 3

    def __init__(self, heartbeat=True):
        self.did, self.arriving, self._heartbeat = [], [], heartbeat
        self.mav = Of(manual_control_send=lambda *axes: self.did.append(axes))

    def wait_heartbeat(self, timeout):
        return Of() if self._heartbeat else None

    def set_mode(self, mode):
        self.did.append(mode)

    def arducopter_arm(self):
        self.did.append("arm")

    def recv_match(self, blocking):
        return self.arriving.pop(0) if self.arriving else None

    def close(self):
        self.did.append("close")


class MavlinkTest(unittest.TestCase):
    def setUp(self):
        self.link, self.now = Link(), 0.0
        self.driver = MavlinkDriver(lambda: self.link, 2.0, 1.0, now=lambda: self.now)

    def test_drives_in_manual_and_never_arms_by_itself(self):
        self.driver.start()
        self.driver.command({"linear": 1.0, "angular": 0.5}, 1.0)
        self.driver.command({"linear": -9.0, "angular": -9.0}, 1.0)
        self.driver.stop("stop")
        self.assertEqual(self.link.did, ["MANUAL", (3, 0, 0, 0, 0, 0), (3, 500, 0, 0, -500, 0), (3, -1000, 0, 0, 1000, 0), (3, 0, 0, 0, 0, 0)])

    def test_repeats_what_is_to_be_done(self):
        self.driver.start()
        self.driver.command({"linear": 1.0}, 1.0)
        self.driver.telemetry()
        self.now = 0.2
        self.driver.telemetry()
        self.assertEqual(self.link.did[2:], [(3, 500, 0, 0, 0, 0)] * 2)

    def test_a_vehicle_without_a_heartbeat_is_not_driven(self):
        self.link = Link(heartbeat=False)
        with self.assertRaises(TimeoutError):
            self.driver.start()
        self.assertEqual(self.link.did, [])

    def test_tells_what_it_hears(self):
        self.driver.start()
        self.link.arriving = [
            Of(get_type=lambda: "SYS_STATUS", battery_remaining=-1, voltage_battery=12_100),
            Of(get_type=lambda: "GLOBAL_POSITION_INT", lat=523_000_000, lon=-43_000_000, alt=10_500),
            Of(get_type=lambda: "VFR_HUD", groundspeed=0.51234, heading=90),
            Of(get_type=lambda: "HEARTBEAT", autopilot=3, base_mode=129),
            Of(get_type=lambda: "HEARTBEAT", autopilot=8, base_mode=0),
            Of(get_type=lambda: "STATUSTEXT", text="low"),
        ]
        self.assertEqual(
            self.driver.telemetry(),
            {
                "battery": {"percent": None, "voltage": 12.1},
                "position": {"latitude": 52.3, "longitude": -4.3, "altitude": 10.5},
                "velocity": {"linear": 0.512},
                "heading": 90,
                "armed": True,
                "said": "low",
            },
        )

    def test_declares_two_axes_up_to_its_speeds_and_what_it_tells(self):
        robot = declaration_of(2.0, 1.0)["robot"]
        self.assertEqual([(axis["name"], axis["unit"], axis["least"], axis["most"]) for axis in robot["axes"]], [("linear", "m/s", -2.0, 2.0), ("angular", "rad/s", -1.0, 1.0)])
        self.assertIn({"name": "battery.voltage", "title": "Voltage", "unit": "V"}, robot["telemetry"])
