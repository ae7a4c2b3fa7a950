"""A data channel as far as a guard needs it; an adapter for a WebRTC stack gives two of them."""

from __future__ import annotations

import json
from typing import Any, Callable, Protocol


class Channel(Protocol):
    """`on_message` and `on_close` are set by the guard."""

    on_message: Callable[[Any], None] | None
    on_close: Callable[[], None] | None

    @property
    def is_open(self) -> bool: ...

    @property
    def buffered(self) -> int:
        """Bytes that have not left the channel."""
        ...

    def send(self, text: str) -> None: ...


def write(channel: Channel, message: dict[str, Any]) -> None:
    """A channel that fails is as one that is not open: the others are told all the same."""
    text = json.dumps(message)
    if not channel.is_open:
        return
    try:
        channel.send(text)
    except Exception:
        return
