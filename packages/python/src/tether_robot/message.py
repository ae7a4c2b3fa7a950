"""Messages on the channels, as the schemas in `packages/protocol/schema` say. A message that does not match is none. R19, R25"""

from __future__ import annotations

import json
import re
from typing import Any

from .limits import INSTANT_MOST, MESSAGE_DEPTH, MESSAGE_LENGTH, NUMBER_MOST

Message = dict[str, Any]


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON.")


def _whole(digits: str) -> int | float:
    """JavaScript knows no whole numbers beyond its floating ones."""
    return int(digits) if len(digits) < 16 else float(digits)


def parse(text: str) -> Any:
    """JSON as RFC 8259 has it, without NaN. Raises ValueError or RecursionError."""
    return json.loads(text, parse_constant=_no_constant, parse_int=_whole)


def is_within(value: Any, depth: int) -> bool:
    """Whether arrays and objects are nested at most `depth` deep."""
    if not isinstance(value, (dict, list)):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return depth > 0 and all(is_within(one, depth - 1) for one in inner)


def is_text(value: Any) -> bool:
    """Well-formed Unicode; JSON can name half of a surrogate pair alone. A12"""
    if not isinstance(value, str):
        return False
    return not re.search("[\ud800-\udfff]", value)


def units(text: str) -> int:
    """The length of a message, which is counted in UTF-16 units. R25"""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _is_number(value: Any, least: float) -> bool:
    is_numeric = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_numeric and least <= value <= NUMBER_MOST and float(value).is_integer()


def _is_instant(value: Any) -> bool:
    is_numeric = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_numeric and -INSTANT_MOST <= value <= INSTANT_MOST


def _object(data: Any) -> Message | None:
    if not isinstance(data, str) or units(data) > MESSAGE_LENGTH:
        return None
    try:
        value = parse(data)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and is_within(value, MESSAGE_DEPTH) else None


def _stop(message: Message) -> Message:
    """A stop is obeyed whatever is wrong with its other fields: they are left out. R17"""
    key = message.get("key")
    named = is_text(key) and 16 <= len(key) <= 64
    return {"type": "stop", **({"key": key} if named else {})}


def on_control(data: Any) -> Message | None:
    """A message on `tether.control` to the robot: `stop`, `ping`, or a command, which has no type."""
    message = _object(data)
    if message is None:
        return None
    kind = message.get("type")
    if kind == "stop":
        return _stop(message)
    if kind == "ping" and ("t0" not in message or _is_instant(message["t0"])):
        return message
    is_numbered = _is_number(message.get("epoch"), 1) and _is_number(message.get("seq"), 1)
    if not is_numbered or not _is_instant(message.get("sentAt")) or "command" not in message:
        return None
    if "pictureAt" in message and not _is_instant(message["pictureAt"]):
        return None
    return {name: message.get(name) for name in ("epoch", "seq", "sentAt", "pictureAt", "command")}


def on_events(data: Any) -> Message | None:
    """A message on `tether.events` to the robot."""
    message = _object(data)
    match message:
        case {"type": "stop"}:
            return _stop(message)
        case {"type": "permit", "permit": permit} if is_text(permit) and len(permit) <= 4_096:
            return message
        case {"type": "resume", "epoch": epoch, "stop": stop, "seq": seq}:
            return message if _is_number(epoch, 1) and _is_number(stop, 1) and _is_number(seq, 0) else None
        case {"type": "clock", "t0": t0, "t1": t1}:
            return message if _is_instant(t0) and _is_instant(t1) else None
    return None
