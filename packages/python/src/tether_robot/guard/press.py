"""The press of a stop button that an order stems from."""

from __future__ import annotations


def press_of(session: str | None, key: str | None, way: str = "frame") -> tuple[str | None, str, bool]:
    """A key is its session's own: nobody can have another's stop taken for one that has come. R16"""
    if session is None or key is None:
        return None, way, False
    return f"{session} {key}", way, key.startswith("once-")
