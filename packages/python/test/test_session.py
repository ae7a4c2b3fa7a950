"""Connections of a robot's session: those that it gives up, that are refused, and that end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from broker import CLIENT, PEER, WELCOME, Bought, Socket, session_with

from tether_robot import Final, limits

BYE = {"type": "bye", "cause": "superseded", "says": "Another one took over.", "retry": {"policy": "never", "afterMs": 0}}
UNSUPPORTED = {"type": "problem", "code": "protocol.unsupported", "says": "No such version.", "remedy": ""}
GATEWAY = {"message": "Internal server error", "connectionId": "c", "requestId": "r"}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BACKOFF_MS", (1, 1))


def test_a_connection_that_is_given_up_is_closed_and_leaves_nothing_running(monkeypatch: pytest.MonkeyPatch) -> None:
    """E5, E2.1: the first is not welcomed in time, the second is cut off."""
    monkeypatch.setattr(limits, "OPEN_MS", 500)

    async def scenario() -> None:
        third, first_closed = asyncio.Event(), asyncio.Event()

        async def accept(socket: Socket) -> None:
            if socket.number == 1:
                await socket.wait_closed()
                first_closed.set()
                return
            await socket.say(WELCOME)
            if socket.number == 2:
                await socket.close()
            if socket.number == 3:
                third.set()

        async with session_with(accept):
            await asyncio.wait_for(third.wait(), 20)
            await asyncio.wait_for(first_closed.wait(), 20)
            kept = [task for task in asyncio.all_tasks() if "Connection._keep" in repr(task.get_coro())]
            assert len(kept) == 1

    asyncio.run(scenario())


@pytest.mark.parametrize("frame", [BYE, UNSUPPORTED])
def test_a_connection_that_is_refused_for_good_before_its_welcome_is_the_last(frame: dict[str, Any]) -> None:
    """E3, E3.1, H9"""

    async def scenario() -> None:
        async def accept(socket: Socket) -> None:
            await socket.say(frame)

        async with session_with(accept) as (_, _, running):
            with pytest.raises(Final):
                await asyncio.wait_for(running, 8)

    asyncio.run(scenario())


@pytest.mark.parametrize("frame", [GATEWAY, {**UNSUPPORTED, "code": "unavailable"}, {**BYE, "retry": {"policy": "now", "afterMs": 0}}])
def test_a_connection_that_comes_to_nothing_before_its_welcome_is_begun_anew_at_once(frame: dict[str, Any]) -> None:
    """F10, F5"""

    async def scenario() -> None:
        async def accept(socket: Socket) -> None:
            await socket.say(frame if socket.number == 1 else WELCOME)

        async with session_with(accept) as (_, heard, _):
            await asyncio.wait_for(heard.until("welcomed"), 8)

    asyncio.run(scenario())


def test_a_client_that_is_announced_before_the_welcome_is_there_though_that_does_not_name_it() -> None:
    """P8"""

    async def scenario() -> None:
        async def accept(socket: Socket) -> None:
            await socket.frame("hello")
            await socket.say({"type": "peer.online", "peer": PEER}, WELCOME)

        async with session_with(accept) as (session, heard, _):
            await heard.until("peer_online")
            assert [peer["session"] for peer in session.signalling.peers] == [CLIENT]

    asyncio.run(scenario())


def test_a_connection_that_ends_is_told_at_once_whatever_is_asked_for_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """R2, E8: its successor's ticket does not come."""
    monkeypatch.setattr(limits, "ROLLOVER_MS", (1, 1))

    async def scenario() -> None:
        asked = asyncio.Event()

        class Once(Bought):
            async def buy(self, use: str) -> dict[str, Any]:
                if asked.is_set():
                    await asyncio.Event().wait()
                return await super().buy(use)

        async def accept(socket: Socket) -> None:
            asked.set()
            await socket.say(WELCOME)
            await socket.close()

        async with session_with(accept, Once()) as (_, heard, _):
            await heard.until("lost")

    asyncio.run(scenario())


def test_another_welcome_of_a_connection_has_nothing_sent_again() -> None:
    """S8, S13: else what nobody acknowledges would be sent again without an end."""

    async def scenario() -> None:
        signals: list[Any] = []
        both = asyncio.Event()

        async def accept(socket: Socket) -> None:
            await socket.frame("hello")
            await socket.say({**WELCOME, "peers": [PEER]})
            signals.append(await socket.frame("signal"))
            await socket.frame("hello")
            await socket.say({**WELCOME, "peers": [PEER]}, {"type": "peer.online", "peer": {**PEER, "session": CLIENT[:-1] + "2"}})
            signals.append(await socket.frame("signal"))
            both.set()

        async with session_with(accept) as (session, heard, _):
            await heard.until("peer_online")
            session.send_signal(CLIENT, {"kind": "app", "body": 1})
            session.unacknowledged()
            heard.told.clear()
            await heard.until("peer_online")
            session.send_signal(CLIENT, {"kind": "app", "body": 2})
            await asyncio.wait_for(both.wait(), 20)
            assert [signal["seq"] for signal in signals] == [1, 2]

    asyncio.run(scenario())


def waits_of(monkeypatch: pytest.MonkeyPatch, ends: list[list[dict[str, Any]]]) -> list[float]:
    """The bounds of the waits of a session whose connections are told so much and closed, all but the last. No wait takes time."""
    bounds: list[float] = []

    def wait_of(bound_ms: float) -> float:
        bounds.append(bound_ms)
        return 0

    monkeypatch.setattr(limits, "BACKOFF_MS", (500, 15_000))
    monkeypatch.setattr("tether_robot.session.wait_of", wait_of)

    async def scenario() -> None:
        last = asyncio.Event()

        async def accept(socket: Socket) -> None:
            if socket.number > len(ends):
                last.set()
                return
            await socket.say(*ends[socket.number - 1])
            await socket.close()

        async with session_with(accept):
            await asyncio.wait_for(last.wait(), 20)

    asyncio.run(scenario())
    return bounds


def bye(policy: str, after_ms: Any = 0) -> dict[str, Any]:
    return {**BYE, "cause": "connection.flooded", "retry": {"policy": policy, "afterMs": after_ms}}


def test_connections_that_do_not_last_are_waited_for_longer_and_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """E2.2, F5.1"""
    ends = [[WELCOME], [bye("now")], [WELCOME, bye("now")], [WELCOME, bye("backoff", 40_000)], [bye("backoff", 60_000)], [WELCOME, bye("now", "soon")]]
    assert waits_of(monkeypatch, ends) == [500, 1_000, 2_000, 40_000, 60_000, 15_000]


def test_one_that_lasted_is_followed_at_once_where_it_was_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """E2.2, F5.1"""
    monkeypatch.setattr(limits, "SETTLED_MS", 0)
    assert waits_of(monkeypatch, [[WELCOME, bye("now")], [WELCOME], [WELCOME, bye("backoff", 9_000)]]) == [0, 500, 9_000]
