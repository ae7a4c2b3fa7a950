"""The guard's channels, stages and latch: what surrounds its machine, which the differential test compares with the other guard's."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any, Awaitable, Callable

import pytest

from tether_robot.aiortc_peer import EARLY_MOST, AiortcChannel
from tether_robot.guard.driver import Driver
from tether_robot.guard.guard import Guard
from tether_robot.guard.manoeuvre import Manoeuvre, Stage
from tether_robot.guard.state import begin_stop
from tether_robot.robot import Robot

ROBOT = "rob_01J00000000000000000000000"
ADA = "cse_01J00000000000000000000000"


class FakeChannel:
    def __init__(self, fails: bool = False) -> None:
        self.on_message: Callable[[Any], None] | None = None
        self.on_close: Callable[[], None] | None = None
        self.is_open, self.buffered, self.fails = True, 0, fails
        self.sent: list[Any] = []

    def send(self, text: str) -> None:
        if self.fails:
            raise ConnectionError
        self.sent.append(json.loads(text))

    def hear(self, message: dict[str, Any]) -> None:
        assert self.on_message
        self.on_message(json.dumps(message))


class FakeClock:
    def now(self) -> float:
        return 0.0


class Wheels:
    def __init__(self) -> None:
        self.stops: list[str] = []

    async def stop(self, reason: str) -> None:
        self.stops.append(reason)

    def driver(self, **part: Any) -> Driver:
        return Driver(command=lambda *_: None, stop=self.stop, **part)


def run(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(story(), 60))


@pytest.mark.parametrize("closed", ["control", "events"])
def test_a_stop_counts_on_the_channel_that_is_left_until_the_client_is_gone(closed: str) -> None:
    """R7.1"""

    async def story() -> None:
        wheels = Wheels()
        guard = Guard(ROBOT, wheels.driver(), FakeClock())
        channels = {"control": FakeChannel(), "events": FakeChannel()}
        leave = guard.open(ADA, channels["control"], channels["events"])
        left = channels["events" if closed == "control" else "control"]
        on_close = channels[closed].on_close
        assert on_close
        on_close()
        left.hear({"type": "stop"})
        await asyncio.sleep(0)
        assert wheels.stops == ["stop"] and guard.is_stopped
        leave()
        left.hear({"type": "stop"})
        await asyncio.sleep(0)
        assert wheels.stops == ["stop"]
        await guard.close()

    run(story)


def test_a_channel_that_fails_keeps_nothing_from_the_others_nor_the_robot_from_leaving() -> None:
    """R8"""

    async def story() -> None:
        guard = Guard(ROBOT, Wheels().driver(), FakeClock())
        broken, sound = FakeChannel(fails=True), FakeChannel()
        for events in (broken, sound):
            guard.open(ADA, FakeChannel(), events)
        await guard.close()
        assert [message["type"] for message in sound.sent] == ["stopped"]

    run(story)


def test_a_robot_that_slows_down_is_stopped_at_once_where_its_session_ends() -> None:
    """R26"""

    async def story() -> None:
        wheels, slowing = Wheels(), asyncio.Event()

        async def slow(_: str) -> None:
            slowing.set()
            await asyncio.Event().wait()

        manoeuvre = Manoeuvre(slow=Stage(3_600_000, slow))
        guard = Guard(ROBOT, wheels.driver(manoeuvre=manoeuvre), FakeClock())
        guard._state = begin_stop(guard._state, "deadman", 0, None)
        guard.signalling_lost()
        await slowing.wait()
        assert wheels.stops == []
        await guard.close()
        assert wheels.stops == ["deadman"]

    run(story)


def robot_in(folder: Path) -> Robot:
    return Robot(folder, Wheels().driver(), lambda *_: None)  # type: ignore[arg-type, return-value]


def test_a_folder_that_cannot_be_written_counts_as_stopped(tmp_path: Path) -> None:
    """R18"""
    assert not robot_in(tmp_path)._is_stopped()
    assert os.listdir(tmp_path) == []
    (tmp_path / "stopped").write_text("")
    assert robot_in(tmp_path)._is_stopped()
    # A file where a folder should be can be neither written nor searched, whoever asks.
    (tmp_path / "full").write_text("")
    assert robot_in(tmp_path / "full")._is_stopped()
    assert robot_in(tmp_path / "gone")._is_stopped()
    (tmp_path / "probe.new").mkdir()
    (tmp_path / "stopped").unlink()
    assert robot_in(tmp_path)._is_stopped()


def test_what_comes_on_a_channel_before_the_other_is_heard_in_its_order() -> None:
    """W1.1"""
    hear: dict[str, Callable[..., None]] = {}

    class Native:
        def on(self, name: str, call: Callable[..., None]) -> None:
            hear[name] = call

    channel, heard = AiortcChannel(Native()), []
    for number in range(2 * EARLY_MOST):
        hear["message"](number)
    channel.on_message = heard.append
    hear["message"]("later")
    assert heard == [*range(EARLY_MOST), "later"]
