"""The serial driver against a pseudo-terminal, which is a serial line to the program."""

import os
import pty
import unittest
from argparse import ArgumentTypeError
from contextlib import suppress
from unittest.mock import patch

from tether_driver.serial_line import SerialDriver, button_of, declaration_of


class SerialTest(unittest.TestCase):
    def setUp(self):
        self.controller, self._line = pty.openpty()
        self.addCleanup(os.close, self.controller)
        self.addCleanup(self.let_go)

    def let_go(self):
        if self._line is not None:
            os.close(self._line)
        self._line = None

    def driver(self, text="{linear:.2f} {angular:.2f}", stop=None, buttons={}):
        driver = SerialDriver(os.ttyname(self._line), 115_200, text, stop, 0.5, buttons)
        driver.start()
        self.addCleanup(driver.close)
        self._driver = driver
        return driver

    def heard(self):
        """All that was written: a read may have only a part of it, and the last one ends by an error once nobody can write."""
        self._driver.close()
        self.let_go()
        parts = []
        with suppress(OSError):
            while part := os.read(self.controller, 65_536):
                parts.append(part)
        return b"".join(parts).decode()

    def test_writes_a_line_for_each_command_and_begins_with_a_stop(self):
        driver = self.driver()
        driver.command({"linear": 0.5, "angular": -1}, 1.0)
        driver.stop("deadman")
        self.assertEqual(self.heard(), "0.00 0.00\n0.50 -1.00\n0.00 0.00\n")

    def test_wheels_and_a_stop_of_their_own(self):
        driver = self.driver("M {left:.2f} {right:.2f}", "STOP")
        driver.command({"linear": 0.5, "angular": 1}, 1.0)
        driver.stop("stop")
        self.assertEqual(self.heard(), "STOP\nM 0.25 0.75\nSTOP\n")

    def test_repeats_what_is_to_be_done_and_reads_telemetry(self):
        driver = self.driver()
        driver.command({"linear": 0.5}, 1.0)
        os.write(self.controller, b'boot\n{"battery":7}\n[1]\n{"battery":')
        self.assertEqual(driver.telemetry(), {"battery": 7})
        os.write(self.controller, b"8}\n")
        self.assertEqual(driver.telemetry(), {"battery": 8})
        self.assertEqual(self.heard(), "0.00 0.00\n" + "0.50 0.00\n" * 3)

    def test_a_button_sends_its_line_once_and_the_command_goes_on(self):
        buttons = dict([button_of("lights=LED 1=1")])
        driver = self.driver(buttons=buttons)
        driver.press("lights")
        driver.telemetry()
        self.assertEqual(self.heard(), "0.00 0.00\nLED 1=1\n0.00 0.00\n")
        robot = declaration_of(0.5, 1.0, buttons)["robot"]
        self.assertEqual((robot["buttons"], robot["axes"][0]["most"]), ([{"name": "lights"}], 0.5))
        for wrong in ("lights", "1=x", "=x", "go home=x"):
            with self.assertRaises(ArgumentTypeError):
                button_of(wrong)

    def test_a_part_of_a_line_that_was_taken_is_no_beginning_of_the_next(self):
        driver = self.driver()
        takes = iter([3, None])
        write = os.write

        def written(descriptor, data):
            return write(descriptor, data[: next(takes)])

        with patch("os.write", written):
            with self.assertRaises(OSError):
                driver.command({"linear": 0.5}, 1.0)
            driver.stop("driver.failed")
        self.assertEqual(self.heard(), "0.00 0.00\n0.5\n0.00 0.00\n")

    def test_a_repeat_that_a_line_does_not_take_just_now_is_no_end_of_the_driver(self):
        driver = self.driver()
        with patch("os.write", side_effect=BlockingIOError):
            self.assertIsNone(driver.telemetry())
        with patch("os.write", side_effect=OSError(5, "gone")), self.assertRaises(OSError):
            driver.telemetry()

    def test_a_line_that_is_not_there_says_what_to_do(self):
        driver = SerialDriver("/dev/none", 115_200, "{linear}", None, 0.5)
        with self.assertRaisesRegex(SystemExit, "dialout"):
            driver.start()
