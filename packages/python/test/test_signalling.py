"""A client that is taken for away, and the time that is to be waited for."""

from __future__ import annotations

from typing import Any

import pytest
from broker import CLIENT, PEER, WELCOME

from tether_robot.refusal import refusal_of
from tether_robot.signalling.signalling import Signalling

AWAY = {"type": "peer.away", "session": CLIENT, "epoch": 2, "backBy": 1_060_000}
MINUTE = 60_000


class Asked:
    """A listener that counts how often the broker is to be asked how all stand."""

    def __init__(self) -> None:
        self.times = 0

    def unacknowledged(self) -> None:
        self.times += 1

    def __getattr__(self, _: str) -> Any:
        return lambda *_: None


def begin() -> tuple[Signalling, Asked]:
    """The broker's clock is a million ms ahead."""
    asked = Asked()
    signalling = Signalling(asked)
    signalling.welcome(WELCOME["session"], [PEER], False, 0, 1_000_000)
    signalling.hear(AWAY, 0)
    return signalling, asked


def test_a_client_that_is_away_is_asked_about_a_minute_after_it_was_to_be_back_and_then_2_4_8_min() -> None:
    """S15"""
    signalling, asked = begin()
    at = []
    for now in range(0, 100 * MINUTE, MINUTE // 2):
        before = asked.times
        signalling.handle_due(now)
        if asked.times > before:
            at.append(now / MINUTE)
    assert at == [2, 4, 8, 16, 32, 64]


@pytest.mark.parametrize("kind", ["signal", "ack"])
def test_a_client_that_is_away_and_speaks_is_asked_about_at_once_and_once(kind: str) -> None:
    """S15"""
    signalling, asked = begin()
    for seq in (1, 2):
        part = {"received": {"stream": 0, "seq": 0}} if kind == "ack" else {"stream": 3, "seq": seq, "data": {"kind": "app"}}
        signalling.hear({"type": kind, "from": CLIENT, **part}, 10)
        signalling.handle_due(10)
    assert asked.times == 1


def test_a_client_that_is_back_is_not_asked_about() -> None:
    """S15"""
    signalling, asked = begin()
    signalling.hear({"type": "peer.online", "peer": {**PEER, "epoch": 3}}, 10)
    signalling.handle_due(100 * MINUTE)
    assert asked.times == 0


@pytest.mark.parametrize(
    ("header", "ms"), [("2", 2_000), ("1e9", 300_000), ("inf", 300_000), ("nan", 0), ("-1", 0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0)]
)
def test_the_time_to_wait_is_a_number_of_seconds_and_five_minutes_at_most(header: str, ms: float) -> None:
    """E7"""
    assert refusal_of(429, {"retry-after": header}, {}).after_ms == ms
