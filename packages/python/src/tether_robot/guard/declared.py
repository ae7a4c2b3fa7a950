"""The declaration of a robot, and the check of commands against it. R35, R36, R37"""

from __future__ import annotations

import re
from math import isfinite
from typing import Any, Callable, Mapping

from ..message import is_text
from .state import Bounds

Declaration = Mapping[str, Any]
KINDS = ("differential", "holonomic", "ackermann", "arm", "ptz", "none")
MOST = {"axes": 16, "buttons": 16, "telemetry": 32}
REMEMBERED = 64
"""Presses that are remembered; a command that tells of an older one is too old to be obeyed."""


def check_declaration(declaration: Any) -> Declaration:
    """The declaration, if it is one. Raises ValueError with the field that is wrong."""
    _demand(isinstance(declaration, Mapping) and declaration.get("kind") in KINDS, "kind")
    for part, most in MOST.items():
        rows = declaration.get(part)
        _demand(isinstance(rows, (list, tuple)) and len(rows) <= most, part)
        for at, row in enumerate(rows):
            _demand(isinstance(row, Mapping), f"{part}.{at}")
            is_field = part == "telemetry"
            _demand(_is_word(row.get("name"), 64) if is_field else _is_name(row.get("name")), f"{part}.{at}.name")
            for word in ("unit", "title"):
                is_needed = part == "axes" and word == "unit"
                _demand((word not in row and not is_needed) or _is_word(row.get(word), 32), f"{part}.{at}.{word}")
            if part == "axes":
                is_place = row.get("by") == "position"
                _demand(row.get("by", "speed") in ("speed", "position"), f"{part}.{at}.by")
                _demand(_is_bound(row.get("least")) and (is_place or row["least"] <= 0), f"{part}.{at}.least")
                _demand(_is_bound(row.get("most")) and row["most"] >= (row["least"] if is_place else 0), f"{part}.{at}.most")
        _demand(len({row["name"] for row in rows}) == len(rows), part)
    return declaration


def is_declared(declaration: Declaration, command: Any) -> bool:
    """Whether a command names declared axes and presses a declared button, and nothing else."""
    if not isinstance(command, dict):
        return False
    axes = {axis["name"] for axis in declaration["axes"]}
    buttons = {button["name"] for button in declaration["buttons"]}
    pressed = [press_of(command)] if "press" in command else []
    return set(command) <= axes | {"press"} and all(press is not None and press[0] in buttons for press in pressed)


def limit_axes(declaration: Declaration, command: Any, bounds: Bounds, limit: float) -> dict[str, float]:
    """Every axis as the driver may be given it: within its bounds; speeds no faster than the policy says, and the share of that.

    A position is given where the command names it, and not where the share is below 1: how fast an axis goes there is not known here.
    """
    policy = {"m/s": bounds.max_linear, "rad/s": bounds.max_angular}
    speeds: dict[str, float] = {}
    positions: dict[str, float] = {}
    share = 1.0
    for axis in declaration["axes"]:
        wanted = _number_of(command.get(axis["name"]))
        if axis.get("by") == "position":
            if wanted is not None and limit >= 1:
                positions[axis["name"]] = max(axis["least"], min(axis["most"], wanted))
            continue
        speed = max(axis["least"], min(axis["most"], wanted or 0.0))
        bound = policy.get(axis["unit"])
        if bound is not None and abs(speed) > bound:
            share = min(share, bound / abs(speed))
        speeds[axis["name"]] = speed
    return {name: speed * share * limit for name, speed in speeds.items()} | positions


def press_of(command: Any) -> tuple[str, str] | None:
    """The button and the key of the press that a command tells of."""
    press = command.get("press") if isinstance(command, dict) else None
    if not isinstance(press, dict) or not _is_name(press.get("button")):
        return None
    key = press.get("key")
    return (press["button"], key) if is_text(key) and 16 <= len(key) <= 64 else None


def new_presses() -> Callable[[Any], str | None]:
    """Finds the presses that are new among those that commands tell of: each is told in many, as any of them may be lost."""
    keys: list[str] = []

    def take(command: Any) -> str | None:
        press = press_of(command)
        if press is None or press[1] in keys:
            return None
        keys.append(press[1])
        del keys[:-REMEMBERED]
        return press[0]

    return take


def _demand(holds: bool, where: str) -> None:
    if not holds:
        raise ValueError(f"This is no declaration of a robot: see {where}.")


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch("[A-Za-z][A-Za-z0-9_]{0,31}", value) is not None and value != "press"


def _is_word(value: Any, most: int) -> bool:
    return is_text(value) and 1 <= len(value) <= most


def _is_bound(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= 1e6


def _number_of(value: Any) -> float | None:
    """None for what is no finite number: a driver may read "9" or True as a speed."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if is_number and isfinite(value) else None
