"""The hello of a robot when a connection begins."""

from __future__ import annotations

from typing import Any, cast

import pytest

from tether_robot.clock import SteadyClock
from tether_robot.session import Session
from tether_robot.tickets import Tickets


@pytest.mark.parametrize("tracks", [[], ["video"], ["video", "audio"]])
def test_hello_names_the_tracks_that_there_are(tracks: list[str]) -> None:
    """W1.2"""
    session = Session(cast(Tickets, None), "k3Jd9sQ_x-2m", SteadyClock(), lambda _: None, tracks)
    hello: dict[str, Any] = session.hello()
    assert hello.pop("tracks", []) == tracks
    assert hello == {"type": "hello", "protocol": 1, "features": ["keepalive"], "instance": "k3Jd9sQ_x-2m", "received": {}}
