"""The adapter for aiortc, against a client by aiortc: with and without a place for video in the client's first offer."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import VideoStreamTrack

from tether_robot.aiortc_peer import AiortcChannel, connect_with
from tether_robot.peer import ufrags_of

PATIENCE_S = 60


async def drive(has_video: bool) -> list[str]:
    """Connects, and answers what happened: the kinds of signals of the robot's, then what came over the channel and as a picture."""
    client = RTCPeerConnection()
    told: list[str] = []
    signals: asyncio.Queue[Any] = asyncio.Queue()
    pictures: asyncio.Queue[Any] = asyncio.Queue()
    opened: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    robot = connect_with(lambda: [VideoStreamTrack()])([], signals.put_nowait, lambda *both: opened.set_result(both))
    client.on("track", pictures.put_nowait)
    control = client.createDataChannel("tether.control", ordered=False, maxRetransmits=0)
    client.createDataChannel("tether.events")
    if has_video:
        client.addTransceiver("video", "recvonly")
    await client.setLocalDescription(await client.createOffer())
    # Candidates that come before their description wait for it. W3
    await robot.receive({"kind": "candidate", "candidate": "", "sdpMid": "0", "sdpMLineIndex": 0})
    # A client that trickles sends its candidates apart, several in one signal. W3.2
    lines = client.localDescription.sdp.splitlines()
    found = [line[2:] for line in lines if line.startswith("a=candidate:")]
    several = [{"candidate": one, "sdpMid": "0", "sdpMLineIndex": 0} for one in found]
    await robot.receive({"kind": "candidates", "candidates": several})
    bare = [line for line in lines if not line.startswith(("a=candidate:", "a=end-of-candidates"))]
    await robot.receive({"kind": "offer", "sdp": "\r\n".join(bare) + "\r\n"})

    async def follow() -> None:
        while True:
            data = await signals.get()
            told.append(data["kind"])
            if data["kind"] == "answer":
                assert data["offer"] in ufrags_of(client.localDescription.sdp)
            await client.setRemoteDescription(RTCSessionDescription(data["sdp"], data["kind"]))
            if data["kind"] == "offer":
                await client.setLocalDescription(await client.createAnswer())
                # An answer to another offer is none, whatever it says. W3.3
                await robot.receive({"kind": "answer", "sdp": "", "offer": "another"})
                offer = ufrags_of(data["sdp"])[0]
                await robot.receive({"kind": "answer", "sdp": client.localDescription.sdp, "offer": offer})

    following = asyncio.create_task(follow())
    channel: AiortcChannel = (await asyncio.wait_for(opened, PATIENCE_S))[0]
    heard: asyncio.Queue[Any] = asyncio.Queue()
    channel.on_message = heard.put_nowait
    while control.readyState != "open":
        await asyncio.sleep(0)
    control.send("hello")
    told.append(await asyncio.wait_for(heard.get(), PATIENCE_S))
    track = await asyncio.wait_for(pictures.get(), PATIENCE_S)
    await asyncio.wait_for(track.recv(), PATIENCE_S)
    told.append("picture")
    assert not robot.is_replaced_by(client.localDescription.sdp)
    following.cancel()
    await robot.close()
    await client.close()
    return told


@pytest.mark.parametrize("has_video", [True, False])
def test_video_reaches_a_client(has_video: bool) -> None:
    told = asyncio.run(drive(has_video))
    assert [one for one in told if one in ("answer", "offer")] == (["answer"] if has_video else ["answer", "offer"])
    assert {"hello", "picture"} <= set(told)


def test_a_client_that_asks_for_an_ice_restart_is_asked_for_a_new_peer_connection_once() -> None:
    """W8"""

    async def ask() -> list[Any]:
        sent: list[Any] = []
        robot = connect_with()([], sent.append, lambda *_: None)
        for _ in range(2):
            await robot.receive({"kind": "restart"})
        await robot.close()
        return sent

    assert asyncio.run(ask()) == [{"kind": "refused", "problem": "peer.unrestartable", "retryAfterMs": 0}]
