import io
import json
import unittest

from tether_driver.lines import SILENT_S, Lines, serve, speeds


class Recorder:
    """A driver that notes what is asked of it."""

    def __init__(self, fails=()):
        self.did, self._fails = [], set(fails)

    def _do(self, name, *what):
        self.did.append((name, *what))
        if name in self._fails:
            self._fails.discard(name)
            raise OSError("no answer")

    def start(self):
        self._do("start")

    def command(self, command, limit):
        self._do("command", dict(command), limit)

    def press(self, button):
        self._do("press", button)

    def stop(self, reason):
        self._do("stop", reason)

    def telemetry(self):
        return {"battery": 1}

    def close(self):
        self._do("close")


class Time:
    now = 0.0

    def __call__(self):
        return self.now


def begun(fails=(), declaration=None):
    driver, out, time = Recorder(fails), io.StringIO(), Time()
    return driver, Lines(driver, out, time, declaration), lambda: [json.loads(line) for line in out.getvalue().splitlines()], time


class LinesTest(unittest.TestCase):
    def test_answers_each_message_once_it_is_carried_out(self):
        driver, lines, said, _ = begun(declaration={"stages": {"stop": 500}})
        for message in (
            {"type": "start", "id": 1},
            {"type": "command", "id": 2, "command": {"linear": 0.5}, "limit": 0.8},
            {"type": "stop", "id": 3, "reason": "deadman"},
            {"type": "unheard-of", "id": 4},
            {"type": "press", "id": 5, "button": "horn"},
        ):
            lines.line(json.dumps(message))
        self.assertEqual(driver.did, [("start",), ("command", {"linear": 0.5}, 0.8), ("stop", "deadman"), ("press", "horn")])
        self.assertEqual(said()[0], {"type": "declare", "stages": {"stop": 500}})
        self.assertEqual([message["id"] for message in said()[1:]], [1, 2, 3, 4, 5])

    def test_a_command_that_fails_stops_the_robot(self):
        driver, lines, said, _ = begun(fails=["command"])
        lines.line('{"type":"command","id":2,"command":{}}')
        self.assertEqual(driver.did[-1], ("stop", "driver.failed"))
        self.assertEqual(said(), [{"type": "failed", "id": 2, "says": "OSError: no answer"}])

    def test_a_stop_that_fails_is_tried_again(self):
        driver, lines, said, _ = begun(fails=["stop"])
        lines.stop("leaving")
        self.assertEqual(driver.did, [("stop", "leaving")] * 2)

    def test_stops_a_robot_that_may_move_when_the_agent_is_silent_and_no_other(self):
        driver, lines, _, time = begun()
        time.now = SILENT_S + 1
        lines.tick()
        self.assertEqual(driver.did, [])
        lines.line('{"type":"command","id":2,"command":{}}')
        time.now += SILENT_S
        lines.tick()
        self.assertEqual(driver.did[-1][0], "command")
        time.now += 0.01
        lines.tick()
        lines.tick()
        self.assertEqual(driver.did[1:], [("stop", "driver.failed")])

    def test_measures_five_times_a_second_once_it_has_started(self):
        driver, lines, said, time = begun()
        asked = []
        driver.telemetry = lambda: asked.append(time.now)
        for step in range(1, 11):
            if step == 5:
                lines.line('{"type":"start","id":1}')
            time.now = step / 8
            lines.tick()
        self.assertEqual(asked, [0.625, 0.875, 1.125])

    def test_nonsense_is_ignored(self):
        driver, lines, said, _ = begun()
        for text in ("", "{", "[]", '{"id":1}', "[" * 100_000, "null"):
            lines.line(text)
        self.assertEqual((driver.did, said()), ([], []))

    def test_telemetry_that_is_no_number_is_left_out(self):
        _, lines, said, _ = begun()
        lines.say(type="telemetry", telemetry={"x": float("nan")})
        self.assertEqual(said(), [])

    def test_the_end_of_the_input_stops_the_robot(self):
        driver, out = Recorder(), io.StringIO()
        serve(driver, source=io.StringIO('{"type":"start","id":1}\n{"type":"command","id":2,"command":{}}\n'), out=out)
        self.assertEqual([did[0] for did in driver.did], ["start", "command", "stop", "close"])

    def test_a_speed_that_is_no_number_is_an_exception(self):
        self.assertEqual(speeds({"linear": 1, "angular": -0.5}), (1.0, -0.5))
        for wrong in ({"linear": "x"}, {"angular": None}, {"linear": float("nan")}, {"angular": float("inf")}):
            with self.assertRaises((ValueError, TypeError)):
                speeds(wrong)
