"""A WebRTC stack as far as a robot needs one. `aiortc_peer` is one; any other that answers offers can be another."""

from __future__ import annotations

from typing import Any, Callable, Protocol

from .channel import Channel

Signal = dict[str, Any]


class Peer(Protocol):
    """The peer connection with one client. The client makes the first offer; signals come in order, one at a time."""

    async def receive(self, data: Signal) -> None: ...

    def is_replaced_by(self, sdp: str) -> bool:
        """Whether an offer is of another peer connection than this one (W6)."""
        ...

    async def close(self) -> None: ...


Opened = Callable[[Channel, Channel], None]
Connect = Callable[[list[dict[str, Any]], Callable[[Signal], None], Opened], Peer]
"""Makes a peer connection: from ICE servers, how to send a signal, and what to call with both channels once they are open."""


def fingerprints_of(sdp: str) -> set[str]:
    """Each peer connection has a certificate of its own (RFC 8122 §5)."""
    return {line[len("a=fingerprint:") :].strip().lower() for line in sdp.splitlines() if line.startswith("a=fingerprint:")}


def ufrags_of(sdp: str) -> list[str]:
    """The generations that a description names (RFC 8839 §5.4)."""
    return [line[len("a=ice-ufrag:") :].strip() for line in sdp.splitlines() if line.startswith("a=ice-ufrag:")]
