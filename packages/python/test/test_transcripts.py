"""The transcripts of whole stories, which the TypeScript tests play and read as well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tether_robot.jws import verify_permit
from tether_robot.message import on_control, on_events

PROTOCOL = Path(__file__).parent.parent.parent / "protocol"
READERS = {"tether.control": on_control, "tether.events": on_events}


def entries_of(name: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((PROTOCOL / "transcript" / f"{name}.json").read_text())["entries"]
    return entries


def side_of(entry: dict[str, Any]) -> str:
    if "frame" in entry:
        return "to-broker" if entry["to"] == "broker" else "from-broker"
    reader = "robot" if entry["to"] == "robot" else "operator"
    return f"{entry['channel'].removeprefix('tether.')}-to-{reader}"


NAMES = sorted(path.stem for path in (PROTOCOL / "transcript").iterdir())


@pytest.mark.parametrize("name", NAMES)
def test_every_frame_and_message_has_the_fields_of_its_schema(name: str) -> None:
    said = [entry for entry in entries_of(name) if "frame" in entry or "message" in entry]
    assert said
    for entry in said:
        value = entry.get("frame", entry.get("message"))
        schema = json.loads((PROTOCOL / "schema" / f"{side_of(entry)}.schema.json").read_text())
        of = schema["$defs"][value.get("type", "command")]
        assert set(of.get("required", [])) <= set(value) <= set(of["properties"]), value


@pytest.mark.parametrize("name", NAMES)
def test_the_robot_reads_what_comes_on_its_channels(name: str) -> None:
    for entry in entries_of(name):
        if entry.get("to") != "robot" or entry.get("channel") not in READERS:
            continue
        read = READERS[entry["channel"]](json.dumps(entry["message"]))
        assert read is not None, entry
        assert {key: value for key, value in entry["message"].items() if key != "reason"}.items() <= read.items()


@pytest.mark.parametrize("name", ["control", "drive"])
def test_every_permit_is_signed_by_a_key_of_the_robots_welcome(name: str) -> None:
    entries = entries_of(name)
    frames = [(entry["to"], entry["frame"]) for entry in entries if "frame" in entry]
    keys = next(frame["control"]["keys"] for to, frame in frames if to == "robot" and frame["type"] == "welcome")
    granted = [frame for _, frame in frames if frame["type"] == "control.granted"]
    shown = [entry["message"]["permit"] for entry in entries if entry.get("message", {}).get("type") == "permit"]
    assert granted and set(shown) <= {frame["permit"] for frame in granted}
    for frame in granted:
        permit = verify_permit(keys, frame["permit"])
        assert permit is not None
        assert (permit.epoch, permit.session) == (frame["control"]["epoch"], frame["control"]["holder"]["session"])
