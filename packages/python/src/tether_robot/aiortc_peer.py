"""Peer connections by aiortc. It gathers before it answers and cannot restart ICE: its client makes a new one instead. W3.1, W8"""

from __future__ import annotations

import asyncio
from typing import Any, Callable

from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection, RTCSessionDescription
from aiortc.sdp import candidate_from_sdp

from .peer import Opened, Signal, fingerprints_of, ufrags_of

LABELS = ("tether.control", "tether.events")


EARLY_MOST = 16
"""Messages that are kept of a channel that came before the other: a permit would be lost, and nobody shows it twice. W1.1"""


class AiortcChannel:
    def __init__(self, channel: Any) -> None:
        self._channel = channel
        self._on_message: Callable[[Any], None] | None = None
        self._early: list[Any] = []
        self.on_close: Callable[[], None] | None = None
        channel.on("message", self._heard)
        channel.on("close", lambda: self.on_close() if self.on_close else None)

    @property
    def on_message(self) -> Callable[[Any], None] | None:
        return self._on_message

    @on_message.setter
    def on_message(self, hear: Callable[[Any], None] | None) -> None:
        self._on_message = hear
        early, self._early = self._early, []
        for data in early:
            self._heard(data)

    def _heard(self, data: Any) -> None:
        if self._on_message:
            self._on_message(data)
        elif len(self._early) < EARLY_MOST:
            self._early.append(data)

    @property
    def is_open(self) -> bool:
        return bool(self._channel.readyState == "open")

    @property
    def buffered(self) -> int:
        return int(self._channel.bufferedAmount)

    def send(self, text: str) -> None:
        self._channel.send(text)


class AiortcPeer:
    def __init__(self, pc: RTCPeerConnection, send: Callable[[Signal], None], tracks: list[Any]) -> None:
        self._pc, self._send, self._tracks = pc, send, list(tracks)
        self._held: list[Signal] = []
        self._is_given_up = False

    def is_replaced_by(self, sdp: str) -> bool:
        known = fingerprints_of(self._pc.remoteDescription.sdp) if self._pc.remoteDescription else set()
        return bool(known) and not known & fingerprints_of(sdp)

    async def receive(self, data: Signal) -> None:
        match data:
            case {"kind": "offer", "sdp": sdp}:
                await self._answer(sdp)
            case {"kind": "answer", "sdp": sdp}:
                if self._pc.signalingState == "have-local-offer" and self._is_own(data.get("offer")):
                    await self._pc.setRemoteDescription(RTCSessionDescription(sdp, "answer"))
            case {"kind": "candidates", "candidates": candidates}:
                for one in candidates:
                    await self._take(one)
            case {"kind": "candidate"}:
                await self._take(data)
            case {"kind": "restart"}:
                self.ask_for_another()

    def ask_for_another(self) -> None:
        """The path broke: the client is asked for a new peer connection, once. W8"""
        if not self._is_given_up:
            self._is_given_up = True
            self._send({"kind": "refused", "problem": "peer.unrestartable", "retryAfterMs": 0})

    async def _answer(self, sdp: str) -> None:
        # Where both offer at once the client yields and offers again: this end never has to roll back. W2
        if self._pc.signalingState != "stable":
            return
        await self._pc.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        for transceiver in self._pc.getTransceivers():
            track = next((one for one in self._tracks if one.kind == transceiver.kind), None)
            if track and transceiver.sender.track is None:
                self._tracks.remove(track)
                transceiver.sender.replaceTrack(track)
                transceiver.direction = "sendonly"
        held, self._held = self._held, []
        for candidate in held:
            await self._add(candidate)
        await self._pc.setLocalDescription(await self._pc.createAnswer())
        offers = ufrags_of(sdp)
        self._send({"kind": "answer", "sdp": self._pc.localDescription.sdp, **({"offer": offers[0]} if offers else {})})

    def _is_own(self, offer: str | None) -> bool:
        """Whether an answer is to the offer that is out. W3.3"""
        return offer is None or offer in ufrags_of(self._pc.localDescription.sdp)

    async def offer_tracks(self) -> None:
        """Offers the tracks for which the client's offer had no place. aiortc loses an offer that is made while it connects. W2"""
        if not self._tracks or self._pc.signalingState != "stable":
            return
        for track in self._tracks:
            self._pc.addTrack(track)
        self._tracks = []
        await self._pc.setLocalDescription(await self._pc.createOffer())
        self._send({"kind": "offer", "sdp": self._pc.localDescription.sdp})

    async def _take(self, candidate: Signal) -> None:
        """A candidate waits for its description. W3, W3.2"""
        if self._pc.remoteDescription is None:
            self._held = [*self._held, candidate][-256:]
        else:
            await self._add(candidate)

    async def _add(self, data: Signal) -> None:
        text = data["candidate"]
        # Names of mDNS cannot be looked up everywhere, and an empty candidate says that there are no more.
        if text == "" or ".local " in text:
            return
        candidate = candidate_from_sdp(text.split(":", 1)[1])
        candidate.sdpMid, candidate.sdpMLineIndex = data["sdpMid"], data["sdpMLineIndex"]
        await self._pc.addIceCandidate(candidate)

    async def close(self) -> None:
        await self._pc.close()


def connect_with(tracks: Callable[[], list[Any]] = lambda: []) -> Callable[..., AiortcPeer]:
    """The stack by which `Robot` makes its peer connections. `tracks` gives each of them the robot's cameras."""

    def connect(ice_servers: list[dict[str, Any]], send: Callable[[Signal], None], opened: Opened) -> AiortcPeer:
        servers = [RTCIceServer(one["urls"], one.get("username"), one.get("credential")) for one in ice_servers]
        pc = RTCPeerConnection(RTCConfiguration(servers))
        taken: dict[str, AiortcChannel] = {}

        @pc.on("datachannel")
        def on_channel(channel: Any) -> None:
            if channel.label not in LABELS or channel.label in taken:
                return
            taken[channel.label] = AiortcChannel(channel)
            if len(taken) == len(LABELS):
                opened(taken[LABELS[0]], taken[LABELS[1]])

        @pc.on("connectionstatechange")
        async def on_state() -> None:
            if pc.connectionState == "connected":
                await peer.offer_tracks()
            if pc.connectionState == "failed":
                peer.ask_for_another()
            if pc.connectionState in ("failed", "closed"):
                for channel in taken.values():
                    if channel.on_close:
                        channel.on_close()

        peer = AiortcPeer(pc, send, tracks())
        return peer

    return connect


