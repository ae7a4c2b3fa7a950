"""A robot's keys on its disk, replaced whole or not at all. N6"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from .jws import Key


@dataclass(frozen=True, slots=True)
class Keys:
    """`next` is registered and has bought no ticket yet; `code` is one whose redemption is under way."""

    api: str
    current: Key
    robot: str | None = None
    next: Key | None = None


class KeyFile:
    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> Keys | None:
        try:
            told = json.loads(self.path.read_text())
        except FileNotFoundError:
            return None
        following = Key(told["next"]) if told.get("next") else None
        return Keys(told["api"], Key(told["current"]), told.get("robot"), following)

    def save(self, keys: Keys) -> None:
        told = {"api": keys.api, "robot": keys.robot, "current": keys.current.jwk}
        if keys.next:
            told["next"] = keys.next.jwk
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(self.path, json.dumps(told))


def write_whole(path: Path, text: str) -> None:
    """After this returns the file holds the text whatever happens to the power; before, it holds what it held."""
    fresh = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
